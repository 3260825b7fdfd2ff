//! `/settings`: language, quiet hours, digests and the cap a day, as a command or as a submitted form.
//!
//! Invariant: everything that is wrong is said at once, beside its field; nothing is kept unless all of it is right.

use std::collections::BTreeMap;

use super::{Act, App, Trouble};
use crate::domain::calendar::QuietHours;
use crate::domain::change::{
    Audit, FieldFault, FormKind, FormReply, Params, Preferences, Reply, Value, with,
};
use crate::domain::quiet::{Caps, Digests, News, written};
use crate::domain::request::form;
use crate::domain::{Lang, PersonId};
use crate::store::{audit, digest, directory};

/// What was typed behind `/settings`.
pub(super) struct Typed<'a> {
    /// `language zh`
    pub(super) language: Option<Lang>,
    /// `quiet 22:00-08:00`
    pub(super) quiet: Option<&'a str>,
    /// `digest 17:00`
    pub(super) digest: Option<&'a str>,
    /// `most 4`
    pub(super) most: Option<&'a str>,
}

impl App {
    /// Keeps what was chosen; nothing typed opens the form.
    pub(super) async fn settings(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        typed: &Typed<'_>,
    ) -> Result<Reply, Trouble> {
        let kept = act.company.preferences.get(person).cloned().unwrap_or_default();
        let values = typed.over(&act.intent.values);
        if values.is_empty() {
            return Ok(Reply::Form(opened(act, person, &kept)));
        }
        let chosen = match chosen(&kept, &values, &act.company.policy.quiet) {
            Ok(chosen) => chosen,
            Err(faults) => {
                let mut form = FormReply { faults, ..opened(act, person, &kept) };
                form.values.extend(values);
                return Ok(Reply::Form(form));
            }
        };
        directory::save_preferences(&mut act.tx, person, &chosen).await?;
        directory::touch(&mut act.tx).await?;
        if chosen.digest == Some(Digests::Off) {
            digest::release(&mut act.out, person, act.now);
        }
        let params = with([("person", Value::Person(person.clone()))]);
        let line = Audit {
            by: Some(person.clone()),
            on_behalf_of: None,
            what: "settings_saved".to_owned(),
            with: params,
        };
        audit::append_beside(&mut act.tx, "settings", &line, act.now).await?;
        act.reload = true;
        Ok(Reply::Done { done: "settings_saved".to_owned(), with: with([]), request: None })
    }
}

impl Typed<'_> {
    /// What was typed behind the command goes before what stands in the form.
    fn over(&self, submitted: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let fields = ["language", "quiet", "digest", "most"];
        let mut values: BTreeMap<String, String> = submitted.clone();
        values.retain(|field, _| fields.contains(&field.as_str()));
        let typed = [
            ("language", self.language.map(code)),
            ("quiet", self.quiet),
            ("digest", self.digest),
            ("most", self.most),
        ];
        for (field, value) in typed {
            values.extend(value.map(|value| (field.to_owned(), value.to_owned())));
        }
        values
    }
}

/// The settings with what was typed; a field that is not there stays as it was, an empty one is the company's.
fn chosen(
    kept: &Preferences,
    values: &BTreeMap<String, String>,
    caps: &Caps,
) -> Result<Preferences, Vec<FieldFault>> {
    let mut chosen = kept.clone();
    let mut faults = Vec::new();
    let typed = |field: &str| values.get(field).map(|text| text.trim());
    match typed("language") {
        Some("zh") => chosen.language = Some(Lang::Zh),
        Some("en") => chosen.language = Some(Lang::En),
        Some(_) | None => {}
    }
    match typed("quiet").map(quiet_hours) {
        Some(Ok(hours)) => chosen.quiet = hours,
        Some(Err(())) => faults.push(form::fault("quiet", "not_hours")),
        None => {}
    }
    match typed("digest").map(|text| if text.is_empty() { Ok(None) } else { text.parse().map(Some) }) {
        Some(Ok(digest)) => chosen.digest = digest,
        Some(Err(_)) => faults.push(form::fault("digest", "not_digest")),
        None => {}
    }
    match typed("most").map(|text| most(text, caps.per_day)) {
        Some(Ok(most)) => chosen.most = most,
        Some(Err(with)) => faults.push(FieldFault { with, ..form::fault("most", "not_most") }),
        None => {}
    }
    if faults.is_empty() { Ok(chosen) } else { Err(faults) }
}

/// Own quiet hours: nothing typed means those of the company, `off` means none.
fn quiet_hours(words: &str) -> Result<Option<String>, ()> {
    match words {
        "" => Ok(None),
        "off" => Ok(Some(String::new())),
        hours => hours.parse::<QuietHours>().map(|_| Some(hours.to_owned())).map_err(|_| ()),
    }
}

/// Between one and the company's cap; what is wrong says the cap.
fn most(text: &str, cap: u32) -> Result<Option<u32>, Params> {
    let wrong = || with([("most", Value::Number(i64::from(cap)))]);
    match text {
        "" => Ok(None),
        number => match number.parse() {
            Ok(most) if (1..=cap).contains(&most) => Ok(Some(most)),
            Ok(_) | Err(_) => Err(wrong()),
        },
    }
}

fn opened(act: &Act<'_>, person: &PersonId, kept: &Preferences) -> FormReply {
    let caps = &act.company.policy.quiet;
    let digest = match (kept.digest, caps.news) {
        (Some(own), _) => own,
        (None, News::Digest) => Digests::Both,
        (None, News::AtOnce) => Digests::Off,
    };
    let values = [
        ("language", code(act.company.language(Some(person))).to_owned()),
        (
            "quiet",
            kept.quiet
                .clone()
                .map(|own| if own.is_empty() { "off".to_owned() } else { own })
                .unwrap_or_default(),
        ),
        ("digest", digest.to_string()),
        ("most", kept.most.unwrap_or(caps.per_day).to_string()),
        // The times to choose from; no field of their own.
        ("digests", caps.digests.iter().map(|time| written(*time)).collect::<Vec<_>>().join(",")),
    ];
    FormReply {
        form: FormKind::Settings,
        request: None,
        department: None,
        version: None,
        rows: 0,
        values: values.into_iter().map(|(field, value)| (field.to_owned(), value)).collect(),
        faults: Vec::new(),
    }
}

fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}
