//! Whatever is on a card, the platform takes it.

use proptest::prelude::*;
use serde_json::Value;

use super::{against, list, now, outline, sent};
use crate::card::{
    Action, Block, Card, Change, Choice, Colour, Event, Field, FieldKind, Form, FormField, Mention,
    Style as Look, Tone,
};
use crate::intent::Want;
use crate::messenger::feishu::card::{Style, fallback, render};
use crate::messenger::seal::SealKey;

const HOSTILE: &str = "<at id=all></at><at user_id=\"all\">@all</at> **粗** [x](javascript:alert(1)) ![i](a)\n# a\n- b\n|a|\n|---|\n`c` :smile: ~~d~~ &lt;e <font color='red'>f\\";

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => Just(HOSTILE.to_owned()),
        12 => "[a-z一-鿿 ]{0,40}",
        8 => any::<String>(),
        4 => Just(String::new()),
        4 => Just("*".repeat(2_000)),
        1 => Just(HOSTILE.repeat(100_000 / HOSTILE.chars().count())),
    ]
}

fn few<T: std::fmt::Debug>(of: impl Strategy<Value = T>, most: usize) -> impl Strategy<Value = Vec<T>> {
    proptest::collection::vec(of, 0..=most)
}

fn colours() -> impl Strategy<Value = Colour> {
    let all = vec![Colour::Blue, Colour::Green, Colour::Orange, Colour::Red, Colour::Grey, Colour::Purple];
    proptest::sample::select(all)
}

fn blocks() -> impl Strategy<Value = Block> {
    let tone = proptest::sample::select(vec![Tone::Normal, Tone::Quiet, Tone::Strong, Tone::Quote]);
    let field = (words(), words(), any::<bool>());
    let field = field.prop_map(|(label, value, short)| Field { label, value, short });
    let change = (words(), words(), words());
    let change = change.prop_map(|(label, before, after)| Change { label, before, after });
    let event = (words(), words(), words(), colours());
    let event = event.prop_map(|(at, who, text, colour)| Event { at, who, text, colour });
    let account = prop_oneof![Just(None), words().prop_map(Some), "ou_[0-9a-z]{1,32}".prop_map(Some)];
    let person = (words(), account);
    let person = person.prop_map(|(name, account)| Mention { id: name.clone(), name, account });
    let url =
        prop_oneof![words(), "https://[a-z]{3}\\.example/[a-z)\\]]{0,9}", Just("javascript:a".to_owned())];
    prop_oneof![
        (words(), tone).prop_map(|(text, tone)| Block::Text { text, tone }),
        few(field, 30).prop_map(|items| Block::Fields { items }),
        (few(words(), 6), few(few(words(), 8), 30))
            .prop_map(|(columns, rows)| Block::Table { columns, rows }),
        few(change, 20).prop_map(|items| Block::Diff { items }),
        few(event, 40).prop_map(|items| Block::Timeline { items }),
        few(person, 30).prop_map(|people| Block::Mentions { people }),
        Just(Block::Divider),
        words().prop_map(|text| Block::Note { text }),
        (words(), url).prop_map(|(text, url)| Block::Link { text, url }),
    ]
}

fn actions() -> impl Strategy<Value = Action> {
    let look = proptest::sample::select(vec![Look::Primary, Look::Default, Look::Danger, Look::Quiet]);
    let id = prop_oneof![words().prop_map(|id| id.chars().take(30).collect::<String>()), "[a-z_-]{1,20}"];
    let all = (id, words(), look, any::<bool>(), any::<bool>(), proptest::option::of(words()));
    all.prop_map(|(id, label, style, enabled, submit, ask_first)| {
        let want = Want::Show { request: Some("2026-Q4-SCB-001".to_owned()) };
        Action { id, label, style, enabled, submit, ask_first, want }
    })
}

