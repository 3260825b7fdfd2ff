//! A card without a template: a markdown message, its buttons as links.
//!
//! Invariant: a message has a title and a text, at most five buttons, and fits into a `msgParam`. Its shapes are those of
//! robot messages (`msgKey`, `msgParam`) and of webhooks (`msgtype`); it cannot be changed once it was sent.

use serde_json::{Map, Value, json};

use super::body::{self, Fit};
use super::{Style, text};
use crate::card::Card;

/// Bytes of a `msgParam`: the documentation says 15 000; some are left for what stands around it.
const MOST_BYTES: usize = 14_000;
/// Buttons of an action card.
const MOST_BUTTONS: usize = 5;
/// Characters of the title, which is what the list of chats shows.
const TITLE: usize = 60;
/// Characters on a button.
const LABEL: usize = 20;

/// What a robot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One line, without markup.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// At most five.
    pub buttons: Vec<Button>,
}

/// A button that opens an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// As shown.
    pub label: String,
    /// `https` or one of the client's own.
    pub url: String,
}

/// The card as a message. Where it is too large, words, rows and blocks are left out, and a line leads to the page.
pub fn message(card: &Card, style: &Style<'_>) -> Message {
    let buttons = buttons(card, style);
    let mut fit = Fit::AMPLE;
    loop {
        let drawn = draw(card, style, (fit, &buttons));
        match fit.tighter().filter(|_| drawn.robot().1.len() > MOST_BYTES) {
            Some(smaller) => fit = smaller,
            None => return drawn,
        }
    }
}

fn draw(card: &Card, style: &Style<'_>, (fit, buttons): (Fit, &[Button])) -> Message {
    let title = text::line(&card.title, TITLE);
    let (mut parts, cut) = body::paragraphs(card, fit);
    parts.insert(0, head(card, &title));
    if cut {
        parts.push(match style.page {
            Some(page) => text::link(style.more, page),
            None => text::escape(&text::line(style.more, 200)),
        });
    }
    // Buttons that find no place are links under the text.
    let (shown, rest) = buttons.split_at(buttons.len().min(MOST_BUTTONS));
    parts.extend(rest.iter().map(|button| text::link(&button.label, &button.url)));
    Message {
        title: if title.is_empty() { "…".to_owned() } else { title },
        text: parts.join("\n\n"),
        buttons: shown.to_vec(),
    }
}

/// Title, state and what it is about.
fn head(card: &Card, title: &str) -> String {
    let mut head = format!("### {} {}", body::sign(card.colour), text::escape(title));
    let quiet = [card.tag.as_deref(), card.subtitle.as_deref()];
    let quiet: Vec<_> =
        quiet.into_iter().flatten().map(|words| text::escape(&text::line(words, 120))).collect();
    if !quiet.is_empty() {
        head.push_str(&format!("\n\n{}", quiet.join(" · ")));
    }
    head
}

/// The actions that lead somewhere.
fn buttons(card: &Card, style: &Style<'_>) -> Vec<Button> {
    let enabled = card.actions.iter().filter(|action| action.enabled);
    let buttons = enabled.filter_map(|action| {
        let url = (style.link)(action).filter(|url| text::is_link(url))?;
        Some(Button { label: label(&action.label), url })
    });
    buttons.collect()
}

/// What a button shows: never nothing.
pub fn label(words: &str) -> String {
    let label = text::line(words, LABEL);
    if label.is_empty() { "…".to_owned() } else { label }
}

impl Message {
    /// As `msgKey` and `msgParam`.
    pub fn robot(&self) -> (String, String) {
        let mut param = Map::new();
        let mut put = |name: String, value: &str| _ = param.insert(name, json!(value));
        put("title".to_owned(), &self.title);
        put("text".to_owned(), &self.text);
        let kind = match self.buttons.as_slice() {
            [] => "sampleMarkdown".to_owned(),
            [one] => {
                put("singleTitle".to_owned(), &one.label);
                put("singleURL".to_owned(), &one.url);
                "sampleActionCard".to_owned()
            }
            several => {
                for (at, button) in several.iter().enumerate() {
                    put(format!("actionTitle{}", at + 1), &button.label);
                    put(format!("actionURL{}", at + 1), &button.url);
                }
                format!("sampleActionCard{}", several.len())
            }
        };
        (kind, Value::Object(param).to_string())
    }

    /// As the body for a webhook; `calls` are the people who are called by name there.
    pub fn webhook(&self, calls: &[&str]) -> Value {
        let Self { title, text, buttons } = self;
        let mut body = if buttons.is_empty() {
            json!({"msgtype": "markdown", "markdown": {"title": title, "text": text}})
        } else {
            let buttons =
                buttons.iter().map(|button| json!({"title": button.label, "actionURL": button.url}));
            let buttons: Vec<_> = buttons.collect();
            let card = json!({"title": title, "text": text, "btnOrientation": "0", "btns": buttons});
            json!({"msgtype": "actionCard", "actionCard": card})
        };
        if !calls.is_empty() && buttons.is_empty() {
            // The text must name them as well, or nobody is called.
            let named: Vec<_> = calls.iter().map(|id| format!("@{id}")).collect();
            body["markdown"]["text"] = json!(format!("{text}\n\n{}", named.join(" ")));
            body["at"] = json!({"atUserIds": calls, "isAtAll": false});
        }
        body
    }
}
