//! Form F10 as typed → a checked [`Draft`], or what is wrong with each field; and the answer in words.
//!
//! Invariant: a draft has no options or two to six that differ, and a time of at least one working day.

use std::collections::BTreeMap;

use super::{Decision, Verdict};
use crate::domain::change::FieldFault;
use crate::domain::request::Rules;
use crate::domain::request::form::{LONG, SHORT, at_most, fault, typed_wrong, words};
use crate::domain::{Date, PersonId};

/// As many options as a card has buttons for.
pub const MOST_OPTIONS: usize = 6;
/// One option, in characters: it is a button.
pub const OPTION: usize = 40;
/// 时限 where none is said, in working days.
pub const USUAL_DAYS: i64 = 2;
/// A decision that may wait longer is none.
const MOST_DAYS: i64 = 60;

/// A decision that can be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub(super) subject: String,
    pub(super) options: Vec<String>,
    pub(super) decider: PersonId,
    pub(super) working_days: i64,
}

/// What the fields are read with: values as typed, and the readers of words that other rooms own.
pub struct Typed<'a> {
    /// Field name → value as typed.
    pub values: &'a BTreeMap<String, String>,
    /// Who asks.
    pub asker: &'a PersonId,
    /// People by name or id, or what is wrong with the field.
    pub person: &'a dyn Fn(&str, &str) -> Result<PersonId, FieldFault>,
    /// Days in words.
    pub day: &'a dyn Fn(&str) -> Option<Date>,
}

/// Checks form F10.
pub fn check(typed: &Typed, rules: Rules) -> Result<Draft, Vec<FieldFault>> {
    let raw = |field: &str| typed.values.get(field).map(|v| v.trim()).unwrap_or_default();
    let subject = words(typed.values, "decision_subject", SHORT);
    let decider = match raw("decider") {
        "" => Err(fault("decider", "required")),
        name => (typed.person)("decider", name).and_then(|person| match &person == typed.asker {
            true => Err(fault("decider", "decider_self")),
            false => Ok(person),
        }),
    };
    let options = options(raw("decision_options"));
    let working_days = working_days(raw("decision_days"), typed.day, rules);
    match (subject, decider, options, working_days) {
        (Ok(subject), Ok(decider), Ok(options), Ok(working_days)) => {
            Ok(Draft { subject, options, decider, working_days })
        }
        (subject, decider, options, days) => {
            let faults = [subject.err(), decider.err(), options.err(), days.err()];
            Err(faults.into_iter().flatten().collect())
        }
    }
}

/// One a line, or parted by `/`, `；` or `|`.
fn options(text: &str) -> Result<Vec<String>, FieldFault> {
    let parted = |c: char| matches!(c, '\n' | '/' | '／' | '|' | '｜' | ';' | '；');
    let found: Vec<String> =
        text.split(parted).map(str::trim).filter(|o| !o.is_empty()).map(str::to_owned).collect();
    let wrong = |what: &str, typed: &str| typed_wrong("decision_options", what, typed);
    if let Some(long) = found.iter().find(|o| o.chars().count() > OPTION) {
        return Err(wrong("option_long", long));
    }
    if let Some((_, twice)) = found.iter().enumerate().find(|(n, o)| found[..*n].contains(o)) {
        return Err(wrong("option_twice", twice));
    }
    match found.len() {
        1 => Err(wrong("option_alone", text)),
        n if n > MOST_OPTIONS => Err(wrong("too_many_options", &n.to_string())),
        _ => Ok(found),
    }
}

/// `2`, `2d`, `2个工作日`, or the day by which.
fn working_days(text: &str, day: &dyn Fn(&str) -> Option<Date>, rules: Rules) -> Result<i64, FieldFault> {
    if text.is_empty() {
        return Ok(USUAL_DAYS);
    }
    let wrong = |what: &str| Err(typed_wrong("decision_days", what, text));
    let days = match days(text) {
        Some(days) => days,
        None => match day(text) {
            None => return wrong("not_days"),
            Some(day) if day < rules.today() => return wrong("past"),
            Some(day) => i64::from(rules.calendar.working_days_between(rules.today(), day)),
        },
    };
    if (1..=MOST_DAYS).contains(&days) { Ok(days) } else { wrong("not_days") }
}

/// A number of working days: `2`, `2d`, `2 wd`, `2天`, `2个工作日`.
pub fn days(text: &str) -> Option<i64> {
    let plain: String = text.chars().map(crate::domain::directory::narrow).collect();
    let plain = plain.trim().to_lowercase();
    let units = ["个工作日", "工作日", "working days", "working day", "wd", "days", "day", "天", "日", "d"];
    let bare = units.iter().find_map(|unit| plain.strip_suffix(unit)).unwrap_or(&plain);
    bare.trim().parse().ok()
}

/// The answer in words: an option by its number or its text with a reason behind it, or something else.
pub fn answer(decision: &Decision, typed: &str) -> Option<Verdict> {
    let typed = typed.trim();
    let head = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | ':' | '：' | ';' | '；');
    let cut = typed.find(head).unwrap_or(typed.len());
    let (first, rest) = (&typed[..cut], typed[cut..].trim_start_matches(head));
    let narrow: String = first.chars().map(crate::domain::directory::narrow).collect();
    let counted =
        narrow.parse::<usize>().ok().and_then(|n| Some((n, decision.options.get(n.checked_sub(1)?)?)));
    // "方案A 便宜" is the option and a reason; "方案A不行" is neither.
    let ends = |o: &str| typed.strip_prefix(o).is_some_and(|rest| rest.is_empty() || rest.starts_with(head));
    let named = || (1..).zip(&decision.options).find(|(_, o)| ends(o));
    let (number, option, rest) = match counted {
        Some((n, option)) => (n, option, rest),
        None => named().map(|(n, o)| (n, o, typed[o.len()..].trim_start_matches(head)))?,
    };
    let reason = rest.chars().take(LONG).collect();
    Some(Verdict { choice: i64::try_from(number).ok(), conclusion: option.clone(), reason })
}

/// Something else than the options, or the free answer where there are none: what, and why.
pub fn other(values: &BTreeMap<String, String>, decision: &Decision) -> Result<Verdict, Vec<FieldFault>> {
    let conclusion = words(values, "conclusion", SHORT);
    // Whoever goes beyond what was offered says why.
    let reason = match decision.options.is_empty() {
        true => at_most(values, "reason", LONG),
        false => words(values, "reason", LONG),
    };
    match (conclusion, reason) {
        (Ok(conclusion), Ok(reason)) => Ok(Verdict { choice: None, conclusion, reason }),
        (conclusion, reason) => Err([conclusion.err(), reason.err()].into_iter().flatten().collect()),
    }
}
