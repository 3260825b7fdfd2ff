//! The route of a form that is not filed yet: who will be asked, in what order, by when, if it were filed now.
//!
//! Invariant: nothing here knows a rule of its own. The form is filed on paper, each approver says yes on paper at the last
//! moment allowed, and what is owed then is what is shown; so the real thing cannot turn out otherwise.

use super::filing::{Filer, file};
use super::form::Filing;
use super::work::Rules;
use super::{Act, Ask, AskState, Request, State};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::{DepartmentId, PersonId, Timestamp};

/// Where a form will go.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// One after the other; the departments at the end all at once.
    pub stops: Vec<Stop>,
    /// Nobody is there who could take the next step.
    pub is_stuck: bool,
}

/// One who will be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// For what.
    pub kind: Kind,
    /// For which department.
    pub department: DepartmentId,
    /// Who, and for whom where somebody stands in on that day.
    pub holder: Holder,
    /// Asked at this moment at the latest.
    pub asked_at: Timestamp,
    /// Due, if asked then.
    pub due_at: Timestamp,
    /// Due lies beyond the known holidays.
    pub provisional: bool,
}

/// More approvers than these no chain has.
const MOST_APPROVERS: usize = 5;

/// The route of a form as if it were filed now, every step taken as late as it may be.
pub fn route(filer: Filer, filing: &Filing, rules: Rules) -> Route {
    from(file(filer, filing, rules).request, rules)
}

impl Request {
    /// The same for a form that edits or revises this request.
    pub fn route_of(&self, by: &PersonId, filing: &Filing, rules: Rules) -> Route {
        let act = Act::Submit { filing: Box::new(filing.clone()) };
        match self.decide(&act, by, rules) {
            Ok(change) => from(change.request, rules),
            // Nothing would change: what is owed now stays owed.
            Err(_) => from(self.clone(), rules),
        }
    }
}

fn from(mut request: Request, rules: Rules) -> Route {
    let (mut stops, mut now) = (Vec::new(), rules.now);
    for _ in 0..MOST_APPROVERS {
        stops.extend(request.owed().map(|o| stop(o, now)));
        if request.state != State::InReview {
            break;
        }
        let Some(next) = approved(&request, &mut now, rules) else {
            return Route { stops, is_stuck: true };
        };
        request = next;
    }
    let open = |ask: &&Ask| ask.state == AskState::Open;
    let silent = request.asks.iter().filter(open).any(|ask| !stops.iter().any(|s| is_of(s, &ask.department)));
    Route { is_stuck: silent, stops }
}

fn is_of(stop: &Stop, department: &DepartmentId) -> bool {
    stop.kind == Kind::ConfirmRequest && &stop.department == department
}

/// What the file is once those who sit in review have said yes at the last moment.
fn approved(request: &Request, now: &mut Timestamp, rules: Rules) -> Option<Request> {
    let reviews = |r: &Request| r.owed().filter(|o| o.kind == Kind::ApproveRequest).map(|o| o.due_at).max();
    *now = reviews(request)?;
    let then = Rules { now: *now, ..rules };
    let (mut request, stage) = (request.clone(), request.sitting().map(|a| a.stage).next());
    while request.state == State::InReview && request.sitting().map(|a| a.stage).next() == stage {
        let approver = request.case(then).approvers().into_iter().next()?;
        let change = request.decide(&Act::Approve { seen: None }, &approver.person, then).ok()?;
        request = change.request;
        request.obligations.retain(Obligation::is_open);
    }
    Some(request)
}

