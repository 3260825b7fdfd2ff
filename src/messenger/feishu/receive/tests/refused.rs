//! What does not get through the door, and what every refusal is: the table of the vectors' README.

use super::*;

#[test]
fn every_negative_vector_gets_the_answer_of_the_table() {
    use Rejected::{Foreign, Signature, Unreadable};
    let expected = |name: &str| match name {
        "wrong_signature"
        | "uppercase_signature"
        | "missing_signature_header"
        | "missing_timestamp_header"
        | "tampered_body_one_byte"
        | "old_timestamp_valid_signature" => Err(Signature),
        "truncated_ciphertext_valid_signature" | "ciphertext_under_other_key_valid_signature" => {
            Err(Unreadable)
        }
        "wrong_verification_token_valid_signature"
        | "plaintext_event_although_key_configured_signed"
        | "plaintext_event_although_key_configured_unsigned"
        | "empty_object" => Err(Foreign),
        "not_json" | "json_array" | "encrypt_not_string" | "empty_body" => Err(Unreadable),
        "body_with_whitespace_signed_raw" => Ok(()),
        other => panic!("a vector that nobody judged: {other}"),
    };
    for case in cases("negative", "cases") {
        let received = case.post();
        assert_eq!(received.as_ref().map(|_| ()).map_err(|e| *e), expected(&case.name), "{}", case.name);
    }
}

#[test]
fn every_challenge_of_the_vectors_is_echoed_or_refused() {
    let echo = "1b6aef1a-401f-406a-be41-f48911eabcef".to_owned();
    for case in cases("url_verification", "cases") {
        let expected = match case.name.ends_with("wrong_token") {
            true => Err(Rejected::Foreign),
            false => Ok(Received::Challenge(echo.clone())),
        };
        assert_eq!(case.post(), expected, "{}", case.name);
    }
}

fn challenge(token: &str) -> Value {
    json!({ "challenge": "a\"b", "token": token, "type": "url_verification" })
}

#[test]
fn a_challenge_may_be_unsigned_but_not_wrongly_signed() {
    let body = hide(challenge(TOKEN).to_string().as_bytes(), KEY);
    let unsigned = Stamps::default();
    assert_eq!(post(&door(), &unsigned, &body), Ok(Received::Challenge("a\"b".to_owned())));
    let mut stamps = stamp(&body, now(), KEY);
    assert!(post(&door(), &stamps, &body).is_ok());
    stamps.2 = Some("0".repeat(64));
    assert_eq!(post(&door(), &stamps, &body), Err(Rejected::Signature));
    let wrong = hide(challenge("nope").to_string().as_bytes(), KEY);
    assert_eq!(post(&door(), &unsigned, &wrong), Err(Rejected::Foreign));
}

#[test]
fn without_a_configured_token_only_the_key_makes_a_challenge_ours() {
    let keyed = door_of(&options(KEY, ""));
    let hidden = hide(challenge("whatever").to_string().as_bytes(), KEY);
    assert!(matches!(post(&keyed, &Stamps::default(), &hidden), Ok(Received::Challenge(_))));
    let plain = challenge("").to_string().into_bytes();
    assert_eq!(post(&keyed, &Stamps::default(), &plain), Err(Rejected::Foreign));
    let nothing_configured = door_of(&options("", ""));
    assert_eq!(post(&nothing_configured, &Stamps::default(), &plain), Err(Rejected::Foreign));
    let event = envelope("im.chat.disbanded_v1", &json!({ "chat_id": "oc_5" })).to_string();
    assert_eq!(post(&nothing_configured, &Stamps::default(), event.as_bytes()), Err(Rejected::Foreign));
    let empty = Options { verification_token: Some(String::new().into()), ..options("", "") };
    let tokenless = event.replace(TOKEN, "");
    assert_eq!(post(&door_of(&empty), &Stamps::default(), tokenless.as_bytes()), Err(Rejected::Foreign));
}

#[test]
fn an_unsigned_cipher_tells_nothing_about_what_is_in_it() {
    let event = envelope("im.chat.disbanded_v1", &json!({ "chat_id": "oc_5" })).to_string();
    let bodies = [
        hide(event.as_bytes(), KEY),
        hide(b"not JSON", KEY),
        hide(b"{}", KEY),
        hide(event.as_bytes(), "another key"),
        json!({ "encrypt": "" }).to_string().into_bytes(),
        json!({ "encrypt": "not base64 !!" }).to_string().into_bytes(),
        json!({ "encrypt": STANDARD.encode([9; 48]) }).to_string().into_bytes(),
    ];
    for body in bodies {
        let refused = post(&door(), &Stamps::default(), &body);
        assert_eq!(refused, Err(Rejected::Signature), "{}", String::from_utf8_lossy(&body));
    }
}

#[test]
fn while_the_key_is_changed_both_hold_and_a_third_does_not() {
    let previous = Some("the key before".to_owned().into());
    let door = door_of(&Options { previous_encrypt_key: previous, ..options(KEY, TOKEN) });
    let event = envelope("im.chat.disbanded_v1", &json!({ "chat_id": "oc_5" })).to_string();
    let signed_with = |key: &str| {
        let body = hide(event.as_bytes(), key);
        post(&door, &stamp(&body, now(), key), &body)
    };
    assert!(signed_with(KEY).is_ok());
    assert!(signed_with("the key before").is_ok());
    assert_eq!(signed_with("a third"), Err(Rejected::Signature));
    let hidden = hide(challenge(TOKEN).to_string().as_bytes(), "the key before");
    assert!(matches!(post(&door, &Stamps::default(), &hidden), Ok(Received::Challenge(_))));
}

