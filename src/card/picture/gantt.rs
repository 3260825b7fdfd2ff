//! The tasks in time: planned bars, how far they are, where they will end, what waits for what, and today.
//!
//! Invariant: the bars have one width together, however many days they span.

use super::sheet::{Area, Ink, Sheet};
use super::{BAD, DEPARTMENTS, EDGE, INK, LINE, MARGIN, QUIET, SURFACE, WIDTH};
use crate::card::plan::{Bar, Plan};
use crate::domain::{Date, Lang};
use crate::text::{say, word};

const LEFT: i32 = 208;
const RIGHT: i32 = 112;
const ROW: i32 = 30;
const BAR: i32 = 14;
/// Above the first row: the days.
const HEAD: i32 = 36;
/// Rows; what is done already makes room first.
const MOST: usize = 24;

/// Where days and rows are.
struct Space {
    first: Date,
    days: i32,
    top: i32,
    rows: i32,
}

impl Space {
    /// Where a day begins.
    fn x(&self, date: Date) -> i32 {
        LEFT + (date - self.first).get_days() * (WIDTH - LEFT - RIGHT) / self.days
    }

    /// Where a day ends.
    fn end(&self, date: Date) -> i32 {
        LEFT + ((date - self.first).get_days() + 1) * (WIDTH - LEFT - RIGHT) / self.days
    }

    fn middle(&self, row: usize) -> i32 {
        self.top + HEAD + i32::try_from(row).unwrap_or_default() * ROW + ROW / 2
    }

    fn bottom(&self) -> i32 {
        self.top + HEAD + self.rows * ROW
    }
}

/// Draws it below a line; where it ends.
pub fn draw(sheet: &mut Sheet, lang: Lang, (plan, top): (&Plan, i32)) -> i32 {
    let bars = shown(&plan.bars);
    let (first, last) = plan.days;
    let rows = i32::try_from(bars.len()).unwrap_or_default();
    let space = Space { first, days: (last - first).get_days() + 1, top, rows };
    for (day, text) in &plan.ticks {
        let x = space.x(*day);
        sheet.path(&format!("M{x} {}V{}", top + HEAD - 6, space.bottom()), &stroke(LINE, "1"));
        sheet.words((x + 3, top + HEAD - 10), Ink::new(11, QUIET), (text, 60));
    }
    // Under the bars, so that no line runs through one.
    for (row, bar) in bars.iter().enumerate() {
        waits(sheet, (&space, row), &bars, bar);
    }
    for (row, bar) in bars.iter().enumerate() {
        task(sheet, lang, (&space, row), bar);
    }
    let x = (space.x(plan.today) + space.end(plan.today)) / 2;
    let dashed = format!("{} stroke-dasharray=\"5 3\"", stroke(BAD, "1.5"));
    sheet.path(&format!("M{x} {}V{}", top + 14, space.bottom()), &dashed);
    sheet.words((x + 4, top + 12), Ink::new(11, BAD), (&word(lang, "board.plan.today"), 60));
    let mut bottom = space.bottom() + 6;
    let more = plan.bars.len() - bars.len();
    if more > 0 {
        let words = say(lang, "picture.more_tasks", &[("n", &more.to_string())]);
        sheet.words((MARGIN, bottom + 12), Ink::new(12, QUIET), (&words, WIDTH - 2 * MARGIN));
        bottom += 20;
    }
    legend(sheet, plan, bottom)
}

/// As many as there is room for, in the order of their numbers: of too many, those that are done are left out first.
fn shown(all: &[Bar]) -> Vec<&Bar> {
    let mut spare = all.len().saturating_sub(MOST);
    let mut keep = |bar: &&Bar| {
        let leave_out = spare > 0 && bar.state == "done";
        spare -= usize::from(leave_out);
        !leave_out
    };
    let kept: Vec<&Bar> = all.iter().filter(|bar| keep(bar)).collect();
    kept.into_iter().take(MOST).collect()
}

fn stroke(colour: &str, width: &str) -> String {
    format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"")
}

fn colour(bar: &Bar) -> &'static str {
    DEPARTMENTS[bar.department % DEPARTMENTS.len()]
}

