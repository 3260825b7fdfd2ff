//! Whether a guess that is right for longer is answered later, and whether a damaged cipher tells what is wrong in it.
//!
//! Both as whoever guesses sees it: through the doors, over loopback. Groups are measured in turns, by lot.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::COOKIE;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::feishu;
use crate::feishu::envelope::{self, KEY};
use crate::seed::{self, Bench};
use crate::welch::{self, Difference};
use crate::{board, clicks};

/// Guesses at each secret.
const GUESSES: usize = 20_000;
/// Damages of one cipher, each signed and not.
const DAMAGES: usize = 2_000;
/// What the control adds to the guesses that are right for long.
const CONTROL: Duration = Duration::from_micros(1);
const ROBOT: &str = "Robot-Secret_0123456789abcdefghijklmnopq";
/// Bytes of the tags of our own links and sessions, and of a block of the cipher.
const TAG: usize = 16;

/// A guess as a request.
type Brings<'a> = Box<dyn Fn(&[u8]) -> reqwest::Request + 'a>;

/// Something that only who knows a secret can bring, and how a guess at it is brought.
struct Lock<'a> {
    name: &'static str,
    right: Vec<u8>,
    brings: Brings<'a>,
}

/// Everything, told.
pub async fn figures() {
    guesses().await;
    damages().await;
}

async fn guesses() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::starts(&seed::sqlite(folder.path()), seed::monday()).await;
    println!(
        "{GUESSES} guesses at each secret: those right for more than three quarters after those for less than one"
    );
    let link = board::link(&bench, "li.na").await;
    let session = board::enters(&bench, "li.na").await;
    for lock in [sandbox(&bench), ticket(&bench, &link), cookie(&bench, &session)] {
        println!("{:22} {}", lock.name, guessed(&bench.client, &lock, Duration::ZERO).await);
    }
    let control = guessed(&bench.client, &sandbox(&bench), CONTROL).await;
    println!("{:22} {control}", "as if 1 µs longer");
    bench.stops().await;

    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    feishu::prepare(&database, 1).await;
    let ding = format!(
        "[dingtalk]\nenabled = true\nmode = \"webhook\"\nclient_id = \"dingbench\"\nclient_secret = \"{ROBOT}\"\n\
         base_url = \"http://127.0.0.1:9\"\nlegacy_base_url = \"http://127.0.0.1:9\"\n"
    );
    let (url, running) = feishu::starts(folder.path(), &database, &ding).await;
    let client = seed::client();
    for lock in [lark(&client, &url), button(&client, &url), robot(&client, &url)] {
        println!("{:22} {}", lock.name, guessed(&client, &lock, Duration::ZERO).await);
    }
    running.stop().await;
}

/// Guesses of which the first bytes are right, one more is wrong, and the rest by chance.
async fn guessed(client: &reqwest::Client, lock: &Lock<'_>, control: Duration) -> Difference {
    let (mut short, mut long) = (Vec::new(), Vec::new());
    let mut answers = BTreeMap::new();
    for _ in 0..GUESSES {
        let (length, mut guess) = (lock.right.len(), lock.right.clone());
        let right = fastrand::usize(..length);
        guess[right] ^= fastrand::u8(1..);
        fastrand::fill(&mut guess[right + 1..]);
        let request = (lock.brings)(&guess);
        let is_long = right >= length * 3 / 4;
        let begun = Instant::now();
        while is_long && begun.elapsed() < control {
            std::hint::spin_loop();
        }
        let answer = client.execute(request).await.unwrap();
        let status = answer.status().as_u16();
        answer.bytes().await.unwrap();
        let took = begun.elapsed();
        *answers.entry(status).or_insert(0) += 1;
        if is_long {
            long.push(took);
        } else if right < length / 4 {
            short.push(took);
        }
    }
    assert_eq!(answers.len(), 1, "{}: {answers:?}", lock.name);
    welch::between(&short, &long)
}

/// Nobody is counted as one who guesses: each comes from somewhere else.
fn anywhere(request: reqwest::RequestBuilder) -> reqwest::Request {
    let from = std::net::Ipv4Addr::from(fastrand::u32(0x0b00_0000..0x7e00_0000));
    request.header("x-forwarded-for", from.to_string()).build().unwrap()
}

fn mac(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// The sandbox's signature, hex.
fn sandbox(bench: &Bench) -> Lock<'_> {
    let (body, timestamp) = ("{}", clicks::machine_seconds());
    let right = mac(seed::SECRET, &[timestamp.as_bytes(), b".", body.as_bytes()]);
    let url = format!("{}/webhook/sandbox", bench.url);
    let brings = move |guess: &[u8]| {
        let request = bench.client.post(&url).header("x-sandbox-timestamp", &timestamp);
        request.header("x-sandbox-signature", hex::encode(guess)).body(body).build().unwrap()
    };
    Lock { name: "sandbox, signature", right, brings: Box::new(brings) }
}

/// What stands before the tag of a pass of ours, and the tag.
fn parts(pass: &str) -> (Vec<u8>, Vec<u8>) {
    let mut body = URL_SAFE_NO_PAD.decode(pass).unwrap();
    let tag = body.split_off(body.len() - TAG);
    (body, tag)
}

