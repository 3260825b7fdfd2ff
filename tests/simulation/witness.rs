//! Reads along what people hear and what is kept, and says what must never be.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ground;
use crate::house::House;
use crate::model::Case;

/// What was seen so far.
#[derive(Default)]
pub struct Witness {
    /// The last message read, by its place in the messenger's memory.
    read: i64,
    /// Obligations that were closed when it last looked.
    over: BTreeSet<String>,
    /// Steps that were said, by chat, obligation and rung.
    steps: BTreeMap<(String, String, String), usize>,
    /// Messages that it read.
    pub heard: usize,
}

/// What a notice says, taken apart where it says several things.
fn parts(what: &Value) -> Vec<(String, Value)> {
    let Some((kind, inside)) = what.as_object().and_then(|what| what.iter().next()) else {
        return Vec::new();
    };
    match (kind.as_str(), inside) {
        ("merged" | "digest", Value::Array(all)) => all.iter().flat_map(parts).collect(),
        _ => vec![(kind.clone(), inside.clone())],
    }
}

impl Witness {
    /// Reads what was said since: nothing about what was over before this look.
    pub async fn looks(&mut self, house: &mut House) {
        let sql = format!(
            "SELECT s.rowid, s.chat, COALESCE(m.notice, o.notice) FROM sandbox_message s \
             LEFT JOIN message m ON m.id = s.id LEFT JOIN outbox o ON o.id = s.id \
             WHERE s.sender = 'bot' AND s.rowid > {} ORDER BY s.rowid",
            self.read
        );
        for row in house.rows(&sql).await {
            self.read = row[0].parse().unwrap();
            self.heard += 1;
            let notice: Value = serde_json::from_str(&row[2]).unwrap_or_default();
            for (kind, what) in parts(&notice["what"]) {
                self.hears(&row[1], &kind, &what);
            }
        }
        let closed = house.rows("SELECT id FROM obligation WHERE closed_at IS NOT NULL").await;
        self.over = closed.into_iter().map(|mut row| row.remove(0)).collect();
    }

    fn hears(&mut self, chat: &str, kind: &str, what: &Value) {
        let Some(obligation) = what["obligation"].as_str() else { return };
        assert!(
            !self.over.contains(obligation),
            "{chat} hears {kind} of {obligation}, which is done: {what}"
        );
        if kind == "step" {
            let rung = what["rung"].as_str().unwrap().to_owned();
            *self.steps.entry((chat.to_owned(), obligation.to_owned(), rung)).or_default() += 1;
        }
    }

    /// What is kept of a request, in the words of [`Case::told`].
    pub async fn kept(house: &mut House, number: &str) -> Vec<String> {
        let sql = format!(
            "SELECT state, (SELECT COUNT(*) FROM audit WHERE subject = '{number}' AND what = 'commented'), \
             (SELECT COUNT(*) FROM signature WHERE request = '{number}'), \
             (SELECT COUNT(*) FROM audit WHERE subject = '{number}' AND what IN ('approved', 'approved_self', 'returned')) \
             FROM request WHERE id = '{number}'"
        );
        house.rows(&sql).await.concat()
    }

    /// A request is as the model says.
    pub async fn compares(&self, house: &mut House, case: &Case) {
        let number = &case.number;
        let kept = Self::kept(house, number).await;
        assert_eq!(kept, case.told(), "state, comments, signatures, decisions of {number}");
        let owed = "SELECT kind || ' ' || department FROM obligation WHERE closed_at IS NULL";
        let owed = house.rows(&format!("{owed} AND request = '{number}' ORDER BY 1")).await.concat();
        assert_eq!(owed, case.owed(), "what is owed for {number}");
        let stands =
            format!("SELECT department || ' ' || state FROM ask WHERE request = '{number}' ORDER BY 1");
        let stands = house.rows(&stands).await.concat();
        assert!(
            case.stands().is_empty() || stands == case.stands(),
            "{number}: {stands:?}, not {:?}",
            case.stands()
        );
    }

    /// At rest: nothing waits, nothing is lost, whatever is owed has its next step or has climbed to the end.
    pub async fn rests(&self, house: &mut House) {
        let now = house.now.as_millisecond();
        let waiting =
            format!("SELECT id, notice, problem FROM outbox WHERE state = 'waiting' AND not_before <= {now}");
        assert_eq!(
            house.rows(&waiting).await,
            Vec::<Vec<String>>::new(),
            "waits, although its time has come"
        );
        let dead = "SELECT id, notice, problem FROM outbox WHERE state = 'dead'";
        assert_eq!(house.rows(dead).await, Vec::<Vec<String>>::new(), "was given up");
        // A first question that the company's quiet hours hold arms its clock when it arrives.
        let held = format!(
            "EXISTS (SELECT 1 FROM outbox w WHERE w.request = o.request AND w.state = 'waiting' \
             AND w.not_before > {now} AND w.notice LIKE '%\"obligation\":\"' || o.id || '\"%')"
        );
        let lost = format!(
            "SELECT id, kind, set_aside FROM obligation o WHERE closed_at IS NULL AND (set_aside IS NOT NULL \
             OR fires_at <= {now} OR (delivered_at IS NULL AND NOT {held}) \
             OR (delivered_at IS NOT NULL AND fires_at IS NULL AND climbed IS NULL))"
        );
        assert_eq!(house.rows(&lost).await, Vec::<Vec<String>>::new(), "is owed and has no future step");
        let armed = "SELECT id FROM obligation WHERE closed_at IS NOT NULL AND fires_at IS NOT NULL";
        assert_eq!(house.rows(armed).await, Vec::<Vec<String>>::new(), "is done and still armed");
        self.counts_steps(house).await;
        let (code, said) = ground::runs(&house.database(), (&["audit", "verify"], &[]));
        assert_eq!(code, Some(0), "{said}");
    }

    /// Each step was taken once, and nobody heard more of a rung than were taken.
    async fn counts_steps(&self, house: &mut House) {
        let twice = "SELECT subject, params, COUNT(*) FROM audit WHERE what = 'step_fired' \
                     GROUP BY subject, params HAVING COUNT(*) > 1";
        assert_eq!(house.rows(twice).await, Vec::<Vec<String>>::new(), "a step was taken twice");
        for ((chat, obligation, rung), said) in &self.steps {
            let taken = format!(
                "SELECT COUNT(*) FROM audit a JOIN obligation o ON o.request = a.subject WHERE o.id = '{obligation}' \
                 AND a.what = 'step_fired' AND a.params LIKE '%\"rung.{rung}\"%' \
                 AND a.params LIKE '%kind.' || o.kind || '\"%' AND a.params LIKE '%\"' || o.department || '\"%'"
            );
            let taken = house.count(&taken).await;
            assert!(
                i64::try_from(*said).unwrap() <= taken,
                "{chat} heard {rung} of {obligation} {said} times of {taken}"
            );
        }
    }
}
