//! A promise in words: who, by when, what; or that its time is over.

use super::say;
use super::scene::Scene;
use crate::domain::obligation::Promise;
use crate::text::say as text_of;

/// A promise in words.
pub fn promised(promise: &Promise, scene: &Scene) -> String {
    let key = match (promise.open, promise.words.is_empty()) {
        (false, _) => "card.due.promise_gone",
        (true, true) => "card.due.promised",
        (true, false) => "card.due.promised_words",
    };
    let (person, moment) = (say::person(scene, &promise.by), say::moment(scene, promise.until));
    text_of(scene.lang, key, &[("person", &person), ("moment", &moment), ("words", &promise.words)])
}
