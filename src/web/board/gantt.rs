//! The tasks in time: planned bars, how far they are, where they will end, what waits for what, and today.
//!
//! Invariant: coordinates are worked out from days and rows alone; words are shortened, the table has them whole.

use super::super::html::Html;
use super::request::colour;
use crate::card::plan::{Bar, Plan};
use crate::domain::{Date, Lang};
use crate::text::{say, word};

const LEFT: i32 = 190;
const RIGHT: i32 = 110;
const TOP: i32 = 34;
const ROW: i32 = 30;
const BAR: i32 = 14;

/// Where days and rows are.
struct Space {
    first: Date,
    day: i32,
    width: i32,
    height: i32,
}

impl Space {
    fn of(plan: &Plan) -> Self {
        let (first, last) = plan.days;
        let days = days(first, last) + 1;
        let day = (660 / days.max(1)).clamp(3, 26);
        let rows = i32::try_from(plan.bars.len()).unwrap_or(0);
        Self { first, day, width: LEFT + days * day + RIGHT, height: TOP + rows * ROW + 8 }
    }

    /// Where a day begins.
    fn x(&self, date: Date) -> i32 {
        LEFT + days(self.first, date) * self.day
    }

    /// Where a day ends.
    fn end(&self, date: Date) -> i32 {
        self.x(date) + self.day
    }
}

