//! The ways of arrows: out of a bar near its end, down or up beside the other rows, and into the next bar from the left.
//!
//! Invariants: every way is made of level and upright runs; upright runs of different tasks stand in lanes of their own
//! where there is room for lanes, so that an eye can follow one.

use std::collections::BTreeMap;

use super::{Measure, Row};

/// Between two lanes.
const LANE: i32 = 5;
/// So many lanes stand beside one another at most; then they are shared.
const LANES: i32 = 6;
/// From the end of a bar to where its way leaves it, and from the last bend to the next bar.
const AWAY: i32 = 9;
/// How round a bend is.
const ROUND: i32 = 4;
/// Length and half the width of a head.
const HEAD: (i32, i32) = (6, 3);

/// One way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The number of the task that comes before.
    pub from: i64,
    /// The number of the one that waits.
    pub to: i64,
    /// Both decide when everything is finished.
    pub critical: bool,
    /// Where it bends, from its beginning to its end.
    pub bends: Vec<(i32, i32)>,
}

/// Every way between the rows that are shown; those that decide come last, to be painted above the others.
pub fn all(rows: &[Row], measure: Measure) -> Vec<Arrow> {
    let places: BTreeMap<i64, usize> =
        rows.iter().enumerate().map(|(place, row)| (row.bar.number, place)).collect();
    let mut lanes = Lanes::default();
    let mut trunks = BTreeMap::new();
    let mut arrows = Vec::new();
    for (to, row) in rows.iter().enumerate() {
        for from in row.bar.after.iter().filter_map(|number| places.get(number)).copied() {
            let ends = Ends { from: &rows[from], to: row, measure };
            let key = (from, to > from);
            let trunk = *trunks.entry(key).or_insert_with(|| trunk(rows, key, &mut lanes));
            arrows.push(Arrow {
                from: rows[from].bar.number,
                to: row.bar.number,
                critical: rows[from].bar.critical && row.bar.critical,
                bends: ends.bends(trunk, &mut lanes),
            });
        }
    }
    arrows.sort_by_key(|arrow| arrow.critical);
    arrows
}

/// The upright run that all ways out of a bar on one side of it share: as long as the longest of them.
fn trunk(rows: &[Row], (from, down): (usize, bool), lanes: &mut Lanes) -> i32 {
    let source = &rows[from];
    let waits =
        |(place, row): &(usize, &Row)| (*place > from) == down && row.bar.after.contains(&source.bar.number);
    let reach = rows.iter().enumerate().filter(waits).map(|(_, row)| row.y);
    let far = if down { reach.max() } else { reach.min() };
    let (begin, end) = source.planned;
    let last = (begin + 2).max(end - AWAY - LANE * (LANES - 1));
    lanes.take(begin.max(end - AWAY).max(begin + 1), -LANE, (last, source.y, far.unwrap_or(source.y)))
}

/// The two ends of a way.
struct Ends<'a> {
    from: &'a Row<'a>,
    to: &'a Row<'a>,
    measure: Measure,
}

impl Ends<'_> {
    fn bends(&self, trunk: i32, lanes: &mut Lanes) -> Vec<(i32, i32)> {
        let down = self.to.y > self.from.y;
        let side = if down { 1 } else { -1 };
        let out = self.from.y + side * self.measure.bar / 2;
        let tip = (self.to.planned.0, self.to.y);
        if trunk + HEAD.0 <= tip.0 {
            return vec![(trunk, out), (trunk, tip.1), tip];
        }
        // It was to begin before the other ends: back between the rows, and in from the left all the same.
        let gap = tip.1 - side * self.measure.row / 2;
        let back = lanes.take(tip.0 - AWAY, -LANE, (tip.0 - AWAY - LANE * (LANES - 1), gap, tip.1));
        vec![(trunk, out), (trunk, gap), (back, gap), (back, tip.1), tip]
    }
}

/// The upright runs so far.
#[derive(Default)]
struct Lanes {
    taken: Vec<(i32, i32, i32)>,
}

impl Lanes {
    /// The nearest place from `wanted` on, in steps and no further than `last`, that is free between two heights.
    fn take(&mut self, wanted: i32, step: i32, (last, y1, y2): (i32, i32, i32)) -> i32 {
        let (top, bottom) = (y1.min(y2), y1.max(y2));
        let clashes = |x: i32| {
            self.taken.iter().any(|(at, from, to)| (at - x).abs() < LANE && *from < bottom && top < *to)
        };
        let mut places = (0..LANES).map(|n| wanted + n * step).take_while(|x| *x >= last);
        let x = places.find(|x| !clashes(*x)).unwrap_or(wanted);
        self.taken.push((x, top, bottom));
        x
    }
}

impl Arrow {
    /// The way as the letters of an SVG path, its bends rounded; it ends where the head begins.
    pub fn path(&self) -> String {
        let mut points = self.bends.clone();
        if let Some(tip) = points.last_mut() {
            tip.0 -= HEAD.0 - 1;
        }
        let Some((x, y)) = points.first() else { return String::new() };
        let mut path = format!("M{x} {y}");
        for corner in points.windows(3) {
            let [before, at, after] = [corner[0], corner[1], corner[2]];
            let round = ROUND.min(length(before, at) / 2).min(length(at, after) / 2);
            let (into, out) = (toward(at, before, round), toward(at, after, round));
            path.push_str(&format!("L{} {}Q{} {} {} {}", into.0, into.1, at.0, at.1, out.0, out.1));
        }
        if let Some((x, y)) = points.last() {
            path.push_str(&format!("L{x} {y}"));
        }
        path
    }

    /// The head as the letters of an SVG path.
    pub fn head(&self) -> String {
        let Some((x, y)) = self.bends.last() else { return String::new() };
        let back = x - HEAD.0;
        format!("M{back} {}L{x} {y}L{back} {}Z", y - HEAD.1, y + HEAD.1)
    }
}

/// Of a level or upright run.
fn length(a: (i32, i32), b: (i32, i32)) -> i32 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

/// A point of a level or upright run, so far from its beginning.
fn toward(from: (i32, i32), to: (i32, i32), far: i32) -> (i32, i32) {
    (from.0 + (to.0 - from.0).signum() * far, from.1 + (to.1 - from.1).signum() * far)
}
