//! What the official SDKs were fed, and what they answered: we answer the same.
//!
//! Two differences are wanted: a callback that comes by the road of cards is answered, and how long it took is ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::frame::Frame;
use super::*;

const WS: &str = include_str!("../../../../../tests/platform/vectors/feishu/ws.json");
const NODE: &str = include_str!("../../../../../tests/platform/vectors/feishu/node_sdk.json");

fn bytes(hexed: &Value) -> Vec<u8> {
    hex::decode(hexed.as_str().unwrap()).unwrap()
}

/// A frame without what is free: the time it took, and the spacing of JSON in the payload and in its data.
fn essence(raw: &[u8]) -> (Frame, Value, Option<Value>) {
    let mut frame = Frame::read(raw).unwrap();
    for header in frame.headers.iter_mut().filter(|header| header.key == "biz_rt") {
        assert!(header.value.parse::<u64>().is_ok());
        header.value.clear();
    }
    let mut payload: Value = serde_json::from_slice(&frame.payload.take().unwrap()).unwrap();
    let data = payload.as_object_mut().unwrap().remove("data");
    let data =
        data.map(|data| serde_json::from_slice(&STANDARD.decode(data.as_str().unwrap()).unwrap()).unwrap());
    (frame, payload, data)
}

/// Feeds the frames to a stream whose handler says what the SDK's said, and compares what comes back.
async fn runs(name: &str, inputs: &Value, expected: &[Vec<u8>]) {
    let ws: Value = serde_json::from_str(WS).unwrap();
    let expected: Vec<_> = expected.iter().map(|raw| essence(raw)).collect();
    let said = expected.first().map(|(_, payload, data)| (payload["code"] == 500, data.clone()));
    let handler = acts(move |_| {
        let said = said.clone();
        async move {
            match said {
                Some((true, _)) => Err(Busy),
                Some((false, data)) => Ok(data),
                None => Ok(None),
            }
        }
    });
    let fake = Fake::start().await.unwrap();
    let running = Running::start(&fake, quick(), handler);
    for input in inputs.as_array().unwrap() {
        fake.sends(bytes(&ws["frames"][input.as_str().unwrap()]["hex"]));
    }
    fake.says(Said::event("the last one", "{}"));
    fake.until(|seen| seen.acks.iter().any(|ack| ack.id == "the last one")).await;
    running.stop().await;
    let seen = fake.until(|seen| !seen.ended.is_empty()).await;
    assert_eq!(seen.opened.len(), 1, "{name}");
    let ours: Vec<_> = seen.acks.iter().filter(|ack| ack.id != "the last one").collect();
    if name == "ack_callback_type_card" {
        assert!(expected.is_empty());
        assert_eq!(ours.len(), 1);
        assert_eq!(ours[0].body, serde_json::json!({"code": 200, "data": "e30="}));
        return;
    }
    let ours: Vec<_> = ours.iter().map(|ack| essence(&ack.bytes)).collect();
    assert_eq!(ours, expected, "{name}");
}

#[tokio::test]
async fn acknowledgements_are_those_of_the_python_sdk() {
    let ws: Value = serde_json::from_str(WS).unwrap();
    let all = ws["runs"].as_object().unwrap();
    assert_eq!(all.len(), 8);
    for (name, run) in all {
        let acks: Vec<_> = run["acks"].as_array().unwrap().iter().map(|ack| bytes(&ack["hex"])).collect();
        runs(name, &run["inputs"], &acks).await;
    }
}

#[tokio::test]
async fn acknowledgements_are_those_of_the_node_sdk() {
    let node: Value = serde_json::from_str(NODE).unwrap();
    let all = node["ws_runs"].as_object().unwrap();
    assert_eq!(all.len(), 8);
    for (name, run) in all {
        let acks: Vec<_> = run["acks_hex"].as_array().unwrap().iter().map(bytes).collect();
        runs(name, &run["inputs"], &acks).await;
    }
}

#[tokio::test]
async fn discovery_asks_as_the_sdk_does() {
    let ws: Value = serde_json::from_str(WS).unwrap();
    let fake = Fake::start().await.unwrap();
    let running = Running::start(&fake, quick(), takes_all());
    let seen = fake.until(|seen| !seen.discoveries.is_empty()).await;
    let (head, body) = seen.discoveries[0].split_once("\r\n\r\n").unwrap();
    let request = &ws["endpoint"]["request"];
    assert_eq!(serde_json::from_str::<Value>(body).unwrap(), request["body"]);
    let head = head.to_ascii_lowercase();
    for (key, value) in request["headers"].as_object().unwrap() {
        let line = format!("\r\n{key}: {}", value.as_str().unwrap()).to_ascii_lowercase();
        assert!(head.contains(&line), "{head}");
    }
    assert!(!head.contains("authorization"));
    running.stop().await;
}
