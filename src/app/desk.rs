//! Wants that concern no case file: bound groups, status, the language of all.

use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Trouble, post};
use crate::domain::change::{Audit, Preferences, Refusal, Reply, To, Value, View, What, with};
use crate::domain::directory::Role;
use crate::domain::request;
use crate::domain::{Lang, PersonId, RequestId};
use crate::intent::{PlaceKind, RequestRef};
use crate::store::desk::Binding;
use crate::store::{audit, desk, directory};

impl App {
    /// `/bind`: gives the group that it is said in a part to play.
    pub(super) async fn bind(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        what: Option<&str>,
        typed: &RequestRef,
    ) -> Result<Reply, Trouble> {
        let directory = &act.company.directory;
        let allowed = [Role::Administrator, Role::Coordinator];
        if !allowed.iter().any(|role| directory.has_role(person, *role)) {
            let roles = vec!["administrator".to_owned(), "coordinator".to_owned()];
            return Ok(refused(Refusal::OnlyFor { roles }, None));
        }
        if act.intent.place.kind != PlaceKind::Group {
            return Ok(refused(Refusal::OnlyInGroups, None));
        }
        match what {
            Some("managers" | "issues" | "pilot") => {
                let what = what.unwrap_or_default();
                self.keep_binding(act, person, what, None).await?;
                let params = with([("what", Value::Key(format!("binding.{what}")))]);
                Ok(Reply::Done { done: "bound".to_owned(), with: params, request: None })
            }
            Some("project") => match self.meant(act, typed, ("bind", AtHand::Any)).await? {
                Meant::Answer(reply) => Ok(reply),
                Meant::One(id) => self.bind_project(act, person, &id).await,
            },
            Some(_) | None => {
                let fault = "fault.bind".to_owned();
                Ok(refused(Refusal::Unreadable { command: "bind".to_owned(), fault, at: None }, None))
            }
        }
    }

    async fn bind_project(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        id: &RequestId,
    ) -> Result<Reply, Trouble> {
        let found = self.files.locked(&mut act.tx, id).await?;
        let Some((basis, file)) = act.seen(found) else {
            return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None));
        };
        let company = act.company.clone();
        match file.decide(&request::Act::BindProject, person, company.rules(act.now)) {
            Err(refusal) => Ok(refused(refusal, Some(id.clone()))),
            Ok(change) => {
                self.keep_binding(act, person, "project", Some(id)).await?;
                let basis = act.keeps((&basis, &file), &change)?;
                act.accept(basis, change)?;
                let params = with([("what", Value::Key("binding.project".to_owned()))]);
                Ok(Reply::Done { done: "bound".to_owned(), with: params, request: Some(id.clone()) })
            }
        }
    }

    async fn keep_binding(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        what: &str,
        request: Option<&RequestId>,
    ) -> Result<(), Trouble> {
        let place = &act.intent.place;
        let binding = Binding {
            what: what.to_owned(),
            request: request.map(ToString::to_string).unwrap_or_default(),
            platform: place.platform.clone(),
            chat: place.chat.to_string(),
        };
        desk::bind(&mut act.tx, &binding, Some(person), act.now).await?;
        directory::touch(&mut act.tx).await?;
        let line = history(person, "bound", [("what", Value::Key(format!("binding.{what}")))]);
        audit::append_beside(&mut act.tx, "settings", &line, act.now).await?;
        act.reload = true;
        Ok(())
    }

    /// The sandbox's language switch: everybody reads this language from now on, and the cards that are out there too.
    pub async fn speak(&self, language: Lang) -> Result<(), Trouble> {
        let company = self.company();
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        for person in company.directory.people.keys() {
            let kept = company.preferences.get(person).cloned().unwrap_or_default();
            let chosen = Preferences { language: Some(language), ..kept };
            directory::save_preferences(&mut tx, person, &chosen).await?;
        }
        directory::touch(&mut tx).await?;
        let mut out = crate::store::batch::Batch::default();
        for request in crate::store::request::newest(&self.db, 100).await? {
            let what = What::Refresh { request: request.clone() };
            post::one(&mut out, Some(&request), &post::plain(To::Cards(request.clone()), what), now)?;
        }
        out.write(&mut tx).await?;
        tx.commit().await?;
        self.reload().await?;
        self.wake.all();
        Ok(())
    }
}

/// `/status` is for administrators.
pub(super) fn status(act: &Act<'_>, person: &PersonId) -> Reply {
    if act.company.directory.has_role(person, Role::Administrator) {
        return Reply::View(View::Status);
    }
    refused(Refusal::OnlyFor { roles: vec!["administrator".to_owned()] }, None)
}

fn history<const N: usize>(person: &PersonId, what: &str, params: [(&str, Value); N]) -> Audit {
    Audit { by: Some(person.clone()), on_behalf_of: None, what: what.to_owned(), with: with(params) }
}
