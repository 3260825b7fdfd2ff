//! Who the service takes the reader for.
//!
//! Invariant: only the reader's own card; nothing of it is ever drawn for a group.

use super::answer::{paragraph, plain};
use super::scene::{Me, Scene, ViewData};
use super::{Block, Card, Colour, Field, Style, Tone, say, settings};
use crate::domain::directory::{Person, Role};
use crate::domain::{DepartmentId, Lang};
use crate::intent::Want;
use crate::text::{say as text_of, word};

/// Departments, roles, substitutes, settings.
pub(super) fn card(scene: &Scene) -> Card {
    let lang = scene.lang;
    let Some(person) = scene.reader.and_then(|id| scene.directory.person(id)) else {
        let mut card = plain(word(lang, "refusal.unknown_person.what"), Colour::Orange);
        card.blocks = vec![paragraph(word(lang, "refusal.unknown_person.now"), Tone::Strong)];
        return card;
    };
    let nobody = Me::default();
    let me = match scene.view {
        ViewData::Whoami(me) => me,
        _ => &nobody,
    };
    let mut card = plain(text_of(lang, "view.whoami.title", &[("name", &person.name)]), Colour::Grey);
    card.subtitle = Some(person.title.clone()).filter(|title| !title.is_empty());
    let mut items = places(person, me, scene);
    items.extend(settings(person, me, scene));
    card.blocks = vec![Block::Fields { items }, Block::Note { text: word(lang, "view.whoami.wrong") }];
    let settings = Want::Settings { language: None, quiet: None, digest: None, most: None };
    card.actions = vec![say::button(lang, "settings", Style::Default, settings)];
    card
}

/// Where the person belongs, and for whom and what the person answers.
fn places(person: &Person, me: &Me, scene: &Scene) -> Vec<Field> {
    let lang = scene.lang;
    let names = |ids: &mut dyn Iterator<Item = &DepartmentId>| {
        let names: Vec<String> = ids.map(|id| say::department(scene, id)).collect();
        say::list(lang, &names)
    };
    let own = names(&mut std::iter::once(&person.department).chain(&person.also));
    let roles: Vec<String> = person.roles.iter().map(|r| word(lang, &format!("role.{}", role(*r)))).collect();
    let absent: Vec<String> = me.stands_in_for.iter().map(|p| say::person(scene, p)).collect();
    let rows = [
        ("departments", own),
        ("heads", names(&mut me.heads.iter())),
        ("contacts", names(&mut me.contacts.iter())),
        ("roles", say::list(lang, &roles)),
        ("stands_in_for", say::list(lang, &absent)),
    ];
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| field(key, value, lang))
        .collect()
}

fn settings(person: &Person, me: &Me, scene: &Scene) -> [Field; 4] {
    let language = match me.preferences.language.unwrap_or(person.language) {
        Lang::Zh => "choice.language.zh",
        Lang::En => "choice.language.en",
    };
    let quiet = match me.preferences.quiet.as_deref() {
        None => word(scene.lang, "view.whoami.quiet_company"),
        Some("") => word(scene.lang, "view.whoami.quiet_off"),
        Some(hours) => hours.to_owned(),
    };
    [
        field("language", word(scene.lang, language), scene.lang),
        field("quiet", quiet, scene.lang),
        field("digest", settings::digests(&me.wishes.digests, scene.lang), scene.lang),
        field("most", me.wishes.most.to_string(), scene.lang),
    ]
}

fn field(key: &str, value: String, lang: Lang) -> Field {
    Field { label: word(lang, &format!("view.whoami.{key}")), value, short: false }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::GeneralManager => "general_manager",
        Role::VicePresident => "vice_president",
        Role::Coordinator => "coordinator",
        Role::EnterpriseManagement => "enterprise_management",
        Role::Auditor => "auditor",
        Role::Administrator => "administrator",
    }
}
