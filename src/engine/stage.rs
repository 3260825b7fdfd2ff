//! Sets the scene of a card: looks up what it shows, as it is now, for one reader.

use std::sync::Arc;

use super::{Engine, deliver};
use crate::app::{App, Company, Heard, Trouble};
use crate::card::answer::{Answer, answer};
use crate::card::scene::{Line, Scene, ViewData};
use crate::card::{Card, notice, summary};
use crate::domain::change::{FormKind, Notice, Refusal, Reply, View, What};
use crate::domain::directory::Role;
use crate::domain::mask::Names;
use crate::domain::request::{Request, Version};
use crate::domain::{Lang, PersonId, RequestId, Timestamp};
use crate::store::outbox::Said;

mod digest;
pub mod pages;
mod views;

/// Everything a scene borrows.
struct Stage {
    company: Arc<Company>,
    reader: Option<PersonId>,
    now: Timestamp,
    request: Option<Arc<Request>>,
    history: Vec<Line>,
    earlier: Option<Version>,
    view: ViewData,
    masks: bool,
}

impl Stage {
    fn scene(&self) -> Scene<'_> {
        Scene {
            reader: self.reader.as_ref(),
            lang: self.language(),
            now: self.now,
            zone: self.company.calendar.time_zone(),
            today: self.company.calendar.date_of(self.now),
            calendar: &self.company.calendar,
            directory: &self.company.directory,
            request: self.request.as_deref(),
            history: &self.history,
            earlier: self.earlier.as_ref(),
            view: &self.view,
            masks: self.masks,
        }
    }

    /// The request, if its reader may not see it: since the answer was given, or since the card was sent.
    fn hidden(&self) -> Option<&Request> {
        let (reader, request) = (self.reader.as_ref()?, self.request.as_deref()?);
        (!request.case(self.company.rules(self.now)).sees(reader)).then_some(request)
    }

    /// Whether the reader has no part in the request, and names are masked for such readers.
    fn masks_for(&self, what: &What) -> bool {
        match (&self.reader, self.request.as_deref()) {
            (Some(reader), Some(request)) => !self.was_told_instead(what) && self.is_outside(request, reader),
            (None, _) | (_, None) => false,
        }
    }

    fn is_outside(&self, request: &Request, reader: &PersonId) -> bool {
        self.company.policy.mask_names == Names::Outside
            && !request.case(self.company.rules(self.now)).is_inside(reader)
    }

    /// Administrators hear what is meant for a group that nobody bound, and whom no message reaches: that stays as it was
    /// said to them, though the request itself is not theirs to see.
    fn was_told_instead(&self, what: &What) -> bool {
        let directory = &self.company.directory;
        let administers = |reader: &PersonId| directory.has_role(reader, Role::Administrator);
        matches!(what, What::Step { .. } | What::Undeliverable { .. })
            && self.reader.as_ref().is_some_and(administers)
    }

    fn language(&self) -> Lang {
        self.company.language(self.reader.as_ref())
    }
}

/// Lines of history on a card.
const HISTORY: i64 = 30;

impl Engine {
    /// The card of a notice for a reader; `None` when there is nothing (any more) to say. `sent`: it is out there
    /// already and only brought up to date.
    pub async fn card_of(
        &self,
        what: &What,
        reader: Option<&PersonId>,
        sent: bool,
    ) -> Result<Option<Card>, Trouble> {
        self.card_knowing(&[], what, reader, sent).await
    }

    /// The same where some files were read or committed just now.
    async fn card_knowing(
        &self,
        known: &[Arc<Request>],
        what: &What,
        reader: Option<&PersonId>,
        sent: bool,
    ) -> Result<Option<Card>, Trouble> {
        let mut stage = stage(&self.app, known, what, reader).await?;
        if let Some(way) = self.way_to_board(what, reader) {
            stage.view = way;
        }
        let asks = matches!(what, What::Answer(Reply::View(_)));
        let hides = asks || (sent && !stage.was_told_instead(what));
        if let Some(request) = stage.hidden().filter(|_| hides) {
            let refusal = Refusal::NotFound { typed: request.id.to_string() };
            let gone = What::Answer(Reply::Refused { refusal, request: None });
            return Ok(notice::notice(&gone, &stage.scene(), sent));
        }
        Ok(notice::notice(what, &stage.scene(), sent))
    }

    /// The link of a card that leads to the pages: made anew each time the card is drawn, for its reader alone.
    fn way_to_board(&self, what: &What, reader: Option<&PersonId>) -> Option<ViewData> {
        let What::Answer(Reply::View(View::Board { request })) = what else { return None };
        let now = self.app.clock().machine();
        Some(ViewData::Board(self.links().passes().link(reader?, request.as_ref(), now)))
    }