#[test]
fn an_event_may_come_eight_hours_late_and_a_click_five_minutes() {
    let late = |kind: &str, seconds: i64| {
        let body = hide(envelope(kind, &json!({ "chat_id": "oc_5" })).to_string().as_bytes(), KEY);
        let stamps = stamp(&body, now(), KEY);
        door().receive(&stamps.headers(), &body, after(seconds)).map(|_| ())
    };
    let (hours, event, click) = (8 * 3600, "im.chat.disbanded_v1", "card.action.trigger");
    for (kind, seconds, expected) in [
        (event, hours, Ok(())),
        (event, hours + 1, Err(Rejected::Signature)),
        (event, -300, Ok(())),
        (event, -301, Err(Rejected::Signature)),
        (click, 300, Ok(())),
        (click, 301, Err(Rejected::Signature)),
        (click, -301, Err(Rejected::Signature)),
    ] {
        assert_eq!(late(kind, seconds), expected, "{kind} {seconds}");
    }
}

#[test]
fn another_apps_event_is_not_ours_in_either_schema() {
    let two = envelope("im.chat.disbanded_v1", &json!({ "chat_id": "oc_5" }));
    let event =
        json!({ "type": "p2p_chat_create", "app_id": APP, "chat_id": "oc_9", "user": { "open_id": "ou_1" } });
    let one = json!({ "uuid": "u", "token": TOKEN, "type": "event_callback", "event": event });
    for envelope in [two, one] {
        assert!(matches!(deliver(&door(), &envelope), Ok(Received::Heard(_))));
        let other: Value = serde_json::from_str(&envelope.to_string().replace(APP, "cli_another")).unwrap();
        assert_eq!(deliver(&door(), &other), Err(Rejected::Foreign));
        let wrong: Value = serde_json::from_str(&envelope.to_string().replace(TOKEN, "wrong")).unwrap();
        assert_eq!(deliver(&door(), &wrong), Err(Rejected::Foreign));
    }
}

#[test]
fn a_signed_envelope_that_is_no_object_is_unreadable_and_an_unknown_one_is_nothing() {
    let deliver = |plain: &[u8]| {
        let body = hide(plain, KEY);
        post(&door(), &stamp(&body, now(), KEY), &body)
    };
    let array = format!("[\"2.0\",{{}},{{}},null,\"{TOKEN}\"]");
    for plain in [
        "",
        "hello",
        "[]",
        "null",
        "5",
        array.as_str(),
        "{} {}",
        "{\"type\":1}",
        "{\"type\":\"a\",\"type\":\"b\"}",
    ] {
        assert_eq!(deliver(plain.as_bytes()), Err(Rejected::Unreadable), "{plain}");
    }
    assert_eq!(deliver(b"{\"type\":\"\xff\"}"), Err(Rejected::Unreadable));
    for plain in ["{}", "{\"schema\":\"3.0\"}", "{\"schema\":\"2.0\",\"event\":{}}"] {
        assert!(matches!(deliver(plain.as_bytes()), Ok(Received::Nothing(_))), "{plain}");
    }
}

#[test]
fn a_cipher_that_nobody_has_the_key_for_is_unreadable() {
    let body = hide(challenge(TOKEN).to_string().as_bytes(), KEY);
    assert_eq!(post(&open_door(), &Stamps::default(), &body), Err(Rejected::Unreadable));
}

#[test]
fn the_old_click_is_verified_and_has_no_effect() {
    for case in cases("card_callbacks", "legacy_sha1") {
        let received = case.post();
        match case.name.as_str() {
            "legacy_button" => assert!(matches!(received, Ok(Received::Nothing(_))), "{received:?}"),
            "legacy_challenge" => assert_eq!(received, Ok(Received::Challenge("abc123".to_owned()))),
            _ => assert_eq!(received, Err(Rejected::Signature), "{}", case.name),
        }
        let unsigned = post(&open_door(), &Stamps::default(), &case.body);
        assert_eq!(unsigned.is_ok(), case.name.contains("challenge"), "{} unsigned", case.name);
        let keyed = post(&door(), &case.stamps, &case.body);
        assert_eq!(keyed, received, "{} with an Encrypt Key configured", case.name);
    }
}

#[test]
fn the_old_signature_proves_no_event() {
    let event = envelope("im.chat.disbanded_v1", &json!({ "chat_id": "oc_5" })).to_string();
    let hidden = hide(event.as_bytes(), KEY);
    for (body, refused) in [(event.as_bytes(), Rejected::Foreign), (hidden.as_slice(), Rejected::Signature)] {
        let hash = sha1::Sha1::new().chain_update("1795219200").chain_update(NONCE).chain_update(TOKEN);
        let signature = hex::encode(hash.chain_update(body).finalize());
        let stamps = Stamps(Some("1795219200".to_owned()), Some(NONCE.to_owned()), Some(signature));
        assert_eq!(post(&door(), &stamps, body), Err(refused));
    }
}
