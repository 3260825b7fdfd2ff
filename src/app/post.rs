//! Notices → rows of the outbox. A lane is one chat, so that what is said there keeps its order.

use super::{Act, Trouble};
use crate::clock;
use crate::domain::change::{Change, Notice, Reply, To, What};
use crate::domain::{RequestId, Timestamp};
use crate::intent::PlaceKind;
use crate::store::DbError;
use crate::store::batch::Batch;
use crate::store::outbox::{self, Posting};

/// Posts what others hear of a change; `refresh` also brings the cards up to date that are out there.
pub(super) fn notices(
    out: &mut Batch,
    change: &Change,
    now: Timestamp,
    refresh: bool,
) -> Result<(), DbError> {
    let request = &change.request.id;
    for notice in &change.notices {
        one(out, Some(request), notice, now)?;
    }
    if refresh {
        let what = What::Refresh { request: request.clone() };
        one(out, Some(request), &plain(To::Cards(request.clone()), what), now)?;
    }
    Ok(())
}

/// Posts the answer to words, or to a button that opens something to read.
pub(super) fn answer(act: &mut Act<'_>, reply: &Reply) -> Result<(), Trouble> {
    let place = &act.intent.place;
    let to = match &act.person {
        Some(person) if act.is_personal(reply) => To::Person(person.clone()),
        reader => To::Place {
            platform: place.platform.clone(),
            chat: place.chat.to_string(),
            message: place.message.as_ref().map(ToString::to_string),
            private: place.kind == PlaceKind::Private,
            reader: reader.clone(),
        },
    };
    let request = about(reply);
    one(&mut act.out, request.as_ref(), &plain(to, What::Answer(reply.clone())), act.now)?;
    Ok(())
}

/// Posts one notice.
pub(super) fn one(
    out: &mut Batch,
    request: Option<&RequestId>,
    notice: &Notice,
    now: Timestamp,
) -> Result<(), DbError> {
    let lane = lane(&notice.to);
    let id = clock::fresh_id();
    outbox::post(out, &Posting { id: &id, lane: &lane, request, notice, now })
}

/// A notice that is neither urgent nor late.
pub(super) fn plain(to: To, what: What) -> Notice {
    Notice { to, what, urgent: false, late: false, starts: None }
}

/// The line in which what goes there stays in order.
pub fn lane(to: &To) -> String {
    match to {
        To::Person(person) => format!("person:{person}"),
        To::Managers => "managers".to_owned(),
        To::Project(request) => format!("project:{request}"),
        To::Pilot { .. } => "pilot".to_owned(),
        To::Issues => "issues".to_owned(),
        To::Cards(request) => format!("cards:{request}"),
        To::Place { private: true, reader: Some(person), .. } => format!("person:{person}"),
        To::Place { platform, chat, .. } => format!("chat:{platform}:{chat}"),
    }
}

fn about(reply: &Reply) -> Option<RequestId> {
    match reply {
        Reply::Done { request, .. } | Reply::Refused { request, .. } => request.clone(),
        Reply::Form(form) => form.request.clone(),
        Reply::View(view) => view.follows().cloned(),
        Reply::Silent => None,
    }
}
