//! The network of dependencies: cycles named, and when everything will be finished if nothing else goes wrong.
//!
//! Invariants: pure; a forecast is never earlier than the plan allows, and never earlier than what it waits for.

use std::collections::{BTreeMap, BTreeSet};

use super::{Task, TaskState};
use crate::domain::Date;

/// Which number depends on which: an edge for each "after".
pub type Edges = BTreeMap<i64, Vec<i64>>;

/// The dependencies of these tasks.
pub fn edges(tasks: &[Task]) -> Edges {
    tasks.iter().map(|t| (t.number, t.plan.after.clone())).collect()
}

/// A cycle, if there is one: the numbers on it, each waiting for the next, the first repeated at the end.
pub fn cycle(edges: &Edges) -> Option<Vec<i64>> {
    let mut known_good = BTreeSet::new();
    edges.keys().find_map(|start| walk(*start, edges, &mut Vec::new(), &mut known_good))
}

fn walk(at: i64, edges: &Edges, path: &mut Vec<i64>, good: &mut BTreeSet<i64>) -> Option<Vec<i64>> {
    if good.contains(&at) {
        return None;
    }
    if let Some(first) = path.iter().position(|n| *n == at) {
        let mut cycle = path[first..].to_vec();
        cycle.push(at);
        return Some(cycle);
    }
    path.push(at);
    let next = edges.get(&at).map_or(&[][..], Vec::as_slice);
    let found = next.iter().find_map(|n| walk(*n, edges, path, good));
    path.pop();
    good.insert(at);
    found
}

/// How days move on: so many working days after one.
pub type After<'a> = &'a dyn Fn(Date, i32) -> Date;
/// How many working days from one to the other, never less than nothing.
pub type Between<'a> = &'a dyn Fn(Date, Date) -> i32;

/// When each unfinished task will be finished: as planned, or later because it is late or waits for one that is.
///
/// A task keeps its planned length in working days; what should be done by now is taken to be done today.
pub fn forecast(tasks: &[Task], today: Date, days: (After, Between)) -> BTreeMap<i64, Date> {
    let mut known = BTreeMap::new();
    for task in tasks {
        finish_of(task.number, tasks, today, days, &mut known);
    }
    known
}

fn finish_of(
    number: i64,
    tasks: &[Task],
    today: Date,
    days: (After, Between),
    known: &mut BTreeMap<i64, Date>,
) -> Option<Date> {
    if let Some(done) = known.get(&number) {
        return Some(*done);
    }
    let task = tasks.iter().find(|t| t.number == number)?;
    if task.state == TaskState::Done {
        return None;
    }
    let (after, between) = days;
    // Its own plan first: a cycle, which no case file has, would end here.
    known.insert(number, task.plan.finish.date.max(today));
    let waits = task.plan.after.iter().filter_map(|n| finish_of(*n, tasks, today, days, known)).max();
    let length = between(task.plan.start.date, task.plan.finish.date);
    let pushed = waits.filter(|w| *w >= task.plan.start.date).map(|w| after(after(w, 1), length));
    let finish = pushed.unwrap_or(today).max(task.plan.finish.date).max(today);
    known.insert(number, finish);
    Some(finish)
}

/// 关键路径: the chain of unfinished tasks, each waiting for the one before, that decides when everything is finished.
pub fn critical_path(tasks: &[Task], forecast: &BTreeMap<i64, Date>) -> Vec<i64> {
    let last = forecast.iter().max_by_key(|(number, day)| (**day, -**number)).map(|(n, _)| *n);
    let mut path: Vec<i64> = last.into_iter().collect();
    while let Some(first) = path.last().and_then(|n| tasks.iter().find(|t| t.number == *n)) {
        let open = first.plan.after.iter().filter(|n| forecast.contains_key(n) && !path.contains(n));
        let Some(before) = open.max_by_key(|n| (forecast.get(n).copied(), -**n)) else { break };
        path.push(*before);
    }
    path.reverse();
    path
}

/// How many tasks stand before each one at most, one behind the other: where it stands in a picture.
pub fn layers(tasks: &[Task]) -> BTreeMap<i64, usize> {
    let mut known = BTreeMap::new();
    for task in tasks {
        layer_of(task.number, tasks, &mut known);
    }
    known
}

