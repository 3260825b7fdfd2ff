//! Stories about configurations: what wins, what is refused, and that every mistake is named at once.

use std::path::Path;

use insta::assert_snapshot;
use jiff::civil::{Time, date};
use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::{Config, KEYS, LogFormat, demo, example, load};

/// The directory that the repository brings, so that only what a story is about can be wrong.
const DIRECTORY: (&str, &str) = ("LIAISON__DIRECTORY__FILE", "config/directory.example.toml");

/// Reads a file with this text, in this environment; faults are told as lines.
fn read(text: &str, env: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("liaison.toml");
    std::fs::write(&file, text).unwrap();
    told(Some(&file), env).map_err(|faults| faults.replace(&format!("{}/", folder.path().display()), ""))
}

fn told(file: Option<&Path>, env: &[(&str, &str)]) -> Result<Config, String> {
    let env =
        [&DIRECTORY].into_iter().chain(env).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load(file, env).map_err(|faults| faults.iter().map(|f| format!("{f}\n")).collect())
}

pub(super) fn faults(text: &str, env: &[(&str, &str)]) -> String {
    read(text, env).err().unwrap_or_default()
}

#[test]
fn nothing_needs_to_be_set() {
    let config = told(None, &[]).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database.url.expose_secret(), "sqlite://data/liaison.db");
    assert!(!config.sandbox.enabled && config.sandbox.secret.is_none());
    assert_snapshot!(config.dump(), @r#"
    server.listen = "127.0.0.1:8080"   # default
    server.public_url = "http://127.0.0.1:8080"   # default
    server.messages_per_minute = "600"   # default
    server.pictures = true   # default
    database.url = "sqlite://data/liaison.db"   # default
    calendar.time_zone = "Asia/Shanghai"   # default
    calendar.workday_start = "09:00"   # default
    calendar.workday_end = "18:00"   # default
    calendar.lunch = "12:00-13:00"   # default
    calendar.quiet_hours = "21:00-08:30"   # default
    directory.file = "config/directory.example.toml"   # LIAISON__DIRECTORY__FILE
    policy.file = "config/policy.toml"   # default
    templates.file = "config/templates.toml"   # default
    sandbox.enabled = false   # default
    sandbox.movable_clock = false   # default
    sandbox.forms = true   # default
    feishu.enabled = false   # default
    feishu.mode = "stream"   # default
    feishu.base_url = "https://open.feishu.cn"   # default
    feishu.login = false   # default
    dingtalk.enabled = false   # default
    dingtalk.mode = "stream"   # default
    dingtalk.base_url = "https://api.dingtalk.com"   # default
    dingtalk.legacy_base_url = "https://oapi.dingtalk.com"   # default
    dingtalk.todo = false   # default
    dingtalk.monthly_calls = "5000"   # default
    dingtalk.login = false   # default
    retention.events = "7d"   # default
    retention.messages = "180d"   # default
    retention.drafts = "90d"   # default
    retention.traces = "180d"   # default
    retention.people = "30d"   # default
    log.format = "human"   # default
    log.level = "info"   # default
    "#);
}

#[test]
fn the_example_file_is_the_table_of_keys() {
    let path = "config/liaison.example.toml";
    if std::env::var_os("LIAISON_WRITE_EXAMPLE").is_some() {
        std::fs::write(path, example()).unwrap();
    }
    let remedy = "run this test with LIAISON_WRITE_EXAMPLE=1";
    assert_eq!(std::fs::read_to_string(path).unwrap(), example(), "{remedy}");
    let config = told(Some(Path::new(path)), &[]);
    assert_eq!(config.err(), None);
}

/// One of each mistake.
const BAD: &str = r#"
[server]
lisen = "0.0.0.0:80"
listen = "everywhere"
public_url = "liaison.example.com"

[databse]
url = "sqlite://x"

[calendar]
time_zone = "Asia/Bejing"
workday_start = "25:00"
lunch = 12
quiet_hours = "21-8"
years = "no/such/folder"

[calendar.overrides]
2026-13-01 = "off: never"
2026-12-31 = "holiday"
2027-01-04 = true

[policy]
file = "no/such/policy.toml"

[sandbox]
enabled = "yes"
movable_clock = 1
secret = "short"

[log]
format = "xml"
level = "loud"

