//! A month of two hundred people with twenty requests under way: how much each of them hears, before and after.
//!
//! Who acts, and when, comes from a seed: the same month with digests and without.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::{Date, date};
use liaison::{Running, Service, TimeSource};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::world::ground::{columns, numbers};
use crate::world::{client, filled};

const DEPARTMENTS: usize = 20;
const PEOPLE: usize = 200;
const UNDER_WAY: usize = 20;

/// A small random generator: the same seed, the same month.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }

    /// A few departments are asked far more often than others.
    fn department(&mut self) -> usize {
        self.below(DEPARTMENTS).min(self.below(DEPARTMENTS)).min(self.below(DEPARTMENTS))
    }
}

/// Twenty departments of ten; the first three people of each are head, contact and a usual initiator.
fn company() -> String {
    let mut text = "company = \"二百人\"\n".to_owned();
    for d in 0..DEPARTMENTS {
        writeln!(
            text,
            "[[department]]\nid = \"D{d:02}\"\nname = \"第{d}部\"\nhead = \"p{d:02}0\"\ncontact = \"p{d:02}1\"\nsupervisor = \"p000\"\n"
        )
        .unwrap();
    }
    for p in 0..PEOPLE {
        let (department, n) = (p / 10, p % 10);
        let roles = if p == 9 { "roles = [\"administrator\", \"general_manager\"]\n" } else { "" };
        writeln!(
            text,
            "[[person]]\nid = \"p{department:02}{n}\"\nname = \"员工{p}\"\ndepartment = \"D{department:02}\"\n{roles}"
        )
        .unwrap();
    }
    text
}

struct Month {
    url: String,
    database: String,
    client: reqwest::Client,
    running: Running,
    dice: Dice,
    _folder: tempfile::TempDir,
}

impl Month {
    async fn begins(news: &str) -> Month {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name).display().to_string();
        let policy = include_str!("../../config/policy.toml");
        let policy = policy.replace("news = \"digest\"", &format!("news = \"{news}\""));
        std::fs::write(place("policy.toml"), policy).unwrap();
        std::fs::write(place("directory.toml"), company()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let database = format!("sqlite://{}", place("liaison.db"));
        let config = format!(
            "[server]\nlisten = \"{addr}\"\npublic_url = \"http://{addr}\"\n[database]\nurl = \"{database}\"\n\
             [directory]\nfile = \"{}\"\n[policy]\nfile = \"{}\"\n[sandbox]\nenabled = true\nmovable_clock = true\n",
            place("directory.toml"),
            place("policy.toml"),
        );
        std::fs::write(place("liaison.toml"), config).unwrap();
        let path = folder.path().join("liaison.toml");
        let config = liaison::load_config(Some(&path), std::iter::empty()).unwrap();
        let start = "2026-11-02T09:00:00+08:00".parse().unwrap();
        let service = Service::open(&config, TimeSource::Frozen(start)).await.unwrap();
        let running = service.start(listener).unwrap();
        let url = format!("http://{addr}");
        Month { url, database, client: client(), running, dice: Dice(0x2026_1102), _folder: folder }
    }

    async fn posts(&self, path: &str, body: Value) -> Value {
        let answer = self.client.post(format!("{}{path}", self.url)).json(&body).send().await.unwrap();
        answer.json().await.unwrap_or(Value::Null)
    }

    async fn is(&self, day: Date, time: &str) {
        self.posts("/sandbox/api/clock", json!({ "set": format!("{day}T{time}:00+08:00") })).await;
    }

    async fn says(&self, person: &str, text: &str) {
        self.posts("/sandbox/api/messages", json!({ "person": person, "text": text })).await;
    }

    /// Somebody asks three departments for something.
    async fn files(&mut self) {
        let own = self.dice.department();
        let person = format!("p{own:02}{}", 2 + self.dice.below(2));
        let mut asked = Vec::new();
        while asked.len() < 3 {
            let other = self.dice.department();
            if other != own && !asked.contains(&other) {
                asked.push(other);
            }
        }
        self.says(&person, "/new").await;
        self.posts("/sandbox/api/clock", json!({ "advance": "0min" })).await;
        let mut values = filled(&[("wanted_by", "2026-12-31")]);
        for (n, d) in (1..).zip(&asked) {
            values.insert(format!("ask{n}_department"), format!("D{d:02}"));
            values.insert(format!("ask{n}_task"), "配合".to_owned());
        }
        let path = format!("{}/sandbox/api/chats/p-{person}/messages?person={person}", self.url);
        let messages: Value = self.client.get(path).send().await.unwrap().json().await.unwrap();
        let form = messages.as_array().unwrap().iter().rev().find(|m| m["card"]["form"].is_object()).unwrap();
        let body = json!({ "person": person, "message_id": form["id"], "action": "file", "values": values });
        let answer = self.posts("/sandbox/api/actions", body).await;
        assert!(answer["toast"]["text"].as_str().unwrap().contains("-Q"), "{answer}");
    }

