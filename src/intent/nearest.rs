//! "Did you mean": the command whose name is nearest to what was typed.
//!
//! Invariant: the work is bounded by the table, not by the text: only the first word's first characters are compared.

use super::commands::COMMANDS;
use super::fold;

/// No name is longer, and nobody mistypes that much.
const LONGEST: usize = 16;

/// The English name of the nearest command, or `None` if nothing is near.
pub fn command(typed: &str) -> Option<&'static str> {
    let word: String = typed
        .trim_start_matches(|c| fold::is_gap(c) || fold::character(c) == '/')
        .chars()
        .take(LONGEST)
        .collect();
    let word = fold::text(&word).to_lowercase();
    let word = word.split([' ', ',', ';', ':', '.', '!', '?', '@']).next()?;
    let distances = COMMANDS
        .iter()
        .flat_map(|command| command.names.iter().map(move |name| (distance(word, name), command.name())));
    let near = distances.filter_map(|(distance, name)| Some((distance?, name)));
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// How far a word is from a name; `None` if too far. Chinese names are short, so one character of two may differ;
/// initials are too short to tell a slip from another word.
fn distance(word: &str, name: &str) -> Option<usize> {
    let (length, shortest) = (name.chars().count(), if name.is_ascii() { 3 } else { 2 });
    if word == name {
        return Some(0);
    }
    if length < shortest || word.chars().count() < 2 {
        return None;
    }
    let begins = word.chars().count() >= shortest && name.starts_with(word);
    if begins || word.starts_with(name) || (!name.is_ascii() && word.contains(name)) {
        return Some(1);
    }
    let allowed = if name.is_ascii() && length >= 6 { 2 } else { 1 };
    // Two edits beat nothing, but never a name that the word begins with.
    Some(strsim::osa_distance(word, name)).filter(|&edits| edits <= allowed).map(|edits| edits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_command() {
        for (typed, name) in [
            ("comfirm", Some("confirm")),
            ("cnofirm", Some("confirm")),
            ("conf", Some("confirm")),
            ("aprove", Some("approve")),
            ("lsit", Some("list")),
            ("ＬＩＳＴ", Some("list")),
            ("setings", Some("settings")),
            ("确人", Some("confirm")),
            ("确认一下", Some("confirm")),
            ("请确认", Some("confirm")),
            ("为什", Some("why")),
            ("驳回", Some("decline")),
            ("帮助", Some("help")),
            ("help me", Some("help")),
            ("qz", None),
            ("你好", None),
            ("shrug", None),
            ("", None),
        ] {
            assert_eq!(command(typed), name, "{typed}");
        }
    }
}
