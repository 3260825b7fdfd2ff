//! Pressed buttons: what was sealed, what stood in the form, and what goes back.

use super::*;
use crate::intent::{FormValues, PlaceKind};
use crate::messenger::feishu::answer::{Kind, answer};

fn click(action: &Value) -> Value {
    let operator = json!({ "open_id": "ou_2", "user_id": "u2", "tenant_key": TENANT });
    let context = json!({ "open_message_id": "om_d", "open_chat_id": "oc_5" });
    let event = json!({ "operator": operator, "token": "c-1", "action": action, "context": context });
    envelope("card.action.trigger", &event)
}

fn pressed(envelope: &Value) -> (Want, FormValues) {
    match heard(deliver(&door(), envelope)).said {
        Said::Press { want, values, .. } => (want, values),
        other => panic!("no click: {other:?}"),
    }
}

/// The vectors carry other services' values: to us their buttons are stale, and everything else is as it should be.
#[test]
fn every_click_of_the_vectors_is_answered_and_does_nothing_without_a_seal() {
    for case in cases("card_callbacks", "requests") {
        let Ok(Received::Stale { event, account, place }) = case.post() else {
            panic!("{}: {:?}", case.name, case.post());
        };
        assert_eq!(event, format!("feishu/cb_{}", case.name));
        let id = match case.name.as_str() {
            "operator_without_open_id" => "user_id:u0000002",
            _ => "ou_00000000000000000000000000000002",
        };
        assert_eq!((account.id.as_str(), account.tenant.as_str()), (id, TENANT));
        assert_eq!(place.chat.as_str(), "oc_55555555555555555555555555555555");
        assert_eq!(place.message.unwrap().as_str(), "om_dddddddddddddddddddddddddddddddd");
        assert_eq!(place.kind, PlaceKind::Group);
        assert_eq!(case.door.read(case.plain.as_bytes(), now()), case.post(), "{}", case.name);
    }
}

/// The vectors again, with a button of ours in place of theirs.
#[test]
fn every_click_of_the_vectors_is_heard_with_a_seal() {
    let (want, sealed) = button();
    for case in cases("card_callbacks", "requests") {
        let mut envelope: Value = serde_json::from_str(&case.plain).unwrap();
        envelope["event"]["action"]["value"] = json!({ "w": sealed });
        let (heard, values) = pressed(&envelope);
        assert_eq!(heard, want, "{}", case.name);
        let form = envelope["event"]["action"]["form_value"].as_object();
        let names: Vec<_> = form.into_iter().flat_map(|form| form.keys()).collect();
        assert_eq!(values.keys().collect::<Vec<_>>(), names, "{}", case.name);
    }
}

