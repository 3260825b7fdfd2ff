//! What a department reckons with when it signs: hours, people, budget, impact.
//!
//! Invariant: it stands beside a signature and is none of what is signed; it can be left out, whole or in part.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::form::{LONG, fault, too_long, typed_wrong, whole_yuan};
use crate::domain::change::{FieldFault, Params, Value, with};

/// Resources and impact, as far as the department can tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Working hours.
    pub hours: Option<i64>,
    /// Heads.
    pub people: Option<i64>,
    /// Whole yuan.
    pub budget: Option<i64>,
    /// What it means for other work, ≤ 500.
    pub impact: String,
}

/// The fields of its form.
pub const FIELDS: [&str; 4] = ["hours", "people_needed", "budget", "impact"];
/// More is a slip of the finger.
const MOST_HOURS: i64 = 100_000;
/// See [`MOST_HOURS`].
const MOST_PEOPLE: i64 = 10_000;

impl Estimate {
    /// The form as typed; `None` where nothing was filled in.
    pub fn read(values: &BTreeMap<String, String>) -> Result<Option<Estimate>, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let typed = |field: &str| values.get(field).map(|v| v.trim()).unwrap_or_default();
        let mut count = |field: &str, most: i64| match typed(field) {
            "" => None,
            text => {
                let number = text.parse::<i64>().ok().filter(|n| (0..=most).contains(n));
                if number.is_none() {
                    let params = [
                        ("typed", Value::Text(text.chars().take(60).collect())),
                        ("max", Value::Number(most)),
                    ];
                    faults.push(FieldFault { with: with(params), ..fault(field, "not_a_count") });
                }
                number
            }
        };
        let (hours, people) = (count("hours", MOST_HOURS), count("people_needed", MOST_PEOPLE));
        let budget = match typed("budget") {
            "" => None,
            text => whole_yuan(text).map_err(|what| faults.push(typed_wrong("budget", what, text))).ok(),
        };
        let impact = typed("impact").to_owned();
        if impact.chars().count() > LONG {
            faults.push(too_long("impact", LONG, impact.chars().count()));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let estimate = Estimate { hours, people, budget, impact };
        Ok(Some(estimate).filter(|e| *e != Estimate::default()))
    }

    /// For the history; what was left out is a dash.
    pub fn facts(&self) -> Params {
        let number = |n: Option<i64>| n.map_or_else(|| Value::Text("—".to_owned()), Value::Number);
        let impact = if self.impact.is_empty() { "—".to_owned() } else { self.impact.clone() };
        with([
            ("hours", number(self.hours)),
            ("people", number(self.people)),
            ("budget", number(self.budget)),
            ("impact", Value::Text(impact)),
        ])
    }
}
