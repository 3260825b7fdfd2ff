//! An obligation for tests: 李娜 of research owes something since a moment, and has not heard of it yet.

use super::{Kind, Obligation, Opening};
use crate::domain::directory::Holder;
use crate::domain::request::Rules;
use crate::domain::{DepartmentId, ObligationId, PersonId};

/// Opened by these rules.
pub fn opened(kind: Kind, rules: Rules<'_>) -> Obligation {
    let opening = Opening {
        id: ObligationId::new("o-1"),
        kind,
        debtor: Holder { person: PersonId::new("li.na"), instead_of: None },
        department: DepartmentId::new("YFB"),
        planned: None,
        decision: None,
        issue: None,
        improvement: None,
    };
    Obligation::open(opening, rules.now, rules.policy, rules.calendar).unwrap()
}
