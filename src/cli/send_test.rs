//! `liaison send-test`: one card that asks for nothing, on the way that all cards take.
//!
//! Invariant: it is said once; the database is only read, and only to find a person.

use std::time::Instant;

use super::terminal::{local, print};
use super::{Done, Failure, database};
use crate::card::trial as test_card;
use crate::clock::{Clock, SystemClock, fresh_id};
use crate::config::Config;
use crate::domain::directory::Person;
use crate::domain::{ChatId, Lang, PersonId};
use crate::messenger::feishu::trial::{self, Failed};
use crate::messenger::feishu::{Options, PLATFORM, card::Style};
use crate::messenger::seal::SealKey;
use crate::messenger::{Address, net};
use crate::store::directory;

/// Sends it and says what came of it: exit 1 if it did not arrive, 2 if there is nobody to send it to.
pub async fn run(config: &Config, to: &str) -> Done {
    let Some(options) = &config.feishu else {
        let words = "no messenger to send through: set feishu.enabled = true (docs/platforms/feishu.md)";
        return Err(Failure::Usage(words.to_owned()));
    };
    let (address, lang) = receiver(config, to).await?;
    send(config, options, &address, lang).await
}

/// An address as it is, or a person's account; with the language that the person reads.
async fn receiver(config: &Config, to: &str) -> Result<(Address, Lang), Failure> {
    if to.starts_with("ou_") {
        return Ok((Address::Person(to.to_owned()), Lang::default()));
    }
    if to.starts_with("oc_") {
        return Ok((Address::Chat { chat: ChatId::new(to), reply_to: None }, Lang::default()));
    }
    let person = person(config, to).await?;
    let account = person.accounts.get(PLATFORM).ok_or_else(|| {
        let words =
            "has no account on Feishu: give accounts.feishu in the directory, then `liaison directory sync`";
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
        let words = "give a person's id of the imported directory, an open_id (ou_…) or a chat id (oc_…)";
        Failure::Usage(format!("nobody in the directory has the id {id}: {words}"))
    })
}

async fn send(config: &Config, options: &Options, address: &Address, lang: Lang) -> Done {
    let http = net::tls(None).and_then(|tls| net::client(&tls))?;
    let now = SystemClock.now();
    let card = test_card::card(lang, &config.server.public_url, &local(now, &config.calendar));
    // Nothing on the card is sealed, so any key will do.
    let seal = SealKey::new(&[]);
    let style = Style { seal: &seal, now, more: "", link: None };
    let began = Instant::now();
    let told = trial::send(options, &http, (address, &fresh_id()), (&card, &style)).await;
    let took = began.elapsed().as_millis();
    match told {
        Ok(told) => {
            let make = if told.as_card { "as a card" } else { "in words: Feishu refused the card" };
            print(&format!("sent {make}, in {took} ms: message {} in chat {}\n", told.message, told.chat))
        }
        Err(Failed { class, why, remedy }) => {
            let what = if class == trial::UNCLEAR { "perhaps sent" } else { "not sent" };
            print(&format!("{what} ({class}), after {took} ms: {why} — {remedy}\n"))?;
            Err(Failure::Check)
        }
    }
}
