//! What a small form or a line says about one request: an estimate, another day, a link; checked before `domain` decides.

use std::collections::BTreeMap;

use super::Act;
use super::asked::Asked;
use super::filing::day;
use crate::domain::change::{FormKind, Refusal};
use crate::domain::request::estimate::{Estimate, FIELDS};
use crate::domain::request::form::{self, LONG, SHORT};
use crate::domain::request::{self, Link, Request, Which};
use crate::intent::Want;

impl Act<'_> {
    /// The wants that change one thing. The caller passes only wants that decide on one request.
    pub(super) fn changing(&self, file: &Request, want: &Want) -> Result<Asked, Refusal> {
        match want {
            Want::Estimate { department, version, .. } => {
                let department = self.department_of(file, department.as_deref())?;
                Ok(self.estimating(Which { department, seen: *version }))
            }
            Want::Date { date, reason, .. } => Ok(self.rescheduling(date.as_deref(), reason.as_deref())),
            Want::Attach { url, name, .. } => Ok(self.attaching(url.as_deref(), name.as_deref())),
            _ => Err(Refusal::NothingAtHand),
        }
    }

    /// 确认并估算: the form opens, or is taken.
    fn estimating(&self, which: Which) -> Asked {
        let values = &self.intent.values;
        if !FIELDS.iter().any(|field| values.contains_key(*field)) {
            return Asked::Form(FormKind::Estimate, which.department);
        }
        match Estimate::read(values) {
            Ok(Some(estimate)) => Asked::Act(Box::new(request::Act::ConfirmWith { which, estimate })),
            Ok(None) => Asked::Act(Box::new(request::Act::Confirm { which })),
            Err(faults) => Asked::Faults(FormKind::Estimate, which.department, values.clone(), faults),
        }
    }

    /// `/date <no> <when> <reason>`, or the form.
    fn rescheduling(&self, date: Option<&str>, reason: Option<&str>) -> Asked {
        let values = self.typed_or([("wanted_by", date), ("reason", reason)]);
        if values.is_empty() {
            return Asked::Form(FormKind::Reschedule, None);
        }
        let typed = values.get("wanted_by").map(|v| v.trim()).unwrap_or_default();
        let today = self.company.rules(self.now).today();
        let to = match day(typed, today, &self.company.calendar) {
            _ if typed.is_empty() => Err(form::fault("wanted_by", "required")),
            None => Err(form::typed_wrong("wanted_by", "not_a_date", typed)),
            Some(day) if day < today => Err(form::typed_wrong("wanted_by", "past", typed)),
            Some(day) => Ok(day),
        };
        match (to, form::words(&values, "reason", LONG)) {
            (Ok(to), Ok(reason)) => Asked::Act(Box::new(request::Act::Reschedule { to, reason })),
            (to, reason) => {
                let faults = [to.err(), reason.err()].into_iter().flatten().collect();
                Asked::Faults(FormKind::Reschedule, None, values, faults)
            }
        }
    }

    /// `/attach <no> <url> [name]`, or the form.
    fn attaching(&self, url: Option<&str>, name: Option<&str>) -> Asked {
        let values = self.typed_or([("url", url), ("link_name", name)]);
        if values.is_empty() {
            return Asked::Form(FormKind::Attach, None);
        }
        let typed = |field: &str| values.get(field).map(|v| v.trim()).unwrap_or_default();
        let (url, name) = (typed("url"), typed("link_name"));
        let mut faults = Vec::new();
        if url.is_empty() {
            faults.push(form::fault("url", "required"));
        } else if !form::is_https(url) {
            faults.push(form::typed_wrong("url", "not_https", url));
        }
        if name.chars().count() > SHORT {
            faults.push(form::too_long("link_name", SHORT, name.chars().count()));
        }
        if !faults.is_empty() {
            return Asked::Faults(FormKind::Attach, None, values, faults);
        }
        let name = if name.is_empty() { url } else { name };
        let link = Link { name: name.to_owned(), url: url.to_owned() };
        Asked::Act(Box::new(request::Act::Attach { link }))
    }

    /// The words of a line as the values of its form, or the form's own.
    fn typed_or<const N: usize>(&self, line: [(&str, Option<&str>); N]) -> BTreeMap<String, String> {
        let fields = line.map(|(field, _)| field);
        let words = line.into_iter().filter_map(|(field, words)| Some((field.to_owned(), words?.to_owned())));
        let typed: BTreeMap<String, String> = words.collect();
        match typed.is_empty() {
            false => typed,
            true => {
                let own = self.typed().into_iter();
                own.filter(|(field, _)| fields.contains(&field.as_str())).collect()
            }
        }
    }
}
