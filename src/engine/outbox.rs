//! Notices on their way: leased, looked at again, worded, sent, finished.

use std::time::Duration;

use futures_util::StreamExt;
use jiff::SignedDuration;

use super::deliver::{self, Delivery, Route};
use super::digest::Ready;
use super::setback::{Setback, in_doubt};
use super::stage::request_of;
use super::together::{Bundle, Letter, Posted};
use super::{Engine, doubt, lease_of};
use crate::app::Trouble;
use crate::card::Card;
use crate::clock;
use crate::crash::{self, Point};
use crate::domain::change::{Notice, To, What};
use crate::domain::kind;
use crate::domain::quiet::Class;
use crate::domain::request::Tick;
use crate::domain::{PersonId, RequestId, Timestamp};
use crate::messenger::{SendError, Sent};
use crate::store::batch::Batch;
use crate::store::outbox::{self, End, Posting, Said, Tried, Waiting};
use crate::store::{DbError, digest, obligation};

/// Lanes served at once.
const BATCH: i64 = 128;
/// Requests served side by side.
const SIDE_BY_SIDE: usize = 16;
/// How long after an act its cards are updated, where the answer shows the new card to whoever pressed.
const AFTER_ANSWER: SignedDuration = SignedDuration::from_millis(700);
/// What a messenger's pace holds back for no longer than this is still on its way.
const A_MOMENT: SignedDuration = SignedDuration::from_secs(2);
/// Late steps said in one message.
const MOST_MERGED: i64 = 20;

impl Engine {
    /// Delivers what may go now, one row per lane; how many were looked at.
    pub(super) async fn deliver_ready(&self) -> Result<usize, Trouble> {
        if self.app.paused_since().await?.is_some() {
            self.metrics.held(self.app.clock().now());
            return Ok(0);
        }
        let (machine, until) = self.lease();
        // A look costs no turn at the writer; leasing does.
        if !outbox::any_ready(self.app.db(), self.app.clock().now(), machine).await? {
            return Ok(0);
        }
        let lease = lease_of(&self.owner, (machine, until));
        let leased = outbox::lease(self.app.db(), self.app.clock().now(), lease, BATCH).await;
        if leased.as_ref().is_err_and(DbError::is_transient) {
            outbox::relearn(self.app.db()).await?;
        }
        let rows = leased?;
        crash::here(Point::OutboxLeased);
        let count = rows.len();
        self.in_hand.takes(&rows);
        // What concerns one request leaves in order: the late person hears before the boss.
        let mut by_request: Vec<Vec<Waiting>> = Vec::new();
        for row in rows {
            let same =
                |group: &&mut Vec<Waiting>| group.first().is_some_and(|first| self.is_beside(first, &row));
            match by_request.iter_mut().find(same) {
                Some(group) => group.push(row),
                None => by_request.push(vec![row]),
            }
        }
        by_request.sort_by_key(|group| !group.iter().any(is_awaited));
        let work = futures_util::stream::iter(by_request)
            .for_each_concurrent(SIDE_BY_SIDE, |group| self.deliver_in_order(group));
        self.keeping_hold(work).await;
        self.in_hand.lets_go();
        Ok(count)
    }

    async fn deliver_in_order(&self, group: Vec<Waiting>) {
        let mut bundle = Bundle::default();
        for row in group {
            if let Err(trouble) = self.deliver(&row, &mut bundle).await {
                tracing::warn!(outbox.key = %row.id, "a delivery is left to its lease: {trouble}");
            }
        }
        self.say_rest(&mut bundle).await;
    }

