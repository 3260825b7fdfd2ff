//! What the operator of a DingTalk application asks at the command line, against a DingTalk of our own on the loopback.
//!
//! Invariant: whatever is wrong is named with its remedy, by the exit code too; the secret is never printed.

use super::dingtalk_fake::{
    CLIENT_ID, CLIENT_SECRET, Fake, Fault, GROUP, PERSON, ROBOT_SECRET, ROBOT_TOKEN, TEMPLATE,
};
use super::shell::{Office, Said};

/// An office whose service speaks through a fake.
struct App {
    fake: Fake,
    office: Office,
    secret: &'static str,
    template: &'static str,
    _runtime: tokio::runtime::Runtime,
}

impl App {
    fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fake = runtime.block_on(Fake::start()).unwrap();
        let office = Office::open();
        let file = office.path().join("config/directory.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let shown = "# accounts = { feishu = \"ou_…\" }";
        assert!(text.contains(shown));
        let account = format!("accounts = {{ dingtalk = \"{PERSON}\" }}");
        std::fs::write(&file, text.replace(shown, &account)).unwrap();
        office.does(&["directory", "sync"]);
        Self { fake, office, secret: CLIENT_SECRET, template: "", _runtime: runtime }
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let (base_url, robots) = (self.fake.base_url(), format!("managers:{ROBOT_TOKEN}:{ROBOT_SECRET}"));
        let mut variables = vec![
            ("LIAISON__DINGTALK__ENABLED", "true"),
            ("LIAISON__DINGTALK__CLIENT_ID", CLIENT_ID),
            ("LIAISON__DINGTALK__CLIENT_SECRET", self.secret),
            ("LIAISON__DINGTALK__BASE_URL", &base_url),
            ("LIAISON__DINGTALK__LEGACY_BASE_URL", &base_url),
            ("LIAISON__DINGTALK__GROUP_ROBOTS", &robots),
            ("NO_PROXY", "127.0.0.1"),
        ];
        if !self.template.is_empty() {
            variables.push(("LIAISON__DINGTALK__CARD_TEMPLATE_ID", self.template));
        }
        let said = self.office.run_with(arguments, &variables);
        for secret in [self.secret, ROBOT_SECRET, ROBOT_TOKEN] {
            assert!(!format!("{}{}", said.out, said.err).contains(secret), "{}{}", said.out, said.err);
        }
        said
    }

    /// What `doctor --online` says of DingTalk that is not well, without the remark that a fake is no DingTalk.
    fn amiss(&self) -> (i32, Vec<String>) {
        let said = self.run(&["doctor", "--online"]);
        let lines = said.out.lines().filter(|line| line.contains("  dingtalk") && !line.starts_with("ok"));
        let lines = lines.filter(|line| !line.starts_with("warn  dingtalk address: "));
        (said.code, lines.map(str::to_owned).collect())
    }
}

#[test]
fn a_doctor_who_may_not_ask_asks_nobody() {
    let app = App::new();
    let said = app.run(&["doctor"]);
    assert!(said.out.contains(&format!("ok    dingtalk: application {CLIENT_ID}, stream")), "{}", said.out);
    assert!(app.fake.calls().is_empty(), "nothing left the machine");
}

