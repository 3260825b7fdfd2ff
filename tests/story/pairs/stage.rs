//! Where two acts meet: a fresh subject is brought into a state, and both are done, one after the other or at once.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::act::{Act, By, State};
use super::ending::Ending;
use crate::world::ground::{self, Beside, signed};
use crate::world::patience::insists;
use crate::world::{SECRET, World, client, filled, machine_now};

/// The world, and what programs need to act in people's names.
pub struct Stage<'a> {
    world: &'a World,
    client: reqwest::Client,
    beside: Beside,
    tokens: BTreeMap<&'static str, String>,
}

/// How two meet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meeting {
    OneAfterTheOther,
    AtOnce,
}

/// Two acts that met, before everybody has heard of it.
struct Met {
    number: String,
    mark: String,
    answers: [String; 2],
}

impl<'a> Stage<'a> {
    pub async fn new(world: &'a World, states: &[State]) -> Self {
        let acts = states.iter().flat_map(|s| s.way.iter().chain(s.acts).chain([&s.begins]));
        let by_program = acts.filter(|act| matches!(act.by, By::Form(_) | By::Request(_)));
        let people: BTreeSet<&str> = by_program.map(|act| act.who).collect();
        let tokens = people.into_iter().map(|person| (person, token(world, person))).collect();
        let beside = Beside::opens(world.database()).await;
        Self { world, client: client(), beside, tokens }
    }

    /// Each pair on a fresh subject in that state; `order` says, by the place of the pair, which of the two goes first.
    pub async fn plays(
        &mut self,
        state: &State,
        pairs: &[[&Act; 2]],
        (order, meeting): (impl Fn(usize) -> [usize; 2], Meeting),
    ) -> Vec<Ending> {
        let reached = join_all(pairs.iter().map(|_| self.reaches(state))).await;
        self.world.settles().await;
        let mut met = Vec::new();
        for (n, number) in reached.into_iter().enumerate() {
            met.push(self.meets(number, pairs[n], (order(n), meeting)).await);
        }
        self.world.settles().await;
        let mut endings = Vec::new();
        for Met { number, mark, answers } in met {
            endings.push(Ending::of(&mut self.beside, (&number, &mark), answers).await);
        }
        endings
    }

    /// A fresh subject in that state; its number.
    async fn reaches(&self, state: &State) -> String {
        let begun = self.does((&state.begins, ""), &uuid::Uuid::now_v7().to_string(), 0).await;
        let begun: Value = serde_json::from_str(&begun).unwrap();
        let number =
            begun["request"].as_str().unwrap_or_else(|| panic!("{}: {begun}", state.name)).to_owned();
        for (n, act) in state.way.iter().enumerate() {
            self.does((act, ""), &number, n + 2).await;
        }
        number
    }

    /// Both acts on one subject.
    async fn meets(
        &mut self,
        number: String,
        acts: [&Act; 2],
        (order, meeting): ([usize; 2], Meeting),
    ) -> Met {
        // Of how often somebody urges whom in a day, every subject has all.
        self.beside.columns::<String>("DELETE FROM urge", 0).await;
        let newest = "SELECT COALESCE(MAX(id), '') FROM outbox";
        let mark = self.beside.columns::<String>(newest, 1).await.remove(0).remove(0);
        let cards = [self.card(acts[0], &number).await, self.card(acts[1], &number).await];
        let [first, second] = order.map(|which| self.does((acts[which], &cards[which]), &number, which));
        let (first, second) = match meeting {
            Meeting::AtOnce => tokio::join!(first, second),
            Meeting::OneAfterTheOther => (first.await, second.await),
        };
        let answers = if order == [0, 1] { [first, second] } else { [second, first] };
        Met { number, mark, answers }
    }

    /// The newest card about the subject that has the button of an act.
    async fn card(&mut self, act: &Act, number: &str) -> String {
        let By::Button(_) = act.by else { return String::new() };
        let newest = format!(
            "SELECT s.id FROM sandbox_message s JOIN message m ON m.message = s.id WHERE m.request = '{number}' \
             AND m.person = '{}' AND s.card LIKE '%\"id\":\"{}\"%' ORDER BY s.id DESC LIMIT 1",
            act.who, act.line
        );
        let found = self.beside.columns::<String>(&newest, 1).await.into_iter().flatten().next();
        found.unwrap_or_else(|| panic!("{} has no button {} for {number}", act.who, act.line))
    }

    /// Does it; what is answered on the spot. `n` names it among the acts on the subject.
    async fn does(&self, (act, card): (&Act, &str), number: &str, n: usize) -> String {
        let key = format!("{number}-{n}");
        let line = act.line.replace("NO", number);
        match act.by {
            By::Words => self.says((act.who, &line), &key).await,
            By::Form(fields) => self.calls((act.who, &line), &key, json!(map(fields))).await,
            By::Request(otherwise) => self.calls((act.who, &line), &key, json!(filled(otherwise))).await,
            By::Button(fields) => self.presses((act.who, &line), card, json!(map(fields))).await,
        }
    }

    async fn says(&self, (who, text): (&str, &str), key: &str) -> String {
        let event = json!({ "event": key, "person": who, "chat": format!("p-{who}"), "message": key,
            "type": "text", "text": text });
        let body = serde_json::to_vec(&event).unwrap();
        let request = || signed(&self.client, self.world.url(), (&body, SECRET), machine_now());
        let (status, answer) = insists(request).await;
        assert_eq!(status, 200, "{who}: {text}: {answer}");
        String::new()
    }

    async fn calls(&self, (who, line): (&str, &str), key: &str, values: Value) -> String {
        let body = json!({ "command": line, "values": values });
        let request = || {
            let request = self.client.post(format!("{}/api/v1/acts", self.world.url()));
            request.bearer_auth(&self.tokens[who]).header("idempotency-key", key).json(&body)
        };
        let (status, answer) = insists(request).await;
        assert!(status < 500, "{who}: {line}: {answer}");
        answer
    }

    async fn presses(&self, (who, button): (&str, &str), card: &str, values: Value) -> String {
        let body = json!({ "person": who, "message_id": card, "action": button, "values": values });
        let request = || self.client.post(format!("{}/sandbox/api/actions", self.world.url())).json(&body);
        let (status, answer) = insists(request).await;
        assert!(status < 500, "{who}: {button}: {answer}");
        serde_json::from_str::<Value>(&answer).unwrap()["toast"].to_string()
    }
}

fn map(fields: super::act::Fields) -> BTreeMap<&'static str, &'static str> {
    fields.iter().copied().collect()
}

/// A token made at the command line.
fn token(world: &World, person: &str) -> String {
    ground::token(world.database(), ("pairs", person, "act"))
}
