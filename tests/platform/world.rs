//! A company on Feishu: people who write and press, a clock that stands still until it is moved, ears at every chat.
//!
//! Invariant: everything goes in as a protocol message of Feishu's, by webhook or over the long connection, and
//! everything is heard at the fake.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use liaison::{Running, Service, TimeSource};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[path = "world/browser.rs"]
pub mod browser;
#[path = "world/cards.rs"]
pub mod cards;
#[path = "world/company.rs"]
pub mod company;
#[path = "world/ears.rs"]
mod ears;
#[path = "world/envelope.rs"]
pub mod envelope;
#[path = "world/errors.rs"]
pub mod errors;
#[path = "fake/feishu/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "some of what it can do is for the stories of the adapter alone"
)]
pub mod feishu;
#[path = "fake/feishu_stream.rs"]
#[expect(dead_code, reason = "some of what it can do is for the stories of the adapter alone")]
pub mod feishu_stream;
#[path = "world/front.rs"]
pub mod front;
#[path = "../story/world/ground.rs"]
#[expect(dead_code, reason = "the sandbox's signature is not needed here")]
pub mod ground;
#[path = "../story/world/history.rs"]
mod history;
#[path = "world/people.rs"]
mod people;
#[path = "../story/world/stranger.rs"]
pub mod stranger;
#[path = "world/telling.rs"]
pub mod telling;
#[path = "../../src/messenger/feishu/card/tests/validate.rs"]
#[expect(dead_code, reason = "the adapter's own tests look closer at markup")]
mod validate;

use envelope::Event;
pub use ground::filled;
pub(crate) use telling::story;
pub use telling::{Backend, Way};

/// Nothing that is awaited takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The world of one story.
pub struct World {
    /// Feishu: people, chats, messages.
    pub fake: feishu::Fake,
    /// Feishu's end of the long connection.
    pub stream: feishu_stream::Fake,
    way: Way,
    pub base_url: String,
    running: Option<Running>,
    url: String,
    database: String,
    client: reqwest::Client,
    heard: usize,
    serial: std::sync::atomic::AtomicUsize,
    in_trouble: bool,
    encrypt_key: &'static str,
    more: String,
    directory: String,
    folder: tempfile::TempDir,
}

/// The machine's own time: what signatures are made with, whatever the story's clock says.
pub fn machine_now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "signature windows live on the machine's own time")]
    Timestamp::now()
}

/// Monday, 23 November 2026, 10:00 in Shanghai.
fn monday_morning() -> Timestamp {
    "2026-11-23T10:00:00+08:00".parse().unwrap()
}

/// The values of a form as [`World::fills`] takes them.
pub fn lent(values: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    values.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect()
}

impl World {
    /// A fresh company; `None` when there is no PostgreSQL to tell it on (said aloud; a failure where that is strict).
    pub async fn begins(backend: Backend, way: Way) -> Option<World> {
        errors::are_kept();
        let folder = tempfile::tempdir().unwrap();
        let database = match backend {
            Backend::Sqlite => format!("sqlite://{}", folder.path().join("liaison.db").display()),
            Backend::Postgres => ground::postgres().await?,
        };
        let fake = feishu::Fake::start().await.unwrap();
        company::moves_in(&fake);
        let stream = feishu_stream::Fake::start().await.unwrap();
        // Who is cut off comes again at once.
        stream.config(json!({ "PingInterval": 120, "ReconnectNonce": 0, "ReconnectInterval": 1 }));
        let base_url = match way {
            Way::Webhook => fake.base_url(),
            Way::Stream => front::start(stream.base_url(), fake.base_url()).await,
        };
        let mut world = World {
            fake,
            stream,
            way,
            base_url,
            running: None,
            url: String::new(),
            database,
            client: ground::client(),
            heard: 0,
            serial: Default::default(),
            in_trouble: false,
            encrypt_key: envelope::KEY,
            more: String::new(),
            directory: company::directory(),
            folder,
        };
        world.starts(monday_morning()).await;
        Some(world)
    }

