//! Commands about people: who stands in, who takes over, who looks on.
//!
//! Invariant: as in `arguments`: nothing typed is overheard.

use super::Want;
use super::fault::{Fault, Problem};
use super::words::{Kind, Word, Words};

type Parsed = Result<Want, Fault>;

/// Words that end what was arranged.
const OFF: &[&str] = &["off", "stop", "end", "取消", "结束", "收回", "关闭", "关"];
/// Words between two names.
const TO: &[&str] = &["给", "由", "→", "->", "=>", "to", "by"];
/// What opens the first of two times, and the second.
const FROM: &[&str] = &["从", "自", "from "];
const UNTIL: &[&str] = &["直到", "截止到", "截至", "截止", "until ", "till ", "到", "至", "~"];

/// `/delegate [@whose] @deputy [从 …] [直到 …]`, `/delegate off [@whose]`
pub fn delegate(words: Words<'_>) -> Parsed {
    let (names, plain) = names_and_rest(&words);
    if plain.first().is_some_and(|word| OFF.contains(&word.plain().as_str())) {
        return match (plain.get(1), names.get(1)) {
            (Some(more), _) => Err(Fault::at(Problem::Extra, more)),
            (None, Some(_)) => Err(Fault { problem: Problem::OnePerson, at: names.get(1).cloned() }),
            (None, None) => Ok(Want::EndDelegation { whose: names.into_iter().next() }),
        };
    }
    let mut names = names.into_iter();
    let (whose, deputy) = match (names.next(), names.next(), names.next()) {
        (whose, Some(deputy), None) => (whose, Some(deputy)),
        (deputy, None, _) => (None, deputy),
        (_, _, more) => return Err(Fault { problem: Problem::OnePerson, at: more }),
    };
    let said: Vec<&str> = plain.iter().map(|word| word.typed).collect();
    let (from, until) = two_times(&said.join(" "));
    Ok(Want::Delegate { whose, deputy, from, until })
}

/// `/transfer <no> @person [@dept] [reason]`; a department where several things wait.
pub fn transfer(mut words: Words<'_>) -> Parsed {
    let first = words.department();
    let request = words.request()?;
    let to = first.or_else(|| words.department());
    let department = words.department();
    Ok(Want::Transfer { request, to, department, reason: words.rest() })
}

/// `/cc <no> @person …`
pub fn cc(mut words: Words<'_>) -> Parsed {
    let mut people: Vec<String> = std::iter::from_fn(|| words.department()).collect();
    let request = words.request()?;
    people.extend(std::iter::from_fn(|| words.department()));
    words.finish().map(|()| Want::Cc { request, people })
}

/// When those decide who are called in, as people say it.
const TURNS: &[(&str, &[&str])] = &[
    ("before", &["前", "之前", "前加签", "先", "before", "first"]),
    ("beside", &["并", "并行", "同时", "并加签", "parallel", "beside"]),
    ("after", &["后", "之后", "后加签", "然后", "after", "then"]),
];
/// How many of them have to agree.
const RULES: &[(&str, &[&str])] = &[
    ("all", &["全部", "都要", "会签", "all", "everybody"]),
    ("any", &["任一", "一人", "任意", "或签", "any", "one"]),
];

/// `/cosign <no> @person … [before|beside|after] [all|any] [reason]`
pub fn cosign(mut words: Words<'_>) -> Parsed {
    let mut people: Vec<String> = std::iter::from_fn(|| words.department()).collect();
    let request = words.request()?;
    people.extend(std::iter::from_fn(|| words.department()));
    let (mut turn, mut rule) = (None, None);
    while let Some((slot, name)) = words.peek().map(Word::plain).and_then(|word| chosen(&word)) {
        let slot = if slot { &mut turn } else { &mut rule };
        // A second word of the same sort begins the reason.
        if slot.is_some() {
            break;
        }
        *slot = Some(name.to_owned());
        words.take();
    }
    Ok(Want::Cosign { request, people, turn, rule, reason: words.rest() })
}

/// Which choice a word makes: a turn (`true`) or a rule.
fn chosen(word: &str) -> Option<(bool, &'static str)> {
    let of = |list: &[(&'static str, &[&str])]| {
        list.iter().find(|(_, words)| words.contains(&word)).map(|(name, _)| *name)
    };
    of(TURNS).map(|name| (true, name)).or_else(|| of(RULES).map(|name| (false, name)))
}

/// `/follow <no> [off]`
pub fn follow(mut words: Words<'_>) -> Parsed {
    let early = stops(&mut words);
    let request = words.request()?;
    let off = stops(&mut words) || early;
    words.finish().map(|()| if off { Want::Unfollow { request } } else { Want::Follow { request } })
}

/// `/unfollow <no>`
pub fn unfollow(mut words: Words<'_>) -> Parsed {
    let request = words.request()?;
    words.finish().map(|()| Want::Unfollow { request })
}

fn stops(words: &mut Words<'_>) -> bool {
    let off = words.peek().is_some_and(|word| OFF.contains(&word.plain().as_str()));
    if off {
        words.take();
    }
    off
}

/// Mentions as names, and the other words without those that only stand between names.
fn names_and_rest<'w, 'a>(words: &'w Words<'a>) -> (Vec<String>, Vec<&'w Word<'a>>) {
    let (names, rest): (Vec<&Word<'_>>, Vec<&Word<'_>>) =
        words.all().iter().partition(|word| word.kind == Kind::Mention);
    let rest = rest.into_iter().filter(|word| !TO.contains(&word.plain().as_str())).collect();
    (names.into_iter().map(Word::name).collect(), rest)
}

/// `从周一到周五` is from Monday until Friday; one time alone is the end.
fn two_times(said: &str) -> (Option<String>, Option<String>) {
    let kept = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let opened = FROM.iter().find_map(|sign| said.trim_start().strip_prefix(sign));
    let rest = opened.unwrap_or(said);
    let parted = UNTIL.iter().filter_map(|sign| Some((rest.find(sign)?, *sign)));
    // The earliest; of two at one place the longer, which stands first.
    match parted.min_by_key(|(at, _)| *at) {
        Some((at, sign)) => (kept(&rest[..at]), kept(&rest[at + sign.len()..])),
        None if opened.is_some() => (kept(rest), None),
        None => (None, kept(rest)),
    }
}
