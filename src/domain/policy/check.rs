//! The policy as administrators write it → a [`Policy`] that can be carried out, or every mistake in it.
//!
//! Invariant: a policy that passes has one row per kind, every step has somebody who hears it, and no step comes
//! before the one below it. A policy that does not pass is not used at all; the service says why and stops.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use toml::Spanned;
use toml::de::DeTable;

use super::order::impossible;
use super::{Approval, At, Audience, Due, Policy, Row, Rung, Step, TooLate, Urge};
use crate::domain::calendar::{Calendar, Span};
use crate::domain::fault::Fault;
use crate::domain::obligation::Kind;
use crate::domain::sheet::Sheet;

mod issues;
mod newer;

/// The policy that is used where the company has not written one: the text of `config/policy.toml`.
pub const DEFAULT: &str = include_str!("../../../config/policy.toml");

/// Reads and checks the text of a policy file; `file` is its name in the faults.
pub fn read(file: &str, text: &str, calendar: &Calendar) -> Result<Policy, Vec<Fault>> {
    let (sheet, root) = Sheet::open(file, text);
    let Some(mut root) = root else { return Err(sheet.faults) };
    newer::complete(&mut root);
    let mut reader = Reader { sheet, calendar };
    let rows = reader.rows(&mut root);
    let approval = reader.approval(&mut root);
    let urge = reader.urge(&mut root);
    let too_late = reader.too_late(&mut root);
    let progress = reader.progress(&mut root);
    let pilot = reader.pilot(&mut root);
    let quiet = reader.quiet(&mut root);
    let issue = reader.issues(&mut root);
    let others = [
        "approval",
        "urge",
        "too_late",
        "progress",
        "quiet",
        "pilot",
        "visibility",
        "respond_issue_urgent",
        "issue",
    ];
    let known = Kind::ALL.into_iter().map(Kind::name).chain(others);
    let mask_names = reader.mask_names(&mut root);
    reader.sheet.nothing_else(&root, known);
    let mut faults = reader.sheet.faults;
    let whole = || {
        Some(Policy {
            rows,
            approval: approval?,
            urge: urge?,
            too_late: too_late?,
            progress: progress?,
            quiet: quiet?,
            pilot,
            mask_names,
            issue: issue?,
        })
    };
    if faults.is_empty()
        && let Some(policy) = whole()
    {
        return Ok(policy);
    }
    faults.sort_by_key(|f| f.line);
    Err(faults)
}

