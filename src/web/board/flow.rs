//! The tasks in order: what waits for what, from left to right, in the colours of their departments.
//!
//! Invariant: an arrow leads from a layer to a later one.

use super::super::html::Html;
use super::gantt::{chart, rect, short, words};
use super::request::colour;
use crate::card::plan::{Bar, Plan};
use crate::domain::Lang;
use crate::text::{say, word};

const WIDTH: i32 = 176;
const HEIGHT: i32 = 66;
const ACROSS: i32 = 46;
const DOWN: i32 = 16;
const EDGE: i32 = 8;

/// The diagram.
pub fn draw(html: &mut Html, lang: Lang, plan: &Plan) {
    let places = places(&plan.bars);
    let most = |n: usize| i32::try_from(n).unwrap_or(0);
    let layers = most(places.iter().map(|(layer, _)| layer + 1).max().unwrap_or(0));
    let rows = most(places.iter().map(|(_, row)| row + 1).max().unwrap_or(0));
    let width = 2 * EDGE + layers * (WIDTH + ACROSS) - ACROSS;
    let height = 2 * EDGE + rows * (HEIGHT + DOWN) - DOWN;
    let label = say(lang, "board.plan.flow_label", &[("n", &plan.bars.len().to_string())]);
    chart(html, ("flow", "img", &label), (width, height), |html| {
        arrowhead(html);
        for (bar, to) in plan.bars.iter().zip(&places) {
            for before in &bar.after {
                let known = plan.bars.iter().zip(&places).find(|(other, _)| other.number == *before);
                let Some((other, from)) = known else { continue };
                edge(html, at(*from), at(*to), bar.critical && other.critical);
            }
        }
        for (bar, place) in plan.bars.iter().zip(&places) {
            node(html, lang, (bar, plan), at(*place));
        }
    });
}

/// The layer of each task, and its row in it.
fn places(bars: &[Bar]) -> Vec<(usize, usize)> {
    let before = |n: usize, layer| bars.iter().take(n).filter(|other| other.layer == layer).count();
    bars.iter().enumerate().map(|(n, bar)| (bar.layer, before(n, bar.layer))).collect()
}

/// The upper left corner of a place.
fn at((layer, row): (usize, usize)) -> (i32, i32) {
    let n = |n: usize| i32::try_from(n).unwrap_or(0);
    (EDGE + n(layer) * (WIDTH + ACROSS), EDGE + n(row) * (HEIGHT + DOWN))
}

fn edge(html: &mut Html, from: (i32, i32), to: (i32, i32), critical: bool) {
    let (x1, y1) = (from.0 + WIDTH, from.1 + HEIGHT / 2);
    let (x2, y2) = (to.0 - 2, to.1 + HEIGHT / 2);
    let middle = ACROSS / 2;
    let path = format!("M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}", x1 + middle, x2 - middle);
    let class = if critical { "edge critical" } else { "edge" };
    html.words("path", &[("class", class), ("d", &path), ("marker-end", "url(#flow-arrow)")], "");
}

/// The head of an arrow, to be named by `marker-end`.
fn arrowhead(html: &mut Html) {
    html.element("defs", &[], |html| {
        let size = [
            ("id", "flow-arrow"),
            ("markerUnits", "userSpaceOnUse"),
            ("markerWidth", "7"),
            ("markerHeight", "7"),
            ("refX", "6"),
            ("refY", "3.5"),
            ("orient", "auto"),
        ];
        html.element("marker", &size, |html| {
            html.words("path", &[("class", "head"), ("d", "M0 0L7 3.5L0 7Z")], "");
        });
    });
}

fn node(html: &mut Html, lang: Lang, (bar, plan): (&Bar, &Plan), (x, y): (i32, i32)) {
    let (department, late) = (colour(bar.department), bar.state == "late");
    let class = format!("node {department}{}", if late || bar.risk.is_some() { " trouble" } else { "" });
    rect(html, &class, (x, y), (WIDTH, HEIGHT));
    rect(html, &format!("strip {department}"), (x, y), (6, HEIGHT));
    let mark = if bar.milestone { "◆ " } else { "" };
    words(html, "strong", (x + 14, y + 19), &short(&format!("{mark}{} {}", bar.number, bar.name), 20));
    let name = plan.departments.get(bar.department).map_or("", String::as_str);
    words(html, "small", (x + 14, y + 38), &short(&format!("{name} · {}", bar.owner), 24));
    let mut told = format!("{} {}%", bar.state_words, bar.percent);
    if bar.risk.is_some() {
        told = format!("{told} ⚑ {}", word(lang, "board.plan.risk_mark"));
    }
    let class = if late || bar.risk.is_some() { "small bad" } else { "small" };
    words(html, class, (x + 14, y + 56), &told);
}
