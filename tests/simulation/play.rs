//! One company at work: who does what to which request, and what the model makes of it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::company::{INITIATORS, PEOPLE, SIDES};
use crate::ground;
use crate::house::House;
use crate::model::{Act, Case, Stand};
use crate::trouble::{self, Manner};
use crate::witness::Witness;

/// Mornings on which a company may begin: a plain one, and such before each of the long holidays.
const MORNINGS: [&str; 5] = [
    "2026-11-23T09:00:00+08:00",
    "2026-02-09T09:00:00+08:00",
    "2026-04-27T09:00:00+08:00",
    "2026-09-21T09:00:00+08:00",
    "2026-12-21T09:00:00+08:00",
];

/// What somebody sent, and the toast that came back.
type Sent = (Value, Value);

/// The company.
pub struct Play {
    pub house: House,
    pub cases: Vec<Case>,
    /// Draws what people do.
    pub people: fastrand::Rng,
    /// Draws what goes wrong.
    pub chance: fastrand::Rng,
    pub witness: Witness,
    /// The messenger is sick.
    pub sick: bool,
    pub sent: Vec<Sent>,
    pub events: usize,
    pub refused: usize,
    /// What was done, and how often.
    pub done: BTreeMap<&'static str, usize>,
}

impl Play {
    /// A company of its own for each seed.
    pub async fn begins(seed: u64) -> Self {
        let mut people = fastrand::Rng::with_seed(seed);
        let chance = people.fork();
        let morning: Timestamp = people.choice(MORNINGS).unwrap().parse().unwrap();
        let house = House::opens(morning).await;
        let (cases, witness, sent) = (Vec::new(), Witness::default(), Vec::new());
        let (events, refused, done) = (0, 0, BTreeMap::new());
        let mut play =
            Self { house, cases, people, chance, witness, sick: false, sent, events, refused, done };
        // Some want their news in digests; the others hear everything at once.
        for _ in 0..4 {
            let person = play.people.choice(PEOPLE).unwrap();
            play.says(person, "/settings digest both").await;
        }
        play
    }

    /// What it came to.
    pub async fn ends(mut self) -> String {
        self.house.stops().await;
        let Self { cases, events, refused, witness, done, .. } = self;
        let (requests, heard) = (cases.len(), witness.heard);
        format!(
            "{requests} requests, {events} events, {refused} refused, {heard} messages heard, done: {done:?}"
        )
    }

    fn event(&mut self, person: &str) -> Value {
        self.events += 1;
        let id = format!("e{}", self.events);
        json!({ "event": id, "person": person, "chat": format!("p-{person}"), "message": id })
    }

    async fn brings(&mut self, event: Value) -> Value {
        let manner = if self.sick { Manner::Once } else { Manner::any(&mut self.chance) };
        if manner != Manner::Once {
            println!("    in the manner {manner:?}");
        }
        let answer = trouble::brings(&mut self.house, &event, manner).await;
        self.sent.push((event, answer["toast"].clone()));
        answer
    }

    /// Somebody writes.
    pub async fn says(&mut self, person: &str, text: &str) {
        println!("{} {person}: {text}", self.house.now);
        let event = self.typed(person, text);
        self.brings(event).await;
    }

    pub fn typed(&mut self, person: &str, text: &str) -> Value {
        let mut event = self.event(person);
        (event["type"], event["text"]) = (json!("text"), json!(text));
        event
    }

    /// What a button on the newest message of somebody stands for, and that message; if it is newer than `after`.
    async fn button(&mut self, person: &str, action: &str, after: i64) -> Option<(String, String)> {
        let sql = format!(
            "SELECT id, card FROM sandbox_message WHERE chat = 'p-{person}' AND sender = 'bot' AND rowid > {after} \
             ORDER BY rowid DESC LIMIT 1"
        );
        let row = self.house.rows(&sql).await.pop()?;
        let card: Value = serde_json::from_str(&row[1]).unwrap();
        let actions = card["actions"].as_array().unwrap();
        let found = actions.iter().find(|a| a["id"] == action && a["enabled"] == true)?;
        Some((row[0].clone(), found["value"].as_str().unwrap().to_owned()))
    }

    async fn presses(&mut self, person: &str, (message, value): (String, String), values: Value) -> Value {
        let mut event = self.event(person);
        (event["type"], event["message"]) = (json!("press"), json!(message));
        (event["value"], event["values"]) = (json!(value), values);
        self.brings(event).await
    }

