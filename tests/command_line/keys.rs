//! Keys that are changed while the service runs.
//!
//! Invariant: the service is never started again; what is good and what is not is asked at its public doors.

use std::time::{Duration, Instant};

use super::ground;
use super::operating::Serving;
use super::shell::Office;

const SECRET: &str = "a secret of thirty-two characters or more";
const FIRST: &str = "first-0123456789abcdef0123456789abcdef";
const SECOND: &str = "second-0123456789abcdef0123456789abcdef";
const SANDBOX: [(&str, &str); 3] = [
    ("LIAISON__SANDBOX__ENABLED", "true"),
    ("LIAISON__SANDBOX__FORMS", "false"),
    ("LIAISON__SANDBOX__SECRET", SECRET),
];

fn machine_now() -> jiff::Timestamp {
    #[expect(clippy::disallowed_methods, reason = "signature windows live on the machine's own time")]
    jiff::Timestamp::now()
}

/// An office whose people have a link to the form that they are asked to fill in.
struct Desk {
    office: Office,
    serving: Serving,
    client: reqwest::Client,
    asked: usize,
    seen: String,
}

impl Desk {
    fn opens(variables: &[(&str, &str)]) -> Self {
        let office = Office::open();
        let variables: Vec<_> = SANDBOX.iter().chain(variables).copied().collect();
        let serving = Serving::start(&office, &variables);
        Self { office, serving, client: ground::client(), asked: 0, seen: String::new() }
    }

    fn database(&self) -> String {
        format!("sqlite://{}", self.office.path().join("data/liaison.db").display())
    }

    /// The link that somebody gets now; only its path, because the port is any.
    async fn link(&mut self) -> String {
        self.asked += 1;
        let event = serde_json::json!({ "event": format!("k{}", self.asked), "person": "zhang.wei",
            "chat": "p-zhang.wei", "message": format!("m{}", self.asked), "type": "text", "text": "/new" });
        let (url, body) = (format!("http://{}", self.serving.address), event.to_string());
        let sent = ground::signed(&self.client, &url, (body.as_bytes(), SECRET), machine_now()).send().await;
        assert!(sent.unwrap().status().is_success());
        let text = self.newest_card().await;
        let from = text.find("/forms/").unwrap_or_else(|| panic!("no link: {text}"));
        let is_token = |c: char| c.is_ascii_alphanumeric() || "-_/".contains(c);
        text[from..].chars().take_while(|c| is_token(*c)).collect()
    }

    /// The card with a link that came after the last one.
    async fn newest_card(&mut self) -> String {
        let newest = format!(
            "SELECT id, card FROM sandbox_message WHERE card LIKE '%/forms/%' AND id > '{}' ORDER BY id DESC LIMIT 1",
            self.seen
        );
        let begun = Instant::now();
        loop {
            if let Some(row) = ground::columns::<String>(&self.database(), &newest, 2).await.pop() {
                self.seen.clone_from(&row[0]);
                return row[1].clone();
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "no card with a link comes");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn opens_form(&self, path: &str) -> bool {
        let page = self.client.get(format!("http://{}{path}", self.serving.address)).send().await.unwrap();
        page.status() == 200
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_rotated_is_taken_up_by_a_service_that_goes_on() {
    let mut desk = Desk::opens(&[]);
    let before = desk.link().await;
    assert!(desk.opens_form(&before).await);
    desk.office.does(&["keys", "rotate", "all"]);
    desk.serving.hangs_up();
    desk.serving.says("another key opens the links");
    let meanwhile = desk.link().await;
    assert!(
        desk.opens_form(&before).await && desk.opens_form(&meanwhile).await,
        "both are of the former key"
    );

    // A minute later the fresh one signs.
    let later =
        "UPDATE switch SET since = since - 61000 WHERE name LIKE '%link_secret' OR name LIKE '%button_key'";
    ground::changes(&desk.database(), later).await;
    desk.serving.hangs_up();
    desk.serving.says("the links are signed with a fresh key");
    desk.serving.says("the buttons are signed with a fresh key");
    let after = desk.link().await;
    assert!(
        desk.opens_form(&after).await && desk.opens_form(&before).await && desk.opens_form(&meanwhile).await
    );

    // A week later the former one is over.
    let much_later = "UPDATE switch SET since = since - 7 * 86400000 WHERE name LIKE '%link_secret'";
    ground::changes(&desk.database(), much_later).await;
    desk.serving.hangs_up();
    desk.serving.says("one does not any more");
    assert!(desk.opens_form(&after).await);
    assert!(!desk.opens_form(&before).await && !desk.opens_form(&meanwhile).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_in_a_file_is_read_again_and_a_mistake_in_it_changes_nothing() {
    let office = tempfile::tempdir().unwrap();
    let (now, former) = (office.path().join("link"), office.path().join("former"));
    std::fs::write(&now, FIRST).unwrap();
    std::fs::write(&former, FIRST).unwrap();
    let files = [
        ("LIAISON__SERVER__LINK_SECRET_FILE", now.to_str().unwrap()),
        ("LIAISON__SERVER__PREVIOUS_LINK_SECRET_FILE", former.to_str().unwrap()),
    ];
    let mut desk = Desk::opens(&files);
    let before = desk.link().await;
    std::fs::write(&now, "short").unwrap();
    desk.serving.hangs_up();
    let line = desk.serving.says("the configuration is left as it was");
    assert!(line.to_lowercase().contains("link_secret") && !line.contains("first-"), "{line}");
    assert!(desk.opens_form(&before).await);

    std::fs::write(&now, SECOND).unwrap();
    desk.serving.hangs_up();
    desk.serving.says("the links are signed with a fresh key");
    let after = desk.link().await;
    assert!(desk.opens_form(&before).await && desk.opens_form(&after).await, "both hold meanwhile");
    std::fs::write(&former, SECOND).unwrap();
    desk.serving.hangs_up();
    desk.serving.says("one does not any more");
    assert!(!desk.opens_form(&before).await && desk.opens_form(&after).await);
}
