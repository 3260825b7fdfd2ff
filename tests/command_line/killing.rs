//! SIGKILL at any instant: what was acknowledged is there, once; what is done is not asked for again.
//!
//! Invariants: the program is the built one; clients know only its public doors and bring again, under the same event
//! id, whatever was not acknowledged. `scripts/kill-nine` does the same for longer.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use self::site::Site;
use super::ground;

#[path = "killing/canaries.rs"]
mod canaries;
#[path = "killing/cluster.rs"]
mod cluster;
#[path = "killing/failover.rs"]
mod failover;
#[cfg(debug_assertions)]
#[path = "killing/instants.rs"]
mod instants;
#[path = "killing/lateness.rs"]
mod lateness;
#[path = "killing/program.rs"]
mod program;
#[path = "killing/reader.rs"]
mod reader;
#[path = "killing/rivals.rs"]
mod rivals;
#[path = "killing/site.rs"]
mod site;
#[path = "killing/soak.rs"]
mod soak;
#[path = "killing/upgrade.rs"]
mod upgrade;
#[path = "killing/week.rs"]
mod week;

/// Who files, with the department's head.
const INITIATORS: [(&str, &str); 4] =
    [("zhang.wei", "liu.yang"), ("sun.li", "liu.yang"), ("li.na", "chen.jie"), ("wang.fang", "zhao.min")];
/// Whom everybody asks: department and the one who signs.
const ASKED: [(&str, &str); 2] = [("XXB", "huang.lei"), ("KFB", "tang.rui")];
/// How long somebody waits for a card before typing.
const WAITS: Duration = Duration::from_millis(1_500);
/// Nothing takes longer, kills included.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was acknowledged.
enum Acknowledged {
    Filed { title: String, number: String },
    Approved { number: String },
    Confirmed { number: String, department: &'static str },
}

/// One person at the keyboard, who never gives up.
struct Client {
    site: Arc<Site>,
    name: usize,
    said: usize,
    last_form: String,
    done: Vec<Acknowledged>,
}

impl Client {
    fn event(&mut self, person: &str) -> Value {
        self.said += 1;
        let id = format!("c{}-{}", self.name, self.said);
        json!({ "event": id, "person": person, "chat": format!("p-{person}"), "message": id })
    }

    async fn types(&mut self, person: &str, text: &str) {
        let mut event = self.event(person);
        (event["type"], event["text"]) = (json!("text"), json!(text));
        self.brings(&event).await;
    }

    async fn presses(&mut self, person: &str, (message, value): (String, String), values: Value) -> Value {
        let mut event = self.event(person);
        (event["type"], event["message"]) = (json!("press"), json!(message));
        (event["value"], event["values"]) = (json!(value), values);
        let answer = self.brings(&event).await;
        // Some messengers say things twice, and the copy arrives anywhere.
        if self.said.is_multiple_of(3) {
            assert_eq!(self.brings(&event).await["toast"], answer["toast"], "{event}");
        }
        answer
    }

