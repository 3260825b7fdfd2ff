//! However late, in whatever order, and however often it is looked at: each threshold fires once per crossing.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::permission::company::Company;
use crate::domain::request::task::fixture::plan;
use crate::domain::request::task::{Plan as TaskPlan, Task, TaskState};
use crate::domain::request::{Act, Rules, State, Tick};

fn task(number: i64, finish: Date, after: &[i64]) -> Task {
    let plan = plan(&format!("任务{number}"), "li.na", (jiff::civil::date(2026, 11, 23), finish));
    let plan = TaskPlan { after: after.to_vec(), ..plan };
    Task { state: TaskState::Doing, ..Task::new(number, plan) }
}

fn risk(watched: Watched, thresholds: Vec<i64>) -> Risk {
    Risk {
        number: 1,
        plan: Plan {
            kind: RiskKind::Delay,
            description: "物料晚到".to_owned(),
            likelihood: Level::High,
            impact: Level::Medium,
            measure: "改用备选物料".to_owned(),
            owner: PersonId::new("wang.fang"),
            superior: Some(PersonId::new("ma.ning")),
            measure_days: 2,
            trigger: Trigger::Late { watched, thresholds },
        },
        state: RiskState::Watching,
        planned_by: PersonId::new("zhang.wei"),
        planned_at: "2026-11-23T02:00:00Z".parse().unwrap(),
        firings: Vec::new(),
        looks_at: None,
    }
}

/// A request in which task 2 waits for task 1, with the ladder of task 1 under way, and one plan.
fn watched(company: &Company, plan: Risk) -> Request {
    let rules = company.at("2026-11-23T10:00:00");
    let named = |name: &str| company.states().into_iter().find(|(n, ..)| *n == name).unwrap().1;
    let mut request = named("confirmed");
    request.state = State::InProgress;
    let day = jiff::civil::date(2026, 11, 27);
    request.tasks = vec![task(1, day, &[]), task(2, jiff::civil::date(2026, 12, 1), &[1])];
    request.tasks_given = 2;
    request.risks = vec![plan];
    request.risks_given = 1;
    let mut work = crate::domain::request::work::Work::by_clock(&request, rules);
    let first = request.tasks[0].clone();
    work.owe_task(crate::domain::obligation::Kind::FinishTask, &first, rules.calendar.closing_of(day));
    work.request
}

/// The next step of the task's ladder, taken when it is looked at.
fn looks(request: &Request, rules: Rules) -> Option<Request> {
    let owed = request.owed().find(|o| o.task == Some(1))?;
    let next = owed.next?;
    let tick = Tick::Climb { obligation: owed.id.clone(), index: next.index, due: next.due };
    request.tick(&tick, rules).map(|change| change.request)
}

fn crossings(request: &Request) -> Vec<(i64, i64, Date)> {
    let crossing = |f: &Firing| match f.cause {
        Cause::Late { task, threshold, planned, .. } => Some((task, threshold, planned)),
        Cause::ByHand { .. } => None,
    };
    request.risks[0].firings.iter().filter_map(crossing).collect()
}

proptest! {
    #[test]
    fn each_threshold_fires_once_per_crossing_however_late_and_in_whatever_order(
        first in 1_i64..6, more in 1_i64..6, path: bool,
        waits in proptest::collection::vec((0_i64..400, any::<bool>()), 1..12),
    ) {
        let company = Company::new();
        let thresholds = vec![first, first + more];
        let watched_by = if path { Watched::Path } else { Watched::Task(1) };
        let mut request = watched(&company, risk(watched_by, thresholds.clone()));
        let mut now = company.at("2026-11-27T17:00:00").now;
        for (hours, moves) in waits {
            now += jiff::SignedDuration::from_hours(hours);
            let rules = Rules { now, ..company.at("2026-11-27T17:00:00") };
            // The same look twice is one look: the second finds the step taken.
            let seen = looks(&request, rules);
            let again = seen.as_ref().and_then(|r| looks(r, rules)).map(|r| crossings(&r));
            if let Some(seen) = seen {
                prop_assert!(again.is_none_or(|again| again == crossings(&seen)));
                request = seen;
            }
            let all = crossings(&request);
            let once: BTreeSet<_> = all.iter().collect();
            prop_assert_eq!(once.len(), all.len(), "a crossing fired twice: {:?}", all);
            let late = i64::from(rules.calendar.working_days_between(request.tasks[0].plan.finish.date, rules.today()));
            for (_, threshold, planned) in all.iter().filter(|c| c.0 == 1 && c.2 == request.tasks[0].plan.finish.date) {
                prop_assert!(late > *threshold, "{planned}: {late} is not more than {threshold}");
            }
            let taken = request.owed().find(|o| o.task == Some(1)).and_then(|o| o.next).is_none_or(|n| n.fires_at > now);
            if taken && request.tasks[0].is_late(rules.today()) {
                let steps_of_today = rules.calendar.closing_of(rules.calendar.working_day_or_next(rules.today())) <= now;
                for threshold in thresholds.iter().filter(|t| steps_of_today && late > **t) {
                    let crossing = (1, *threshold, request.tasks[0].plan.finish.date);
                    prop_assert!(all.contains(&crossing), "{crossing:?} is missing after {late} working days");
                }
            }
            let measures = request.risks[0].firings.iter().filter(|f| f.measure.is_some()).count();
            prop_assert!(measures <= 1, "the measure is a task once at a time");
            if moves {
                let to = rules.calendar.add_working_days(rules.today(), 3);
                let act = Act::Task(crate::domain::request::TaskAct::Move { task: 1, to, reason: "等物料".to_owned() });
                if let Ok(change) = request.decide(&act, &PersonId::new("zhang.wei"), rules) {
                    request = change.request;
                }
            }
        }
    }
}

