//! A sample of everything that the service says, looked at by people and held against the rules by tests.
//!
//! Invariant: nothing here is made up for show: the cards are those of requests that lived by the real rules.

mod html;
mod looked_up;
mod plans;
mod samples;
mod story;
mod troubled;
mod why;

use std::collections::BTreeSet;

use super::fixture::page;
use super::{Block, Card, notice};
use crate::domain::change::{Refusal, To, What};
use crate::domain::permission::Doing;
use crate::domain::request::{Act, AskState, Objection, Request, Ruling, State, Which};
use crate::domain::{DepartmentId, Lang, PersonId};
use crate::intent::Want;
pub(super) use story::calendar;
use story::{Moment, Story, whole_life};

const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];
/// What somebody who means harm might type.
const HOSTILE: &str = "<at id=all></at> @所有人 @all **粗** [点我](javascript:alert(1)) {{x}} ${y} {by} \u{202E}gpj.exe\u{200B}\u{2066}\u{AD}\u{E0041}\u{7}";

fn of(department: &Option<String>, seen: Option<i64>) -> Which {
    Which { department: department.as_deref().map(DepartmentId::new), seen }
}

/// What pressing a button asks the rules, with a reason where its form would ask for one.
fn pressed(want: &Want, moment: &Moment, by: &PersonId, story: &Story) -> Result<(), Refusal> {
    let reason = || "因为".to_owned();
    let objection = Objection { reason: reason(), suggestion: reason() };
    let act = match want {
        Want::Approve { version, .. } => Act::Approve { seen: *version },
        Want::Return { version, .. } => Act::Return { seen: *version, reason: reason() },
        Want::Confirm { department, version, .. } => Act::Confirm { which: of(department, *version) },
        Want::Object { department, version, .. } => {
            Act::Object { which: of(department, *version), objection }
        }
        Want::Decline { department, .. } => Act::Decline { which: of(department, None), reason: reason() },
        Want::Escalate { department, .. } => Act::Escalate { which: of(department, None), reason: reason() },
        Want::Rule { department, uphold, .. } => {
            let ruling = Ruling { uphold: uphold.unwrap_or_default(), reason: reason() };
            Act::Rule { which: of(department, None), ruling }
        }
        Want::Withdraw { .. } => Act::Withdraw,
        Want::Cancel { .. } => Act::Cancel { reason: reason() },
        Want::Comment { .. } => Act::Comment { text: reason() },
        Want::Urge { .. } => Act::Urge { urging: Default::default() },
        Want::Show { .. } => {
            let case = moment.file.case(story.rules(moment.now));
            return case.may(by, Doing::See, None).map(|_| ());
        }
        Want::Revise { .. } => return moment.file.may_submit(by, story.rules(moment.now)),
        _ => return Ok(()),
    };
    story.refused(moment, by, &act).map_or(Ok(()), Err)
}

/// Each moment of every life, with each person of the company.
fn everywhere(mut look: impl FnMut(&Story, &Moment, &PersonId)) {
    for story in whole_life(None) {
        for moment in &story.moments {
            story.directory.people.keys().for_each(|person| look(&story, moment, person));
        }
    }
}

