//! A company on DingTalk: people who write and press, over HTTP or in Stream mode.
//!
//! Invariant: nothing of the service is used here but its front, so that a misunderstanding does not cancel out.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use liaison::{Running, Service, TimeSource};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[path = "../fake/dingtalk_stream.rs"]
#[expect(dead_code, reason = "some of what it can do is for the stories of the adapter alone")]
pub mod fake;
#[path = "../fake/dingtalk/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "some of what it can do is for the stories of the adapter alone"
)]
pub mod office;

pub use super::telling::{tell, tell_across, tell_every_way};
use crate::world::telling::{Backend, Way};
use crate::world::{company, errors, front, ground, machine_now};
use fake::{Fake, Said};

/// Of the vectors.
pub const APP: &str = "dingvectorappkey01";
/// Of the vectors.
pub const SECRET: &str = "Vector-Secret_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";
/// Of the vectors.
pub const EVENT_TOKEN: &str = "tok_Vector_2026";
/// Of the vectors: it ends in bits that are not zero.
pub const EVENT_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// The world of one story.
pub struct World {
    /// DingTalk's end of Stream mode.
    pub stream: Fake,
    /// DingTalk's people and what they were told, where things come in over HTTP.
    pub office: office::Fake,
    /// Where the service listens.
    pub url: String,
    /// The database that it is told on.
    pub database: String,
    /// As anybody's.
    pub client: reqwest::Client,
    way: Way,
    has_cards: bool,
    begun: Timestamp,
    dings: bool,
    crowd: usize,
    running: Option<Running>,
    serial: usize,
    folder: tempfile::TempDir,
}

