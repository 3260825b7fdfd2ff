//! Delegation (委托): somebody stands in for a span of time, whatever the directory's file says.
//!
//! Invariants: a delegation holds from its first instant until just before its last; nobody stands in for himself,
//! neither directly nor round a circle, at any instant.

use std::collections::{BTreeMap, BTreeSet};

use super::{Department, Directory};
use crate::domain::{PersonId, Timestamp};

/// Somebody stands in for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Its key.
    pub id: String,
    /// Whose duties.
    pub person: PersonId,
    /// Who takes them over.
    pub deputy: PersonId,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant at which it does not hold any more.
    pub until: Timestamp,
    /// Who arranged it.
    pub set_by: PersonId,
    /// When.
    pub set_at: Timestamp,
}

/// Why a delegation cannot be, as a key under `fault.`, with the field that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// To oneself.
    Oneself,
    /// The deputy has left.
    Left,
    /// The deputy's own duties come back to whom they are for.
    Circle,
    /// It ends before it begins.
    Backwards,
    /// It is over already.
    Over,
    /// Longer than a year: a duty that is given away for good is a change of the directory.
    TooLong,
}

impl Impossible {
    /// The field of the form, and the key under `fault.`.
    pub fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Oneself => ("deputy", "deputy_oneself"),
            Self::Left => ("deputy", "deputy_left"),
            Self::Circle => ("deputy", "deputy_circle"),
            Self::Backwards => ("deputy_until", "until_backwards"),
            Self::Over => ("deputy_until", "until_over"),
            Self::TooLong => ("deputy_until", "until_too_long"),
        }
    }
}

/// A year and a day, in hours.
const LONGEST: i64 = 366 * 24;

impl Delegation {
    /// Whether it holds at an instant.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether it can be arranged at `now` beside those that are arranged already.
    pub fn check(
        &self,
        others: &[Delegation],
        directory: &Directory,
        now: Timestamp,
    ) -> Result<(), Impossible> {
        let wrong = if self.person == self.deputy {
            Some(Impossible::Oneself)
        } else if !directory.is_active(&self.deputy) {
            Some(Impossible::Left)
        } else if self.until <= self.from {
            Some(Impossible::Backwards)
        } else if self.until <= now {
            Some(Impossible::Over)
        } else if self.until.duration_since(self.from).as_hours() > LONGEST {
            Some(Impossible::TooLong)
        } else {
            self.comes_back(others).then_some(Impossible::Circle)
        };
        wrong.map_or(Ok(()), Err)
    }

    /// Whether the deputy's deputies lead back while this one holds. What was arranged before for the same person
    /// gives way to this one.
    fn comes_back(&self, others: &[Delegation]) -> bool {
        let mut reached = vec![(&self.deputy, self.from, self.until)];
        let mut seen = 0;
        while let Some((at, from, until)) = reached.get(seen).copied() {
            seen += 1;
            let meanwhile = |d: &&Delegation| &d.person == at && d.from < until && from < d.until;
            for next in others.iter().filter(meanwhile) {
                if next.deputy == self.person {
                    return true;
                }
                let met = (&next.deputy, from.max(next.from), until.min(next.until));
                if !reached.contains(&met) {
                    reached.push(met);
                }
            }
        }
        false
    }
}

/// Person → deputy at an instant; of several delegations of one person the one arranged last holds.
pub fn deputies(delegations: &[Delegation], at: Timestamp) -> BTreeMap<PersonId, PersonId> {
    let mut holding: Vec<&Delegation> = delegations.iter().filter(|d| d.holds(at)).collect();
    holding.sort_by(|a, b| (a.set_at, &a.id).cmp(&(b.set_at, &b.id)));
    holding.into_iter().map(|d| (d.person.clone(), d.deputy.clone())).collect()
}

/// The next instant at which a delegation begins or ends.
pub fn next_change(delegations: &[Delegation], after: Timestamp) -> Option<Timestamp> {
    delegations.iter().flat_map(|d| [d.from, d.until]).filter(|at| *at > after).min()
}