/// The table of one kind, its steps aside.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowShape {
    due: String,
    #[serde(default)]
    urgent: bool,
    /// Taken out before, but named among the known keys.
    #[serde(default, rename = "steps")]
    _steps: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepShape {
    at: Option<String>,
    every: Option<String>,
    #[serde(rename = "do")]
    rung: Rung,
    to: Vec<Audience>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalShape {
    general_manager_above: i64,
    self_approval: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UrgeShape {
    cool_down: String,
    per_day: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TooLateShape {
    remind: String,
    overdue: String,
    alert: String,
}

/// Kinds whose moment a plan says.
const PLANNED: [Kind; 3] = [Kind::FinishTask, Kind::ResolveIssue, Kind::Improve];

pub(super) struct Reader<'t, 'r> {
    pub(super) sheet: Sheet<'t>,
    calendar: &'r Calendar,
}

impl<'t> Reader<'t, '_> {
    fn rows(&mut self, root: &mut DeTable<'t>) -> BTreeMap<Kind, Row> {
        let mut rows = BTreeMap::new();
        for kind in Kind::ALL {
            if let Some(table) = self.section(root, kind.name())
                && let Some(row) = self.row(kind.name(), table)
            {
                rows.insert(kind, row);
            }
        }
        rows
    }

    pub(super) fn row(&mut self, name: &str, mut table: Spanned<DeTable<'t>>) -> Option<Row> {
        let start = table.span().start;
        let ladder = self.ladder(name, table.get_mut());
        if ladder.is_empty() {
            self.sheet.fault(start, name, "has no steps: nobody would hear", "add steps = [{ … }]");
        }
        let shape: RowShape = self.sheet.read(name, table)?;
        let due = match shape.due.trim() {
            "planned" if PLANNED.map(Kind::name).contains(&name) => Due::Planned,
            due => Due::After(self.span(start, &format!("{name}.due"), due)?),
        };
        let (starts, steps): (Vec<_>, Vec<_>) = ladder.into_iter().unzip();
        // Order means nothing while a step is missing; its fault is noted already.
        let ladder: Option<Vec<Step>> = steps.into_iter().collect();
        let row = Row { due, urgent: shape.urgent, ladder: ladder? };
        let last = row.ladder.len().saturating_sub(1);
        for (index, step) in row.ladder.iter().enumerate().filter(|(index, _)| *index < last) {
            if let (At::Every(_), Some(at)) = (step.at, starts.get(index)) {
                let problem = "only the last step may come again and again";
                self.sheet.fault(*at, &step_name(name, index), problem, "move it to the end, or use `at`");
            }
        }
        for found in impossible(&row, self.calendar) {
            let at = starts.get(found.step).copied().unwrap_or(start);
            let remedy = "put the steps in the order in which they fire";
            self.sheet.fault(at, &step_name(name, found.step), found.why, remedy);
        }
        Some(row)
    }

    /// The steps with their places in the text; `None` for one that has left a fault.
    fn ladder(&mut self, kind: &str, table: &mut DeTable<'t>) -> Vec<(usize, Option<Step>)> {
        let tables = self.sheet.tables(table, "steps");
        let numbered = tables.into_iter().enumerate();
        numbered.map(|(index, step)| (step.span().start, self.step(&step_name(kind, index), step))).collect()
    }

    fn step(&mut self, name: &str, table: Spanned<DeTable<'t>>) -> Option<Step> {
        let start = table.span().start;
        let known = self.sheet.faults.len();
        let shape: StepShape = self.sheet.read(name, table)?;
        if shape.to.is_empty() && self.sheet.faults.len() == known {
            self.sheet.fault(start, &format!("{name}.to"), "nobody would hear", "e.g. to = [\"debtor\"]");
        }
        let at = match (shape.at, shape.every) {
            (Some(at), None) => self.at(start, &format!("{name}.at"), &at),
            (None, Some(every)) => self.span(start, &format!("{name}.every"), &every).map(At::Every),
            (Some(_), Some(_)) => {
                self.sheet.fault(start, name, "has both `at` and `every`", "keep one of them");
                None
            }
            (None, None) if self.sheet.faults.len() == known => {
                let remedy = "add at = \"due\", at = \"4wh\" or every = \"1wd\"";
                self.sheet.fault(start, name, "does not say when", remedy);
                None
            }
            (None, None) => None,
        };
        Some(Step { at: at?, rung: shape.rung, to: shape.to })
    }

    /// `due`, `due+1wd`, `due-1wd`, `09:00 due-1wd`, or a span after opening.
    fn at(&mut self, start: usize, key: &str, text: &str) -> Option<At> {
        if text.contains(':') {
            return self.at_clock(start, key, text);
        }
        let Some(rest) = text.strip_prefix("due") else {
            return self.span(start, key, text).map(At::After);
        };
        match rest.trim().split_at_checked(1) {
            None => Some(At::Due),
            Some(("+", span)) => self.span(start, key, span).map(At::AfterDue),
            Some(("-", span)) => self.span(start, key, span).map(At::BeforeDue),
            Some(_) => {
                let problem = format!("`{text}` is no moment");
                self.sheet.fault(start, key, problem, "write \"due\", \"due+1wd\" or \"due-1wd\"");
                None
            }
        }
    }

    fn approval(&mut self, root: &mut DeTable<'t>) -> Option<Approval> {
        let (start, shape): (_, ApprovalShape) = self.shape(root, "approval")?;
        if shape.general_manager_above < 0 {
            let key = "approval.general_manager_above";
            self.sheet.fault(start, key, "is less than nothing", "whole yuan, e.g. 100000");
        }
        let ApprovalShape { general_manager_above, self_approval } = shape;
        Some(Approval { general_manager_above, self_approval })
    }

    fn urge(&mut self, root: &mut DeTable<'t>) -> Option<Urge> {
        let (start, shape): (_, UrgeShape) = self.shape(root, "urge")?;
        if shape.per_day == 0 {
            self.sheet.fault(start, "urge.per_day", "nobody could ever urge", "at least 1");
        }
        let cool_down = self.span(start, "urge.cool_down", &shape.cool_down)?;
        Some(Urge { cool_down, per_day: shape.per_day })
    }

    fn too_late(&mut self, root: &mut DeTable<'t>) -> Option<TooLate> {
        let (start, shape): (_, TooLateShape) = self.shape(root, "too_late")?;
        let remind = self.span(start, "too_late.remind", &shape.remind);
        let overdue = self.span(start, "too_late.overdue", &shape.overdue);
        let alert = self.span(start, "too_late.alert", &shape.alert);
        Some(TooLate { remind: remind?, overdue: overdue?, alert: alert? })
    }

    pub(super) fn shape<T: DeserializeOwned>(
        &mut self,
        root: &mut DeTable<'t>,
        name: &str,
    ) -> Option<(usize, T)> {
        let table = self.section(root, name)?;
        let start = table.span().start;
        self.sheet.read(name, table).map(|shape| (start, shape))
    }

    /// A table that has to be there.
    pub(super) fn section(&mut self, root: &mut DeTable<'t>, name: &str) -> Option<Spanned<DeTable<'t>>> {
        if !root.contains_key(name) {
            let fault = "is missing";
            self.sheet.fault(0, name, fault, "copy the table from the policy.toml of this version");
        }
        self.sheet.table(root, name)
    }

    /// A span of time that is worth waiting for.
    pub(super) fn span(&mut self, start: usize, key: &str, text: &str) -> Option<Span> {
        match span(text) {
            Ok(span) => Some(span),
            Err(_) if self.sheet.faults.iter().any(|f| f.key == key) => None, // missing, and noted as such
            Err(problem) => {
                let remedy = "write e.g. \"30min\", \"4h\", \"48dh\", \"4wh\" or \"1wd\"";
                self.sheet.fault(start, key, problem, remedy);
                None
            }
        }
    }
}

/// A span that is worth waiting for.
fn span(text: &str) -> Result<Span, String> {
    match text.trim().parse::<Span>() {
        Ok(span) if span.count() > 0 => Ok(span),
        Ok(_) => Err(format!("`{text}` is no time at all")),
        Err(_) => Err(format!("`{text}` is no span of time")),
    }
}

/// How faults name a step, counted from 1 as people do.
fn step_name(kind: &str, index: usize) -> String {
    format!("{kind} step {}", index + 1)
}
