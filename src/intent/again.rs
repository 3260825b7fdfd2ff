//! Commands for what comes again: forms that do not begin empty, drafts.
//!
//! Invariant: a title that only begins with one of these words stays a title, where what follows makes no sense of it.

use super::Want;
use super::fault::Fault;
use super::words::{Kind, Words};

type Parsed = Result<Want, Fault>;

/// `/new template <name>` and `/new like <no>`; `None` for any other `/new`.
pub fn new(mut words: Words<'_>) -> Result<Option<Want>, Fault> {
    let Some(first) = words.take().filter(|word| word.kind == Kind::Plain) else { return Ok(None) };
    match first.plain().as_str() {
        "template" | "模板" | "按模板" => Ok(Some(Want::Template { name: words.rest() })),
        "like" | "参照" | "复制" | "copy" => {
            let request = words.request()?;
            Ok(request.map(|number| Want::Like { request: Some(number) }))
        }
        _ => Ok(None),
    }
}

/// `/drafts`
pub fn drafts(mut words: Words<'_>) -> Parsed {
    words.finish().map(|()| Want::Drafts)
}
