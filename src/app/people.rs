//! Who stands in, who takes over, who looks on: names and times as typed → acts and delegations.
//!
//! Invariant: a name that fits nobody, or several, comes back beside its field with everything that was typed.

use std::collections::BTreeMap;

use jiff::civil::Time;

use super::asked::Asked;
use super::requests::refused;
use super::{Act, App, Trouble, post};
use crate::clock::fresh_id;
use crate::domain::change::{Audit, FieldFault, FormKind, FormReply, Refusal, Reply, To, Value, What, with};
use crate::domain::directory::{Delegation, Holder, Role};
use crate::domain::request::{self, HandingOver, form};
use crate::domain::{DepartmentId, PersonId, Timestamp};
use crate::intent::{Want, when};
use crate::store::{audit, directory, standing};

type Values = BTreeMap<String, String>;

impl App {
    /// `/delegate`, as a command or as a submitted form.
    pub(super) async fn delegate(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &Want,
    ) -> Result<Reply, Trouble> {
        let values = act.delegation_typed(want);
        if values.is_empty() {
            return Ok(Reply::Form(delegation_form(values, Vec::new())));
        }
        let read = act.delegation(person, &values);
        let (delegation, faults) = match read {
            Ok(delegation) => (delegation, Vec::new()),
            Err(faults) => return Ok(Reply::Form(delegation_form(values, faults))),
        };
        if let Some(refusal) = act.arranges_for(person, &delegation.person) {
            return Ok(refused(refusal, None));
        }
        let company = act.company.clone();
        if let Err(wrong) = delegation.check(&company.delegations, &company.directory, act.now) {
            let (field, fault) = wrong.place();
            return Ok(Reply::Form(delegation_form(
                values,
                [faults, vec![form::fault(field, fault)]].concat(),
            )));
        }
        standing::arrange(&mut act.tx, &delegation).await?;
        let params = with([
            ("person", Value::Person(delegation.person.clone())),
            ("deputy", Value::Person(delegation.deputy.clone())),
            ("by", Value::Person(person.clone())),
            ("from", Value::Moment(delegation.from)),
            ("until", Value::Moment(delegation.until)),
        ]);
        let line = Audit {
            by: Some(person.clone()),
            on_behalf_of: None,
            what: "delegated".to_owned(),
            with: params.clone(),
        };
        audit::append_beside(&mut act.tx, "standing", &line, act.now).await?;
        directory::touch(&mut act.tx).await?;
        act.reload = true;
        let notes = [(&delegation.deputy, "delegated_to_you"), (&delegation.person, "delegated_for_you")];
        for (to, note) in notes.into_iter().filter(|(to, _)| *to != person) {
            let what = What::Note { note: note.to_owned(), with: params.clone() };
            post::one(&mut act.out, None, &post::plain(To::Person(to.clone()), what), act.now)?;
        }
        Ok(Reply::Done { done: "delegated".to_owned(), with: params, request: None })
    }

    /// `/delegate off`
    pub(super) async fn end_delegation(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        whose: Option<&str>,
    ) -> Result<Reply, Trouble> {
        let whose = match whose {
            None => person.clone(),
            Some(typed) => match act.named("whose", typed) {
                Ok(whose) => whose,
                Err(fault) => {
                    let values = Values::from([("whose".to_owned(), typed.to_owned())]);
                    return Ok(Reply::Form(delegation_form(values, vec![fault])));
                }
            },
        };
        if let Some(refusal) = act.arranges_for(person, &whose) {
            return Ok(refused(refusal, None));
        }
        if standing::end(&mut act.tx, &whose, act.now).await? == 0 {
            return Ok(refused(Refusal::NothingDelegated { person: whose }, None));
        }
        let params = with([("person", Value::Person(whose.clone())), ("by", Value::Person(person.clone()))]);
        let line = Audit {
            by: Some(person.clone()),
            on_behalf_of: None,
            what: "delegation_ended".to_owned(),
            with: params.clone(),
        };
        audit::append_beside(&mut act.tx, "standing", &line, act.now).await?;
        directory::touch(&mut act.tx).await?;
        act.reload = true;
        let ended = act.company.delegations.iter().filter(|d| d.person == whose).map(|d| &d.deputy);
        let told: std::collections::BTreeSet<PersonId> = ended.chain([&whose]).cloned().collect();
        for to in told.into_iter().filter(|to| to != person) {
            let what = What::Note { note: "delegation_ended".to_owned(), with: params.clone() };
            post::one(&mut act.out, None, &post::plain(To::Person(to), what), act.now)?;
        }
        Ok(Reply::Done { done: "delegation_ended".to_owned(), with: params, request: None })
    }
}

