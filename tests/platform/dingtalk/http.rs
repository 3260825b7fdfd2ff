//! Over HTTP: each vector, what is refused and has no effect, the check of the event address.

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use cbc::Decryptor;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::world::{EVENT_KEY, EVENT_TOKEN, SECRET, World, mac, message, press, tell};
use crate::world::telling::Way;
use crate::world::{ground, machine_now};

const HTTP: &[Way] = &[Way::Webhook];

fn file(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_default()
}

/// The headers of a robot vector for the present: as old as they were, and signed as well or badly as they were.
fn anew(case: &Value) -> Vec<(&'static str, String)> {
    let stored = |name: &str| case["headers"][name].as_str().map(str::to_owned);
    let now = machine_now().as_millisecond();
    let age = |stamp: &str| case["now_ms"].as_i64().unwrap() - stamp.parse::<i64>().unwrap_or_default();
    let stamp = stored("timestamp")
        .map(|stamp| if stamp.len() == 13 { (now - age(&stamp)).to_string() } else { stamp });
    let message = format!("{}\n{SECRET}", stamp.clone().unwrap_or_else(|| now.to_string()));
    let sign = match text(case, "expect") {
        "reject:signature" => stored("sign"),
        _ => Some(mac(SECRET, &message)),
    };
    [("timestamp", stamp), ("sign", sign)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_robot_vector_is_taken_or_refused_and_what_is_refused_has_no_effect() {
    tell(HTTP, |world: World| async move {
        let file = file(include_str!("../vectors/dingtalk/robot_http.json"));
        for case in file["requests"].as_array().unwrap() {
            let headers = anew(case);
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let before = world.count("inbox").await;
            let (status, answer) = world.posts_with("robot", &headers, text(case, "body")).await;
            let wanted = match text(case, "expect").strip_prefix("reject:") {
                None => 200,
                Some("body") => 400,
                Some(_) => 401,
            };
            assert_eq!(status, wanted, "{}: {answer}", case["name"]);
            assert!(status != 200 || answer == json!({}), "{answer} would be said in the conversation");
            assert!(status == 200 || world.count("inbox").await == before, "{} had an effect", case["name"]);
        }
        // Four messages: the old, the repeated and the altered ones have the id of the first.
        assert_eq!(world.count("inbox").await, 4);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_for_us_or_too_long_is_refused() {
    tell(HTTP, |world: World| async move {
        let mut foreign = message("msgForeign==", "li.na", "/help");
        foreign["robotCode"] = json!("dingsomebodyelse");
        assert_eq!(world.posts("robot", &foreign.to_string()).await.0, 403);
        let long = message("msgLong==", "li.na", &"长".repeat(100_000));
        assert_eq!(world.posts("robot", &long.to_string()).await.0, 413);
        assert_eq!(world.posts("robot", "[]").await.0, 400);
        assert_eq!(world.posts("card", "[]").await.0, 400);
        // The signature of one address is none at the other.
        assert_eq!(world.posts_with("card", &[], "{}").await.0, 401);
        let now = machine_now().as_millisecond().to_string();
        let sign = mac(SECRET, &format!("{now}\n{SECRET}"));
        let robots = [("x-ddpaas-signature-timestamp", now.as_str()), ("x-ddpaas-signature", sign.as_str())];
        assert_eq!(world.posts_with("card", &robots, "{}").await.0, 401);
        assert_eq!(world.count("inbox").await, 0);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_that_is_posted_twice_is_one_act_and_gets_the_same_answer() {
    tell(HTTP, |world: World| async move {
        let file = world.sealed(&json!({ "want": "file", "request": null })).await;
        let params = json!({ "w": file, "form": ground::filled(&[]) });
        let body = press("zhang.wei", &params).to_string();
        let now = machine_now().as_millisecond().to_string();
        let sign = mac(&mac(SECRET, "liaison/card-callbacks"), &now);
        let headers = [("x-ddpaas-signature-timestamp", now.as_str()), ("x-ddpaas-signature", sign.as_str())];
        let first = world.posts_with("card", &headers, &body).await;
        let note = &first.1["userPrivateData"]["cardParamMap"];
        assert_eq!((first.0, note["note_kind"].as_str()), (200, Some("success")), "{first:?}");
        assert_eq!(world.posts_with("card", &headers, &body).await, first);
        assert_eq!(world.count("request").await, 1);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_stream_mode_nobody_can_post() {
    tell(&[Way::Stream], |world: World| async move {
        for door in ["robot", "card", "event"] {
            assert_eq!(world.posts(door, "{}").await.0, 404, "{door}");
        }
        world.ends().await;
    })
    .await;
}

fn signature(timestamp: &str, nonce: &str, encrypt: &str) -> String {
    let mut parts = [EVENT_TOKEN, timestamp, nonce, encrypt];
    parts.sort_unstable();
    hex::encode(Sha1::digest(parts.concat()))
}

/// The message inside an envelope: between the length and the padding.
fn opened(encrypt: &str) -> String {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let lenient = GeneralPurpose::new(&alphabet::STANDARD, config);
    let key = lenient.decode(EVENT_KEY).unwrap();
    let cipher = lenient.decode(encrypt).unwrap();
    let cbc = Decryptor::<Aes256>::new_from_slices(&key, &key[..16]).unwrap();
    let plain = cbc.decrypt_padded_vec::<NoPadding>(&cipher).unwrap();
    let length = usize::from(u16::from_be_bytes([plain[18], plain[19]]));
    String::from_utf8(plain[20..20 + length].to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_envelope_for_us_is_answered_with_success_and_every_other_one_is_refused_alike() {
    tell(HTTP, |world: World| async move {
        let file = file(include_str!("../vectors/dingtalk/event_crypto.json"));
        let cases = file["vectors"].as_array().unwrap();
        let ours = cases.iter().filter(|case| case["credentials"]["token"] == EVENT_TOKEN);
        let mut taken = 0;
        for case in ours {
            let (encrypt, nonce) = (text(case, "encrypt"), text(case, "nonce"));
            let stamp = machine_now().as_millisecond().to_string();
            let is_badly_signed = text(case, "expect") == "reject:signature";
            let sign = if is_badly_signed {
                text(case, "signature").to_owned()
            } else {
                signature(&stamp, nonce, encrypt)
            };
            // Both spellings of the address are seen.
            let door = match taken % 2 {
                0 => format!("event?signature={sign}&timestamp={stamp}&nonce={nonce}"),
                _ => format!("event?msg_signature={sign}&timeStamp={stamp}&nonce={nonce}"),
            };
            let body = json!({ "encrypt": encrypt }).to_string();
            let (status, answer) = world.posts_with(&door, &[], &body).await;
            if !text(case, "plaintext").starts_with('{') {
                let wanted = if case["expect"] == "accept" { 400 } else { 401 };
                assert_eq!(status, wanted, "{}: {answer}", case["name"]);
                continue;
            }
            taken += 1;
            assert_eq!(status, 200, "{}: {answer}", case["name"]);
            assert_eq!(opened(text(&answer, "encrypt")), "success");
            let (stamp, nonce) = (text(&answer, "timeStamp"), text(&answer, "nonce"));
            assert_eq!(signature(stamp, nonce, text(&answer, "encrypt")), text(&answer, "msg_signature"));
        }
        assert_eq!(taken, 6);
        assert_eq!(world.posts_with("event", &[], r#"{"encrypt":"x"}"#).await.0, 401);
        assert_eq!(world.posts_with("event?signature=x&timestamp=1&nonce=n", &[], "{}").await.0, 400);
        world.ends().await;
    })
    .await;
}