[feishu]
enabled = true
app_id = "oc_1"
mode = "push"

[dingtalk]
client_id = "x y"
event_aes_key = "short"

[wecom]
enabled = false
"#;

#[test]
fn every_mistake_is_named_at_once() {
    let env = [
        ("LIAISON__DATABASE__URL", "mysql://root:hunter2@db/x"),
        ("LIAISON__SERVER__LISTN", "127.0.0.1:1"),
        ("LIAISON__DINGTALK__ENABLED", "true"),
        ("LIAISON__WECOM__ENABLED", "true"),
        ("LIAISON__CALENDAR__OVERRIDES__2026_12_30", "maybe"),
        ("PATH", "/bin"),
    ];
    let faults = faults(BAD, &env);
    assert!(!faults.contains("hunter2") && !faults.contains("short\""));
    assert_snapshot!(faults, @r#"
    liaison.toml:3: server.lisen: unknown key; did you mean `listen`?
    liaison.toml:4: server.listen: `everywhere` is no address to listen on; write address:port, e.g. 127.0.0.1:8080, or 0.0.0.0:8080 for every interface
    liaison.toml:5: server.public_url: `liaison.example.com` is no address of a web page; write e.g. https://liaison.example.com
    liaison.toml:7: databse: unknown key; did you mean `database`?
    liaison.toml:11: calendar.time_zone: there is no time zone `Asia/Bejing`; use an IANA name, e.g. Asia/Shanghai
    liaison.toml:12: calendar.workday_start: `25:00` is no time of day; write HH:MM, e.g. 09:00
    liaison.toml:13: calendar.lunch: expected a text in quotes, found a value of type integer
    liaison.toml:14: calendar.quiet_hours: `21-8` is no stretch of the day; write HH:MM-HH:MM, e.g. 21:00-08:30, or "" for none
    liaison.toml:15: calendar.years: there is no folder no/such/folder; leave it out for the built-in holidays
    liaison.toml:18: calendar.overrides.2026-13-01: is no date; write YEAR-MONTH-DAY, e.g. 2026-12-31
    liaison.toml:19: calendar.overrides.2026-12-31: `holiday` is neither off nor work; write "off: why" or "work: why"
    liaison.toml:20: calendar.overrides.2027-01-04: expected a text in quotes, found a value of type boolean
    liaison.toml:23: policy.file: there is no file no/such/policy.toml; leave it out for the built-in policy
    liaison.toml:26: sandbox.enabled: expected true or false, found a value of type string
    liaison.toml:27: sandbox.movable_clock: expected true or false, found a value of type integer
    liaison.toml:28: sandbox.secret: is too short to keep anything safe; at least 32 characters, e.g. from `openssl rand -hex 32`
    liaison.toml:31: log.format: there is no log format `xml`; write human or json
    liaison.toml:32: log.level: there is no log level `loud`; write error, warn, info, debug or trace
    liaison.toml:36: feishu.app_id: `oc_1` is no app id; it begins with cli_
    liaison.toml:37: feishu.mode: there is no mode `push`; write stream or webhook
    liaison.toml:40: dingtalk.client_id: `x y` is no id; letters and digits, as on the page: ding…
    liaison.toml:41: dingtalk.event_aes_key: is no AES key; it has 43 letters and digits: copy it again
    default: dingtalk.client_secret: DingTalk is enabled, but this is missing; copy it from the application's page on the open platform: docs/platforms/dingtalk.md
    default: dingtalk.event_token: dingtalk.event_aes_key is of no use without it; copy it from the application's page on the open platform: docs/platforms/dingtalk.md
    environment: LIAISON__CALENDAR__OVERRIDES__2026_12_30: `maybe` is neither off nor work; write "off: why" or "work: why"
    environment: LIAISON__DATABASE__URL: there is no engine for `mysql` databases; write sqlite://data/liaison.db or postgres://USER:PASSWORD@HOST/NAME
    environment: LIAISON__SERVER__LISTN: unknown option; did you mean LIAISON__SERVER__LISTEN?
    environment: LIAISON__WECOM__ENABLED: the messenger wecom is not part of this version; leave it out; [sandbox] enabled = true is the messenger that this version has
    "#);
}

#[test]
fn text_that_is_not_toml_is_pointed_at() {
    assert_snapshot!(faults("[server\nlisten = 127.0.0.1\n", &[]), @r"liaison.toml:1: unclosed table, expected `]`");
}

#[test]
fn each_key_can_be_set_by_the_environment_and_is_read() {
    for key in KEYS {
        let faults = faults("", &[(&key.variable(), "\u{1}nonsense")]);
        assert!(
            faults.starts_with(&format!("environment: {}: ", key.variable())),
            "{}: {faults}",
            key.path()
        );
    }
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let text = "[server]\nlisten = \"127.0.0.1:1\"\n[log]\nformat = \"json\"\n";
    let config = read(text, &[("LIAISON__SERVER__LISTEN", "127.0.0.1:2")]).unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!((config.log.format, config.log.level.as_str()), (LogFormat::Json, "info"));
}

#[test]
fn secrets_come_from_files_too_and_are_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "0123456789abcdef0123456789abcdef\n").unwrap();
    let file = file.display().to_string();
    let postgres =
        ("LIAISON__DATABASE__URL", "postgres://liaison:hunter2@db.example.com/liaison?sslmode=require");
    let config = read("", &[("LIAISON__SANDBOX__SECRET_FILE", &file), postgres]).unwrap();
    assert_eq!(config.sandbox.secret.as_ref().unwrap().expose_secret(), "0123456789abcdef0123456789abcdef");
    let shown = format!("{config:?}{}", config.dump());
    assert!(!shown.contains("hunter2") && !shown.contains("0123456789abcdef"), "{shown}");
    assert!(config.dump().contains("postgres://[redacted]@db.example.com/liaison\""));

    let twice = format!("[sandbox]\nsecret = \"0123456789abcdef0123456789abcdef\"\nsecret_file = {file:?}\n");
    assert_snapshot!(faults(&twice, &[("LIAISON__DATABASE__URL_FILE", "no/such/file")]), @r"
    liaison.toml:3: sandbox.secret: both sandbox.secret and sandbox.secret_file are given; keep one of them
    environment: LIAISON__DATABASE__URL_FILE: cannot read no/such/file: No such file or directory (os error 2)
    ");
    let overridden = "[sandbox]\nsecret_file = \"no/such/file\"\n";
    let env = [("LIAISON__SANDBOX__SECRET", "fedcba9876543210fedcba9876543210")];
    assert!(read(overridden, &env).is_ok());
}

