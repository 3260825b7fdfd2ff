//! What each command makes of the words behind its name.
//!
//! Invariant: nothing typed is overheard. A word becomes part of the [`Want`], or the answer is a fault that names it;
//! mentions alone are fine anywhere. What is missing stays `None`, and the form opens.

use std::collections::BTreeSet;

use super::again;
use super::commands::find;
use super::fault::{Fault, Problem};
use super::words::{Kind, Word, Words};
use super::{RequestRef, Want, fold, numeral, several, when};
use crate::domain::Lang;
use crate::domain::change::Bulk;

type Parsed = Result<Want, Fault>;

/// `/help [word]`; a command's name is given back as its English one.
pub fn help(words: Words<'_>) -> Parsed {
    let word = words.peek().map(|word| word.plain().trim_start_matches('/').to_owned());
    let word = word.map(|word| find(&word).map_or(word, |command| command.name().to_owned()));
    Ok(Want::Help { word: word.filter(|word| !word.is_empty()) })
}

/// `/new [title] [@dept …] [date]`
pub fn new(words: Words<'_>) -> Parsed {
    if let Some(want) = again::new(words.clone())? {
        return Ok(want);
    }
    let mut seen = BTreeSet::new();
    let mentions = words.all().iter().filter(|word| word.kind == Kind::Mention).map(Word::name);
    let departments = mentions.filter(|name| seen.insert(name.clone())).collect();
    let mut title: Vec<&Word<'_>> = words.all().iter().filter(|word| word.kind != Kind::Mention).collect();
    let date = trailing_date(&title).map(|(phrase, length)| {
        title.truncate(title.len() - length);
        phrase
    });
    Ok(Want::New { title: title_of(words.line(), &title), departments, date })
}