    /// Whoever owes something answers, objects, puts it off or stays silent; others comment and urge.
    async fn people_act(&mut self) {
        let owed =
            "SELECT request, kind, department, debtor FROM obligation WHERE closed_at IS NULL ORDER BY id";
        for row in columns::<String>(&self.database, owed, 4).await {
            let [request, kind, department, debtor] = &row[..] else { continue };
            let dice = self.dice.below(100);
            let said = match (kind.as_str(), dice) {
                ("approve_request", 0..70) => format!("/approve {request}"),
                ("confirm_request", 0..30) => format!("/confirm {request} @{department}"),
                ("confirm_request", 30..36) => format!("/object {request} @{department} 来不及"),
                ("answer_objection", 0..50) => format!("/decline {request} @{department} 请尽力"),
                ("arbitrate", 0..60) => format!("/rule {request} @{department} dismiss 按原计划"),
                (_, 90..92) => format!("/snooze {request} 明天上午 给答复"),
                _ => String::new(),
            };
            if !said.is_empty() {
                self.says(debtor, &said).await;
            }
            if dice >= 88 {
                self.says(debtor, &format!("/comment {request} 在看")).await;
            }
        }
        let open = "SELECT id, initiator FROM request WHERE state = 'confirming' ORDER BY id";
        for row in columns::<String>(&self.database, open, 2).await {
            if self.dice.below(100) < 10 {
                self.says(&row[1], &format!("/urge {}", row[0])).await;
            }
        }
    }

    async fn under_way(&self) -> usize {
        let sql = "SELECT COUNT(*) FROM request WHERE state IN ('in_review', 'confirming')";
        usize::try_from(numbers(&self.database, sql, 1).await[0]).unwrap()
    }

    /// Twenty working days; what everybody heard each day, non-urgent and counted, most first.
    async fn passes(mut self) -> Vec<i64> {
        let mut day = date(2026, 11, 2);
        for _ in 0..20 {
            self.is(day, "10:00").await;
            self.people_act().await;
            while self.under_way().await < UNDER_WAY {
                self.files().await;
            }
            let weekend = day.weekday() == jiff::civil::Weekday::Friday;
            day = day.checked_add(jiff::Span::new().days(if weekend { 3 } else { 1 })).unwrap();
        }
        // Whatever was held has been said by the morning of the next working day but one.
        self.is(day, "09:30").await;
        let untold = "SELECT COUNT(*) FROM obligation WHERE closed_at IS NULL AND delivered_at IS NULL";
        assert_eq!(numbers(&self.database, untold, 1).await, [0], "somebody owes and was never told");
        let lost = "SELECT COUNT(*) FROM outbox WHERE state = 'dead'";
        assert_eq!(numbers(&self.database, lost, 1).await, [0]);
        let heard = "SELECT person, counted_on, CAST(COUNT(*) AS TEXT) FROM message \
                     WHERE counted_on IS NOT NULL GROUP BY person, counted_on";
        let rows = columns::<String>(&self.database, heard, 3).await;
        let mut counts: Vec<i64> = rows.iter().map(|row| row[2].parse().unwrap()).collect();
        counts.resize(PEOPLE * 21, 0);
        counts.sort_unstable_by_key(|n| std::cmp::Reverse(*n));
        self.running.stop().await;
        counts
    }
}

/// Prints how the messages lie; the most of one person and day, and all of them.
fn told(name: &str, counts: &[i64]) -> (i64, i64) {
    let mut days: BTreeMap<i64, usize> = BTreeMap::new();
    counts.iter().for_each(|n| *days.entry(*n).or_default() += 1);
    let (max, p99, total) = (counts[0], counts[counts.len() / 100], counts.iter().sum::<i64>());
    let mean = total * 1_000 / i64::try_from(counts.len()).unwrap();
    println!(
        "{name}: max {max}, p99 {p99}, mean {mean}/1000, total {total}; person-days by messages: {days:?}"
    );
    (max, total)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_of_two_hundred_hears_more_than_six_non_urgent_messages_a_day() {
    let (before, after) = tokio::join!(async { Month::begins("at_once").await.passes().await }, async {
        Month::begins("digest").await.passes().await
    });
    let (before, after) = (told("all at once", &before), told("with digests", &after));
    assert!(after.0 <= 6, "{after:?}");
    // The month is busy enough to be worth a cap.
    assert!(before.0 > 6 && before.1 > after.1, "{before:?} {after:?}");
}
