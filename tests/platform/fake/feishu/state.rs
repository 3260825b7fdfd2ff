//! What the fake keeps: people, departments, chats, messages, tokens, and how much was called lately.
//!
//! Invariant: ids are unique and never used again; messages stand in the order in which they were said.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use super::faults::Faults;
use super::gate::{Call, Refusal};
use super::{BOT, company};

/// When its time begins: 2026-11-21T00:00:00Z, milliseconds.
const BEGINNING: u64 = 1_795_219_200_000;
/// How long a token lasts unless a story says otherwise.
const TOKEN: Duration = Duration::from_secs(7200);
/// With less left than this, asking for a token gives another one.
const NEARLY_OVER: u64 = 30 * 60 * 1000;
/// How long a message's key is remembered, milliseconds.
const KEYS: u64 = 3_600_000;

/// Everything.
pub struct State {
    began: Instant,
    /// How far time was moved.
    pub moved: Duration,
    /// Token and when it ends, milliseconds.
    pub tokens: Vec<(String, u64)>,
    /// How long the next token lasts.
    pub token_lasts: Duration,
    /// By open_id.
    pub people: BTreeMap<String, Person>,
    /// Parents before children.
    pub departments: Vec<Department>,
    /// By chat_id.
    pub chats: BTreeMap<String, Chat>,
    /// As said.
    pub messages: Vec<Message>,
    /// What messages came to show after they were said: id and content, as it came.
    pub shown: Vec<(String, String)>,
    /// Pictures that were uploaded, by key.
    pub images: BTreeMap<String, Vec<u8>>,
    /// What the app may.
    pub scopes: BTreeSet<String>,
    /// Whether the app has a bot that is switched on.
    pub bot_on: bool,
    /// How far its clock is off the machine's, seconds: only in the header `Date`.
    pub off: i64,
    /// Who logs in elsewhere.
    pub logins: super::logins::Logins,
    /// As they came.
    pub calls: Vec<Call>,
    /// What goes wrong next.
    pub faults: Faults,
    keys: BTreeMap<(String, String), (u64, String)>,
    lately: BTreeMap<String, VecDeque<u64>>,
    serial: u64,
}

/// Somebody of the company.
#[derive(Clone, Debug)]
pub struct Person {
    /// `ou_…`
    pub open_id: String,
    /// As shown.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// With the country's code.
    pub mobile: String,
    /// open_department_id.
    pub department: String,
    /// open_id, or empty.
    pub leader: String,
    /// Inside the app's availability range.
    pub available: bool,
    /// Has left.
    pub resigned: bool,
    /// Wants nothing from the bot.
    pub opted_out: bool,
    /// Known to another app only.
    pub foreign: bool,
}

/// A department.
#[derive(Clone, Debug)]
pub struct Department {
    /// Custom id.
    pub id: String,
    /// `od-…`
    pub open_id: String,
    /// As shown.
    pub name: String,
    /// open_department_id of the one above, `0` for the company.
    pub parent: String,
    /// open_id of the head, or empty.
    pub leader: String,
}

/// A chat.
#[derive(Clone, Debug)]
pub struct Chat {
    /// `oc_…`
    pub id: String,
    /// As shown.
    pub name: String,
    /// open_ids.
    pub members: BTreeSet<String>,
    /// Whether the bot is in it.
    pub has_bot: bool,
    /// Is no more.
    pub dissolved: bool,
    /// Only its owner may speak.
    pub muted: bool,
    /// A person's private chat with the bot.
    pub is_private: bool,
}

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// We.
    Bot,
    /// A person, by open_id.
    Person(String),
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// `om_…`
    pub id: String,
    /// Its chat.
    pub chat: String,
    /// Who said it.
    pub author: Author,
    /// `text`, `interactive`, …
    pub msg_type: String,
    /// JSON as text.
    pub content: String,
    /// Milliseconds.
    pub created: u64,
    /// Milliseconds.
    pub updated: u64,
    /// How often its text was edited.
    pub edits: u32,
    /// Is no more to be seen.
    pub withdrawn: bool,
    /// What it answers.
    pub parent: Option<String>,
    /// Whether it hangs in a thread.
    pub in_thread: bool,
    /// Who was buzzed about it.
    pub buzzed: Vec<String>,
}

impl State {
    pub fn new() -> Self {
        let mut state = Self {
            began: Instant::now(),
            moved: Duration::ZERO,
            tokens: Vec::new(),
            token_lasts: TOKEN,
            people: BTreeMap::new(),
            departments: Vec::new(),
            chats: BTreeMap::new(),
            messages: Vec::new(),
            images: BTreeMap::new(),
            scopes: super::gate::all_scopes(),
            bot_on: true,
            off: 0,
            logins: Default::default(),
            calls: Vec::new(),
            shown: Vec::new(),
            faults: Faults::default(),
            keys: BTreeMap::new(),
            lately: BTreeMap::new(),
            serial: 0,
        };
        company::fill(&mut state);
        state
    }

