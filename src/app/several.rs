//! One intent, several acts: each in a transaction of its own, with its own key, permission, line of history and refusal.
//!
//! Invariants: what is to be done is settled once, under `<event>/plan`, so that a redelivery means the same requests;
//! the acts are keyed `<event>/<n>`, so that one that was done before gives its first answer; the event itself is claimed
//! last, with the card that lists each. A crash anywhere is completed by the next delivery, and nothing is done twice.

use std::collections::BTreeMap;

use super::{App, Heard, Trouble};
use crate::domain::PersonId;
use crate::domain::change::{Bulk, Each, Refusal, Reply, View};
use crate::domain::obligation::Kind;
use crate::domain::request::Request;
use crate::intent::{Intent, Want};
use crate::store::inbox::{self, Claim};
use crate::store::obligation::Owed;
use crate::store::request;

/// Acts in one go; the rest is left for another time.
const MOST: usize = 50;

impl App {
    /// Carries out several acts and answers with what came of each.
    pub(super) async fn several(&self, intent: &Intent) -> Result<Heard, Trouble> {
        let Want::Several { doing, reason, .. } = &intent.want else {
            return Err(Trouble::broken("several acts of one"));
        };
        let Some(person) = self.company().person_of(&intent.account) else {
            let reply = Reply::Refused { refusal: Refusal::UnknownPerson, request: None };
            return self.answered(intent, reply).await;
        };
        let mut plan = self.plan(intent, &person).await?;
        if let Reply::View(View::Several { each, .. }) = &mut plan {
            for (n, one) in (1..).zip(each.iter_mut()) {
                let alone = Intent {
                    key: format!("{}/{n}", intent.key),
                    want: alone(*doing, one, reason.as_deref()),
                    values: BTreeMap::new(),
                    ..intent.clone()
                };
                one.reply = self.act(&alone, true).await?.reply;
            }
        }
        self.answered(intent, plan).await
    }

    /// What is meant, settled at the first delivery.
    async fn plan(&self, intent: &Intent, person: &PersonId) -> Result<Reply, Trouble> {
        let key = format!("{}/plan", intent.key);
        let mut tx = self.db.begin().await?;
        if let Claim::Repeated(plan) = inbox::claim(&mut tx, &key, self.clock.machine()).await? {
            tx.commit().await?;
            return Ok(plan);
        }
        let plan = self.meant_by(intent, person).await?;
        let mut out = crate::store::batch::Batch::default();
        inbox::answer(&mut out, &key, &plan)?;
        out.write(&mut tx).await?;
        tx.commit().await?;
        Ok(plan)
    }

    async fn meant_by(&self, intent: &Intent, person: &PersonId) -> Result<Reply, Trouble> {
        let Want::Several { doing, requests, department, .. } = &intent.want else {
            return Ok(Reply::Silent);
        };
        let one = |number: &str, department: Option<String>, version| Each {
            number: number.to_owned(),
            department,
            version,
            reply: Reply::Silent,
        };
        let mut each: Vec<Each> = match intent.values.get(doing.name()) {
            Some(chosen) => {
                chosen.split(',').filter(|c| !c.trim().is_empty()).filter_map(chosen_one).collect()
            }
            None if requests.is_empty() => {
                let all = self.choosable(person).await?.into_iter().filter(|(what, ..)| what == doing);
                let own =
                    |o: &Owed| Some(o.obligation.department.to_string()).filter(|_| *doing == Bulk::Confirm);
                all.map(|(_, owed, _)| one(owed.request.as_str(), own(&owed), None)).collect()
            }
            None => requests.iter().map(|number| one(number, department.clone(), None)).collect(),
        };
        each.dedup_by(|a, b| a.number == b.number && a.department == b.department);
        let more = each.len().saturating_sub(MOST);
        each.truncate(MOST);
        if each.is_empty() {
            let chosen = intent.values.contains_key(doing.name());
            let refusal = if chosen { Refusal::NothingChosen } else { Refusal::NothingAtHand };
            return Ok(Reply::Refused { refusal, request: None });
        }
        Ok(Reply::View(View::Several { doing: *doing, each, more }))
    }

