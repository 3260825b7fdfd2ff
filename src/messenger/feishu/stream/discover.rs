//! Where to connect: the platform is asked anew before every connection, since an address is good for one only.
//!
//! The address holds credentials: it is never shown, neither in a log nor in an error.

use std::time::Duration;

use reqwest::{Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::policy::{ClientConfig, Trouble};
use crate::messenger::feishu::Options;

/// An answer is a kilobyte; one that is longer than this is none.
const LONGEST_ANSWER: usize = 64 << 10;
/// So much of what the platform says of a failure is repeated, in characters.
const LONGEST_WORD: usize = 200;

/// What the codes of an answer mean; every other one is worth trying again.
/// A code, and what it means.
type Meaning = (i64, fn(String) -> Trouble);

const CODES: &[Meaning] = &[
    (1, Trouble::Again),             // busy
    (1_000_040_343, Trouble::Again), // internal error
    (1_000_040_345, Trouble::Again), // busy
    (403, Trouble::Refused),
    (514, Trouble::Refused), // authentication
    (1_000_040_344, Trouble::Refused),
    (TOO_MANY, Trouble::Crowded),
];
/// The app has too many connections.
pub const TOO_MANY: i64 = 1_000_040_350;

/// Where to connect, once.
#[derive(Debug)]
pub struct Address {
    /// With credentials in it.
    pub url: SecretString,
    /// The platform's name for the connection, `device_id`: what to look for in the logs.
    pub device: String,
    /// `service_id`: what a ping says.
    pub service: i32,
    /// The rhythm that the platform wants.
    pub config: ClientConfig,
}

#[derive(Deserialize)]
struct Answer {
    code: i64,
    #[serde(default)]
    msg: String,
    #[serde(default)]
    data: Value,
}

/// `POST {base}/callback/ws/endpoint`, with the app's credentials and no token.
pub async fn discover(
    http: &reqwest::Client,
    options: &Options,
    patience: Duration,
) -> Result<Address, Trouble> {
    let ask = async {
        let url = format!("{}/callback/ws/endpoint", options.base_url.trim_end_matches('/'));
        let body = json!({"AppID": options.app_id, "AppSecret": options.app_secret.expose_secret()});
        let answer = http.post(url).header("locale", "zh").json(&body).send().await.map_err(unreachable)?;
        if answer.status() != StatusCode::OK {
            return Err(Trouble::Again(format!("discovery was answered with HTTP {}", answer.status())));
        }
        read(answer).await
    };
    let answer = tokio::time::timeout(patience, ask).await;
    let body = answer.unwrap_or_else(|_| Err(Trouble::Again("discovery was not answered".to_owned())))?;
    understand(&body, options)
}

fn unreachable(error: reqwest::Error) -> Trouble {
    Trouble::Again(format!("discovery cannot be reached: {}", error.without_url()))
}

async fn read(mut answer: Response) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Err(Trouble::Again("the answer to discovery is too long".to_owned()));
        }
    }
    Ok(body)
}

fn understand(body: &[u8], options: &Options) -> Result<Address, Trouble> {
    let again = |why: &str| Trouble::Again(why.to_owned());
    let answer: Answer =
        serde_json::from_slice(body).map_err(|_| again("the answer to discovery cannot be read"))?;
    if answer.code != 0 {
        return Err(meaning(answer.code, &answer.msg));
    }
    let url = answer.data.get("URL").and_then(Value::as_str).unwrap_or_default();
    let Ok(parsed) = Url::parse(url) else {
        return Err(again("the answer to discovery names no address"));
    };
    // Only who is asked in the clear, as in tests, may send us on in the clear.
    if parsed.scheme() != "wss" && !options.base_url.starts_with("http://") {
        return Err(again("the answer to discovery names an address without TLS"));
    }
    let query = |key: &str| parsed.query_pairs().find(|(k, _)| k == key).map(|(_, value)| value.into_owned());
    let Some(service) = query("service_id").and_then(|id| id.parse().ok()) else {
        return Err(again("the answer to discovery names no service"));
    };
    // A rhythm that cannot be read is no reason to have no connection.
    let config = answer.data.get("ClientConfig").cloned().unwrap_or_default();
    let config = serde_json::from_value(config).unwrap_or_default();
    Ok(Address { url: url.into(), device: query("device_id").unwrap_or_default(), service, config })
}

/// What a code means, with the platform's own words, shortened.
fn meaning(code: i64, said: &str) -> Trouble {
    let said: String = said.chars().filter(|c| !c.is_control()).take(LONGEST_WORD).collect();
    let why = format!("{said} (code {code})");
    CODES.iter().find(|(known, _)| *known == code).map_or(Trouble::Again as fn(_) -> _, |(_, class)| *class)(
        why,
    )
}

