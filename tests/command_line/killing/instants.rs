//! The process ends at each of the named instants of `src/crash.rs`: people bring again what was not acknowledged, and
//! what comes out of four days is what comes out when nothing ends.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use jiff::Timestamp;
use jiff::civil::Date;
use liaison::crash::Point;
use serde_json::{Value, json};

use super::super::ground;
use super::site::{Site, machine_now};
use super::week::{self, ZONE};
use super::{Client, PATIENCE, number_in, wished};

/// Lives at once: each mostly waits, for answers and for leases.
const AT_ONCE: usize = 6;

/// Four days of two requests, in which the process may end once.
struct Days {
    client: Client,
    site: Arc<Site>,
    monday: Date,
    /// Where it is still to end.
    at: Option<String>,
    deaths: Arc<AtomicUsize>,
    /// Held by who is just starting it.
    nurse: Arc<tokio::sync::Mutex<()>>,
}

/// Here something is in hand that would have waited for a digest or the morning, or gone with others. It may have been said
/// already, so it is said at once, and silence about it counts from then; others follow when their own leases run out.
const SOONER: &[Point] = &[
    Point::OutboxRekeyed,
    Point::OutboxHeld,
    Point::OutboxMerged,
    Point::DigestRekeyed,
    Point::DigestLeased,
];

/// What people heard, what is written down, and what is owed.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// Message by message.
    heard: Vec<String>,
    /// Thing by thing, whether alone or in a digest; without the steps of ladders.
    told: Vec<String>,
    history: Vec<String>,
    owed: Vec<String>,
}

/// When it was written down, to the minute: told where something is otherwise.
type Moments = Vec<String>;

impl Days {
    fn begin(database: String, folder: tempfile::TempDir, at: Option<&str>) -> Self {
        let (site, ended) = match at {
            Some(at) => Site::opens_to_end(folder, database, at),
            None => (Site::opens(folder, database, 1), false),
        };
        let site = Arc::new(site);
        let client =
            Client { site: site.clone(), name: 0, said: 0, last_form: String::new(), done: Vec::new() };
        let at = at.map(str::to_owned);
        let deaths = Arc::new(AtomicUsize::new(usize::from(ended)));
        Self { client, site, monday: week::monday(), at, deaths, nurse: Arc::default() }
    }