fn fields() -> impl Strategy<Value = FormField> {
    use FieldKind::{Choice as One, Choices, Date, Multiline, Number, Text};
    let kind = proptest::sample::select(vec![Text, Multiline, One, Choices, Date, Number]);
    let option = ("[a-z]{1,3}", words()).prop_map(|(value, label)| Choice { value, label });
    let value =
        prop_oneof![2 => words(), 1 => Just("2026-12-04".to_owned()), 1 => "[a-z]{1,3}(,[a-z]{1,3})?"];
    let some = ("[a-z][a-z0-9_]{0,8}", words(), kind, any::<bool>(), few(option, 12), value);
    let rest =
        (proptest::option::of(words()), proptest::option::of(words()), any::<Option<u32>>(), any::<bool>());
    (some, rest).prop_map(
        |((name, label, kind, required, options, value), (error, hint, max_length, grouped))| {
            let group = grouped.then(|| label.chars().take(9).collect());
            FormField { name, label, kind, required, options, value, error, hint, max_length, group }
        },
    )
}

fn cards() -> impl Strategy<Value = Card> {
    let form = proptest::option::of(few(fields(), 30).prop_map(|fields| Form { fields }));
    let head = (words(), proptest::option::of(words()), colours(), proptest::option::of(words()));
    (head, few(blocks(), 20), few(actions(), 12), form).prop_map(
        |((title, subtitle, colour, tag), blocks, actions, form)| Card {
            title,
            subtitle,
            colour,
            tag,
            blocks,
            actions,
            form,
        },
    )
}

/// Every component of the card with this tag.
fn all<'v>(value: &'v Value, tag: &str) -> Vec<&'v Value> {
    let own = (value["tag"] == tag).then_some(value);
    let inner: Vec<_> = match value {
        Value::Object(map) => map.values().flat_map(|value| all(value, tag)).collect(),
        Value::Array(list) => list.iter().flat_map(|value| all(value, tag)).collect(),
        _ => Vec::new(),
    };
    own.into_iter().chain(inner).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_is_on_a_card_the_platform_takes_it(card in cards()) {
        let sent = sent(&card);
        prop_assert_eq!(against(&sent), Vec::<String>::new());
        let pressed = all(&sent, "button").into_iter().filter(|b| b["behaviors"][0]["type"] == "callback");
        prop_assert_eq!(pressed.count(), card.actions.len());
        let submits = card.actions.iter().any(|action| action.submit);
        if let Some(form) = card.form.as_ref().filter(|_| submits) {
            let named = ["input", "select_static", "multi_select_static", "date_picker"];
            let drawn: usize = named.iter().map(|tag| all(&sent, tag).len()).sum();
            prop_assert_eq!(drawn, form.fields.len());
        }
    }

    #[test]
    fn whatever_is_on_a_card_can_be_said_in_plain_words(card in cards(), summary in words()) {
        let said = fallback(&card, &summary);
        prop_assert!(!said.contains('<'));
        prop_assert!(said.chars().count() <= 4_000);
    }
}

fn text(text: &str) -> Block {
    Block::Text { text: text.to_owned(), tone: Tone::Normal }
}

fn saying(blocks: Vec<Block>) -> Card {
    let (title, colour) = ("A card".to_owned(), Colour::Blue);
    Card { title, subtitle: None, colour, tag: None, blocks, actions: Vec::new(), form: None }
}

fn asking(fields: Vec<FormField>) -> Card {
    let want = Want::My;
    let (id, label, style) = ("send".to_owned(), "Send".to_owned(), Look::Primary);
    let send = Action { id, label, style, enabled: true, submit: true, ask_first: None, want };
    Card { form: Some(Form { fields }), actions: vec![send], ..saying(vec![text("Please fill in.")]) }
}

fn field(name: &str, kind: FieldKind, value: &str) -> FormField {
    let option = |value: &str| Choice { value: value.to_owned(), label: value.to_uppercase() };
    FormField {
        name: name.to_owned(),
        label: name.to_owned(),
        kind,
        required: false,
        options: ["a", "b"].map(option).into(),
        value: value.to_owned(),
        error: None,
        hint: None,
        max_length: None,
        group: None,
    }
}

