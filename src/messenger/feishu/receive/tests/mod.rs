//! Stories of the door: every vector of the platform's SDKs, and what no SDK looks at.
//!
//! The vectors are stamped 1795219200; the clock here stands at that moment unless a story moves it.

#![expect(clippy::panic, reason = "a story that cannot go on says what it got instead")]

use aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Door, Headers, Received};
use crate::domain::Timestamp;
use crate::intent::{Inbound, Said, Want};
use crate::messenger::Rejected;
use crate::messenger::feishu::{Mode, Options};
use crate::messenger::seal::SealKey;

mod clicks;
mod crypt;
mod events;
mod forged;
mod mutated;
mod refused;
mod talk;

const APP: &str = "cli_a1b2c3d4e5f60718";
const BOT: &str = "ou_b07b07b07b07b07b07b07b07b07b07b0";
const TENANT: &str = "2ca1d211f64f6438";
const KEY: &str = "collab-bot encrypt key 2026";
const TOKEN: &str = "v3rif1cat1onT0ken_abcDEF0123456";
const NONCE: &str = "a7c3e19b-5d02-4f6e";
const STAMPED: i64 = 1_795_219_200;

fn now() -> Timestamp {
    after(0)
}

fn after(seconds: i64) -> Timestamp {
    Timestamp::from_second(STAMPED + seconds).unwrap()
}

fn options(encrypt_key: &str, verification_token: &str) -> Options {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned().into());
    Options {
        app_id: APP.to_owned(),
        app_secret: "app secret".to_owned().into(),
        encrypt_key: some(encrypt_key),
        previous_encrypt_key: None,
        verification_token: some(verification_token),
        mode: Mode::Webhook,
        base_url: "https://open.feishu.cn".to_owned(),
        login: false,
        network: Default::default(),
    }
}

fn seal() -> SealKey {
    SealKey::new(b"the key of the buttons")
}

fn door_of(options: &Options) -> Door {
    let door = Door::new(options, seal());
    door.known_as(BOT.to_owned());
    door
}

fn door() -> Door {
    door_of(&options(KEY, TOKEN))
}

/// A door that was never given an Encrypt Key.
fn open_door() -> Door {
    door_of(&options("", TOKEN))
}

/// The headers of a POST, as far as they are there.
#[derive(Clone, Debug, Default)]
struct Stamps(Option<String>, Option<String>, Option<String>);

impl Stamps {
    fn headers(&self) -> Headers<'_> {
        Headers { timestamp: self.0.as_deref(), nonce: self.1.as_deref(), signature: self.2.as_deref() }
    }
}

/// The headers with which the platform posts `body` at `at`.
fn stamp(body: &[u8], at: Timestamp, key: &str) -> Stamps {
    let timestamp = at.as_second().to_string();
    let hash = Sha256::new().chain_update(&timestamp).chain_update(NONCE).chain_update(key);
    let signature = hex::encode(hash.chain_update(body).finalize());
    Stamps(Some(timestamp), Some(NONCE.to_owned()), Some(signature))
}

/// The body that hides `plain`.
fn hide(plain: &[u8], key: &str) -> Vec<u8> {
    let iv = [7_u8; 16];
    let cbc = Encryptor::<Aes256>::new_from_slices(&Sha256::digest(key), &iv).unwrap();
    let cipher = [iv.to_vec(), cbc.encrypt_padded_vec::<Pkcs7>(plain)].concat();
    json!({ "encrypt": STANDARD.encode(cipher) }).to_string().into_bytes()
}

fn post(door: &Door, stamps: &Stamps, body: &[u8]) -> Result<Received, Rejected> {
    door.receive(&stamps.headers(), body, now())
}

/// Hidden, signed and posted as the platform does it.
fn deliver(door: &Door, envelope: &Value) -> Result<Received, Rejected> {
    let body = hide(envelope.to_string().as_bytes(), KEY);
    post(door, &stamp(&body, now(), KEY), &body)
}

/// An envelope of schema 2.0.
fn envelope(kind: &str, event: &Value) -> Value {
    let header = json!({
        "event_id": "ev_1", "event_type": kind, "create_time": "1795219199000", "token": TOKEN, "app_id": APP,
        "tenant_key": TENANT,
    });
    json!({ "schema": "2.0", "header": header, "event": event })
}

/// What was heard, when something was.
fn heard(received: Result<Received, Rejected>) -> Inbound {
    match received {
        Ok(Received::Heard(inbound)) => inbound,
        other => panic!("not heard: {other:?}"),
    }
}

/// The words and whether they were for the bot.
fn words(inbound: &Inbound) -> (&str, bool) {
    match &inbound.said {
        Said::Text { text, to_bot, .. } => (text, *to_bot),
        other => panic!("no words: {other:?}"),
    }
}

/// One stored POST.
struct Case {
    name: String,
    door: Door,
    stamps: Stamps,
    body: Vec<u8>,
    plain: String,
}

impl Case {
    fn post(&self) -> Result<Received, Rejected> {
        post(&self.door, &self.stamps, &self.body)
    }
}

fn file(name: &str) -> Value {
    let text = match name {
        "events" => include_str!("../../../../../tests/platform/vectors/feishu/events.json"),
        "negative" => include_str!("../../../../../tests/platform/vectors/feishu/negative.json"),
        "url_verification" => {
            include_str!("../../../../../tests/platform/vectors/feishu/url_verification.json")
        }
        "card_callbacks" => include_str!("../../../../../tests/platform/vectors/feishu/card_callbacks.json"),
        "crypto" => include_str!("../../../../../tests/platform/vectors/feishu/crypto.json"),
        "custom_bot_sign" => {
            include_str!("../../../../../tests/platform/vectors/feishu/custom_bot_sign.json")
        }
        "node_sdk" => include_str!("../../../../../tests/platform/vectors/feishu/node_sdk.json"),
        "ws" => include_str!("../../../../../tests/platform/vectors/feishu/ws.json"),
        other => panic!("no vectors called {other}"),
    };
    serde_json::from_str(text).unwrap()
}

/// The cases under `list` of a file.
fn cases(name: &str, list: &str) -> Vec<Case> {
    let file = file(name);
    let text = |case: &Value, key: &str| case[key].as_str().unwrap_or_default().to_owned();
    let case = |case: &Value| {
        let header = |name: &str| case["headers"][name].as_str().map(str::to_owned);
        let stamps = ["X-Lark-Request-Timestamp", "X-Lark-Request-Nonce", "X-Lark-Signature"].map(header);
        let [timestamp, nonce, signature] = stamps;
        Case {
            name: text(case, "name"),
            door: door_of(&options(&text(case, "encrypt_key"), &text(case, "verification_token"))),
            stamps: Stamps(timestamp, nonce, signature),
            body: text(case, "body").into_bytes(),
            plain: text(case, "plaintext"),
        }
    };
    let all: Vec<_> = file[list].as_array().unwrap().iter().map(case).collect();
    assert!(!all.is_empty());
    all
}

fn case(name: &str, list: &str, wanted: &str) -> Case {
    cases(name, list).into_iter().find(|case| case.name == wanted).unwrap()
}

/// A want and the value of a button that stands for it.
fn button() -> (Want, String) {
    let want = Want::Confirm {
        request: Some("2026-Q4-SCB-001".into()),
        department: Some("FIN".into()),
        version: Some(3),
    };
    let sealed = seal().seal(&want, now());
    (want, sealed)
}
