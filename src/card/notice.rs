//! Notice → card: the table of contents of everything that the service says.

use super::scene::Scene;
use super::{Card, answer, asked, clean, digest, issue, ladder, merged, news, progress, request, risk, task};
use crate::domain::ObligationId;
use crate::domain::change::{Reply, View, What};
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::request::{Request, State};

/// The card of a notice. `None`: there is nothing (any more) to say. `sent`: the card is out there already and is
/// only brought up to date, so one about an answered thing shows the answer instead of going away.
pub fn notice(what: &What, scene: &Scene, sent: bool) -> Option<Card> {
    let drawn = match what {
        What::Asked { obligation, .. } => {
            live(obligation, scene, sent).and_then(|(file, _)| asked::card(obligation, file, scene))
        }
        What::Revised { obligation, department, .. } => live(obligation, scene, sent)
            .and_then(|(file, _)| asked::revised(obligation, (file, department), scene)),
        What::Step { obligation, rung, .. } => {
            live(obligation, scene, sent).and_then(|(file, open)| match open {
                Some(open) if open.kind == Kind::FinishTask => Some(task::step(open, *rung, file, scene)),
                Some(open) => Some(ladder::step(open, *rung, file, scene)),
                None => asked::card(obligation, file, scene),
            })
        }
        What::Urged { obligation, by, reason, .. } => {
            live(obligation, scene, sent).and_then(|(file, open)| match open {
                Some(open) => Some(ladder::urged(open, (by, reason), file, scene)),
                None => asked::card(obligation, file, scene),
            })
        }
        What::Promised { obligation, .. } => {
            live(obligation, scene, sent).and_then(|(file, open)| match open {
                Some(open) => Some(ladder::promised(open, file, scene)),
                None => asked::card(obligation, file, scene),
            })
        }
        What::Undeliverable { obligation, person, .. } => {
            scene.request.and_then(|file| ladder::undeliverable(obligation, person, file, scene))
        }
        What::News { news, with, .. } => scene.request.map(|file| news::card(news, with, file, scene)),
        What::Note { note, with } => Some(news::note(note, with, scene)),
        What::Alarm { alarm, with } => Some(news::alarm(alarm, with, scene)),
        What::Answer(Reply::View(View::Show { .. })) => scene.request.and_then(|file| match file.state {
            State::Standing => issue::page(1, file, scene),
            _ => Some(request::card(file, scene)),
        }),
        What::Answer(Reply::View(View::Issue { issue, .. })) => {
            scene.request.and_then(|file| issue::page(*issue, file, scene))
        }
        What::Trouble { issue, news, with, obligation, rung, .. } => {
            let (obligation, rung) = (obligation.as_ref(), *rung);
            let told = issue::Told { issue: *issue, news, with, obligation, rung };
            scene.request.and_then(|file| issue::told(&told, file, scene, sent))
        }
        What::Answer(Reply::View(view)) if sent && view.follows().is_none() => None,
        // A form that is out there stays as it was filled in.
        What::Answer(Reply::Form(_)) if sent => None,
        What::Answer(reply) => answer::card(reply, scene),
        What::Merged(_) => merged::card(scene, sent),
        What::Refresh { .. } => None,
        What::Nudge { day } => progress::nudge(*day, scene, sent),
        What::Evening { day, .. } => scene.request.map(|file| progress::evening(*day, file, scene)),
        // A digest says how it was then.
        What::Digest(_) if sent => None,
        What::Digest(_) => digest::card(scene),
        What::RiskFired { risk: number, firing, .. } => {
            scene.request.and_then(|file| risk::fired(*number, *firing, file, scene))
        }
    };
    drawn.map(clean::clean)
}

/// The request, and the obligation while it is open; `None` when it is closed and nobody has the card yet.
fn live<'a>(
    id: &ObligationId,
    scene: &Scene<'a>,
    sent: bool,
) -> Option<(&'a Request, Option<&'a Obligation>)> {
    let file = scene.request?;
    let open = file.owed().find(|o| &o.id == id);
    (open.is_some() || sent).then_some((file, open))
}