    /// Until it is taken by whichever replica is up.
    async fn brings(&self, event: &Value) -> Value {
        let begun = Instant::now();
        loop {
            if let Some(answer) = self.site.sends(event).await {
                return answer;
            }
            assert!(begun.elapsed() < PATIENCE, "nobody takes {event}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A request from the first word to the last signature.
    async fn works(&mut self, (initiator, head): (&str, &str)) {
        let title = format!("K{}-{}", self.name, self.said);
        let Some(form) = self.form(initiator).await else { return };
        let [(one, _), (two, _)] = ASKED;
        let fields = [
            ("title", title.as_str()),
            ("wanted_by", "T+40"),
            ("ask1_department", one),
            ("ask2_department", two),
        ];
        let answer = self.presses(initiator, form, json!(ground::filled(&fields))).await;
        let number = number_in(&answer);
        self.done.push(Acknowledged::Filed { title, number: number.clone() });
        self.decides(head, ("approve", &number)).await;
        self.done.push(Acknowledged::Approved { number: number.clone() });
        for (department, signer) in ASKED {
            self.decides(signer, ("confirm", &number)).await;
            self.done.push(Acknowledged::Confirmed { number: number.clone(), department });
        }
    }

    /// By the button, or in words where the card does not come: a kill may hold it back for half a minute.
    async fn decides(&mut self, person: &str, (action, number): (&str, &str)) {
        let about = format!(
            "SELECT s.id, s.card FROM sandbox_message s JOIN message m ON m.id = s.id \
             WHERE s.chat = 'p-{person}' AND m.request = '{number}' ORDER BY s.id DESC LIMIT 1"
        );
        match self.button(&about, action).await {
            Some(button) => {
                let answer = self.presses(person, button, json!({})).await;
                assert_eq!(answer["toast"]["kind"], "success", "{person} {action} {number}: {answer}");
            }
            None => self.types(person, &format!("/{action} {number}")).await,
        }
    }

    /// A fresh form.
    async fn form(&mut self, person: &str) -> Option<(String, String)> {
        self.types(person, "/new").await;
        let fresh = format!(
            "SELECT id, card FROM sandbox_message WHERE chat = 'p-{person}' AND sender = 'bot' AND id > '{}' \
             ORDER BY id DESC LIMIT 3",
            self.last_form
        );
        let form = self.button(&fresh, "file").await?;
        self.last_form.clone_from(&form.0);
        Some(form)
    }

    async fn button(&self, sql: &str, action: &str) -> Option<(String, String)> {
        let begun = Instant::now();
        while begun.elapsed() < WAITS {
            let rows = {
                let _calm = self.site.beside.read().await;
                ground::columns::<String>(&self.site.database, sql, 2).await
            };
            for row in rows {
                let card: Value = serde_json::from_str(&row[1]).unwrap();
                let pressable = |a: &&Value| a["id"] == action && a["enabled"] == true;
                if let Some(found) = card["actions"].as_array().unwrap().iter().find(pressable) {
                    return Some((row[0].clone(), found["value"].as_str().unwrap().to_owned()));
                }
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        None
    }
}

/// The number of the request that was filed.
fn number_in(answer: &Value) -> String {
    let toast = answer["toast"]["text"].as_str().unwrap_or_default();
    let is_sign = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    let number = toast.split(is_sign).find(|word| word.contains("-Q"));
    number.unwrap_or_else(|| panic!("nothing was filed: {answer}")).to_owned()
}

/// Something bad, done to a site while clients work.
type Blow = Arc<dyn Fn(&Site) + Send + Sync>;

/// Milliseconds from one to the next: mostly in the middle of something.
const QUICKLY: Range<u64> = 50..1_200;

/// Clients work while it happens so many times, so many milliseconds apart; what was acknowledged to all of them.
async fn under_fire(site: &Arc<Site>, (blows, apart): (usize, Range<u64>), blow: Blow) -> Vec<Acknowledged> {
    let over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = INITIATORS
        .into_iter()
        .enumerate()
        .map(|(name, people)| {
            let (site, over) = (site.clone(), over.clone());
            tokio::spawn(async move {
                let mut client = Client { site, name, said: 0, last_form: String::new(), done: Vec::new() };
                while !over.load(Ordering::Relaxed) {
                    client.works(people).await;
                }
                client.done
            })
        })
        .collect();
    for _ in 0..blows {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(apart.clone()))).await;
        let (site, blow) = (site.clone(), blow.clone());
        tokio::task::spawn_blocking(move || blow(&site)).await.unwrap();
    }
    over.store(true, Ordering::Relaxed);
    let mut done = Vec::new();
    for client in clients {
        done.extend(client.await.unwrap());
    }
    done
}

async fn is_kept(site: &Site, what: &Acknowledged) -> bool {
    let sql = match what {
        Acknowledged::Filed { title, number } => {
            format!(
                "SELECT COUNT(*), SUM(CASE WHEN id = '{number}' THEN 1 ELSE 0 END) FROM request WHERE title = '{title}'"
            )
        }
        Acknowledged::Approved { number } => {
            format!("SELECT COUNT(*), COUNT(*) FROM audit WHERE subject = '{number}' AND what = 'approved'")
        }
        Acknowledged::Confirmed { number, department } => format!(
            "SELECT COUNT(*), (SELECT COUNT(*) FROM audit WHERE subject = '{number}' AND what = 'confirmed' \
             AND params LIKE '%\"{department}\"%') FROM signature WHERE request = '{number}' AND department = '{department}'"
        ),
    };
    ground::numbers(&site.database, &sql, 2).await == [1, 1]
}

/// Rows of one number that must not be there.
async fn none(site: &Site, what: &str, sql: &str) {
    let sql = format!("SELECT COUNT(*) FROM ({sql}) AS x");
    assert_eq!(ground::numbers(&site.database, &sql, 1).await, [0], "{what}");
}

async fn survives(site: Site, kills: usize) {
    let site = Arc::new(site);
    let done = under_fire(&site, (kills, QUICKLY), Arc::new(Site::kills_one)).await;
    are_kept(&site, kills, &done).await;
    reminds_nobody_of_what_is_done(&site).await;
}

/// What was acknowledged is there, once, and nothing is there twice.
async fn are_kept(site: &Site, kills: usize, done: &[Acknowledged]) {
    all_are_kept(site, kills, done).await;
    none(site, "filed twice", "SELECT title FROM request GROUP BY title HAVING COUNT(*) > 1").await;
    let asked = "SELECT lane, notice FROM outbox WHERE notice LIKE '%\"asked\"%' GROUP BY lane, notice HAVING COUNT(*) > 1";
    none(site, "asked twice for one thing", asked).await;
}

/// What was acknowledged is there, once.
async fn all_are_kept(site: &Site, kills: usize, done: &[Acknowledged]) {
    let mut lost = 0;
    for what in done {
        lost += usize::from(!is_kept(site, what).await);
    }
    let bit = site.unacknowledged.load(Ordering::Relaxed);
    let slowest = site.slowest.load(Ordering::Relaxed);
    println!(
        "{kills} blows, {bit} times nobody answered, {} acknowledged, {lost} lost or doubled; the slowest answer took {slowest} ms",
        done.len()
    );
    assert_eq!(lost, 0, "acknowledged, and lost or doubled");
    assert!(done.len() * 3 > kills, "too little was done to show anything");
}

/// Days later nobody has heard of what is done, and the history is whole.
async fn reminds_nobody_of_what_is_done(site: &Site) {
    site.all_are_killed_and_one_comes_back();
    site.rests().await;
    let before =
        ground::columns::<String>(&site.database, "SELECT COALESCE(MAX(id), '') FROM sandbox_message", 1)
            .await;
    site.days_go_by(9).await;
    let reminded = format!(
        "SELECT s.id FROM sandbox_message s JOIN outbox o ON o.id = s.id JOIN obligation b ON b.request = o.request \
         WHERE s.id > '{}' AND b.closed_at IS NOT NULL AND o.notice LIKE '%\"' || b.id || '\"%'",
        before[0][0]
    );
    none(site, "heard of what is done", &reminded).await;
    let (code, said) = ground::runs(&site.database, (&["audit", "verify"], &[]));
    assert_eq!(code, Some(0), "{said}");
}

/// The size of a long form: what this variable says, or the usual one.
fn wished(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_kill_nine() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("liaison.db").display());
    survives(Site::opens(folder, database, 1), wished("LIAISON_KILLS", 12)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_replicas_behind_a_balancer_survive_kill_nine() {
    let Some(database) = ground::postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    survives(Site::opens(folder, database, 3), wished("LIAISON_KILLS", 6)).await;
}
