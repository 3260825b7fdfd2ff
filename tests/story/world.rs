//! A small company with a clock that stands still until it is moved, and ears at every chat.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use liaison::{Running, Service, TimeSource};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[path = "world/chats.rs"]
mod chats;
#[path = "world/clock.rs"]
mod clock;
#[path = "world/ground.rs"]
pub mod ground;
#[path = "world/history.rs"]
mod history;
#[path = "world/house.rs"]
mod house;
#[path = "world/pages.rs"]
pub mod pages;
#[path = "world/patience.rs"]
pub mod patience;
#[path = "world/stranger.rs"]
pub mod stranger;

use ground::postgres;
pub use ground::{client, filled};

/// Signs what the stories send in by themselves.
pub const SECRET: &str = "a secret of thirty-two characters or more";

/// Signs the links to web forms.
pub const LINK_SECRET: &str = "another secret of thirty-two characters";

/// Everybody in the demo company.
pub const PEOPLE: [&str; 16] = [
    "zhang.wei",
    "liu.yang",
    "sun.li",
    "li.na",
    "chen.jie",
    "wang.fang",
    "zhao.min",
    "wu.hao",
    "zhou.ting",
    "huang.lei",
    "tang.rui",
    "he.xue",
    "guo.qiang",
    "zheng.yun",
    "ma.ning",
    "gao.jianguo",
];
const GROUPS: [(&str, &str); 3] =
    [("g-managers", "gao.jianguo"), ("g-issues", "zhang.wei"), ("g-project", "zhang.wei")];

/// Which database a story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// The world of one story.
pub struct World {
    url: String,
    database: String,
    files: Option<std::path::PathBuf>,
    policy: bool,
    running: Option<Running>,
    client: reqwest::Client,
    heard: BTreeMap<String, String>,
    folder: tempfile::TempDir,
    forms: bool,
    alive_at: Option<jiff::civil::Time>,
    public_url: Option<String>,
    pictures: bool,
    talkative: bool,
}

/// Makes two tests of a story: one on each database.
macro_rules! story {
    ($name:ident, |$world:ident| $body:block) => {
        async fn $name($world: &mut $crate::world::World) $body

        mod $name {
            use $crate::world::{Backend, World};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                if let Some(mut world) = World::begins(Backend::Sqlite).await {
                    super::$name(&mut world).await;
                    world.ends().await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(mut world) = World::begins(Backend::Postgres).await {
                    super::$name(&mut world).await;
                    world.ends().await;
                }
            }
        }
    };
}
pub(crate) use story;

/// The machine's own time: what signatures are made with, whatever the story's clock says.
pub fn machine_now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "signature windows live on the machine's own time")]
    Timestamp::now()
}

/// Monday, 23 November 2026, 10:00 in Shanghai.
pub fn monday_morning() -> Timestamp {
    "2026-11-23T10:00:00+08:00".parse().unwrap()
}

impl World {
    /// A fresh company; `None` when there is no PostgreSQL to tell it on (said aloud; a failure where that is strict).
    pub async fn begins(backend: Backend) -> Option<World> {
        if std::env::var("LIAISON_TEST_LOG").is_ok() {
            // A second story in the same process finds the subscriber already set.
            let _ = tracing_subscriber::fmt().with_test_writer().try_init();
        }
        let folder = tempfile::tempdir().unwrap();
        let database = match backend {
            Backend::Sqlite => format!("sqlite://{}", folder.path().join("liaison.db").display()),
            Backend::Postgres => postgres().await?,
        };
        let mut world = World {
            url: String::new(),
            database,
            files: None,
            policy: false,
            running: None,
            client: client(),
            heard: BTreeMap::new(),
            folder,
            forms: true,
            alive_at: None,
            public_url: None,
            pictures: true,
            talkative: false,
        };
        world.starts(monday_morning()).await;
        Some(world)
    }