/// What a refused handshake means, by its headers `Handshake-Status`, `Handshake-Msg` and `Handshake-Autherrcode`.
pub fn refusal(status: u16, header: impl Fn(&str) -> Option<String>) -> Trouble {
    let number = |key: &str| header(key).and_then(|value| value.trim().parse::<i64>().ok());
    let Some(code) = number("Handshake-Status") else {
        return Trouble::Again(format!("the handshake was answered with HTTP {status}"));
    };
    let said = header("Handshake-Msg").unwrap_or_default();
    match (code, number("Handshake-Autherrcode")) {
        (514, Some(TOO_MANY)) => meaning(TOO_MANY, &said),
        (403, _) => meaning(403, &said),
        // Elsewhere 514 is final; of a handshake the SDKs try it again with a fresh address.
        (code, _) => Trouble::Again(format!("the handshake was refused with {code}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messenger::feishu::Mode;

    fn options(base_url: &str) -> Options {
        Options {
            app_id: "cli_1".to_owned(),
            app_secret: "s3cr3t".into(),
            encrypt_key: None,
            previous_encrypt_key: None,
            verification_token: None,
            mode: Mode::Stream,
            base_url: base_url.to_owned(),
            login: false,
            network: Default::default(),
        }
    }

    fn understood(answer: &Value) -> Result<Address, Trouble> {
        understand(answer.to_string().as_bytes(), &options("https://open.feishu.cn"))
    }

    fn endpoint() -> Value {
        let vectors = include_str!("../../../../tests/platform/vectors/feishu/ws.json");
        serde_json::from_str::<Value>(vectors).unwrap()["endpoint"].clone()
    }

    #[test]
    fn the_address_is_read_as_the_sdk_reads_it_and_does_not_show() {
        let address = understood(&endpoint()["response_ok"]).unwrap();
        assert_eq!((address.device.as_str(), address.service), ("7512345678901234567", 33_554_678));
        let shown = format!("{address:?}");
        assert!(!shown.contains("access_key") && !shown.contains("ticket"), "{shown}");
    }

    #[test]
    fn every_code_has_its_reaction() {
        for answer in endpoint()["response_errors"].as_array().unwrap() {
            let trouble = understood(answer).unwrap_err();
            let expected = match answer["code"].as_i64().unwrap() {
                TOO_MANY => matches!(trouble, Trouble::Crowded(_)),
                _ if answer["sdk"] == "ClientException (stop)" => matches!(trouble, Trouble::Refused(_)),
                _ => matches!(trouble, Trouble::Again(_)),
            };
            assert!(expected, "{answer}: {trouble:?}");
        }
        let code = |code: i64| understood(&json!({"code": code, "msg": "m"})).unwrap_err();
        assert!(matches!(code(1_000_040_344), Trouble::Refused(_)));
        assert!(matches!(code(1_000_040_345), Trouble::Again(_)));
        assert!(matches!(code(4_711), Trouble::Again(_)), "one that nobody has heard of");
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_asked_for_again() {
        let with = |url: &str| json!({"code": 0, "data": {"URL": url}});
        for answer in [
            json!({}),
            json!([]),
            json!({"code": 0}),
            json!({"code": 0, "data": null}),
            with(""),
            with("not an address"),
            with("wss://h/ws?device_id=1"),
            with("wss://h/ws?service_id=many"),
            with("ws://h/ws?service_id=1"),
        ] {
            assert!(matches!(understood(&answer), Err(Trouble::Again(_))), "{answer}");
        }
        let mut odd = with("wss://h/ws?service_id=-1");
        odd["data"]["ClientConfig"] = json!({"PingInterval": "often"});
        assert_eq!(understood(&odd).unwrap().service, -1, "its rhythm is passed over");
        let plain =
            understand(with("ws://h/ws?service_id=1").to_string().as_bytes(), &options("http://127.0.0.1"));
        assert!(plain.is_ok(), "who is asked in the clear may answer so");
    }

    #[test]
    fn a_refused_handshake_says_why_in_its_headers() {
        let refused = |headers: &[(&str, &str)]| {
            refusal(400, |key| headers.iter().find(|(k, _)| *k == key).map(|(_, value)| (*value).to_owned()))
        };
        let crowded = refused(&[("Handshake-Status", "514"), ("Handshake-Autherrcode", "1000040350")]);
        assert!(matches!(crowded, Trouble::Crowded(_)));
        let forbidden = refused(&[("Handshake-Status", "403"), ("Handshake-Msg", "go\naway")]);
        assert_eq!(forbidden, Trouble::Refused("goaway (code 403)".to_owned()));
        assert!(matches!(refused(&[("Handshake-Status", "514")]), Trouble::Again(_)));
        assert!(matches!(refused(&[("Handshake-Status", "500")]), Trouble::Again(_)));
        assert!(matches!(refused(&[("Handshake-Status", "?")]), Trouble::Again(_)));
        assert!(matches!(refused(&[]), Trouble::Again(_)));
    }
}