    /// What is said and shown anew has reached everybody.
    async fn arrives(&mut self) {
        self.house.settles().await;
        trouble::lets_leases_end(&mut self.house).await;
        self.house.settles().await;
    }

    /// Opens a form by a command and sends it; `None` where no form was shown.
    async fn fills(&mut self, person: &str, command: &str, values: Value) -> Option<Value> {
        let before = self.house.count("SELECT COALESCE(MAX(rowid), 0) FROM sandbox_message").await;
        self.says(person, command).await;
        self.arrives().await;
        let button = self.button(person, "file", before).await?;
        Some(self.presses(person, button, values).await)
    }

    /// Somebody asks one or two departments for something.
    pub async fn files(&mut self) {
        let (initiator, home) = self.people.choice(INITIATORS).unwrap();
        let others: Vec<usize> = (0..SIDES.len()).filter(|side| *side != home).collect();
        let order = self.people.choose_multiple(&others, 2).into_iter().copied().collect();
        let wanted = (self.house.now + SignedDuration::from_hours(24 * 45)).strftime("%Y-%m-%d").to_string();
        let case = Case::filed(wanted, (initiator, home), order);
        let answer = self.fills(initiator, "/new", values(&case)).await.unwrap();
        let toast = answer["toast"]["text"].as_str().unwrap();
        let is_sign = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
        let number =
            toast.split(is_sign).find(|word| word.contains("-Q")).unwrap_or_else(|| panic!("{answer}"));
        println!("    is {number}");
        assert!(self.cases.iter().all(|other| other.number != number), "{number} was given twice");
        self.cases.push(Case { number: number.to_owned(), ..case });
        self.compares(self.cases.len() - 1).await;
    }