    /// Nobody set an Encrypt Key at the console, nor here.
    pub async fn is_without_a_key(&mut self) {
        self.encrypt_key = "";
        self.restarts().await;
    }

    /// The Encrypt Key is changed at the console; the one before it is still known here.
    pub async fn changes_its_key(&mut self, key: &'static str) {
        self.more = format!("previous_encrypt_key = \"{}\"\n", self.encrypt_key);
        self.encrypt_key = key;
        self.restarts().await;
    }

    /// There is more in the configuration, and the people's accounts are others.
    pub async fn has(&mut self, more: String, directory: String) {
        (self.more, self.directory) = (more, directory);
        self.restarts().await;
    }

    /// The service is stopped and started again.
    pub async fn restarts(&mut self) {
        let now = self.now();
        self.running.take().unwrap().stop().await;
        self.starts(now).await;
        self.settles().await;
    }

    /// The service starts again at an earlier moment than that of its first start; nothing has happened yet.
    pub async fn begins_at(&mut self, moment: &str) {
        self.running.take().unwrap().stop().await;
        self.starts(format!("{}:00+08:00", moment.replace(' ', "T")).parse().unwrap()).await;
    }

    async fn starts(&mut self, at: Timestamp) {
        let (url, running) = self.on_the_same_database(at).await;
        (self.url, self.running) = (url, Some(running));
    }

    /// Another replica on the same database: where it listens, and itself.
    pub async fn replica(&self) -> (String, Running) {
        self.on_the_same_database(self.now()).await
    }

    async fn on_the_same_database(&self, at: Timestamp) -> (String, Running) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let folder = self.folder.path();
        let (file, directory) = (folder.join("liaison.toml"), folder.join("directory.toml"));
        std::fs::write(&directory, &self.directory).unwrap();
        // These stories are about the platform: news is heard when it happens, not in a digest.
        let policy = folder.join("policy.toml");
        let usual = include_str!("../../config/policy.toml");
        std::fs::write(&policy, usual.replace("news = \"digest\"", "news = \"at_once\"")).unwrap();
        let mode = match self.way {
            Way::Webhook => "webhook",
            Way::Stream => "stream",
        };
        let key = match self.encrypt_key {
            "" => String::new(),
            key => format!("encrypt_key = \"{key}\"\n"),
        };
        let text = format!(
            "[server]\nlisten = \"{addr}\"\npublic_url = \"http://{addr}\"\n[database]\nurl = \"{}\"\n\
             [directory]\nfile = \"{}\"\n[policy]\nfile = \"{}\"\n[feishu]\nenabled = true\nmode = \"{mode}\"\nbase_url = \"{}\"\n\
             app_id = \"{}\"\napp_secret = \"{}\"\n{}verification_token = \"{}\"\n{}",
            self.database,
            directory.display(),
            policy.display(),
            self.base_url,
            feishu::APP_ID,
            feishu::APP_SECRET,
            key,
            envelope::TOKEN,
            self.more,
        );
        std::fs::write(&file, text).unwrap();
        let config = liaison::load_config(Some(&file), std::iter::empty()).unwrap();
        let service = Service::open(&config, TimeSource::Frozen(at)).await.unwrap();
        (format!("http://{addr}"), service.start(listener).unwrap())
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// Where the service listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database that it is told on.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The service's time.
    pub fn now(&self) -> Timestamp {
        self.running().now()
    }

    /// The clock is set to a moment of the company's zone, `2026-11-24 17:00`; everything on the way fires.
    pub async fn is(&self, moment: &str) {
        self.strikes(moment).await;
        self.settles().await;
    }

    /// The clock is set, and nobody waits until what comes due is said.
    pub async fn strikes(&self, moment: &str) {
        let at: Timestamp = format!("{}:00+08:00", moment.replace(' ', "T")).parse().unwrap();
        self.running().moves_to(at).await.unwrap();
    }

