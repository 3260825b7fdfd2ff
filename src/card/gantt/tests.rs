//! What holds of a drawing, whatever the plan.

use proptest::prelude::*;

use super::*;
use crate::card::plan::Bar;

const MEASURE: Measure = Measure { left: 200, span: 600, top: 30, row: 30, bar: 14 };

fn bar(number: i64, (start, length): (i32, i32), after: Vec<i64>) -> Bar {
    let day = |n: i32| jiff::civil::date(2026, 11, 2).saturating_add(jiff::Span::new().days(n));
    Bar {
        number,
        name: format!("任务 {number}"),
        owner: String::new(),
        department: 0,
        planned: (day(start), day(start + length)),
        planned_words: String::new(),
        expected: None,
        expected_words: String::new(),
        state: "waiting",
        state_words: String::new(),
        percent: 0,
        after,
        layer: 0,
        milestone: false,
        critical: number % 2 == 0,
        risk: None,
    }
}

fn plan(bars: Vec<Bar>) -> Plan {
    let first = bars.iter().map(|bar| bar.planned.0).min().unwrap();
    let last = bars.iter().map(|bar| bar.planned.1).max().unwrap();
    Plan {
        days: (first, last),
        today: first,
        ticks: Vec::new(),
        percent: 0,
        progress: String::new(),
        outlook: None,
        departments: Vec::new(),
        bars,
    }
}

fn arrows(plan: &Plan) -> Vec<Arrow> {
    let bars: Vec<&Bar> = plan.bars.iter().collect();
    Layout::of(plan, &bars, MEASURE).arrows
}

/// The upright runs: where, from, to.
fn uprights(arrow: &Arrow) -> Vec<(i32, i32, i32)> {
    let upright = arrow.bends.windows(2).filter(|run| run[0].0 == run[1].0);
    upright.map(|run| (run[0].0, run[0].1.min(run[1].1), run[0].1.max(run[1].1))).collect()
}

#[test]
fn tasks_that_end_and_begin_at_the_same_instant_keep_their_arrows_apart() {
    let mut bars: Vec<Bar> = (1..=4).map(|n| bar(n, (0, 9), Vec::new())).collect();
    bars.extend((5..=8).map(|n| bar(n, (10, 5), vec![n - 4])));
    let plan = plan(bars);
    let arrows = arrows(&plan);
    assert_eq!(arrows.len(), 4);
    let mut lanes: Vec<i32> = arrows.iter().map(|arrow| arrow.bends[0].0).collect();
    lanes.sort_unstable();
    lanes.dedup();
    assert_eq!(lanes.len(), 4, "one lane each: {arrows:?}");
    assert!(arrows.iter().all(|arrow| arrow.bends.len() == 3), "one bend is enough: {arrows:?}");
}

#[test]
fn what_waits_for_one_task_shares_its_way_out() {
    let mut bars = vec![bar(1, (0, 9), Vec::new())];
    bars.extend((2..=6).map(|n| bar(n, (10, 5), vec![1])));
    let plan = plan(bars);
    let arrows = arrows(&plan);
    assert!(arrows.iter().all(|arrow| arrow.bends[0] == arrows[0].bends[0]), "{arrows:?}");
}

#[test]
fn a_task_that_was_to_begin_before_the_other_ends_is_entered_from_the_left_all_the_same() {
    let plan = plan(vec![bar(1, (4, 9), Vec::new()), bar(2, (2, 5), vec![1])]);
    let way = &arrows(&plan)[0].bends;
    assert!(way.len() == 5 && way[3].0 < way[4].0, "{way:?}");
}

#[test]
fn bends_are_round_and_the_head_lies_at_the_bar() {
    let arrow = Arrow { from: 1, to: 2, critical: false, bends: vec![(10, 0), (10, 40), (60, 40)] };
    assert_eq!(arrow.path(), "M10 0L10 36Q10 40 14 40L55 40");
    assert_eq!(arrow.head(), "M54 37L60 40L54 43Z");
}

proptest! {
    #[test]
    fn every_way_is_level_or_upright_and_leads_from_a_bar_into_the_next_one(
        tasks in proptest::collection::vec((0_i32..40, 0_i32..20, proptest::collection::vec(0_usize..12, 0..3)), 2..12),
    ) {
        let number = |n: usize| i64::try_from(n).unwrap() + 1;
        let bars: Vec<Bar> = tasks
            .iter()
            .enumerate()
            .map(|(n, (start, length, after))| {
                let after = after.iter().filter(|other| **other < n).map(|other| number(*other)).collect();
                bar(number(n), (*start, *length), after)
            })
            .collect();
        let plan = plan(bars);
        let shown: Vec<&Bar> = plan.bars.iter().collect();
        let layout = Layout::of(&plan, &shown, MEASURE);
        let row = |n: i64| layout.rows.iter().find(|row| row.bar.number == n).unwrap();
        for arrow in &layout.arrows {
            for run in arrow.bends.windows(2) {
                prop_assert!(run[0].0 == run[1].0 || run[0].1 == run[1].1, "{:?}", arrow);
            }
            let (from, to) = (row(arrow.from), row(arrow.to));
            let (x, _) = arrow.bends[0];
            prop_assert!(from.planned.0 <= x && x <= from.planned.1, "{:?}", arrow);
            prop_assert_eq!(*arrow.bends.last().unwrap(), (to.planned.0, to.y));
            prop_assert!(!uprights(arrow).is_empty());
        }
    }
}
