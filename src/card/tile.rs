//! A request on the board, in a few words for one reader.
//!
//! Invariant: a tile says no more than the line of a list does, and masks the same names.

use super::request::colour;
use super::scene::{Listed, Scene};
use super::{Colour, found, say};
use crate::domain::request::Priority;
use crate::domain::{Date, DepartmentId};
use crate::text::{say as text_of, word};

/// What a tile is made of, besides the line of a list.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The line.
    pub listed: Listed,
    /// 优先级
    pub priority: Priority,
    /// 期望完成
    pub wanted_by: Date,
    /// The departments that are asked, and whether each has signed.
    pub asked: Vec<(DepartmentId, bool)>,
    /// How many tasks there are, how many are done, how many are late, and their percents added up.
    pub tasks: (i64, i64, i64, i64),
}

/// A tile in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// The request's number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The state in words, for the column that holds several.
    pub state: String,
    /// Its colour.
    pub colour: Colour,
    /// Who asks.
    pub from: String,
    /// 优先级, where it is not the usual one.
    pub priority: Option<String>,
    /// Until when it is wanted.
    pub wanted: String,
    /// Who is asked: by name, whether signed, and that in words.
    pub asked: Vec<(String, bool, String)>,
    /// Who owes what.
    pub waits: Option<String>,
    /// Something is overdue.
    pub late: bool,
    /// 0 to 100, and the same with the tasks in words.
    pub progress: Option<(i64, String)>,
}

/// The tile of a request.
pub fn tile(facts: &Facts, scene: &Scene) -> Tile {
    let (listed, lang) = (&facts.listed, scene.lang);
    let scene = &Scene { masks: listed.masks, ..*scene };
    let (tasks, done, late_tasks, percents) = facts.tasks;
    let owed_late = listed.owes.iter().any(|o| o.due < scene.now);
    let priority = match facts.priority {
        Priority::High => Some("choice.priority.high"),
        Priority::Low => Some("choice.priority.low"),
        Priority::Medium => None,
    };
    let signed = |(department, signed): &(DepartmentId, bool)| {
        let key = if *signed { "board.tile.signed" } else { "board.tile.unsigned" };
        (say::department(scene, department), *signed, word(lang, key))
    };
    let progress = (tasks > 0).then(|| {
        let percent = percents / tasks;
        let args =
            [("done", &*done.to_string()), ("n", &*tasks.to_string()), ("percent", &*percent.to_string())];
        let mut words = text_of(lang, "board.tile.tasks", &args);
        if late_tasks > 0 {
            words.push_str(&text_of(lang, "board.tile.late_tasks", &[("n", &late_tasks.to_string())]));
        }
        (percent, words)
    });
    let (person, department) =
        (say::person(scene, &listed.initiator), say::department(scene, &listed.department));
    Tile {
        number: listed.id.to_string(),
        title: listed.title.clone(),
        state: word(lang, &format!("state.{}", listed.state.name())),
        colour: colour(listed.state),
        from: format!("{person} · {department}"),
        priority: priority.map(|key| word(lang, key)),
        wanted: text_of(lang, "board.tile.wanted", &[("day", &say::day(scene, facts.wanted_by))]),
        asked: facts.asked.iter().map(signed).collect(),
        waits: (!listed.owes.is_empty()).then(|| found::waits(listed, scene)),
        late: owed_late || late_tasks > 0,
        progress,
    }
}
