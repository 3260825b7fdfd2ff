//! Events that came through the door, as what somebody said.
//!
//! Invariant: an authentic event never fails. What is not for us, or not as the documentation says, is nothing, with
//! the reason for the log, because a refusal would only bring it back again and again.
#![deny(clippy::indexing_slicing)]

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::PLATFORM;
use super::action::Click;
use super::envelope::Event;
use super::receive::{Door, Received};
use super::staff;
use super::words::{self, Mention, Mentions};
use crate::domain::{ChatId, MessageId, Timestamp};
use crate::intent::{Account, Inbound, Place, PlaceKind, Said};
use crate::messenger::seal::Pressed;
use crate::messenger::staff::Moved;

/// The type of a pressed button. In two parts, because whole it reads like a key of our own texts, and is checked as one.
pub const CLICK: &str = concat!("card", ".action.trigger");

/// Stands before an account's id that is the company's own (`user_id`), because the event came without an open id.
/// As a chat it is the person's private one, like an open id.
pub const BY_USER_ID: &str = "user_id:";

/// What this service makes of a type.
#[derive(Clone, Copy)]
enum Kind {
    Message,
    Menu,
    Click,
    BotAdded,
    /// The bot was taken out, or the group was dissolved.
    ChatGone,
    ChatEntered,
    ChatCreated,
    /// People or departments are otherwise.
    Moved(fn(&Event) -> Option<Moved>),
    /// Known, and left alone.
    Left(&'static str),
}

const KINDS: &[(&str, Kind)] = &[
    ("im.message.receive_v1", Kind::Message),
    ("application.bot.menu_v6", Kind::Menu),
    (CLICK, Kind::Click),
    ("im.chat.member.bot.added_v1", Kind::BotAdded),
    ("im.chat.member.bot.deleted_v1", Kind::ChatGone),
    ("im.chat.disbanded_v1", Kind::ChatGone),
    ("im.chat.access_event.bot_p2p_chat_entered_v1", Kind::ChatEntered),
    ("p2p_chat_create", Kind::ChatCreated),
    ("im.message.recalled_v1", Kind::Left("a message was taken back")),
    ("im.message.message_read_v1", Kind::Left("a message was read")),
    ("im.chat.member.user.added_v1", Kind::Left("somebody joined a group")),
    ("im.chat.member.user.deleted_v1", Kind::Left("somebody left a group")),
    ("contact.user.created_v3", Kind::Moved(staff::person)),
    ("contact.user.updated_v3", Kind::Moved(staff::person)),
    ("contact.user.deleted_v3", Kind::Moved(staff::left)),
    ("contact.scope.updated_v3", Kind::Moved(staff::range)),
    ("contact.department.updated_v3", Kind::Moved(staff::department)),
    // Somebody may have chosen its code before; nobody else does, because it is part of numbers.
    ("contact.department.created_v3", Kind::Moved(staff::department)),
    ("contact.department.deleted_v3", Kind::Left("a department is gone")),
];

const BROKEN: Received = Received::Nothing("an event whose fields are not as documented");
const NOBODY: Received = Received::Nothing("an event that names nobody");

/// What an event says. `now` is for the seals of buttons.
pub fn hear(door: &Door, event: &Event, now: Timestamp) -> Received {
    let kind = KINDS.iter().find(|(name, _)| *name == event.kind).map(|(_, kind)| *kind);
    let Some(kind) = kind else { return Received::Unknown };
    match kind {
        Kind::Message => message(door, event),
        Kind::Left(why) => Received::Nothing(why),
        _ if event.id.is_empty() => Received::Nothing("an event without an id"),
        Kind::Moved(read) => match read(event) {
            Some(moved) => Received::Moved { key: key(&event.id), moved },
            None => Received::Nothing("a change of the company that names nobody"),
        },
        Kind::Click => click(door, event, now),
        Kind::Menu => menu(event),
        Kind::BotAdded => group(event, Said::Arrived),
        Kind::ChatGone => group(event, Said::Gone),
        Kind::ChatEntered => entered(event),
        Kind::ChatCreated => created(event),
    }
}

/// The ids of a person.
#[derive(Debug, Default, Deserialize)]
pub struct UserId {
    open_id: Option<String>,
    user_id: Option<String>,
    tenant_key: Option<String>,
}

impl UserId {
    /// The account; `None` if there is no id at all.
    fn account(&self, tenant: &str) -> Option<Account> {
        let open_id = some(self.open_id.as_ref()).map(str::to_owned);
        let id = open_id.or_else(|| Some(format!("{BY_USER_ID}{}", some(self.user_id.as_ref())?)))?;
        let tenant = some(self.tenant_key.as_ref()).unwrap_or(tenant);
        Some(Account { platform: PLATFORM.to_owned(), tenant: tenant.to_owned(), id })
    }
}

/// What is missing, `null` or empty is not there.
fn some(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

fn fields<T: DeserializeOwned>(event: &Event) -> Option<T> {
    serde_json::from_str(event.body.get()).ok()
}

fn key(id: &str) -> String {
    format!("{PLATFORM}/{id}")
}

fn place(chat: &str, kind: PlaceKind, message: Option<&str>) -> Place {
    let message = message.map(MessageId::new);
    Place { platform: PLATFORM.to_owned(), chat: ChatId::new(chat), kind, message }
}

/// Where a person is answered who did something outside of any chat: the chat is the account's id, `ou_…`, which the
/// sender tells from a chat's, `oc_…`.
fn with(account: &Account) -> Place {
    place(&account.id, PlaceKind::Private, None)
}

fn heard(id: &str, account: Account, place: Place, said: Said) -> Received {
    Received::Heard(Inbound { event: key(id), account, place, said })
}

#[derive(Deserialize)]
struct Spoken {
    sender: Sender,
    message: Message,
}

#[derive(Deserialize)]
struct Sender {
    sender_id: Option<UserId>,
    sender_type: Option<String>,
    tenant_key: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    message_id: Option<String>,
    parent_id: Option<String>,
    chat_id: String,
    chat_type: Option<String>,
    message_type: String,
    content: Option<String>,
    mentions: Option<Vec<Mention>>,
}

fn message(door: &Door, event: &Event) -> Received {
    let Some(Spoken { sender, message }) = fields(event) else { return BROKEN };
    let own = door.own.get().map(String::as_str);
    let is_person = some(sender.sender_type.as_ref()).is_none_or(|kind| kind == "user");
    let tenant = some(sender.tenant_key.as_ref()).unwrap_or(&event.tenant);
    let Some(account) = sender.sender_id.and_then(|id| id.account(tenant)) else { return NOBODY };
    if !is_person || own == Some(&account.id) {
        return Received::Nothing("words of a bot");
    }
    let private = message.chat_type.as_deref() == Some("p2p");
    let mentions = Mentions { all: message.mentions.as_deref().unwrap_or_default(), own };
    let to_bot = private || mentions.has_bot();
    let is_words = matches!(message.message_type.as_str(), "text" | "post");
    if message.message_type == "system" || (!is_words && !to_bot) {
        return Received::Nothing("a message without words");
    }
    let content = message.content.as_deref().unwrap_or_default();
    let Some(text) = words::of(&message.message_type, content, &mentions) else { return BROKEN };
    // The same message may come under two event ids.
    let id = some(message.message_id.as_ref());
    let Some(key) = id.or((!event.id.is_empty()).then_some(event.id.as_str())) else { return BROKEN };
    let kind = if private { PlaceKind::Private } else { PlaceKind::Group };
    let reply_to = some(message.parent_id.as_ref()).map(MessageId::new);
    heard(key, account, place(&message.chat_id, kind, id), Said::Text { text, to_bot, reply_to })
}

/// A click does not say what kind of chat it comes from; it counts as a group, where nothing personal goes.
fn click(door: &Door, event: &Event, now: Timestamp) -> Received {
    let Some(click) = fields::<Click>(event) else { return BROKEN };
    let account = click.operator.as_ref().and_then(|operator| operator.account(&event.tenant));
    let Some(account) = account else { return NOBODY };
    let context = click.context.as_ref();
    let message = context.and_then(|context| some(context.open_message_id.as_ref()));
    let place = match context.and_then(|context| some(context.open_chat_id.as_ref())) {
        Some(chat) => place(chat, PlaceKind::Group, message),
        None => with(&account),
    };
    match click.pressed(&door.seal, now) {
        Some(Pressed { want, drawing }) => {
            let said = Said::Press { want, values: click.values(), drawing: Some(drawing) };
            heard(&event.id, account, place, said)
        }
        None => Received::Stale { event: key(&event.id), account, place },
    }
}

#[derive(Deserialize)]
struct Chosen {
    operator: Option<Operator>,
    event_key: String,
}

#[derive(Deserialize)]
struct Operator {
    operator_id: Option<UserId>,
}

/// An item of the bot's menu is the command in its key: `collab_list_overdue` is `/list overdue`.
fn menu(event: &Event) -> Received {
    let Some(Chosen { operator, event_key }) = fields(event) else { return BROKEN };
    let operator = operator.and_then(|operator| operator.operator_id);
    let Some(account) = operator.and_then(|id| id.account(&event.tenant)) else { return NOBODY };
    let command = event_key.strip_prefix("collab_").unwrap_or(&event_key).replace('_', " ");
    let said = Said::Text { text: format!("/{command}"), to_bot: true, reply_to: None };
    let place = with(&account);
    heard(&event.id, account, place, said)
}

#[derive(Deserialize)]
struct ChatChange {
    chat_id: String,
    operator_id: Option<UserId>,
    last_message_id: Option<String>,
}

/// Something happened to a group. Whoever did it may be unknown; the group is what counts.
fn group(event: &Event, said: Said) -> Received {
    let Some(change) = fields::<ChatChange>(event) else { return BROKEN };
    let operator = change.operator_id.and_then(|id| id.account(&event.tenant));
    let nobody =
        || Account { platform: PLATFORM.to_owned(), tenant: event.tenant.clone(), id: String::new() };
    let account = operator.unwrap_or_else(nobody);
    heard(&event.id, account, place(&change.chat_id, PlaceKind::Group, None), said)
}

/// Somebody opened the private chat; only the first time is news, before anything was said there.
fn entered(event: &Event) -> Received {
    let Some(change) = fields::<ChatChange>(event) else { return BROKEN };
    if some(change.last_message_id.as_ref()).is_some() {
        return Received::Nothing("somebody who has been here before");
    }
    let account = change.operator_id.and_then(|id| id.account(&event.tenant));
    let Some(account) = account else { return NOBODY };
    heard(&event.id, account, place(&change.chat_id, PlaceKind::Private, None), Said::Arrived)
}

/// The private chat's beginning, as schema 1.0 tells it.
#[derive(Deserialize)]
struct Created {
    chat_id: String,
    user: Option<UserId>,
    operator: Option<UserId>,
}

fn created(event: &Event) -> Received {
    let Some(Created { chat_id, user, operator }) = fields(event) else { return BROKEN };
    let account = user.or(operator).and_then(|id| id.account(&event.tenant));
    let Some(account) = account else { return NOBODY };
    heard(&event.id, account, place(&chat_id, PlaceKind::Private, None), Said::Arrived)
}