    /// Somebody looks after the process: what has ended is started anew.
    fn is_watched(&self) -> tokio::task::JoinHandle<()> {
        let (site, deaths, nurse) = (self.site.clone(), self.deaths.clone(), self.nurse.clone());
        tokio::spawn(async move {
            loop {
                let (one, busy) = (site.clone(), nurse.clone().lock_owned().await);
                let ended = tokio::task::spawn_blocking(move || one.is_up_again()).await.unwrap();
                deaths.fetch_add(usize::from(ended), Ordering::Relaxed);
                drop(busy);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    }

    async fn says(&mut self, person: &str, text: &str) {
        self.client.types(person, text).await;
        self.settles(&json!({ "advance": "0min" })).await;
    }

    async fn is(&self, day: i32, time: &str) {
        self.settles(&json!({ "set": self.moment(day, time) })).await;
    }

    fn moment(&self, day: i32, time: &str) -> Timestamp {
        week::moment(self.monday, day, time)
    }

    /// The clock is moved, and everything that is due by then has come about, also what a process had in hand that is gone.
    async fn settles(&self, how: &Value) {
        let begun = Instant::now();
        loop {
            self.nobody_holds_anything().await;
            if let Some(now) = self.site.moves(how).await
                && self.site.waits_at(now).await == 0
            {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not settle: {how}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A clock that moves on does not wait for the leases of the dead.
    async fn nobody_holds_anything(&self) {
        let held = |now: i64| {
            format!(
                "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND lease_until > {now}) \
                 + (SELECT COUNT(*) FROM obligation WHERE lease_until > {now})"
            )
        };
        while ground::numbers(&self.site.database, &held(machine_now().as_millisecond()), 1).await != [0] {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Nobody serves until then: what comes due meanwhile is late.
    async fn nobody_is_there_until(&self, day: i32, time: &str) {
        let _busy = self.nurse.lock().await;
        self.site.loses(0);
        let ahead = self.moment(day, time).duration_since(machine_now()).as_millis();
        let moved = format!("UPDATE switch SET value = '{ahead}' WHERE name = 'sandbox_clock'");
        ground::changes(&self.site.database, &moved).await;
        let left = self.at.clone().filter(|_| self.deaths.load(Ordering::Relaxed) == 0);
        let site = self.site.clone();
        let deaths = tokio::task::spawn_blocking(move || site.comes_back(left.as_deref())).await.unwrap();
        self.deaths.fetch_add(deaths, Ordering::Relaxed);
    }

    /// A request for research and finance; its number.
    async fn files(&mut self, title: &str) -> String {
        self.says("zhang.wei", "/new").await;
        let fresh = "SELECT id, card FROM sandbox_message WHERE chat = 'p-zhang.wei' AND sender = 'bot' \
                     ORDER BY id DESC LIMIT 1";
        let form = self.client.button(fresh, "file").await.unwrap();
        let values = ground::filled(&[("title", title), ("wanted_by", "T+40")]);
        let answer = self.client.presses("zhang.wei", form, json!(values)).await;
        self.settles(&json!({ "advance": "0min" })).await;
        number_in(&answer)
    }

    /// Monday to Thursday.
    async fn go_by(&mut self) {
        self.is(0, "09:00").await;
        self.says("wang.fang", "/settings digest both").await;
        self.says("wang.fang", "/settings most 1").await;
        let first = self.files("新品推广").await;
        self.says("liu.yang", &format!("/approve {first}")).await;
        self.says("chen.jie", &format!("/comment {first} 请先看附件")).await;
        let thursday = self.moment(3, "00:00").in_tz(ZONE).unwrap().date();
        self.says("li.na", &format!("/delegate @陈杰 从 {thursday} 到 {thursday}")).await;
        self.is(0, "21:30").await;
        let second = self.files("渠道调研").await;
        self.says("liu.yang", &format!("/approve {second}")).await;
        self.is(1, "10:00").await;
        self.says("zhao.min", &format!("/confirm {first}")).await;
        self.nobody_is_there_until(2, "10:30").await;
        self.is(2, "11:00").await;
        self.says("li.na", &format!("/confirm {first}")).await;
        self.says("zhang.wei", &format!("/task split {first}")).await;
        self.says("li.na", &format!("/start {first}/1")).await;
        self.is(2, "18:45").await;
        self.says("li.na", &format!("/object {second} 口径不对，建议按含税")).await;
        self.is(3, "10:00").await;
        self.says("zhang.wei", &format!("/cancel {second} 不做了")).await;
        self.is(3, "18:45").await;
    }

    async fn moments(&self) -> Moments {
        let of = "SELECT subject || ' · ' || what, CAST(at / 60000 * 60 AS TEXT) FROM audit ORDER BY at";
        let rows = ground::columns::<String>(&self.site.database, of, 2).await;
        let minute = |row: &Vec<String>| {
            let at = Timestamp::from_second(row[1].parse().unwrap()).unwrap().in_tz(ZONE).unwrap();
            format!("{} {}", at.strftime("%a %H:%M"), row[0])
        };
        rows.iter().map(minute).collect()
    }

    async fn outcome(&self) -> Outcome {
        let all = async |sql: &str, width: usize| -> Vec<String> {
            let rows = ground::columns::<String>(&self.site.database, sql, width).await;
            rows.into_iter().map(|row| row.join(" · ")).collect()
        };
        let shown_to = "SELECT chat, COALESCE(words, ''), COALESCE(card, '') FROM sandbox_message \
                        WHERE sender = 'bot' ORDER BY chat, id";
        let heard = ground::columns::<String>(&self.site.database, shown_to, 3).await;
        let notices =
            ground::columns::<String>(&self.site.database, "SELECT chat, notice FROM message", 2).await;
        let told = notices.iter().flat_map(|row| {
            let notice: Value = serde_json::from_str(&row[1]).unwrap();
            parts(&notice["what"]).into_iter().map(|part| format!("{} ← {part}", row[0])).collect::<Vec<_>>()
        });
        let history = "SELECT subject, what, COALESCE(by_person, '') FROM audit";
        let owed = "SELECT request, kind, debtor, CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END \
                    FROM obligation";
        Outcome {
            heard: heard.into_iter().map(|row| shown(&row)).collect(),
            told: told.filter(|line| !line.contains("step")).collect(),
            history: all(history, 3).await,
            owed: all(owed, 4).await,
        }
    }
}

/// The things that one message tells of.
fn parts(what: &Value) -> Vec<String> {
    let (kind, of) = what.as_object().unwrap().iter().next().unwrap();
    match of {
        Value::Array(all) if kind != "answer" => all.iter().flat_map(parts).collect(),
        of => vec![format!("{kind} {} {}", of["request"], of["news"])],
    }
}

/// One message as its reader knows it again.
fn shown(row: &[String]) -> String {
    let card: Value = serde_json::from_str(&row[2]).unwrap_or_default();
    format!("{} ← {}{}", row[0], row[1], card["title"].as_str().unwrap_or_default())
}

async fn life(database: String, folder: tempfile::TempDir, at: Option<&str>) -> (usize, Outcome, Moments) {
    let mut days = Days::begin(database, folder, at);
    let watch = days.is_watched();
    days.go_by().await;
    watch.abort();
    let (code, said) = ground::runs(&days.site.database, (&["audit", "verify"], &[]));
    assert_eq!(code, Some(0), "{said}");
    (days.deaths.load(Ordering::Relaxed), days.outcome().await, days.moments().await)
}

/// What is otherwise, in whatever order the lines are: each with how often it is here more often than there.
fn difference(one: &[String], other: &[String]) -> Vec<String> {
    let mut counts: BTreeMap<&String, i64> = BTreeMap::new();
    one.iter().for_each(|line| *counts.entry(line).or_default() -= 1);
    other.iter().for_each(|line| *counts.entry(line).or_default() += 1);
    let odd = counts.into_iter().filter(|(_, count)| *count != 0);
    odd.map(|(line, count)| format!("{count:+} {line}")).collect()
}

impl Outcome {
    fn differs(&self, other: &Self, sooner: bool) -> Vec<String> {
        let acts = |of: &Self| -> Vec<String> {
            of.history.iter().filter(|line| !(sooner && line.contains("step_"))).cloned().collect()
        };
        let mut lines = difference(&self.told, &other.told);
        lines.extend(difference(&acts(self), &acts(other)));
        lines.extend(difference(&self.owed, &other.owed));
        if !sooner {
            lines.extend(difference(&self.heard, &other.heard));
        }
        lines
    }
}

/// Lives that end at each instant, the first time that it comes or a later one; what comes out of each.
async fn lives(databases: impl AsyncFn(&tempfile::TempDir) -> String) {
    let lived = async |at: Option<String>| {
        let folder = tempfile::tempdir().unwrap();
        life(databases(&folder).await, folder, at.as_deref()).await
    };
    let (_, undisturbed, planned) = lived(None).await;
    let times = wished("LIAISON_CRASH_TIMES", 1);
    let ends = Point::ALL.iter().flat_map(|point| (1..=times).map(move |time| (*point, time)));
    let lives = futures_util::stream::iter(ends).map(async |(point, time)| {
        let (deaths, outcome, moments) = lived(Some(format!("{}:{time}", point.name()))).await;
        let sooner = time > 1 || SOONER.contains(&point);
        let mut wrong = undisturbed.differs(&outcome, sooner);
        if deaths == 0 && time == 1 {
            wrong.push("nobody comes by".to_owned());
        }
        if !wrong.is_empty() {
            wrong.extend(difference(&planned, &moments));
        }
        (deaths, wrong.into_iter().map(|line| format!("{} {time}: {line}", point.name())).collect::<Vec<_>>())
    });
    let lives: Vec<_> = lives.buffer_unordered(AT_ONCE).collect().await;
    println!(
        "{} lives, {} ended on the way",
        lives.len(),
        lives.iter().filter(|(deaths, _)| *deaths > 0).count()
    );
    let wrong: Vec<String> = lives.into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_the_process_ends_what_comes_out_is_the_same() {
    lives(async |folder| format!("sqlite://{}", folder.path().join("liaison.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_the_process_ends_beside_postgresql_what_comes_out_is_the_same() {
    if ground::postgres().await.is_none() {
        return;
    }
    lives(async |_| ground::postgres().await.unwrap()).await;
}
