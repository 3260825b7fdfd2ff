//! The vectors of the platform's own SDKs, posted at the running service.
//!
//! Invariant: what is wanted is the table of `vectors/feishu/README.md`. A case that is not about age is signed anew,
//! in its own way, for the present.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::world::envelope::{KEY, signature};
use crate::world::feishu::Chat;
use crate::world::{World, machine_now, story};

/// Case and the statuses that are wanted.
const WANTED: &[(&str, &[u16])] = &[
    ("wrong_signature", &[401]),
    ("uppercase_signature", &[401]),
    ("missing_signature_header", &[401]),
    ("missing_timestamp_header", &[401]),
    ("tampered_body_one_byte", &[401]),
    ("truncated_ciphertext_valid_signature", &[400, 401]),
    ("ciphertext_under_other_key_valid_signature", &[400, 401]),
    ("wrong_verification_token_valid_signature", &[403]),
    ("plaintext_event_although_key_configured_signed", &[403, 401, 400]),
    ("plaintext_event_although_key_configured_unsigned", &[401, 403]),
    ("old_timestamp_valid_signature", &[401]),
    ("not_json", &[400]),
    ("json_array", &[400]),
    ("encrypt_not_string", &[400]),
    ("empty_body", &[400]),
    ("empty_object", &[400, 401, 403]),
    ("body_with_whitespace_signed_raw", &[200]),
];

fn cases(text: &str, list: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    let cases = file[list].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_default()
}

/// The headers of a case, stamped and signed at `at` as far as the case has them and they are not what is wrong.
fn headers(case: &Value, at: Timestamp) -> Vec<(String, String)> {
    let stored: BTreeMap<String, String> = serde_json::from_value(case["headers"].clone()).unwrap();
    let name = text(case, "name");
    let original = json!({ "encrypt": case["encrypt"] }).to_string();
    let signed = if name == "tampered_body_one_byte" { &original } else { text(case, "body") };
    let fresh: BTreeMap<_, _> = signature(signed.as_bytes(), at, KEY).into_iter().collect();
    let anew = |(header, value): (String, String)| {
        let now = fresh.get(header.to_lowercase().as_str()).cloned();
        let value = match name {
            "wrong_signature" if header == "X-Lark-Signature" => value,
            "uppercase_signature" if header == "X-Lark-Signature" => now.unwrap_or(value).to_uppercase(),
            _ => now.unwrap_or(value),
        };
        (header, value)
    };
    stored.into_iter().map(anew).collect()
}

/// What an act leaves behind.
async fn footprint(world: &World) -> Vec<i64> {
    let sql =
        "SELECT (SELECT COUNT(*) FROM inbox), (SELECT COUNT(*) FROM outbox), (SELECT COUNT(*) FROM audit)";
    world.numbers(sql, 3).await
}

/// The private chat of the person of the vectors, whom the directory does not know.
fn knows_the_person_of_the_vectors(world: &World) {
    world.fake.chat("oc_99999999999999999999999999999999", |chat| *chat = Chat::new(&chat.id, "私聊"));
}

story!(each_negative_vector_is_refused_as_the_table_says_and_has_no_effect, webhook, |world| {
    knows_the_person_of_the_vectors(world);
    let cases = cases(include_str!("vectors/feishu/negative.json"), "cases");
    assert_eq!(cases.len(), WANTED.len(), "each case has a row");
    for case in cases {
        let name = text(&case, "name");
        let (_, wanted) = WANTED.iter().find(|(known, _)| *known == name).unwrap();
        let age = if name == "old_timestamp_valid_signature" { 25 } else { 0 };
        let headers = headers(&case, machine_now() - SignedDuration::from_hours(age));
        let before = footprint(world).await;
        let (status, answer) = world.posts_raw(&headers, text(&case, "body")).await;
        assert!(wanted.contains(&status), "{name}: {status} {answer}");
        if status != 200 {
            assert_eq!(footprint(world).await, before, "{name} had an effect");
        }
    }
    world.settles().await;
    assert_eq!(world.heard().lines().count(), 1, "the one that was good is answered");
});

story!(each_challenge_is_echoed_to_who_knows_the_token_and_to_nobody_else, webhook, |world| {
    let (keyless, keyed): (Vec<_>, Vec<_>) =
        cases(include_str!("vectors/feishu/url_verification.json"), "cases")
            .into_iter()
            .partition(|case| text(case, "encrypt_key").is_empty());
    for (without_key, cases) in [(false, keyed), (true, keyless)] {
        if without_key {
            world.is_without_a_key().await;
        }
        for case in cases {
            let name = text(&case, "name");
            let (status, answer) = world.posts_raw(&headers(&case, machine_now()), text(&case, "body")).await;
            assert!(status < 500, "{name}: {status}");
            let plain: Value = serde_json::from_str(text(&case, "plaintext")).unwrap();
            let echoed = answer.contains(plain["challenge"].as_str().unwrap());
            if name.ends_with("wrong_token") {
                assert!(status != 200 && !echoed, "{name}: {status} {answer}");
            } else if name != "plain_challenge_although_encrypt_key_configured" {
                assert_eq!(status, 200, "{name}: {answer}");
                let answer: Value = serde_json::from_str(&answer).unwrap();
                assert_eq!(answer, json!({ "challenge": plain["challenge"] }), "{name}");
            }
        }
    }
});

story!(each_event_and_each_click_of_the_vectors_is_taken, webhook, |world| {
    world.is_in_trouble();
    let events = cases(include_str!("vectors/feishu/events.json"), "cases");
    let clicks = cases(include_str!("vectors/feishu/card_callbacks.json"), "requests");
    for case in events.iter().chain(&clicks).filter(|case| !text(case, "encrypt_key").is_empty()) {
        let (name, body) = (text(case, "name"), text(case, "body"));
        let (status, answer) = world.posts_raw(&headers(case, machine_now()), body).await;
        assert_eq!(status, 200, "{name}: {answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(answer.is_object(), "{name}: {answer}");
    }
    world.settles().await;
    world.forgets();
});