    /// Its time, milliseconds since 1970.
    pub fn now(&self) -> u64 {
        BEGINNING + u64::try_from((self.began.elapsed() + self.moved).as_millis()).unwrap_or(u64::MAX / 2)
    }

    /// `prefix` and 32 hexadecimal digits.
    pub fn fresh(&mut self, prefix: &str) -> String {
        self.serial += 1;
        format!("{prefix}{:032x}", (u128::from(self.serial) << 64) | 0x5eed)
    }

    /// Keeps what was said and returns its id.
    pub fn keep(&mut self, message: Message) -> String {
        let (id, now) = (self.fresh("om_"), self.now());
        self.messages.push(Message { id: id.clone(), created: now, updated: now, ..message });
        id
    }

    pub fn message(&self, id: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    pub fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.id == id)
    }

    /// The message that was said to a receiver under a key within the last hour.
    pub fn said_under(&self, chat: &str, key: &str) -> Option<String> {
        let (at, id) = self.keys.get(&(chat.to_owned(), key.to_owned()))?;
        (self.now() < at + KEYS).then(|| id.clone())
    }

    pub fn remember(&mut self, chat: &str, key: &str, id: &str) {
        let now = self.now();
        self.keys.insert((chat.to_owned(), key.to_owned()), (now, id.to_owned()));
    }

    /// The token of now, and its seconds.
    pub fn token(&mut self) -> (String, u64) {
        let now = self.now();
        self.tokens.retain(|(_, end)| *end > now);
        let good = self.tokens.iter().find(|(_, end)| *end - now >= NEARLY_OVER).cloned();
        let (value, end) = good.unwrap_or_else(|| {
            let lasts = u64::try_from(self.token_lasts.as_millis()).unwrap_or_default();
            let token = (self.fresh("t-"), now + lasts);
            self.tokens.push(token.clone());
            token
        });
        (value, (end - now) / 1000)
    }

    pub fn knows_token(&self, value: &str) -> bool {
        let now = self.now();
        self.tokens.iter().any(|(token, end)| token == value && *end > now)
    }

    /// Counts one more under `key`; refuses with the seconds to wait when a second or a minute holds too many.
    pub fn count(&mut self, key: &str, second: usize, minute: usize) -> Result<(), u64> {
        let now = self.now();
        let lately = self.lately.entry(key.to_owned()).or_default();
        while lately.front().is_some_and(|at| at + 60_000 <= now) {
            lately.pop_front();
        }
        if lately.len() >= minute {
            return Err(lately.front().map_or(60, |at| (at + 60_000 - now).div_ceil(1000)));
        }
        if lately.iter().rev().take_while(|at| **at + 1_000 > now).count() >= second {
            return Err(1);
        }
        lately.push_back(now);
        Ok(())
    }

    /// Somebody whom the app may know of.
    pub fn reachable(&self, open_id: &str) -> Result<&Person, Refusal> {
        match self.people.get(open_id) {
            Some(person) if person.foreign => Err(Refusal::new(99_992_361, "open_id cross app")),
            Some(person) if person.resigned => Err(Refusal::new(230_029, "User has resigned.")),
            Some(person) if !person.available => {
                Err(Refusal::new(230_013, "Bot has NO availability to this user."))
            }
            Some(person) if person.opted_out => {
                Err(Refusal::new(230_053, "The user has opted out of the bot."))
            }
            Some(person) => Ok(person),
            None => Err(Refusal::new(99_992_351, "The request you send is not a valid {open_id}")),
        }
    }
}

impl Person {
    /// Somebody in no department, whom the app may reach.
    pub fn new(open_id: &str, name: &str) -> Self {
        let open_id = open_id.to_owned();
        let (email, mobile, department, leader) = Default::default();
        Self {
            open_id,
            name: name.to_owned(),
            email,
            mobile,
            department,
            leader,
            available: true,
            resigned: false,
            opted_out: false,
            foreign: false,
        }
    }
}

impl Chat {
    /// A group with the bot and nobody else.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            members: BTreeSet::new(),
            has_bot: true,
            dissolved: false,
            muted: false,
            is_private: false,
        }
    }
}

impl Message {
    /// Something new; [`State::keep`] gives it its id and time.
    pub fn new(chat: &str, author: Author, msg_type: &str, content: String) -> Self {
        Self {
            id: String::new(),
            chat: chat.to_owned(),
            author,
            msg_type: msg_type.to_owned(),
            content,
            created: 0,
            updated: 0,
            edits: 0,
            withdrawn: false,
            parent: None,
            in_thread: false,
            buzzed: Vec::new(),
        }
    }
}

/// The id of a person's private chat with the bot.
pub fn private_chat(open_id: &str) -> String {
    format!("oc_{}", open_id.trim_start_matches("ou_").chars().rev().collect::<String>())
}

/// Whether somebody can be called by name: known, or the bot itself.
pub fn is_known(state: &State, open_id: &str) -> bool {
    open_id == BOT || state.people.get(open_id).is_some_and(|person| !person.foreign)
}
