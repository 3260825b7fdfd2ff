//! What can be wanted of issues, and how it is typed: `/issue SCB-12/3 紧急 …`, `/respond SCB-12-I2`.
//!
//! Invariant: as everywhere in this room names and moments stay as typed; an issue is a request as typed and a number.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::words::{Kind, Word, Words};
use super::{RequestRef, Want, fold, number};

/// What can be wanted of issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "issue_want", rename_all = "snake_case")]
pub enum IssueWant {
    /// `/issue [no[/task]] severity [@dept] words`; what is missing is asked by form F6.
    Report {
        request: RequestRef,
        task: Option<i64>,
        severity: Option<String>,
        topic: Option<String>,
        department: Option<String>,
        words: Option<String>,
    },
    /// The submit button under F6.
    File { request: RequestRef },
    /// `/issues [no]`
    List { request: RequestRef },
    /// `/issue <issue>`
    Show { request: RequestRef, issue: Option<i64> },
    /// `/respond <issue>`
    Respond { request: RequestRef, issue: Option<i64> },
    /// `/coordinate <issue> <place or link>`
    Coordinate { request: RequestRef, issue: Option<i64>, place: Option<String> },
    /// `/plan <issue> cause … measures … @owner due …`
    Plan { request: RequestRef, issue: Option<i64>, owner: Option<String>, words: Option<String> },
    /// `/update <issue> <words>`
    Update { request: RequestRef, issue: Option<i64>, words: Option<String> },
    /// `/resolve <issue> <what was done> effect …`
    Resolve { request: RequestRef, issue: Option<i64>, words: Option<String> },
    /// `/close <issue>`
    Close { request: RequestRef, issue: Option<i64> },
    /// `/reopen <issue> <reason>`
    Reopen { request: RequestRef, issue: Option<i64>, reason: Option<String> },
    /// `/issue move <issue> @dept <reason>`
    Move { request: RequestRef, issue: Option<i64>, to: Option<String>, reason: Option<String> },
    /// `/issue severity <issue> <severity> <reason>`
    Rate { request: RequestRef, issue: Option<i64>, severity: Option<String>, reason: Option<String> },
}

type Parsed = Result<Want, Fault>;

const SEVERITIES: &[&str] = &["紧急", "重要", "一般", "urgent", "important", "general"];
const TOPICS: &[&str] = &["技术", "资源", "流程", "其他", "technical", "resource", "process", "other"];

/// `/issue …`: reports, shows, moves or rates one.
pub fn issue(mut words: Words<'_>) -> Parsed {
    let verb = words.peek().map(Word::plain).unwrap_or_default();
    match verb.as_str() {
        "move" | "转交" | "改派" => {
            words.take();
            return moved(words);
        }
        "severity" | "改级" | "级别" => {
            words.take();
            return rated(words);
        }
        _ => {}
    }
    if let Some((request, issue)) = reference(&mut words) {
        words.finish()?;
        return Ok(Want::Issue(IssueWant::Show { request, issue: Some(issue) }));
    }
    report(words)
}

fn report(mut words: Words<'_>) -> Parsed {
    let (request, task) = subject(&mut words)?;
    let (mut severity, mut topic, mut department) = (None, None, None);
    while let Some(word) = words.peek() {
        let plain = word.plain();
        let into = match word.kind {
            Kind::Mention => &mut department,
            Kind::Plain if SEVERITIES.contains(&plain.as_str()) => &mut severity,
            Kind::Plain if TOPICS.contains(&plain.as_str()) => &mut topic,
            Kind::Plain | Kind::Quoted => break,
        };
        if into.is_some() {
            break;
        }
        *into = Some(word.name());
        words.take();
    }
    let words = words.rest();
    Ok(Want::Issue(IssueWant::Report { request, task, severity, topic, department, words }))
}

