//! What a whole group may read.
//!
//! Invariant: an answer about a request that is not for everybody goes to its asker alone, unless the group is the
//! request's own: whoever made it that decided that its members take part.

use super::{Act, App, Trouble};
use crate::domain::RequestId;
use crate::domain::change::{Reply, View};
use crate::domain::request::{Request, Visibility};
use crate::intent::{PlaceKind, Want};
use crate::store::desk;

impl App {
    /// Whether an answer is for its asker alone, although it was asked for in a group.
    pub(super) async fn confines(&self, act: &Act<'_>, reply: &Reply) -> Result<bool, Trouble> {
        let place = &act.intent.place;
        // A toast is read by nobody else, and whoever makes a group a request's own says so to the group.
        let alone = act.pressed && !act.opens(reply);
        if place.kind != PlaceKind::Group || alone || matches!(act.intent.want, Want::Bind { .. }) {
            return Ok(false);
        }
        let Some(id) = named(reply) else { return Ok(false) };
        let Some(file) = self.files.read(&self.db, id).await? else { return Ok(false) };
        Ok(!self.is_for_group(&file, (&place.platform, place.chat.as_str())).await?)
    }

    /// Whether everybody in a group may read about a request: it is public, or the group is its own.
    pub async fn is_for_group(
        &self,
        file: &Request,
        (platform, chat): (&str, &str),
    ) -> Result<bool, Trouble> {
        if file.content.visibility == Visibility::Public {
            return Ok(true);
        }
        let own = desk::bound(&self.db, "project", file.id.as_str()).await?;
        Ok(own.is_some_and(|own| own == (platform.to_owned(), chat.to_owned())))
    }
}

/// The request that an answer tells of.
fn named(reply: &Reply) -> Option<&RequestId> {
    match reply {
        Reply::View(View::Show { request } | View::Why { request } | View::Issue { request, .. }) => {
            Some(request)
        }
        Reply::Done { request, .. } | Reply::Refused { request, .. } => request.as_ref(),
        Reply::Form(form) => form.request.as_ref(),
        Reply::View(_) | Reply::Silent => None,
    }
}
