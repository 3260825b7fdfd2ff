//! What a digest says: each notice as its own card would say it, in one line.

use super::{Stage, stage};
use crate::app::{App, Trouble};
use crate::card::scene::{Part, ViewData};
use crate::card::{Block, Tone, notice};
use crate::domain::change::What;
use crate::domain::{ObligationId, PersonId};

/// The parts that still say something, oldest first.
pub(super) async fn parts(app: &App, all: &[What], reader: Option<&PersonId>) -> Result<ViewData, Trouble> {
    let mut parts = Vec::new();
    for what in all {
        // A digest holds no digests: this goes no deeper.
        let stage = Box::pin(stage(app, &[], what, reader)).await?;
        parts.extend(part(what, &stage));
    }
    Ok(ViewData::Digest(parts))
}

fn part(what: &What, stage: &Stage) -> Option<Part> {
    let card = notice::notice(what, &stage.scene(), false)?;
    if let (What::Nudge { .. }, ViewData::Progress(rows)) = (what, &stage.view) {
        let first = rows.iter().find(|row| row.owed)?;
        let (request, title) = (first.request.clone(), first.title.clone());
        return Some(Part { request, title, line: card.title, words: None, due: None });
    }
    let file = stage.request.as_ref()?;
    let words = card.blocks.iter().find_map(|block| match block {
        Block::Text { text, tone: Tone::Quote } => Some(text.clone()),
        _ => None,
    });
    let asked = obligation(what).and_then(|id| file.owed().find(|o| &o.id == id));
    Some(Part {
        request: file.id.clone(),
        title: file.content.title.clone(),
        line: card.title,
        words: words.filter(|_| matches!(what, What::News { .. } | What::Urged { .. })),
        due: asked.map(|o| o.due_at),
    })
}

fn obligation(what: &What) -> Option<&ObligationId> {
    match what {
        What::Asked { obligation, .. }
        | What::Revised { obligation, .. }
        | What::Step { obligation, .. }
        | What::Urged { obligation, .. }
        | What::Promised { obligation, .. }
        | What::Trouble { obligation: Some(obligation), .. } => Some(obligation),
        _ => None,
    }
}
