//! The tasks in time, painted as SVG of the page: planned bars, how far they are, where they will end, what waits for
//! what, and today.
//!
//! Invariant: the drawing is that of the picture in the chat; words are shortened, the table has them whole.

use super::super::html::Html;
use super::request::colour;
use crate::card::gantt::{Arrow, Layout, Measure, Row, days};
use crate::card::plan::{Bar, Plan};
use crate::domain::Lang;
use crate::text::{say, word};

const LEFT: i32 = 190;
const RIGHT: i32 = 110;
const TOP: i32 = 38;
const ROW: i32 = 30;
const BAR: i32 = 14;

/// The chart.
pub fn draw(html: &mut Html, lang: Lang, plan: &Plan) {
    let span = days(plan) * (660 / days(plan).max(1)).clamp(3, 26);
    let bars: Vec<&Bar> = plan.bars.iter().collect();
    let layout = Layout::of(plan, &bars, Measure { left: LEFT, span, top: TOP, row: ROW, bar: BAR });
    let (from, to) = (plan.days.0.to_string(), plan.days.1.to_string());
    let args = [("n", &*plan.bars.len().to_string()), ("from", &*from), ("to", &*to)];
    let label = say(lang, "board.plan.gantt_label", &args);
    let bottom = layout.bottom + 8;
    let (wide, width) = (LEFT + span + RIGHT, (LEFT + span + RIGHT).to_string());
    chart(html, ("gantt", "group", &label), (wide, bottom), |html| {
        for (x, text) in &layout.ticks {
            line(html, "tick", (*x, TOP - 6), (*x, bottom));
            words(html, "small", (x + 3, TOP - 12), text);
        }
        // Under the bars, so that no line runs through one.
        layout.arrows.iter().for_each(|one| arrow(html, one));
        for (place, row) in layout.rows.iter().enumerate() {
            task(html, lang, (row, place == 0), &width);
        }
        let x = layout.today;
        line(html, "today", (x, TOP - 8), (x, bottom));
        words(html, "small now", (x + 3, TOP - 25), &word(lang, "board.plan.today"));
    });
}

/// One row. The first can be reached with the tabulator, the others from there with the arrow keys.
fn task(html: &mut Html, lang: Lang, (row, is_first): (&Row, bool), width: &str) {
    let (y, department, bar) = (row.y, colour(row.bar.department), row.bar);
    let number = bar.number.to_string();
    let label = spoken(lang, row);
    let attributes = [
        ("class", "task"),
        ("role", "img"),
        ("aria-label", &*label),
        ("data-task", &*number),
        ("data-key", &*format!("bar-{number}")),
        ("tabindex", if is_first { "0" } else { "-1" }),
    ];
    html.element("g", &attributes, |html| {
        let (top, height) = ((y - ROW / 2).to_string(), ROW.to_string());
        let whole = [("class", "row"), ("x", "0"), ("y", &*top), ("width", width), ("height", &*height)];
        html.words("rect", &whole, "");
        words(html, "", (6, y + 4), &short(&format!("{number} {}", bar.name), 24));
        let (top, (start, end)) = (y - BAR / 2, row.planned);
        let class = format!("bar {department}{}", if bar.critical { " critical" } else { "" });
        // Nothing shines through from below.
        rect(html, "under", (start, top), (end - start, BAR));
        rect(html, &class, (start, top), (end - start, BAR));
        rect(html, &format!("done {department}"), (start, top), (row.done, BAR));
        if let Some((from, to)) = row.over {
            rect(html, "over", (from, top + 3), (to - from, BAR - 6));
        }
        if let Some(path) = &row.milestone {
            html.words("path", &[("class", &format!("milestone {department}")), ("d", path)], "");
        }
        let class = if row.is_bad() { "small bad" } else { "small" };
        words(html, class, (row.after + 8, y + 4), &row.told(lang));
    });
}

/// A row for whoever does not see it.
fn spoken(lang: Lang, row: &Row) -> String {
    let bar = row.bar;
    let after: Vec<String> = bar.after.iter().map(ToString::to_string).collect();
    let mut parts =
        vec![format!("{} {}", bar.number, bar.name), bar.owner.clone(), bar.planned_words.clone()];
    parts.extend([bar.expected_words.clone(), row.told(lang)].into_iter().filter(|words| !words.is_empty()));
    if bar.critical {
        parts.push(word(lang, "board.plan.critical"));
    }
    if !after.is_empty() {
        parts.push(say(lang, "board.plan.waits_for", &[("tasks", &after.join(", "))]));
    }
    parts.join(", ")
}

/// A way, and its head.
fn arrow(html: &mut Html, arrow: &Arrow) {
    let class = if arrow.critical { "arrow critical" } else { "arrow" };
    let (from, to) = (arrow.from.to_string(), arrow.to.to_string());
    html.element("g", &[("class", class), ("data-from", &from), ("data-to", &to)], |html| {
        html.words("path", &[("class", "edge"), ("d", &arrow.path())], "");
        html.words("path", &[("class", "head"), ("d", &arrow.head())], "");
    });
}

/// A drawing of a class, a role and a name, so wide and so high.
pub fn chart(
    html: &mut Html,
    (class, role, label): (&str, &str, &str),
    (width, height): (i32, i32),
    inside: impl FnOnce(&mut Html),
) {
    let (width, height) = (width.to_string(), height.to_string());
    let view = format!("0 0 {width} {height}");
    let svg = [
        ("class", class),
        ("role", role),
        ("aria-label", label),
        ("viewBox", &*view),
        ("width", &*width),
        ("height", &*height),
    ];
    html.element("svg", &svg, inside);
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
