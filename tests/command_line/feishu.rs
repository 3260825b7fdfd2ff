//! What the operator of a Feishu app asks at the command line, against a Feishu of our own on the loopback.
//!
//! Invariant: whatever is wrong is named with its remedy, by the exit code too; the secret is never printed.

use super::fake::{APP_ID, APP_SECRET, Fake, Fault, GROUP, open_id};
use super::shell::{Office, Said};

/// An office whose service speaks through a fake.
struct App {
    fake: Fake,
    office: Office,
    secret: &'static str,
    runtime: tokio::runtime::Runtime,
}

impl App {
    fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fake = runtime.block_on(Fake::start()).unwrap();
        let office = Office::open();
        let file = office.path().join("config/directory.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let account = format!("accounts = {{ feishu = \"{}\" }}", open_id('a'));
        let shown = "# accounts = { feishu = \"ou_…\" }";
        assert!(text.contains(shown));
        std::fs::write(&file, text.replace(shown, &account)).unwrap();
        office.does(&["directory", "sync"]);
        Self { fake, office, secret: APP_SECRET, runtime }
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let base_url = self.fake.base_url();
        let said = self.office.run_with(
            arguments,
            &[
                ("LIAISON__FEISHU__ENABLED", "true"),
                ("LIAISON__FEISHU__APP_ID", APP_ID),
                ("LIAISON__FEISHU__APP_SECRET", self.secret),
                ("LIAISON__FEISHU__BASE_URL", &base_url),
                ("NO_PROXY", "127.0.0.1"),
            ],
        );
        assert!(!format!("{}{}", said.out, said.err).contains(self.secret), "{}{}", said.out, said.err);
        said
    }

    /// What `doctor --online` says of Feishu that is not well, without the remark that a fake is no Feishu.
    fn amiss(&self) -> (i32, Vec<String>) {
        let said = self.run(&["doctor", "--online"]);
        let lines = said.out.lines().filter(|line| line.contains("  feishu") && !line.starts_with("ok"));
        let lines = lines.filter(|line| !line.starts_with("warn  feishu address: "));
        (said.code, lines.map(str::to_owned).collect())
    }

    /// Binds the managers' group, as `/bind` in it does.
    fn binds(&self, chat: &str) {
        let file = self.office.path().join("data/liaison.db");
        self.runtime.block_on(async {
            let url = format!("sqlite://{}", file.display());
            let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
            let sql = "INSERT INTO binding (what, request, platform, chat, bound_at) VALUES ('managers', '', 'feishu', $1, 0)";
            sqlx::query(sql).bind(chat).execute(&pool).await.unwrap();
            pool.close().await;
        });
    }
}

#[test]
fn a_doctor_who_may_not_ask_says_that_feishu_is_configured_and_how() {
    let app = App::new();
    let said = app.run(&["doctor"]);
    assert!(said.out.contains(&format!("ok    feishu: app {APP_ID}, stream")), "{}", said.out);
    assert!(app.fake.calls().is_empty(), "nothing left the machine");
}

#[test]
fn an_app_that_is_well_set_up_passes_with_its_group() {
    let app = App::new();
    app.binds(GROUP);
    let said = app.run(&["doctor", "--online"]);
    assert_eq!(said.code, 0, "{}", said.out);
    for line in [
        "ok    feishu credentials: ",
        "ok    feishu bot: 协同助手 is switched on",
        "ok    feishu clock: ",
        "ok    feishu permissions: the app may send messages and cards, ",
        "ok    feishu events: long connection",
        "ok    feishu group: managers: the bot is in 经理群",
    ] {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    assert_eq!(app.amiss(), (0, Vec::new()));
    assert!(app.fake.messages().is_empty(), "nobody heard of it");
    let json: serde_json::Value =
        serde_json::from_str(&app.run(&["doctor", "--online", "--json"]).out).unwrap();
    let checks = json["checks"].as_array().unwrap();
    assert!(checks.iter().any(|check| check["name"] == "feishu bot" && check["status"] == "ok"));
}

#[test]
fn a_wrong_secret_is_told_once_and_nothing_else_is_asked() {
    let app = App { secret: "not-the-secret", ..App::new() };
    let (code, lines) = app.amiss();
    assert_eq!((code, lines.len()), (1, 1), "{lines:?}");
    assert!(lines[0].starts_with("fail  feishu credentials: the app secret is wrong: 10014"), "{lines:?}");
    assert!(lines[0].contains("— copy feishu.app_secret again"), "{lines:?}");
    assert_eq!(app.fake.count("ws.endpoint"), 0);
}

#[test]
fn a_missing_scope_is_named() {
    let app = App::new();
    app.fake.takes_scope("contact:user.id:readonly");
    let (code, lines) = app.amiss();
    assert_eq!((code, lines.len()), (0, 1), "people can still talk: {lines:?}");
    assert!(
        lines[0].starts_with("warn  feishu permissions: ") && lines[0].contains("directory sync"),
        "{lines:?}"
    );
    assert!(lines[0].contains("grant contact:user.id:readonly under"), "{lines:?}");
    for scope in ["im:message:send_as_bot", "im:message"] {
        app.fake.takes_scope(scope);
    }
    let (code, lines) = app.amiss();
    assert_eq!(code, 1, "without sending there is no service: {lines:?}");
    assert!(
        lines.iter().any(|line| line.contains("grant one of im:message:send_as_bot, im:message")),
        "{lines:?}"
    );
}

#[test]
fn a_bot_that_is_switched_off_is_told_with_where_to_switch_it_on() {
    let app = App::new();
    app.fake.bot_goes_off();
    let (code, lines) = app.amiss();
    assert_eq!(code, 1);
    let bot = "fail  feishu bot: the app's bot is not switched on: 230006";
    assert!(
        lines.iter().any(|line| line.starts_with(bot) && line.contains("add the Bot feature")),
        "{lines:?}"
    );
}

#[test]
fn clocks_that_are_far_apart_are_told_with_the_distance() {
    let app = App::new();
    app.fake.clock_is_off(-600);
    let (code, lines) = app.amiss();
    assert_eq!((code, lines.len()), (0, 1), "{lines:?}");
    let told = "warn  feishu clock: this machine is 60";
    assert!(lines[0].starts_with(told) && lines[0].contains("ahead of Feishu — set the"), "{lines:?}");
}

#[test]
fn a_group_that_the_bot_left_is_told_with_its_part() {
    let app = App::new();
    app.binds(GROUP);
    app.fake.chat(GROUP, |chat| chat.has_bot = false);
    let (code, lines) = app.amiss();
    assert_eq!((code, lines.len()), (1, 1), "{lines:?}");
    assert!(lines[0].starts_with("fail  feishu group: managers (oc_5"), "{lines:?}");
    assert!(lines[0].contains("232011") && lines[0].contains("add the bot to the group again"), "{lines:?}");
}

#[test]
fn a_test_card_reaches_a_person_by_the_id_in_the_directory_and_a_group_by_its_own() {
    let app = App::new();
    let said = app.run(&["send-test", "--to", "zhang.wei"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let sent = app.fake.sent_to(&open_id('a'));
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].msg_type.as_str(), sent[0].content.contains("测试消息")), ("interactive", true));
    assert!(said.out.starts_with("sent as a card, in ") && said.out.contains(&sent[0].id), "{}", said.out);
    assert_eq!(app.run(&["send-test", "--to", GROUP]).code, 0);
    assert_eq!(app.run(&["send-test", "--to", &open_id('b')]).code, 0);
    assert_eq!((app.fake.sent_in(GROUP).len(), app.fake.sent_to(&open_id('b')).len()), (1, 1));
}

#[test]
fn a_test_card_that_cannot_arrive_says_why_and_what_to_do() {
    let app = App::new();
    app.fake.person(&open_id('a'), |person| person.available = false);
    let said = app.run(&["send-test", "--to", "zhang.wei"]);
    assert_eq!((said.code, app.fake.messages().len()), (1, 0), "{}", said.out);
    assert!(said.out.starts_with("not sent (receiver), after "), "{}", said.out);
    assert!(
        said.out.contains("230013") && said.out.contains("availability range and publish a version"),
        "{}",
        said.out
    );
    app.fake.fail("messages.create", 1, Fault::Cut);
    let said = app.run(&["send-test", "--to", GROUP]);
    assert_eq!(
        (said.code, said.out.starts_with("perhaps sent (unclear), after ")),
        (1, true),
        "{}",
        said.out
    );
}

#[test]
fn a_test_card_for_nobody_is_wrong_usage() {
    let app = App::new();
    let usage = |to: &str, told: &str| {
        let said = app.run(&["send-test", "--to", to]);
        assert_eq!((said.code, said.err.contains(told)), (2, true), "{}", said.err);
    };
    usage("nobody", "nobody in the directory has the id nobody");
    usage("liu.yang", "liu.yang has no account on Feishu");
    let said = app.office.run(&["send-test", "--to", GROUP]);
    assert_eq!((said.code, said.err.contains("feishu.enabled")), (2, true), "{}", said.err);
    assert!(app.fake.messages().is_empty());
}
