//! What the service says: one neutral card, designed once, rendered by each messenger as well as it can.
//!
//! Invariant: everything in a card is plain text or structure, never markup; adapters escape on their way out.

use serde::{Deserialize, Serialize};

use crate::intent::Want;

pub mod answer;
#[cfg(test)]
mod answer_tests;
mod approvers;
mod asked;
mod batch;
mod board;
mod button;
mod clean;
mod decision;
mod decision_button;
mod difference;
mod digest;
mod drafts;
#[cfg(test)]
mod fixture;
pub mod form;
mod form_issue;
mod form_plans;
mod form_request;
mod form_task;
mod found;
#[cfg(test)]
pub(crate) mod gallery;
pub mod gantt;
mod go_on;
mod help;
mod improvement;
mod issue;
mod issue_button;
pub mod issue_tile;
mod issues;
mod ladder;
mod lists;
mod merged;
pub mod moved;
mod news;
pub mod notice;
pub mod paused;
pub mod picture;
pub mod pilot;
pub mod plan;
mod progress;
mod promise;
mod refusal;
mod request;
mod risk;
mod route;
mod say;
pub mod scene;
mod settings;
pub mod sheet;
mod status;
mod task;
mod task_button;
pub mod task_list;
mod tasks;
pub mod tile;
pub mod trial;
#[cfg(test)]
mod view_tests;
mod whoami;
mod why;

/// One message of the bot with structure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// One line.
    pub title: String,
    /// A second, quieter line: number and title of the request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subtitle: Option<String>,
    /// Colour of the head, by state.
    pub colour: Colour,
    /// A short word in the head: the state.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tag: Option<String>,
    /// The body, top to bottom.
    pub blocks: Vec<Block>,
    /// Buttons under the body.
    pub actions: Vec<Action>,
    /// A form; its submit buttons are the `actions` with `submit = true`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub form: Option<Form>,
}

/// Colour by meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Something is asked of the reader.
    Blue,
    /// It is agreed, done, met.
    Green,
    /// It is getting late, or was objected to.
    Orange,
    /// It is late, or has climbed.
    Red,
    /// It is over, or only for information.
    Grey,
    /// Somebody has to decide between two others.
    Purple,
}

/// A piece of the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph; line breaks are kept.
    Text {
        text: String,
        #[serde(default)]
        tone: Tone,
    },
    /// Label–value pairs; `short` ones may stand side by side.
    Fields { items: Vec<Field> },
    /// A small table.
    Table { columns: Vec<String>, rows: Vec<Vec<String>> },
    /// What changed between two versions.
    Diff { items: Vec<Change> },
    /// What happened, oldest first.
    Timeline { items: Vec<Event> },
    /// People who are called by name (the platform's mention).
    Mentions { people: Vec<Mention> },
    /// A line between two parts.
    Divider,
    /// Small print: why this came, how to change that.
    Note { text: String },
    /// A link to a page of ours.
    Link { text: String, url: String },
    /// A picture, shown where the messenger was given it; `alt` says in words what is on it.
    Picture { alt: String, of: picture::Pictured },
}

/// How loud a paragraph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As usual.
    #[default]
    Normal,
    /// Less.
    Quiet,
    /// More.
    Strong,
    /// Somebody's words.
    Quote,
}

/// A label and its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
    /// Fits in half the width.
    pub short: bool,
}

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Which field.
    pub label: String,
    /// As it was; empty when it is new.
    pub before: String,
    /// As it is; empty when it is gone.
    pub after: String,
}

/// One line of a history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When, in words.
    pub at: String,
    /// Who, by name.
    pub who: String,
    /// What.
    pub text: String,
    /// Its colour.
    pub colour: Colour,
}

/// Somebody called by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// Id in the directory.
    pub id: String,
    /// As shown.
    pub name: String,
    /// The account on the messenger that the card goes to, filled in on the way there.
    #[serde(skip)]
    pub account: Option<String>,
}

/// A button: it *is* the want that it stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Stable within the card: `confirm`, `object`, …
    pub id: String,
    /// As shown.
    pub label: String,
    /// How it looks.
    pub style: Style,
    /// A button that may not be used is not shown; one whose time is over is shown disabled.
    pub enabled: bool,
    /// Carries the form's values.
    #[serde(default)]
    pub submit: bool,
    /// A question asked before it counts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ask_first: Option<String>,
    /// What it stands for; sealed by the adapter, never sent in the clear.
    pub want: Want,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// The thing to do.
    Primary,
    /// One of several.
    Default,
    /// Cannot be taken back lightly.
    Danger,
    /// On the side.
    Quiet,
}

/// A form to fill in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// Its fields in order.
    pub fields: Vec<FormField>,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormField {
    /// The key under which the value comes back.
    pub name: String,
    /// As shown.
    pub label: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// Must be filled in.
    pub required: bool,
    /// What may be chosen.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// As typed so far.
    #[serde(default)]
    pub value: String,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// An example or a limit, shown quietly.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// In characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_length: Option<u32>,
    /// Fields of one group stand together under this heading.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group: Option<String>,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    Multiline,
    /// One of `options`.
    Choice,
    /// Any of `options`, joined with `,`.
    Choices,
    /// A date, typed or picked.
    Date,
    /// A number.
    Number,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Comes back.
    pub value: String,
    /// Is shown.
    pub label: String,
}

/// A card in one line: for notifications, for messengers without cards, and for the record of what people saw.
pub fn summary(card: &Card) -> String {
    let first = card.blocks.iter().find_map(|block| match block {
        Block::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let mut line = card.title.clone();
    for (mark, part) in [(" · ", card.subtitle.as_deref()), (" — ", first)] {
        if let Some(part) = part {
            line.push_str(mark);
            line.push_str(part);
        }
    }
    clean::text(&line.replace('\n', " "), 200)
}
