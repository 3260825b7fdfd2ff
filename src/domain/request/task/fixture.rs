//! A plan for tests: 研发部 leads, and nothing is said that need not be.

use super::{Day, Plan};
use crate::domain::{Date, DepartmentId, PersonId};

/// Somebody's task of this name between two whole days.
pub(crate) fn plan(name: &str, owner: &str, (start, finish): (Date, Date)) -> Plan {
    let day = |date| Day { date, offset: None };
    Plan {
        name: name.to_owned(),
        lead: DepartmentId::new("YFB"),
        supporting: Vec::new(),
        deciding: None,
        owner: PersonId::new(owner),
        start: day(start),
        finish: day(finish),
        deliverable: String::new(),
        standard: String::new(),
        after: Vec::new(),
        milestone: false,
    }
}
