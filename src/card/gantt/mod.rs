//! The tasks in time, laid out: rows, bars, days and the ways of the arrows, for whoever paints them.
//!
//! Invariant: pure geometry in whole pixels, worked out from days and rows alone; the page and the picture in the chat
//! paint the same drawing.

use super::plan::{Bar, Plan};
use crate::domain::{Date, Lang};
use crate::text::word;

mod arrows;
#[cfg(test)]
mod tests;

pub use arrows::Arrow;

/// The sizes of a drawing.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Where the first day begins; the names stand left of it.
    pub left: i32,
    /// The width of all days together.
    pub span: i32,
    /// Where the first row begins.
    pub top: i32,
    /// Height of a row.
    pub row: i32,
    /// Height of a bar.
    pub bar: i32,
}

/// A drawing.
pub struct Layout<'a> {
    /// From the first row to the last.
    pub rows: Vec<Row<'a>>,
    /// What waits for what; to be painted under the bars.
    pub arrows: Vec<Arrow>,
    /// Where the written days begin.
    pub ticks: Vec<(i32, &'a str)>,
    /// The middle of today.
    pub today: i32,
    /// Where the last row ends.
    pub bottom: i32,
}

/// One task.
pub struct Row<'a> {
    /// What it shows.
    pub bar: &'a Bar,
    /// Its middle.
    pub y: i32,
    /// The planned days: where they begin and end.
    pub planned: (i32, i32),
    /// Width of what is done of them.
    pub done: i32,
    /// How far it will run over, from the planned end.
    pub over: Option<(i32, i32)>,
    /// A diamond at the planned end, as the letters of an SVG path.
    pub milestone: Option<String>,
    /// Where words beside it may begin.
    pub after: i32,
}

/// Where days are.
#[derive(Clone, Copy)]
struct Days {
    first: Date,
    count: i32,
    measure: Measure,
}

impl Days {
    /// Where a day begins.
    fn begins(&self, date: Date) -> i32 {
        self.at((date - self.first).get_days())
    }

    /// Where a day ends.
    fn ends(&self, date: Date) -> i32 {
        self.at((date - self.first).get_days() + 1)
    }

    fn at(&self, days: i32) -> i32 {
        self.measure.left + days * self.measure.span / self.count
    }
}

/// How many days a plan shows.
pub fn days(plan: &Plan) -> i32 {
    (plan.days.1 - plan.days.0).get_days() + 1
}

impl<'a> Layout<'a> {
    /// Lays out some bars of a plan.
    pub fn of(plan: &'a Plan, bars: &[&'a Bar], measure: Measure) -> Self {
        let days = Days { first: plan.days.0, count: days(plan).max(1), measure };
        let rows: Vec<Row> = (0..).zip(bars).map(|(n, bar)| row(n, bar, days)).collect();
        let count = i32::try_from(rows.len()).unwrap_or_default();
        Self {
            arrows: arrows::all(&rows, measure),
            ticks: plan.ticks.iter().map(|(day, words)| (days.begins(*day), words.as_str())).collect(),
            today: i32::midpoint(days.begins(plan.today), days.ends(plan.today)),
            bottom: measure.top + count * measure.row,
            rows,
        }
    }
}

fn row(n: i32, bar: &Bar, days: Days) -> Row<'_> {
    let measure = days.measure;
    let y = measure.top + n * measure.row + measure.row / 2;
    let (from, to) = (days.begins(bar.planned.0), days.ends(bar.planned.1));
    let over = bar.expected.filter(|day| *day > bar.planned.1).map(|day| (to, days.ends(day)));
    let r = measure.bar / 2 + 2;
    let diamond = || format!("M{to} {}L{} {y}L{to} {}L{} {y}Z", y - r, to + r, y + r, to - r);
    let after = over.map_or(to, |(_, end)| end).max(if bar.milestone { to + r } else { to });
    Row {
        bar,
        y,
        planned: (from, to),
        done: i32::try_from(bar.percent.clamp(0, 100)).unwrap_or_default() * (to - from) / 100,
        over,
        milestone: bar.milestone.then(diamond),
        after,
    }
}

impl Row<'_> {
    /// Whether something is wrong with it.
    pub fn is_bad(&self) -> bool {
        self.bar.state == "late" || self.bar.risk.is_some()
    }

    /// How far it is, and what is wrong with it.
    pub fn told(&self, lang: Lang) -> String {
        let mut parts = vec![format!("{}%", self.bar.percent)];
        if self.bar.state == "late" {
            parts.push(self.bar.state_words.clone());
        }
        if self.bar.risk.is_some() {
            parts.push(word(lang, "board.plan.risk_mark"));
        }
        parts.join(" · ")
    }
}