fn task(sheet: &mut Sheet, lang: Lang, (space, row): (&Space, usize), bar: &Bar) {
    let y = space.middle(row);
    let top = y - BAR / 2;
    let name = Ink { size: 13, colour: INK, bold: bar.critical };
    sheet.words((MARGIN, y + 5), name, (&format!("{} {}", bar.number, bar.name), LEFT - MARGIN - 10));
    let (start, end) = (space.x(bar.planned.0), space.end(bar.planned.1));
    let look = if bar.critical { "2.5" } else { "1" };
    let border = format!("fill-opacity=\"0.28\" stroke=\"{}\" stroke-width=\"{look}\"", colour(bar));
    sheet.bordered(Area::new((start, top), (end - start, BAR)), colour(bar), &border);
    let done = i32::try_from(bar.percent.clamp(0, 100)).unwrap_or_default() * (end - start) / 100;
    sheet.filled(Area::new((start, top), (done, BAR)), colour(bar));
    let mut after = end;
    if let Some(expected) = bar.expected.filter(|day| *day > bar.planned.1) {
        after = space.end(expected);
        let over = format!("stroke=\"{BAD}\" stroke-dasharray=\"4 3\"");
        sheet.bordered(Area::new((end, top + 3), (after - end, BAR - 6)), "none", &over);
    }
    if bar.milestone {
        let r = BAR / 2 + 2;
        let diamond = format!("M{end} {}L{} {y}L{end} {}L{} {y}Z", y - r, end + r, y + r, end - r);
        let look = format!("fill=\"{SURFACE}\" stroke=\"{}\" stroke-width=\"2.5\"", colour(bar));
        sheet.path(&diamond, &look);
        after = after.max(end + r);
    }
    let is_bad = bar.state == "late" || bar.risk.is_some();
    let ink = Ink::new(11, if is_bad { BAD } else { QUIET });
    sheet.words((after + 11, y + 4), ink, (&told(lang, bar), WIDTH - MARGIN / 2 - after - 11));
}

/// How far it is, and what is wrong with it.
fn told(lang: Lang, bar: &Bar) -> String {
    let mut parts = vec![format!("{}%", bar.percent)];
    if bar.state == "late" {
        parts.push(bar.state_words.clone());
    }
    if bar.risk.is_some() {
        parts.push(word(lang, "board.plan.risk_mark"));
    }
    parts.join(" · ")
}

/// From the end of what it waits for to its own beginning.
fn waits(sheet: &mut Sheet, (space, row): (&Space, usize), bars: &[&Bar], bar: &Bar) {
    for before in &bar.after {
        let Some(from) = bars.iter().position(|other| other.number == *before) else { continue };
        let (x1, y1) = (space.end(bars[from].planned.1), space.middle(from));
        let (x2, y2) = (space.x(bar.planned.0), space.middle(row));
        let (bend, side) = (x1 + 6, if y2 > y1 { -ROW / 2 } else { ROW / 2 });
        let path = match x2 > bend + 4 {
            true => format!("M{x1} {y1}H{bend}V{y2}H{}", x2 - 2),
            // It was to begin before the other ends: around the row.
            false => format!("M{x1} {y1}H{bend}V{}H{}V{y2}H{}", y2 + side, x2 - 8, x2 - 2),
        };
        sheet.path(&path, &stroke(EDGE, "1.3"));
        let head = format!("M{} {}L{x2} {y2}L{} {}Z", x2 - 6, y2 - 3, x2 - 6, y2 + 3);
        sheet.path(&head, &format!("fill=\"{EDGE}\""));
    }
}

/// Which colour is whose.
fn legend(sheet: &mut Sheet, plan: &Plan, top: i32) -> i32 {
    let (mut x, mut y) = (MARGIN, top + 18);
    for (n, name) in plan.departments.iter().enumerate() {
        if x + 140 > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + 20);
        }
        sheet.filled(Area::new((x, y - 10), (12, 12)), DEPARTMENTS[n % DEPARTMENTS.len()]);
        x += 18 + sheet.words((x + 18, y), Ink::new(12, QUIET), (name, 160)) + 14;
    }
    y + 6
}