    /// One act on a request, and whether the service did with it what the model does.
    pub async fn tries(&mut self, at: usize, (act, by): (Act, &'static str)) {
        // A form has to arrive before it can be filled in.
        let has_form = matches!(act, Act::Resubmit | Act::Revise(_));
        if !self.cases[at].is_sure_of(act, by) || (has_form && self.sick) {
            return;
        }
        self.looks_who_is_late(at).await;
        let mut after = self.cases[at].clone();
        let done = after.accepts(act, by);
        println!("    {act:?} by {by}: {}", if done { "done" } else { "refused" });
        self.counts(act, done);
        let command = command(&self.cases[at].number, act);
        match act {
            Act::Resubmit | Act::Revise(_) => {
                let mut wanted = self.cases[at].clone();
                match act {
                    Act::Revise(side) => wanted.asks.get_mut(&side).unwrap().words += 1,
                    _ => wanted.edits += 1,
                }
                self.fills(by, &command, values(&wanted)).await;
            }
            Act::Approve | Act::Confirm(_) if done && !self.sick => {
                self.decides(at, (act, by), &command).await
            }
            _ => self.says(by, &command).await,
        }
        self.cases[at] = after;
        self.compares(at).await;
    }

    /// By the button on the newest card if it is about this, else in words.
    async fn decides(&mut self, at: usize, (act, by): (Act, &str), command: &str) {
        self.arrives().await;
        let action = if act == Act::Approve { "approve" } else { "confirm" };
        let button = self.button(by, action, 0).await;
        let number = self.cases[at].number.clone();
        if let Some((message, value)) = button {
            let about =
                format!("SELECT COUNT(*) FROM message WHERE id = '{message}' AND request = '{number}'");
            if self.house.count(&about).await == 1 {
                println!("{} {by} presses {action} on {number}", self.house.now);
                let answer = self.presses(by, (message, value), json!({})).await;
                assert_eq!(answer["toast"]["kind"], "success", "{answer}");
                return;
            }
        }
        self.says(by, command).await;
    }

    /// Two people do different things to one request at the same moment: one of the two orders is what happened.
    pub async fn races(&mut self, at: usize) {
        self.looks_who_is_late(at).await;
        let plain = |act: &Act| !matches!(act, Act::Resubmit | Act::Revise(_));
        let all: Vec<_> = self.cases[at].accepted().into_iter().filter(|(act, _)| plain(act)).collect();
        let (Some(one), Some(two)) = (self.people.choice(&all).copied(), self.people.choice(&all).copied())
        else {
            return;
        };
        println!("{} at once: {one:?} and {two:?}", self.house.now);
        let number = self.cases[at].number.clone();
        let events = [one, two].map(|(act, by)| self.typed(by, &command(&number, act)));
        let (first, second) = tokio::join!(self.house.sends(&events[0]), self.house.sends(&events[1]));
        for (event, answer) in events.iter().zip([first, second]) {
            if answer.is_none() {
                self.house.insists(event).await;
            }
        }
        let sql = format!(
            "SELECT by_person FROM audit WHERE subject = '{number}' AND by_person <> '-' ORDER BY n DESC LIMIT 2"
        );
        let order = self.house.rows(&sql).await.concat();
        let mut after = self.cases[at].clone();
        // The history tells the order; where it does not, only one of them was done, and both orders agree.
        let is_turned = order.len() == 2 && one.1 != two.1 && order[0] == one.1 && order[1] == two.1;
        let turns = if is_turned { [two, one] } else { [one, two] };
        for (act, by) in turns {
            let done = after.accepts(act, by);
            self.counts(act, done);
        }
        if !self.agrees(&after).await {
            after = self.cases[at].clone();
            turns.iter().rev().for_each(|(act, by)| _ = after.accepts(*act, by));
        }
        self.cases[at] = after;
        self.compares(at).await;
    }

    fn counts(&mut self, act: Act, done: bool) {
        match done {
            true => *self.done.entry(act.name()).or_default() += 1,
            false => self.refused += 1,
        }
    }

    async fn agrees(&mut self, case: &Case) -> bool {
        let owed = format!(
            "SELECT kind || ' ' || department FROM obligation WHERE closed_at IS NULL AND request = '{}' ORDER BY 1",
            case.number
        );
        self.house.rows(&owed).await.concat() == case.owed()
            && Witness::kept(&mut self.house, &case.number).await == case.told()
    }

    /// Whose answers are overdue: the calendar has its own judges, so here it is taken at its word.
    async fn looks_who_is_late(&mut self, at: usize) {
        let (number, now) = (&self.cases[at].number, self.house.now.as_millisecond());
        let sql = format!(
            "SELECT department FROM obligation WHERE request = '{number}' AND kind = 'answer_objection' \
             AND closed_at IS NULL AND due_at < {now}"
        );
        let late = self.house.rows(&sql).await.concat();
        for (side, ask) in &mut self.cases[at].asks {
            ask.late = ask.stand == Stand::Objected && late.iter().any(|id| id == SIDES[*side].id);
        }
    }

    pub async fn compares(&mut self, at: usize) {
        let Self { witness, house, cases, .. } = self;
        witness.compares(house, &cases[at]).await;
    }
}

/// The form of a request as the model has it.
fn values(case: &Case) -> Value {
    let mut other = vec![
        ("title".to_owned(), format!("推广 {}", case.edits)),
        ("wanted_by".to_owned(), case.wanted.clone()),
    ];
    for (row, side) in (1..).zip(&case.order) {
        other.push((format!("ask{row}_department"), SIDES[*side].id.to_owned()));
        other.push((format!("ask{row}_task"), format!("提供资料 {}", case.asks[side].words)));
        other.push((format!("ask{row}_deliverable"), "资料包".to_owned()));
    }
    let other: Vec<(&str, &str)> =
        other.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
    json!(ground::filled(&other))
}

/// How it is typed.
fn command(number: &str, act: Act) -> String {
    let side = |side: usize| SIDES[side].name;
    match act {
        Act::Approve => format!("/approve {number}"),
        Act::Return => format!("/return {number} 请补充"),
        Act::Resubmit | Act::Revise(_) => format!("/revise {number}"),
        Act::Withdraw => format!("/withdraw {number}"),
        Act::Cancel => format!("/cancel {number} 不做了"),
        Act::Comment => format!("/comment {number} 请尽快"),
        Act::Urge => format!("/urge {number} 很急"),
        Act::Confirm(at) => format!("/confirm {number} @{}", side(at)),
        Act::Object(at) => format!("/object {number} @{} 做不完", side(at)),
        Act::Decline(at) => format!("/decline {number} @{} 照旧", side(at)),
        Act::Escalate(at) => format!("/escalate {number} @{} 请裁决", side(at)),
        Act::Uphold(at) => format!("/rule {number} @{} 成立 有道理", side(at)),
        Act::Dismiss(at) => format!("/rule {number} @{} 不成立 照旧", side(at)),
    }
}
