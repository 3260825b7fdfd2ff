//! What a want asks of a case file: an act on its tasks, or the form that asks for what is missing.
//!
//! Invariant: nothing is decided here; what is read is checked against the file that the decision is made on.

use std::collections::BTreeMap;

use crate::app::Act;
use crate::app::decisions::plan_form;
use crate::domain::change::{FormKind, FormReply, Refusal};
use crate::domain::permission::Doing;
use crate::domain::request::task::{Day, form as f2};
use crate::domain::request::{Request, Task, TaskAct, form, task};
use crate::domain::{Date, PersonId, RequestId};
use crate::intent::{TaskWant, when};

/// What a want asks of a case file.
pub(super) enum Sought {
    Act(TaskAct),
    Form(FormReply),
}

pub(super) type Read = Result<Sought, Refusal>;

impl Act<'_> {
    /// The act that a want comes to, or the form that asks for what is missing.
    pub(super) fn sought(
        &self,
        file: &Request,
        person: &PersonId,
        (want, task): (&TaskWant, Option<i64>),
    ) -> Read {
        let number = || self.task_number(file, person, task);
        let decided = match want {
            TaskWant::BreakDown { .. } => TaskAct::BreakDown,
            TaskWant::Add { name, owner, finish, after, .. } => {
                return self.adding(file, person, [name, owner, finish, after]);
            }
            TaskWant::Edit { .. } => return self.editing(file, person, number()?),
            TaskWant::Save { task, .. } => return self.saving(file, *task, self.intent.values.clone()),
            TaskWant::Drop { .. } => TaskAct::Drop { task: number()? },
            TaskWant::Start { .. } => TaskAct::Start { task: number()? },
            TaskWant::Finish { reason, .. } => return self.finishing(file, number()?, reason.as_deref()),
            TaskWant::Move { to, reason, .. } => {
                return self.moving(file, number()?, (to.as_deref(), reason.as_deref()));
            }
            TaskWant::AnswerMove { agreed: true, .. } => {
                TaskAct::AnswerMove { task: number()?, agreed: true, reason: String::new() }
            }
            TaskWant::AnswerMove { .. } => {
                let task = number()?;
                return self.in_words(file, (FormKind::DeclineMove, task), None, |reason| {
                    TaskAct::AnswerMove { task, agreed: false, reason }
                });
            }
            TaskWant::Progress { words, .. } => {
                return self.reporting(file, number()?, words.as_deref());
            }
            TaskWant::SignOff { .. } => TaskAct::SignOff { task: number()? },
            TaskWant::Accept { .. } => TaskAct::Accept,
            TaskWant::SendBack { tasks, reason, .. } => {
                return self.sending_back(file, tasks.as_deref(), reason.as_deref());
            }
            TaskWant::Import { .. } => return self.importing(file, person),
            TaskWant::List { .. } | TaskWant::Report { .. } => return Err(Refusal::NothingAtHand),
        };
        Ok(Sought::Act(decided))
    }

    /// The task that is named, or the only one of this person that is not done.
    fn task_number(&self, file: &Request, person: &PersonId, named: Option<i64>) -> Result<i64, Refusal> {
        if let Some(number) = named {
            return file.task(number).map(|t| t.number).ok_or(Refusal::NoSuchTask { number });
        }
        let open = |t: &&Task| t.state != task::TaskState::Done;
        let mine = |t: &&Task| &t.plan.owner == person;
        let own: Vec<&Task> = file.tasks.iter().filter(open).filter(mine).collect();
        match own.as_slice() {
            [one] => Ok(one.number),
            _ => Err(Refusal::WhichTask {
                numbers: file.tasks.iter().filter(open).map(|t| t.number).collect(),
            }),
        }
    }

    /// One line that says enough adds the task; else the form opens with what it says.
    fn adding(&self, file: &Request, person: &PersonId, said: [&Option<String>; 4]) -> Read {
        file.case(self.company.rules(self.now)).may(person, Doing::Plan, None)?;
        let fields = ["task_name", "task_owner", "task_finish", "task_after"];
        let given = fields.iter().zip(said).filter_map(|(f, v)| Some(((*f).to_owned(), v.clone()?)));
        let values: BTreeMap<String, String> = given.collect();
        if values.contains_key("task_name") && values.contains_key("task_owner") {
            return self.saving(file, None, values);
        }
        Ok(Sought::Form(a_form(file, FormKind::Task, values)))
    }

    fn editing(&self, file: &Request, person: &PersonId, number: i64) -> Read {
        file.case(self.company.rules(self.now)).may(person, Doing::Plan, None)?;
        let task = file.task(number).ok_or(Refusal::NoSuchTask { number })?;
        Ok(Sought::Form(a_form(file, FormKind::Task, values_of(task))))
    }

    fn saving(&self, file: &Request, task: Option<i64>, mut values: BTreeMap<String, String>) -> Read {
        if let Some(number) = task {
            values.insert("task".to_owned(), number.to_string());
        }
        let day = |text: &str| self.day_of(file, text);
        let department = |text: &str| self.department(text);
        let person = |text: &str| self.one_person(text);
        let typed = f2::Typed { values: &values, day: &day, department: &department, person: &person };
        match f2::check(&typed, file, task, self.company.rules(self.now)) {
            Ok(draft) => {
                let draft = Box::new(draft);
                Ok(Sought::Act(match task {
                    None => TaskAct::Add { draft },
                    Some(task) => TaskAct::Edit { task, draft },
                }))
            }
            Err(faults) => Ok(Sought::Form(FormReply { faults, ..a_form(file, FormKind::Task, values) })),
        }
    }

    /// A person by name or id; `None` is nobody, or several.
    pub(super) fn one_person(&self, text: &str) -> Option<PersonId> {
        match self.company.directory.find_person(text).as_slice() {
            [one] => Some(one.id.clone()),
            _ => None,
        }
    }

    /// Done is done; where a predecessor is not, the form asks why.
    fn finishing(&self, file: &Request, number: i64, typed: Option<&str>) -> Read {
        let blocked = file.task(number).is_some_and(|t| !file.blockers(t).is_empty());
        let said = typed.is_some() || self.intent.values.contains_key("reason");
        if !blocked && !said {
            return Ok(Sought::Act(TaskAct::Finish { task: number, reason: String::new() }));
        }
        self.in_words(file, (FormKind::FinishBlocked, number), typed, |reason| TaskAct::Finish {
            task: number,
            reason,
        })
    }

    fn moving(&self, file: &Request, number: i64, (to, reason): (Option<&str>, Option<&str>)) -> Read {
        let mut values = self.intent.values.clone();
        let fields = [("moved_to", to), ("reason", reason)];
        values.extend(fields.into_iter().filter_map(|(f, v)| Some((f.to_owned(), v?.to_owned()))));
        let said = values.contains_key("moved_to") || values.contains_key("reason");
        values.insert("task".to_owned(), number.to_string());
        let form_of = |faults| FormReply { faults, ..a_form(file, FormKind::MoveTask, values.clone()) };
        if !said {
            return Ok(Sought::Form(form_of(Vec::new())));
        }
        let today = self.company.calendar.date_of(self.now);
        let typed = values.get("moved_to").map(|v| v.trim()).unwrap_or_default();
        let day = self.day_of(file, typed).map(|d| self.company.calendar.working_day_or_next(d.date));
        let day = match day {
            _ if typed.is_empty() => Err(form::fault("moved_to", "required")),
            None => Err(form::typed_wrong("moved_to", "not_a_date", typed)),
            Some(day) if day < today => Err(form::typed_wrong("moved_to", "past", typed)),
            Some(day) => Ok(day),
        };
        match (day, form::words(&values, "reason", form::LONG)) {
            (Ok(to), Ok(reason)) => Ok(Sought::Act(TaskAct::Move { task: number, to, reason })),
            (day, reason) => {
                Ok(Sought::Form(form_of([day.err(), reason.err()].into_iter().flatten().collect())))
            }
        }
    }

    /// `80% did this; next: that; risk: other` in one line.
    fn reporting(&self, file: &Request, number: i64, words: Option<&str>) -> Read {
        let late =
            file.task(number).is_some_and(|t| t.plan.finish.date <= self.company.calendar.date_of(self.now));
        let full = RequestId::new(format!("{}/{number}", file.id)).to_string();
        let values = crate::app::asked::progress_parts(words.unwrap_or_default());
        match f2::reporting(&values, "p1_", late) {
            Ok(said) if words.is_some() => Ok(Sought::Act(TaskAct::Report { reports: vec![(number, said)] })),
            outcome => {
                let faults = outcome.err().filter(|_| words.is_some()).unwrap_or_default();
                let values = with_tasks(values, &[full]);
                Ok(Sought::Form(FormReply { faults, ..a_form(file, FormKind::Progress, values) }))
            }
        }
    }

    fn sending_back(&self, file: &Request, tasks: Option<&str>, reason: Option<&str>) -> Read {
        let mut values = self.intent.values.clone();
        let fields = [("tasks", tasks), ("reason", reason)];
        values.extend(fields.into_iter().filter_map(|(f, v)| Some((f.to_owned(), v?.to_owned()))));
        let form_of = |faults| FormReply { faults, ..a_form(file, FormKind::SendBack, values.clone()) };
        if values.is_empty() {
            return Ok(Sought::Form(form_of(Vec::new())));
        }
        let typed = values.get("tasks").map(|v| v.trim()).unwrap_or_default();
        let unknown = |n: &i64| file.task(*n).is_none();
        let tasks = match f2::numbers(typed) {
            Ok(tasks) => match tasks.iter().copied().find(unknown) {
                None => Ok(tasks),
                Some(n) => Err(form::typed_wrong("tasks", "no_such_task", &n.to_string())),
            },
            Err(word) => Err(form::typed_wrong("tasks", "no_such_task", &word)),
        };
        match (tasks, form::words(&values, "reason", form::LONG)) {
            (Ok(tasks), Ok(reason)) => Ok(Sought::Act(TaskAct::SendBack { tasks, reason })),
            (tasks, reason) => {
                Ok(Sought::Form(form_of([tasks.err(), reason.err()].into_iter().flatten().collect())))
            }
        }
    }

    fn in_words(
        &self,
        file: &Request,
        (kind, number): (FormKind, i64),
        typed: Option<&str>,
        make: impl FnOnce(String) -> TaskAct,
    ) -> Read {
        let mut values = self.intent.values.clone();
        values.extend(typed.map(|words| ("reason".to_owned(), words.to_owned())));
        let said = values.contains_key("reason");
        values.insert("task".to_owned(), number.to_string());
        match form::words(&values, "reason", form::LONG) {
            Ok(reason) => Ok(Sought::Act(make(reason))),
            Err(fault) => {
                let faults = if said { vec![fault] } else { Vec::new() };
                Ok(Sought::Form(FormReply { faults, ..a_form(file, kind, values) }))
            }
        }
    }

    /// A day in words; `T+n` counts working days from the last confirmation.
    pub(super) fn day_of(&self, file: &Request, text: &str) -> Option<Day> {
        let calendar = &self.company.calendar;
        let today: Date = calendar.date_of(self.now);
        let offset =
            text.trim().to_ascii_uppercase().strip_prefix("T+").and_then(|n| n.trim().parse::<i64>().ok());
        if let Some(n) = offset {
            let from = file.confirmed_at().map_or(today, |at| calendar.date_of(at));
            let steps = i32::try_from(n).ok().filter(|n| *n <= 1_000)?;
            return Some(Day { date: calendar.add_working_days(from, steps), offset: Some(n) });
        }
        let date = when::date(text, today, &|from, days| calendar.add_working_days(from, days))?;
        Some(Day { date, offset: None })
    }
}