/// `SCB-12/3`, `SCB-12`; a bare number only where a severity follows: `/issue 3 台打印机坏了` is about three printers.
fn subject(words: &mut Words<'_>) -> Result<(RequestRef, Option<i64>), Fault> {
    let Some(word) = words.peek().filter(|word| word.kind == Kind::Plain) else { return Ok((None, None)) };
    let plain = fold::text(word.typed);
    if let Some((request, task)) = plain.rsplit_once('/')
        && let (Some(canonical), Some(task)) = (number::canonical(request), task.parse::<i64>().ok())
    {
        words.take();
        return Ok((Some(canonical), Some(task)));
    }
    let bare = plain.trim_start_matches('#').bytes().all(|b| b.is_ascii_digit());
    let mut ahead = words.clone();
    ahead.take();
    let followed = ahead.peek().is_some_and(|next| SEVERITIES.contains(&next.plain().as_str()));
    if bare && !followed {
        return Ok((None, None));
    }
    Ok((words.request()?, None))
}

/// `/issues [no]`
pub fn issues(mut words: Words<'_>) -> Parsed {
    let request = words.request()?;
    words.finish().map(|()| Want::Issue(IssueWant::List { request }))
}

/// `/respond <issue>`
pub fn respond(mut words: Words<'_>) -> Parsed {
    let (request, issue) = issue_of(&mut words)?;
    words.finish().map(|()| Want::Issue(IssueWant::Respond { request, issue }))
}

/// `/coordinate <issue> <place or link>`
pub fn coordinate(mut words: Words<'_>) -> Parsed {
    let (request, issue) = issue_of(&mut words)?;
    Ok(Want::Issue(IssueWant::Coordinate { request, issue, place: words.rest() }))
}

/// `/plan <issue> 原因：… 措施：… @负责人 完成：明天`
pub fn plan(mut words: Words<'_>) -> Parsed {
    let (request, issue) = issue_of(&mut words)?;
    let owner = words.department();
    let said = words.rest();
    // The owner may stand anywhere; the words are taken without the name.
    let named = words.all().iter().rev().find(|w| w.kind == Kind::Mention).filter(|_| owner.is_none());
    let cut =
        named.and_then(|w| Some((w.name(), said.as_ref()?.replacen(&words.line()[w.start..w.end], "", 1))));
    let (owner, said) = match cut {
        Some((name, rest)) => (Some(name), Some(rest.trim().to_owned())),
        None => (owner, said),
    };
    Ok(Want::Issue(IssueWant::Plan { request, issue, owner, words: said }))
}

/// `/update <issue> <words>`
pub fn update(mut words: Words<'_>) -> Parsed {
    let (request, issue) = issue_of(&mut words)?;
    Ok(Want::Issue(IssueWant::Update { request, issue, words: words.rest() }))
}

/// `/resolve <issue> <what was done> 效果：…`
pub fn resolve(mut words: Words<'_>) -> Parsed {
    let (request, issue) = issue_of(&mut words)?;
    Ok(Want::Issue(IssueWant::Resolve { request, issue, words: words.rest() }))
}

/// `/close <issue>`
pub fn close(mut words: Words<'_>) -> Parsed {
    let (request, issue) = issue_of(&mut words)?;
    words.finish().map(|()| Want::Issue(IssueWant::Close { request, issue }))
}

/// `/reopen <issue> <reason>`
pub fn reopen(mut words: Words<'_>) -> Parsed {
    let (request, issue) = issue_of(&mut words)?;
    Ok(Want::Issue(IssueWant::Reopen { request, issue, reason: words.rest() }))
}

fn moved(mut words: Words<'_>) -> Parsed {
    let first = words.department();
    let (request, issue) = issue_of(&mut words)?;
    let to = first.or_else(|| words.department());
    Ok(Want::Issue(IssueWant::Move { request, issue, to, reason: words.rest() }))
}

fn rated(mut words: Words<'_>) -> Parsed {
    let (request, issue) = issue_of(&mut words)?;
    let severity = words.peek().map(Word::plain).filter(|w| SEVERITIES.contains(&w.as_str()));
    if severity.is_some() {
        words.take();
    }
    Ok(Want::Issue(IssueWant::Rate { request, issue, severity, reason: words.rest() }))
}

