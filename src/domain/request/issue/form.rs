//! Forms F6 and F7 as typed → a checked [`Draft`], [`Solution`] or [`Resolution`], or what is wrong with each field.
//!
//! Invariants: what happened, happened; what is promised is still to come.

use std::collections::BTreeMap;

use super::{Report, Resolution, Severity, Solution, Topic};
use crate::domain::change::FieldFault;
use crate::domain::request::form::{LONG, SHORT};
use crate::domain::request::sheet::Sheet;
use crate::domain::request::{Request, Rules};
use crate::domain::{DepartmentId, PersonId, Timestamp};

/// An issue that can be reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub(super) report: Report,
}

impl Draft {
    /// The responsible department.
    pub fn department(&self) -> &DepartmentId {
        &self.report.department
    }

    /// Its description in short.
    pub fn title(&self) -> String {
        self.report.text.lines().next().unwrap_or_default().chars().take(60).collect()
    }
}

/// What the fields are read with: values as typed, and the readers of words that other rooms own.
pub struct Typed<'a> {
    /// Field name → value as typed.
    pub values: &'a BTreeMap<String, String>,
    /// A moment that has been; `None` is no moment.
    pub past: &'a dyn Fn(&str) -> Option<Timestamp>,
    /// A moment to come; a day is its closing time.
    pub moment: &'a dyn Fn(&str) -> Option<Timestamp>,
    /// Departments by name or code; `None` is unknown.
    pub department: &'a dyn Fn(&str) -> Option<DepartmentId>,
    /// People by name or id; `None` is unknown, or several.
    pub person: &'a dyn Fn(&str) -> Option<PersonId>,
}

/// Checks form F6, for a request or for none. What one line may leave open, the form asks for.
pub fn check(
    typed: &Typed,
    request: Option<&Request>,
    whole: bool,
    rules: Rules,
) -> Result<Draft, Vec<FieldFault>> {
    let mut sheet = Sheet::new(typed.values, By { typed, rules });
    let severity = sheet.looked_up("issue_severity", "unknown_choice", &severity, true);
    let topic = sheet.looked_up("issue_topic", "unknown_choice", &topic, whole);
    let task = sheet.task("issue_task", request);
    let lead = task.and_then(|n| request?.task(n)).map(|t| t.plan.lead.clone());
    let department =
        sheet.looked_up("issue_department", "unknown_department", typed.department, lead.is_none());
    let happened_at = sheet.happened("issue_happened");
    let report = Report {
        task,
        topic: topic.unwrap_or(Topic::Other),
        severity: severity.unwrap_or(Severity::General),
        text: sheet.words("issue_text", LONG, true),
        scope: sheet.words("issue_scope", SHORT, whole),
        happened_at,
        fix_by: sheet.ahead("issue_fix_by", false),
        department: department.or(lead).unwrap_or_else(|| DepartmentId::new("")),
    };
    sheet.ended(Draft { report })
}

/// Checks form F7 as it is planned.
pub fn solution(typed: &Typed, rules: Rules) -> Result<Solution, Vec<FieldFault>> {
    let mut sheet = Sheet::new(typed.values, By { typed, rules });
    let cause = sheet.words("cause", LONG, true);
    let measures = sheet.words("measures", LONG, true);
    let owner = sheet.looked_up("issue_owner", "unknown_owner", typed.person, true);
    if owner.as_ref().is_some_and(|o| !rules.directory.is_active(o)) {
        let typed = sheet.raw("issue_owner").to_owned();
        sheet.wrong("issue_owner", "unknown_owner", &typed);
    }
    let due = sheet.ahead("issue_due", true);
    let (owner, due) = (owner.unwrap_or_else(|| PersonId::new("")), due.unwrap_or(rules.now));
    sheet.ended(Solution { cause, measures, owner, due })
}

/// Checks form F7 as it is closed.
pub fn resolution(typed: &Typed, rules: Rules) -> Result<Resolution, Vec<FieldFault>> {
    let mut sheet = Sheet::new(typed.values, By { typed, rules });
    let process = sheet.words("issue_process", LONG, true);
    let effect = sheet.words("effect", LONG, true);
    sheet.ended(Resolution { process, effect })
}

/// 紧急, 重要, 一般, in the words that people use for them.
pub fn severity(text: &str) -> Option<Severity> {
    match text.trim().to_lowercase().as_str() {
        "urgent" | "紧急" | "特急" | "critical" => Some(Severity::Urgent),
        "important" | "重要" | "major" => Some(Severity::Important),
        "general" | "一般" | "normal" | "minor" => Some(Severity::General),
        _ => None,
    }
}

/// 技术, 资源, 流程, 其他.
pub fn topic(text: &str) -> Option<Topic> {
    match text.trim().to_lowercase().as_str() {
        "technical" | "技术" => Some(Topic::Technical),
        "resource" | "资源" => Some(Topic::Resource),
        "process" | "流程" => Some(Topic::Process),
        "other" | "其他" | "其它" => Some(Topic::Other),
        _ => None,
    }
}

/// What the fields are read by.
struct By<'a> {
    typed: &'a Typed<'a>,
    rules: Rules<'a>,
}

impl Sheet<'_, By<'_>> {
    /// A task of the request; a word that is none, or a task without a request, is a fault.
    fn task(&mut self, field: &str, request: Option<&Request>) -> Option<i64> {
        let text = self.raw(field);
        if text.is_empty() {
            return None;
        }
        let last = text.rsplit('/').next().unwrap_or_default();
        let plain: String = last.chars().map(crate::domain::directory::narrow).collect();
        let number = plain.trim_start_matches('#').parse::<i64>().ok();
        let known = number.filter(|n| request.is_some_and(|r| r.task(*n).is_some()));
        if known.is_none() {
            self.wrong(field, "no_such_task", text);
        }
        known
    }

    /// When it happened: now where nothing is said, never in the future.
    fn happened(&mut self, field: &str) -> Timestamp {
        let (text, now) = (self.raw(field), self.by.rules.now);
        if text.is_empty() {
            return now;
        }
        match (self.by.typed.past)(text) {
            Some(at) if at > now => self.wrong(field, "future", text),
            Some(at) => return at,
            None => self.wrong(field, "not_a_past_moment", text),
        }
        now
    }

    /// A moment to come.
    fn ahead(&mut self, field: &str, required: bool) -> Option<Timestamp> {
        let found = self.looked_up(field, "not_a_moment", self.by.typed.moment, required)?;
        if found <= self.by.rules.now {
            let typed = self.raw(field);
            self.wrong(field, "gone", typed);
            return None;
        }
        Some(found)
    }
}
