//! Organisation events: the envelope through the door, the check of the address, and the answer.

use super::*;

/// A POST of this event, stamped and signed as the platform does it.
fn event(plain: &[u8], stamped: Timestamp) -> (Query, Vec<u8>) {
    let options = options();
    let key = EventKey::new(&options.event_token.unwrap(), &options.event_aes_key.unwrap(), APP);
    let encrypt = key.encrypt(plain, b"abcdefghijklmnop").unwrap();
    let (timestamp, nonce) = (stamped.as_millisecond().to_string(), "a nonce".to_owned());
    let signature = key.signature(&timestamp, &nonce, &encrypt);
    (Query { signature, timestamp, nonce }, json!({ "encrypt": encrypt }).to_string().into_bytes())
}

fn post(plain: &[u8]) -> Result<Received, Rejected> {
    let (query, body) = event(plain, now());
    door().event(&query, &body, now())
}

#[test]
fn each_envelope_of_the_vectors_passes_the_door_or_does_not() {
    for case in file("event_crypto")["vectors"].as_array().unwrap() {
        let text = |field: &str| case[field].as_str().unwrap().to_owned();
        let credential = |field: &str| case["credentials"][field].as_str().unwrap().to_owned();
        let options = Options {
            client_id: credential("owner_key"),
            event_token: Some(secret(&credential("token"))),
            event_aes_key: Some(secret(&credential("aes_key"))),
            ..options()
        };
        let query =
            Query { signature: text("signature"), timestamp: text("timestamp"), nonce: text("nonce") };
        let body = json!({ "encrypt": text("encrypt") }).to_string();
        let now = at(query.timestamp.parse().unwrap());
        let received = door_of(&options).event(&query, body.as_bytes(), now);
        let is_stamped = query.timestamp.len() == 13;
        let is_event = case["plaintext"].as_str().is_some_and(|plain| plain.starts_with('{'));
        match (case["expect"] == "accept" && is_stamped, is_event) {
            (true, true) => {
                let is_taken =
                    matches!(received, Ok(Received::Nothing(_) | Received::Unknown | Received::Moved { .. }));
                assert!(is_taken, "{}", case["name"]);
            }
            // An answer of ours that somebody sends back.
            (true, false) => assert_eq!(received, Err(Rejected::Unreadable), "{}", case["name"]),
            (false, _) => assert_eq!(received, Err(Rejected::Signature), "{}", case["name"]),
        }
    }
}

#[test]
fn the_address_is_checked_and_what_is_not_known_is_taken_all_the_same() {
    let why = |plain: &str| match post(plain.as_bytes()) {
        Ok(Received::Nothing(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(r#"{"EventType":"check_url"}"#), "the platform checks the address");
    assert_eq!(why(r#"{"EventType":"user_leave_org","UserId":[]}"#), "somebody left the company");
    for unknown in [r#"{"EventType":"bpms_instance_change"}"#, r#"{"EventType":7}"#, "{}"] {
        assert_eq!(post(unknown.as_bytes()), Ok(Received::Unknown), "{unknown}");
    }
    for broken in ["success", "", "[]", "{"] {
        assert_eq!(post(broken.as_bytes()), Err(Rejected::Unreadable), "{broken}");
    }
}

#[test]
fn an_event_holds_for_an_hour() {
    let hour = jiff::SignedDuration::from_hours(1);
    let of = |stamped: Timestamp| {
        let (query, body) = event(b"{}", stamped);
        door().event(&query, &body, now())
    };
    assert!(of(now() - hour).is_ok() && of(now() + hour).is_ok());
    let ms = jiff::SignedDuration::from_millis(1);
    assert_eq!(of(now() - hour - ms), Err(Rejected::Signature));
    assert_eq!(of(now() + hour + ms), Err(Rejected::Signature));
}

#[test]
fn a_body_without_an_envelope_is_unreadable_and_without_keys_no_event_is_ours() {
    let (query, body) = event(b"{}", now());
    for odd in ["", "{}", r#"{"encrypt":1}"#, r#"["x"]"#, r#"{"encrypt":"x","encrypt":"y"}"#] {
        assert_eq!(door().event(&query, odd.as_bytes(), now()), Err(Rejected::Unreadable), "{odd}");
    }
    let keyless = door_of(&Options { event_token: None, event_aes_key: None, ..options() });
    assert_eq!(keyless.event(&query, &body, now()), Err(Rejected::Foreign));
    assert_eq!(keyless.success("0123456789abcdef", now()), None);
}

#[test]
fn the_answer_is_the_word_success_in_an_envelope_of_its_own() {
    let answer = door().success("0123456789abcdef0123", now()).unwrap();
    let text = |field: &str| answer[field].as_str().unwrap();
    let options = options();
    let key = EventKey::new(&options.event_token.unwrap(), &options.event_aes_key.unwrap(), APP);
    let stamp =
        Stamp { signature: text("msg_signature"), timestamp: text("timeStamp"), nonce: text("nonce") };
    assert!(key.signed(&stamp, text("encrypt")));
    assert_eq!(key.decrypt(text("encrypt")).unwrap(), b"success");
    assert_eq!(answer.as_object().unwrap().len(), 4);
    assert_eq!(door().success("too short", now()), None);
}

#[test]
fn an_event_of_stream_mode_is_known_by_its_header() {
    let pushed = |kind: &str, data: &str| {
        let (kind, id, data) = (kind.to_owned(), "e-1".to_owned(), data.to_owned());
        door().pushed(&Push::Event { kind, id, data }, now())
    };
    assert_eq!(pushed("user_add_org", "{}"), Ok(Received::Nothing("somebody joined the company")));
    assert_eq!(pushed("", "no JSON"), Ok(Received::Unknown));
    let key = "dingtalk/event/e-1".to_owned();
    let moved = vec![Moved::Left(vec!["u".to_owned()])];
    assert_eq!(pushed("user_leave_org", r#"{"userId":["u"]}"#), Ok(Received::Moved { key, moved }));
}

#[test]
fn an_event_over_http_is_one_however_often_it_comes() {
    let key = |plain: &str| match post(plain.as_bytes()) {
        Ok(Received::Moved { key, .. }) => key,
        other => panic!("{other:?}"),
    };
    let named = r#"{"EventType":"user_modify_org","eventId":"e-9","UserId":["u"]}"#;
    assert_eq!(key(named), "dingtalk/event/e-9");
    let [first, other] =
        [1, 2].map(|at| format!(r#"{{"EventType":"user_modify_org","TimeStamp":{at},"UserId":["u"]}}"#));
    assert_eq!(key(&first), key(&first));
    assert_ne!(key(&first), key(&other), "another change of the same person");
}
