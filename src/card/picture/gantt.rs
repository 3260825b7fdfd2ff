//! The tasks in time, painted for the chat: planned bars, how far they are, where they will end, what waits for what,
//! and today.
//!
//! Invariant: the bars have one width together, however many days they span; the drawing is that of the page.

use super::sheet::{Area, Ink, Sheet};
use super::{BAD, DEPARTMENTS, EDGE, INK, LINE, MARGIN, QUIET, SURFACE, WIDTH};
use crate::card::gantt::{Arrow, Layout, Measure, Row};
use crate::card::plan::{Bar, Plan};
use crate::domain::Lang;
use crate::text::{say, word};

const LEFT: i32 = 208;
const RIGHT: i32 = 112;
const ROW: i32 = 30;
const BAR: i32 = 14;
/// Above the first row: the days.
const HEAD: i32 = 36;
/// Rows; what is done already makes room first.
const MOST: usize = 24;

/// Draws it below a line; where it ends.
pub fn draw(sheet: &mut Sheet, lang: Lang, (plan, top): (&Plan, i32)) -> i32 {
    let bars = shown(&plan.bars);
    let measure = Measure { left: LEFT, span: WIDTH - LEFT - RIGHT, top: top + HEAD, row: ROW, bar: BAR };
    let layout = Layout::of(plan, &bars, measure);
    for (x, text) in &layout.ticks {
        sheet.path(&format!("M{x} {}V{}", top + HEAD - 6, layout.bottom), &stroke(LINE, "1"));
        sheet.words((x + 3, top + HEAD - 10), Ink::new(11, QUIET), (text, 60));
    }
    // Under the bars, so that no line runs through one.
    layout.arrows.iter().for_each(|one| arrow(sheet, one));
    layout.rows.iter().for_each(|row| task(sheet, lang, row));
    let x = layout.today;
    let dashed = format!("{} stroke-dasharray=\"5 3\"", stroke(BAD, "1.5"));
    sheet.path(&format!("M{x} {}V{}", top + 14, layout.bottom), &dashed);
    sheet.words((x + 4, top + 12), Ink::new(11, BAD), (&word(lang, "board.plan.today"), 60));
    let mut bottom = layout.bottom + 6;
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

fn task(sheet: &mut Sheet, lang: Lang, row: &Row) {
    let (y, bar, colour) = (row.y, row.bar, colour(row.bar));
    let top = y - BAR / 2;
    let name = Ink { size: 13, colour: INK, bold: bar.critical };
    sheet.words((MARGIN, y + 5), name, (&format!("{} {}", bar.number, bar.name), LEFT - MARGIN - 10));
    let (start, end) = row.planned;
    let planned = Area::new((start, top), (end - start, BAR));
    // Nothing shines through from below.
    sheet.filled(planned, SURFACE);
    let look = if bar.critical { "2.5" } else { "1" };
    sheet.bordered(
        planned,
        colour,
        &format!("fill-opacity=\"0.28\" stroke=\"{colour}\" stroke-width=\"{look}\""),
    );
    sheet.filled(Area::new((start, top), (row.done, BAR)), colour);
    if let Some((from, to)) = row.over {
        let over = format!("stroke=\"{BAD}\" stroke-dasharray=\"4 3\"");
        sheet.bordered(Area::new((from, top + 3), (to - from, BAR - 6)), "none", &over);
    }
    if let Some(path) = &row.milestone {
        sheet.path(path, &format!("fill=\"{SURFACE}\" stroke=\"{colour}\" stroke-width=\"2.5\""));
    }
    let ink = Ink::new(11, if row.is_bad() { BAD } else { QUIET });
    let after = row.after + 11;
    sheet.words((after, y + 4), ink, (&row.told(lang), WIDTH - MARGIN / 2 - after));
}

/// A way, and its head.
fn arrow(sheet: &mut Sheet, arrow: &Arrow) {
    let (colour, width) = if arrow.critical { (INK, "1.8") } else { (EDGE, "1.2") };
    sheet.path(&arrow.path(), &stroke(colour, width));
    sheet.path(&arrow.head(), &format!("fill=\"{colour}\""));
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
