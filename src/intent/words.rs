//! A line of chat cut into words, mentions and quoted passages, and the cursor that commands read them with.
//!
//! Invariant: every character is looked at a fixed number of times, and every word knows where it stood, so that
//! what follows it can be taken as typed.

use super::fault::{Fault, Problem};
use super::number::{self, Reading};
use super::{RequestRef, fold};

/// Three kinds of words; quoted ones are never taken for a mention, a number or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Between gaps.
    Plain,
    /// Inside quotes; the text is without them.
    Quoted,
    /// After an `@`; the text is without it.
    Mention,
}

/// A word and its place in the line, in bytes, signs included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// Which of the three.
    pub kind: Kind,
    /// As typed, without the sign or the quotes.
    pub typed: &'a str,
    /// Where it begins.
    pub start: usize,
    /// Where it has ended.
    pub end: usize,
}

impl Word<'_> {
    /// Folded to plain characters and lower case, for comparing with the words of the grammar.
    pub fn plain(&self) -> String {
        fold::text(self.typed).to_lowercase()
    }

    /// A name, folded to plain characters but otherwise as typed.
    pub fn name(&self) -> String {
        fold::text(self.typed)
    }
}

/// A cursor over the words of one line.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    line: &'a str,
    words: Vec<Word<'a>>,
    next: usize,
}

impl<'a> Words<'a> {
    /// Cuts a line.
    pub fn of(line: &'a str) -> Self {
        Self { line, words: cut(line), next: 0 }
    }

    /// The line itself.
    pub fn line(&self) -> &'a str {
        self.line
    }

    /// All words, those already taken included.
    pub fn all(&self) -> &[Word<'a>] {
        &self.words
    }

    /// The next word, left in place.
    pub fn peek(&self) -> Option<&Word<'a>> {
        self.words.get(self.next)
    }

    /// The next word.
    pub fn take(&mut self) -> Option<Word<'a>> {
        let word = self.words.get(self.next).cloned();
        self.next += usize::from(word.is_some());
        word
    }

    /// Everything from the next word on, as typed.
    pub fn rest(&self) -> Option<String> {
        let rest = self.line[self.peek()?.start..].trim();
        (!rest.is_empty()).then(|| rest.to_owned())
    }

    /// The request number, if the next word is one. Words glued onto it stay for the next reader.
    pub fn request(&mut self) -> Result<RequestRef, Fault> {
        let is_amount = self.words.get(self.next + 1).is_some_and(is_measure);
        let Some(word) = self.words.get_mut(self.next).filter(|word| word.kind == Kind::Plain) else {
            return Ok(None);
        };
        match number::read(word.typed) {
            Reading::Other => Ok(None),
            Reading::Number { canonical, .. } if is_amount && !canonical.contains('-') => Ok(None),
            Reading::Broken => Err(Fault::at(Problem::Request, word)),
            Reading::Number { canonical, length } => {
                word.typed = &word.typed[length..];
                word.start += length;
                self.next += usize::from(word.typed.is_empty());
                Ok(Some(canonical))
            }
        }
    }

    /// The department, if the next word is a mention.
    pub fn department(&mut self) -> Option<String> {
        let name = self.peek().filter(|word| word.kind == Kind::Mention)?.name();
        self.next += 1;
        Some(name)
    }

    /// The request number and the department that open a reason, in either order.
    pub fn request_and_department(&mut self) -> Result<(RequestRef, Option<String>), Fault> {
        let first = self.department();
        let request = self.request()?;
        Ok((request, first.or_else(|| self.department())))
    }

    /// Nothing may be left but mentions, which are fine anywhere, and a full stop.
    pub fn finish(&mut self) -> Result<(), Fault> {
        while let Some(word) = self.take() {
            if word.kind != Kind::Mention && !word.plain().trim_matches(['.', '!']).is_empty() {
                return Err(Fault::at(Problem::Extra, &word));
            }
        }
        Ok(())
    }
}