    /// Days go by.
    pub async fn passes_days(&self, days: i64) {
        self.passes(SignedDuration::from_hours(24 * days)).await;
    }

    /// Time goes by.
    pub async fn passes(&self, span: SignedDuration) {
        self.running().moves_to(self.now() + span).await.unwrap();
        self.settles().await;
    }

    /// Everything due now has fired and been said; cards that follow an answer may still be on their way.
    pub async fn settles(&self) {
        self.until_nothing_waits("AND lane NOT LIKE 'cards:%'").await;
    }

    /// The same, and every card out there is up to date.
    pub async fn rests(&self) {
        self.until_nothing_waits("").await;
    }

    async fn until_nothing_waits(&self, which: &str) {
        let begun = Instant::now();
        loop {
            self.running().moves_to(self.now()).await.unwrap();
            let now = self.now().as_millisecond();
            let sql = format!(
                "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND not_before <= {now} {which}"
            );
            if ground::numbers(&self.database, &sql, 1).await == [0] {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "something waits and is not said");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether events come by webhook.
    pub fn is_by_webhook(&self) -> bool {
        self.way == Way::Webhook
    }

    /// Feishu is in trouble in this story: calls that were refused are part of it.
    pub fn is_in_trouble(&mut self) {
        self.in_trouble = true;
    }

    /// The numbers of one row, asked of the database itself.
    pub async fn numbers(&self, sql: &str, width: usize) -> Vec<i64> {
        ground::numbers(&self.database, sql, width).await
    }

    /// A fresh id.
    fn serial(&self) -> usize {
        self.serial.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
    }

    /// Feishu tells the service; the status (on the long connection: the code) and what came back.
    pub async fn delivers(&self, event: &Event) -> (i64, Value) {
        match self.way {
            Way::Webhook => self.posts(&self.url, event).await,
            Way::Stream => self.streams(event).await,
        }
    }

    /// These bytes with these headers; the status and the text that came back.
    pub async fn posts_raw(&self, headers: &[(String, String)], body: &str) -> (u16, String) {
        let mut request = self.client.post(format!("{}/webhook/feishu/event", self.url));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.body(body.to_owned()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// By webhook, to the replica at `url`, stamped now.
    pub async fn posts(&self, url: &str, event: &Event) -> (i64, Value) {
        self.posts_stamped(url, event, machine_now()).await
    }

    /// The same with a stamp of another moment of the machine.
    pub async fn posts_stamped(&self, url: &str, event: &Event, at: Timestamp) -> (i64, Value) {
        let body = event.hidden(self.encrypt_key);
        let door = if event.kind == "card.action.trigger" { "card" } else { "event" };
        let mut request = self.client.post(format!("{url}/webhook/feishu/{door}"));
        for (name, value) in envelope::signature(&body, at, self.encrypt_key) {
            request = request.header(name, value);
        }
        let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
        let status = i64::from(answer.status().as_u16());
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Over the long connection; what was not taken comes again until it is.
    async fn streams(&self, event: &Event) -> (i64, Value) {
        let id = format!("frame-{}", self.serial());
        self.stream.says(feishu_stream::Said::event(&id, &event.envelope().to_string()));
        let seen = self.stream.until(|seen| seen.acked(200).contains(&id.as_str())).await;
        let ack = seen.acks.iter().rev().find(|ack| ack.id == id).unwrap();
        (200, envelope::opened(&ack.body["data"]))
    }

    /// The story is over: nobody heard anything that it did not tell, Feishu refused nothing that it should not, every
    /// card was one that it surely takes, and what was noted can be told in words.
    pub async fn ends(mut self) {
        self.rests().await;
        let left = self.heard();
        assert!(left.is_empty(), "heard, but not told:\n{left}");
        self.spoke_well();
        history::can_be_read(&self.database).await;
        self.running.take().unwrap().stop().await;
    }
}
