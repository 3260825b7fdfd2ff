//! Names as typed → requests and departments. What a person may not see does not exist for them.

use std::sync::Arc;

use super::{Act, App, Trouble};
use crate::domain::change::{Refusal, Reply, View};
use crate::domain::obligation::Kind;
use crate::domain::request::Request;
use crate::domain::{DepartmentId, PersonId, RequestId, number};
use crate::intent::RequestRef;
use crate::store::{desk, obligation, outbox, request};

/// What a reference came to.
pub(super) enum Meant {
    /// This one.
    One(RequestId),
    /// None, or several: this is the answer instead.
    Answer(Reply),
}

/// Which requests a command without a number can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AtHand {
    /// Those whose obligation of this kind the person has.
    Owed(Kind),
    /// Those that the person filed and that are not over.
    Filed,
    /// Either.
    Any,
}

impl App {
    /// The request that is meant. A full number is taken as it is; others are looked up among what the person sees.
    pub(super) async fn meant(
        &self,
        act: &mut Act<'_>,
        typed: &RequestRef,
        (command, at_hand): (&str, AtHand),
    ) -> Result<Meant, Trouble> {
        let Some(person) = act.person.clone() else { return Ok(refused(Refusal::UnknownPerson)) };
        if let Some(full) = typed.as_ref().filter(|typed| number::parse(typed).is_some()) {
            // Whether it is there, and there for this person, shows under its lock: `Act::seen`.
            return Ok(Meant::One(RequestId::new(full.clone())));
        }
        let candidates = match typed {
            Some(typed) => self.numbered(typed).await?,
            None => match self.around(act).await? {
                Some(id) => vec![id],
                None => self.at_hand(&person, at_hand).await?,
            },
        };
        let mut seen = Vec::new();
        for id in candidates {
            if self.sees(act, &person, &id).await? && !seen.contains(&id) {
                seen.push(id);
            }
        }
        Ok(match (seen.as_slice(), typed) {
            ([one], _) => Meant::One(one.clone()),
            ([], Some(typed)) => refused(Refusal::NotFound { typed: typed.clone() }),
            ([], None) => refused(Refusal::NothingAtHand),
            (several, _) => Meant::Answer(Reply::View(View::Pick {
                command: command.to_owned(),
                candidates: several.iter().take(10).cloned().collect(),
            })),
        })
    }

    /// By number, or by what is unique of it.
    async fn numbered(&self, typed: &str) -> Result<Vec<RequestId>, Trouble> {
        let Some(n) = typed.rsplit('-').next().and_then(|n| n.parse().ok()) else { return Ok(Vec::new()) };
        let found = request::ending_in(&self.db, n).await?;
        Ok(found.into_iter().filter(|id| number::matches(typed, id.as_str())).collect())
    }

    /// The request of the card that was replied to or pressed, or of the group.
    pub(super) async fn around(&self, act: &mut Act<'_>) -> Result<Option<RequestId>, Trouble> {
        let place = &act.intent.place;
        for message in [act.intent.reply_to.as_ref(), place.message.as_ref()].into_iter().flatten() {
            let said =
                outbox::said_as(&self.db, &place.platform, place.chat.as_str(), message.as_str()).await?;
            if let Some(request) = said.and_then(|s| s.request) {
                return Ok(Some(request));
            }
        }
        Ok(desk::project_of(&mut act.tx, &place.platform, place.chat.as_str()).await?)
    }

    async fn at_hand(&self, person: &PersonId, what: AtHand) -> Result<Vec<RequestId>, Trouble> {
        let mut found = Vec::new();
        if what != AtHand::Filed {
            let owed = obligation::of_debtor(&self.db, person.as_str(), 50).await?;
            let fits = |kind: Kind| what == AtHand::Any || what == AtHand::Owed(kind);
            found.extend(owed.into_iter().filter(|o| fits(o.obligation.kind)).map(|o| o.request));
        }
        if what == AtHand::Filed || (what == AtHand::Any && found.is_empty()) {
            found.extend(request::filed_by(&self.db, person, 10).await?);
        }
        Ok(found)
    }

    /// Whether a request exists for this person.
    pub(super) async fn sees(
        &self,
        act: &Act<'_>,
        person: &PersonId,
        id: &RequestId,
    ) -> Result<bool, Trouble> {
        let file = self.files.read(&self.db, id).await?;
        Ok(file.is_some_and(|file| file.case(act.company.rules(act.now)).sees(person)))
    }
}

impl Act<'_> {
    /// The locked file, if it exists for the actor.
    pub(super) fn seen<L>(&self, found: Option<(L, Arc<Request>)>) -> Option<(L, Arc<Request>)> {
        let person = self.person.as_ref()?;
        found.filter(|(_, file)| file.case(self.company.rules(self.now)).sees(person))
    }

    /// A department as typed, among those of the company.
    pub(super) fn department(&self, typed: &str) -> Option<DepartmentId> {
        self.company.department(typed)
    }

    /// A department as typed, or a refusal that names those of the request.
    pub(super) fn department_of(
        &self,
        file: &Request,
        typed: Option<&str>,
    ) -> Result<Option<DepartmentId>, Refusal> {
        let Some(typed) = typed else { return Ok(None) };
        let found = self.department(typed).filter(|d| file.ask(d).is_some());
        let candidates = || file.asks.iter().map(|a| a.department.clone()).collect();
        found.map(Some).ok_or_else(|| Refusal::which_department(candidates()))
    }
}

pub(super) fn refused(refusal: Refusal) -> Meant {
    Meant::Answer(Reply::Refused { refusal, request: None })
}
