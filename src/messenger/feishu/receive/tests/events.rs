//! Every event of the vectors, by webhook and as it comes over the long connection.

use super::*;
use crate::intent::PlaceKind;

/// One line for what was received: key, who, where, what.
fn line(received: &Result<Received, Rejected>) -> String {
    let inbound = match received {
        Ok(Received::Heard(inbound)) => inbound,
        Ok(Received::Nothing(why)) => return format!("nothing: {why}"),
        Ok(Received::Unknown) => return "a type that is not known here".to_owned(),
        other => return format!("{other:?}"),
    };
    let Inbound { event, account, place, said } = inbound;
    assert_eq!((account.platform.as_str(), place.platform.as_str()), ("feishu", "feishu"));
    assert_eq!(account.tenant, TENANT);
    let kind = if place.kind == PlaceKind::Private { "private" } else { "group" };
    let message = place.message.as_ref().map_or("-", |message| tail(message.as_str()));
    let said = match said {
        Said::Text { text, to_bot, reply_to } => {
            let reply_to = reply_to.as_ref().map_or("-", |message| tail(message.as_str()));
            format!("{text:?} to_bot={to_bot} reply_to={reply_to}")
        }
        other => format!("{other:?}"),
    };
    let (who, chat) = (tail(&account.id), tail(place.chat.as_str()));
    format!("{event} | {who} in {kind} {chat}, message {message} | {said}")
}

/// `ou_0000…0001` is `ou_0001`.
fn tail(id: &str) -> &str {
    &id[id.len().saturating_sub(6)..]
}

