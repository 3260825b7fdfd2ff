//! Buttons pressed on Feishu: decrypted, verified, unsealed, decided, committed, answered with the new card.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use liaison::{Running, Service, TimeSource};
use serde_json::json;
use tokio::net::TcpListener;

use crate::clicks::Contact;
use crate::load::Latencies;
use crate::{CLICKS, clicks, rate, seed};

#[expect(dead_code, reason = "shared with the stories, which also open answers")]
#[path = "../../tests/platform/world/envelope.rs"]
pub mod envelope;

use envelope::{Event, KEY, TOKEN};

/// Seals the buttons; the service keeps it in its database.
const BUTTON_KEY: &str = "a key of the bench";
const DEMO: &str = include_str!("../../config/demo/directory.toml");

/// How long 200 clicks a second are held.
pub const A_MINUTE: Duration = Duration::from_secs(60);

/// Clicks a second at saturation on SQLite, on files that are in memory.
pub async fn on_sqlite() -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    prepare(&database, CLICKS).await;
    let (url, running) = starts(folder.path(), &database, "").await;
    let client = seed::client();
    // The first round also brings the files into memory, as the sending of their cards does in life.
    clicks::all(presses(&client, &url, FIRST, CLICKS)).await;
    let took = clicks::all(presses(&client, &url, SECOND, CLICKS)).await;
    running.stop().await;
    rate(CLICKS, took)
}

pub const FIRST: Contact = ("ou_linaa", "YFB");
const SECOND: Contact = ("ou_wangfang", "CWB");

/// The first `clicks` clicks of a contact, made ready beforehand: what a messenger does for its signature is not ours
/// to count.
pub fn presses(
    client: &reqwest::Client,
    url: &str,
    contact: Contact,
    clicks: usize,
) -> impl Fn(usize) -> BoxFuture<'static, ()> + Clone + Send + 'static {
    let ready: Arc<[reqwest::Request]> = (1..=clicks).map(|n| press(client, url, contact, n)).collect();
    let client = client.clone();
    move |n| {
        let (client, ready) = (client.clone(), ready.clone());
        Box::pin(
            async move { answered(client.execute(ready[n - 1].try_clone().unwrap()).await.unwrap()).await },
        )
    }
}

/// Requests, the cards that are pressed, and the key that their buttons are sealed with.
pub async fn prepare(database: &str, clicks: usize) {
    seed::at_rest(database, clicks).await;
    seed::run(database, &seed::cards(clicks)).await;
    let kept = format!(
        "DELETE FROM switch WHERE name = 'button_key'; \
         INSERT INTO switch (name, value, since) VALUES ('button_key', '{BUTTON_KEY}', 0);"
    );
    seed::run(database, &kept).await;
}

/// Latencies at a rate for so long, on a service that has just started.
pub async fn at(rate: f64, lasts: Duration) -> Latencies {
    let clicks = clicks::within(rate, lasts);
    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    prepare(&database, clicks).await;
    let (url, running) = starts(folder.path(), &database, "").await;
    let took = clicks::at_rate(rate, clicks, presses(&seed::client(), &url, FIRST, clicks)).await;
    running.stop().await;
    took
}

/// A service with Feishu's door, and what else a configuration says.
pub async fn starts(folder: &std::path::Path, database: &str, more: &str) -> (String, Running) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (directory, file) = (folder.join("directory.toml"), folder.join("liaison.toml"));
    let linked = [("li.na", "ou_linaa"), ("wang.fang", "ou_wangfang")];
    let text = linked.iter().fold(DEMO.to_owned(), |text, (id, account)| {
        text.replace(
            &format!("id = \"{id}\"\n"),
            &format!("id = \"{id}\"\naccounts = {{ feishu = \"{account}\" }}\n"),
        )
    });
    std::fs::write(&directory, text).unwrap();
    let text = format!(
        "[server]\nlisten = \"{addr}\"\n[database]\nurl = \"{database}\"\n[directory]\nfile = \"{}\"\n[policy]\nfile = \"\"\n\
         [feishu]\nenabled = true\nmode = \"webhook\"\napp_id = \"{}\"\napp_secret = \"x\"\nencrypt_key = \"{KEY}\"\n\
         verification_token = \"{TOKEN}\"\nbase_url = \"http://127.0.0.1:9\"\n{more}",
        directory.display(),
        crate::world::feishu::APP_ID,
    );
    std::fs::write(&file, text).unwrap();
    let config = liaison::load_config(Some(&file), std::iter::empty()).unwrap();
    let service = Service::open(&config, TimeSource::Frozen(seed::monday())).await.unwrap();
    (format!("http://{addr}/webhook/feishu/event"), service.start(listener).unwrap())
}

fn press(client: &reqwest::Client, url: &str, (account, department): Contact, n: usize) -> reqwest::Request {
    let request = seed::number(n);
    let want = json!({ "want": "confirm", "request": request, "department": department, "version": 1 });
    let event = pressed(&format!("{account}-{n}"), (account, n), &sealed(&want));
    posted(client, url, event.hidden(KEY))
}

/// An account presses a button, which carries this, on a card.
pub fn pressed(event: &str, (account, card): (&str, usize), sealed: &str) -> Event {
    let body = json!({
        "operator": { "open_id": account, "tenant_key": envelope::TENANT },
        "token": "c-bench",
        "action": { "tag": "button", "value": { "w": sealed } },
        "context": { "open_message_id": format!("om_{card}"), "open_chat_id": "oc_bench" },
    });
    Event { id: event.to_owned(), kind: "card.action.trigger", body }
}

/// A body under its signature.
pub fn posted(client: &reqwest::Client, url: &str, body: Vec<u8>) -> reqwest::Request {
    let mut post = client.post(url);
    for (name, value) in envelope::signature(&body, machine(), KEY) {
        post = post.header(name, value);
    }
    post.body(body).build().unwrap()
}

async fn answered(answer: reqwest::Response) {
    let status = answer.status();
    let answer = answer.text().await.unwrap();
    assert!(status.is_success(), "a click was answered {status}: {answer}");
    assert!(answer.contains(r#""type":"success""#), "{answer}");
}

/// As the service seals what its buttons stand for.
pub fn sealed(want: &serde_json::Value) -> String {
    let body = json!({ "until": i64::MAX, "want": want }).to_string();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(BUTTON_KEY.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("{}.{}", URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// The machine's own time.
pub fn machine() -> jiff::Timestamp {
    #[expect(clippy::disallowed_methods, reason = "signature windows live on the machine's own time")]
    jiff::Timestamp::now()
}
