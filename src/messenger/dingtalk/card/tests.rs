//! What DingTalk cards promise: everything that the service can say is something that the platform takes, in both makes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::card::gallery::every_card;
use crate::card::{Block, Colour, Tone};
use crate::domain::Lang;

const PAGE: &str = "https://liaison.example.com/r/2026-Q4-SCB-001";
const HOSTILE: &str =
    "**b** [x](javascript:alert(1)) <font color=red>f</font>\n# h\n- l\n> q\n1. n\n`c` &lt; @all";

fn drawn<T>(draw: impl FnOnce(&Style<'_>) -> T) -> T {
    let link = |action: &Action| Some(format!("https://liaison.example.com/forms/{}", action.id));
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    let seal = SealKey::new(b"a key");
    draw(&Style { seal: &seal, now, more: "Shortened. Open the page", page: Some(PAGE), link: &link })
}

fn sent(card: &Card) -> Message {
    drawn(|style| message(card, style))
}

fn data(card: &Card) -> Value {
    drawn(|style| card_data(card, style))
}

/// What the platform would have against a message or a map of parameters.
fn against(card: &Card) -> Vec<String> {
    let (said, data) = (sent(card), data(card));
    let (kind, param) = said.robot();
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{}: {what}", card.title));
        }
    };
    must(param.len() <= 15_000, "the message is too large");
    must(!said.title.trim().is_empty() && !said.text.trim().is_empty(), "a message says nothing");
    must(kind.starts_with("sample"), "its kind");
    must(said.buttons.iter().all(|b| !b.label.is_empty() && b.url.starts_with("https://")), "a button");
    let map = data.as_object().unwrap();
    must(map.values().all(|value| value.as_str().is_some_and(|text| text.len() <= 1_024)), "a parameter");
    must(map.len() == names().len() && names().iter().all(|name| map.contains_key(name)), "names");
    let text = said.text.replace("](https://", "");
    let marks = ["](", "`", "<", "~~", "\\"];
    for mark in marks {
        must(!text.contains(mark), mark);
    }
    wrong
}

/// Every parameter of the template.
fn names() -> BTreeSet<String> {
    let fixed = ["title", "subtitle", "tag", "colour", "page", "form", "form_label", "form_want"];
    let bodies = (1..=params::BODIES).map(|n| format!("body{n}"));
    let buttons = (1..=params::BUTTONS)
        .flat_map(|n| ["label", "look", "want", "url"].map(|part| format!("b{n}_{part}")));
    fixed.iter().map(|name| (*name).to_owned()).chain(bodies).chain(buttons).collect()
}

#[test]
fn every_card_of_the_gallery_is_one_that_the_platform_takes() {
    let mut wrong = BTreeSet::new();
    for words in [None, Some(HOSTILE)] {
        for lang in [Lang::Zh, Lang::En] {
            for (_, card) in every_card(words, lang) {
                wrong.extend(against(&card));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_names_of_the_parameters_are_those_that_the_template_is_made_with() {
    let page = include_str!("../../../../deploy/dingtalk/card-template.md");
    let missing: Vec<_> = names().into_iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_pressed_button_carries_its_want_and_nobody_elses() {
    let card = named("filed → 李敏: asked");
    let map = data(&card);
    let now = "2026-11-21T09:00:00Z".parse().unwrap();
    let want = map["b1_want"].as_str().unwrap();
    let opened = SealKey::new(b"a key").open(want, now).unwrap();
    assert_eq!(opened.want, card.actions[0].want);
    assert_eq!(SealKey::new(b"another").open(want, now), None);
}

#[test]
fn what_is_too_long_is_shortened_and_says_so() {
    let text = |n: usize| Block::Text { text: format!("{n}{}", "长".repeat(3_000)), tone: Tone::Normal };
    let card = Card {
        title: "标题".repeat(200),
        subtitle: None,
        colour: Colour::Blue,
        tag: None,
        blocks: (0..40).map(text).collect(),
        actions: Vec::new(),
        form: None,
    };
    assert_eq!(against(&card), Vec::<String>::new());
    let said = sent(&card).text;
    assert!(said.contains(&format!("[Shortened. Open the page]({PAGE})")));
    assert!(data(&card).to_string().contains("Shortened. Open the page"));
    assert!(plain(&card, "").chars().count() <= 2_000);
}

#[test]
fn a_button_that_leads_nowhere_is_not_shown() {
    let card = named("filed → 李敏: asked");
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    let seal = SealKey::new(b"a key");
    for link in [None, Some("javascript:alert(1)".to_owned())] {
        let link = |_: &Action| link.clone();
        let said = message(&card, &Style { seal: &seal, now, more: "", page: None, link: &link });
        assert_eq!(said.buttons, Vec::new());
        assert_eq!(said.robot().0, "sampleMarkdown");
    }
}

fn named(caption: &str) -> Card {
    every_card(None, Lang::Zh).into_iter().find(|(name, _)| name == caption).ok_or(caption).unwrap().1
}

#[test]
fn the_cards_that_matter_look_as_they_should() {
    let shown = [
        ("approval", "filed → 李敏: asked"),
        ("confirmation", "approved → 孙洁: asked"),
        ("arbitration", "escalated → 陈刚: asked"),
        ("revision", "revised → 吴芳: revised"),
        ("alert_in_a_group", "a step fires → 管理群: step Alert"),
        ("whole_request", "the whole request, in the end"),
        ("form_ruling", "form ruling"),
        ("help", "view help"),
    ];
    for (name, caption) in shown {
        let card = named(caption);
        let Message { title, text, buttons } = sent(&card);
        let buttons: Vec<_> = buttons.iter().map(|b| format!("[ {} ] {}", b.label, b.url)).collect();
        let map = data(&card);
        let mut parameters = String::new();
        for (name, value) in map.as_object().unwrap() {
            let value = value.as_str().unwrap();
            let value = if name.ends_with("_want") && !value.is_empty() { "(sealed)" } else { value };
            if !value.is_empty() {
                parameters.push_str(&format!("{name} = {value}\n"));
            }
        }
        let page = format!("{title}\n\n{text}\n\n{}\n\n--- as parameters\n{parameters}", buttons.join("\n"));
        insta::assert_snapshot!(name, page);
    }
}