#[test]
fn a_long_card_keeps_its_ends_and_says_where_the_rest_is() {
    let blocks = (0..400).map(|n| text(&format!("paragraph {n}"))).collect();
    let sent = sent(&saying(blocks));
    let elements: Vec<_> = list(&sent["body"]["elements"]).collect();
    assert_eq!(elements[0]["text"]["content"], "paragraph 0");
    assert_eq!(elements[elements.len() - 1]["text"]["content"], "paragraph 399");
    let more: Vec<_> = elements.iter().filter(|e| e["tag"] == "button").collect();
    assert_eq!(more.len(), 1);
    assert_eq!(more[0]["behaviors"][0]["default_url"], super::PAGE);
    assert!(elements.len() > 40, "no more goes than must: {}", elements.len());
}

#[test]
fn a_fourth_table_is_told_row_by_row() {
    let table =
        Block::Table { columns: vec!["n".into(), "m".into()], rows: vec![vec!["1".into(), "2".into()]] };
    let sent = sent(&saying(vec![table; 4]));
    assert_eq!(all(&sent, "table").len(), 3);
    assert_eq!(sent["body"]["elements"][3]["text"]["content"], "n: 1\nm: 2");
}

#[test]
fn without_a_page_the_missing_rest_is_only_spoken_of() {
    let seal = SealKey::new(b"a key");
    for link in [None, Some("http://a.example")] {
        let style = Style { seal: &seal, now: now(), more: "There is *more*", link, picture: None };
        let sent = render(&saying(vec![text(&"a".repeat(50_000))]), "", &style);
        let last = list(&sent["body"]["elements"]).last().unwrap();
        assert_eq!(last["content"], "<font color='grey'>There is &#42;more&#42;</font>");
        assert_eq!(sent["config"]["summary"]["content"], "A card");
    }
}

#[test]
fn what_was_typed_comes_back_into_the_form() {
    let long = "x".repeat(80);
    let short_limit = FormField { max_length: Some(60), ..field("title", FieldKind::Text, &long) };
    let high_limit = FormField { max_length: Some(2_000), ..field("goal", FieldKind::Multiline, "") };
    let wrong =
        FormField { error: Some("no".into()), required: true, ..field("kind", FieldKind::Choice, "q") };
    let fields = vec![
        short_limit,
        high_limit,
        wrong,
        field("ok", FieldKind::Choice, "b"),
        field("any", FieldKind::Choices, "b, a,z"),
        field("day", FieldKind::Date, "2026-12-04"),
        field("other_day", FieldKind::Date, "next friday"),
        field("no_day", FieldKind::Date, ""),
        field("sum", FieldKind::Number, "12"),
        field("send", FieldKind::Text, ""),
    ];
    insta::assert_snapshot!("typed_values", outline(&sent(&asking(fields))));
}

#[test]
fn a_form_that_nothing_sends_is_read_only() {
    let card = Card { actions: Vec::new(), ..asking(vec![field("sum", FieldKind::Number, "12")]) };
    let sent = sent(&card);
    assert!(all(&sent, "form").is_empty());
    assert_eq!(list(&sent["body"]["elements"]).last().unwrap()["text"]["content"], "12");
}

#[test]
fn a_choice_among_very_many_is_typed() {
    let option = |n| Choice { value: format!("v{n}"), label: format!("Department {n}") };
    let options: Vec<_> = (0..300).map(option).collect();
    let many = FormField { options, ..field("department", FieldKind::Choice, "v7") };
    let sent = sent(&asking(vec![many, field("kind", FieldKind::Choice, "a")]));
    assert_eq!(all(&sent, "input")[0]["default_value"], "Department 7");
    assert_eq!(all(&sent, "select_static")[0]["initial_option"], "a");
    assert_eq!(against(&sent), Vec::<String>::new());
}

#[test]
fn a_button_whose_time_is_over_and_one_that_asks_first_say_so() {
    let mut card = asking(Vec::new());
    card.form = None;
    card.actions[0].enabled = false;
    card.actions[0].ask_first = Some("Sure?".to_owned());
    let sent = sent(&card);
    let button = all(&sent, "button")[0];
    assert_eq!(button["disabled"], true);
    assert_eq!(button["confirm"]["text"]["content"], "Sure?");
    assert_eq!(button["form_action_type"], Value::Null, "there is no form to submit");
}
