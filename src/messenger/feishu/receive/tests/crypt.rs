//! The cipher and the signatures alone, against the vectors.

use super::*;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::messenger::feishu::crypt::{EncryptKey, Stamp, same};

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap()
}

fn key_of(case: &Value, field: &str) -> EncryptKey {
    EncryptKey::new(&text(case, field).to_owned().into())
}

#[test]
fn every_cipher_of_the_vectors_opens() {
    let file = file("crypto");
    for case in file["aes"].as_array().unwrap() {
        let plain = key_of(case, "key").decrypt(text(case, "encrypt")).unwrap();
        assert_eq!(String::from_utf8(plain).unwrap(), text(case, "plaintext"));
    }
}

#[test]
fn every_broken_cipher_fails_and_the_malleable_one_shows_why_that_proves_nothing() {
    let file = file("crypto");
    for case in file["aes_invalid"].as_array().unwrap() {
        let plain = key_of(case, "key").decrypt(text(case, "encrypt"));
        match text(case, "name") {
            "flip_iv_bit" => assert_eq!(plain.unwrap(), text(&case["sdk"], "ok").as_bytes()),
            name => assert_eq!(plain, None, "{name}"),
        }
    }
    assert_eq!(EncryptKey::new(&KEY.to_owned().into()).decrypt(""), None);
}

#[test]
fn every_signature_of_the_vectors_holds_in_lower_case_only() {
    let file = file("crypto");
    for case in file["signature_v2_sha256"].as_array().unwrap() {
        let (timestamp, nonce) = (text(case, "timestamp"), text(case, "nonce"));
        let key = key_of(case, "encrypt_key");
        let holds = |signature: &str| {
            key.signed(&Stamp { timestamp, nonce, signature }, text(case, "body").as_bytes())
        };
        let signature = text(case, "sha256_hex");
        assert!(holds(signature));
        assert!(!holds(&signature.to_uppercase()));
        assert!(!holds(&signature[..63]) && !holds("") && !holds(&format!("{signature}0")));
    }
}

#[test]
fn the_sign_of_a_groups_own_bot_is_the_documented_one() {
    let file = file("custom_bot_sign");
    for case in file["cases"].as_array().unwrap() {
        let sign = sign_for_group_bot(text(case, "timestamp"), &text(case, "secret").to_owned().into());
        assert_eq!(sign, text(case, "sign"));
        assert_ne!(sign, text(case, "WRONG_dingtalk_style"));
    }
}

#[test]
fn texts_are_the_same_or_not() {
    assert!(same("", "") && same("a", "a"));
    assert!(!same("a", "b") && !same("a", "aa") && !same("", "a"));
}

/// The `sign` of a message to a group's own bot (incoming webhook), which this service does not use (yet). Timestamp and secret together are the *key*, and the
/// message is empty. `timestamp` is in seconds.
fn sign_for_group_bot(timestamp: &str, secret: &SecretString) -> String {
    let key = format!("{timestamp}\n{}", secret.expose_secret());
    // HMAC takes keys of any length, so this cannot fail.
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    STANDARD.encode(mac.finalize().into_bytes())
}
