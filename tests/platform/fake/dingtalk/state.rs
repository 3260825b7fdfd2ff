//! What the fake remembers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::faults::Faults;
use super::gate::Call;
use super::{GROUP, company};

/// Somebody.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub departments: Vec<i64>,
    pub mobile: String,
    /// Departments that this person's own entry says they lead.
    pub leads: Vec<i64>,
    /// Has logged in once.
    pub active: bool,
}

/// A department.
#[derive(Clone, Debug)]
pub struct Department {
    pub id: i64,
    pub name: String,
    pub parent: i64,
    pub heads: Vec<String>,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// A person's id, a group's, a session's, or `robot`.
    pub to: String,
    /// `sampleMarkdown`, …, `card`, `ding`, or the `msgtype` of a webhook.
    pub kind: String,
    /// `msgParam` read, or the body.
    pub content: Value,
}

/// An interactive card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The parameters as they are now.
    pub data: BTreeMap<String, String>,
    /// Where it is.
    pub space: String,
}

/// An item of a list of things to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Todo {
    pub id: String,
    /// The `unionId` of whoever is to do it.
    pub owner: String,
    pub subject: String,
    pub is_done: bool,
}

/// Everything.
pub struct State {
    pub tokens: BTreeSet<String>,
    issued: usize,
    pub scopes: BTreeSet<String>,
    pub faults: Faults,
    pub calls: Vec<Call>,
    pub messages: Vec<Message>,
    pub cards: BTreeMap<String, Card>,
    /// Items of lists, by `sourceId`.
    pub todos: BTreeMap<String, Todo>,
    pub people: Vec<Person>,
    pub departments: Vec<Department>,
    pub groups: BTreeSet<String>,
    /// People whom DingTalk holds messages back from.
    pub flooded: BTreeSet<String>,
    /// People who do not get what the robot says.
    pub filtered: BTreeSet<String>,
    /// Keys that a custom robot has seen.
    pub uuids: BTreeSet<String>,
    /// Sessions whose webhook has ended.
    pub ended: BTreeSet<String>,
    /// Who logs in elsewhere.
    pub logins: super::logins::Logins,
    /// Templates that exist and are published.
    pub templates: BTreeSet<String>,
}

impl State {
    /// The small company, everything granted.
    pub fn new() -> Self {
        Self {
            tokens: BTreeSet::new(),
            issued: 0,
            scopes: super::gate::all_scopes(),
            faults: Faults::default(),
            calls: Vec::new(),
            messages: Vec::new(),
            cards: BTreeMap::new(),
            todos: BTreeMap::new(),
            people: company::people(),
            departments: company::departments(),
            groups: [GROUP.to_owned()].into(),
            flooded: BTreeSet::new(),
            filtered: BTreeSet::new(),
            uuids: BTreeSet::new(),
            ended: BTreeSet::new(),
            logins: Default::default(),
            templates: [super::TEMPLATE.to_owned()].into(),
        }
    }

    /// The token: the same one while it is good.
    pub fn token(&mut self) -> String {
        if let Some(token) = self.tokens.first() {
            return token.clone();
        }
        self.issued += 1;
        let token = format!("token{}", self.issued);
        self.tokens.insert(token.clone());
        token
    }

    /// Somebody of the company.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Keeps what was said; returns its query key.
    pub fn say(&mut self, to: &str, kind: &str, content: Value) -> String {
        self.messages.push(Message { to: to.to_owned(), kind: kind.to_owned(), content });
        format!("key{}=", self.messages.len())
    }
}