/// The longest date phrase at the end, at most five words (`in 3 working days`, `12 月 1 日`).
fn trailing_date(words: &[&Word<'_>]) -> Option<(String, usize)> {
    (1..=words.len().min(5)).rev().find_map(|length| {
        let last = &words[words.len() - length..];
        let phrase = last.iter().map(|word| word.typed).collect::<Vec<_>>().join(" ");
        let plain = last.iter().all(|word| word.kind == Kind::Plain);
        (plain && when::looks_like_date(&phrase)).then_some((phrase, length))
    })
}

/// The words as typed, with the punctuation between neighbours; a wholly quoted title loses its quotes.
fn title_of(line: &str, words: &[&Word<'_>]) -> Option<String> {
    let mut title = match words {
        [] => return None,
        [only] => only.typed.to_owned(),
        [first, ..] => line[first.start..first.end].to_owned(),
    };
    for pair in words.windows(2) {
        let between = &line[pair[0].end..pair[1].start];
        let is_mention_cut_out = between.contains(['@', '＠']);
        let sign = if is_mention_cut_out { "" } else { between.trim_matches(fold::is_gap) };
        title.push_str(sign);
        let gap = is_mention_cut_out || between.contains(fold::is_gap);
        title.push_str(if gap { " " } else { "" });
        title.push_str(&line[pair[1].start..pair[1].end]);
    }
    Some(title.trim().to_owned()).filter(|title| !title.is_empty())
}

/// `/revise <no>`
pub fn revise(words: Words<'_>) -> Parsed {
    Ok(Want::Revise { request: only_request(words)? })
}

/// `/approve <no>`
pub fn approve(words: Words<'_>) -> Parsed {
    if let Some(want) = several::read(words.clone(), Bulk::Approve)? {
        return Ok(want);
    }
    Ok(Want::Approve { request: only_request(words)?, version: None })
}

/// `/withdraw <no>`
pub fn withdraw(words: Words<'_>) -> Parsed {
    Ok(Want::Withdraw { request: only_request(words)? })
}

/// `/show <no>`
pub fn show(words: Words<'_>) -> Parsed {
    Ok(Want::Show { request: only_request(words)? })
}

/// `/why <no>`
pub fn why(words: Words<'_>) -> Parsed {
    Ok(Want::Why { request: only_request(words)? })
}

/// The number and nothing else; mentions around it do no harm.
fn only_request(mut words: Words<'_>) -> Result<RequestRef, Fault> {
    while words.department().is_some() {}
    let request = words.request()?;
    words.finish().map(|()| request)
}

/// `/confirm <no> [@dept]`
pub fn confirm(mut words: Words<'_>) -> Parsed {
    if let Some(want) = several::read(words.clone(), Bulk::Confirm)? {
        return Ok(want);
    }
    let (request, department) = words.request_and_department()?;
    match words.peek() {
        Some(word) if word.kind == Kind::Mention && department.is_some() => {
            Err(Fault::at(Problem::OneDepartment, word))
        }
        _ => words.finish().map(|()| Want::Confirm { request, department, version: None }),
    }
}

/// `/object <no> [@dept] <reason>`
pub fn object(mut words: Words<'_>) -> Parsed {
    let (request, department) = words.request_and_department()?;
    Ok(Want::Object { request, department, reason: words.rest(), version: None })
}

/// `/decline <no> [@dept] <reason>`
pub fn decline(mut words: Words<'_>) -> Parsed {
    let (request, department) = words.request_and_department()?;
    Ok(Want::Decline { request, department, reason: words.rest() })
}

/// `/escalate <no> [@dept] [reason]`
pub fn escalate(mut words: Words<'_>) -> Parsed {
    let (request, department) = words.request_and_department()?;
    Ok(Want::Escalate { request, department, reason: words.rest() })
}

/// `/rule <no> [@dept] <uphold|dismiss> <reason>`
pub fn rule(mut words: Words<'_>) -> Parsed {
    let (request, department) = words.request_and_department()?;
    let Some(word) = words.take() else {
        return Ok(Want::Rule { request, department, uphold: None, reason: None });
    };
    let uphold = match word.plain().trim_end_matches(['.', '!']) {
        "uphold" | "upheld" | "成立" | "支持" | "异议成立" | "支持异议" => true,
        "dismiss" | "dismissed" | "不成立" | "驳回" | "不支持" | "异议不成立" | "驳回异议" => {
            false
        }
        _ => return Err(Fault::at(Problem::Verdict, &word)),
    };
    let department = department.or_else(|| words.department());
    Ok(Want::Rule { request, department, uphold: Some(uphold), reason: words.rest() })
}

/// `/return <no> <reason>`
pub fn send_back(mut words: Words<'_>) -> Parsed {
    Ok(Want::Return { request: words.request()?, reason: words.rest(), version: None })
}

/// `/cancel <no> <reason>`
pub fn cancel(mut words: Words<'_>) -> Parsed {
    Ok(Want::Cancel { request: words.request()?, reason: words.rest() })
}

/// `/urge <no> [reason]`
pub fn urge(mut words: Words<'_>) -> Parsed {
    if let Some(want) = several::read(words.clone(), Bulk::Urge)? {
        return Ok(want);
    }
    Ok(Want::Urge { request: words.request()?, reason: words.rest() })
}

/// `/snooze <no> [@dept] <moment> [words]`; the moment is read where the calendar is.
pub fn snooze(mut words: Words<'_>) -> Parsed {
    let (request, department) = words.request_and_department()?;
    Ok(Want::Snooze { request, department, words: words.rest() })
}

/// `/comment <no> <text>`
pub fn comment(mut words: Words<'_>) -> Parsed {
    Ok(Want::Comment { request: words.request()?, text: words.rest() })
}

/// `/list [word …] [page <n>]`; mentions are words like others.
pub fn list(words: Words<'_>) -> Parsed {
    let mut asked: Vec<String> = words.all().iter().map(Word::name).collect();
    let page = match (trailing_page(&asked), words.all().last()) {
        (Some((0, _)), Some(last)) => return Err(Fault::at(Problem::Page, last)),
        (Some((page, length)), _) => {
            asked.truncate(asked.len() - length);
            page
        }
        (None, _) => 1,
    };
    Ok(Want::List { words: asked, page, turn: None })
}

/// The page that the last words name, and how many words that took: `page 2`, `第2页`, `第 二 页`.
fn trailing_page(words: &[String]) -> Option<(u32, usize)> {
    (1..=words.len().min(3)).find_map(|length| {
        let phrase = words[words.len() - length..].concat().to_lowercase();
        let number = phrase.strip_prefix("page").or_else(|| phrase.strip_prefix('第')?.strip_suffix('页'))?;
        Some((numeral::whole(number)?, length))
    })
}

/// `/bind <managers|issues|pilot|project [no]>`; a number alone means the project group of that request.
pub fn bind(mut words: Words<'_>) -> Parsed {
    let mut request = words.request()?;
    let what = match words.take() {
        None => request.as_ref().map(|_| "project"),
        Some(word) => Some(match word.plain().as_str() {
            "managers" | "manager" | "管理" | "管理群" | "管理者" | "管理者群" | "主管" | "主管群" => {
                "managers"
            }
            "issues" | "issue" | "问题" | "问题群" => "issues",
            "pilot" | "试点" | "试点群" => "pilot",
            "project" | "项目" | "项目群" => "project",
            _ => return Err(Fault::at(Problem::Bind, &word)),
        }),
    };
    if request.is_none() && what == Some("project") {
        request = words.request()?;
    }
    words.finish().map(|()| Want::Bind { what: what.map(str::to_owned), request })
}

/// `/settings [language zh|en] [quiet 22:00-08:00|off] [digest both|17:00|off] [most 4]`, in any order.
pub fn settings(mut words: Words<'_>) -> Parsed {
    let (mut language, mut quiet, mut digest, mut most) = (None, None, None, None);
    while let Some(word) = words.take() {
        let Some(setting) = setting(&word.plain()) else { return Err(Fault::at(Problem::Setting, &word)) };
        let Some(value) = words.take() else { return Err(Fault::at(Problem::Value, &word)) };
        match setting {
            Setting::Language => language = Some(a_language(&value)?),
            Setting::Quiet => quiet = Some(quiet_hours(&value)?),
            Setting::Digest => digest = Some(digests(&value)?),
            Setting::Most => most = Some(at_most(&value)?),
        }
    }
    Ok(Want::Settings { language, quiet, digest, most })
}

enum Setting {
    Language,
    Quiet,
    Digest,
    Most,
}

fn setting(word: &str) -> Option<Setting> {
    Some(match word {
        "language" | "lang" | "语言" => Setting::Language,
        "quiet" | "免打扰" | "勿扰" | "静默" => Setting::Quiet,
        "digest" | "digests" | "汇总" | "摘要" => Setting::Digest,
        "most" | "最多" | "上限" | "每天最多" => Setting::Most,
        _ => return None,
    })
}

/// `both`, `off` or a time, in one spelling.
fn digests(word: &Word<'_>) -> Result<String, Fault> {
    match word.plain().as_str() {
        "both" | "all" | "两次" | "全部" => Ok("both".to_owned()),
        "off" | "now" | "immediately" | "立即" | "实时" | "关" | "关闭" => Ok("off".to_owned()),
        time => match when::time(time) {
            Some(time) => Ok(time.strftime("%H:%M").to_string()),
            None => Err(Fault::at(Problem::Digest, word)),
        },
    }
}

/// `4`, `4条`, `四条`: how many is for the company's cap to say.
fn at_most(word: &Word<'_>) -> Result<String, Fault> {
    let plain = word.plain();
    let number = numeral::whole(plain.trim_end_matches('条')).filter(|most| *most > 0);
    number.map(|most| most.to_string()).ok_or_else(|| Fault::at(Problem::Most, word))
}

fn a_language(word: &Word<'_>) -> Result<Lang, Fault> {
    match word.plain().as_str() {
        "zh" | "cn" | "zh-cn" | "chinese" | "中文" | "汉语" | "简体中文" => Ok(Lang::Zh),
        "en" | "english" | "英文" | "英语" => Ok(Lang::En),
        _ => Err(Fault::at(Problem::Language, word)),
    }
}

/// `22:00-08:00`, `22点到8点` or off, in one spelling.
fn quiet_hours(word: &Word<'_>) -> Result<String, Fault> {
    let typed = word.plain();
    if matches!(typed.as_str(), "off" | "关" | "关闭" | "无" | "none") {
        return Ok("off".to_owned());
    }
    let ends = ["-", "~", "到", "至"].iter().find_map(|sign| typed.split_once(sign));
    let hours = ends.and_then(|(from, to)| Some((when::time(from)?, when::time(to)?)));
    match hours.filter(|(from, to)| from != to) {
        Some((from, to)) => Ok(format!("{}-{}", from.strftime("%H:%M"), to.strftime("%H:%M"))),
        None => Err(Fault::at(Problem::Quiet, word)),
    }
}

/// `/my`
pub fn my(words: Words<'_>) -> Parsed {
    alone(words, Want::My)
}

/// `/whoami`
pub fn whoami(words: Words<'_>) -> Parsed {
    alone(words, Want::Whoami)
}

/// `/status`
pub fn status(words: Words<'_>) -> Parsed {
    alone(words, Want::Status)
}

fn alone(mut words: Words<'_>, want: Want) -> Parsed {
    words.finish().map(|()| want)
}