    async fn deliver(&self, row: &Waiting, bundle: &mut Bundle) -> Result<(), Trouble> {
        let piloted = self.in_pilot(row).await?;
        let row = &*piloted;
        if let What::Refresh { request } = &row.notice.what {
            self.say_rest(bundle).await;
            if let Some(later) = self.after_answer(row) {
                return self.put_back(row, later, Tried::Not).await;
            }
            return match self.refresh_cards(request).await? {
                Ok(()) => self.finish(row, (End::Sent, None)).await,
                Err((platform, error)) => {
                    // How a card looks is set, not said: there is no doubt to remember.
                    self.failed(row, (&platform, Duration::ZERO), error).await.map(drop)
                }
            };
        }
        if let Some(until) = self.quiet_until(row) {
            let retry = self.app.clock().machine();
            outbox::put_back(self.app.db(), row, &self.owner, (retry, until), Tried::Not).await?;
            crash::here(Point::OutboxPutBack);
            return Ok(());
        }
        let Some(row) = &self.behind_the_night(row).await? else { return Ok(()) };
        let route = match self.route(row).await? {
            Route::To(delivery) => delivery,
            Route::Nobody => return self.finish(row, (End::Moot, Some("nobody to tell"))).await,
            Route::Instead(people) => return self.spread(row, people).await,
        };
        if self.held(row, &route).await? {
            return Ok(());
        }
        match row.held_for {
            Some(_) => self.deliver_digest(row, route, bundle).await,
            None => match self.ready(row, route.person.as_ref()).await? {
                Some(ready) => self.send(row, (route, ready), bundle).await,
                None => self.finish(row, (End::Moot, None)).await,
            },
        }
    }

    /// What waited for the morning stands behind what was said meanwhile: its key is made now, unless an earlier try may
    /// have said it. `None`: another replica has it.
    async fn behind_the_night(&self, row: &Waiting) -> Result<Option<Waiting>, Trouble> {
        let company = self.app.company();
        let calendar = &company.calendar;
        let before = row.due.checked_sub(SignedDuration::from_millis(1)).unwrap_or(row.due);
        let waited =
            deliver::waits_for_morning(row) && calendar.is_quiet(before) && !calendar.is_quiet(row.due);
        let mut row = row.clone();
        if waited && row.unsure_since.is_none() {
            let key = clock::fresh_id();
            if !digest::rekey(self.app.db(), &row, &self.owner, &key).await? {
                return Ok(None);
            }
            crash::here(Point::OutboxRekeyed);
            row.id = key;
        }
        Ok(Some(row))
    }

    /// What goes out now, further late reminders with it; `None`: nothing is left to say.
    async fn ready(&self, row: &Waiting, person: Option<&PersonId>) -> Result<Option<Ready>, Trouble> {
        let with = self.merged(row, person).await?;
        let what = match with.as_slice() {
            [] => row.notice.what.clone(),
            more => {
                let all = std::iter::once(row).chain(more).map(|w| w.notice.what.clone());
                What::Merged(all.collect())
            }
        };
        if let Some(card) = self.card_to_send(row, &what, person).await? {
            let card = self.dressed(card, &row.notice.to);
            return Ok(Some(Ready { with, what, card }));
        }
        for other in &with {
            self.finish(other, (End::Moot, None)).await?;
        }
        Ok(None)
    }

    /// What goes out now. What an earlier try may have said is out there, perhaps: it is not dropped but said as it
    /// stands now, so that its message becomes known and is brought up to date. A lease that ran out without a failure is
    /// no such try: then nothing about a done thing is said.
    async fn card_to_send(
        &self,
        row: &Waiting,
        what: &What,
        person: Option<&PersonId>,
    ) -> Result<Option<Card>, Trouble> {
        match self.card_of(what, person, false).await? {
            None if row.unsure_since.is_some() && row.failures > 0 => self.card_of(what, person, true).await,
            card => Ok(card),
        }
    }

