//! The content of a message as plain text, with people named the way they are typed: `@name`.
//!
//! Invariant: a display name stays one word behind its `@`, whatever somebody calls themselves, so that mentioning
//! somebody never puts a command into one's mouth. What is neither a gap nor a mention stays as typed.

use serde::Deserialize;
use serde_json::Value;

/// Somebody who is mentioned in a message.
#[derive(Debug, Deserialize)]
pub struct Mention {
    /// `@_user_1`: what stands for it in the text.
    #[serde(default)]
    key: String,
    /// Their ids.
    #[serde(default)]
    id: Value,
    /// `bot` or `user`; missing in old payloads.
    mentioned_type: Option<String>,
    /// As shown.
    name: Option<String>,
}

/// Everybody who is mentioned in a message, and who we are.
pub struct Mentions<'a> {
    /// As they came.
    pub all: &'a [Mention],
    /// The bot's open id, if it is known.
    pub own: Option<&'a str>,
}

impl Mention {
    fn open_id(&self) -> Option<&str> {
        self.id.get("open_id").unwrap_or(&self.id).as_str()
    }
}

impl Mentions<'_> {
    /// Whether the bot is among them. `@_all` is everybody and so nobody in particular.
    pub fn has_bot(&self) -> bool {
        self.all.iter().any(|mention| self.is_bot(mention))
    }

    fn is_bot(&self, mention: &Mention) -> bool {
        match self.own {
            Some(own) => mention.open_id() == Some(own),
            None => mention.mentioned_type.as_deref() == Some("bot"),
        }
    }

    /// How somebody is named in the text: `@name`, or nothing if it is the bot.
    fn said(&self, mention: &Mention) -> String {
        if self.is_bot(mention) { String::new() } else { at(mention.name.as_deref().unwrap_or_default()) }
    }

    /// The text with names in place of keys. A key ends where its digits end: `@_user_1` is not in `@_user_10`.
    fn named(&self, text: &str) -> String {
        let mut named = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(sign) = rest.find('@') {
            named.push_str(&rest[..sign]);
            rest = &rest[sign..];
            let found = self.all.iter().find_map(|mention| Some((mention, behind(rest, &mention.key)?)));
            let Some((mention, after)) = found else {
                named.push('@');
                rest = &rest[1..];
                continue;
            };
            let name = self.said(mention);
            let is_glued = !name.is_empty() && after.starts_with(char::is_alphanumeric);
            named.push_str(&name);
            named.push_str(if is_glued { " " } else { "" });
            rest = after;
        }
        named.push_str(rest);
        named
    }
}

fn behind<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let after = text.strip_prefix(key).filter(|_| !key.is_empty())?;
    (!after.starts_with(|c: char| c.is_ascii_digit())).then_some(after)
}

/// A display name as one word: what the grammar would take for the end of it, or for a command, is a `_`. What nobody
/// sees is left out, and so is punctuation at the end, which the grammar would leave behind.
fn at(name: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let breaks =
        |c: char| c.is_whitespace() || c.is_control() || ",;:@\"/，；：＠／＂“”„「」『』、。".contains(c);
    let seen = name.trim().chars().filter(|&c| !hidden(c));
    let name: String = seen.map(|c| if breaks(c) { '_' } else { c }).collect();
    let name = name.trim_end_matches(['.', '!', '?', '．', '！', '？']);
    format!("@{}", if name.is_empty() { "_" } else { name })
}

/// The words of a message: those of a text, those of a post line by line, none of anything else. `None` if the content
/// is not what its type promises.
pub fn of(kind: &str, content: &str, mentions: &Mentions<'_>) -> Option<String> {
    let words = match kind {
        "text" => mentions.named(&serde_json::from_str::<Text>(content).ok()?.text),
        "post" => post(&serde_json::from_str(content).ok()?, mentions),
        _ => String::new(),
    };
    Some(plain(&words))
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
struct Post {
    title: Option<String>,
    #[serde(default)]
    content: Vec<Vec<Piece>>,
}

/// One piece of a paragraph; pictures and the like have no words.
#[derive(Deserialize)]
struct Piece {
    #[serde(default)]
    tag: String,
    text: Option<String>,
    href: Option<String>,
    user_id: Option<String>,
    user_name: Option<String>,
}

fn post(post: &Post, mentions: &Mentions<'_>) -> String {
    let title = post.title.iter().map(|title| title.trim().to_owned());
    let paragraph = |pieces: &Vec<Piece>| pieces.iter().map(|piece| piece.said(mentions)).collect();
    let lines = title.chain(post.content.iter().map(paragraph));
    lines.filter(|line: &String| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

impl Piece {
    fn said(&self, mentions: &Mentions<'_>) -> String {
        match self.tag.as_str() {
            "at" => self.at(mentions),
            _ => self.text.as_deref().or(self.href.as_deref()).unwrap_or_default().to_owned(),
        }
    }

    /// `user_id` is the key of a mention, and has been an open id.
    fn at(&self, mentions: &Mentions<'_>) -> String {
        let id = self.user_id.as_deref().filter(|id| !id.is_empty());
        let found = mentions.all.iter().find(|m| id.is_some() && (id == Some(&m.key) || id == m.open_id()));
        let name = || at(self.user_name.as_deref().or(id).unwrap_or_default());
        let said = found.map_or_else(name, |mention| mentions.said(mention));
        // The next piece follows without a gap.
        if said.is_empty() { said } else { format!("{said} ") }
    }
}

/// Gaps that clients put in are spaces, and the slash that opens a command is one, however wide.
fn plain(words: &str) -> String {
    let spaced = words.replace(['\u{a0}', '\u{3000}'], " ");
    let trimmed = spaced.trim();
    match trimmed.strip_prefix('／') {
        Some(command) => format!("/{command}"),
        None => trimmed.to_owned(),
    }
}
