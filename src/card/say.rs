//! Small words that every answer needs: moments, days, spans, names and parameters in the reader's language.
//!
//! Invariant: pure; what has no text shows as itself.

use jiff::civil::Weekday;

use super::scene::Scene;
use super::{Action, Style};
use crate::domain::calendar::Span;
use crate::domain::change::{Params, Value};
use crate::domain::directory::Holder;
use crate::domain::mask;
use crate::domain::{Date, DepartmentId, Lang, PersonId, Timestamp};
use crate::intent::Want;
use crate::text::{say, word};

/// A moment of the company's day, with weekday; the year only where it is another one.
pub fn moment(scene: &Scene, at: Timestamp) -> String {
    let local = at.to_zoned(scene.zone.clone());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    say(scene.lang, "say.moment", &[("day", &day(scene, local.date())), ("time", &time)])
}

/// A day with weekday; the year only where it is another one.
pub fn day(scene: &Scene, date: Date) -> String {
    let weekday = word(scene.lang, &format!("say.weekday.{}", weekday(date.weekday())));
    let month = word(scene.lang, &format!("say.month.{}", date.month()));
    let (year, of_month) = (date.year().to_string(), date.day().to_string());
    let key = if date.year() == scene.today.year() { "say.day" } else { "say.day_of_year" };
    let args = [("year", &*year), ("month", &*month), ("day", &*of_month), ("weekday", &*weekday)];
    say(scene.lang, key, &args)
}

fn weekday(day: Weekday) -> i8 {
    day.to_monday_one_offset()
}

/// A length of time in words of its unit: two working days, 48 hours of working days.
pub fn span(lang: Lang, span: Span) -> String {
    let written = serde_json::to_value(span).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
    let written = written.unwrap_or_default();
    let count: String = written.chars().filter(char::is_ascii_digit).collect();
    let unit: String = written.chars().filter(char::is_ascii_alphabetic).collect();
    say(lang, &format!("unit.{}", unit.to_lowercase()), &[("n", &count)])
}

/// A person's name; masked for those outside, but not one's own.
pub fn person(scene: &Scene, id: &PersonId) -> String {
    let name = scene.directory.name_of(id);
    if scene.masks && scene.reader != Some(id) { mask::name(&name) } else { name }
}

/// A department's name.
pub fn department(scene: &Scene, id: &DepartmentId) -> String {
    scene.directory.department_name(id, scene.lang)
}

/// Who has to do it, and for whom.
pub fn holder(scene: &Scene, holder: &Holder) -> String {
    let name = person(scene, &holder.person);
    match &holder.instead_of {
        None => name,
        Some(absent) => {
            let absent = person(scene, absent);
            say(scene.lang, "say.instead_of", &[("person", &name), ("absent", &absent)])
        }
    }
}

/// Several words as one list.
pub fn list(lang: Lang, words: &[String]) -> String {
    words.join(&word(lang, "say.and"))
}

/// Parameters as words of the reader.
pub fn params(scene: &Scene, with: &Params) -> Vec<(String, String)> {
    with.iter().map(|(name, value)| (name.clone(), worded(scene, value))).collect()
}

fn worded(scene: &Scene, value: &Value) -> String {
    match value {
        // Days travel as text; no other text of ours has that form.
        Value::Text(text) => text.parse::<Date>().map_or_else(|_| text.clone(), |date| day(scene, date)),
        Value::Person(id) => person(scene, id),
        Value::Department(id) => department(scene, id),
        Value::Moment(at) => moment(scene, *at),
        Value::Number(n) => n.to_string(),
        Value::Key(key) => word(scene.lang, key),
    }
}

/// The text of a key with parameters of a change.
pub fn with(scene: &Scene, key: &str, params_of: &Params) -> String {
    let words = params(scene, params_of);
    let args: Vec<(&str, &str)> = words.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    say(scene.lang, key, &args)
}

/// A button that is its want; its label is the text `button.<id>`.
pub fn button(lang: Lang, id: &str, style: Style, want: Want) -> Action {
    labelled(id, word(lang, &format!("button.{id}")), style, want)
}

/// A button whose label is made by the caller.
pub fn labelled(id: &str, label: String, style: Style, want: Want) -> Action {
    Action { id: id.to_owned(), label, style, enabled: true, submit: false, ask_first: None, want }
}
