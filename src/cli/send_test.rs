//! `liaison send-test`: one message on the real road, to see whether it arrives.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, anyhow};

use super::terminal::print;
use super::{Done, Failure, database};
use crate::card::{Block, Card, Colour, Tone};
use crate::clock::{SystemClock, fresh_id};
use crate::config::Config;
use crate::domain::{ChatId, Lang, PersonId};
use crate::messenger::feishu::{Feishu, Options, PLATFORM};
use crate::messenger::seal::SealKey;
use crate::messenger::{Address, Envelope, Face, Messenger, SendError};
use crate::store::directory;
use crate::text::word;

/// Says a few words to a person of the directory, an open id (`ou_…`) or a chat (`oc_…`).
pub async fn run(config: &Config, to: &str) -> Done {
    let Some(options) = &config.feishu else {
        return Err(Failure::Usage(
            "no messenger is configured that could send: see docs/platforms/feishu.md".to_owned(),
        ));
    };
    let address = address(config, to).await?;
    let envelope = Envelope { key: fresh_id(), to: address, face: face(), urgent: false };
    let begun = Instant::now();
    let sent = messenger(options)?.send(&envelope).await;
    let took = begun.elapsed().as_millis();
    match sent {
        Ok(sent) => {
            print(&format!("sent in {took} ms: message {} in chat {}\n", sent.message, sent.chat))?;
            Ok(())
        }
        Err(error) => {
            print(&format!("not sent after {took} ms: {error}\n{}\n", remedy(&error)))?;
            Err(Failure::Check)
        }
    }
}

fn messenger(options: &Options) -> anyhow::Result<Feishu> {
    // The card has no buttons: there is nothing to seal.
    Feishu::new(options, SealKey::new(b""), Arc::new(SystemClock)).context("the messenger")
}

async fn address(config: &Config, to: &str) -> anyhow::Result<Address> {
    if to.starts_with("ou_") {
        return Ok(Address::Person(to.to_owned()));
    }
    if to.starts_with("oc_") {
        return Ok(Address::Chat { chat: ChatId::new(to), reply_to: None });
    }
    let db = database::open(config).await.map_err(|failure| anyhow!("{failure}"))?;
    let known = directory::load(&db).await.context("the directory")?;
    let person = known.0.person(&PersonId::new(to));
    let person = person.ok_or_else(|| anyhow!("nobody in the directory has the id {to}"))?;
    let account = person.accounts.get(PLATFORM);
    let account =
        account.ok_or_else(|| anyhow!("{} has no account on Feishu in the directory", person.name))?;
    Ok(Address::Person(account.clone()))
}

fn face() -> Face {
    let text = |key: &str| format!("{} / {}", word(Lang::Zh, key), word(Lang::En, key));
    let (title, body) = (text("card.test.title"), text("card.test.text"));
    let card = Card {
        title: title.clone(),
        subtitle: None,
        colour: Colour::Green,
        tag: None,
        blocks: vec![Block::Text { text: body, tone: Tone::Normal }],
        actions: Vec::new(),
        form: None,
    };
    Face { card, summary: title, shortened: String::new() }
}

fn remedy(error: &SendError) -> &'static str {
    match error {
        SendError::Full { .. } => "wait a moment and try again",
        SendError::Retry { .. } => {
            "the service would try again by itself; liaison doctor --online looks at the rest"
        }
        SendError::Unclear { .. } => "it may have arrived: look before you try again",
        SendError::Misconfigured { .. } => {
            "put it right as it says, publish a version; liaison doctor --online names the rest"
        }
        SendError::Refused { .. } => {
            "the service would give this message up: see the table in docs/platforms/feishu.md"
        }
    }
}