    pub(super) async fn send(
        &self,
        row: &Waiting,
        (route, ready): (Delivery, Ready),
        bundle: &mut Bundle,
    ) -> Result<(), Trouble> {
        if let Some(why) = in_doubt(row, route.messenger.remembers()) {
            let setback = Setback::until(self.app.clock().machine());
            self.put_back_with(&ready.with, &setback).await?;
            return self.give_up(row, &why).await;
        }
        if doubt::said_again(row, route.messenger.remembers()) {
            self.metrics.count("said_again");
        }
        let mut face = self.face(route.messenger.as_ref(), &ready.card, route.person.as_ref());
        face.picture = Box::pin(self.hung(&route, &ready.card)).await;
        let (platform, envelope) = (route.messenger.platform(), route.envelope(row, face));
        let rest = Posted { row: row.clone(), route, ready };
        crash::here(Point::OutboxWorded);
        Box::pin(self.say(Letter { platform, envelope, rest }, bundle)).await
    }

    /// What became of a letter.
    pub(super) async fn conclude(
        &self,
        letter: Letter,
        done: Result<Sent, SendError>,
    ) -> Result<(), Trouble> {
        let Posted { row, route, ready: Ready { with, what, card } } = &letter.rest;
        match done {
            Ok(sent) => {
                crash::here(Point::OutboxSaid);
                self.reach.took(route.messenger.platform());
                self.metrics.count("sent");
                self.metrics.count(&format!("sent_{}", Class::of(&row.notice).name()));
                for each in std::iter::once(row).chain(with) {
                    self.metrics.delivered(Class::of(&each.notice), each.due, self.app.clock().now());
                    self.say_delivered(each).await?;
                }
                crash::here(Point::OutboxDelivered);
                let summary = &letter.envelope.face.summary;
                let said = self.said_of(row, (route, &sent), (what.clone(), card, summary));
                self.finish_said(row, with, &said).await
            }
            Err(error) => {
                let (platform, remembers) = (route.messenger.platform(), route.messenger.remembers());
                let setback = self.failed(row, (platform, remembers), error).await?;
                self.put_back_with(with, &setback).await
            }
        }
    }

    /// Silence counts from now on. Said before the row is finished: a crash in between says it twice, which is once.
    async fn say_delivered(&self, row: &Waiting) -> Result<(), Trouble> {
        let (Some(obligation), Some(request)) = (outbox::starts(row), &row.request) else { return Ok(()) };
        let at = self.app.clock().now();
        let tick = Tick::Delivered { obligation: obligation.clone(), at };
        self.app.tick(&format!("{obligation}/delivered"), request, &tick).await?;
        Ok(())
    }

    fn said_of(
        &self,
        row: &Waiting,
        (route, sent): (&Delivery, &Sent),
        (what, card, summary): (What, &Card, &str),
    ) -> Said {
        let mut notice = row.notice.clone();
        notice.what = what;
        Said {
            id: row.id.clone(),
            platform: route.messenger.platform().to_owned(),
            chat: sent.chat.to_string(),
            message: sent.message.to_string(),
            person: route.person.as_ref().map(ToString::to_string),
            request: if row.held_for.is_some() { request_of(&notice.what) } else { row.request.clone() },
            notice,
            // Under a key that the messenger knows already it may have kept the card of the earlier try.
            shown: if row.unsure_since.is_some() { String::new() } else { super::deliver::fingerprint(card) },
            summary: summary.to_owned(),
        }
    }

    async fn finish_said(&self, row: &Waiting, with: &[Waiting], said: &Said) -> Result<(), Trouble> {
        let now = self.app.clock().now();
        let mut tx = self.app.db().begin().await?;
        if outbox::finish(&mut tx, row, &self.owner, (End::Sent, None), now).await? {
            let counted = said.person.is_some() && Class::of(&row.notice) != Class::Free;
            let today = counted.then(|| self.app.company().calendar.date_of(now));
            outbox::said(&mut tx, said, today, now).await?;
            digest::said_with(&mut tx, with, &self.owner, now).await?;
            with.iter().for_each(|_| self.metrics.count("merged"));
            if let Some(request) = said.request.as_ref().filter(|_| said.shown.is_empty()) {
                let mut out = Batch::default();
                refresh(&mut out, request, now)?;
                out.write(&mut tx).await?;
            }
        } else {
            self.metrics.count("fenced");
        }
        tx.commit().await?;
        crash::here(Point::OutboxFinished);
        Ok(())
    }

