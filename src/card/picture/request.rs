//! One request: where it stands, who has signed, how far its tasks are, what holds it up, and the tasks in time.
//!
//! Invariant: what there is no room for is counted and said.

use super::board::mark;
use super::sheet::{Area, Ink, Sheet, lines, width};
use super::{BAD, BAD_TINT, DONE, INK, LINE, MARGIN, QUIET, SURFACE, WIDTH, as_of, gantt, tint};
use crate::card::plan::{self, Plan};
use crate::card::scene::Scene;
use crate::card::{Colour, request as whole_request, say};
use crate::domain::Lang;
use crate::domain::request::{AskState, Request};
use crate::text::{say as text_of, word};

/// What the picture of a request shows.
pub struct Whole {
    /// In which language.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// Its number, until when it is wanted, and of when the picture is.
    pub subtitle: String,
    /// Where it stands.
    pub state: (String, Colour),
    /// Something is overdue.
    pub late: bool,
    /// Who is asked, and whether each has signed.
    pub asked: Vec<(String, bool)>,
    /// What holds it up.
    pub blockers: Vec<String>,
    /// Its tasks, where there are any.
    pub plan: Option<Plan>,
}

/// Reasons why it does not go on; further ones are counted.
const MOST_BLOCKERS: usize = 4;

/// What there is to show of a request.
pub fn whole(request: &Request, scene: &Scene) -> Whole {
    let lang = scene.lang;
    let wanted = say::day(scene, request.content.wanted_by);
    let subtitle =
        [request.id.to_string(), text_of(lang, "board.tile.wanted", &[("day", &wanted)]), as_of(scene)];
    let signed = |ask: &crate::domain::request::Ask| {
        (say::department(scene, &ask.department), matches!(ask.state, AskState::Confirmed { .. }))
    };
    let overdue = request.owed().any(|owed| owed.due_at < scene.now);
    Whole {
        lang,
        title: request.content.title.clone(),
        subtitle: subtitle.join(" · "),
        state: (word(lang, &format!("state.{}", request.state.name())), whole_request::colour(request.state)),
        late: overdue || request.tasks.iter().any(|task| task.is_late(scene.today)),
        asked: request.asks.iter().map(signed).collect(),
        blockers: plan::blockers(request, scene),
        plan: plan::plan(request, scene),
    }
}

/// The SVG.
pub fn draw(whole: &Whole) -> String {
    let mut sheet = Sheet::default();
    let mut top = head(&mut sheet, whole);
    top = signatures(&mut sheet, whole, top);
    if let Some(plan) = &whole.plan {
        top = outlook(&mut sheet, plan, top);
    }
    top = trouble(&mut sheet, whole, top);
    match &whole.plan {
        Some(plan) => top = gantt::draw(&mut sheet, whole.lang, (plan, top + 6)),
        None => {
            sheet.words(
                (MARGIN, top + 16),
                Ink::new(13, QUIET),
                (&word(whole.lang, "board.plan.none"), WIDTH),
            );
            top += 24;
        }
    }
    sheet.whole((WIDTH, top + MARGIN), SURFACE)
}

fn head(sheet: &mut Sheet, whole: &Whole) -> i32 {
    let ((state, colour), mut right) = (&whole.state, WIDTH - MARGIN);
    let (fill, ink) = tint(*colour);
    sheet.path(&format!("M0 0H{WIDTH}V76H0Z"), &format!("fill=\"{fill}\""));
    if whole.late {
        right -= mark(sheet, (right, 22), &word(whole.lang, "board.tile.late"));
    }
    let wide = width(state, 13) + 16;
    let border = format!("stroke=\"{ink}\"");
    sheet.bordered(Area::new((right - wide, 20), (wide, 22)), fill, &border);
    sheet.words((right - wide + 8, 36), Ink::new(13, ink), (state, wide));
    let title = Ink::new(20, INK).bold();
    sheet.words((MARGIN, 38), title, (&whole.title, right - wide - 12 - MARGIN));
    sheet.words((MARGIN, 61), Ink::new(12, ink), (&whole.subtitle, WIDTH - 2 * MARGIN));
    94
}

/// The departments in rows, a full dot where one has signed.
fn signatures(sheet: &mut Sheet, whole: &Whole, top: i32) -> i32 {
    let (mut x, mut y) = (MARGIN, top + 8);
    for (name, signed) in &whole.asked {
        let key = if *signed { "board.tile.signed" } else { "board.tile.unsigned" };
        let words = format!("{name} {}", word(whole.lang, key));
        let wide = width(&words, 12).min(WIDTH / 2);
        if x + 14 + wide > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + 20);
        }
        sheet.dot((x + 4, y - 4), *signed);
        x += 14 + sheet.words((x + 13, y), Ink::new(12, QUIET), (&words, wide)) + 14;
    }
    if whole.asked.is_empty() { top } else { y + 16 }
}

fn outlook(sheet: &mut Sheet, plan: &Plan, top: i32) -> i32 {
    let across = WIDTH - 2 * MARGIN;
    let done = i32::try_from(plan.percent.clamp(0, 100)).unwrap_or_default() * across / 100;
    sheet.filled(Area::new((MARGIN, top), (across, 10)), LINE);
    sheet.filled(Area::new((MARGIN, top), (done, 10)), DONE);
    let mut y = top + 30;
    sheet.words((MARGIN, y), Ink::new(14, INK).bold(), (&plan.progress, across));
    for line in plan.outlook.iter().flat_map(|words| lines(words, 13, (across, 2))) {
        y += 20;
        sheet.words((MARGIN, y), Ink::new(13, INK), (&line, across));
    }
    y + 12
}

fn trouble(sheet: &mut Sheet, whole: &Whole, top: i32) -> i32 {
    let (mut y, across) = (top, WIDTH - 2 * MARGIN);
    let more = whole.blockers.len().saturating_sub(MOST_BLOCKERS);
    let counted = (more > 0).then(|| text_of(whole.lang, "picture.more", &[("n", &more.to_string())]));
    for words in whole.blockers.iter().take(MOST_BLOCKERS).chain(&counted) {
        sheet.filled(Area::new((MARGIN, y), (across, 24)), BAD_TINT);
        sheet.words((MARGIN + 10, y + 16), Ink::new(12, BAD), (words, across - 20));
        y += 28;
    }
    y
}
