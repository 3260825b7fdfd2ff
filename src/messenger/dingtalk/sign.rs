//! DingTalk's signatures over HTTP requests: of the robot, and of card callbacks.
//!
//! Invariant: both prove only that somebody knew the secret at that time. Neither covers the body, so whoever saw one
//! request in the clear can send others for an hour: TLS alone protects them. Comparisons take the same time.
//!
//! Facts: open platform, "receive messages of a robot" and "register a card callback address", and the vectors
//! `robot_http.json` and `card_callbacks.json`.
#![deny(clippy::indexing_slicing)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::domain::Timestamp;

/// Milliseconds that a timestamp holds, either way. Of card callbacks the documentation names no window; this is ours.
const WINDOW: i64 = 3_600_000;

/// The two headers of a signed request, as they came: `timestamp` and `sign`, or `x-ddpaas-signature-timestamp` and
/// `x-ddpaas-signature`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'a> {
    /// Milliseconds since the epoch, 13 digits.
    pub timestamp: Option<&'a str>,
    /// Base64 of an HMAC-SHA256.
    pub sign: Option<&'a str>,
}

impl Headers<'_> {
    /// Whether the robot's sign holds: the secret signs the timestamp, a line break and itself.
    pub fn signed_by_robot(&self, secret: &SecretString, now: Timestamp) -> bool {
        let message = |timestamp: &str| format!("{timestamp}\n{}", secret.expose_secret());
        self.signed(secret, message, now)
    }

    /// Whether the signature of a card callback holds: the secret signs the timestamp.
    pub fn signed_for_card(&self, secret: &SecretString, now: Timestamp) -> bool {
        self.signed(secret, str::to_owned, now)
    }

    fn signed(&self, secret: &SecretString, message: impl Fn(&str) -> String, now: Timestamp) -> bool {
        let (Some(timestamp), Some(sign)) = (self.timestamp, self.sign) else { return false };
        is_fresh(timestamp, now) && same(&mac(secret, &message(timestamp)), sign)
    }
}

/// The secret that card callbacks are registered with. Nobody has to configure it, and every replica has the same.
pub fn card_secret(client_secret: &SecretString) -> SecretString {
    SecretString::from(mac(client_secret, "liaison/card-callbacks"))
}

/// Whether a timestamp in milliseconds lies within the window; it has 13 digits until the year 2286.
pub fn is_fresh(timestamp: &str, now: Timestamp) -> bool {
    let is_plain = timestamp.len() == 13 && timestamp.bytes().all(|b| b.is_ascii_digit());
    let stamped = timestamp.parse::<i64>().ok().filter(|_| is_plain);
    stamped.is_some_and(|at| now.as_millisecond().saturating_sub(at).abs() <= WINDOW)
}

/// Whether two texts are the same, without telling by the time it takes where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// HMAC takes keys of any length, so this cannot fail; see `Hmac::new_from_slice`.
fn mac(secret: &SecretString, message: &str) -> String {
    let key = secret.expose_secret().as_bytes();
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_signature_of_the_vectors_is_made_alike_and_holds() {
        let file = include_str!("../../../tests/platform/vectors/dingtalk/robot_http.json");
        let file: Value = serde_json::from_str(file).unwrap();
        let signatures = file["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), 12);
        for case in signatures {
            let text = |field: &str| case[field].as_str().unwrap();
            let secret = SecretString::from(text("secret").to_owned());
            let now = Timestamp::from_millisecond(text("timestamp").parse().unwrap()).unwrap();
            let headers = Headers { timestamp: Some(text("timestamp")), sign: Some(text("sign")) };
            assert!(headers.signed_by_robot(&secret, now), "{case}");
            let encoded = Headers { sign: Some(text("sign_urlencoded")), ..headers };
            assert!(!encoded.signed_by_robot(&secret, now), "{case}");
        }
    }

    #[test]
    fn only_thirteen_digits_within_the_hour_are_fresh() {
        let now = Timestamp::from_millisecond(1_795_231_917_490).unwrap();
        for fresh in ["1795231917490", "1795228317490", "1795235517490"] {
            assert!(is_fresh(fresh, now), "{fresh}");
        }
        let stale = [
            "1795228317489",
            "1795235517491",
            "1795231917",
            "+795231917490",
            "01795231917490",
            "١795231917490",
            "",
            "99999999999999999999",
        ];
        for stale in stale {
            assert!(!is_fresh(stale, now), "{stale}");
        }
    }

    #[test]
    fn the_secret_of_card_callbacks_is_not_the_apps_own() {
        let secret = SecretString::from("the app's secret".to_owned());
        let derived = card_secret(&secret);
        assert_eq!(derived.expose_secret(), card_secret(&secret).expose_secret());
        assert_ne!(derived.expose_secret(), secret.expose_secret());
    }
}
