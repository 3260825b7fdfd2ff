//! Every card of the gallery, as Feishu shows it.

use super::{against, outline, sent, validate, with_accounts};
use crate::card::gallery::every_card;
use crate::card::{Card, summary};
use crate::domain::Lang;
use crate::messenger::feishu::card::fallback;
use std::collections::BTreeSet;

#[test]
fn every_card_of_the_gallery_is_one_that_the_platform_takes() {
    let mut wrong = BTreeSet::new();
    for lang in [Lang::Zh, Lang::En] {
        for (caption, card) in every_card(None, lang) {
            for card in [card.clone(), with_accounts(card)] {
                let against = against(&sent(&card));
                if !against.is_empty() {
                    wrong.insert(format!("{lang:?} {caption}: {against:#?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_of_the_gallery_is_too_large_for_the_platform() {
    let mut cut = BTreeSet::new();
    for (caption, card) in every_card(None, Lang::Zh) {
        if sent(&card).to_string().contains("Shortened") {
            cut.insert(caption);
        }
    }
    assert!(cut.is_empty(), "{cut:#?}");
}

#[test]
fn the_samples_of_the_platform_are_cards_that_it_takes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/platform/vectors/feishu/cards");
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let card = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(validate::complaints(&card), Vec::<String>::new(), "{}", path.display());
        read += 1;
    }
    assert_eq!(read, 10);
}

fn named(caption: &str, lang: Lang) -> Card {
    let all = every_card(None, lang);
    let found = all.into_iter().find(|(name, _)| name == caption);
    with_accounts(found.ok_or(caption).unwrap().1)
}

#[test]
fn the_refused_card_is_said_in_plain_words() {
    for (_, card) in every_card(Some("<at user_id=\"all\"></at>"), Lang::Zh) {
        let said = fallback(&card, &summary(&card));
        assert!(!said.contains('<') && said.starts_with(&card.title.replace('<', "＜")), "{said}");
    }
}

#[test]
fn the_cards_that_matter_look_as_they_should() {
    let shown = [
        ("approval", "filed → 李敏: asked"),
        ("confirmation", "approved → 孙洁: asked"),
        ("objection", "objected → 赵宁: asked"),
        ("arbitration", "escalated → 陈刚: asked"),
        ("revision", "revised → 吴芳: revised"),
        ("alert_in_a_group", "a step fires → 管理群: step Alert"),
        ("whole_request", "the whole request, in the end"),
        ("form_request", "form request"),
        ("form_ruling", "form ruling"),
        ("form_settings", "form settings"),
        ("help", "view help"),
    ];
    for (name, caption) in shown {
        insta::assert_snapshot!(name, outline(&sent(&named(caption, Lang::Zh))));
    }
}
