//! The picture on a card of the sandbox: drawn when somebody looks, with the eyes of whoever the chat belongs to.
//!
//! Invariant: only people of the chat get it, and what they may no longer see is not drawn any more.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Whose, Wrong, door, known, may_read, shelf_trouble, wrong};
use crate::card::Block;
use crate::domain::PersonId;
use crate::engine::picture::Viewer;
use crate::messenger::sandbox::{PLATFORM, Sandbox};
use crate::web::Web;

/// Where the page finds the picture of a message's card.
pub(super) fn address(message: &str) -> String {
    format!("sandbox/api/messages/{message}/picture")
}

/// `GET /sandbox/api/messages/{id}/picture?person=…`
pub async fn picture(
    State(web): State<Web>,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
) -> Result<Response, Wrong> {
    let door = door(&web)?;
    known(&web, &whose.person)?;
    let none = || wrong(StatusCode::NOT_FOUND, "page.error.not_found");
    let message = door.messenger.shelf().find(&id).await.map_err(shelf_trouble)?.ok_or_else(none)?;
    may_read(door, &whose.person, &message.chat).await?;
    let blocks = message.card.into_iter().flat_map(|card| card.blocks);
    let of = blocks.into_iter().find_map(|block| match block {
        Block::Picture { of, .. } => Some(of),
        _ => None,
    });
    let owner = Sandbox::owner_of(&message.chat).map(PersonId::new);
    let viewer = owner.as_ref().map_or(Viewer::Group(PLATFORM, &message.chat), Viewer::Person);
    let png = web.engine.picture(&of.ok_or_else(none)?, &viewer).await?.ok_or_else(none)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}