    /// What somebody who pressed a button sees at once: a toast, and the card that stands there now.
    pub async fn pressed(&self, heard: &Heard, said: Option<&Said>) -> Result<Answer, Trouble> {
        let reader = heard.person.as_ref();
        let what = What::Answer(heard.reply.clone());
        let stage = stage(&self.app, &heard.saved, &what, reader).await?;
        let mut answer = answer(&heard.reply, &stage.scene());
        if let Reply::Form(_) = heard.reply {
            // A form that came back stands where it stood; what was typed is in it.
            return Ok(answer);
        }
        let Some(said) = said else { return Ok(answer) };
        let is_form = matches!(&said.notice.what, What::Answer(Reply::Form(_)));
        let spent = is_form && matches!(heard.reply, Reply::Done { .. });
        let mut now = said.clone();
        if spent {
            now.notice = Notice { what: What::Answer(heard.reply.clone()), ..said.notice.clone() };
        }
        let old_reader = said.person.clone().map(PersonId::new);
        answer.card = match is_form && !spent {
            true => None,
            false => {
                let known = stage.request.as_slice();
                let card = self.card_knowing(known, &now.notice.what, old_reader.as_ref(), true).await?;
                card.map(|card| self.dressed(card, &now.notice.to))
            }
        };
        if let Some(card) = &answer.card {
            let seen_by_all = self.messenger(&said.platform).is_some_and(|m| m.answers_for_all());
            // Others may still see the old face: then it is not noted as shown, and the update that follows shows it.
            if seen_by_all {
                self.app.reshown(&now, &deliver::fingerprint(card), &summary(card)).await?;
            } else if spent {
                self.app.reshown(&now, "", &summary(card)).await?;
            }
        }
        Ok(answer)
    }
}

async fn stage(
    app: &App,
    known: &[Arc<Request>],
    what: &What,
    reader: Option<&PersonId>,
) -> Result<Stage, Trouble> {
    let company = app.company();
    let now = app.clock().now();
    let about = request_of(what);
    let request = match &about {
        Some(id) => match known.iter().find(|file| file.id == *id) {
            Some(file) => Some(app.newest(file)),
            None => app.file(id).await?,
        },
        None => None,
    };
    let history = match (&about, what) {
        (Some(id), What::Answer(Reply::View(View::Show { .. } | View::Issue { .. }))) => {
            let lines = app.history(id, HISTORY).await?;
            lines.into_iter().map(|(at, audit)| Line { at, audit }).collect()
        }
        _ => Vec::new(),
    };
    let earlier = match what {
        What::Revised { request, from, .. } => app.version(request, *from).await?,
        _ => None,
    };
    let mut stage = Stage {
        company,
        reader: reader.cloned(),
        now,
        request,
        history,
        earlier,
        view: ViewData::Nothing,
        masks: false,
    };
    stage.masks = stage.masks_for(what);
    match what {
        What::Answer(Reply::View(view)) => stage.view = views::look_up(app, view, &stage).await?,
        What::Answer(Reply::Form(form)) if form.form == FormKind::Request && form.request.is_none() => {
            stage.view = views::offers(app, &stage).await?;
        }
        What::Answer(Reply::Form(form)) if form.form == FormKind::Route => {
            stage.view = views::route(app, form, &stage).await?;
        }
        What::Merged(all) => stage.view = views::still_owed(app, all).await?,
        What::Nudge { .. } => stage.view = views::to_report(app, &stage).await?,
        // The rows of the form are worded from their tasks.
        What::Answer(Reply::Form(form)) if form.form == FormKind::Progress => {
            stage.view = views::to_report(app, &stage).await?;
        }
        What::Digest(all) => stage.view = digest::parts(app, all, reader).await?,
        _ => {}
    }
    Ok(stage)
}

/// What a notice is about; several: the first of them.
pub(super) fn request_of(what: &What) -> Option<RequestId> {
    match what {
        What::Asked { request, .. }
        | What::Step { request, .. }
        | What::Urged { request, .. }
        | What::News { request, .. }
        | What::Revised { request, .. }
        | What::Undeliverable { request, .. }
        | What::Promised { request, .. }
        | What::RiskFired { request, .. }
        | What::Trouble { request, .. }
        | What::Refresh { request }
        | What::Evening { request, .. }
        | What::Answer(Reply::View(
            View::Show { request }
            | View::Board { request: Some(request) }
            | View::Why { request }
            | View::Tasks { request }
            | View::Decision { request, .. }
            | View::Risks { request }
            | View::Issue { request, .. }
            | View::Improvement { request, .. },
        )) => Some(request.clone()),
        What::Answer(Reply::Done { request, .. } | Reply::Refused { request, .. }) => request.clone(),
        What::Answer(Reply::Form(form)) => form.request.clone(),
        What::Answer(Reply::View(_) | Reply::Silent)
        | What::Alarm { .. }
        | What::Note { .. }
        | What::Nudge { .. } => None,
        What::Merged(all) | What::Digest(all) => all.first().and_then(request_of),
    }
}
