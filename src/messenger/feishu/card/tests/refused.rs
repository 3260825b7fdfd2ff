//! The reader of cards bites: what the platform refuses, it refuses.

use serde_json::{Value, json};

use super::validate::complaints;

/// A card with these components.
fn card(elements: Value) -> Value {
    json!({
        "schema": "2.0",
        "config": {"update_multi": true},
        "header": {"title": {"tag": "plain_text", "content": "a"}},
        "body": {"elements": elements},
    })
}

fn plain(content: &str) -> Value {
    json!({"tag": "plain_text", "content": content})
}

fn button() -> Value {
    json!({"tag": "button", "text": plain("a"), "behaviors": [{"type": "callback", "value": {"w": "x"}}]})
}

fn submit() -> Value {
    let mut button = button();
    button["name"] = json!("send");
    button["form_action_type"] = json!("submit");
    button
}

fn input() -> Value {
    json!({"tag": "input", "name": "reason", "max_length": 500})
}

fn table() -> Value {
    json!({"tag": "table", "columns": [{"name": "a", "data_type": "text"}], "rows": [{"a": "b"}]})
}

/// The value with one thing changed.
fn with(mut value: Value, key: &str, to: Value) -> Value {
    value[key] = to;
    value
}

fn form(elements: Value) -> Value {
    json!({"tag": "form", "name": "form", "elements": elements})
}

/// That there is exactly one complaint, and what it speaks of.
fn refuses(card: &Value, of: &str) {
    let complaints = complaints(card);
    assert!(complaints.len() == 1 && complaints[0].contains(of), "{of}: {complaints:#?}");
}

#[test]
fn what_these_cards_are_made_of_is_taken() {
    let all = json!([button(), table(), {"tag": "hr"}, form(json!([input(), submit()]))]);
    assert_eq!(complaints(&card(all)), Vec::<String>::new());
}

#[test]
fn what_the_platform_does_not_know_is_refused() {
    refuses(&with(card(json!([])), "i18n_elements", json!({})), "unknown property `i18n_elements`");
    refuses(&card(json!([with(button(), "value", json!({}))])), "unknown property `value`");
    refuses(&card(json!([with(button(), "type", json!("link"))])), "link");
    for tag in ["action", "note", "plain_text", ""] {
        refuses(&card(json!([{"tag": tag}])), "unknown tag");
    }
    refuses(&with(card(json!([])), "schema", json!("1.0")), "schema");
    refuses(&with(card(json!([])), "config", json!({"update_multi": false})), "update_multi");
    refuses(&with(card(json!([])), "header", json!({"title": plain("a"), "subtitle": "b"})), "subtitle");
    refuses(&card(json!([{"tag": "div", "text": plain("")}])), "is no text");
    refuses(&card(json!([{"tag": "column_set", "columns": [button()]}])), "columns stand in column sets");
}

#[test]
fn too_much_is_refused() {
    refuses(&card(json!([table(), table(), table(), table()])), "4 tables");
    refuses(&card(json!(vec![json!({"tag": "hr"}); 150])), "elements");
    refuses(&card(json!([{"tag": "div", "text": plain(&"一".repeat(9_000))}])), "bytes");
    refuses(&card(json!([with(button(), "text", plain(&"a".repeat(101)))])), "101 characters");
    refuses(&card(json!([form(json!([with(input(), "max_length", json!(2_000)), submit()]))])), "max_length");
    let long = with(input(), "default_value", json!("a".repeat(501)));
    refuses(&card(json!([form(json!([long, submit()]))])), "more typed");
    let set =
        |inner: Value| json!({"tag": "column_set", "columns": [{"tag": "column", "elements": [inner]}]});
    refuses(&card(json!([set(set(set(json!({"tag": "hr"}))))])), "too deep");
    refuses(&card(json!([with(table(), "page_size", json!(11))])), "page_size");
}

#[test]
fn forms_that_the_client_cannot_send_are_refused() {
    let nameless = |mut value: Value| {
        value.as_object_mut().unwrap().remove("name");
        value
    };
    refuses(&card(json!([form(json!([input()]))])), "nothing submits it");
    refuses(&card(json!([form(json!([nameless(input()), submit()]))])), "has no name");
    refuses(&card(json!([form(json!([input(), nameless(submit())]))])), "has no name");
    refuses(&card(json!([form(json!([input(), input(), submit()]))])), "twice");
    refuses(&card(json!([nameless(form(json!([submit()])))])), "lacks `name`");
    let mut mute = submit();
    mute.as_object_mut().unwrap().remove("behaviors");
    refuses(&card(json!([form(json!([mute]))])), "submits without a callback");
    let empty = with(submit(), "behaviors", json!([{"type": "callback", "value": {}}]));
    refuses(&card(json!([form(json!([empty]))])), "does nothing that is known");
    refuses(&card(json!([submit()])), "submits no form");
    let nested =
        json!({"tag": "column_set", "columns": [{"tag": "column", "elements": [form(json!([submit()]))]}]});
    refuses(&card(json!([nested])), "not at the root");
    refuses(&card(json!([form(json!([table(), submit()]))])), "not at the root");
    let select = json!({"tag": "select_static", "name": "a", "initial_option": "b",
        "options": [{"text": plain("c"), "value": "c"}]});
    refuses(&card(json!([form(json!([select, submit()]))])), "is no choice");
    let date = json!({"tag": "date_picker", "name": "a", "initial_date": "next friday"});
    refuses(&card(json!([form(json!([date, submit()]))])), "initial_date");
    refuses(&card(json!([with(table(), "rows", json!([{"z": "b"}]))])), "in no column");
}

#[test]
fn markup_that_people_could_have_typed_is_refused() {
    let says = |content: &str| card(json!([{"tag": "markdown", "content": content}]));
    for content in
        ["<at id=all></at>", "<at id=ou_a b></at>", "<font color='x'>a", "<img>", "[a](javascript:b)"]
    {
        assert!(!complaints(&says(content)).is_empty(), "{content}");
    }
    refuses(&says("![a](https://b.example)"), "image");
    let opens = |url: &str| {
        card(json!([with(button(), "behaviors", json!([{"type": "open_url", "default_url": url}]))]))
    };
    assert_eq!(complaints(&opens("https://a.example")), Vec::<String>::new());
    refuses(&opens("javascript:a"), "does nothing that is known");
    let strange = |content: &str| super::validate::markup::strange(&says(content)).len();
    assert_eq!(strange("**a** <font color='grey'>b&#58;c</font> <at id=ou_1></at>\n2026-Q4"), 0);
    for content in ["a*b", "**a", "a_b_", "`a`", "a:b:", "[a]", "- a", "# a", "<b>", "a|b"] {
        assert_eq!(strange(content), 1, "{content}");
    }
}