#[test]
fn a_form_comes_with_its_values_as_typed() {
    let case = case("card_callbacks", "requests", "form_submit");
    let mut envelope: Value = serde_json::from_str(&case.plain).unwrap();
    envelope["event"]["action"]["value"] = json!({ "w": button().1 });
    let lines: Vec<_> = pressed(&envelope).1.iter().map(|(k, v)| format!("{k} = {v:?}")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    contact = "ou_22222222222222222222222222222222"
    daily_at = "17:00"
    depts = "mkt,fin"
    detail = "第一行\n第二行"
    due = "2026-12-04"
    kickoff = "2026-11-24 10:30"
    kind = "product_launch"
    note = ""
    title = "新品上市推广"
    urgent = "true"
    watchers = "ou_33333333333333333333333333333333,ou_44444444444444444444444444444444"
    "#);
}

#[test]
fn fields_are_read_however_a_client_writes_them() {
    let (want, sealed) = button();
    let value = json!({ "w": sealed });
    for (given, expected) in [
        (json!("as typed"), "as typed"),
        (json!(""), ""),
        (json!(null), ""),
        (json!([]), ""),
        (json!(["mkt"]), "mkt"),
        (json!(["mkt", "fin"]), "mkt,fin"),
        (json!("[\"mkt\",\"fin\"]"), "mkt,fin"),
        (json!("[]"), ""),
        (json!("[sic] as typed"), "[sic] as typed"),
        (json!(true), "true"),
        (json!("false"), "false"),
        (json!(12.5), "12.5"),
        (json!("2026-12-04 +0800"), "2026-12-04"),
        (json!("2026-12-04"), "2026-12-04"),
        (json!("2026-11-24 10:30 +0800"), "2026-11-24 10:30"),
        (json!("17:00 -0330"), "17:00"),
        (json!("call me +0800"), "call me +0800"),
        (json!("2026-12-04 +08000"), "2026-12-04 +08000"),
        (json!("下周三 +0800"), "下周三 +0800"),
    ] {
        for form in [json!({ "f": given }), json!(json!({ "f": given }).to_string())] {
            let (heard, values) = pressed(&click(&json!({ "value": value, "form_value": form })));
            assert_eq!((heard, values["f"].as_str()), (want.clone(), expected), "{form}");
        }
    }
    for form in [json!(null), json!("text"), json!([1]), json!(5)] {
        let (_, values) = pressed(&click(&json!({ "value": value, "form_value": form })));
        assert!(values.is_empty(), "{form}");
    }
}

#[test]
fn the_seal_is_found_in_an_object_in_a_text_and_in_an_object_that_became_text() {
    let (want, sealed) = button();
    for value in [json!({ "w": sealed }), json!(json!({ "w": sealed }).to_string()), json!(sealed)] {
        assert_eq!(pressed(&click(&json!({ "value": value, "tag": "button" }))).0, want, "{value}");
    }
}

#[test]
fn a_missing_forged_or_expired_seal_is_stale() {
    let (want, sealed) = button();
    let forged = SealKey::new(b"another key").seal(&want, now());
    let expired = seal().seal(&want, after(-91 * 24 * 3600));
    let turned = sealed.replacen('.', "..", 1);
    for action in [
        json!(null),
        json!({}),
        json!({ "value": null }),
        json!({ "value": {} }),
        json!({ "value": [] }),
        json!({ "value": { "w": null } }),
        json!({ "value": { "w": { "want": "my" } } }),
        json!({ "value": { "w": forged } }),
        json!({ "value": { "w": expired } }),
        json!({ "value": { "w": turned } }),
        json!({ "value": { "want": "my" } }),
        json!({ "value": "{\"w\":" }),
    ] {
        let received = deliver(&door(), &click(&action));
        assert!(matches!(received, Ok(Received::Stale { .. })), "{action}: {received:?}");
    }
    let body = hide(click(&json!({ "value": { "w": sealed } })).to_string().as_bytes(), KEY);
    assert!(post(&door(), &stamp(&body, now(), KEY), &body).is_ok());
}

#[test]
fn without_a_chat_the_answer_goes_to_the_person() {
    let mut nowhere = click(&json!({ "value": { "w": button().1 } }));
    nowhere["event"]["context"] = json!(null);
    let inbound = heard(deliver(&door(), &nowhere));
    assert_eq!((inbound.place.chat.as_str(), inbound.place.kind), ("ou_2", PlaceKind::Private));
    nowhere["event"]["operator"] = json!({});
    assert!(matches!(deliver(&door(), &nowhere), Ok(Received::Nothing(_))), "pressed by nobody");
}

/// Of what an app may return, the service says three things; a toast in several languages and a template are not ours.
#[test]
fn every_answer_that_the_service_gives_is_the_one_of_the_vectors() {
    let file = file("card_callbacks");
    for case in file["responses"].as_array().unwrap() {
        let wanted = &case["handler_returned"];
        let card = || wanted["card"]["data"].clone();
        let toast = || wanted["toast"]["content"].as_str().unwrap();
        let (given, wanted) = match case["name"].as_str().unwrap() {
            "empty_object" | "handler_returned_None" | "no_handler_registered" => {
                (answer(None, None), json!({}))
            }
            "toast_only" => (answer(Some((Kind::Success, toast())), None), wanted.clone()),
            "toast_and_raw_card" => (answer(Some((Kind::Success, toast())), Some(card())), wanted.clone()),
            "toast_i18n" | "template_card" => continue,
            other => panic!("a vector that nobody judged: {other}"),
        };
        assert_eq!(given, wanted);
        if let Some(body) = case["http"]["body"].as_str().filter(|_| case["http"]["status"] == 200) {
            assert_eq!(given, serde_json::from_str::<Value>(body).unwrap());
            let streamed = STANDARD.decode(case["ws_ack_data_base64"].as_str().unwrap()).unwrap();
            assert_eq!(given, serde_json::from_slice::<Value>(&streamed).unwrap());
        }
    }
    let kinds = [Kind::Info, Kind::Success, Kind::Warning, Kind::Error];
    let names = kinds.map(|kind| answer(Some((kind, "x")), None)["toast"]["type"].clone());
    assert_eq!(names, ["info", "success", "warning", "error"].map(Value::from));
}
