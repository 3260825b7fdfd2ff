//! Pressed buttons: signatures, seals, forms, and where the card stands.

use super::*;
use crate::messenger::seal::LIFE;

const NAMES: [&str; 2] = ["x-ddpaas-signature-timestamp", "x-ddpaas-signature"];

/// A want and what the button carries for it.
fn button() -> (Want, String) {
    let want = Want::Confirm {
        request: Some("2026-Q4-SCB-001".into()),
        department: Some("FIN".into()),
        version: Some(3),
    };
    let sealed = seal().seal(&want, now());
    (want, sealed)
}

/// The payload of the vectors with these parameters; fields can be replaced, `null` takes one out.
fn press(params: &Value, more: &Value) -> Value {
    let mut payload = file("card_callbacks")["stream_payload"].clone();
    let fields = payload.as_object_mut().unwrap();
    let content = json!({ "cardPrivateData": { "actionIds": ["b1"], "params": params } });
    fields.insert("content".to_owned(), json!(content.to_string()));
    for (name, value) in more.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
        if value.is_null() {
            fields.remove(name);
        }
    }
    payload
}

fn pushed(payload: &Value) -> Result<Received, Rejected> {
    door().pushed(&Push::Card { id: "m1".to_owned(), data: payload.to_string() }, now())
}

#[test]
fn each_callback_of_the_vectors_is_taken_or_refused_as_it_should() {
    let file = file("card_callbacks");
    let requests = file["http_requests"].as_array().unwrap();
    assert_eq!(requests.len(), 7);
    let door = Door { card_secret: secret(file["api_secret"].as_str().unwrap()), ..door() };
    for case in requests {
        let now = at(case["now_ms"].as_i64().unwrap());
        let received = door.card(&headers(case, NAMES), case["body"].to_string().as_bytes(), now);
        match case["expect"].as_str().unwrap() {
            "reject body" => assert_eq!(received, Err(Rejected::Unreadable), "{}", case["name"]),
            expect if expect.starts_with("reject") => {
                assert_eq!(received, Err(Rejected::Signature), "{}", case["name"]);
            }
            "accept, treat as no-op" => assert!(matches!(received, Ok(Received::Nothing(_)))),
            // Their buttons carry no seal of ours.
            _ => assert!(matches!(received, Ok(Received::Stale { .. })), "{}", case["name"]),
        }
    }
}

#[test]
fn a_press_is_who_where_and_the_sealed_want() {
    let (want, sealed) = button();
    let inbound =
        heard(pushed(&press(&json!({ "w": sealed, "form": { "reason": "资源已协调" } }), &json!({}))));
    let values = FormValues::from([("reason".to_owned(), "资源已协调".to_owned())]);
    let Said::Press { drawing, .. } = &inbound.said else { panic!("{inbound:?}") };
    let drawing = drawing.clone().filter(|drawing| sealed.ends_with(&drawing.name));
    assert!(drawing.is_some(), "named by its seal");
    assert_eq!(inbound.said, Said::Press { want, values, drawing });
    assert_eq!(inbound.event, "dingtalk/card/m1");
    assert_eq!(
        (inbound.account.id.as_str(), inbound.account.tenant.as_str()),
        ("u_dev_1", "dingfakecorp0001")
    );
    assert_eq!((inbound.place.chat.as_str(), inbound.place.kind), ("cidTEAM0001==", PlaceKind::Group));
    assert_eq!(inbound.place.message.unwrap().as_str(), "req-1-dept-200");
}

#[test]
fn where_the_card_does_not_stand_in_a_group_it_is_in_the_private_chat_of_who_pressed() {
    let (_, sealed) = button();
    for more in
        [json!({ "spaceType": "IM_ROBOT", "spaceId": "x" }), json!({ "spaceType": null, "spaceId": null })]
    {
        let place = heard(pushed(&press(&json!({ "w": sealed }), &more))).place;
        assert_eq!((place.chat.as_str(), place.kind), ("user:u_dev_1", PlaceKind::Private), "{more}");
    }
    let bare = json!({ "outTrackId": "t", "userId": "u", "content": press(&json!({ "w": sealed }), &json!({}))["content"] });
    assert!(matches!(pushed(&bare), Ok(Received::Heard(_))), "some pages show no more than that");
}

#[test]
fn only_our_own_unexpired_seal_is_a_want() {
    let (_, sealed) = button();
    let stale = |params: &Value, now: Timestamp| {
        let push = Push::Card { id: "m1".to_owned(), data: press(params, &json!({})).to_string() };
        matches!(door().pushed(&push, now), Ok(Received::Stale { account, .. }) if account.id == "u_dev_1")
    };
    assert!(!stale(&json!({ "w": sealed }), now()));
    assert!(stale(&json!({ "w": sealed }), now() + LIFE + jiff::SignedDuration::from_secs(1)));
    let forged = SealKey::new(b"another key").seal(&button().0, now());
    for params in [
        json!({ "w": forged }),
        json!({ "w": "" }),
        json!({ "w": 1 }),
        json!({ "action": "accept" }),
        json!(null),
    ] {
        assert!(stale(&params, now()), "{params}");
    }
}

#[test]
fn a_form_comes_as_objects_choices_or_text() {
    let (_, sealed) = button();
    let form = json!({
        "text": "a", "none": null, "number": 3, "switch": true,
        "one": { "index": 0, "value": "x" }, "many": [{ "index": 0, "value": "x" }, { "index": 1, "value": "y" }],
        "listed": { "index": [0, 1], "value": ["x", "y"] }, "odd": { "index": 1 },
    });
    for form in [form.clone(), json!(form.to_string())] {
        let params = json!({ "w": sealed, "form": form });
        for params in [params.clone(), json!(params.to_string())] {
            let Said::Press { values, .. } = heard(pushed(&press(&params, &json!({})))).said else {
                panic!()
            };
            let value = |field: &str| values[field].as_str();
            assert_eq!(["text", "none", "number", "switch"].map(value), ["a", "", "3", "true"]);
            assert_eq!(["one", "many", "listed", "odd"].map(value), ["x", "x,y", "x,y", ""]);
        }
    }
    for odd in [json!("x"), json!(1), json!([1]), json!(null)] {
        let params = json!({ "w": sealed, "form": odd });
        let Said::Press { values, .. } = heard(pushed(&press(&params, &json!({})))).said else { panic!() };
        assert!(values.is_empty());
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let broken = [
        json!({ "outTrackId": null }),
        json!({ "userId": null }),
        json!({ "userId": "" }),
        json!({ "outTrackId": "" }),
        json!({ "content": null }),
        json!({ "content": "oops" }),
        json!({ "content": "[]" }),
        json!({ "content": 1 }),
    ];
    for more in broken {
        assert_eq!(pushed(&press(&json!({}), &more)), Err(Rejected::Unreadable), "{more}");
    }
}

#[test]
fn the_same_request_again_is_one_act_and_another_is_not() {
    let (_, sealed) = button();
    let body = press(&json!({ "w": sealed }), &json!({})).to_string();
    let key = |timestamp: &str, body: &str| card::fingerprint(timestamp, body.as_bytes());
    assert_eq!(key("1", &body), key("1", &body));
    assert_ne!(key("1", &body), key("2", &body), "pressed again later");
    assert_ne!(key("1", &body), key("1", &body.replace("u_dev_1", "u_dev_2")));
}