#[test]
fn every_event_of_the_vectors_is_heard_as_what_it_is() {
    let all = cases("events", "cases");
    let lines: Vec<_> = all.iter().map(|case| format!("{}: {}", case.name, line(&case.post()))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_the_webhook_brings_the_long_connection_brings_as_well() {
    for case in cases("events", "cases") {
        let streamed = case.door.read(case.plain.as_bytes(), now());
        assert_eq!(streamed, case.post(), "{}", case.name);
        let nameless = case.plain.replace(TOKEN, "");
        assert_eq!(case.door.read(nameless.as_bytes(), now()), streamed, "{} without a token", case.name);
    }
}

#[test]
fn the_frames_of_the_long_connection_carry_what_can_be_read() {
    let file = file("ws");
    let frames = file["frames"].as_object().unwrap();
    let payloads = frames.values().filter_map(|frame| frame["decoded"]["payload_utf8"].as_str());
    let whole: Vec<_> = payloads.filter(|payload| payload.starts_with("{\"schema\"")).collect();
    let whole = whole.iter().filter(|payload| serde_json::from_str::<Value>(payload).is_ok());
    let received: Vec<_> = whole.map(|payload| door().read(payload.as_bytes(), now())).collect();
    assert!(received.iter().all(Result::is_ok), "{received:?}");
    assert!(received.iter().any(|one| matches!(one, Ok(Received::Heard(_)))), "{received:?}");
    assert!(received.iter().any(|one| matches!(one, Ok(Received::Stale { .. }))), "{received:?}");
}

#[test]
fn the_long_connection_is_for_this_app_only() {
    let envelope = envelope("im.chat.disbanded_v1", &json!({ "chat_id": "oc_1" }));
    let other = envelope.to_string().replace(APP, "cli_another");
    assert_eq!(door().read(other.as_bytes(), now()), Err(Rejected::Foreign));
    assert!(matches!(door().read(envelope.to_string().as_bytes(), now()), Ok(Received::Heard(_))));
    for text in ["", "hello", "[]", "null", "{", "\"{}\""] {
        assert_eq!(door().read(text.as_bytes(), now()), Err(Rejected::Unreadable), "{text}");
    }
    assert!(matches!(door().read(b"{}", now()), Ok(Received::Nothing(_))));
}

#[test]
fn the_same_message_under_two_event_ids_is_one() {
    let case = case("events", "cases", "im_text_p2p");
    let again = case.plain.replace("ev_im_text_p2p", "ev_another");
    let [first, second] = [&case.plain, &again].map(|plain| heard(case.door.read(plain.as_bytes(), now())));
    assert_eq!(first.event, second.event);
    assert!(first.event.starts_with("feishu/om_"));
}

#[test]
fn a_menu_item_is_the_command_in_its_key_and_its_place_is_the_person() {
    let menu = |key: &str| {
        let operator = json!({ "operator_id": { "open_id": "ou_1", "user_id": null } });
        let event = json!({ "operator": operator, "event_key": key, "timestamp": "1795219199" });
        heard(deliver(&door(), &envelope("application.bot.menu_v6", &event)))
    };
    for (key, command) in [
        ("collab_new", "/new"),
        ("collab_my", "/my"),
        ("collab_help", "/help"),
        ("collab_list_overdue", "/list overdue"),
        ("settings", "/settings"),
        ("待办", "/待办"),
    ] {
        let inbound = menu(key);
        assert_eq!(words(&inbound), (command, true));
        assert_eq!((inbound.place.chat.as_str(), inbound.place.kind), ("ou_1", PlaceKind::Private));
        assert_eq!((inbound.event.as_str(), inbound.place.message), ("feishu/ev_1", None));
    }
}

#[test]
fn the_menu_of_the_documentation_reads_as_commands() {
    for (key, want) in [("collab_my", Want::My), ("collab_help", Want::Help { word: None })] {
        let event = json!({ "operator": { "operator_id": { "open_id": "ou_1" } }, "event_key": key });
        let inbound = heard(deliver(&door(), &envelope("application.bot.menu_v6", &event)));
        assert_eq!(crate::intent::grammar::read(inbound, "联络").unwrap().want, want);
    }
}

#[test]
fn a_private_chat_begins_once() {
    let entered = |last: Value| {
        let event =
            json!({ "chat_id": "oc_9", "operator_id": { "open_id": "ou_1" }, "last_message_id": last });
        deliver(&door(), &envelope("im.chat.access_event.bot_p2p_chat_entered_v1", &event))
    };
    for last in [json!(""), json!(null)] {
        let inbound = heard(entered(last));
        assert_eq!((inbound.said, inbound.place.kind), (Said::Arrived, PlaceKind::Private));
    }
    assert!(matches!(entered(json!("om_1")), Ok(Received::Nothing(_))));
}

#[test]
fn a_group_is_gone_whoever_did_it() {
    for kind in ["im.chat.member.bot.deleted_v1", "im.chat.disbanded_v1"] {
        let inbound = heard(deliver(&door(), &envelope(kind, &json!({ "chat_id": "oc_5" }))));
        assert_eq!((inbound.said, inbound.place.chat.as_str()), (Said::Gone, "oc_5"));
        assert_eq!((inbound.place.kind, inbound.account.id.as_str()), (PlaceKind::Group, ""));
    }
}

#[test]
fn authentic_events_with_strange_fields_are_nothing_and_never_come_again() {
    for kind in [
        "im.message.receive_v1",
        "application.bot.menu_v6",
        "card.action.trigger",
        "im.chat.member.bot.added_v1",
        "im.chat.disbanded_v1",
        "im.chat.access_event.bot_p2p_chat_entered_v1",
        "p2p_chat_create",
        "of.tomorrow_v9",
        "",
    ] {
        for event in [json!({}), json!([]), json!("text"), json!(5), json!({ "chat_id": 5, "message": [] })] {
            let received = deliver(&door(), &envelope(kind, &event));
            let is_nothing = matches!(received, Ok(Received::Nothing(_) | Received::Unknown));
            assert!(is_nothing, "{kind} {event}: {received:?}");
        }
    }
    let mut nameless = envelope("im.chat.disbanded_v1", &json!({ "chat_id": "oc_5" }));
    nameless["header"]["event_id"] = json!("");
    assert!(matches!(deliver(&door(), &nameless), Ok(Received::Nothing(_))), "no key, no act");
}

/// Where the Node SDK knew worse, or refused what is genuine: README of the vectors.
const UNLIKE_NODE: &[&str] = &[
    "plain_wrong_token",
    "encrypted_wrong_token",
    "wrong_verification_token_valid_signature",
    "plaintext_event_although_key_configured_signed",
    "old_timestamp_valid_signature",
    "empty_object",
    "body_with_whitespace_signed_raw",
];

#[test]
fn what_the_node_sdk_takes_is_taken_but_for_its_mistakes() {
    let file = file("node_sdk");
    let compared = file["cases"].as_array().unwrap();
    let differs = compared.iter().filter_map(|compared| {
        let (of, name) = (compared["file"].as_str().unwrap(), compared["name"].as_str().unwrap());
        let list = if of == "card_callbacks.json" { "requests" } else { "cases" };
        let received = case(of.trim_end_matches(".json"), list, name).post();
        let node = &compared["node"];
        let took = node["verified"] == true || node["challenge"].is_object();
        let took = took && node["error"].is_null();
        (received.is_ok() != took).then_some(name)
    });
    assert_eq!(differs.collect::<Vec<_>>(), UNLIKE_NODE);
    assert_eq!(compared.len(), 59);
}
