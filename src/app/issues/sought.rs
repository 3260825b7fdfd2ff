//! What a want asks of a case file: an act on its issues, or the form that asks for what is missing.
//!
//! Invariant: nothing is decided here; what is read is checked against the file that the decision is made on.

use std::collections::BTreeMap;

use crate::app::Act;
use crate::domain::change::{FieldFault, FormKind, FormReply, Refusal, View};
use crate::domain::request::issue::{Issue, form as f6};
use crate::domain::request::{IssueAct, Request, form};
use crate::domain::{DepartmentId, PersonId, RequestId, Timestamp};
use crate::intent::{IssueWant, ago, marks};

type Values = BTreeMap<String, String>;

/// What a want asks of a case file.
pub(super) enum Sought {
    Act(IssueAct),
    Form(FormReply),
    View(View),
}

type Read = Result<Sought, Refusal>;

impl Act<'_> {
    /// The act that a want comes to, or the form that asks for what is missing.
    pub(super) fn sought_of_issue(&self, file: &Request, (want, number): (&IssueWant, Option<i64>)) -> Read {
        if let IssueWant::Report { .. } | IssueWant::File { .. } = want {
            return Ok(self.reported(Some(file), want).map_or_else(Sought::Form, Sought::Act));
        }
        let Some(number) = one_of(file, number)? else {
            return Ok(Sought::View(View::Issues { request: Some(file.id.clone()) }));
        };
        let at = (file, number);
        Ok(match want {
            IssueWant::Show { .. } => Sought::View(View::Issue { request: file.id.clone(), issue: number }),
            IssueWant::Respond { .. } => Sought::Act(IssueAct::Respond { issue: number }),
            IssueWant::Close { .. } => Sought::Act(IssueAct::Close { issue: number }),
            IssueWant::Coordinate { place, .. } => {
                self.said_of_issue(at, (FormKind::Coordination, "place", form::SHORT), place, |place| {
                    IssueAct::Coordinate { issue: number, place }
                })
            }
            IssueWant::Update { words, .. } => {
                self.said_of_issue(at, (FormKind::IssueUpdate, "update_text", form::LONG), words, |text| {
                    IssueAct::Update { issue: number, text }
                })
            }
            IssueWant::Reopen { reason, .. } => {
                self.said_of_issue(at, (FormKind::Reopen, "reason", form::LONG), reason, |reason| {
                    IssueAct::Reopen { issue: number, reason }
                })
            }
            IssueWant::Plan { owner, words, .. } => {
                self.plan_of_issue(at, owner.as_deref(), words.as_deref())
            }
            IssueWant::Resolve { words, .. } => self.resolution_of_issue(at, words.as_deref()),
            IssueWant::Move { to, reason, .. } => self.move_of_issue(at, to.as_deref(), reason.as_deref()),
            IssueWant::Rate { severity, reason, .. } => {
                self.rate_of_issue(at, severity.as_deref(), reason.as_deref())
            }
            IssueWant::Report { .. } | IssueWant::File { .. } | IssueWant::List { .. } => {
                return Err(Refusal::NothingAtHand);
            }
        })
    }

    /// F6, from one line or as a form; what is not in order opens it.
    pub(super) fn reported(&self, file: Option<&Request>, want: &IssueWant) -> Result<IssueAct, FormReply> {
        let whole = matches!(want, IssueWant::File { .. });
        let mut values = if whole { self.intent.values.clone() } else { Values::new() };
        let mut bare = false;
        if let IssueWant::Report { task, severity, topic, department, words, .. } = want {
            bare = words.is_none();
            values.extend(marks::report(words.as_deref().unwrap_or_default()));
            let task = task.map(|n| n.to_string());
            let given = [
                ("issue_task", &task),
                ("issue_severity", severity),
                ("issue_topic", topic),
                ("issue_department", department),
            ];
            values.extend(given.into_iter().filter_map(|(f, v)| Some((f.to_owned(), v.clone()?))));
        }
        let opened = |values: Values, faults| FormReply {
            form: FormKind::Issue,
            request: file.map(|f| f.id.clone()),
            department: None,
            version: file.map(|f| f.revision),
            rows: 0,
            values,
            faults,
        };
        match self.with_readers(&values, |typed| f6::check(typed, file, whole, self.company.rules(self.now)))
        {
            Ok(draft) if !bare => Ok(IssueAct::Report { draft: Box::new(draft) }),
            Ok(_) => Err(opened(self.proposed(values, file), Vec::new())),
            Err(faults) => {
                let faults = if bare { Vec::new() } else { faults };
                Err(opened(self.proposed(values, file), faults))
            }
        }
    }

    /// A form that is opened offers what can be known: choices by their names, the lead of the task, or the only
    /// department that the request asks.
    fn proposed(&self, mut values: Values, file: Option<&Request>) -> Values {
        let severity =
            values.get("issue_severity").and_then(|t| f6::severity(t)).map(|s| s.name().to_owned());
        let topic = values.get("issue_topic").and_then(|t| f6::topic(t)).map(|t| t.name().to_owned());
        let department =
            values.get("issue_department").and_then(|t| self.department(t)).map(|d| d.to_string());
        let named = values.contains_key("issue_department");
        let task = values.get("issue_task").and_then(|t| t.rsplit('/').next()?.parse::<i64>().ok());
        let lead = task.and_then(|n| file?.task(n)).map(|t| t.plan.lead.to_string());
        let only = file.filter(|f| f.asks.len() == 1).and_then(|f| f.asks.first());
        let offered = lead.or_else(|| only.map(|a| a.department.to_string())).filter(|_| !named);
        let known = [
            ("issue_severity", severity),
            ("issue_topic", topic),
            ("issue_department", department.or(offered)),
        ];
        values.extend(known.into_iter().filter_map(|(f, v)| Some((f.to_owned(), v?))));
        values
    }

    /// F7: the plan.
    fn plan_of_issue(&self, at: (&Request, i64), owner: Option<&str>, words: Option<&str>) -> Sought {
        let mut values = self.typed_values(words.map(marks::solution));
        values.extend(owner.map(|o| ("issue_owner".to_owned(), o.to_owned())));
        if values.is_empty() {
            let solution = at.0.issue(at.1).and_then(|i| i.solution.as_ref());
            let kept = solution.map(|s| {
                let moment = s.due.to_zoned(self.company.calendar.time_zone().clone());
                Values::from([
                    ("cause".to_owned(), s.cause.clone()),
                    ("measures".to_owned(), s.measures.clone()),
                    ("issue_owner".to_owned(), self.company.directory.name_of(&s.owner)),
                    ("issue_due".to_owned(), moment.strftime("%Y-%m-%d %H:%M").to_string()),
                ])
            });
            return Sought::Form(form_of(at, FormKind::Solution, kept.unwrap_or_default(), Vec::new()));
        }
        match self.with_readers(&values, |typed| f6::solution(typed, self.company.rules(self.now))) {
            Ok(solution) => Sought::Act(IssueAct::Plan { issue: at.1, solution: Box::new(solution) }),
            Err(faults) => Sought::Form(form_of(at, FormKind::Solution, values, faults)),
        }
    }

    /// F7: what was done, to what effect.
    fn resolution_of_issue(&self, at: (&Request, i64), words: Option<&str>) -> Sought {
        let values = self.typed_values(words.map(marks::resolution));
        if values.is_empty() {
            return Sought::Form(form_of(at, FormKind::Resolution, values, Vec::new()));
        }
        match self.with_readers(&values, |typed| f6::resolution(typed, self.company.rules(self.now))) {
            Ok(resolution) => {
                Sought::Act(IssueAct::Resolve { issue: at.1, resolution: Box::new(resolution) })
            }
            Err(faults) => Sought::Form(form_of(at, FormKind::Resolution, values, faults)),
        }
    }

    fn move_of_issue(&self, at: (&Request, i64), to: Option<&str>, reason: Option<&str>) -> Sought {
        let values = self.typed_values(line([("to_department", to), ("reason", reason)]));
        if values.is_empty() {
            return Sought::Form(form_of(at, FormKind::MoveIssue, values, Vec::new()));
        }
        let department =
            self.one_choice(&values, "to_department", "unknown_department", &|t| self.department(t));
        match (department, form::words(&values, "reason", form::LONG)) {
            (Ok(to), Ok(reason)) => Sought::Act(IssueAct::Move { issue: at.1, to, reason }),
            (to, reason) => {
                let faults = [to.err(), reason.err()].into_iter().flatten().collect();
                Sought::Form(form_of(at, FormKind::MoveIssue, values, faults))
            }
        }
    }

    fn rate_of_issue(&self, at: (&Request, i64), severity: Option<&str>, reason: Option<&str>) -> Sought {
        let values = self.typed_values(line([("issue_severity", severity), ("reason", reason)]));
        if values.is_empty() {
            return Sought::Form(form_of(at, FormKind::RateIssue, values, Vec::new()));
        }
        let severity = self.one_choice(&values, "issue_severity", "unknown_choice", &f6::severity);
        match (severity, form::words(&values, "reason", form::LONG)) {
            (Ok(severity), Ok(reason)) => Sought::Act(IssueAct::Rate { issue: at.1, severity, reason }),
            (severity, reason) => {
                let faults = [severity.err(), reason.err()].into_iter().flatten().collect();
                Sought::Form(form_of(at, FormKind::RateIssue, values, faults))
            }
        }
    }

    fn one_choice<T>(
        &self,
        values: &Values,
        field: &str,
        unknown: &str,
        read: &dyn Fn(&str) -> Option<T>,
    ) -> Result<T, FieldFault> {
        match values.get(field).map(|v| v.trim()).unwrap_or_default() {
            "" => Err(form::fault(field, "required")),
            typed => read(typed).ok_or_else(|| form::typed_wrong(field, unknown, typed)),
        }
    }

    /// The words of a line, or those of the form that the button stood under.
    fn typed_values(&self, line: Option<Values>) -> Values {
        line.unwrap_or_else(|| self.intent.values.clone())
    }

    fn said_of_issue(
        &self,
        at: (&Request, i64),
        (kind, field, most): (FormKind, &str, usize),
        typed: &Option<String>,
        make: impl FnOnce(String) -> IssueAct,
    ) -> Sought {
        let values = self.typed_values(typed.as_ref().map(|w| Values::from([(field.to_owned(), w.clone())])));
        match form::words(&values, field, most) {
            Ok(words) => Sought::Act(make(words)),
            Err(fault) => {
                let faults = if values.contains_key(field) { vec![fault] } else { Vec::new() };
                Sought::Form(form_of(at, kind, values, faults))
            }
        }
    }

    fn with_readers<T>(&self, values: &Values, read: impl FnOnce(&f6::Typed) -> T) -> T {
        let past = |text: &str| self.past_moment(text);
        let moment = |text: &str| self.moment_ahead(text);
        let department = |text: &str| -> Option<DepartmentId> { self.department(text) };
        let person = |text: &str| -> Option<PersonId> {
            match self.company.directory.find_person(text).as_slice() {
                [one] => Some(one.id.clone()),
                _ => None,
            }
        };
        read(&f6::Typed { values, past: &past, moment: &moment, department: &department, person: &person })
    }

    fn past_moment(&self, text: &str) -> Option<Timestamp> {
        let zone = self.company.calendar.time_zone();
        let at = ago::read(text, self.now.to_zoned(zone.clone()).datetime())?;
        at.to_zoned(zone.clone()).ok().map(|at| at.timestamp())
    }

    fn moment_ahead(&self, text: &str) -> Option<Timestamp> {
        self.moment(text).filter(|(_, rest)| rest.is_empty()).map(|(at, _)| at)
    }
}

/// The issue that is named, or the only one that is not closed. `None`: several could be meant.
fn one_of(file: &Request, named: Option<i64>) -> Result<Option<i64>, Refusal> {
    if let Some(number) = named {
        return file.issue(number).map(|i| Some(i.number)).ok_or(Refusal::NoSuchIssue { number });
    }
    let open = |i: &&Issue| i.closed.is_none();
    let mut numbers = file.issues.iter().filter(open).map(|i| i.number);
    Ok(numbers.next().filter(|_| numbers.next().is_none()))
}

/// The words of a line as values; `None` where there are none.
fn line<const N: usize>(pairs: [(&str, Option<&str>); N]) -> Option<Values> {
    let words = pairs.into_iter().filter_map(|(field, words)| Some((field.to_owned(), words?.to_owned())));
    Some(words.collect::<Values>()).filter(|values| !values.is_empty())
}

fn form_of(
    (file, number): (&Request, i64),
    form: FormKind,
    mut values: Values,
    faults: Vec<FieldFault>,
) -> FormReply {
    values.insert("issue".to_owned(), number.to_string());
    let request: Option<RequestId> = Some(file.id.clone());
    FormReply { form, request, department: None, version: Some(file.revision), rows: 0, values, faults }
}
