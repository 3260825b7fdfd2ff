//! One message to try the way out: as the outbox would send it, with the whole reason if it does not arrive.
//!
//! Invariant: it goes through [`Sender`] and nothing else, so what works here works for the service.

use std::sync::Arc;

use super::api::{Api, ApiError, Class};
use super::card::{Style, card_data, message, plain};
use super::receiver::Receiver;
use super::remedy;
use super::send::{Content, Letter, Sender};
use super::session::Sessions;
use crate::card::Card;
use crate::messenger::Address;
use crate::messenger::trial::{Failed, Told, UNCLEAR};

/// Sends `card`, once, under `key`. `to` is a person's account, a group's `openConversationId` or `robot:<name>`.
pub async fn send(
    api: Arc<Api>,
    (to, key): (&Address, &str),
    (card, style): (&Card, &Style<'_>),
) -> Result<Told, Failed> {
    let sender = Sender::new(api.clone(), Arc::new(Sessions::new(&api.options.legacy_base_url)));
    let content = Content {
        data: card_data(card, style),
        message: message(card, style),
        plain: plain(card, &card.title),
        summary: card.title.clone(),
        calls: Vec::new(),
    };
    let letter = Letter { key, to, content: &content, urgent: false };
    let Some(place) = Receiver::of(to, &api.options) else {
        return Err(failed(&ApiError::new(Class::Receiver, "no custom robot of that name is configured")));
    };
    let said = sender.say(&letter, place).await.map_err(|error| failed(&error))?;
    Ok(Told { as_card: said.as_str() == key, message: said.to_string(), chat: place.chat().to_string() })
}

fn failed(error: &ApiError) -> Failed {
    Failed { class: name(error.class), why: error.why.clone(), remedy: remedy::of(error) }
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Token => "token",
        Class::Limit | Class::Banned => "limit",
        Class::Quota => "quota",
        Class::Retry => "not reached",
        Class::Unclear => UNCLEAR,
        Class::Receiver => "receiver",
        Class::Content => "content",
        Class::Template => "template",
        Class::Config => "configuration",
        Class::Done | Class::Other => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::super::api::tests::{app, options};
    use super::super::fake::{Fake, Fault, PERSON, TEMPLATE};
    use super::*;
    use crate::card::trial as test_card;
    use crate::domain::Lang;
    use crate::messenger::seal::SealKey;

    async fn tried(fake: &Fake, template: Option<&str>) -> Result<Told, Failed> {
        let mut options = options(fake);
        options.card_template_id = template.map(str::to_owned);
        let seal = SealKey::new(&[]);
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let style = Style { seal: &seal, now, more: "", page: None, link: &|_| None };
        let card = test_card::card(Lang::Zh, "https://liaison.example.com", "17:00");
        send(app(options), (&Address::Person(PERSON.to_owned()), "k1"), (&card, &style)).await
    }

    #[tokio::test]
    async fn it_tells_what_came_of_it() {
        let fake = Fake::start().await.unwrap();
        let told = tried(&fake, None).await.unwrap();
        assert_eq!((told.as_card, told.chat.as_str()), (false, "user:u_dev_1"));
        assert!(tried(&fake, Some(TEMPLATE)).await.unwrap().as_card);
        assert!(!tried(&fake, Some("none.schema")).await.unwrap().as_card);
        assert_eq!(fake.messages().len(), 3);
        fake.fail("batchSend", 1, Fault::CutAfter);
        assert_eq!(tried(&fake, None).await.unwrap_err().class, UNCLEAR);
        fake.takes_scope("qyapi_robot_sendmsg");
        let failed = tried(&fake, None).await.unwrap_err();
        assert_eq!(failed.class, "configuration");
        assert!(failed.remedy.starts_with("apply for qyapi_robot_sendmsg"), "{failed:?}");
    }
}
