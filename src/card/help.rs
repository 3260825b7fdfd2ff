//! Help: the commands in groups, one command in detail, the nearest to a word that is none, and the first words in a
//! group.
//!
//! Invariant: made from the table of commands, so nothing can be missing here.

use super::answer::{paragraph, plain};
use super::refusal::{list, my, new};
use super::scene::Scene;
use super::{Action, Block, Card, Colour, Field, Style, Tone, say};
use crate::domain::Lang;
use crate::domain::directory::Role;
use crate::intent::Want;
use crate::intent::commands::{self, Command, Group};
use crate::text::{say as text_of, word};

/// All commands, or one in detail.
pub(super) fn card(typed: Option<&str>, scene: &Scene) -> Card {
    let bare = typed.map(|t| t.trim().trim_start_matches(['/', '／']).to_lowercase());
    match bare.as_deref() {
        None | Some("") => all(scene),
        Some(name) => match commands::find(name) {
            Some(command) => one(command, scene),
            None => {
                let mut card = all(scene);
                let args = [("typed", name)];
                card.blocks
                    .insert(0, paragraph(text_of(scene.lang, "view.help.no_such", &args), Tone::Strong));
                card
            }
        },
    }
}

fn all(scene: &Scene) -> Card {
    let mut card = plain(word(scene.lang, "view.help.title"), Colour::Blue);
    card.blocks = vec![paragraph(word(scene.lang, "command.page.intro"), Tone::Quiet)];
    for &group in Group::ALL {
        if group == Group::Administration && !administers(scene) {
            continue;
        }
        let heading = word(scene.lang, group.title());
        card.blocks.push(paragraph(heading, Tone::Strong));
        let items = commands::of_group(group).map(|command| Field {
            label: both_names(command, scene.lang),
            value: word(scene.lang, &command.summary_key()),
            short: false,
        });
        card.blocks.push(Block::Fields { items: items.collect() });
    }
    card.blocks.push(Block::Note { text: word(scene.lang, "view.help.more") });
    card.actions = common(scene.lang);
    card
}

/// Commands of those who run the service are listed for them, and where nobody in particular reads.
fn administers(scene: &Scene) -> bool {
    let has = |role| scene.reader.is_none_or(|reader| scene.directory.has_role(reader, role));
    has(Role::Administrator) || has(Role::Coordinator)
}

fn common(lang: Lang) -> Vec<Action> {
    vec![new(lang), my(lang), list(lang)]
}

/// The reader's own name of it first.
fn both_names(command: &Command, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("/{} · /{}", command.chinese(), command.name()),
        Lang::En => format!("/{} · /{}", command.name(), command.chinese()),
    }
}

fn one(command: &Command, scene: &Scene) -> Card {
    let lang = scene.lang;
    let mut card = plain(both_names(command, lang), Colour::Blue);
    let names: Vec<String> = command.names.iter().map(|name| format!("/{name}")).collect();
    let field = |key: &str, value: String| Field { label: word(lang, key), value, short: false };
    let items = vec![
        field("command.page.usage", word(lang, &command.usage_key())),
        field("command.page.names", names.join("  ")),
    ];
    card.blocks = vec![
        paragraph(word(lang, &command.summary_key()), Tone::Normal),
        Block::Fields { items },
        Block::Note { text: word(lang, "view.help.brackets") },
    ];
    card.actions = vec![say::button(lang, "all_commands", Style::Quiet, Want::Help { word: None })];
    card
}

/// The word is no command.
pub(super) fn unknown(typed: &str, nearest: Option<&str>, scene: &Scene) -> Card {
    let lang = scene.lang;
    let short: String = typed.chars().take(40).collect();
    let mut card = plain(text_of(lang, "view.unknown.title", &[("typed", &short)]), Colour::Grey);
    let near = nearest.and_then(commands::find);
    let hint = near.map(|command| {
        let summary = word(lang, &command.summary_key());
        let usage = word(lang, &command.usage_key());
        text_of(lang, "view.unknown.nearest", &[("usage", &usage), ("summary", &summary)])
    });
    card.blocks =
        vec![paragraph(hint.unwrap_or_else(|| word(lang, "view.unknown.nothing_near")), Tone::Normal)];
    card.actions = near.map(|command| near_button(command, lang)).into_iter().collect();
    card.actions.push(say::button(lang, "all_commands", Style::Quiet, Want::Help { word: None }));
    card
}

/// What only reads is done at once; what changes something is explained first.
fn near_button(command: &Command, lang: Lang) -> Action {
    let want = match command.name() {
        "my" => Want::My,
        "list" => Want::List { words: Vec::new(), page: 1, turn: None },
        "new" => Want::New { title: None, departments: Vec::new(), date: None },
        "whoami" => Want::Whoami,
        "settings" => Want::Settings { language: None, quiet: None, digest: None, most: None },
        name => Want::Help { word: Some(name.to_owned()) },
    };
    say::labelled("nearest", both_names(command, lang), Style::Primary, want)
}

/// A group hears for the first time what the bot is for.
pub(super) fn introduction(scene: &Scene) -> Card {
    let lang = scene.lang;
    let mut card = plain(word(lang, "view.introduction.title"), Colour::Blue);
    let lines = ["what", "how", "quiet"].map(|line| word(lang, &format!("view.introduction.{line}")));
    card.blocks = lines.into_iter().map(|line| paragraph(line, Tone::Normal)).collect();
    card.actions = vec![say::button(lang, "all_commands", Style::Primary, Want::Help { word: None })];
    card
}