#[test]
fn an_application_that_is_well_set_up_passes_and_nobody_hears_of_it() {
    let app = App { template: TEMPLATE, ..App::new() };
    let said = app.run(&["doctor", "--online"]);
    assert_eq!(said.code, 0, "{}", said.out);
    for line in [
        "ok    dingtalk credentials: the credentials of ",
        "ok    dingtalk clock: ",
        "ok    dingtalk permissions: the application may send messages, read departments, read people, make cards",
        "ok    dingtalk card template: ",
    ] {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    assert_eq!(app.amiss(), (0, Vec::new()));
    assert!(app.fake.messages().is_empty(), "nobody heard of it");
    let json: serde_json::Value =
        serde_json::from_str(&app.run(&["doctor", "--online", "--json"]).out).unwrap();
    let checks = json["checks"].as_array().unwrap();
    assert!(checks.iter().any(|check| check["name"] == "dingtalk permissions" && check["status"] == "ok"));
}

#[test]
fn a_wrong_secret_is_told_once_and_nothing_else_is_asked() {
    let app = App { secret: "not-the-secret", ..App::new() };
    let (code, lines) = app.amiss();
    assert_eq!((code, lines.len()), (1, 1), "{lines:?}");
    assert!(lines[0].starts_with("fail  dingtalk credentials: "), "{lines:?}");
    assert!(lines[0].contains("copy dingtalk.client_id and dingtalk.client_secret again"), "{lines:?}");
    assert_eq!(app.fake.count("batchSend"), 0);
}

#[test]
fn a_missing_permission_and_a_template_that_is_not_there_are_named() {
    let app = App { template: "none.schema", ..App::new() };
    app.fake.takes_scope("qyapi_get_member");
    let (code, lines) = app.amiss();
    assert_eq!((code, lines.len()), (1, 2), "{lines:?}");
    let told = |start: &str, remedy: &str| lines.iter().any(|l| l.starts_with(start) && l.contains(remedy));
    assert!(
        told("warn  dingtalk permissions: the application may not read people", "apply for"),
        "{lines:?}"
    );
    assert!(told("fail  dingtalk card template: ", "copy dingtalk.card_template_id again"), "{lines:?}");
    app.fake.takes_scope("qyapi_robot_sendmsg");
    let (code, lines) = app.amiss();
    assert_eq!(code, 1, "without sending there is no service: {lines:?}");
    assert!(lines.iter().any(|line| line.contains("apply for qyapi_robot_sendmsg under")), "{lines:?}");
}

#[test]
fn a_test_message_reaches_a_person_a_group_and_a_robots_group() {
    let app = App::new();
    let said = app.run(&["send-test", "--to", "zhang.wei"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.starts_with("sent as a message, in "), "{}", said.out);
    for to in [GROUP, "robot:managers", "user:u_dev_head"] {
        let said = app.run(&["send-test", "--to", to]);
        assert_eq!(said.code, 0, "{to}: {}{}", said.out, said.err);
    }
    let heard: Vec<_> = app.fake.messages().into_iter().map(|message| message.to).collect();
    assert_eq!(heard, [PERSON, GROUP, "robot", "u_dev_head"]);
    assert!(app.fake.messages()[0].content.to_string().contains("测试消息"));
    let app = App { template: TEMPLATE, ..app };
    let said = app.run(&["send-test", "--to", "zhang.wei"]);
    assert!(said.out.starts_with("sent as a card, in "), "{}", said.out);
}

#[test]
fn a_test_message_that_cannot_arrive_says_why_and_what_to_do() {
    let app = App::new();
    let failed = |to: &str, start: &str, told: &str| {
        let said = app.run(&["send-test", "--to", to]);
        let is_told = said.out.starts_with(start) && said.out.contains(told);
        assert_eq!((said.code, is_told), (1, true), "{}", said.out);
    };
    failed("user:nobody", "not sent (receiver), after ", "knows nobody with the id nobody");
    failed("robot:law", "not sent (receiver), after ", "no custom robot of that name");
    failed("cidELSEWHERE==", "not sent (receiver), after ", "adds the robot to it");
    app.fake.fail("batchSend", 1, Fault::CutAfter);
    failed("zhang.wei", "perhaps sent (unclear), after ", "");
    app.fake.fail("batchSend", 1, Fault::Code(403, "Forbidden.AccessDenied.ApiCountLimitForOrg"));
    failed("zhang.wei", "not sent (quota), after ", "buy more calls");
}

#[test]
fn a_test_message_for_nobody_is_wrong_usage() {
    let app = App::new();
    let usage = |to: &str, told: &str| {
        let said = app.run(&["send-test", "--to", to]);
        assert_eq!((said.code, said.err.contains(told)), (2, true), "{}", said.err);
    };
    usage("nobody", "nobody in the directory has the id nobody");
    usage("liu.yang", "liu.yang has no account on DingTalk");
    let said = app.run(&["send-test", "--to", "zhang.wei", "--messenger", "feishu"]);
    assert_eq!((said.code, said.err.contains("Feishu is not configured")), (2, true), "{}", said.err);
    assert!(app.fake.messages().is_empty());
}

#[test]
fn the_directory_is_fetched_to_look_at_and_nothing_is_changed() {
    let app = App::new();
    let file = app.office.path().join("config/directory.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    let said = app.run(&["directory", "fetch", "--dry-run"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for line in [
        "+ department D01 Research",
        "+ department D02 Law",
        "+ person u-udevhead Li Min",
        "nothing was written",
    ] {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    assert_eq!(app.fake.count("batchSend"), 0);
    app.fake.takes_scope("qyapi_get_department_list");
    let said = app.run(&["directory", "fetch", "--dry-run"]);
    assert!(said.code != 0 && said.err.contains("qyapi_get_department_list"), "{}{}", said.out, said.err);
}