    /// The last step: the event itself is claimed, with the answer.
    async fn answered(&self, intent: &Intent, reply: Reply) -> Result<Heard, Trouble> {
        let refused = matches!(reply, Reply::Refused { .. });
        let pressed = refused && !intent.values.is_empty();
        let mut act = self.begins(intent, pressed, self.db.begin().await?);
        let person = act.person.clone();
        if let Claim::Repeated(reply) = inbox::claim(&mut act.tx, &intent.key, self.clock.machine()).await? {
            act.tx.commit().await?;
            return Ok(Heard::answer(reply, person));
        }
        let reply = act.route(reply)?;
        inbox::answer(&mut act.out, &intent.key, &reply)?;
        act.out.write(&mut act.tx).await?;
        let saved = self.commit(act.tx, act.saved, act.reload).await?;
        Ok(Heard { reply, person, saved })
    }

    /// What a person can confirm, approve or urge now, soonest first, with the content version of each.
    pub async fn choosable(&self, person: &PersonId) -> Result<Vec<(Bulk, Owed, i64)>, Trouble> {
        let mut found = Vec::new();
        for owed in self.owed_by(person).await? {
            let doing = match owed.obligation.kind {
                Kind::ConfirmRequest => Bulk::Confirm,
                Kind::ApproveRequest => Bulk::Approve,
                Kind::AnswerObjection
                | Kind::Arbitrate
                | Kind::FinishTask
                | Kind::ReportProgress
                | Kind::AcceptDelivery
                | Kind::Decide
                | Kind::RespondIssue
                | Kind::StartCoordination
                | Kind::UpdateIssue
                | Kind::ResolveIssue
                | Kind::CloseIssue
                | Kind::Improve => continue,
            };
            let revision = self.file(&owed.request).await?.map(|file| file.revision);
            found.extend(revision.map(|revision| (doing, owed, revision)));
        }
        for id in request::filed_by(&self.db, person, i64::try_from(MOST).unwrap_or(i64::MAX)).await? {
            let Some(file) = self.file(&id).await? else { continue };
            found.extend(urgeable(&file, person).map(|owed| (Bulk::Urge, owed, file.revision)));
        }
        found.sort_by_key(|(_, owed, _)| owed.obligation.due_at);
        Ok(found)
    }
}

/// What somebody else owes on a request: the first of it stands for all, one urge reminds them all.
fn urgeable(file: &Request, person: &PersonId) -> Option<Owed> {
    let obligation = file.owed().filter(|o| &o.debtor.person != person).min_by_key(|o| o.due_at)?.clone();
    Some(Owed { request: file.id.clone(), title: file.content.title.clone(), obligation })
}

/// `number|department|version`, as the options of the form carry it.
fn chosen_one(option: &str) -> Option<Each> {
    let mut parts = option.trim().split('|');
    let number = parts.next()?.to_owned();
    let department = parts.next().filter(|d| !d.is_empty()).map(str::to_owned);
    // What does not read as one of our options decides nothing: a version that never was is refused as an old one.
    let version = Some(parts.next().and_then(|v| v.parse().ok()).unwrap_or(0));
    Some(Each { number, department, version, reply: Reply::Silent })
}

/// The want for one of them.
fn alone(doing: Bulk, one: &Each, reason: Option<&str>) -> Want {
    let request = Some(one.number.clone());
    let (department, version) = (one.department.clone(), one.version);
    match doing {
        Bulk::Confirm => Want::Confirm { request, department, version },
        Bulk::Approve => Want::Approve { request, version },
        Bulk::Urge => Want::Urge { request, reason: reason.map(str::to_owned) },
    }
}
