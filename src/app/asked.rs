//! What a want asks of a case file: an act to decide on, or the form that asks for what is missing.
//!
//! Invariant: what was typed, in one line or in a form, comes back whole when it is not in order.

use std::collections::BTreeMap;

use super::Act;
use crate::domain::DepartmentId;
use crate::domain::change::{FieldFault, FormKind};
use crate::domain::request::{self, Objection, Ruling, Which, form, task};

/// What a want asks of a case file, before names of departments are resolved.
pub(super) enum Asked {
    /// To be decided on.
    Act(Box<request::Act>),
    /// Words are missing: this form asks for them.
    Form(FormKind, Option<DepartmentId>),
    /// The words are there, but not in order: they go back into the form.
    Faults(FormKind, Option<DepartmentId>, BTreeMap<String, String>, Vec<FieldFault>),
}

impl Act<'_> {
    /// A command with its words, a submitted form, or neither: then the form opens.
    pub(super) fn with_words(
        &self,
        kind: FormKind,
        department: Option<DepartmentId>,
        typed: Option<&str>,
        make: impl FnOnce(String) -> request::Act,
    ) -> Asked {
        let field = if kind == FormKind::Comment { "text" } else { "reason" };
        let values = match typed {
            Some(words) => BTreeMap::from([(field.to_owned(), words.to_owned())]),
            None if self.intent.values.contains_key(field) => self.intent.values.clone(),
            None => return Asked::Form(kind, department),
        };
        match form::words(&values, field, form::LONG) {
            Ok(words) => Asked::Act(Box::new(make(words))),
            Err(fault) => Asked::Faults(kind, department, values, vec![fault]),
        }
    }

    /// `/object <no> <reason>`, or the form with reason and suggestion.
    pub(super) fn objection(&self, which: Which, typed: Option<&str>) -> Asked {
        let about = which.department.clone();
        if let Some(words) = typed {
            let (reason, suggestion) = split_suggestion(words);
            let values = BTreeMap::from([("reason".to_owned(), reason)]);
            return match form::words(&values, "reason", form::LONG) {
                Ok(reason) => {
                    let objection = Objection { reason, suggestion };
                    Asked::Act(Box::new(request::Act::Object { which, objection }))
                }
                Err(fault) => Asked::Faults(FormKind::Objection, about, values, vec![fault]),
            };
        }
        let values = &self.intent.values;
        if !values.contains_key("reason") {
            return Asked::Form(FormKind::Objection, about);
        }
        let words = |field| form::words(values, field, form::LONG);
        match (words("reason"), words("suggestion")) {
            (Ok(reason), Ok(suggestion)) => {
                let objection = Objection { reason, suggestion };
                Asked::Act(Box::new(request::Act::Object { which, objection }))
            }
            (reason, suggestion) => {
                let faults = [reason.err(), suggestion.err()].into_iter().flatten().collect();
                Asked::Faults(FormKind::Objection, about, values.clone(), faults)
            }
        }
    }

    pub(super) fn declining(&self, which: Which, typed: Option<&str>) -> Asked {
        let about = which.department.clone();
        self.with_words(FormKind::Decline, about, typed, |reason| request::Act::Decline { which, reason })
    }

    pub(super) fn escalating(&self, which: Which, typed: Option<&str>) -> Asked {
        let about = which.department.clone();
        self.with_words(FormKind::Escalate, about, typed, |reason| request::Act::Escalate { which, reason })
    }

    /// `/rule <no> <uphold|dismiss> <reason>`, or the form.
    pub(super) fn ruling(&self, which: Which, uphold: Option<bool>, typed: Option<&str>) -> Asked {
        let about = which.department.clone();
        let chosen = uphold.or_else(|| match self.intent.values.get("ruling").map(String::as_str) {
            Some("uphold") => Some(true),
            Some("dismiss") => Some(false),
            Some(_) | None => None,
        });
        let submitted = self.intent.values.contains_key("reason") || typed.is_some();
        let Some(uphold) = chosen else {
            let faults = vec![form::fault("ruling", "required")];
            let open = Asked::Form(FormKind::Ruling, about.clone());
            let typed = self.intent.values.clone();
            return if submitted { Asked::Faults(FormKind::Ruling, about, typed, faults) } else { open };
        };
        self.with_words(FormKind::Ruling, about, typed, |reason| request::Act::Rule {
            which,
            ruling: Ruling { uphold, reason },
        })
    }
}

/// `…, 建议：…` in one line is a reason and a suggestion.
fn split_suggestion(words: &str) -> (String, String) {
    const MARKS: [&str; 4] = ["建议：", "建议:", "suggest:", "suggestion:"];
    let found = MARKS.iter().find_map(|mark| words.split_once(mark));
    match found {
        Some((reason, suggestion)) => {
            let reason = reason.trim().trim_end_matches(['，', ',', '；', ';', '。']);
            (reason.to_owned(), suggestion.trim().to_owned())
        }
        None => (words.to_owned(), String::new()),
    }
}

/// `80% 做完接口；明天：联调；风险：缺人` as the fields of one row of F5; what is not marked is what was done.
pub(super) fn progress_parts(words: &str) -> BTreeMap<String, String> {
    const MARKS: [(&str, &[&str]); 4] = [
        ("p1_done", &["今天", "已完成", "done"]),
        ("p1_next", &["下一步", "明天", "next"]),
        ("p1_risk", &["风险", "risk"]),
        ("p1_why_not", &["原因", "because"]),
    ];
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    let mut field = "p1_done";
    for part in words.split_whitespace().flat_map(|w| w.split_inclusive(['；', ';'])) {
        let bare = part.trim_end_matches(['；', ';']);
        if !values.contains_key("p1_percent") && form_percent(bare) {
            values.insert("p1_percent".to_owned(), bare.to_owned());
            continue;
        }
        let mark = MARKS.iter().find_map(|(field, marks)| {
            let rest = marks.iter().find_map(|mark| bare.strip_prefix(mark))?;
            Some((*field, rest.trim_start_matches(['：', ':', '，', ','])))
        });
        let (into, rest) = mark.unwrap_or((field, bare));
        field = into;
        let said = values.entry(into.to_owned()).or_default();
        if !said.is_empty() && !rest.is_empty() {
            said.push(' ');
        }
        said.push_str(rest);
    }
    values
}

/// A share of a hundred with its sign: `80%`. A bare number is a word like others.
fn form_percent(word: &str) -> bool {
    word.ends_with(['%', '％']) && task::form::percent(word).is_some()
}