/// What makes an amount of the bare number before it: `/object 3 days are too few` is not about request 3.
const MEASURES: &[&str] = &[
    "天",
    "周",
    "人",
    "万",
    "元",
    "小时",
    "个小时",
    "个工作日",
    "个月",
    "day",
    "hour",
    "week",
    "month",
    "people",
];

fn is_measure(word: &Word<'_>) -> bool {
    let plain = word.plain();
    MEASURES.iter().any(|measure| plain.starts_with(measure))
}

/// Quotes by their opening sign; a passage ends at the first closing one.
const QUOTES: [(char, char); 6] =
    [('"', '"'), ('“', '”'), ('„', '“'), ('「', '」'), ('『', '』'), ('＂', '＂')];

fn cut(line: &str) -> Vec<Word<'_>> {
    // Where each closing sign stands last: without this, every unclosed quote would search to the end of the line.
    let closes = QUOTES.map(|(_, close)| line.rfind(close).unwrap_or(0));
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        if separates(c) || fold::is_gap(c) || fold::character(c) == ':' {
            at += c.len_utf8();
            continue;
        }
        let word = quoted(line, at, &closes).or_else(|| mention(line, at)).unwrap_or_else(|| plain(line, at));
        at = word.end;
        words.push(word);
    }
    words
}

fn separates(c: char) -> bool {
    matches!(fold::character(c), ' ' | ',' | ';')
}

fn quoted<'a>(line: &'a str, start: usize, closes: &[usize; QUOTES.len()]) -> Option<Word<'a>> {
    let opening = line[start..].chars().next()?;
    let which = QUOTES.iter().position(|(open, _)| *open == opening)?;
    let inside = start + opening.len_utf8();
    if closes[which] <= inside {
        return None;
    }
    let closing = QUOTES[which].1;
    let length = line[inside..].find(closing)?;
    let typed = &line[inside..inside + length];
    Some(Word { kind: Kind::Quoted, typed, start, end: inside + length + closing.len_utf8() })
}

fn mention(line: &str, start: usize) -> Option<Word<'_>> {
    let sign = line[start..].chars().next().filter(|&c| fold::character(c) == '@')?;
    let after = &line[start + sign.len_utf8()..];
    let stops = |c| separates(c) || matches!(fold::character(c), ':' | '@' | '"');
    let name = &after[..after.find(stops).unwrap_or(after.len())];
    let name = name.trim_end_matches(|c| matches!(fold::character(c), '.' | '!' | '?'));
    let end = start + sign.len_utf8() + name.len();
    (!name.is_empty()).then_some(Word { kind: Kind::Mention, typed: name, start, end })
}

fn plain(line: &str, start: usize) -> Word<'_> {
    let mut before: Option<char> = None;
    let mut has_letter = false;
    let mut end = line.len();
    for (offset, c) in line[start..].char_indices() {
        let after = line[start + offset + c.len_utf8()..].chars().next();
        if before.is_some_and(|before| {
            separates(c) || opens_mention(before, c, after) || ends_label(has_letter, c, after)
        }) {
            end = start + offset;
            break;
        }
        before = Some(fold::character(c));
        has_letter |= fold::character(c).is_alphabetic();
    }
    Word { kind: Kind::Plain, typed: &line[start..end], start, end }
}

/// `SCB-12@财务部` holds a mention, `a@b.com` does not.
fn opens_mention(before: char, c: char, after: Option<char>) -> bool {
    fold::character(c) == '@'
        && !(before.is_ascii_alphanumeric() && after.is_some_and(|c| c.is_ascii_alphanumeric()))
}

/// `SCB-12：3天不够` is a number and a reason, `22:00-08:00` is one word.
fn ends_label(has_letter: bool, c: char, after: Option<char>) -> bool {
    fold::character(c) == ':' && (has_letter || !after.is_some_and(|c| fold::character(c).is_ascii_digit()))
}