fn stop(owed: &Obligation, asked_at: Timestamp) -> Stop {
    Stop {
        kind: owed.kind,
        department: owed.department.clone(),
        holder: owed.debtor.clone(),
        asked_at,
        due_at: owed.due_at,
        provisional: owed.provisional,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::calendar::{Calendar, Interval, Rules as Days};
    use crate::domain::directory::{self, Directory};
    use crate::domain::policy::{self, Policy};
    use crate::domain::request::form::{self, Typed};
    use crate::domain::{PersonId, RequestId};

    const WHO: [(&str, &str); 4] =
        [("zhang.wei", "SCB"), ("liu.yang", "SCB"), ("gao.jianguo", "ZJB"), ("tang.rui", "KFB")];
    const DEPARTMENTS: [&str; 8] = ["SCB", "YFB", "CWB", "RLB", "XXB", "KFB", "QGB", "ZJB"];

    fn demo() -> (Directory, Policy, Calendar) {
        let text = include_str!("../../../config/demo/directory.toml");
        let years = [include_str!("../../../config/calendar/cn-2026.toml")];
        let hours: Vec<Interval> = ["09:00-12:00", "13:00-18:00"].map(|i| i.parse().unwrap()).into();
        let calendar = Calendar::new(Days {
            zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
            hours: hours.try_into().unwrap(),
            years: years.iter().map(|text| toml::from_str(text).unwrap()).collect(),
            overrides: Vec::new(),
            quiet: "21:00-08:30".parse().unwrap(),
        })
        .unwrap();
        let policy = policy::check::read("policy", policy::check::DEFAULT, &calendar).unwrap();
        (directory::check::read("demo", text).unwrap().directory, policy, calendar)
    }

    fn filing(asked: &[usize], budget: Option<i64>, rules: Rules) -> Filing {
        let mut values: BTreeMap<String, String> =
            [("title", "a"), ("background", "b"), ("goal", "c"), ("wanted_by", "T"), ("priority", "high")]
                .map(|(field, value)| (field.to_owned(), value.to_owned()))
                .into();
        values.extend(budget.map(|b| ("budget".to_owned(), b.to_string())));
        for (row, department) in (1..).zip(asked) {
            values.insert(format!("ask{row}_department"), DEPARTMENTS[*department].to_owned());
            values.insert(format!("ask{row}_task"), "t".to_owned());
        }
        let date = |_: &str| Some(rules.calendar.add_working_days(rules.today(), 20));
        let department = |typed: &str| Some(DepartmentId::new(typed));
        let (filing, faults) =
            form::read(&Typed { values: &values, date: &date, department: &department }, rules);
        assert_eq!(faults, []);
        filing
    }

    /// What really happens: filed, each approver says yes when it is due.
    fn lived(
        filer: Filer,
        filing: &Filing,
        rules: Rules,
    ) -> Vec<(Kind, DepartmentId, Holder, Timestamp, bool)> {
        let told = |file: &Request| -> Vec<_> {
            let row =
                |o: &Obligation| (o.kind, o.department.clone(), o.debtor.clone(), o.due_at, o.provisional);
            file.owed().map(row).collect()
        };
        let mut file = file(filer, filing, rules).request;
        let mut seen = told(&file);
        while file.state == State::InReview {
            let due = file.owed().next().unwrap().due_at;
            let debtor = file.owed().next().unwrap().debtor.person.clone();
            let then = Rules { now: due, ..rules };
            let change = file.decide(&Act::Approve { seen: Some(file.revision) }, &debtor, then);
            let Ok(change) = change else { break };
            file = change.request;
            seen.extend(told(&file));
        }
        seen
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_happens(
            who in 0usize..4,
            asked in proptest::sample::subsequence((0..8).collect::<Vec<usize>>(), 1..=8),
            budget in proptest::option::of(0i64..300_000),
            hours in 0i64..24 * 500,
        ) {
            let (directory, policy, calendar) = demo();
            let start: Timestamp = "2026-01-05T00:00:00+08:00".parse().unwrap();
            let now = start + jiff::SignedDuration::from_hours(hours);
            let rules = Rules { now, directory: &directory, policy: &policy, calendar: &calendar };
            let filing = filing(&asked, budget, rules);
            let filer = Filer {
                number: RequestId::new("2026-Q1-X-001"),
                initiator: PersonId::new(WHO[who].0),
                department: DepartmentId::new(WHO[who].1),
            };
            let shown = route(filer.clone(), &filing, rules);
            let stops: Vec<_> = shown.stops.iter()
                .map(|s| (s.kind, s.department.clone(), s.holder.clone(), s.due_at, s.provisional)).collect();
            prop_assert_eq!(&stops, &lived(filer, &filing, rules));
            prop_assert!(shown.is_stuck || stops.iter().filter(|s| s.0 == Kind::ConfirmRequest).count() == asked.len());
            if !shown.is_stuck && budget.is_some_and(|b| b > 100_000) {
                prop_assert!(stops.iter().any(|s| s.2.person.as_str() == "gao.jianguo"));
            }
        }
    }
}