    /// Another replica on the same database: where it listens, and itself.
    pub async fn replica(&self) -> (String, Running) {
        self.on_the_same_database(self.now().await).await
    }

    async fn starts(&mut self, at: Timestamp) {
        let (url, running) = self.on_the_same_database(at).await;
        self.running = Some(running);
        self.url = url;
    }

    async fn on_the_same_database(&self, at: Timestamp) -> (String, Running) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let mut config = liaison::demo_config(addr, &self.database).unwrap();
        config.sandbox.secret = Some(SECRET.to_owned().into());
        if let Some(file) = &self.files {
            let none = std::iter::empty::<(String, String)>();
            let own = liaison::load_config(Some(file), none).unwrap();
            config.calendar = own.calendar;
            if self.policy {
                config.policy = own.policy;
            }
        }
        config.sandbox.forms = self.forms;
        config.server.link_secret = Some(LINK_SECRET.to_owned().into());
        config.server.alive_at = self.alive_at;
        config.server.public_url = self.public_url.clone().unwrap_or(config.server.public_url);
        config.server.pictures = self.pictures;
        if self.talkative {
            config.server.messages_per_minute = None;
        }
        let service = Service::open(&config, TimeSource::Frozen(at)).await.unwrap();
        (format!("http://{addr}"), service.start(listener).unwrap())
    }

    /// The service is down for a while.
    pub async fn is_down_for(&mut self, hours: i64) {
        let now: Timestamp = self.now().await;
        self.running.take().unwrap().stop().await;
        self.starts(now + SignedDuration::from_hours(hours)).await;
        self.settles().await;
    }

    /// The address of the service.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database that it is told on.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Somebody writes to the bot.
    pub async fn says(&self, person: &str, text: &str) {
        let (status, answer) =
            self.posts("/sandbox/api/messages", &json!({ "person": person, "text": text })).await;
        assert_eq!(status, 200, "{answer}");
        self.settles().await;
    }

    /// Somebody writes into a group.
    pub async fn says_in(&self, person: &str, chat: &str, text: &str) {
        let body = json!({ "person": person, "chat": chat, "text": text });
        let (status, answer) = self.posts("/sandbox/api/messages", &body).await;
        assert_eq!(status, 200, "{answer}");
        self.settles().await;
    }

    /// Presses a button on the newest message of a private chat that has it; the toast.
    pub async fn presses(&self, person: &str, action: &str) -> String {
        self.fills(person, action, &[]).await
    }

    /// The same with a form filled in.
    pub async fn fills(&self, person: &str, action: &str, values: &[(&str, &str)]) -> String {
        let message = self.with_button(person, action).await;
        self.presses_on(person, &message, action, values).await["toast"]["text"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Presses a button of one message; the whole answer.
    pub async fn presses_on(
        &self,
        person: &str,
        message: &str,
        action: &str,
        values: &[(&str, &str)],
    ) -> Value {
        let values: BTreeMap<&str, &str> = values.iter().copied().collect();
        let body = json!({ "person": person, "message_id": message, "action": action, "values": values });
        let (status, answer) = self.posts("/sandbox/api/actions", &body).await;
        self.settles().await;
        if status != 200 {
            return json!({ "status": status, "toast": { "text": answer["error"] } });
        }
        answer
    }

    /// The newest message in somebody's private chat that has a button.
    pub async fn with_button(&self, person: &str, action: &str) -> String {
        let messages = self.messages(&format!("p-{person}"), person).await;
        let has =
            |m: &&Value| m["card"]["actions"].as_array().is_some_and(|a| a.iter().any(|a| a["id"] == action));
        let found = messages.iter().rev().find(has);
        found.unwrap_or_else(|| panic!("{person} has no button {action}"))["id"].as_str().unwrap().to_owned()
    }

    /// What the bot said since this was last asked, a line each: `li.na ← title · number`.
    pub async fn heard(&mut self) -> String {
        let mut lines = String::new();
        let private = PEOPLE.iter().map(|p| (format!("p-{p}"), (*p).to_owned(), (*p).to_owned()));
        let groups = GROUPS.iter().map(|(g, p)| ((*g).to_owned(), (*p).to_owned(), (*g).to_owned()));
        let chats: Vec<(String, String, String)> = private.chain(groups).collect();
        for (chat, reader, name) in chats {
            let after = self.heard.get(&chat).cloned().unwrap_or_default();
            let path = format!("/sandbox/api/chats/{chat}/messages?person={reader}&after={after}");
            for message in self.gets(&path).await.as_array().unwrap() {
                let id = message["id"].as_str().unwrap().to_owned();
                let last = self.heard.entry(chat.clone()).or_default();
                if id > *last {
                    *last = id;
                }
                if message["from"] == "bot" {
                    let title = message["card"]["title"].as_str().unwrap();
                    writeln!(lines, "{name} ← {title}").unwrap();
                }
            }
        }
        lines
    }

    /// Exactly this was heard since it was last asked, in this order of chats.
    #[track_caller]
    pub fn hears<'a>(&'a mut self, expected: &'a str) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let heard = self.heard().await;
            let tidy = |text: &str| {
                text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect::<Vec<_>>()
            };
            let (expected, heard) = (tidy(expected), tidy(&heard));
            assert!(
                expected == heard,
                "at {caller}\nexpected:\n  {}\nheard:\n  {}",
                expected.join("\n  "),
                heard.join("\n  ")
            );
        }
    }

    /// What was heard so far does not matter.
    pub async fn forgets(&mut self) {
        self.heard().await;
    }

    /// The story is over: nobody heard anything that it did not tell, and what was noted can be told in words.
    pub async fn ends(mut self) {
        let left = self.heard().await;
        assert!(left.is_empty(), "heard, but not told:\n{left}");
        history::can_be_read(&self.database).await;
        self.running.take().unwrap().stop().await;
    }

    /// Files a complete request of 张伟 for research (研发部) and finance (财务部).
    pub async fn files(&self) -> String {
        self.files_with(&[]).await
    }

    /// The same with some fields otherwise.
    pub async fn files_with(&self, other: &[(&str, &str)]) -> String {
        self.says("zhang.wei", "/new").await;
        let values = filled(other);
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let toast = self.fills("zhang.wei", "file", &values).await;
        let number =
            toast.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).find(|w| w.contains("-Q"));
        number.unwrap_or_else(|| panic!("not filed: {toast}")).to_owned()
    }

    /// Filed and approved: both departments are asked. Nothing of it needs telling again.
    pub async fn files_and_approves(&mut self) -> String {
        let number = self.files().await;
        self.presses("liu.yang", "approve").await;
        self.forgets().await;
        number
    }

    /// Research owes its confirmation since Monday at 10:00: it is reminded at 15:00, and overdue on Tuesday at 10:00.
    pub async fn research_owes(&mut self) -> String {
        let number = self.files_and_approves().await;
        self.says("wang.fang", &format!("/confirm {number}")).await;
        self.forgets().await;
        number
    }

    pub async fn gets(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.url())).send().await.unwrap();
        answer.json().await.unwrap()
    }

    pub async fn posts(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.client.post(format!("{}{path}", self.url())).json(body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Posts raw bytes to the sandbox's webhook as a messenger would, signed at `at` with `secret`.
    pub async fn webhook(&self, body: &[u8], secret: &str, at: Timestamp) -> u16 {
        let status = self.webhook_at(&self.url, body, secret, at).await;
        self.settles().await;
        status
    }

    /// The same at another replica.
    pub async fn webhook_at(&self, url: &str, body: &[u8], secret: &str, at: Timestamp) -> u16 {
        let request = ground::signed(&self.client, url, (body, secret), at);
        request.send().await.unwrap().status().as_u16()
    }
}
