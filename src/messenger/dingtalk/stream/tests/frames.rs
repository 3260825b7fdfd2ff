//! Every frame of the vectors, and the answers of the official SDKs byte for byte.

use super::super::frame::{Frame, NOBODY, OK, answer, handled};
use super::*;

fn exchanges(sdk: &str) -> Vec<Value> {
    let file = include_str!("../../../../../tests/platform/vectors/dingtalk/stream_sessions.json");
    let file: Value = serde_json::from_str(file).unwrap();
    assert_eq!(file["sdks"].as_object().unwrap().len(), 3);
    file["sdks"][sdk]["exchanges"].as_array().unwrap().clone()
}

/// What we answer to the frame of an exchange, where the handler does what theirs did.
fn ours(exchange: &Value) -> Option<Value> {
    let theirs = exchange["ack"]["data"].as_str().unwrap_or("{}");
    let theirs: Value = serde_json::from_str(theirs).unwrap();
    let fault = match exchange["case"].as_str().unwrap() {
        "event, handler asks for later" => Err(Fault::Busy),
        _ => Ok(theirs["response"].clone()),
    };
    let text = match Frame::read(&exchange["frame"].to_string()) {
        Frame::Push { id, push } => handled(&id, &push, &fault),
        Frame::Ping { id, data } => answer(&id, OK, &data),
        Frame::Stray { id, .. } => answer(&id, NOBODY, "{}"),
        Frame::Disconnect { .. } => return None,
        Frame::Other(why) => panic!("{why}: {exchange}"),
    };
    Some(Value::String(text))
}

#[test]
fn our_answers_are_those_of_the_node_sdk_byte_for_byte() {
    let mut alike = 0;
    for exchange in exchanges("node-2.1.5") {
        let case = exchange["case"].as_str().unwrap();
        // That SDK leaves strays alone, its pings echo headers that nobody needs, and what a card is answered with is in
        // the order in which somebody wrote it: the story below looks at that.
        if case.starts_with("callback on a topic") || ["system ping", "card callback"].contains(&case) {
            continue;
        }
        assert_eq!(ours(&exchange).unwrap_or(Value::Null), exchange["ack_raw"], "{case}");
        alike += 1;
    }
    assert_eq!(alike, 7);
}

#[test]
fn our_answers_say_what_those_of_the_python_sdk_say() {
    for exchange in exchanges("python-0.24.3") {
        let case = exchange["case"].as_str().unwrap();
        let (Some(ours), Some(theirs)) = (ours(&exchange), exchange["ack"].as_object()) else { continue };
        let ours: Value = serde_json::from_str(ours.as_str().unwrap()).unwrap();
        assert_eq!(ours["headers"], theirs["headers"], "{case}");
        let data = |value: &Value| serde_json::from_str::<Value>(value.as_str().unwrap()).unwrap();
        // Its events are echoed and judged by the code; a failing handler is ours to have tried until it did not.
        if !case.starts_with("event") && !case.contains("failure") {
            assert_eq!(
                (&ours["code"], data(&ours["data"])),
                (&theirs["code"], data(&theirs["data"])),
                "{case}"
            );
        }
    }
}

#[test]
fn every_frame_is_of_some_kind() {
    let frame = |kind: &str, topic: &str, id: &str| {
        let headers = json!({ "topic": topic, "messageId": id, "time": 1 });
        Frame::read(&json!({ "type": kind, "headers": headers, "data": "{}" }).to_string())
    };
    assert_eq!(frame("SYSTEM", "ping", "1"), Frame::Ping { id: "1".into(), data: "{}".into() });
    assert!(matches!(frame("SYSTEM", "disconnect", ""), Frame::Disconnect { .. }));
    let stray = Frame::Stray { id: "1".into(), topic: "/v1.0/graph/api/invoke".into() };
    assert_eq!(frame("CALLBACK", "/v1.0/graph/api/invoke", "1"), stray);
    let others = [frame("SYSTEM", "weather", "1"), frame("LETTER", "x", "1"), frame("CALLBACK", "x", "")];
    let broken = ["", "{", "[]", "null", "{}", r#"{"type":"SYSTEM"}"#, r#"{"type":1,"headers":{}}"#];
    for other in others.into_iter().chain(broken.map(Frame::read)) {
        assert!(matches!(other, Frame::Other(_)), "{other:?}");
    }
}

#[test]
fn the_headers_may_be_in_the_singular_and_data_need_not_be_wrapped() {
    let frame = json!({ "type": "CALLBACK", "header": { "topic": "/v1.0/im/bot/messages/get", "messageId": "1" },
        "data": { "a": 1 } });
    let push = Push::Robot { data: r#"{"a":1}"#.to_owned() };
    assert_eq!(Frame::read(&frame.to_string()), Frame::Push { id: "1".to_owned(), push });
}