/// `base64(HMAC-SHA256(secret, message))`
pub fn mac(secret: &str, message: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

impl World {
    /// Over HTTP stories are told on cards, in Stream mode on links, unless they are told in every way.
    pub fn usually_has_cards(way: Way) -> bool {
        way == Way::Webhook
    }

    /// A fresh company; `None` when there is no PostgreSQL to tell it on.
    pub async fn begins(backend: Backend, way: Way) -> Option<World> {
        Self::begins_with(backend, way, Self::usually_has_cards(way)).await
    }

    /// The same, with cards or without.
    pub async fn begins_with(backend: Backend, way: Way, has_cards: bool) -> Option<World> {
        errors::are_kept();
        let folder = tempfile::tempdir().unwrap();
        let database = match backend {
            Backend::Sqlite => format!("sqlite://{}", folder.path().join("liaison.db").display()),
            Backend::Postgres => ground::postgres().await?,
        };
        let (stream, client) = (Fake::start().await.unwrap(), ground::client());
        let office = office::Fake::start().await.unwrap();
        company::moves_to(&office);
        let (url, dings) = (String::new(), false);
        let begun = "2026-11-23T10:00:00+08:00".parse().unwrap();
        let mut world = World {
            stream,
            office,
            url,
            database,
            client,
            way,
            has_cards,
            begun,
            dings,
            crowd: 0,
            running: None,
            serial: 0,
            folder,
        };
        world.starts().await;
        Some(world)
    }

    async fn starts(&mut self) {
        let (url, running) = self.replica().await;
        (self.url, self.running) = (url, Some(running));
    }

    /// The service starts again at an earlier moment than that of its first start; nothing has happened yet.
    pub async fn begins_at(&mut self, moment: &str) {
        self.running.take().unwrap().stop().await;
        self.begun = format!("{}:00+08:00", moment.replace(' ', "T")).parse().unwrap();
        self.starts().await;
    }

    /// From the next start on it buzzes about what is urgent.
    pub fn buzzes(&mut self) {
        self.dings = true;
    }

    /// So many more people are in the company, from the next start on.
    pub fn grows(&mut self, many: usize) {
        self.crowd = many;
        company::crowds(&self.office, many);
    }

    /// The service is stopped and started again.
    pub async fn restarts(&mut self) {
        let running = self.running.take().unwrap();
        self.begun = running.now();
        running.stop().await;
        self.starts().await;
        self.settles().await;
    }

    /// Whether there are interactive cards; else messages whose buttons are links.
    pub fn has_cards(&self) -> bool {
        self.has_cards
    }

    /// Another service on the same database: where it listens, and itself.
    pub async fn replica(&self) -> (String, Running) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (file, directory) =
            (self.folder.path().join("liaison.toml"), self.folder.path().join("directory.toml"));
        let people = company::directory() + &company::crowd(self.crowd);
        std::fs::write(&directory, people.replace("feishu = ", "dingtalk = ")).unwrap();
        let mode = match self.way {
            Way::Webhook => "webhook",
            Way::Stream => "stream",
        };
        // These stories are about the platform: news is heard when it happens, not in a digest.
        let policy = self.folder.path().join("policy.toml");
        let usual = include_str!("../../../config/policy.toml");
        std::fs::write(&policy, usual.replace("news = \"digest\"", "news = \"at_once\"")).unwrap();
        let office = self.office.base_url();
        let base_url = match self.way {
            Way::Webhook => office.clone(),
            Way::Stream => front::start(self.stream.base_url(), office.clone()).await,
        };
        let template = match self.has_cards {
            true => format!("card_template_id = \"{}\"\n", office::TEMPLATE),
            false => "todo = true\n".to_owned(),
        };
        let ding = if self.dings { "ding = \"app\"\n" } else { "" };
        let robot = format!("managers:{}:{}", office::ROBOT_TOKEN, office::ROBOT_SECRET);
        let text = format!(
            "[server]\nlisten = \"{addr}\"\npublic_url = \"https://{addr}\"\n[database]\nurl = \"{}\"\n\
             [directory]\nfile = \"{}\"\n[policy]\nfile = \"{}\"\n\
             [dingtalk]\nenabled = true\nmode = \"{mode}\"\nbase_url = \"{base_url}\"\n\
             client_id = \"{APP}\"\nclient_secret = \"{SECRET}\"\nevent_token = \"{EVENT_TOKEN}\"\n\
             event_aes_key = \"{EVENT_KEY}\"\nlegacy_base_url = \"{office}\"\n\
             login = true\ncorp_id = \"dingfakecorp0001\"\ngroup_robots = \"{robot}\"\n{template}{ding}",
            self.database,
            directory.display(),
            policy.display(),
        );
        std::fs::write(&file, text).unwrap();
        let config = liaison::load_config(Some(&file), std::iter::empty()).unwrap();
        let at = self.running.as_ref().map_or(self.begun, Running::now);
        let service = Service::open(&config, TimeSource::Frozen(at)).await.unwrap();
        (format!("http://{addr}"), service.start(listener).unwrap())
    }

    /// The service.
    pub fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// A fresh id.
    pub fn fresh(&mut self, what: &str) -> String {
        self.serial += 1;
        format!("{what}{}", self.serial)
    }

    /// How often something is in the database.
    pub async fn count(&self, table: &str) -> i64 {
        ground::numbers(&self.database, &format!("SELECT COUNT(*) FROM {table}"), 1).await[0]
    }

    /// Waits until something is so often in the database.
    pub async fn until_there_are(&self, wanted: i64, table: &str) {
        let waiting = async {
            while self.count(table).await != wanted {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.unwrap();
    }

    /// Somebody writes; the code and what came back.
    pub async fn says(&mut self, person: &str, words: &str) -> (i64, Value) {
        let id = self.fresh("msg");
        self.delivers_message(&message(&id, person, words)).await
    }

    /// DingTalk brings a robot message.
    pub async fn delivers_message(&mut self, message: &Value) -> (i64, Value) {
        match self.way {
            Way::Webhook => self.posts("robot", &message.to_string()).await,
            Way::Stream => {
                let id = self.fresh("frame");
                self.pushes(Said::robot(&id, &message.to_string())).await
            }
        }
    }

    /// Somebody presses a button that stands for this want, under a form with these values.
    pub async fn presses(&mut self, person: &str, want: &Value, form: &Value) -> (i64, Value) {
        let sealed = self.sealed(want).await;
        self.delivers_press(&press(person, &json!({ "w": sealed, "form": form }))).await
    }

    /// DingTalk brings a card callback; what came back is the update of the card.
    pub async fn delivers_press(&mut self, press: &Value) -> (i64, Value) {
        match self.way {
            Way::Webhook => self.posts("card", &press.to_string()).await,
            Way::Stream => {
                let id = self.fresh("frame");
                let (code, data) = self.pushes(Said::card(&id, &press.to_string())).await;
                (code, data["response"].clone())
            }
        }
    }

    /// Pushes and waits for the answer that says that it was taken, or never will be.
    pub async fn pushes(&self, said: Said) -> (i64, Value) {
        let id = said.id.clone();
        self.stream.says(said);
        let is_last = |code: i64| code == 200 || code == 400;
        let seen =
            self.stream.until(|seen| seen.answers.iter().any(|one| one.id == id && is_last(one.code))).await;
        let answer = seen.answers.iter().find(|one| one.id == id && is_last(one.code)).unwrap();
        (answer.code, answer.data.clone())
    }

    /// Posts to one of the three addresses, signed for now as that address wants it.
    pub async fn posts(&self, door: &str, body: &str) -> (i64, Value) {
        let timestamp = machine_now().as_millisecond().to_string();
        let (names, sign) = match door {
            "card" => {
                let secret = mac(SECRET, "liaison/card-callbacks");
                (["x-ddpaas-signature-timestamp", "x-ddpaas-signature"], mac(&secret, &timestamp))
            }
            _ => (["timestamp", "sign"], mac(SECRET, &format!("{timestamp}\n{SECRET}"))),
        };
        self.posts_with(door, &[(names[0], &timestamp), (names[1], &sign)], body).await
    }

    /// Posts with these headers; the status and the answer.
    pub async fn posts_with(&self, door: &str, headers: &[(&str, &str)], body: &str) -> (i64, Value) {
        let mut request = self.client.post(format!("{}/webhook/dingtalk/{door}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(body.to_owned()).send().await.unwrap();
        (i64::from(answer.status().as_u16()), answer.json().await.unwrap_or(Value::Null))
    }

    /// Waits until somebody has a card with this title; its parameters as they are now.
    pub async fn card(&self, person: &str, title: &str) -> (String, BTreeMap<String, String>) {
        card(&self.office, person, title).await
    }

    /// Somebody presses the button with this label on the card with this title; what came back.
    pub async fn presses_on(&mut self, person: &str, (title, label): (&str, &str)) -> Value {
        let (id, shown) = self.card(person, title).await;
        // Nobody presses faster than the service hears that its card was delivered.
        self.until_there_are(1, &format!("message WHERE message = '{id}'")).await;
        let press = press_on(person, (&id, &shown), label);
        let (code, answer) = self.delivers_press(&press).await;
        assert_eq!(code, 200);
        answer
    }

    /// What a button of the service carries for this want.
    pub async fn sealed(&self, want: &Value) -> String {
        sealed(&self.database, want).await
    }

    /// The story is over: DingTalk had nothing to complain about.
    pub async fn ends(mut self) {
        self.running.take().unwrap().stop().await;
        assert_eq!(self.stream.seen().violations, [""; 0]);
    }
}

/// What a button of the service with this database carries for this want.
pub async fn sealed(database: &str, want: &Value) -> String {
    let sql = "SELECT value FROM switch WHERE name = 'button_key'";
    let key = ground::columns::<String>(database, sql, 1).await.remove(0).remove(0);
    let until = (machine_now() + SignedDuration::from_hours(24)).as_millisecond();
    let body = json!({ "until": until, "want": want }).to_string();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let tag = mac.finalize().into_bytes();
    format!("{}.{}", URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(tag))
}

/// Waits until somebody has a card with this title; its id, and its parameters as they are now.
pub async fn card(office: &office::Fake, person: &str, title: &str) -> (String, BTreeMap<String, String>) {
    let space = format!("IM_ROBOT.{}", company::account(person));
    let found = || {
        let state = office.state();
        let mut cards = state.cards.iter();
        let known = cards.find(|(_, card)| card.space == space && card.data["title"] == title);
        known.map(|(id, card)| (id.clone(), card.data.clone()))
    };
    for _ in 0..2_000 {
        if let Some(card) = found() {
            return card;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{person} has no card {title:?} but {:?}", office.messages())
}

/// The callback of the button with this label on a card.
pub fn press_on(person: &str, (id, shown): (&str, &BTreeMap<String, String>), label: &str) -> Value {
    let button = (1..=6).find(|n| shown[&format!("b{n}_label")] == label);
    let button = button.unwrap_or_else(|| panic!("no button {label:?} in {shown:?}"));
    let want = &shown[&format!("b{button}_want")];
    assert!(!want.is_empty(), "{label} calls nobody back: {shown:?}");
    let mut press = press(person, &json!({ "w": want }));
    press["outTrackId"] = json!(id);
    press
}

/// A robot message in the private chat of a person.
pub fn message(id: &str, person: &str, words: &str) -> Value {
    json!({
        "conversationId": format!("cidSINGLE_{person}"), "conversationType": "1", "msgId": id, "msgtype": "text",
        "senderStaffId": company::account(person), "senderId": "$:LWCP_v1:$x", "senderNick": company::name(person),
        "senderCorpId": "dingfakecorp0001", "chatbotCorpId": "dingfakecorp0001", "robotCode": APP,
        "createAt": Timestamp::UNIX_EPOCH.as_millisecond(), "text": { "content": format!(" {words}") },
        "sessionWebhook": "http://169.254.169.254/latest/meta-data", "sessionWebhookExpiredTime": 4_102_444_800_000_i64,
    })
}

/// A card callback in the private chat of a person.
pub fn press(person: &str, params: &Value) -> Value {
    let content = json!({ "cardPrivateData": { "actionIds": ["b1"], "params": params } });
    json!({
        "type": "actionCallback", "outTrackId": "card-1", "corpId": "dingfakecorp0001",
        "userId": company::account(person), "userIdType": 1, "spaceType": "IM_ROBOT",
        "content": content.to_string(), "extension": "{}",
    })
}
