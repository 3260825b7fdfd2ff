//! Registration: the platform is asked for an address before every connection, since its ticket is good for one only.
//!
//! Invariant: the address holds a ticket and is never shown, neither in a log nor in an error. Events are not subscribed
//! to: none of them is acted on, and each would count against the month's quota.
//!
//! Facts: the official SDKs (`stream_sessions.json`); of the codes of a refusal only the documentation's.

use std::time::Duration;

use reqwest::header::ACCEPT;
use reqwest::{Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::Trouble;
use super::frame::{CARD, ROBOT};
use crate::messenger::dingtalk::Options;

/// An answer is a kilobyte; one that is longer than this is none.
const LONGEST_ANSWER: usize = 64 << 10;
/// So much of what the platform says of a failure is repeated, in characters.
const LONGEST_WORD: usize = 200;
/// What of the codes only people can put right begins with.
const REFUSALS: &[&str] = &[
    "authFailed",
    "invalidClientIdOrSecret",
    "Forbidden.AccessDenied.AccessTokenPermissionDenied",
    "Forbidden.AccessDenied.IpNotInWhiteList",
    "Forbidden.AccessDenied.ApiCountLimitForOrg",
];

#[derive(Deserialize)]
struct Registered {
    endpoint: String,
    ticket: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    code: String,
    message: String,
}

/// `POST {base}/v1.0/gateway/connections/open`: the address to connect to, once, within ninety seconds.
pub async fn register(
    http: &reqwest::Client,
    options: &Options,
    patience: Duration,
) -> Result<SecretString, Trouble> {
    let ask = async {
        let url = format!("{}/v1.0/gateway/connections/open", options.base_url);
        let topics = [ROBOT, CARD].map(|topic| json!({ "type": "CALLBACK", "topic": topic }));
        let body = json!({
            "clientId": options.client_id,
            "clientSecret": options.client_secret.expose_secret(),
            "subscriptions": topics,
            "ua": concat!("liaison/", env!("CARGO_PKG_VERSION")),
        });
        // Without it the answer is XML.
        let asked = http.post(url).header(ACCEPT, "application/json").json(&body);
        let answer = asked.send().await.map_err(unreachable)?;
        let status = answer.status();
        Ok((status, read(answer).await?))
    };
    let answer = tokio::time::timeout(patience, ask).await;
    let (status, body) =
        answer.unwrap_or_else(|_| Err(Trouble::Again("the registration was not answered".to_owned())))?;
    match status {
        StatusCode::OK => understand(&body, &options.base_url),
        status => Err(refusal(status, &body)),
    }
}

fn unreachable(error: reqwest::Error) -> Trouble {
    Trouble::Again(format!("the registration cannot be reached: {}", error.without_url()))
}

async fn read(mut answer: Response) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Err(Trouble::Again("the answer to the registration is too long".to_owned()));
        }
    }
    Ok(body)
}

fn understand(body: &[u8], base_url: &str) -> Result<SecretString, Trouble> {
    let again = |why: &str| Trouble::Again(why.to_owned());
    let Ok(registered) = serde_json::from_slice::<Registered>(body) else {
        return Err(again("the answer to the registration cannot be read"));
    };
    let Ok(mut url) = Url::parse(&registered.endpoint) else {
        return Err(again("the answer to the registration names no address"));
    };
    // Only who is asked in the clear, as in tests, may send us on in the clear.
    let is_safe = url.scheme() == "wss" || (url.scheme() == "ws" && base_url.starts_with("http://"));
    if !is_safe || registered.ticket.is_empty() {
        return Err(again("the answer to the registration names no address with TLS and ticket"));
    }
    url.query_pairs_mut().append_pair("ticket", &registered.ticket);
    Ok(SecretString::from(String::from(url)))
}

/// What a refusal means, with the platform's own words, shortened.
fn refusal(status: StatusCode, body: &[u8]) -> Trouble {
    let failure: Failure = serde_json::from_slice(body).unwrap_or_default();
    let said = format!("{} {}", failure.code, failure.message);
    let said: String = said.chars().filter(|c| !c.is_control()).take(LONGEST_WORD).collect();
    let why = format!("HTTP {}, {}", status.as_u16(), said.trim());
    let is_known = REFUSALS.iter().any(|code| failure.code.starts_with(code));
    match status == StatusCode::UNAUTHORIZED || is_known {
        true => Trouble::Refused(why),
        false => Trouble::Again(format!("the registration was answered with {why}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://api.dingtalk.com";

    #[test]
    fn the_ticket_is_encoded_and_does_not_show() {
        let body = json!({ "endpoint": "wss://h:443/connect", "ticket": "a+b/c==&x" }).to_string();
        let address = understand(body.as_bytes(), BASE).unwrap();
        assert_eq!(address.expose_secret(), "wss://h/connect?ticket=a%2Bb%2Fc%3D%3D%26x");
        assert!(!format!("{address:?}").contains("ticket="));
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_asked_for_again() {
        let with =
            |endpoint: &str, ticket: &str| json!({ "endpoint": endpoint, "ticket": ticket }).to_string();
        let odd = [
            String::new(),
            "<xml/>".to_owned(),
            "{}".to_owned(),
            with("", "t"),
            with("nowhere", "t"),
            with("wss://h/connect", ""),
            with("ws://h/connect", "t"),
            with("https://h/connect", "t"),
        ];
        for body in odd {
            assert!(matches!(understand(body.as_bytes(), BASE), Err(Trouble::Again(_))), "{body}");
        }
        let plain = with("ws://h/connect", "t");
        assert!(
            understand(plain.as_bytes(), "http://127.0.0.1").is_ok(),
            "who is asked in the clear may answer so"
        );
    }

    #[test]
    fn what_only_people_can_put_right_is_told_from_what_passes() {
        let of = |status: u16, code: &str| {
            let body = json!({ "code": code, "message": "m\nm", "requestid": "r" }).to_string();
            refusal(StatusCode::from_u16(status).unwrap(), body.as_bytes())
        };
        assert_eq!(of(401, "authFailed"), Trouble::Refused("HTTP 401, authFailed mm".to_owned()));
        assert!(matches!(of(400, "invalidClientIdOrSecret"), Trouble::Refused(_)));
        assert!(matches!(of(403, "Forbidden.AccessDenied.ApiCountLimitForOrg"), Trouble::Refused(_)));
        assert!(matches!(of(403, "Forbidden.AccessDenied.QpsLimitForApi"), Trouble::Again(_)));
        assert!(matches!(of(500, "system.busy"), Trouble::Again(_)));
        assert!(matches!(refusal(StatusCode::BAD_GATEWAY, b"<html>"), Trouble::Again(_)));
    }
}
