//! Form F1 that does not begin empty: from a template, or like an older request.
//!
//! Invariant: a form that was begun before is set aside, not lost; an older request is copied only for those who see it, and
//! without its signatures.

use std::collections::BTreeMap;

use super::filing::{ROWS, defaults, f1, rows_of, values_of};
use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Trouble};
use crate::domain::PersonId;
use crate::domain::change::{Refusal, Reply, View};
use crate::domain::request::Request;
use crate::domain::request::form;
use crate::domain::template::{Prefilled, without_gone};
use crate::intent::{RequestRef, Want};

/// Wants whose form is a message of its own, also where something is said beside its fields.
pub(super) fn opens_anew(want: &Want) -> bool {
    matches!(want, Want::Template { .. } | Want::Like { .. } | Want::ContinueDraft { .. })
}

impl App {
    /// Wants about a form that was begun or begins with something, and about several at once.
    pub(super) async fn begun(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &Want,
    ) -> Result<Reply, Trouble> {
        match want {
            Want::Template { name } => self.template(act, person, name.as_deref()).await,
            Want::Like { request } => self.like(act, person, request).await,
            Want::KeepDraft { request } => self.keep_draft(act, person, request).await,
            Want::ContinueDraft { draft } => self.continue_draft(act, person, draft).await,
            Want::DropDraft { draft } => self.drop_draft(act, person, draft).await,
            Want::Preview { request, rows } => self.preview(act, person, (request, *rows)).await,
            Want::Drafts => Ok(Reply::View(View::Drafts)),
            Want::Batch => Ok(Reply::View(View::Batch)),
            Want::Board { request } => self.way_to_board(act, request).await,
            // The caller has dealt with all others.
            _ => Ok(refused(Refusal::NothingAtHand, None)),
        }
    }

    /// `/new template <name>`, or the button of one under an empty form.
    async fn template(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        name: Option<&str>,
    ) -> Result<Reply, Trouble> {
        if let Some(refusal) = self.set_aside(act, person).await? {
            return Ok(refused(refusal, None));
        }
        let Some(name) = name else { return Ok(new_form(Prefilled::default())) };
        let company = act.company.clone();
        let prefilled = match company.templates.iter().find(|t| t.is(name)) {
            Some(template) => template.open(company.language(Some(person)), &company.directory),
            None => no_such_template(name),
        };
        Ok(new_form(prefilled))
    }

    /// `/new like <no>`: what an older request says, its dates moved so that each is as far ahead as it was then.
    async fn like(&self, act: &mut Act<'_>, person: &PersonId, typed: &RequestRef) -> Result<Reply, Trouble> {
        let id = match self.meant(act, typed, ("like", AtHand::Any)).await? {
            Meant::Answer(reply) => return Ok(reply),
            Meant::One(id) => id,
        };
        let found = self.files.read(&self.db, &id).await?;
        let rules = act.company.clone();
        let Some(file) = found.filter(|file| file.case(rules.rules(act.now)).sees(person)) else {
            return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None));
        };
        if let Some(refusal) = self.set_aside(act, person).await? {
            return Ok(refused(refusal, None));
        }
        Ok(new_form(without_gone(&moved(act, &file), &act.company.directory)))
    }
}

/// The name stands in the title, so that it is not lost; the buttons under the form are the answer.
fn no_such_template(name: &str) -> Prefilled {
    let fault = form::typed_wrong("title", "no_such_template", name);
    let values = BTreeMap::from([("title".to_owned(), name.to_owned())]);
    Prefilled { values, faults: vec![fault] }
}

fn new_form(prefilled: Prefilled) -> Reply {
    let mut values = defaults();
    values.extend(prefilled.values);
    let rows = rows_of(&values).max(ROWS);
    Reply::Form(f1(None, rows, values, prefilled.faults))
}

/// The values of a request, each date as many working days after today as it was after the filing.
fn moved(act: &Act<'_>, file: &Request) -> BTreeMap<String, String> {
    let calendar = &act.company.calendar;
    let filed = calendar.date_of(file.filed_at);
    let mut values = values_of(file);
    let dates = values.iter_mut().filter(|(field, _)| field.ends_with("wanted_by"));
    for (_, value) in dates {
        let Ok(date) = value.parse() else { continue };
        let working = (1..=LONGEST).take_while(|n| calendar.add_working_days(filed, *n) <= date).count();
        *value = format!("T+{working}");
    }
    values
}

/// Working days that a date is looked for; a request that asks for later than that gets this.
const LONGEST: i32 = 500;