/// `SCB-12-I2`, `I2` of the request at hand, or a request with one open issue.
fn issue_of(words: &mut Words<'_>) -> Result<(RequestRef, Option<i64>), Fault> {
    match reference(words) {
        Some((request, issue)) => Ok((request, Some(issue))),
        None => Ok((words.request()?, None)),
    }
}

pub(super) fn reference(words: &mut Words<'_>) -> Option<(RequestRef, i64)> {
    let word = words.peek().filter(|word| word.kind == Kind::Plain)?;
    let plain = fold::text(word.typed).to_ascii_uppercase();
    let bare = plain.trim_end_matches(['.', '!', ')', ']']).trim_start_matches('#');
    let (request, digits) = match bare.rsplit_once("-I") {
        Some((request, digits)) => (Some(number::canonical(request)?), digits),
        None => (None, bare.strip_prefix('I')?),
    };
    let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
    let issue = digits.parse::<i64>().ok().filter(|n| *n > 0 && all_digits)?;
    words.take();
    Some((request, issue))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parse: fn(Words<'_>) -> Parsed, line: &str) -> IssueWant {
        match parse(Words::of(line)) {
            Ok(Want::Issue(want)) => want,
            other => unreachable!("{line}: {other:?}"),
        }
    }

    fn reported(line: &str) -> [Option<String>; 6] {
        match read(issue, line) {
            IssueWant::Report { request, task, severity, topic, department, words } => {
                [request, task.map(|n| n.to_string()), severity, topic, department, words]
            }
            other => unreachable!("{line}: {other:?}"),
        }
    }

    #[test]
    fn a_report_is_read_from_one_line() {
        let some = |text: &str| Some(text.to_owned());
        for (line, expected) in [
            (
                "SCB-12 紧急 生产环境宕机",
                [some("SCB-012"), None, some("紧急"), None, None, some("生产环境宕机")],
            ),
            (
                "scb-12/3 @研发部 重要 技术 接口 500 错误",
                [
                    some("SCB-012"),
                    some("3"),
                    some("重要"),
                    some("技术"),
                    some("研发部"),
                    some("接口 500 错误"),
                ],
            ),
            ("12 一般 慢", [some("012"), None, some("一般"), None, None, some("慢")]),
            ("3 台打印机坏了", [None, None, None, None, None, some("3 台打印机坏了")]),
            ("紧急 停电", [None, None, some("紧急"), None, None, some("停电")]),
            ("", [None, None, None, None, None, None]),
        ] {
            assert_eq!(reported(line), expected, "{line}");
        }
    }

    #[test]
    fn an_issue_is_named_in_full_or_in_short() {
        for (line, request, number) in [
            ("2026-Q4-SCB-001-I2", Some("2026-Q4-SCB-001"), Some(2)),
            ("scb-1-i2", Some("SCB-001"), Some(2)),
            ("ＳＣＢ－１－Ｉ２。", Some("SCB-001"), Some(2)),
            ("I2", None, Some(2)),
            ("SCB-1", Some("SCB-001"), None),
            ("", None, None),
        ] {
            let expected = IssueWant::Respond { request: request.map(str::to_owned), issue: number };
            assert_eq!(read(respond, line), expected, "{line}");
        }
        assert!(respond(Words::of("I2 但是")).is_err(), "a condition is not overheard");
    }

    #[test]
    fn the_owner_of_a_plan_may_stand_anywhere() {
        for line in ["I2 @李娜 原因：断电 措施：换电源", "I2 原因：断电 @李娜 措施：换电源"]
        {
            let IssueWant::Plan { owner, words, .. } = read(plan, line) else { unreachable!("{line}") };
            assert_eq!(owner.as_deref(), Some("李娜"), "{line}");
            let words = words.unwrap_or_default();
            assert!(words.contains("断电") && !words.contains('@'), "{line}: {words}");
        }
    }
}
