//! Form F1: opened, prefilled, corrected, filed; drafts keep what was typed.

use std::collections::BTreeMap;

use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Company, Trouble};
use crate::domain::calendar::Calendar;
use crate::domain::change::{FieldFault, FormKind, FormReply, Refusal, Reply};
use crate::domain::request::form::{self, Filing, MOST_ASKS, PRIORITIES, Typed, VISIBILITIES};
use crate::domain::request::{self, Filer, Request};
use crate::domain::template::{self, Prefilled};
use crate::domain::{Date, PersonId, RequestId, Timestamp, number};
use crate::intent::{RequestRef, when};
use crate::store::desk;
use crate::store::desk::Draft;
use crate::store::request::next_number;

/// Rows of asks that an empty form shows.
pub(super) const ROWS: u8 = 2;

impl App {
    /// `/new`: the form, prefilled from the line, or with what was typed last time.
    pub(super) async fn new_form(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        (title, departments, date): (Option<&str>, &[String], Option<&str>),
    ) -> Result<Reply, Trouble> {
        let kept = desk::draft(&mut act.tx, &draft_of(person, None)).await?;
        let bare = title.is_none() && departments.is_empty() && date.is_none();
        if !bare && let Some(refusal) = self.set_aside(act, person).await? {
            return Ok(refused(refusal, None));
        }
        let kept =
            kept.filter(|_| bare).map(|values| template::without_gone(&values, &act.company.directory));
        let Prefilled { mut values, mut faults } =
            kept.unwrap_or_else(|| Prefilled { values: defaults(), faults: Vec::new() });
        let mut put = |field: &str, value: Option<&str>| {
            if let Some(value) = value {
                values.insert(field.to_owned(), value.to_owned());
            }
        };
        put("title", title);
        put("wanted_by", date);
        for (row, typed) in (1..=MOST_ASKS).zip(departments) {
            let field = format!("ask{row}_department");
            match act.department(typed) {
                Some(found) => put(&field, Some(found.as_str())),
                None => {
                    let mut fault = form::fault(&field, "unknown_department");
                    let typed = crate::domain::change::Value::Text(typed.clone());
                    fault.with.insert("typed".to_owned(), typed);
                    faults.push(fault);
                }
            }
        }
        let rows = rows_of(&values).max(ROWS).max(u8::try_from(departments.len()).unwrap_or(MOST_ASKS));
        Ok(Reply::Form(f1(None, rows.min(MOST_ASKS), values, faults)))
    }

    /// One more row; the form stays where it is and keeps what was typed.
    pub(super) async fn more_rows(
        &self,
        act: &mut Act<'_>,
        typed: &RequestRef,
        rows: u8,
    ) -> Result<Reply, Trouble> {
        let request = match typed {
            None => None,
            Some(_) => match self.meant(act, typed, ("revise", AtHand::Filed)).await? {
                Meant::Answer(reply) => return Ok(reply),
                Meant::One(id) => match &act.person {
                    Some(person) if self.sees(act, person, &id).await? => Some(id),
                    Some(_) | None => return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None)),
                },
            },
        };
        let values = act.intent.values.clone();
        let rows = rows.saturating_add(1).clamp(ROWS, MOST_ASKS);
        Ok(Reply::Form(f1(request.as_ref(), rows, values, Vec::new())))
    }

    /// The submit button under a new form.
    pub(super) async fn file_new(&self, act: &mut Act<'_>, person: &PersonId) -> Result<Reply, Trouble> {
        let draft = draft_of(person, None);
        let filing = match self.checked(act) {
            Ok(filing) => filing,
            Err(faults) => return self.correct(act, &draft, None, faults),
        };
        let company = act.company.clone();
        let Some(filer) = company.directory.person(person) else {
            return Ok(refused(Refusal::UnknownPerson, None));
        };
        let scope = number::scope(&filer.department, company.calendar.date_of(act.now));
        let n = next_number(&mut act.tx, &scope).await?;
        let number = number::number(&scope, u32::try_from(n).unwrap_or(u32::MAX));
        let filer = Filer {
            number: RequestId::new(number),
            initiator: person.clone(),
            department: filer.department.clone(),
        };
        let rules = company.rules(act.now);
        let route = request::route(filer.clone(), &filing, rules);
        let mut change = request::file(filer, &filing, rules);
        super::preview::tell(&mut change.reply, &route);
        let basis = act.keeps_new(&change)?;
        act.is_filed(&draft)?;
        act.accept(basis, change)
    }

    /// Edit, resubmit or revise: opens the form, or takes it.
    pub(super) async fn submit(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        typed: &RequestRef,
        opens: bool,
    ) -> Result<Reply, Trouble> {
        let id = match self.meant(act, typed, ("revise", AtHand::Filed)).await? {
            Meant::Answer(reply) => return Ok(reply),
            Meant::One(id) => id,
        };
        let found = self.files.locked(&mut act.tx, &id).await?;
        let Some((basis, file)) = act.seen(found) else {
            return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None));
        };
        let company = act.company.clone();
        let rules = company.rules(act.now);
        if let Err(refusal) = file.may_submit(person, rules) {
            return Ok(refused(refusal, Some(id)));
        }
        let draft = draft_of(person, Some(&id));
        if opens {
            let kept = desk::draft(&mut act.tx, &draft).await?;
            let values = kept.unwrap_or_else(|| values_of(&file));
            let Prefilled { values, faults } = template::without_gone(&values, &company.directory);
            return Ok(Reply::Form(f1(Some(&id), rows_of(&values), values, faults)));
        }
        let filing = match self.checked(act) {
            Ok(filing) => filing,
            Err(faults) => return self.correct(act, &draft, Some(&id), faults),
        };
        let decision = request::Act::Submit { filing: Box::new(filing) };
        match file.decide(&decision, person, rules) {
            Err(refusal) => Ok(refused(refusal, Some(id))),
            Ok(change) => {
                let basis = act.keeps((&basis, &file), &change)?;
                act.is_filed(&draft)?;
                act.accept(basis, change)
            }
        }
    }

    fn checked(&self, act: &Act<'_>) -> Result<Filing, Vec<FieldFault>> {
        let (filing, faults) = read_form(&act.company, act.now, &act.intent.values);
        if faults.is_empty() { Ok(filing) } else { Err(faults) }
    }

    /// The form comes back with what was typed and what is wrong; it is kept as a draft, too.
    fn correct(
        &self,
        act: &mut Act<'_>,
        draft: &Draft<'_>,
        request: Option<&RequestId>,
        faults: Vec<FieldFault>,
    ) -> Result<Reply, Trouble> {
        let values = act.typed();
        if !act.by_program() {
            desk::save_draft(&mut act.out, draft, &values, act.now)?;
        }
        let rows = rows_of(&values).max(ROWS);
        Ok(Reply::Form(f1(request, rows, values, faults)))
    }
}

