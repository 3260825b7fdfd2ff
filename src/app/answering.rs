//! Where an answer goes: on the spot, into the chat where it was asked, or into the private chat.
//!
//! Invariant: nothing personal, and nothing that some of its members may not see, goes into a group.

use super::{Act, Trouble, again, post};
use crate::domain::change::{Reply, View};
use crate::intent::{PlaceKind, Want};

/// Wants whose form stays where it is.
fn stays(want: &Want) -> bool {
    matches!(want, Want::AddRow { .. } | Want::Preview { .. })
}

impl Act<'_> {
    /// Posts the answer unless it is given on the spot; what is given on the spot.
    pub(super) fn route(&mut self, reply: Reply) -> Result<Reply, Trouble> {
        if self.by_program() || self.pressed && !self.opens(&reply) {
            return Ok(reply);
        }
        if reply != Reply::Silent {
            post::answer(self, &reply)?;
        }
        Ok(Reply::Silent)
    }

    /// Whether a pressed button opens something to read or to fill in.
    pub(super) fn opens(&self, reply: &Reply) -> bool {
        match reply {
            Reply::Form(_) if again::opens_anew(&self.intent.want) => true,
            Reply::Form(form) => form.faults.is_empty() && !stays(&self.intent.want),
            Reply::View(_) => true,
            Reply::Done { .. } | Reply::Refused { .. } | Reply::Silent => false,
        }
    }

    /// Personal lists and forms never go into a group, nor what some of its members may not see.
    pub(super) fn is_personal(&self, reply: &Reply) -> bool {
        let private = match reply {
            Reply::Form(_) => true,
            Reply::View(view) => matches!(
                view,
                View::My
                    | View::List { .. }
                    | View::Whoami
                    | View::Status
                    | View::Pick { .. }
                    | View::Drafts
                    | View::Batch
                    | View::Progress
                    | View::Board { .. }
                    | View::Decisions
                    | View::Issues { .. }
                    | View::Issue { .. }
            ),
            Reply::Done { .. } | Reply::Refused { .. } | Reply::Silent => false,
        };
        (private || self.confined) && self.intent.place.kind == PlaceKind::Group
    }
}