proptest! {
    /// Nobody acts and no ladder comes by: each look finds a crossing, and the next one lies ahead.
    #[test]
    fn a_plan_is_looked_at_in_the_minute_of_each_crossing_and_at_no_other(
        first in 1_i64..6, more in 1_i64..6, path: bool, hours in 0_i64..900,
    ) {
        let company = Company::new();
        let thresholds = vec![first, first + more];
        let watched_by = if path { Watched::Path } else { Watched::Task(1) };
        let mut request = watched(&company, risk(watched_by, thresholds.clone()));
        request.obligations.clear();
        let start = company.at("2026-11-23T10:00:00").now + jiff::SignedDuration::from_hours(hours);
        let at = |now| Rules { now, ..company.at("2026-11-23T10:00:00") };
        request.arm_risks(at(start));
        let closing = |days: i64, planned| {
            let calendar = at(start).calendar;
            calendar.closing_of(calendar.add_working_days(planned, i32::try_from(days + 1).unwrap()))
        };
        while let Some(moment) = request.risks[0].looks_at {
            prop_assert!(moment >= start);
            let before = at(moment - jiff::SignedDuration::from_mins(1));
            prop_assert!(request.tick(&Tick::LookAtRisks, before).is_none(), "a minute too early");
            let looked = request.tick(&Tick::LookAtRisks, at(moment)).unwrap().request;
            prop_assert!(crossings(&looked).len() > crossings(&request).len(), "nothing crossed at {moment}");
            prop_assert!(looked.risks[0].looks_at.is_none_or(|next| next > moment), "{moment} comes again");
            request = looked;
        }
        let fired = &request.risks[0].firings;
        // The measure is a task that nothing leads to: it may take the end of the path with it.
        let sure = if path { &thresholds[..1] } else { &thresholds[..] };
        for threshold in sure {
            let planned = request.tasks[0].plan.finish.date;
            let cause = Cause::Late { task: 1, threshold: *threshold, days: 0, planned };
            let firing = fired.iter().find(|f| f.cause.is_same_crossing(&cause));
            prop_assert_eq!(firing.map(|f| f.at), Some(closing(*threshold, planned).max(start)));
        }
    }
}

#[test]
fn a_retired_plan_never_fires_and_other_tasks_are_not_its_business() {
    let day = jiff::civil::date(2026, 11, 27);
    let late = [Late { task: 1, days: 9, planned: day, on_path: true }];
    assert_eq!(risk(Watched::Task(2), vec![3]).crossings(&late), []);
    assert_eq!(risk(Watched::Task(1), vec![9]).crossings(&late), [], "nine is not more than nine");
    let mut plan = risk(Watched::Path, vec![3, 8]);
    assert_eq!(plan.crossings(&late).len(), 2, "both at once, after a long silence");
    plan.state = RiskState::Retired;
    assert_eq!(plan.crossings(&late), []);
    let company = Company::new();
    let request = watched(&company, plan);
    let fire = Act::Risk(RiskAct::Fire { risk: 1, reason: "来了".to_owned() });
    let refused = request.decide(&fire, &PersonId::new("zhang.wei"), company.at("2026-11-30T10:00:00"));
    assert_eq!(refused.err(), Some(Refusal::RiskRetired { number: "R1".to_owned() }));
}