/// Whose open duties may belong to others once `after` takes the place of `before`: people who left or came, who are
/// away otherwise, who held an office or stood in for its holder.
pub fn affected(before: &Directory, after: &Directory) -> BTreeSet<PersonId> {
    let mut found = BTreeSet::new();
    for (id, was) in &before.people {
        let is = after.people.get(id);
        if is.is_none_or(|is| (is.active, &is.away, &is.roles) != (was.active, &was.away, &was.roles)) {
            found.insert(id.clone());
        }
    }
    for (id, was) in &before.departments {
        let is = after.departments.get(id);
        let offices = |d: &Department| [d.head.clone(), d.contact.clone(), d.supervisor.clone()];
        if is.is_none_or(|is| (offices(is), &is.parent) != (offices(was), &was.parent)) {
            found.extend(offices(was).into_iter().flatten());
            // Whoever stood in for a vacancy stands above it.
            found.extend(before.chain_of(id));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::permission::company::Company;

    const PEOPLE: [&str; 5] = ["zhang.wei", "li.na", "wang.fang", "wu.hao", "chen.jie"];

    fn hour(n: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + n * 3_600).unwrap()
    }

    fn delegation(n: i64, (person, deputy): (usize, usize), (from, until): (i64, i64)) -> Delegation {
        Delegation {
            id: format!("d-{n}"),
            person: PersonId::new(PEOPLE[person]),
            deputy: PersonId::new(PEOPLE[deputy]),
            from: hour(from),
            until: hour(until),
            set_by: PersonId::new(PEOPLE[person]),
            set_at: hour(n),
        }
    }

    #[test]
    fn it_holds_from_its_first_instant_until_just_before_its_last() {
        let one = delegation(0, (0, 1), (10, 20));
        let told = [9, 10, 19, 20].map(|n| one.holds(hour(n)));
        assert_eq!(told, [false, true, true, false]);
        assert_eq!(next_change(&[one], hour(10)), Some(hour(20)));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let directory = Company::new().directory;
        let check = |d: Delegation, others: &[Delegation]| d.check(others, &directory, hour(5));
        assert_eq!(check(delegation(0, (0, 0), (10, 20)), &[]), Err(Impossible::Oneself));
        assert_eq!(check(delegation(0, (0, 1), (20, 20)), &[]), Err(Impossible::Backwards));
        assert_eq!(check(delegation(0, (0, 1), (1, 5)), &[]), Err(Impossible::Over));
        assert_eq!(check(delegation(0, (0, 1), (10, 10 + 24 * 400)), &[]), Err(Impossible::TooLong));
        let left = Delegation { deputy: PersonId::new("qian.ren"), ..delegation(0, (0, 1), (10, 20)) };
        assert_eq!(check(left, &[]), Err(Impossible::Left));
        let back = [delegation(1, (1, 2), (10, 20)), delegation(2, (2, 0), (19, 30))];
        assert_eq!(check(delegation(0, (0, 1), (10, 20)), &back), Err(Impossible::Circle));
        assert_eq!(check(delegation(0, (0, 1), (10, 19)), &back), Ok(()), "at different times is no circle");
    }

    proptest! {
        /// Whatever was let in, from whomever one starts: the way ends at somebody, and never where it began.
        #[test]
        fn nobody_ever_stands_in_for_himself(
            wanted in prop::collection::vec((0_usize..5, 0_usize..5, 0_i64..40, 1_i64..20), 1..12),
            at in 0_i64..60,
        ) {
            let mut directory = Company::new().directory;
            let mut arranged: Vec<Delegation> = Vec::new();
            for (n, (person, deputy, from, long)) in (0..).zip(wanted) {
                let next = delegation(n, (person, deputy), (from, from + long));
                if next.check(&arranged, &directory, hour(0)).is_ok() {
                    arranged.push(next);
                }
            }
            directory.deputies = deputies(&arranged, hour(at));
            for start in PEOPLE.map(PersonId::new) {
                let mut here = &start;
                for _ in 0..PEOPLE.len() {
                    let Some(next) = directory.deputies.get(here) else { break };
                    prop_assert_ne!(next, &start);
                    here = next;
                }
                prop_assert!(!directory.deputies.contains_key(here), "the way ends");
            }
        }
    }
}