#[test]
fn an_app_of_feishu_is_there_whole_or_not_at_all() {
    assert!(read("[feishu]\napp_id = \"cli_1\"\n", &[]).unwrap().feishu.is_none());
    assert_snapshot!(faults("[feishu]\nenabled = true\nmode = \"webhook\"\n", &[]), @r"
    default: feishu.app_id: Feishu is enabled, but this is missing; copy it from the app's page on the open platform: docs/platforms/feishu.md
    default: feishu.app_secret: Feishu is enabled, but this is missing; copy it from the app's page on the open platform: docs/platforms/feishu.md
    default: feishu.verification_token: without it anybody could post events; the webhook needs it; copy it from the app's page on the open platform: docs/platforms/feishu.md
    ");
    let whole = "[feishu]\nenabled = true\napp_id = \"cli_1\"\napp_secret = \"s\"\n";
    assert_eq!(read(whole, &[]).unwrap().feishu.unwrap().app_id, "cli_1");
}

#[test]
fn an_application_of_dingtalk_is_there_whole_or_not_at_all() {
    assert!(read("[dingtalk]\nclient_id = \"ding1\"\n", &[]).unwrap().dingtalk.is_none());
    assert_snapshot!(faults("[dingtalk]\nenabled = true\nevent_token = \"t\"\n", &[]), @r"
    default: dingtalk.client_id: DingTalk is enabled, but this is missing; copy it from the application's page on the open platform: docs/platforms/dingtalk.md
    default: dingtalk.client_secret: DingTalk is enabled, but this is missing; copy it from the application's page on the open platform: docs/platforms/dingtalk.md
    default: dingtalk.event_aes_key: dingtalk.event_token is of no use without it; copy it from the application's page on the open platform: docs/platforms/dingtalk.md
    ");
    let odd = "[dingtalk]\nmode = \"push\"\nbase_url = \"api\"\nrobot_code = \"a b\"\ncard_template_id = \"x\"\n\
               client_secret = \"a b\"\nevent_aes_key = \"4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3i!\"\n";
    assert_snapshot!(faults(odd, &[]), @r"
    liaison.toml:2: dingtalk.mode: there is no mode `push`; write stream or webhook
    liaison.toml:3: dingtalk.base_url: `api` is no address of a web page; write e.g. https://liaison.example.com
    liaison.toml:4: dingtalk.robot_code: `a b` is no id; letters and digits, as on the page: ding…
    liaison.toml:5: dingtalk.card_template_id: `x` is no id of a card template; it ends in .schema
    liaison.toml:6: dingtalk.client_secret: is empty, or holds a character that cannot be; copy it again
    liaison.toml:7: dingtalk.event_aes_key: is no AES key; it has 43 letters and digits: copy it again
    ");
    let whole = "[dingtalk]\nenabled = true\nclient_id = \"ding1\"\nclient_secret = \"s\"\n";
    let options = read(whole, &[]).unwrap().dingtalk.unwrap();
    assert_eq!((options.client_id.as_str(), options.robot_code.as_str()), ("ding1", "ding1"));
    assert_eq!((options.mode, options.card_route_key), (crate::messenger::dingtalk::Mode::Stream, None));
    let events = format!(
        "{whole}robot_code = \"ding2\"\ncard_template_id = \"0a-1b.schema\"\nevent_token = \"t\"\n\
         event_aes_key = \"4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij\"\n"
    );
    assert_eq!(read(&events, &[]).unwrap().dingtalk.unwrap().robot_code, "ding2");
}

#[test]
fn the_clock_moves_only_in_a_sandbox_that_nobody_else_can_reach() {
    let clock = |enabled: bool, listen: &str| {
        format!("[server]\nlisten = \"{listen}\"\n[sandbox]\nenabled = {enabled}\nmovable_clock = true\n")
    };
    for loopback in ["127.0.0.1:8080", "[::1]:8080", "localhost:8080"] {
        assert_eq!(faults(&clock(true, loopback), &[]), "");
    }
    assert_snapshot!(faults(&clock(false, "0.0.0.0:8080"), &[]), @r#"
    liaison.toml:5: sandbox.movable_clock: the clock can be moved only in the sandbox; set sandbox.enabled = true, or leave the clock alone
    liaison.toml:5: sandbox.movable_clock: the clock can be moved only when nobody but this machine can reach it; set server.listen = "127.0.0.1:8080"
    "#);
}

#[test]
fn the_working_day_has_to_hold_together() {
    assert_snapshot!(faults("[calendar]\nworkday_end = \"08:00\"\n", &[]), @r"liaison.toml:2: calendar.workday_end: the working day ends before it begins");
    assert_snapshot!(faults("[calendar]\nlunch = \"18:00-19:00\"\n", &[]), @r#"liaison.toml:2: calendar.lunch: lunch does not lie within the working day; let it begin and end within the working day, or write "" for none"#);
    let calendar = read("[calendar]\nlunch = \"\"\nquiet_hours = \"\"\n", &[]).unwrap().calendar;
    let noon = calendar.at(date(2026, 11, 23), Time::constant(12, 30, 0, 0));
    assert!(calendar.is_working_time(noon) && !calendar.is_quiet(noon));
}

#[test]
fn days_of_the_company_are_read() {
    let text = "[calendar.overrides]\n2026-12-31 = \"off: 年终盘点\"\n";
    let config = read(text, &[("LIAISON__CALENDAR__OVERRIDES__2027_01_03", "work")]).unwrap();
    assert!(!config.calendar.is_working_day(date(2026, 12, 31)));
    assert!(config.calendar.is_working_day(date(2027, 1, 3)));
    assert!(config.dump().contains("calendar.overrides.2026-12-31 = \"off: 年终盘点\"   # "));
}

#[test]
fn holidays_are_built_in_and_a_file_of_ones_own_takes_their_place() {
    assert!(!told(None, &[]).unwrap().calendar.is_working_day(date(2026, 10, 1)));
    let folder = tempfile::tempdir().unwrap();
    let years = folder.path().display().to_string();
    let env = [("LIAISON__CALENDAR__YEARS", years.as_str())];
    let facts = "year = 2026\nstatus = 'official'\nsource = 'ours'\nholiday = []\nwork = [2026-10-10]\n";
    std::fs::write(folder.path().join("cn-2026.toml"), facts).unwrap();
    assert!(told(None, &env).unwrap().calendar.is_working_day(date(2026, 10, 1)));

    std::fs::write(folder.path().join("cn-2027.toml"), "year = 2027\nstatus = 'rumoured'\nwrok = []\n")
        .unwrap();
    std::fs::write(folder.path().join("cn-2026.toml"), facts.replace("2026-10-10", "2025-10-10")).unwrap();
    let faults = told(None, &env).unwrap_err().replace(&format!("{years}/"), "");
    assert_snapshot!(faults, @r"
    cn-2027.toml:2: status: unknown `rumoured`; known: official, provisional
    cn-2027.toml:3: wrok: unknown key `wrok`; did you mean `work`?
    environment: LIAISON__CALENDAR__YEARS: the facts of 2026 hold 2025-10-10, which is not in 2026
    ");
}

#[test]
fn a_named_file_has_to_be_there_and_so_has_the_directory() {
    let missing = load(
        Some(Path::new("no/such.toml")),
        [("LIAISON__DIRECTORY__FILE", "no/dir.toml")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into_iter(),
    );
    let lines: String = missing.unwrap_err().iter().map(|f| format!("{f}\n")).collect();
    assert_snapshot!(lines, @r"
    environment: LIAISON__DIRECTORY__FILE: there is no file no/dir.toml; `liaison init` writes a first one
    no/such.toml: cannot be read: No such file or directory (os error 2); name another with --config
    ");
    let by_variable = [("LIAISON_CONFIG", "no/other.toml")];
    assert!(told(None, &by_variable).unwrap_err().starts_with("no/other.toml: cannot be read"));
}

#[test]
fn a_policy_file_where_the_example_names_it_may_be_missing_but_no_other() {
    let elsewhere = tempfile::tempdir().unwrap();
    let none = elsewhere.path().join("policy.toml").display().to_string();
    assert!(faults(&format!("[policy]\nfile = {none:?}\n"), &[]).contains("there is no file"));
    let config = read("[policy]\nfile = \"config/policy.toml\"\n", &[]).unwrap();
    assert_eq!(config.policy.read().unwrap(), crate::domain::policy::check::DEFAULT);
}

#[test]
fn the_demo_needs_no_files_and_keeps_its_clock_to_this_machine() {
    let config = demo("127.0.0.1:9000".parse().unwrap(), "sqlite://demo.db").unwrap();
    assert!(config.sandbox.enabled && config.sandbox.movable_clock);
    assert_eq!(config.server.public_url, "http://127.0.0.1:9000");
    let directory =
        crate::domain::directory::check::read(config.directory.name(), &config.directory.read().unwrap());
    assert_eq!(directory.unwrap().company, "星河智能");
    assert!(!demo("0.0.0.0:9000".parse().unwrap(), "sqlite://demo.db").unwrap().sandbox.movable_clock);
}

#[test]
fn addresses_of_pages_are_looked_at() {
    let fine =
        ["https://liaison.example.com/", "http://10.0.0.1:8080/bot", "http://[::1]:8080", "http://localhost"];
    for url in fine {
        assert_eq!(faults("", &[("LIAISON__SERVER__PUBLIC_URL", url)]), "", "{url}");
    }
    for url in [
        "",
        "ftp://x",
        "https://",
        "http://:80",
        "http://a b",
        "http://x?y=1",
        "http://x:99999",
        "http://u@x",
    ] {
        assert_ne!(faults("", &[("LIAISON__SERVER__PUBLIC_URL", url)]), "", "{url}");
    }
}

proptest! {
    /// Whatever a hand slips on: the configuration is whole, or something is said about it.
    #[test]
    fn a_damaged_configuration_is_never_half_used(at in 0..4000usize, gone in 0..40usize, put in "[a-z0-9\"=. \\[\\]\n]{0,6}") {
        let text = example();
        let start = text.floor_char_boundary(at % text.len());
        let end = text.floor_char_boundary((start + gone).min(text.len()));
        let damaged = format!("{}{put}{}", &text[..start], &text[end.max(start)..]);
        if let Err(faults) = read(&damaged, &[]) {
            prop_assert!(!faults.is_empty());
        }
    }
}
