//! Operations on a service that runs: pauses, health, the sign of life, keys, and what is kept for how long.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::shell::Office;

/// How long something that has to come is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service that runs until it is dropped; its log.
pub struct Serving {
    process: Child,
    pub address: String,
    log: mpsc::Receiver<String>,
}

impl Serving {
    pub fn start(office: &Office, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
        command.arg("serve").current_dir(office.path()).env("LIAISON__SERVER__LISTEN", "127.0.0.1:0");
        command.env("LIAISON__LOG__FORMAT", "json").envs(variables.iter().copied());
        let mut process = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let (tell, log) = mpsc::channel();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let mut serving = Self { process, address: String::new(), log };
        let line = serving.says("listening on http://");
        let rest = line.split("listening on http://").nth(1).unwrap();
        serving.address = rest.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
        serving
    }

    /// Tells it to look at its files again.
    pub fn hangs_up(&self) {
        let done = Command::new("kill").args(["-HUP", &self.process.id().to_string()]).status();
        assert!(done.unwrap().success());
    }

    /// Waits for a line of the log.
    pub fn says(&self, words: &str) -> String {
        loop {
            let line = self.log.recv_timeout(PATIENCE);
            assert!(line.is_ok(), "no line says {words}");
            let line = line.unwrap();
            if line.contains(words) {
                return line;
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_pause_names_its_chat_its_kind_and_its_end_and_nonsense_is_refused() {
    let office = Office::open();
    office.does(&["directory", "sync"]);
    let said = office.does(&["pause", "--kind", "nudge", "--until", "90m"]);
    assert!(said.starts_with("sending is of kind nudge paused since ") && said.contains(" until "), "{said}");
    office.does(&["pause", "--chat", "zhang.wei"]);
    let doctor = office.does(&["doctor"]);
    assert!(doctor.contains("warn  sending: to person:zhang.wei paused since "), "{doctor}");
    assert!(doctor.contains(" — liaison resume --kind nudge\n"), "{doctor}");
    let said = office.does(&["resume"]);
    assert!(said.contains("sending goes on, but for this") && said.contains("nudge"), "{said}");
    assert_eq!(office.does(&["resume", "--all"]), "sending goes on\n");
    assert!(!office.does(&["doctor"]).contains("sending: "));
    for wrong in [
        ["pause", "--chat", "nobody.there"],
        ["pause", "--kind", "gossip"],
        ["pause", "--until", "2001-01-01"],
        ["pause", "--until", "soon"],
    ] {
        assert_eq!(office.run(&wrong).code, 2, "{wrong:?}");
    }
    let audit = office.does(&["export", "audit"]);
    let told: Vec<&str> = audit.lines().filter(|line| line.contains("sending_paused")).collect();
    assert!(told.len() == 2 && told[0].contains("until") && told[1].contains("person:zhang.wei"), "{audit}");
}

#[test]
fn a_healthcheck_says_yes_to_a_service_that_is_ready_and_no_to_nobody() {
    let office = Office::open();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let said = office.run(&["healthcheck", "--address", &nobody]);
    assert_eq!((said.code, said.err.contains("no answer from")), (1, true), "{}", said.err);
    let serving = Serving::start(&office, &[]);
    let ask = ["healthcheck", "--address", &serving.address];
    let until = std::time::Instant::now() + PATIENCE;
    while office.run(&ask).code != 0 {
        assert!(std::time::Instant::now() < until, "it never became ready");
    }
    assert_eq!(office.does(&ask), "{\"degraded\":[],\"missing\":[],\"ready\":true}\n");
    assert_eq!(office.does(&["healthcheck", "--alive", "--address", &serving.address]), "ok\n");
}

#[test]
fn the_sign_of_life_is_heard_while_all_is_well_and_its_loss_is_said_once_without_the_address() {
    let office = Office::open();
    let switch = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/ping?key=very-secret", switch.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = switch.accept().unwrap();
        let mut asked = [0; 512];
        let n = stream.read(&mut asked).unwrap();
        stream.write_all(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        String::from_utf8_lossy(&asked[..n]).into_owned()
    });
    let serving = Serving::start(&office, &[("LIAISON__SERVER__HEARTBEAT_URL", &url)]);
    let line = serving.says("the sign of life is not heard");
    assert!(line.contains("503") && !line.contains("very-secret"), "{line}");
    assert!(heard.join().unwrap().starts_with("GET /ping?key=very-secret HTTP/1.1"));
    let dump = office.run_with(&["config", "dump"], &[("LIAISON__SERVER__HEARTBEAT_URL", &url)]).out;
    assert!(dump.contains("server.heartbeat_url = \"[redacted]\""), "{dump}");
    let wrong = office.run_with(&["config", "dump"], &[("LIAISON__SERVER__HEARTBEAT_URL", "ftp://secret")]);
    assert_eq!((wrong.code, wrong.err.contains("secret")), (2, false), "{}", wrong.err);
}

#[test]
fn a_copy_is_checked_against_its_manifest_and_nothing_else_is_touched() {
    let office = Office::open();
    office.does(&["directory", "sync"]);
    assert!(office.does(&["backup", "copy.db"]).contains("copy.db.manifest.json: what it holds"));
    let before = office.does(&["export", "audit"]);
    let said = office.does(&["restore", "--check", "copy.db"]);
    for line in ["ok    manifest: ", "ok    restored to a scratch file", "ok    history: 1 lines of 1 chains"]
    {
        assert!(said.contains(line), "{said}");
    }
    assert_eq!(office.does(&["export", "audit"]), before);
    let mut bytes = std::fs::read(office.path().join("copy.db")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(office.path().join("copy.db"), &bytes).unwrap();
    for command in [["restore", "--check", "copy.db"], ["restore", "--force", "copy.db"]] {
        let said = office.run(&command);
        let told = said.err.contains("no sound copy") && said.err.contains("SHA-256");
        assert_eq!((said.code, told), (1, true), "{command:?}: {}", said.err);
    }
    bytes.truncate(bytes.len() - 1);
    std::fs::write(office.path().join("copy.db"), &bytes).unwrap();
    assert!(office.run(&["restore", "--check", "copy.db"]).err.contains("bytes, its manifest says"));
    assert_eq!(office.does(&["export", "audit"]), before, "a refused copy changes nothing");
    assert_eq!(office.run(&["restore", "--check", "nothing.db"]).code, 2);
}

#[test]
fn a_copy_without_a_manifest_is_checked_as_far_as_it_goes() {
    let office = Office::open();
    office.does(&["backup", "copy.db"]);
    std::fs::remove_file(office.path().join("copy.db.manifest.json")).unwrap();
    let said = office.does(&["restore", "--check", "copy.db"]);
    assert!(
        said.starts_with("warn  manifest: there is none") && said.contains("every page is sound"),
        "{said}"
    );
}

#[test]
fn keys_are_changed_without_being_shown_and_the_change_is_noted() {
    let office = Office::open();
    assert!(office.does(&["keys", "list"]).contains("links    made at the next start"));
    let said = office.does(&["keys", "rotate", "all"]);
    assert!(said.contains("links: a fresh key") && said.contains("signs with it in a minute"), "{said}");
    let again = office.run(&["keys", "rotate", "links"]);
    assert_eq!((again.code, again.err.contains("less than a minute ago")), (2, true), "{}", again.err);
    let list = office.does(&["keys", "list"]);
    assert_eq!(list.matches("the former one opens until").count(), 2, "{list}");
    assert_eq!(office.does(&["export", "audit"]).matches("keys_rotated").count(), 2);
    let own = [("LIAISON__SERVER__LINK_SECRET", "0123456789abcdef0123456789abcdef")];
    let refused = office.run_with(&["keys", "rotate", "links"], &own);
    assert_eq!((refused.code, refused.err.contains("previous_link_secret")), (2, true), "{}", refused.err);
    assert_eq!(office.run(&["keys", "rotate", "doors"]).code, 2);
}

#[test]
fn what_is_kept_for_how_long_is_said_before_anything_goes() {
    let office = Office::open();
    let said = office.does(&["purge", "--dry-run"]);
    for line in
        ["events: before ", "messages: before ", "drafts: before ", "traces: before ", "0 rows would go"]
    {
        assert!(said.contains(line), "{said}");
    }
    let kept = office.run_with(&["purge"], &[("LIAISON__RETENTION__MESSAGES", "")]).out;
    assert!(kept.contains("messages: kept for ever") && kept.contains("0 rows are gone"), "{kept}");
    for wrong in ["1d", "", "a week"] {
        let said = office.run_with(&["purge"], &[("LIAISON__RETENTION__EVENTS", wrong)]);
        assert_eq!((said.code, said.err.contains("RETENTION__EVENTS")), (2, true), "{wrong}: {}", said.err);
    }
}
