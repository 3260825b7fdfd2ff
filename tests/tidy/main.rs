//! The layout keeps its promises: arrows between rooms, files that open by saying what they are, words in every language.
//!
//! Each rule is a function from sources to complaints; each has a story that shows it bite on a small bad input, and
//! one that runs it over the project. A complaint names file, line, and what to do.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a guard that cannot read the project should fall over"
)]

mod files;
mod history;
mod licences;
mod locales;
mod reliability;
mod rooms;
mod routes;
mod source;

use std::path::Path;

/// The project's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Fails with all complaints at once, one a line.
fn no_complaints(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}\n", complaints.len(), complaints.join("\n"));
}