fn days(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// The middle of a row.
fn middle(row: usize) -> i32 {
    TOP + i32::try_from(row).unwrap_or(0) * ROW + ROW / 2
}

/// The chart.
pub fn draw(html: &mut Html, lang: Lang, plan: &Plan) {
    let space = Space::of(plan);
    let (from, to) = (plan.days.0.to_string(), plan.days.1.to_string());
    let args = [("n", &*plan.bars.len().to_string()), ("from", &*from), ("to", &*to)];
    let label = say(lang, "board.plan.gantt_label", &args);
    let (width, height) = (space.width.to_string(), space.height.to_string());
    let view = format!("0 0 {width} {height}");
    let svg = [
        ("class", "gantt"),
        ("role", "img"),
        ("aria-label", &*label),
        ("viewBox", &*view),
        ("width", &*width),
        ("height", &*height),
    ];
    html.element("svg", &svg, |html| {
        arrowhead(html, "gantt-arrow");
        for (day, text) in &plan.ticks {
            line(html, "tick", (space.x(*day), TOP - 6), (space.x(*day), space.height));
            words(html, "small", (space.x(*day) + 3, TOP - 12), text);
        }
        for (row, bar) in plan.bars.iter().enumerate() {
            task(html, lang, (&space, row), bar);
        }
        for (row, bar) in plan.bars.iter().enumerate() {
            waits(html, (&space, row), bar, plan);
        }
        let x = space.x(plan.today) + space.day / 2;
        line(html, "today", (x, TOP - 8), (x, space.height));
        words(html, "small now", (x + 3, TOP - 22), &word(lang, "board.plan.today"));
    });
}

fn task(html: &mut Html, lang: Lang, (space, row): (&Space, usize), bar: &Bar) {
    let (y, department) = (middle(row), colour(bar.department));
    let top = y - BAR / 2;
    words(html, "", (6, y + 4), &short(&format!("{} {}", bar.number, bar.name), 24));
    let (start, end) = (space.x(bar.planned.0), space.end(bar.planned.1));
    let class = format!("bar {department}{}", if bar.critical { " critical" } else { "" });
    rect(html, &class, (start, top), (end - start, BAR));
    let done = i32::try_from(bar.percent).unwrap_or(0) * (end - start) / 100;
    rect(html, &format!("done {department}"), (start, top), (done, BAR));
    let mut after = end;
    if let Some(expected) = bar.expected.filter(|day| *day > bar.planned.1) {
        after = space.end(expected);
        rect(html, "over", (end, top + 3), (after - end, BAR - 6));
    }
    if bar.milestone {
        let (x, r) = (end, BAR / 2 + 2);
        let path = format!("M{x} {}L{} {y}L{x} {}L{} {y}Z", y - r, x + r, y + r, x - r);
        html.words("path", &[("class", &format!("milestone {department}")), ("d", &path)], "");
        after = after.max(x + r);
    }
    let mut told = format!("{}%", bar.percent);
    if bar.state == "late" {
        told = format!("{told} · {}", bar.state_words);
    }
    if bar.risk.is_some() {
        told = format!("{told} ⚑ {}", word(lang, "board.plan.risk_mark"));
    }
    let class = if bar.state == "late" || bar.risk.is_some() { "small bad" } else { "small" };
    words(html, class, (after + 8, y + 4), &told);
}

/// From the end of what it waits for to its own beginning.
fn waits(html: &mut Html, (space, row): (&Space, usize), bar: &Bar, plan: &Plan) {
    for before in &bar.after {
        let Some(from) = plan.bars.iter().position(|other| other.number == *before) else { continue };
        let (x1, y1) = (space.end(plan.bars[from].planned.1), middle(from));
        let (x2, y2) = (space.x(bar.planned.0), middle(row));
        let (bend, side) = (x1 + 6, if y2 > y1 { -ROW / 2 } else { ROW / 2 });
        let path = match x2 > bend + 4 {
            true => format!("M{x1} {y1}H{bend}V{y2}H{}", x2 - 2),
            // It was to begin before the other ends: around the row.
            false => format!("M{x1} {y1}H{bend}V{}H{}V{y2}H{}", y2 + side, x2 - 8, x2 - 2),
        };
        html.words("path", &[("class", "edge"), ("d", &path), ("marker-end", "url(#gantt-arrow)")], "");
    }
}

/// The head of an arrow, to be named by `marker-end`.
pub fn arrowhead(html: &mut Html, id: &str) {
    html.element("defs", &[], |html| {
        let size = [
            ("markerUnits", "userSpaceOnUse"),
            ("markerWidth", "7"),
            ("markerHeight", "7"),
            ("refX", "6"),
            ("refY", "3.5"),
            ("orient", "auto"),
        ];
        let marker: Vec<(&'static str, &str)> = std::iter::once(("id", id)).chain(size).collect();
        html.element("marker", &marker, |html| {
            html.words("path", &[("class", "head"), ("d", "M0 0L7 3.5L0 7Z")], "");
        });
    });
}

/// Text at a place.
pub fn words(html: &mut Html, class: &str, (x, y): (i32, i32), text: &str) {
    let (x, y) = (x.to_string(), y.to_string());
    html.words("text", &[("class", class), ("x", &x), ("y", &y)], text);
}

/// A box at a place.
pub fn rect(html: &mut Html, class: &str, (x, y): (i32, i32), (width, height): (i32, i32)) {
    let (x, y, width, height) = (x.to_string(), y.to_string(), width.max(0).to_string(), height.to_string());
    let place =
        [("class", class), ("x", &*x), ("y", &*y), ("width", &*width), ("height", &*height), ("rx", "3")];
    html.words("rect", &place, "");
}

fn line(html: &mut Html, class: &str, (x1, y1): (i32, i32), (x2, y2): (i32, i32)) {
    let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(|n| n.to_string());
    html.words("line", &[("class", class), ("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)], "");
}

/// As much of a text as fits in a width, where Chinese characters are twice as wide as Latin letters.
pub fn short(text: &str, most: usize) -> String {
    let width = |c: char| if c.is_ascii() { 1 } else { 2 };
    let mut used = 0;
    let mut kept = String::new();
    for c in text.chars() {
        used += width(c);
        if used > most {
            kept.push('…');
            return kept;
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shortened_by_the_room_that_they_take() {
        assert_eq!(short("方案设计", 8), "方案设计");
        assert_eq!(short("方案设计书", 8), "方案设计…");
        assert_eq!(short("prototype", 8), "prototyp…");
    }
}
