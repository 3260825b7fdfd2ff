//! Text, button and form, all read into one [`Intent`].
//!
//! Invariant: time is linear in the text, and at most [`LONGEST`] characters of it are looked at. Group talk that
//! neither addresses the bot nor opens with a command is not for us, and nothing of it is kept.

use super::commands::{self, COMMANDS, Command, PREFIXES};
use super::fault::{Fault, Problem};
use super::words::{Kind, Words};
use super::{Inbound, Intent, PlaceKind, Said, Want, fold, nearest};

/// More characters than this are no command.
pub const LONGEST: usize = 4_000;

/// So much of an unknown message is given back.
const ECHO: usize = 60;

/// Reads what arrived; `None` if it was not meant for the bot. `bot` is its name on that platform, without the `@`.
pub fn read(inbound: Inbound, bot: &str) -> Option<Intent> {
    let Inbound { event, account, place, said } = inbound;
    let (want, values, drawing, reply_to) = match said {
        Said::Press { want, values, drawing } => (want, fold::values_without_nul(values), drawing, None),
        Said::Text { text, to_bot, reply_to } => {
            let text = fold::without_nul(text);
            let addressed = to_bot || place.kind == PlaceKind::Private;
            (words(&text, addressed, bot)?, Default::default(), None, reply_to)
        }
        Said::Arrived | Said::Gone => return None,
    };
    Some(Intent { key: event, account, place, reply_to, want, values, drawing })
}

fn words(text: &str, addressed: bool, bot: &str) -> Option<Want> {
    let cut = text.char_indices().nth(LONGEST).map(|(at, _)| at);
    let line = without_bot(&text[..cut.unwrap_or(text.len())], bot);
    let line = line.trim_matches(fold::is_gap);
    let Some((before, opened)) = at_sign(line, addressed) else {
        return addressed.then(|| said_nothing(line).unwrap_or_else(|| unknown(line)));
    };
    if opened.is_empty() {
        return addressed.then_some(HELP);
    }
    let want = command(before, opened, cut.is_some());
    let is_near = !matches!(want, Want::Unknown { nearest: None, .. });
    (addressed || is_near).then_some(want)
}

const HELP: Want = Want::Help { word: None };

/// A bare mention of the bot, or a picture without words.
fn said_nothing(line: &str) -> Option<Want> {
    line.is_empty().then_some(HELP)
}

/// What stands before the slash and after it. Only mentions may stand before, and only when the bot is addressed.
fn at_sign(line: &str, addressed: bool) -> Option<(&str, &str)> {
    let sign = if addressed {
        Words::of(line).all().iter().find(|word| word.kind != Kind::Mention)?.start
    } else {
        0
    };
    let opened = line[sign..].strip_prefix(['/', '／'])?;
    Some((&line[..sign], opened.trim_start_matches(fold::is_gap)))
}

fn command(before: &str, opened: &str, is_cut: bool) -> Want {
    let (mut opened, (mut name, mut behind)) = (opened, first_word(opened));
    if PREFIXES.contains(&name.as_str()) {
        opened = behind.trim_start_matches(|c| fold::is_gap(c) || matches!(c, '/' | '／'));
        (name, behind) = first_word(opened);
    }
    if name.is_empty() {
        return HELP;
    }
    let found = commands::find(&name).map(|command| (command, behind));
    match found.or_else(|| glued(opened)) {
        Some((command, _)) if is_cut => fault(command, Problem::TooLong.key(), None),
        Some((command, behind)) => (command.parse)(Words::of(&format!("{before} {behind}")))
            .unwrap_or_else(|Fault { problem, at }| fault(command, problem.key(), at)),
        None => unknown(opened.split(fold::is_gap).next().unwrap_or(opened)),
    }
}

/// The command's name, plain and in lower case, and everything behind it.
fn first_word(opened: &str) -> (String, &str) {
    let ends = |c| matches!(fold::character(c), ' ' | ',' | ';' | ':' | '@' | '"');
    let (name, behind) = opened.split_at(opened.find(ends).unwrap_or(opened.len()));
    let name = fold::text(name).to_lowercase();
    (name.trim_end_matches(['.', '!']).to_owned(), behind)
}

/// `/确认12`, `/确认SCB-12`: Chinese names are typed without a gap before a number.
fn glued(opened: &str) -> Option<(&'static Command, &str)> {
    let names = COMMANDS.iter().flat_map(|command| command.names.iter().map(move |name| (command, name)));
    let glued = names.filter(|(_, name)| !name.is_ascii()).filter_map(|(command, name)| {
        let behind = opened.strip_prefix(name)?;
        let c = fold::character(behind.chars().next()?);
        (c.is_ascii_alphanumeric() || c == '#').then_some((command, behind))
    });
    glued.min_by_key(|(_, behind)| behind.len())
}

fn fault(command: &Command, problem: &str, at: Option<String>) -> Want {
    Want::Fault { command: command.name().to_owned(), problem: problem.to_owned(), at }
}

fn unknown(typed: &str) -> Want {
    let nearest = nearest::command(typed).map(str::to_owned);
    Want::Unknown { typed: typed.chars().take(ECHO).collect(), nearest }
}

/// The text without the mentions of the bot, wherever they stand. `@联络人` is somebody else than `@联络`.
fn without_bot(text: &str, bot: &str) -> String {
    let bot: Vec<char> = fold::text(bot).to_lowercase().chars().collect();
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['@', '＠']) {
        kept.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        let sign = after.next();
        match behind_name(after.as_str(), &bot) {
            Some(behind) => rest = behind,
            None => {
                kept.extend(sign);
                rest = after.as_str();
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// What follows the name, if the text begins with it as a whole word.
fn behind_name<'a>(text: &'a str, name: &[char]) -> Option<&'a str> {
    let mut chars = text.chars();
    let same = |c: char| fold::character(c).to_lowercase().next();
    let is_named =
        !name.is_empty() && name.iter().all(|&expected| chars.next().and_then(same) == Some(expected));
    let behind = chars.as_str();
    let is_whole = !behind.starts_with(|c: char| c.is_alphanumeric());
    (is_named && is_whole).then(|| behind.strip_prefix(fold::is_gap).unwrap_or(behind))
}