/// The link that lets somebody in.
fn ticket<'a>(bench: &'a Bench, link: &str) -> Lock<'a> {
    let (_, pass) = link.split_once("pass=").unwrap();
    let (body, right) = parts(pass);
    let brings = move |guess: &[u8]| {
        let pass = URL_SAFE_NO_PAD.encode([&body, guess].concat());
        anywhere(bench.client.get(format!("{}/board/enter?pass={pass}", bench.url)))
    };
    Lock { name: "link to the pages", right, brings: Box::new(brings) }
}

/// A session's cookie.
fn cookie<'a>(bench: &'a Bench, cookie: &str) -> Lock<'a> {
    let (name, session) = cookie.split_once('=').unwrap();
    let (name, (body, right)) = (name.to_owned(), parts(session));
    let brings = move |guess: &[u8]| {
        let session = URL_SAFE_NO_PAD.encode([&body, guess].concat());
        let request = bench.client.get(format!("{}/board", bench.url));
        anywhere(request.header(COOKIE, format!("{name}={session}")))
    };
    Lock { name: "session's cookie", right, brings: Box::new(brings) }
}

/// Feishu's signature, hex.
fn lark<'a>(client: &'a reqwest::Client, url: &'a str) -> Lock<'a> {
    let body = feishu::pressed("none", (feishu::FIRST.0, 1), "v").hidden(KEY);
    let [timestamp, nonce, (name, right)] = envelope::signature(&body, feishu::machine(), KEY);
    let brings = move |guess: &[u8]| {
        let post = client.post(url).header(timestamp.0, &timestamp.1).header(nonce.0, &nonce.1);
        post.header(name, hex::encode(guess)).body(body.clone()).build().unwrap()
    };
    Lock { name: "Feishu, signature", right: hex::decode(right).unwrap(), brings: Box::new(brings) }
}

/// The seal of a button, in an event of Feishu that is what it says.
fn button<'a>(client: &'a reqwest::Client, url: &'a str) -> Lock<'a> {
    let sealed = feishu::sealed(&json!({ "want": "my" }));
    let (want, right) = sealed.split_once('.').unwrap();
    let (want, right) = (want.to_owned(), URL_SAFE_NO_PAD.decode(right).unwrap());
    let brings = move |guess: &[u8]| {
        let event = format!("guess-{}", fastrand::u64(..));
        let sealed = format!("{want}.{}", URL_SAFE_NO_PAD.encode(guess));
        feishu::posted(client, url, feishu::pressed(&event, (feishu::FIRST.0, 1), &sealed).hidden(KEY))
    };
    Lock { name: "seal of a button", right, brings: Box::new(brings) }
}

/// The sign of DingTalk's robot, base64.
fn robot<'a>(client: &'a reqwest::Client, feishu: &str) -> Lock<'a> {
    let timestamp = feishu::machine().as_millisecond().to_string();
    let right = mac(ROBOT, &[timestamp.as_bytes(), b"\n", ROBOT.as_bytes()]);
    let url = feishu.replace("/webhook/feishu/event", "/webhook/dingtalk/robot");
    let brings = move |guess: &[u8]| {
        let post = client.post(&url).header("timestamp", &timestamp);
        post.header("sign", STANDARD.encode(guess)).body("{}").build().unwrap()
    };
    Lock { name: "DingTalk, sign", right, brings: Box::new(brings) }
}

/// Where a cipher was damaged: the IV changes the text's first block alone, the last two blocks its padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    Iv,
    Middle,
    Padding,
}

async fn damages() {
    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    feishu::prepare(&database, 1).await;
    let (url, running) = feishu::starts(folder.path(), &database, "").await;
    let client = seed::client();
    let whole: Value =
        serde_json::from_slice(&feishu::pressed("damaged", (feishu::FIRST.0, 1), "v").hidden(KEY)).unwrap();
    let whole = STANDARD.decode(whole["encrypt"].as_str().unwrap()).unwrap();
    let (mut answers, mut times) = (BTreeMap::new(), BTreeMap::<_, Vec<Duration>>::new());
    for n in 0..DAMAGES * 2 {
        let (mut cipher, at) = (whole.clone(), fastrand::usize(..whole.len()));
        cipher[at] ^= 1 << fastrand::u8(..8);
        let damage = match at {
            at if at < TAG => Damage::Iv,
            at if at >= whole.len() - 2 * TAG => Damage::Padding,
            _ => Damage::Middle,
        };
        let body = json!({ "encrypt": STANDARD.encode(cipher) }).to_string().into_bytes();
        let signed = n % 2 == 0;
        let mut request = feishu::posted(&client, &url, body);
        if !signed {
            request.headers_mut().insert("x-lark-signature", "0".repeat(64).parse().unwrap());
        }
        let begun = Instant::now();
        let answer = client.execute(request).await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        times.entry((signed, damage)).or_default().push(begun.elapsed());
        *answers.entry((signed, status, text)).or_insert(0) += 1;
    }
    running.stop().await;
    for ((signed, status, text), count) in answers {
        println!("damaged cipher, signature right: {signed}: {count} times {status} {text:?}");
    }
    for signed in [true, false] {
        for damage in [Damage::Padding, Damage::Iv] {
            let difference = welch::between(&times[&(signed, Damage::Middle)], &times[&(signed, damage)]);
            println!("  {damage:?} after Middle, signature right: {signed}: {difference}");
        }
    }
}
