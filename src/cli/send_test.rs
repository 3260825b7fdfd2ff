//! `liaison send-test`: one card that asks for nothing, on the way that all cards take.
//!
//! Invariant: it is said once; the database is only read, and only to find a person.

use std::sync::Arc;
use std::time::Instant;

use super::terminal::{local, print};
use super::which::{Chosen, Which, chosen};
use super::{Done, Failure, database};
use crate::card::{Card, trial as test_card};
use crate::clock::{Clock, SystemClock, fresh_id};
use crate::config::Config;
use crate::domain::directory::Person;
use crate::domain::{ChatId, Lang, PersonId, Timestamp};
use crate::messenger::seal::SealKey;
use crate::messenger::trial::{Failed, Told, UNCLEAR};
use crate::messenger::{Address, dingtalk, feishu, net};
use crate::store::directory;

/// Sends it and says what came of it: exit 1 if it did not arrive, 2 if there is nobody to send it to.
pub async fn run(config: &Config, to: &str, which: Option<Which>) -> Done {
    let through = chosen(config, which)?;
    let (address, lang) = receiver(config, &through, to).await?;
    let now = SystemClock.now();
    let card = test_card::card(lang, &config.server.public_url, &local(now, &config.calendar));
    let began = Instant::now();
    let told = through.send(&address, &card, now).await?;
    let took = began.elapsed().as_millis();
    match told {
        Ok(Told { as_card, message, chat }) => {
            let make = if as_card { "as a card" } else { through.otherwise() };
            print(&format!("sent {make}, in {took} ms: message {message} in chat {chat}\n"))
        }
        Err(Failed { class, why, remedy }) => {
            let what = if class == UNCLEAR { "perhaps sent" } else { "not sent" };
            print(&format!("{what} ({class}), after {took} ms: {why} — {remedy}\n"))?;
            Err(Failure::Check)
        }
    }
}

impl Chosen<'_> {
    /// `platform` of accounts, and how people call it.
    fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Feishu(_) => (feishu::PLATFORM, "Feishu"),
            Self::DingTalk(_) => (dingtalk::PLATFORM, "DingTalk"),
        }
    }

    /// An address that says itself what it is.
    fn address(&self, to: &str) -> Option<Address> {
        let chat = || Address::Chat { chat: ChatId::new(to), reply_to: None };
        match self {
            Self::Feishu(_) if to.starts_with("ou_") => Some(Address::Person(to.to_owned())),
            Self::Feishu(_) => to.starts_with("oc_").then(chat),
            Self::DingTalk(_) => {
                ["user:", "cid", "robot:"].iter().any(|start| to.starts_with(start)).then(chat)
            }
        }
    }

    /// What it is if it is no card.
    fn otherwise(&self) -> &'static str {
        match self {
            Self::Feishu(_) => "in words: Feishu refused the card",
            Self::DingTalk(options) if options.card_template_id.is_some() => {
                "as a message: DingTalk refused the card"
            }
            Self::DingTalk(_) => "as a message",
        }
    }

    async fn send(&self, to: &Address, card: &Card, now: Timestamp) -> Result<Result<Told, Failed>, Failure> {
        let http = net::tls(None).and_then(|tls| net::client(&tls))?;
        // Nothing on the card is sealed, so any key will do.
        let (seal, key) = (SealKey::new(&[]), fresh_id());
        Ok(match self {
            Self::Feishu(options) => {
                let style = feishu::card::Style { seal: &seal, now, more: "", link: None };
                feishu::trial::send(options, &http, (to, &key), (card, &style)).await
            }
            Self::DingTalk(options) => {
                let api = dingtalk::api::Api::new((*options).clone(), http, Arc::new(SystemClock));
                let link = |_: &_| None;
                let style = dingtalk::card::Style { seal: &seal, now, more: "", page: None, link: &link };
                dingtalk::trial::send(Arc::new(api), (to, &key), (card, &style)).await
            }
        })
    }
}

/// An address as it is, or a person's account; with the language that the person reads.
async fn receiver(config: &Config, through: &Chosen<'_>, to: &str) -> Result<(Address, Lang), Failure> {
    if let Some(address) = through.address(to) {
        return Ok((address, Lang::default()));
    }
    let person = person(config, to).await?;
    let (platform, name) = through.names();
    let account = person.accounts.get(platform).ok_or_else(|| {
        let words = format!(
            "has no account on {name}: give accounts.{platform} in the directory, then `liaison directory sync`"
        );
        Failure::Usage(format!("{to} {words}"))
    })?;
    Ok((Address::Person(account.clone()), person.language))
}

/// Somebody of the directory that the service knows.
async fn person(config: &Config, id: &str) -> Result<Person, Failure> {
    let db = database::current(config).await?;
    let loaded = directory::load(&db).await;
    db.close().await;
    let (known, _) = loaded?;
    known.person(&PersonId::new(id)).cloned().ok_or_else(|| {
        let words = "give a person's id of the imported directory, an open_id (ou_…), user:USERID or a chat id (oc_…, cid…)";
        Failure::Usage(format!("nobody in the directory has the id {id}: {words}"))
    })
}
