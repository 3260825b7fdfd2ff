//! The fields of `/settings`, and digests in words.
//!
//! Invariant: what holds now is among the choices.

use super::form::field;
use super::scene::Scene;
use super::{Choice, FieldKind, FormField};
use crate::domain::Lang;
use crate::domain::change::FormReply;
use crate::domain::quiet::written;
use crate::text::{say as text_of, word};

/// Language, quiet hours, digests, the cap a day.
pub(super) fn fields(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let languages = ["zh", "en"].map(|l| (l, format!("choice.language.{l}")));
    let language = field(reply, scene, "language", FieldKind::Choice).among(scene.lang, &languages);
    let digest = field(reply, scene, "digest", FieldKind::Choice);
    let digest = FormField { options: choices(reply, scene.lang), ..digest };
    vec![
        language,
        field(reply, scene, "quiet", FieldKind::Text),
        digest,
        field(reply, scene, "most", FieldKind::Number),
    ]
}

/// All of the company's digests, each alone, the time that was chosen, none.
fn choices(reply: &FormReply, lang: Lang) -> Vec<Choice> {
    let company = reply.values.get("digests").map(String::as_str).unwrap_or_default();
    let mut times: Vec<&str> = company.split(',').filter(|time| !time.is_empty()).collect();
    let all = text_of(lang, "choice.digest.both", &[("times", &times.join(&word(lang, "say.and")))]);
    let chosen = reply.values.get("digest").map(String::as_str).unwrap_or_default();
    if crate::domain::quiet::time_of(chosen).is_some() && !times.contains(&chosen) {
        times.push(chosen);
    }
    let choice = |value: &str, label| Choice { value: value.to_owned(), label };
    let once = times.iter().map(|time| choice(time, text_of(lang, "choice.digest.once", &[("time", time)])));
    std::iter::once(choice("both", all))
        .chain(once)
        .chain([choice("off", word(lang, "choice.digest.off"))])
        .collect()
}

/// When somebody hears what is not pressing.
pub(super) fn digests(times: &[jiff::civil::Time], lang: Lang) -> String {
    let times: Vec<String> = times.iter().map(|time| written(*time)).collect();
    match times.as_slice() {
        [] => word(lang, "choice.digest.off"),
        [one] => text_of(lang, "choice.digest.once", &[("time", one)]),
        several => {
            let times = several.join(&word(lang, "say.and"));
            text_of(lang, "choice.digest.both", &[("times", &times)])
        }
    }
}