impl Act<'_> {
    /// What was typed, in the line or in the form.
    fn delegation_typed(&self, want: &Want) -> Values {
        let mut values = self.intent.values.clone();
        if let Want::Delegate { whose, deputy, from, until } = want {
            let typed =
                [("whose", whose), ("deputy", deputy), ("deputy_from", from), ("deputy_until", until)];
            for (field, value) in typed {
                values.extend(value.clone().map(|value| (field.to_owned(), value)));
            }
        }
        values
    }

    /// The delegation that the values describe, or what is wrong with each of them.
    fn delegation(&self, person: &PersonId, values: &Values) -> Result<Delegation, Vec<FieldFault>> {
        let typed = |field: &str| values.get(field).map(|v| v.trim()).filter(|v| !v.is_empty());
        let whose = typed("whose").map_or_else(|| Ok(person.clone()), |name| self.named("whose", name));
        let deputy = match typed("deputy") {
            Some(name) => self.named("deputy", name),
            None => Err(form::fault("deputy", "required")),
        };
        let from = typed("deputy_from").map_or(Ok(self.now), |text| self.instant(text, false, "deputy_from"));
        let until = match typed("deputy_until") {
            Some(text) => self.instant(text, true, "deputy_until"),
            None => Err(form::fault("deputy_until", "required")),
        };
        match (whose, deputy, from, until) {
            (Ok(whose), Ok(deputy), Ok(from), Ok(until)) => Ok(Delegation {
                id: fresh_id(),
                person: whose,
                deputy,
                // Today's beginning is now: nothing holds for a time that has gone.
                from: from.max(self.now),
                until,
                set_by: person.clone(),
                set_at: self.now,
            }),
            (whose, deputy, from, until) => {
                Err([whose.err(), deputy.err(), from.err(), until.err()].into_iter().flatten().collect())
            }
        }
    }

    /// The one active person of that name.
    pub(super) fn named(&self, field: &str, typed: &str) -> Result<PersonId, FieldFault> {
        let found = self.company.directory.find_person(typed);
        let (fault, names) = match found.as_slice() {
            [one] => return Ok(one.id.clone()),
            [] => ("unknown_person", String::new()),
            several => {
                let names: Vec<&str> = several.iter().map(|p| p.id.as_str()).collect();
                ("several_people", names.join(" / "))
            }
        };
        let mut fault = form::fault(field, fault);
        fault.with.insert("typed".to_owned(), Value::Text(typed.to_owned()));
        fault.with.insert("names".to_owned(), Value::Text(names));
        Err(fault)
    }

    /// A moment in words. A day without a time begins at midnight, and as an end lasts until midnight.
    fn instant(&self, text: &str, is_end: bool, field: &str) -> Result<Timestamp, FieldFault> {
        let calendar = &self.company.calendar;
        let today = calendar.date_of(self.now);
        let working = |from, days| calendar.add_working_days(from, days);
        let Some((day, time)) = when::moment(text, today, &working) else {
            return Err(form::fault(field, "not_a_moment"));
        };
        let day = if is_end && time.is_none() { day.tomorrow().unwrap_or(day) } else { day };
        Ok(calendar.at(day, time.unwrap_or(Time::midnight())))
    }

    /// Whether somebody may arrange who stands in for `whose`: himself, his head, coordinators and administrators.
    fn arranges_for(&self, person: &PersonId, whose: &PersonId) -> Option<Refusal> {
        let directory = &self.company.directory;
        let today = self.company.calendar.date_of(self.now);
        let head = directory.person(whose).and_then(|p| directory.head(&p.department, today));
        let heads =
            head.as_ref().is_some_and(|h| &h.person == person || h.instead_of.as_ref() == Some(person));
        let has = |role| directory.has_role(person, role);
        if person == whose || heads || has(Role::Coordinator) || has(Role::Administrator) {
            return None;
        }
        let own = Holder { person: whose.clone(), instead_of: None };
        Some(Refusal::NotYours { who: [own].into_iter().chain(head).collect() })
    }

    /// `/transfer <no> @person [reason]`, or the form.
    pub(super) fn handing_over(
        &self,
        department: Option<DepartmentId>,
        to: Option<&str>,
        reason: Option<&str>,
    ) -> Asked {
        let mut values = self.intent.values.clone();
        let typed = [("to", to), ("reason", reason)];
        values.extend(typed.into_iter().filter_map(|(f, v)| Some((f.to_owned(), v?.to_owned()))));
        let Some(name) = values.get("to").map(|v| v.trim().to_owned()) else {
            return Asked::Form(FormKind::Transfer, department);
        };
        let to = match name.is_empty() {
            true => Err(form::fault("to", "required")),
            false => self.named("to", &name),
        };
        let reason = form::at_most(&values, "reason", form::LONG);
        match (to, reason) {
            (Ok(to), Ok(reason)) => {
                let handing = HandingOver { to, department, reason };
                Asked::Act(Box::new(request::Act::HandOver { handing }))
            }
            (to, reason) => {
                let faults = [to.err(), reason.err()].into_iter().flatten().collect();
                Asked::Faults(FormKind::Transfer, department, values, faults)
            }
        }
    }

    /// `/cc <no> @person …`, or the form, where names are parted by commas or gaps.
    pub(super) fn copying(&self, named: &[String]) -> Asked {
        let typed = self.intent.values.get("people").cloned();
        let names: Vec<String> = match (named, &typed) {
            ([], None) => return Asked::Form(FormKind::Copy, None),
            ([], Some(typed)) => parted(typed),
            (named, _) => named.to_vec(),
        };
        let (people, mut faults) = self.each_named(&names);
        if people.is_empty() && faults.is_empty() {
            faults.push(form::fault("people", "required"));
        }
        match faults.is_empty() {
            true => Asked::Act(Box::new(request::Act::Copy { people })),
            false => {
                let values = Values::from([("people".to_owned(), typed.unwrap_or_else(|| names.join(", ")))]);
                Asked::Faults(FormKind::Copy, None, values, faults)
            }
        }
    }
}

/// Names as people list them.
pub(super) fn parted(typed: &str) -> Vec<String> {
    let names = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn delegation_form(values: Values, faults: Vec<FieldFault>) -> FormReply {
    FormReply {
        form: FormKind::Delegate,
        request: None,
        department: None,
        version: None,
        rows: 0,
        values,
        faults,
    }
}
