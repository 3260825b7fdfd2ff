//! `/board [no]`: the pages that are read in a browser.

use super::Want;
use super::arguments::only_request;
use super::fault::Fault;
use super::words::Words;

/// The board, or one request's page.
pub fn read(words: Words<'_>) -> Result<Want, Fault> {
    Ok(Want::Board { request: only_request(words)? })
}