    pub(super) async fn finish(&self, row: &Waiting, end: (End, Option<&str>)) -> Result<(), Trouble> {
        let now = self.app.clock().now();
        let mut tx = self.app.db().begin().await?;
        let held = outbox::finish(&mut tx, row, &self.owner, end, now).await?;
        tx.commit().await?;
        crash::here(Point::OutboxMoot);
        self.metrics.count(match (held, end.0) {
            (false, _) => "fenced",
            (true, End::Moot) => "moot",
            (true, End::Dead) => "dead",
            (true, End::Sent) => "finished",
        });
        Ok(())
    }

    /// A card that is shown in the answer to a button and updated beside it may fall back to its old face: the update
    /// comes after the answer.
    fn after_answer(&self, row: &Waiting) -> Option<Timestamp> {
        let beside = self.messengers.iter().any(|messenger| !messenger.answers_for_all());
        let later = clock::made_at(&row.id).filter(|_| beside)? + AFTER_ANSWER;
        (row.leased_at < later).then_some(later)
    }

    /// Further late steps for the same person or the managers' group, leased with this one; what is done by now is left
    /// out. None when this one itself is done: then each goes its own way.
    async fn merged(&self, row: &Waiting, person: Option<&PersonId>) -> Result<Vec<Waiting>, Trouble> {
        let is_late = row.notice.late && !row.notice.urgent;
        let may = is_late && matches!(row.notice.to, To::Person(_) | To::Managers);
        if !may || self.card_of(&row.notice.what, person, false).await?.is_none() {
            return Ok(Vec::new());
        }
        let (now, until) = self.lease();
        let lease = lease_of(&self.owner, (now, until));
        let reach = (self.app.clock().now(), MOST_MERGED);
        let mut owed = Vec::new();
        let more = outbox::lease_more(self.app.db(), row, lease, reach).await?;
        self.in_hand.takes(&more);
        if !more.is_empty() {
            crash::here(Point::OutboxMerged);
        }
        for other in more {
            match self.card_of(&other.notice.what, person, false).await? {
                Some(_) => owed.push(other),
                None => self.finish(&other, (End::Moot, None)).await?,
            }
        }
        Ok(owed)
    }

    /// Whether nothing is left that is due now and that anybody may take up. To be asked between two passes: what this
    /// replica has leased then was left to its lease, and nobody is at work on it.
    pub(super) async fn nothing_waits(&self) -> Result<bool, Trouble> {
        let (machine, now) = (self.app.clock().machine(), self.app.clock().now());
        if obligation::next_due(self.app.db()).await?.is_some_and(|due| due <= now) {
            return Ok(false);
        }
        if self.app.paused_since().await?.is_some() {
            return Ok(true);
        }
        Ok(!outbox::any_first(self.app.db(), &self.owner, now, (machine, machine + A_MOMENT)).await?)
    }
}

/// Has the cards about a request brought up to date.
fn refresh(out: &mut Batch, request: &RequestId, now: Timestamp) -> Result<(), DbError> {
    let (to, what) = (To::Cards(request.clone()), What::Refresh { request: request.clone() });
    let notice = Notice { to, what, urgent: false, late: false, starts: None };
    let (id, lane) = (clock::fresh_id(), format!("cards:{request}"));
    outbox::post(out, &Posting { id: &id, lane: &lane, request: Some(request), notice: &notice, now })
}

/// Whether somebody waits for what it says.
fn is_awaited(row: &Waiting) -> bool {
    kind::FIRST.contains(&kind::of(&row.notice.what))
}
