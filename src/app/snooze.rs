//! `/snooze`: words, or the fields of its form → a promise.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::Act;
use super::asked::Asked;
use crate::domain::change::{FieldFault, FormKind, Refusal};
use crate::domain::request::{self, Request, Snoozing, form};
use crate::domain::{DepartmentId, Timestamp};
use crate::intent::promise;

impl Act<'_> {
    /// The promise that a command or a form asks for, its department among those of the request.
    pub(super) fn promising(
        &self,
        file: &Request,
        department: &Option<String>,
        words: &Option<String>,
    ) -> Result<Asked, Refusal> {
        let department = self.department_of(file, department.as_deref())?;
        Ok(self.snoozing(department, words.as_deref()))
    }

    /// A promise in one line or from the form; neither opens the form.
    fn snoozing(&self, department: Option<DepartmentId>, typed: Option<&str>) -> Asked {
        let mut values = self.intent.values.clone();
        if let Some(words) = typed {
            values = match self.moment(words) {
                Some((_, promised)) => {
                    let until = words.trim().strip_suffix(promised.as_str()).unwrap_or(words);
                    BTreeMap::from([("until".to_owned(), until.to_owned()), ("promise".to_owned(), promised)])
                }
                None => BTreeMap::from([("until".to_owned(), words.to_owned())]),
            };
        }
        if !values.contains_key("until") {
            return Asked::Form(FormKind::Snooze, department);
        }
        let words = match values.get("promise").map(|words| words.trim()) {
            None | Some("") => Ok(String::new()),
            Some(_) => form::words(&values, "promise", form::LONG),
        };
        match (self.until(&values), words) {
            (Ok(until), Ok(words)) => {
                let snoozing = Snoozing { department, until, words };
                Asked::Act(Box::new(request::Act::Snooze { snoozing }))
            }
            (until, words) => {
                let faults = [until.err(), words.err()].into_iter().flatten().collect();
                Asked::Faults(FormKind::Snooze, department, values, faults)
            }
        }
    }

    /// The moment in the field; it has to lie ahead, and not farther than a promise may.
    fn until(&self, values: &BTreeMap<String, String>) -> Result<Timestamp, FieldFault> {
        let typed = values.get("until").map(|text| text.trim()).unwrap_or_default();
        let fault = |what| form::fault("until", what);
        if typed.is_empty() {
            return Err(fault("required"));
        }
        let (until, rest) = self.moment(typed).ok_or_else(|| fault("not_a_moment"))?;
        let zone = self.company.calendar.time_zone();
        let latest = instant(promise::farthest(self.now.to_zoned(zone.clone()).datetime()), zone);
        match until {
            _ if !rest.is_empty() => Err(fault("not_a_moment")),
            gone if gone <= self.now => Err(fault("gone")),
            far if latest.is_none_or(|latest| far > latest) => Err(fault("too_far")),
            until => Ok(until),
        }
    }

    /// A moment in words, and what is said behind it.
    pub(super) fn moment(&self, words: &str) -> Option<(Timestamp, String)> {
        let calendar = &self.company.calendar;
        let zone = calendar.time_zone();
        let now = self.now.to_zoned(zone.clone()).datetime();
        let working = |day, n| calendar.add_working_days(day, n);
        let closing = |day| calendar.closing_of(day).to_zoned(zone.clone()).time();
        let (until, words) = promise::read(words, now, &working, &closing)?;
        Some((instant(until, zone)?, words))
    }
}

fn instant(at: jiff::civil::DateTime, zone: &TimeZone) -> Option<Timestamp> {
    at.to_zoned(zone.clone()).ok().map(|at| at.timestamp())
}