/// A form about a request's tasks in which nothing is wrong.
pub(super) fn a_form(file: &Request, form: FormKind, values: BTreeMap<String, String>) -> FormReply {
    plan_form(file, form, (values, Vec::new()))
}

/// The rows of F5 know their tasks by these.
pub(super) fn with_tasks(mut values: BTreeMap<String, String>, tasks: &[String]) -> BTreeMap<String, String> {
    for (row, task) in (1..).zip(tasks) {
        values.insert(format!("p{row}_task"), task.clone());
    }
    values
}

/// A task as the values of its form.
fn values_of(task: &Task) -> BTreeMap<String, String> {
    let p = &task.plan;
    let day = |d: &Day| d.offset.map_or_else(|| d.date.to_string(), |n| format!("T+{n}"));
    let numbers = p.after.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let departments = p.supporting.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let pairs = [
        ("task", task.number.to_string()),
        ("task_name", p.name.clone()),
        ("task_lead", p.lead.to_string()),
        ("task_supporting", departments),
        ("task_deciding", p.deciding.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("task_owner", p.owner.to_string()),
        ("task_start", day(&p.start)),
        ("task_finish", day(&p.finish)),
        ("task_deliverable", p.deliverable.clone()),
        ("task_standard", p.standard.clone()),
        ("task_after", numbers),
        ("task_milestone", if p.milestone { "yes" } else { "no" }.to_owned()),
    ];
    pairs.into_iter().filter(|(_, v)| !v.is_empty()).map(|(f, v)| (f.to_owned(), v)).collect()
}
