//! The fake refuses what Feishu refuses: a client that passes here is not passed by leniency.
//!
//! Invariant: each refusal is asked for over the wire, as a careless client would.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::api_tests::ground;
use super::fake::{Fake, GROUP, open_id};

const MESSAGES: &str = "/open-apis/im/v1/messages";

struct Careless {
    fake: Fake,
    client: Client,
}

impl Careless {
    async fn new() -> Self {
        let (fake, _) = ground().await;
        Self { fake, client: Client::builder().no_proxy().build().unwrap() }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.fake.base_url()))
    }

    /// Status, code and reset header of an answer with a good token and JSON.
    async fn ask(&self, method: Method, path: &str, body: &Value) -> (u16, i64, Option<String>) {
        let token = self.fake.state().token().0;
        let request = self.request(method, path).bearer_auth(token);
        let answer = request.json(body).send().await.unwrap();
        let reset =
            answer.headers().get("x-ogw-ratelimit-reset").map(|value| value.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        (status, body["code"].as_i64().unwrap(), reset)
    }

    async fn post(&self, query: &str, body: &Value) -> i64 {
        self.ask(Method::POST, &format!("{MESSAGES}{query}"), body).await.1
    }
}

fn text(to: &str, key: &str) -> Value {
    json!({"receive_id": to, "msg_type": "text", "content": "{\"text\":\"hi\"}", "uuid": key})
}

#[tokio::test]
async fn messages_of_a_wrong_shape() {
    let careless = Careless::new().await;
    let with = |field: &str, value: Value| {
        let mut body = text(GROUP, "k");
        body[field] = value;
        body
    };
    let cases = [
        ("", text(GROUP, "k"), 99992402),
        ("?receive_id_type=phone", text(GROUP, "k"), 99992402),
        ("?receive_id_type=open_id", text(GROUP, "k"), 230034),
        ("?receive_id_type=chat_id", text(&open_id('a'), "k"), 230034),
        ("?receive_id_type=chat_id", with("uuid", json!("k".repeat(51))), 99992402),
        ("?receive_id_type=chat_id", with("content", json!({"text": "hi"})), 99992402),
        ("?receive_id_type=chat_id", with("content", json!("hi")), 230001),
        ("?receive_id_type=chat_id", with("content", json!("{\"text\":\"\"}")), 230001),
        ("?receive_id_type=chat_id", with("msg_type", json!("carrier pigeon")), 230001),
        ("?receive_id_type=chat_id", with("msg_type", json!("interactive")), 230099),
        ("?receive_id_type=chat_id", with("uuid", json!("k".repeat(50))), 0),
    ];
    for (query, body, code) in cases {
        assert_eq!(careless.post(query, &body).await, code, "{query} {body}");
    }
    assert_eq!(careless.fake.messages().len(), 1);
}

#[tokio::test]
async fn calls_without_a_good_token_or_content_type() {
    let careless = Careless::new().await;
    let path = format!("{MESSAGES}?receive_id_type=chat_id");
    let code = async |request: reqwest::RequestBuilder| {
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["code"].as_i64().unwrap()
    };
    let post = || careless.request(Method::POST, &path);
    let body = text(GROUP, "k");
    let token = careless.fake.state().token().0;
    assert_eq!(code(post().bearer_auth(&token).body(body.to_string())).await, 9499);
    assert_eq!(code(post().json(&body)).await, 99991661);
    assert_eq!(code(post().bearer_auth("u-1").json(&body)).await, 99991671);
    assert_eq!(code(post().bearer_auth("t-1").json(&body)).await, 99991663);
    careless.fake.passes(Duration::from_secs(7201));
    assert_eq!(code(post().bearer_auth(&token).json(&body)).await, 99991663, "it has ended");
    let token = careless.fake.state().token().0;
    assert_eq!(code(careless.request(Method::GET, "/open-apis/im/v9").bearer_auth(token)).await, 99991201);
}

#[tokio::test]
async fn a_token_is_issued_again_until_it_is_nearly_over() {
    let careless = Careless::new().await;
    let token = || careless.fake.state().token().0;
    let first = token();
    careless.fake.passes(Duration::from_secs(5000));
    assert_eq!(token(), first);
    careless.fake.passes(Duration::from_secs(500));
    assert_ne!(token(), first);
    assert!(careless.fake.state().knows_token(&first), "both are good meanwhile");
}

#[tokio::test]
async fn too_much_at_once() {
    let careless = Careless::new().await;
    assert_eq!(careless.post("?receive_id_type=chat_id", &text(GROUP, "k0")).await, 0);
    let crowd = |key: &str, many, minute| {
        let mut state = careless.fake.state();
        (0..many).for_each(|_| _ = state.count(key, 5000, minute));
    };
    crowd(&format!("chat {GROUP}"), 5, 5000);
    assert_eq!(careless.post("?receive_id_type=chat_id", &text(GROUP, "k1")).await, 230020);
    assert_eq!(careless.post("?receive_id_type=chat_id", &text(GROUP, "k0")).await, 0, "said already");
    crowd("call bot.info", 50, 5000);
    let info = careless.ask(Method::GET, "/open-apis/bot/v3/info", &Value::Null);
    assert_eq!(info.await, (429, 99991400, Some("1".to_owned())));
    careless.fake.passes(Duration::from_secs(2));
    crowd("call bot.info", 950, 5000);
    careless.fake.passes(Duration::from_secs(28));
    let (status, code, reset) = careless.ask(Method::GET, "/open-apis/bot/v3/info", &Value::Null).await;
    assert_eq!((status, code), (429, 99991400));
    assert!(reset.is_some_and(|reset| reset.parse::<u64>().unwrap() > 15), "a minute's worth is used up");
}
