//! Reads for people's eyes. Visibility is applied here, once: what somebody may not see is not found.

use std::sync::Arc;

use super::{App, Company, Trouble};
use crate::domain::change::Audit;
use crate::domain::request::{Request, State, Version};
use crate::domain::{PersonId, RequestId, Timestamp};
use crate::store::board::{Filter, Listed};
use crate::store::obligation::Owed;
use crate::store::outbox::Said;
use crate::store::{audit, board, desk, obligation, outbox, request};

/// Rows on a page of a list.
pub const PAGE: i64 = 10;

/// How the service is.
pub struct Pulse {
    /// Requests by state.
    pub requests: Vec<(String, i64)>,
    /// Open obligations.
    pub open: i64,
    /// Overdue ones among them.
    pub overdue: i64,
    /// Notices waiting.
    pub waiting: i64,
    /// The oldest of them.
    pub oldest: Option<Timestamp>,
    /// Dead letters.
    pub dead: i64,
    /// Steps that are late by more than five minutes.
    pub late_steps: i64,
    /// Steps set aside.
    pub set_aside: i64,
    /// Sending is paused since then.
    pub paused_since: Option<Timestamp>,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
}

impl App {
    /// A request as last committed, whoever asks: for cards that were decided to be sent.
    pub async fn file(&self, id: &RequestId) -> Result<Option<Arc<Request>>, Trouble> {
        Ok(self.files.read(&self.db, id).await?)
    }

    /// What a person owes, soonest first.
    pub async fn owed_by(&self, person: &PersonId) -> Result<Vec<Owed>, Trouble> {
        Ok(obligation::of_debtor(&self.db, person.as_str(), 50).await?)
    }

    /// A page of requests that a person may see, narrowed by words; and whether there are more.
    pub async fn list(
        &self,
        person: &PersonId,
        words: &[String],
        page: u32,
    ) -> Result<(Vec<Listed>, bool), Trouble> {
        let company = self.company();
        let now = self.clock.now();
        let mut filter = Filter { reader: company.reader(person, now), ..Filter::default() };
        for word in words {
            narrow(&mut filter, word, (&company, now));
        }
        let skip = i64::from(page.saturating_sub(1)) * PAGE;
        let mut rows = board::list(&self.db, &filter, skip, PAGE + 1).await?;
        let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        Ok((rows, more))
    }

    /// The lines of given requests, in the order given, as far as they exist.
    pub async fn lines(&self, ids: &[RequestId]) -> Result<Vec<Listed>, Trouble> {
        let mut lines = Vec::new();
        for id in ids {
            if let Some(file) = self.file(id).await? {
                lines.push(Listed {
                    id: file.id.clone(),
                    title: file.content.title.clone(),
                    state: file.state,
                    initiator: file.initiator.clone(),
                    department: file.department.clone(),
                    wanted_by: file.content.wanted_by,
                    filed_at: file.filed_at,
                });
            }
        }
        Ok(lines)
    }

    /// The newest lines of a request's history, oldest first.
    pub async fn history(&self, id: &RequestId, most: i64) -> Result<Vec<(Timestamp, Audit)>, Trouble> {
        let lines = audit::history(&self.db, id.as_str(), most).await?;
        Ok(lines.into_iter().map(|line| (line.at, line.audit)).collect())
    }

    /// An older version of a request.
    pub async fn version(&self, id: &RequestId, revision: i64) -> Result<Option<Version>, Trouble> {
        Ok(request::version(&self.db, id, revision).await?)
    }

    /// The steps that fire next, soonest first.
    pub async fn upcoming(&self, most: i64) -> Result<Vec<Owed>, Trouble> {
        Ok(obligation::upcoming(&self.db, most).await?)
    }

    /// The message that a button was pressed on.
    pub async fn said(&self, platform: &str, chat: &str, message: &str) -> Result<Option<Said>, Trouble> {
        Ok(outbox::said_as(&self.db, platform, chat, message).await?)
    }

    /// How a message looks now that it was answered on the spot.
    pub async fn reshown(&self, said: &Said, shown: &str, summary: &str) -> Result<(), Trouble> {
        let mut tx = self.db.begin().await?;
        outbox::reshown(&mut tx, said, shown, summary, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// How the service is.
    pub async fn pulse(&self) -> Result<Pulse, Trouble> {
        let now = self.clock.now();
        let (open, overdue) = board::count_owed(&self.db, now).await?;
        let (waiting, oldest, dead) = outbox::backlog(&self.db).await?;
        let before = now - jiff::SignedDuration::from_mins(5);
        let (late_steps, set_aside) = obligation::overdue_steps(&self.db, before).await?;
        Ok(Pulse {
            requests: board::count_by_state(&self.db).await?,
            open,
            overdue,
            waiting,
            oldest,
            dead,
            late_steps,
            set_aside,
            paused_since: self.paused_since().await?,
            database: if self.db.is_postgres() { "postgres" } else { "sqlite" },
        })
    }

    /// Since when nothing is sent, if sending is paused.
    pub async fn paused_since(&self) -> Result<Option<Timestamp>, Trouble> {
        let switch = desk::switch(&self.db, "sending").await?;
        Ok(switch.filter(|(value, _)| value == "paused").map(|(_, since)| since))
    }

    /// A value that this service keeps for itself across restarts.
    pub async fn kept(&self, name: &str) -> Result<Option<String>, Trouble> {
        Ok(desk::switch(&self.db, name).await?.map(|(value, _)| value))
    }

    /// Keeps such a value unless there is one; the one that is kept. Two replicas that start at once agree on it.
    pub async fn keep_first(&self, name: &str, value: &str) -> Result<String, Trouble> {
        let mut tx = self.db.begin().await?;
        let kept = desk::set_switch_once(&mut tx, name, value, self.clock.now()).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Keeps such a value.
    pub async fn keep(&self, name: &str, value: &str) -> Result<(), Trouble> {
        let mut tx = self.db.begin().await?;
        desk::set_switch(&mut tx, name, value, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A word of `/list`: a state, "overdue", a department, a person, or a piece of the title.
fn narrow(filter: &mut Filter, word: &str, (company, now): (&Company, Timestamp)) {
    const STATES: [(State, [&str; 3]); 9] = [
        (State::InReview, ["in_review", "审批中", "review"]),
        (State::Returned, ["returned", "已退回", "退回"]),
        (State::Confirming, ["confirming", "确认中", "待确认"]),
        (State::Confirmed, ["confirmed", "已确认", "已完成确认"]),
        (State::Withdrawn, ["withdrawn", "已撤回", "撤回"]),
        (State::Cancelled, ["cancelled", "已取消", "取消"]),
        (State::InProgress, ["in_progress", "进行中", "doing"]),
        (State::Delivered, ["delivered", "待验收", "验收"]),
        (State::Accepted, ["completed", "已完成", "已验收"]),
    ];
    let lower = word.to_lowercase();
    let state = STATES.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(state, _)| *state);
    let departments = company.directory.find_department(word);
    let people = company.directory.find_person(word);
    if state.is_some() {
        filter.state = state;
    } else if matches!(lower.as_str(), "逾期" | "overdue" | "late") {
        filter.overdue_at = Some(now);
    } else if let [department] = departments.as_slice() {
        filter.department = Some(department.id.clone());
    } else if let [person] = people.as_slice() {
        filter.person = Some(person.id.clone());
    } else if let Some(free) = filter.words.iter_mut().find(|w| w.is_none()) {
        *free = Some(word.to_owned());
    }
}