#[test]
fn every_button_that_is_shown_works_when_pressed() {
    let mut wrong = BTreeSet::new();
    let mut press = |story: &Story, moment: &Moment, person: &PersonId, card: Card| {
        for action in card.actions {
            match pressed(&action.want, moment, person, story) {
                // An urge may rest; that is said when it is pressed.
                Ok(()) | Err(Refusal::CoolDown { .. } | Refusal::UrgedEnough) => {}
                Err(refusal) => {
                    wrong.insert(format!("{}: {person} {} → {refusal:?}", moment.title, action.id));
                }
            }
        }
    };
    everywhere(|story, moment, person| {
        press(story, moment, person, story.shown(moment, person, Lang::En));
        for what in moment.notices.iter().filter(|n| n.to == To::Person(person.clone())).map(|n| &n.what) {
            let reader = (Some(person), Lang::En);
            let card = story.at(moment, reader, |scene| notice::notice(what, scene, false));
            card.into_iter().for_each(|card| press(story, moment, person, card));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_was_asked_and_is_answered_shows_that_and_can_be_pressed_without_harm() {
    for story in whole_life(None) {
        let asked = story.moments.iter().flat_map(|m| &m.notices);
        for told in asked.filter(|n| matches!(n.what, What::Asked { .. } | What::Revised { .. })) {
            let To::Person(person) = &told.to else { continue };
            let end = story.last();
            let card =
                story.at(end, (Some(person), Lang::En), |scene| notice::notice(&told.what, scene, true));
            let card = card.expect("a card that is out there always says how things stand");
            for action in card.actions {
                assert_eq!(pressed(&action.want, end, person, &story), Ok(()), "{person} {}", action.id);
            }
        }
    }
}

/// Everything that could be wanted of a request in its state.
fn wants(file: &Request) -> Vec<Want> {
    let (request, version) = (Some(file.id.to_string()), Some(file.revision));
    let mut wants = vec![
        Want::Approve { request: request.clone(), version },
        Want::Return { request: request.clone(), reason: None, version },
        Want::Revise { request: request.clone() },
        Want::Withdraw { request: request.clone() },
        Want::Comment { request: request.clone(), text: None },
        Want::Cancel { request: request.clone(), reason: None },
    ];
    for ask in &file.asks {
        let department = Some(ask.department.to_string());
        let request = request.clone();
        wants.push(Want::Confirm { request: request.clone(), department: department.clone(), version });
        let (r, d) = (request.clone(), department.clone());
        wants.push(Want::Object { request: r, department: d, reason: None, version });
        let (r, d) = (request.clone(), department.clone());
        wants.push(Want::Decline { request: r, department: d, reason: None });
        let (r, d) = (request.clone(), department.clone());
        wants.push(Want::Escalate { request: r, department: d, reason: None });
        for uphold in [Some(true), Some(false)] {
            let (request, department) = (request.clone(), department.clone());
            wants.push(Want::Rule { request, department, uphold, reason: None });
        }
    }
    wants
}

#[test]
fn everything_that_a_person_may_do_has_a_button() {
    let mut missing = BTreeSet::new();
    everywhere(|story, moment, person| {
        let file = &moment.file;
        let shown: Vec<Want> =
            story.shown(moment, person, Lang::En).actions.into_iter().map(|a| a.want).collect();
        let before = matches!(file.state, State::InReview | State::Returned)
            && file.asks.iter().all(|a| a.state == AskState::Waiting);
        for want in wants(file).iter().filter(|w| pressed(w, moment, person, story).is_ok()) {
            // Before approval there is nobody to tell: it is withdrawn, not cancelled.
            let instead = before && matches!(want, Want::Cancel { .. });
            if !instead && !shown.contains(want) {
                missing.insert(format!("{}: {person} {want:?}", moment.title));
            }
        }
    });
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Every visible text of a card.
fn texts(card: &Card) -> Vec<String> {
    let mut all = vec![card.title.clone()];
    all.extend(card.subtitle.clone().into_iter().chain(card.tag.clone()));
    for action in &card.actions {
        all.extend([action.label.clone()].into_iter().chain(action.ask_first.clone()));
    }
    for field in card.form.iter().flat_map(|f| &f.fields) {
        all.extend([field.label.clone(), field.value.clone()].into_iter().chain(field.error.clone()));
    }
    for block in &card.blocks {
        match block {
            Block::Text { text, .. } | Block::Note { text } | Block::Link { text, .. } => {
                all.push(text.clone())
            }
            Block::Fields { items } => {
                items.iter().for_each(|f| all.extend([f.label.clone(), f.value.clone()]))
            }
            Block::Table { rows, columns } => {
                all.extend(columns.iter().chain(rows.iter().flatten()).cloned());
            }
            Block::Diff { items } => {
                items.iter().for_each(|c| all.extend([c.label.clone(), c.before.clone(), c.after.clone()]));
            }
            Block::Timeline { items } => {
                items.iter().for_each(|e| all.extend([e.at.clone(), e.who.clone(), e.text.clone()]));
            }
            Block::Mentions { people } => people.iter().for_each(|p| all.push(p.name.clone())),
            Block::Picture { alt, .. } => all.push(alt.clone()),
            Block::Divider => {}
        }
    }
    all
}

/// What was said in each life, the whole request in the end, and the samples.
fn what_is_said(words: Option<&str>, lang: Lang) -> Vec<(String, Card)> {
    let lives = whole_life(words);
    let mut cards = Vec::new();
    for story in &lives {
        cards.extend(story.moments.iter().flat_map(|moment| story.said(moment, lang)));
        let end = story.shown(story.last(), &PersonId::new("zhao"), lang);
        cards.push(("the whole request, in the end".to_owned(), end));
    }
    let (story, reader) = (&lives[0], PersonId::new("sun"));
    for (caption, what) in samples::all(words.unwrap_or("3 月")) {
        let card = story.at(story.last(), (Some(&reader), lang), |scene| notice::notice(&what, scene, false));
        cards.extend(card.map(|card| (caption, card)));
    }
    cards.extend(looked_up::all(story, words.unwrap_or("3 月"), lang));
    cards
}

/// The same, with the whole request for each side at every moment. Messengers draw every one of them in their tests.
pub(crate) fn every_card(words: Option<&str>, lang: Lang) -> Vec<(String, Card)> {
    let mut cards = what_is_said(words, lang);
    for story in whole_life(words) {
        for moment in &story.moments {
            for person in ["zhao", "li", "sun", "wu", "chen"] {
                let caption = format!("{} · shown to {person}", moment.title);
                cards.push((caption, story.shown(moment, &PersonId::new(person), lang)));
            }
        }
    }
    cards
}

#[test]
fn every_text_exists_and_every_placeholder_is_filled() {
    let mut wrong = BTreeSet::new();
    for lang in LANGS {
        for (caption, card) in every_card(None, lang) {
            for text in texts(&card) {
                let words = text.split_whitespace().collect::<Vec<_>>();
                let key = words.iter().any(|w| w.contains('.') && w.contains('_') && w.is_ascii());
                let bare = text.split('.').count() > 1
                    && text.is_ascii()
                    && !text.contains(' ')
                    && !text.contains("://");
                if key || bare || text.contains('{') || text.contains('}') {
                    wrong.insert(format!("{lang:?} {caption}: {text}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn english_cards_have_no_chinese_but_names_and_what_people_typed() {
    let mut wrong = BTreeSet::new();
    // Help names every command, and the settings every language, in both languages: on purpose.
    let both = ["view help", "view unknown", "view whoami"];
    let cards = every_card(Some("typed words"), Lang::En).into_iter();
    for (caption, card) in cards.filter(|(caption, _)| !both.iter().any(|view| caption.starts_with(view))) {
        for mut text in texts(&card) {
            for name in
                ["赵宁", "李敏", "王强", "孙洁", "周平", "吴芳", "马骏", "陈刚", "高远", "何静", "钱进"]
            {
                text = text.replace(name, "");
            }
            for typed in ["首检合格率不低于 95%。", "延后到 12 月 25 日，或减为 10 台。"]
            {
                text = text.replace(typed, "");
            }
            if text
                .chars()
                .any(|c| ('\u{3000}'..='\u{9FFF}').contains(&c) || ('\u{FF00}'..='\u{FFEF}').contains(&c))
            {
                wrong.insert(format!("{caption}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn hostile_words_are_shown_as_text_and_never_grow_a_card_too_large() {
    let long = HOSTILE.repeat(10_000 / HOSTILE.chars().count());
    let mut wrong = BTreeSet::new();
    for words in [HOSTILE, &long] {
        for (caption, card) in every_card(Some(words), Lang::Zh) {
            let size = serde_json::to_vec(&card).unwrap().len();
            if size > super::clean::MOST_BYTES {
                wrong.insert(format!("{caption}: {size} bytes"));
            }
            let mentioned: BTreeSet<_> = card
                .blocks
                .iter()
                .filter_map(|b| if let Block::Mentions { people } = b { Some(people) } else { None })
                .flat_map(|people| people.iter().map(|p| p.id.clone()))
                .collect();
            if mentioned.iter().any(|id| id == "all") {
                wrong.insert(format!("{caption}: mentions everybody"));
            }
            for text in texts(&card) {
                let hidden = |c: char| {
                    matches!(c, '\u{202E}' | '\u{200B}' | '\u{2066}' | '\u{AD}' | '\u{E0041}' | '\u{7}')
                };
                if text.chars().any(hidden) {
                    wrong
                        .insert(format!("{caption}: hidden characters in {}", super::clean::text(&text, 40)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nobody_is_called_twice_in_one_message_and_a_link_shows_where_it_leads() {
    let mut wrong = BTreeSet::new();
    for (caption, card) in every_card(Some("https://bank.example"), Lang::Zh) {
        for block in &card.blocks {
            match block {
                Block::Mentions { people } => {
                    let ids: BTreeSet<_> = people.iter().map(|p| &p.id).collect();
                    if ids.len() != people.len() {
                        wrong.insert(format!("{caption}: {people:?}"));
                    }
                }
                Block::Link { text, .. } if !text.contains("docs.example.com") => {
                    wrong.insert(format!("{caption}: link reads {text}"));
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// All that is said in a life, as somebody reads it.
fn album(lang: Lang) -> Vec<(String, String)> {
    let names = ["life", "silence", "unanswered", "withdrawn", "two_approvers", "trouble"];
    let lives = whole_life(None);
    let pages = lives.iter().map(|story| {
        let said = story.moments.iter().flat_map(|moment| story.said(moment, lang));
        let end = story.shown(story.last(), &PersonId::new("zhao"), lang);
        let said = said.chain([("the whole request, in the end".to_owned(), end)]);
        said.map(|(caption, card)| format!("## {caption}\n{}", page(&card))).collect::<Vec<_>>().join("\n")
    });
    names.into_iter().map(str::to_owned).zip(pages).collect()
}

#[test]
fn the_gallery_reads_well() {
    for (lang, slug) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for (name, text) in album(lang) {
            insta::assert_snapshot!(format!("{name}_{slug}"), text);
        }
    }
}

#[test]
fn every_answer_has_a_card() {
    let drawn: BTreeSet<String> =
        every_card(None, Lang::En).into_iter().map(|(caption, _)| caption).collect();
    let missing: Vec<_> = samples::all("x").into_iter().filter(|(name, _)| !drawn.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn typed_words_come_back_in_a_form_as_they_were_typed() {
    let typed = "第一行\n第二行 <b>粗</b> {by}";
    for (caption, card) in every_card(Some(typed), Lang::Zh) {
        let form = card.form.iter().flat_map(|f| &f.fields);
        let texts = form.filter(|f| !f.value.is_empty() && f.error.is_some());
        texts.for_each(|f| assert_eq!(f.value, typed, "{caption}: {}", f.name));
    }
}

/// The page in `docs`; `LIAISON_WRITE_DOCS=1` writes it anew.
#[test]
fn the_page_of_all_cards_is_up_to_date() {
    let titles = ["中文", "English"];
    let sections = LANGS.iter().zip(titles).map(|(lang, title)| {
        let mut seen = BTreeSet::new();
        let mut cards = what_is_said(None, *lang);
        cards.retain(|(_, card)| seen.insert(serde_json::to_string(card).unwrap()));
        (title.to_owned(), cards)
    });
    let page = html::page(&sections.collect::<Vec<_>>());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cards.html");
    if std::env::var_os("LIAISON_WRITE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/cards.html is out of date: LIAISON_WRITE_DOCS=1 cargo test --lib card::gallery"
    );
}
