//! What Feishu puts around an event: the envelope, the cipher, the signature.
//!
//! Invariant: nothing of the service is used here, so that a misunderstanding does not cancel out.

use aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::feishu::APP_ID;

/// The Encrypt Key of the vectors.
pub const KEY: &str = "collab-bot encrypt key 2026";
/// The Verification Token of the vectors.
pub const TOKEN: &str = "v3rif1cat1onT0ken_abcDEF0123456";
/// The company.
pub const TENANT: &str = "2ca1d211f64f6438";
const NONCE: &str = "a7c3e19b-5d02-4f6e";

/// Something that happened on Feishu.
#[derive(Clone, Debug)]
pub struct Event {
    /// `event_id`.
    pub id: String,
    /// `im.message.receive_v1`, …
    pub kind: &'static str,
    /// The `event` object.
    pub body: Value,
}

impl Event {
    /// The envelope in the clear: schema 2.0, or 1.0 where the event says its own type.
    pub fn envelope(&self) -> Value {
        if self.body["type"] == self.kind {
            return json!({ "uuid": self.id, "token": TOKEN, "ts": "1795219199", "type": "event_callback",
                "event": self.body });
        }
        let header = json!({
            "event_id": self.id, "event_type": self.kind, "create_time": "1795219199000", "token": TOKEN,
            "app_id": APP_ID, "tenant_key": TENANT,
        });
        json!({ "schema": "2.0", "header": header, "event": self.body })
    }

    /// The body of the POST, under an Encrypt Key.
    pub fn hidden(&self, key: &str) -> Vec<u8> {
        let iv = [7_u8; 16];
        let cbc = Encryptor::<Aes256>::new_from_slices(&Sha256::digest(key), &iv).unwrap();
        let cipher = cbc.encrypt_padded_vec::<Pkcs7>(self.envelope().to_string().as_bytes());
        json!({ "encrypt": STANDARD.encode([iv.to_vec(), cipher].concat()) }).to_string().into_bytes()
    }
}

/// The headers of a POST of `body` at `at`, under the same key.
pub fn signature(body: &[u8], at: Timestamp, key: &str) -> [(&'static str, String); 3] {
    let timestamp = at.as_second().to_string();
    let hash = Sha256::new().chain_update(&timestamp).chain_update(NONCE).chain_update(key);
    [
        ("x-lark-request-timestamp", timestamp),
        ("x-lark-request-nonce", NONCE.to_owned()),
        ("x-lark-signature", hex::encode(hash.chain_update(body).finalize())),
    ]
}

/// What an acknowledgement on the long connection carries: base64 of JSON, or nothing.
pub fn opened(data: &Value) -> Value {
    let bytes = data.as_str().map(|text| STANDARD.decode(text).unwrap());
    bytes.map_or(Value::Null, |bytes| serde_json::from_slice(&bytes).unwrap())
}