/// A form as far as it can be read, and everything that is wrong with it.
pub(super) fn read_form(
    company: &Company,
    now: Timestamp,
    values: &BTreeMap<String, String>,
) -> (Filing, Vec<FieldFault>) {
    let rules = company.rules(now);
    let date = |text: &str| day(text, rules.today(), &company.calendar);
    let department = |text: &str| company.department(text);
    form::read(&Typed { values, date: &date, department: &department }, rules)
}

/// Characters of one field that a form gives back: far above every limit, so that a long paste can be shortened by hand.
const LONGEST_KEPT: usize = 5_000;

impl Act<'_> {
    /// What was typed stands in the request now. What somebody typed is not what a program files in their name.
    fn is_filed(&mut self, draft: &Draft<'_>) -> Result<(), Trouble> {
        if self.by_program() {
            return Ok(());
        }
        Ok(desk::drop_draft(&mut self.out, draft)?)
    }

    /// What was typed into the form, as far as it is given back.
    pub(super) fn typed(&self) -> BTreeMap<String, String> {
        let values = self.intent.values.iter();
        values.map(|(field, value)| (field.clone(), value.chars().take(LONGEST_KEPT).collect())).collect()
    }
}

fn draft_of<'a>(person: &'a PersonId, request: Option<&'a RequestId>) -> Draft<'a> {
    Draft { person, form: FormKind::Request, request }
}

/// Dates in words, or `T+n` counted in working days from today.
pub(super) fn day(text: &str, today: Date, calendar: &Calendar) -> Option<Date> {
    when::date(text, today, &|from, days| calendar.add_working_days(from, days))
}

pub(super) fn f1(
    request: Option<&RequestId>,
    rows: u8,
    values: BTreeMap<String, String>,
    faults: Vec<FieldFault>,
) -> FormReply {
    let last = faults.iter().filter_map(|f| row_of(&f.field)).max().unwrap_or(0);
    FormReply {
        form: FormKind::Request,
        request: request.cloned(),
        department: None,
        version: None,
        rows: rows.max(last).clamp(1, MOST_ASKS),
        values,
        faults,
    }
}

pub(super) fn defaults() -> BTreeMap<String, String> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    BTreeMap::from([pair("priority", PRIORITIES[1].0), pair("visibility", VISIBILITIES[1].0)])
}

fn row_of(field: &str) -> Option<u8> {
    field.strip_prefix("ask")?.split('_').next()?.parse().ok()
}

/// Rows that hold something.
pub(super) fn rows_of(values: &BTreeMap<String, String>) -> u8 {
    let filled = values.iter().filter(|(_, value)| !value.trim().is_empty());
    filled.filter_map(|(field, _)| row_of(field)).max().unwrap_or(1).min(MOST_ASKS)
}

/// A request as the values of its form.
pub(super) fn values_of(file: &Request) -> BTreeMap<String, String> {
    let c = &file.content;
    let mut values = BTreeMap::new();
    let mut put = |name: &str, value: String| {
        if !value.is_empty() {
            values.insert(name.to_owned(), value);
        }
    };
    put("kind", form::COLLABORATIONS.iter().find(|k| Some(k.2) == c.kind).map_or("", |k| k.0).to_owned());
    put("title", c.title.clone());
    put("background", c.background.clone());
    put("goal", c.goal.clone());
    put("wanted_by", c.wanted_by.to_string());
    put("people", c.people.clone());
    put("budget", c.budget.map(|b| b.to_string()).unwrap_or_default());
    put("equipment", c.equipment.clone());
    put("risks", c.risks.clone());
    put("priority", PRIORITIES.iter().find(|p| p.2 == c.priority).map_or("", |p| p.0).to_owned());
    put("acceptance", c.acceptance.clone());
    put("visibility", VISIBILITIES.iter().find(|v| v.2 == c.visibility).map_or("", |v| v.0).to_owned());
    let links = c.attachments.iter().map(|l| format!("{} {}", l.name, l.url));
    put("attachments", links.collect::<Vec<_>>().join("\n"));
    for (row, ask) in (1..).zip(&file.asks) {
        put(&format!("ask{row}_department"), ask.department.to_string());
        put(&format!("ask{row}_task"), ask.task.task.clone());
        put(&format!("ask{row}_deliverable"), ask.task.deliverable.clone());
        put(&format!("ask{row}_wanted_by"), ask.task.wanted_by.map(|d| d.to_string()).unwrap_or_default());
        put(&format!("ask{row}_resources"), ask.task.resources.clone());
    }
    values
}
