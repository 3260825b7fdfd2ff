//! What can be wanted of improvement items, and how it is typed: `/improve SCB-12-I2 what @person friday`,
//! `/improved SCB-12-K1 effect`.
//!
//! Invariant: as everywhere in this room names and days stay as typed; an item is a request as typed and a number.

use serde::{Deserialize, Serialize};

use super::fault::{Fault, Problem};
use super::words::{Kind, Word, Words};
use super::{RequestRef, Want, decisions, issues, when};

/// What can be wanted of the improvement items of a case file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "improve_want", rename_all = "snake_case")]
pub enum ImproveWant {
    /// `/improve <no> what @person day`; what is missing is asked by the form, which also submits this.
    Set {
        request: RequestRef,
        issue: Option<i64>,
        subject: Option<String>,
        owner: Option<String>,
        due: Option<String>,
    },
    /// `/improve <no>-K1`: one of them.
    Look { request: RequestRef, item: i64 },
    /// `/improved <no>-K1 effect`; without words the form opens.
    Finish { request: RequestRef, item: Option<i64>, effect: Option<String> },
    /// `/improve withdraw <no>-K1 reason`; without words the form opens.
    TakeBack { request: RequestRef, item: i64, reason: Option<String> },
}

type Parsed = Result<Want, Fault>;

/// As many words as a day has: `3 days after tomorrow`.
const LONGEST_DAY: usize = 5;

/// `/improve …`
pub fn improve(mut words: Words<'_>) -> Parsed {
    if let Some(first) = words.peek().cloned().filter(takes_back) {
        words.take();
        let Some((request, item)) = decisions::numbered(&mut words, 'K') else {
            return Err(Fault::at(Problem::Numbered, words.peek().unwrap_or(&first)));
        };
        return Ok(Want::Improve(ImproveWant::TakeBack { request, item, reason: words.rest() }));
    }
    if let Some((request, item)) = decisions::numbered(&mut words, 'K') {
        return words.finish().map(|()| Want::Improve(ImproveWant::Look { request, item }));
    }
    let (request, issue) = match issues::reference(&mut words) {
        Some((request, issue)) => (request, Some(issue)),
        None => (words.request()?, None),
    };
    let (mut owner, mut said) = (None, Vec::new());
    while let Some(word) = words.take() {
        match word.kind {
            Kind::Mention if owner.is_none() => owner = Some(word.name()),
            Kind::Mention => return Err(Fault::at(Problem::OneOwner, &word)),
            Kind::Plain | Kind::Quoted => said.push(word.typed.to_owned()),
        }
    }
    let day = (1..=said.len().min(LONGEST_DAY))
        .rev()
        .find(|length| when::looks_like_date(&said[said.len() - length..].join(" ")));
    let due = day.map(|length| said.split_off(said.len() - length).join(" "));
    let subject = Some(said.join(" ")).filter(|s| !s.is_empty());
    Ok(Want::Improve(ImproveWant::Set { request, issue, subject, owner, due }))
}

fn takes_back(word: &Word<'_>) -> bool {
    matches!(word.plain().as_str(), "撤回" | "withdraw" | "取消" | "cancel")
}

/// `/improved SCB-12-K1 effect`, `/improved SCB-12 1 effect`, `/improved K1 effect`
pub fn improved(mut words: Words<'_>) -> Parsed {
    let (request, item) = match decisions::numbered(&mut words, 'K') {
        Some((request, item)) => (request, Some(item)),
        None => (words.request()?, item(&mut words)),
    };
    Ok(Want::Improve(ImproveWant::Finish { request, item, effect: words.rest() }))
}

/// `K1` or `1` behind the request.
fn item(words: &mut Words<'_>) -> Option<i64> {
    let word = words.peek().filter(|word| word.kind == Kind::Plain)?;
    let plain = word.plain();
    let number = plain.trim_start_matches('#').parse().ok().filter(|n: &i64| *n > 0);
    match number {
        Some(_) => {
            words.take();
            number
        }
        None => match decisions::numbered(words, 'K') {
            Some((None, item)) => Some(item),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parse: fn(Words<'_>) -> Parsed, line: &str) -> ImproveWant {
        match parse(Words::of(line)) {
            Ok(Want::Improve(want)) => want,
            other => unreachable!("{line}: {other:?}"),
        }
    }

    #[test]
    fn an_item_is_set_in_one_line() {
        let some = |text: &str| Some(text.to_owned());
        for (line, request, issue, subject, owner, due) in [
            (
                "SCB-12 每月演练 @李娜 12月4日",
                "SCB-012",
                None,
                some("每月演练"),
                some("李娜"),
                some("12月4日"),
            ),
            (
                "scb-12-i2 每月演练 周五 @李娜",
                "SCB-012",
                Some(2),
                some("每月演练"),
                some("李娜"),
                some("周五"),
            ),
            ("SCB-12 更好", "SCB-012", None, some("更好"), None, None),
            ("SCB-12", "SCB-012", None, None, None, None),
        ] {
            let request = some(request);
            assert_eq!(
                read(improve, line),
                ImproveWant::Set { request, issue, subject, owner, due },
                "{line}"
            );
        }
        assert!(improve(Words::of("SCB-12 @李娜 @王芳 演练")).is_err(), "one person is responsible");
        let look = ImproveWant::Look { request: some("SCB-012"), item: 1 };
        assert_eq!(read(improve, "SCB-12-K1"), look);
    }

    #[test]
    fn an_item_is_taken_back_by_its_number_with_a_reason_or_without() {
        let some = |text: &str| Some(text.to_owned());
        for (line, reason) in
            [("撤回 SCB-12-K1 与 K2 重复", some("与 K2 重复")), ("withdraw scb-12-k1", None)]
        {
            let back = ImproveWant::TakeBack { request: some("SCB-012"), item: 1, reason };
            assert_eq!(read(improve, line), back, "{line}");
        }
        for line in ["撤回", "撤回 SCB-12", "withdraw SCB-12-I1 重复"] {
            assert!(improve(Words::of(line)).is_err(), "{line} names no item");
        }
    }

    #[test]
    fn an_item_that_is_done_is_named_in_full_or_in_short() {
        for (line, request, item, effect) in [
            ("SCB-12-K1 切换 3 秒", Some("SCB-012"), Some(1), Some("切换 3 秒")),
            ("SCB-12 2 切换 3 秒", Some("SCB-012"), Some(2), Some("切换 3 秒")),
            ("SCB-12 k2", Some("SCB-012"), Some(2), None),
            ("K3 好了", None, Some(3), Some("好了")),
            ("SCB-12 好了", Some("SCB-012"), None, Some("好了")),
        ] {
            let (request, effect) = (request.map(str::to_owned), effect.map(str::to_owned));
            assert_eq!(read(improved, line), ImproveWant::Finish { request, item, effect }, "{line}");
        }
    }
}
