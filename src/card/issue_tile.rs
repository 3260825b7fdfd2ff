//! An issue on the issue board, in a few words for one reader.
//!
//! Invariant: a tile says no more than the issue's card does, and masks the same names; what its colour says stands there
//! as a word, too.

use super::scene::Scene;
use super::{Colour, issue, say};
use crate::domain::obligation::Obligation;
use crate::domain::request::issue::Issue;
use crate::domain::request::{Request, State};
use crate::text::{say as text_of, word};

/// A clock that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What is owed, by whom, until when, and how much time is left.
    pub words: String,
    /// It has run out, or is about to, in words; and which of both.
    pub mark: Option<(String, Colour)>,
}

impl Clock {
    /// It has run out.
    pub fn is_over(&self) -> bool {
        self.mark.as_ref().is_some_and(|(_, colour)| *colour == Colour::Red)
    }
}

/// A tile in words.
#[derive(Clone, Debug, PartialEq)]
pub struct IssueTile {
    /// `2026-Q4-SCB-001-I2`
    pub number: String,
    /// The case file's number: its page tells everything.
    pub request: String,
    /// The first line of the report.
    pub title: String,
    /// The title of the request; `None` where it belongs to none.
    pub of: Option<String>,
    /// How far it is, in words.
    pub state: String,
    /// The colour of that, as on its card.
    pub colour: Colour,
    /// Who is responsible, and who reported it.
    pub who: String,
    /// Since when, and for how long.
    pub age: String,
    /// It was reported more than once: how often.
    pub count: Option<String>,
    /// The clocks that run, the soonest first.
    pub clocks: Vec<Clock>,
}

/// Of the time that was given, the last so many hundredths are about to run out.
const SOON: i64 = 25;

/// The tile of an issue.
pub fn tile(request: &Request, issue: &Issue, scene: &Scene) -> IssueTile {
    let lang = scene.lang;
    let reporter = say::person(scene, &issue.reporter);
    let department = say::department(scene, &issue.report.department);
    let since = say::moment(scene, issue.reported_at);
    let span = issue::span(scene.now.duration_since(issue.reported_at).as_mins(), scene);
    let mut owed: Vec<&Obligation> = issue::owed(issue, request).collect();
    owed.sort_by_key(|o| o.due_at);
    IssueTile {
        number: issue.full_number(&request.id),
        request: request.id.to_string(),
        title: issue.title(),
        of: (request.state != State::Standing).then(|| request.content.title.clone()),
        state: word(lang, &format!("card.issue.state.{}", issue.state.name())),
        colour: issue::colour(issue, request, scene),
        who: text_of(lang, "board.issue.who", &[("department", &department), ("reporter", &reporter)]),
        age: text_of(lang, "board.issue.age", &[("moment", &since), ("span", &span)]),
        count: (issue.count > 1)
            .then(|| text_of(lang, "board.issue.reports", &[("n", &issue.count.to_string())])),
        clocks: owed.into_iter().map(|o| clock(o, scene)).collect(),
    }
}

fn clock(open: &Obligation, scene: &Scene) -> Clock {
    let (given, left) = (open.due_at.duration_since(open.opened_at), open.due_at.duration_since(scene.now));
    let mark = match () {
        () if left.is_negative() => Some(("board.issue.over", Colour::Red)),
        () if left.as_secs() * 100 <= given.as_secs() * SOON => Some(("board.issue.soon", Colour::Orange)),
        () => None,
    };
    let kind = word(scene.lang, &format!("kind.{}", open.kind.name()));
    let words =
        text_of(scene.lang, "board.issue.clock", &[("kind", &kind), ("words", &issue::running(open, scene))]);
    Clock { words, mark: mark.map(|(key, colour)| (word(scene.lang, key), colour)) }
}
