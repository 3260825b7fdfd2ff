//! Commands that change one thing of a request: its day, its links.

use super::Want;
use super::fault::Fault;
use super::when;
use super::words::{Kind, Words};

type Parsed = Result<Want, Fault>;

/// `/date <no> <when> <reason>`
pub fn date(mut words: Words<'_>) -> Parsed {
    let request = words.request()?;
    let mut date = None;
    for length in (1..=5).rev() {
        let mut ahead = words.clone();
        let taken: Vec<_> = (0..length).map_while(|_| ahead.take()).collect();
        let phrase = taken.iter().map(|word| word.typed).collect::<Vec<_>>().join(" ");
        let plain = taken.len() == length && taken.iter().all(|word| word.kind == Kind::Plain);
        if plain && when::looks_like_date(&phrase) {
            (date, words) = (Some(phrase), ahead);
            break;
        }
    }
    let reason = words.rest();
    // Words that hold no day come back in the form, in the field that they were meant for.
    let (date, reason) = match (date, reason) {
        (None, Some(words)) => {
            let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((&words, ""));
            (Some(first.to_owned()), Some(rest.trim().to_owned()).filter(|r| !r.is_empty()))
        }
        as_read => as_read,
    };
    Ok(Want::Date { request, date, reason })
}

/// `/attach <no> <url> [name]`: the address is the word with a scheme, wherever it stands.
pub fn attach(mut words: Words<'_>) -> Parsed {
    let request = words.request()?;
    let Some(rest) = words.rest() else { return Ok(Want::Attach { request, url: None, name: None }) };
    let all: Vec<&str> = rest.split_whitespace().collect();
    let at = all.iter().position(|word| word.contains("://")).unwrap_or(0);
    let name: Vec<&str> = all.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, word)| *word).collect();
    let name = Some(name.join(" ")).filter(|name| !name.is_empty());
    Ok(Want::Attach { request, url: all.get(at).map(|url| (*url).to_owned()), name })
}
