//! What can be wanted of decisions, and how it is typed: `/decide SCB-12 @person 2d which supplier A/B`, `/decide D1 2`.
//!
//! Invariant: as everywhere in this room names and days stay as typed; a decision is a request as typed and a number.

use serde::{Deserialize, Serialize};

use super::fault::{Fault, Problem};
use super::words::{Kind, Word, Words};
use super::{RequestRef, Want, fold, number};

/// What can be wanted of the decisions of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision_want", rename_all = "snake_case")]
pub enum DecisionWant {
    /// `/decide`: those that one owes.
    Mine,
    /// `/decide <no>-D1`: one of them.
    Look { request: RequestRef, decision: i64 },
    /// `/decide <no> @person [2d] what [A/B/C]`; what is missing is asked by the form, which also submits this.
    Ask {
        request: RequestRef,
        decider: Option<String>,
        days: Option<String>,
        subject: Option<String>,
        options: Option<String>,
    },
    /// `/decide <no>-D1 <option> [reason]`, an option's button, or the form for something else.
    Decide { request: RequestRef, decision: i64, choice: Option<i64>, words: Option<String> },
    /// `/decide withdraw <no>-D1`
    TakeBack { request: RequestRef, decision: i64 },
}

type Parsed = Result<Want, Fault>;

/// `/decide …`
pub fn decide(mut words: Words<'_>) -> Parsed {
    let Some(first) = words.peek().cloned() else { return Ok(Want::Decision(DecisionWant::Mine)) };
    if matches!(first.plain().as_str(), "撤回" | "withdraw" | "取消" | "cancel") {
        words.take();
        let Some((request, decision)) = numbered(&mut words, 'D') else {
            let word = words.peek().unwrap_or(&first);
            return Err(Fault::at(Problem::Numbered, word));
        };
        return words.finish().map(|()| Want::Decision(DecisionWant::TakeBack { request, decision }));
    }
    if let Some((request, decision)) = numbered(&mut words, 'D') {
        return Ok(Want::Decision(match words.rest() {
            None => DecisionWant::Look { request, decision },
            words => DecisionWant::Decide { request, decision, choice: None, words },
        }));
    }
    ask(words)
}

fn ask(mut words: Words<'_>) -> Parsed {
    let request = words.request()?;
    let (mut decider, mut days) = (None, None);
    let mut told: Vec<(Word<'_>, usize)> = Vec::new();
    while let Some(word) = words.take() {
        let end = words.peek().map_or(words.line().len(), |next| next.start);
        match word.kind {
            Kind::Mention if decider.is_none() => decider = Some(word.name()),
            Kind::Mention => return Err(Fault::at(Problem::OnePerson, &word)),
            Kind::Plain if days.is_none() && is_days(&word) => days = Some(word.plain()),
            Kind::Plain | Kind::Quoted => told.push((word, end)),
        }
    }
    // The options are the last word that is parted: `甲厂/乙厂`.
    let parted = |(word, _): &(Word<'_>, usize)| {
        word.kind == Kind::Plain && word.typed.contains(['/', '／', '|', '｜']) && !word.typed.contains("//")
    };
    let options = told.iter().rposition(parted).map(|at| told.remove(at).0.typed.to_owned());
    let line = words.line();
    let subject: String = told.iter().map(|(word, end)| &line[word.start..*end]).collect();
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | ':' | '：');
    let subject = Some(subject.trim_matches(separates).to_owned()).filter(|s| !s.is_empty());
    Ok(Want::Decision(DecisionWant::Ask { request, decider, days, subject, options }))
}

/// `2d`, `2wd`, `3天`, `3个工作日`
fn is_days(word: &Word<'_>) -> bool {
    let plain = word.plain();
    let digits = plain.chars().take_while(char::is_ascii_digit).count();
    digits > 0 && matches!(&plain[digits..], "d" | "wd" | "天" | "个工作日" | "工作日" | "days" | "day")
}

/// `SCB-12-D1`, or `D1` of the request at hand, taken off the line; `None` if the next word is none.
pub(super) fn numbered(words: &mut Words<'_>, letter: char) -> Option<(RequestRef, i64)> {
    let word = words.peek().filter(|word| word.kind == Kind::Plain)?;
    let plain = fold::text(word.typed).to_ascii_uppercase();
    let plain = plain.trim_end_matches(['.', '!', ':']);
    let (request, number) = match plain.rsplit_once('-') {
        Some((request, number)) => (Some(number::canonical(request)?), number),
        None => (None, plain),
    };
    let number = number.strip_prefix(letter)?.parse().ok().filter(|n| *n > 0)?;
    words.take();
    Some((request, number))
}