fn layer_of(number: i64, tasks: &[Task], known: &mut BTreeMap<i64, usize>) -> usize {
    if let Some(layer) = known.get(&number) {
        return *layer;
    }
    let Some(task) = tasks.iter().find(|t| t.number == number) else { return 0 };
    // A cycle, which no case file has, would end here.
    known.insert(number, 0);
    let before = task.plan.after.iter().filter(|n| tasks.iter().any(|t| t.number == **n));
    let layer = before.map(|n| layer_of(*n, tasks, known) + 1).max().unwrap_or(0);
    known.insert(number, layer);
    layer
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use proptest::prelude::*;

    use super::super::Plan;
    use super::super::fixture::plan;
    use super::*;

    fn task(number: i64, (start, finish): (i8, i8), after: &[i64]) -> Task {
        let june = |day| jiff::civil::date(2026, 6, day);
        let plan = plan(&format!("任务{number}"), "li.na", (june(start), june(finish)));
        Task::new(number, Plan { after: after.to_vec(), ..plan })
    }

    fn days() -> (impl Fn(Date, i32) -> Date, impl Fn(Date, Date) -> i32) {
        let after = |d: Date, n: i32| d.checked_add(n.days()).unwrap();
        (after, |a: Date, b: Date| (b - a).get_days().max(0))
    }

    fn at(day: i8) -> Date {
        jiff::civil::date(2026, 6, day)
    }

    #[test]
    fn a_cycle_is_named_by_its_numbers() {
        let tasks =
            [task(1, (1, 2), &[3]), task(2, (1, 2), &[1]), task(3, (1, 2), &[2]), task(4, (1, 2), &[1])];
        assert_eq!(cycle(&edges(&tasks)), Some(vec![1, 3, 2, 1]));
        assert_eq!(cycle(&edges(&[task(1, (1, 2), &[1])])), Some(vec![1, 1]));
        assert_eq!(cycle(&edges(&tasks[3..])), None);
    }

    #[test]
    fn what_waits_for_a_late_one_moves_and_the_chain_that_decides_is_named() {
        let tasks =
            [task(1, (1, 3), &[]), task(2, (4, 6), &[1]), task(3, (4, 5), &[]), task(4, (7, 7), &[2, 3])];
        let (after, between) = days();
        let as_planned = forecast(&tasks, at(1), (&after, &between));
        assert_eq!(as_planned[&4], at(7));
        let late = forecast(&tasks, at(5), (&after, &between));
        assert_eq!((late[&1], late[&2], late[&3], late[&4]), (at(5), at(8), at(5), at(9)));
        assert_eq!(critical_path(&tasks, &late), [1, 2, 4]);
        assert_eq!(layers(&tasks), BTreeMap::from([(1, 0), (2, 1), (3, 0), (4, 2)]));
    }

    proptest! {
        #[test]
        fn edges_that_only_look_back_have_no_cycle_and_one_that_closes_a_ring_does(
            back in proptest::collection::vec(proptest::collection::vec(0usize..8, 0..3), 2..8),
        ) {
            let mut edges: Edges = back
                .iter()
                .enumerate()
                .map(|(n, to)| (n as i64, to.iter().filter(|t| **t < n).map(|t| *t as i64).collect()))
                .collect();
            prop_assert_eq!(cycle(&edges), None);
            let last = back.len() as i64 - 1;
            edges.entry(last).or_default().push(0);
            edges.entry(0).or_default().push(last);
            let found = cycle(&edges).unwrap();
            prop_assert_eq!(found.first(), found.last());
            for pair in found.windows(2) {
                prop_assert!(edges[&pair[0]].contains(&pair[1]), "{:?} is no way", found);
            }
        }

        #[test]
        fn a_forecast_keeps_the_plan_and_the_order(
            rows in proptest::collection::vec((1i8..20, 0i8..8, proptest::collection::vec(0usize..6, 0..3)), 1..7),
            today in 1i8..28,
        ) {
            let tasks: Vec<Task> = rows.iter().enumerate().map(|(n, (start, length, after))| {
                let after: Vec<i64> = after.iter().filter(|a| **a < n).map(|a| *a as i64 + 1).collect();
                task(n as i64 + 1, (*start, *start + *length), &after)
            }).collect();
            let (after, between) = days();
            let forecast = forecast(&tasks, at(today), (&after, &between));
            for task in &tasks {
                let finish = forecast[&task.number];
                prop_assert!(finish >= task.plan.finish.date && finish >= at(today));
                for before in &task.plan.after {
                    prop_assert!(finish > forecast[before] || task.plan.start.date > forecast[before]);
                }
            }
            let path = critical_path(&tasks, &forecast);
            prop_assert_eq!(path.last().map(|n| forecast[n]), forecast.values().max().copied());
            for pair in path.windows(2) {
                let later = tasks.iter().find(|t| t.number == pair[1]).unwrap();
                prop_assert!(later.plan.after.contains(&pair[0]));
            }
        }
    }
}
