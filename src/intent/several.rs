//! Several requests in one command: `/confirm all`, `/approve SCB-12 SCB-13`, `/urge SCB-12 SCB-13 客户在等`.
//!
//! Invariant: two numbers are needed, or the word for all: one number is the command for one.

use std::collections::BTreeSet;

use super::Want;
use super::fault::Fault;
use super::words::{Kind, Words};
use crate::domain::change::Bulk;

/// Reads several; `None` where one is meant.
pub fn read(mut words: Words<'_>, doing: Bulk) -> Result<Option<Want>, Fault> {
    let mut department = words.department();
    let all = words.peek().filter(|word| word.kind == Kind::Plain).map(|word| word.plain());
    let mut requests = Vec::new();
    if matches!(all.as_deref(), Some("all" | "全部" | "所有" | "全部需求")) {
        words.take();
    } else {
        requests = numbers(&mut words, doing)?;
        if requests.len() < 2 {
            return Ok(None);
        }
    }
    let reason = match doing {
        Bulk::Urge => words.rest(),
        Bulk::Confirm | Bulk::Approve => {
            department = department.or_else(|| words.department());
            words.finish()?;
            None
        }
    };
    Ok(Some(Want::Several { doing, requests, department, reason }))
}

/// Numbers one after the other, each once. Behind the first a bare number may open a reason of urging: `12 500 元`.
fn numbers(words: &mut Words<'_>, doing: Bulk) -> Result<Vec<String>, Fault> {
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    loop {
        let full = words.peek().is_some_and(|word| word.plain().contains(['-', '#']));
        if doing == Bulk::Urge && !found.is_empty() && !full {
            return Ok(found);
        }
        let Some(number) = words.request()? else { return Ok(found) };
        if known.insert(number.clone()) {
            found.push(number);
        }
    }
}

/// `/batch`
pub fn batch(mut words: Words<'_>) -> Result<Want, Fault> {
    words.finish().map(|()| Want::Batch)
}
