//! Messages to the robot: signatures, every type, and what is odd or missing.

use super::*;

const NAMES: [&str; 2] = ["timestamp", "sign"];

fn post(case: &Value) -> Result<Received, Rejected> {
    let now = at(case["now_ms"].as_i64().unwrap());
    door().robot(&headers(case, NAMES), case["body"].as_str().unwrap().as_bytes(), now)
}

/// A message as Stream mode brings it; fields can be replaced, `null` takes one out.
fn message(more: &Value) -> Result<Received, Rejected> {
    let mut message = file("robot_messages")["messages"][0]["payload"].clone();
    let fields = message.as_object_mut().unwrap();
    for (name, value) in more.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
        if value.is_null() {
            fields.remove(name);
        }
    }
    door().pushed(&Push::Robot { data: message.to_string() }, now())
}

#[test]
fn each_request_of_the_vectors_is_taken_or_refused_as_it_should() {
    let file = file("robot_http");
    let requests = file["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 17);
    for case in requests {
        let expect = case["expect"].as_str().unwrap();
        match expect.strip_prefix("reject:") {
            None => assert!(expect.starts_with("accept") && post(case).is_ok(), "{}", case["name"]),
            Some("body") => assert_eq!(post(case), Err(Rejected::Unreadable), "{}", case["name"]),
            Some(_) => assert_eq!(post(case), Err(Rejected::Signature), "{}", case["name"]),
        }
    }
}

#[test]
fn a_message_says_who_where_and_what() {
    let inbound = heard(post(&file("robot_http")["requests"][0]));
    assert_eq!(words(&inbound), ("/新建 市场活动 @研发", true));
    assert_eq!(inbound.event, "dingtalk/msgHTTPvector0001==");
    let Account { platform, tenant, id } = &inbound.account;
    assert_eq!((platform.as_str(), tenant.as_str(), id.as_str()), (PLATFORM, "dingfakecorp0001", "u_mkt_1"));
    assert_eq!((inbound.place.chat.as_str(), inbound.place.kind), ("cidTEAM0001==", PlaceKind::Group));
}

#[test]
fn the_same_message_has_the_same_key_whatever_way_it_comes() {
    let file = file("robot_http");
    let again = file["requests"].as_array().unwrap().iter().find(|case| case["name"] == "same msgId again");
    assert_eq!(heard(post(again.unwrap())).event, heard(message(&json!({}))).event);
}

#[test]
fn a_private_chat_is_the_persons_and_every_word_in_it_is_for_the_bot() {
    let private = json!({ "conversationType": "1", "conversationId": "cidSINGLE", "isInAtList": null });
    let inbound = heard(message(&private));
    assert_eq!((inbound.place.chat.as_str(), inbound.place.kind), ("user:u_mkt_1", PlaceKind::Private));
    assert!(words(&inbound).1);
    let elsewhere = heard(message(&json!({ "isInAtList": false })));
    assert!(!words(&elsewhere).1, "group talk that did not mention the bot");
}

#[test]
fn each_type_of_the_vectors_has_its_words() {
    let said = |kind: &str| {
        let file = file("robot_messages");
        let all = file["messages"].as_array().unwrap();
        assert_eq!(all.len(), 7);
        let payload = &all.iter().find(|message| message["kind"] == kind).unwrap()["payload"];
        door().pushed(&Push::Robot { data: payload.to_string() }, now())
    };
    let words_of = |kind: &str| words(&heard(said(kind))).0.to_owned();
    assert_eq!(words_of("text"), "/新建 市场活动 @研发");
    assert_eq!(words_of("richText"), "请看 /进度");
    assert_eq!(words_of("audio"), "查询进度");
    for mute in ["picture", "file", "unknownMsgType"] {
        assert_eq!(words_of(mute), "", "{mute}");
    }
    assert!(matches!(said("over quota"), Ok(Received::Nothing(why)) if why.contains("quota")));
}

#[test]
fn the_official_sdk_reads_the_same_fields() {
    for case in file("robot_messages")["messages"].as_array().unwrap() {
        let of = |payload: &Value| door().pushed(&Push::Robot { data: payload.to_string() }, now());
        // The SDK forgets what is in the content of pictures and of types that it does not know.
        if ["text", "richText"].contains(&case["kind"].as_str().unwrap()) {
            assert_eq!(of(&case["payload"]), of(&case["sdk_roundtrip"]));
        }
    }
}

#[test]
fn text_may_be_nested_or_flat_and_wide_characters_are_what_they_look_like() {
    let text = |more: Value| words(&heard(message(&more))).0.to_owned();
    assert_eq!(text(json!({ "text": { "content": "\u{a0}\u{3000}／确认\u{3000}12 " } })), "/确认 12");
    assert_eq!(text(json!({ "text": null, "content": "帮助" })), "帮助");
    assert_eq!(text(json!({ "text": null, "content": { "content": "帮助" } })), "帮助");
    assert_eq!(text(json!({ "text": "帮助" })), "", "a shape that nobody documents");
    assert_eq!(text(json!({ "msgtype": "richText", "content": [1, 2] })), "");
}

#[test]
fn who_has_no_staff_id_is_heard_by_the_opaque_one_and_who_has_none_is_not() {
    let private = json!({ "senderStaffId": null, "conversationType": "1", "conversationId": "cidSINGLE" });
    let inbound = heard(message(&private));
    assert!(inbound.account.id.starts_with("sender_id:$:LWCP_v1:$"), "{}", inbound.account.id);
    assert_eq!(inbound.place.chat.as_str(), "cidSINGLE", "only the session webhook reaches it");
    let nobody = message(&json!({ "senderStaffId": "", "senderId": null }));
    assert!(matches!(nobody, Ok(Received::Nothing(_))));
}

#[test]
fn fields_that_nobody_needs_may_be_of_any_kind() {
    for odd in [json!(1), json!("1"), json!(true), json!([1]), json!({ "a": 1 }), json!("x")] {
        let more = json!({
            "createAt": odd, "isAdmin": odd, "atUsers": odd, "senderNick": odd, "sessionWebhook": odd,
            "sessionWebhookExpiredTime": odd, "senderCorpId": odd, "chatbotCorpId": odd,
        });
        assert_eq!(words(&heard(message(&more))), ("/新建 市场活动 @研发", true), "{odd}");
    }
    assert!(words(&heard(message(&json!({ "isInAtList": "true" })))).1);
    assert!(!words(&heard(message(&json!({ "isInAtList": "false" })))).1);
}

#[test]
fn what_must_be_there_must_be_there_once_and_in_an_object() {
    for missing in ["msgId", "conversationId", "msgtype"] {
        assert_eq!(message(&json!({ missing: null })), Err(Rejected::Unreadable), "{missing}");
    }
    assert_eq!(message(&json!({ "msgId": "" })), Err(Rejected::Unreadable));
    let twice = r#"{"msgId":"1","conversationId":"c","msgtype":"text","msgId":"2","senderStaffId":"u"}"#;
    let after = r#"{"msgId":"1","conversationId":"c","msgtype":"text","senderStaffId":"u"} x"#;
    for body in [twice, after, "", "[]", r#"["1","c","text"]"#, "null", "{", "\u{feff}{}"] {
        let pushed = door().pushed(&Push::Robot { data: body.to_owned() }, now());
        assert_eq!(pushed, Err(Rejected::Unreadable), "{body}");
    }
}

#[test]
fn a_message_to_another_robot_is_not_ours() {
    assert_eq!(message(&json!({ "robotCode": "dingsomebodyelse" })), Err(Rejected::Foreign));
    assert!(message(&json!({ "robotCode": null })).is_ok());
}

#[test]
fn a_session_webhook_is_kept_for_the_chat_unless_it_leads_elsewhere() {
    let door = door();
    let mut payload = file("robot_messages")["messages"][0]["payload"].clone();
    let chat = ChatId::new("cidTEAM0001==");
    let url = |door: &Door| {
        use secrecy::ExposeSecret;
        door.sessions.of(&chat, now()).map(|session| session.url.expose_secret().to_owned())
    };
    payload["sessionWebhook"] = json!("https://evil.example/robot/sendBySession?session=1");
    assert!(door.pushed(&Push::Robot { data: payload.to_string() }, now()).is_ok());
    assert_eq!(url(&door), None);
    let good = "https://oapi.dingtalk.com/robot/sendBySession?session=1";
    payload["sessionWebhook"] = json!(good);
    assert!(door.pushed(&Push::Robot { data: payload.to_string() }, now()).is_ok());
    assert_eq!(url(&door).as_deref(), Some(good));
}
