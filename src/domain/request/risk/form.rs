//! Form F8 as typed → a checked [`Draft`], or what is wrong with each field.
//!
//! Invariant: a draft has a trigger: a task that exists or the critical path with one or two thresholds that rise, or
//! somebody's word.

use std::collections::BTreeMap;

use super::{Level, Plan, RiskKind, Trigger, Watched};
use crate::domain::PersonId;
use crate::domain::change::FieldFault;
use crate::domain::request::Request;
use crate::domain::request::form::{LONG, fault};
use crate::domain::request::sheet::Sheet;

/// Working days for a measure where none are said.
pub const USUAL_DAYS: i64 = 2;
/// What is later than this is not watched for.
const MOST_DAYS: i64 = 250;

/// 风险类型: its name, as the form says it, and itself.
pub const KINDS: [(&str, &str, RiskKind); 5] = [
    ("resources", "资源不足", RiskKind::Resources),
    ("delay", "进度延迟", RiskKind::Delay),
    ("conflict", "部门冲突", RiskKind::Conflict),
    ("external", "外部变化", RiskKind::External),
    ("other", "其他", RiskKind::Other),
];

/// 可能性, 影响程度
pub const LEVELS: [(&str, &str, Level); 3] =
    [("high", "高", Level::High), ("medium", "中", Level::Medium), ("low", "低", Level::Low)];

/// A risk plan that fits the request that it was checked against.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub(super) plan: Plan,
}

/// What the fields are read with: values as typed, and the reader of names that another room owns.
pub struct Typed<'a> {
    /// Field name → value as typed.
    pub values: &'a BTreeMap<String, String>,
    /// People by name or id, or what is wrong with the field.
    pub person: &'a dyn Fn(&str, &str) -> Result<PersonId, FieldFault>,
}

/// Checks form F8.
pub fn check(typed: &Typed, request: &Request) -> Result<Draft, Vec<FieldFault>> {
    let mut sheet = Sheet::new(typed.values, typed);
    let kind = sheet.choice("risk_kind", &KINDS, true);
    let description = sheet.words("risk_description", LONG, true);
    let likelihood = sheet.choice("likelihood", &LEVELS, true);
    let impact = sheet.choice("risk_impact", &LEVELS, true);
    let measure = sheet.words("measure", LONG, true);
    let owner = sheet.person("risk_owner", true);
    let trigger = sheet.trigger(request);
    let two = matches!(&trigger, Some(Trigger::Late { thresholds, .. }) if thresholds.len() > 1);
    let superior = sheet.person("risk_superior", two);
    let measure_days = sheet.days("measure_days");
    match (kind, likelihood, impact, owner, trigger) {
        (Some(kind), Some(likelihood), Some(impact), Some(owner), Some(trigger))
            if sheet.faults.is_empty() =>
        {
            let plan = Plan {
                kind,
                description,
                likelihood,
                impact,
                measure,
                owner,
                superior,
                measure_days,
                trigger,
            };
            Ok(Draft { plan })
        }
        _ => Err(sheet.faults),
    }
}

/// A plan as the values of its form.
pub fn values_of(plan: &Plan) -> BTreeMap<String, String> {
    let (watched, late) = match &plan.trigger {
        Trigger::ByHand => ("hand".to_owned(), String::new()),
        Trigger::Late { watched, thresholds } => {
            let days: Vec<String> = thresholds.iter().map(ToString::to_string).collect();
            let watched = match watched {
                Watched::Task(number) => number.to_string(),
                Watched::Path => "path".to_owned(),
            };
            (watched, days.join(","))
        }
    };
    let pairs = [
        ("risk_kind", kind_name(plan.kind).to_owned()),
        ("risk_description", plan.description.clone()),
        ("likelihood", level_name(plan.likelihood).to_owned()),
        ("risk_impact", level_name(plan.impact).to_owned()),
        ("measure", plan.measure.clone()),
        ("risk_owner", plan.owner.to_string()),
        ("risk_superior", plan.superior.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("measure_days", plan.measure_days.to_string()),
        ("risk_watch", watched),
        ("risk_late", late),
    ];
    pairs.into_iter().filter(|(_, v)| !v.is_empty()).map(|(f, v)| (f.to_owned(), v)).collect()
}

/// The name in text keys.
pub fn kind_name(kind: RiskKind) -> &'static str {
    KINDS.iter().find(|(_, _, k)| *k == kind).map_or("other", |(name, ..)| name)
}

/// The name in text keys.
pub fn level_name(level: Level) -> &'static str {
    LEVELS.iter().find(|(_, _, l)| *l == level).map_or("medium", |(name, ..)| name)
}

impl Sheet<'_, &Typed<'_>> {
    fn person(&mut self, field: &str, required: bool) -> Option<PersonId> {
        let text = self.raw(field);
        if text.is_empty() {
            self.faults.extend(required.then(|| fault(field, "required")));
            return None;
        }
        match (self.by.person)(field, text) {
            Ok(person) => Some(person),
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }

    fn days(&mut self, field: &str) -> i64 {
        let text = self.raw(field);
        if text.is_empty() {
            return USUAL_DAYS;
        }
        let days = super::super::decision::form::days(text).filter(|n| (1..=MOST_DAYS).contains(n));
        days.unwrap_or_else(|| {
            self.wrong(field, "not_days", text);
            USUAL_DAYS
        })
    }

    /// What is watched, and for how much delay.
    fn trigger(&mut self, request: &Request) -> Option<Trigger> {
        let (text, late) = (self.raw("risk_watch"), self.raw("risk_late"));
        let watched = match text.to_lowercase().as_str() {
            "" => {
                self.faults.push(fault("risk_watch", "no_trigger"));
                return None;
            }
            "hand" | "手动" | "人工" | "by hand" => {
                if !late.is_empty() {
                    self.wrong("risk_late", "late_by_hand", late);
                }
                return Some(Trigger::ByHand);
            }
            "path" | "关键路径" | "critical path" => Watched::Path,
            typed => {
                let number = super::super::task::form::numbers(typed.trim_start_matches("任务"));
                match number.as_deref() {
                    Ok([number]) if request.task(*number).is_some() => Watched::Task(*number),
                    _ => {
                        self.wrong("risk_watch", "no_such_task", text);
                        return None;
                    }
                }
            }
        };
        let thresholds = self.thresholds(late)?;
        Some(Trigger::Late { watched, thresholds })
    }

    /// `3`, or `3,7`: working days, rising.
    fn thresholds(&mut self, text: &str) -> Option<Vec<i64>> {
        if text.is_empty() {
            self.faults.push(fault("risk_late", "required"));
            return None;
        }
        let parted = |c: char| matches!(c, ',' | '，' | '、' | '/' | ' ' | ';' | '；' | '>' | '＞');
        let parts = text.split(parted).map(str::trim).filter(|p| !p.is_empty());
        let days: Option<Vec<i64>> = parts.map(super::super::decision::form::days).collect();
        let in_order = |d: &Vec<i64>| {
            (1..=2).contains(&d.len())
                && d.iter().all(|n| (1..=MOST_DAYS).contains(n))
                && d.is_sorted_by(|a, b| a < b)
        };
        let sound = days.filter(in_order);
        if sound.is_none() {
            self.wrong("risk_late", "not_thresholds", text);
        }
        sound
    }
}
