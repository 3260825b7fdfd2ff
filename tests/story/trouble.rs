//! A database that cannot take it: the messenger is told to come again in time, nothing is half done, and what it
//! brings again is done once.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use crate::world::ground::{numbers, signed, skipped};
use crate::world::stranger::Stranger;
use crate::world::{SECRET, World, client, machine_now, story};

/// What a messenger waits for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

fn says(key: &str, person: &str, text: &str) -> Vec<u8> {
    let event = json!({ "event": key, "person": person, "chat": format!("p-{person}"), "message": key,
        "type": "text", "text": text });
    serde_json::to_vec(&event).unwrap()
}

/// Brings it; the status, and that the messenger got it in time, with a word on when to come again.
async fn brings(client: &reqwest::Client, url: &str, body: &[u8]) -> u16 {
    let begun = Instant::now();
    let answer = signed(client, url, (body, SECRET), machine_now()).send().await.unwrap();
    let (took, status) = (begun.elapsed(), answer.status().as_u16());
    assert!(took < PATIENCE, "answered after {took:?}");
    let again = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(again.as_deref(), (status == 503).then_some("1"), "{status}");
    status
}

/// What an answer to the request or a word of somebody would leave behind.
async fn footprint(world: &World) -> Vec<i64> {
    let sql = "SELECT (SELECT COUNT(*) FROM audit), (SELECT SUM(version) FROM request), \
        (SELECT COUNT(*) FROM inbox), (SELECT COUNT(*) FROM signature), (SELECT COUNT(*) FROM outbox), \
        (SELECT COUNT(*) FROM obligation WHERE closed_at IS NULL)";
    let sql = sql.replace("SUM(version)", "CAST(SUM(version) AS BIGINT)");
    world.numbers(&sql, 6).await
}

story!(a_locked_database_puts_the_messenger_off_in_time_and_the_event_counts_once_later, |world| {
    let number = world.files_and_approves().await;
    let before = footprint(world).await;
    let client = client();
    let confirm = says("locked-out", "li.na", &format!("/confirm {number}"));
    let stranger = Stranger::holds(world.database()).await;
    for _ in 0..2 {
        assert_eq!(brings(&client, world.url(), &confirm).await, 503, "brought again, put off again");
    }
    // A crowd waits no longer than one.
    let crowd: Vec<Vec<u8>> = (0..12).map(|n| says(&format!("crowd-{n}"), "wang.fang", "/my")).collect();
    let all = join_all(crowd.iter().map(|body| brings(&client, world.url(), body))).await;
    assert!(all.iter().all(|status| *status == 503), "{all:?}");
    stranger.lets_go().await;
    assert_eq!(footprint(world).await, before, "nothing is half done");
    world.hears("").await;

    for _ in 0..2 {
        assert_eq!(brings(&client, world.url(), &confirm).await, 200);
    }
    world.settles().await;
    world.hears("zhang.wei ← 研发部已确认（李娜）\n li.na ← 已代表研发部确认，并记录电子签名").await;
    let after = footprint(world).await;
    assert_eq!((after[0], after[1], after[3]), (before[0] + 1, before[1] + 1, before[3] + 1), "once");
});

story!(a_button_pressed_at_a_locked_database_is_still_there_afterwards, |world| {
    let number = world.files_and_approves().await;
    let message = world.with_button("li.na", "confirm").await;
    let stranger = Stranger::holds(world.database()).await;
    let body = json!({ "person": "li.na", "message_id": message, "action": "confirm", "values": {} });
    let begun = Instant::now();
    let (status, _) = world.posts("/sandbox/api/actions", &body).await;
    assert!(status == 503 && begun.elapsed() < PATIENCE, "{status} after {:?}", begun.elapsed());
    stranger.lets_go().await;
    world.hears("").await;
    world.presses_on("li.na", &message, "confirm", &[]).await;
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.forgets().await;
});

story!(steps_that_come_due_at_a_locked_database_come_once_it_is_free, |world| {
    world.research_owes().await;
    let stranger = Stranger::holds(world.database()).await;
    let (status, _) = world.posts("/sandbox/api/clock", &json!({ "advance": "4wh" })).await;
    assert_ne!(status, 200, "it says that it could not");
    stranger.lets_go().await;
    world.is("2026-11-23 15:00").await;
    world.settles().await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
});

/// The built program in a folder of its own, whose files can be forbidden to grow.
struct Program {
    child: Child,
    url: String,
}

impl Program {
    /// `ulimit` on files sends a signal that kills unless it is ignored, which a full disk does not do.
    fn starts(folder: &Path) -> Self {
        let program = env!("CARGO_BIN_EXE_liaison");
        let init = Command::new(program).arg("init").current_dir(folder).output().unwrap();
        assert!(init.status.success(), "{init:?}");
        let mut child = Command::new("bash")
            .args(["-c", "trap '' XFSZ; exec \"$0\" serve", program])
            .current_dir(folder)
            .env("LIAISON__SERVER__LISTEN", "127.0.0.1:0")
            .env("LIAISON__SANDBOX__ENABLED", "true")
            .env("LIAISON__SANDBOX__SECRET", SECRET)
            .env("LIAISON__DATABASE__URL", format!("sqlite://{}", folder.join("liaison.db").display()))
            .env("NO_COLOR", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let listening = log
            .find_map(|line| line.unwrap().split_once("listening on ").map(|(_, url)| url.trim().to_owned()));
        // Nobody may wait for a pipe that is full.
        std::thread::spawn(move || log.for_each(drop));
        Self { child, url: listening.unwrap() }
    }

    /// No file of it may grow beyond so many bytes any more.
    fn files_end_at(&self, bytes: &str) {
        let pid = self.child.id().to_string();
        let done = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:")]).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended by itself only in a test that failed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_full_disk_puts_the_messenger_off_in_time_and_the_event_counts_once_later() {
    if !["bash", "prlimit"].iter().all(|name| Command::new(name).arg("--version").output().is_ok()) {
        return skipped("a disk cannot be filled here: no bash with prlimit");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::starts(folder.path());
    let database = format!("sqlite://{}", folder.path().join("liaison.db").display());
    let kept = "SELECT (SELECT COUNT(*) FROM audit WHERE what = 'settings_saved'), \
        (SELECT COUNT(*) FROM preference), (SELECT COUNT(*) FROM inbox), (SELECT COUNT(*) FROM sandbox_message)";
    let client = client();
    let wish = says("no-room", "zhang.wei", "/settings quiet 22:00-07:00");
    let before = numbers(&database, kept, 4).await;

    program.files_end_at("4096");
    for _ in 0..2 {
        assert_eq!(brings(&client, &program.url, &wish).await, 503);
    }
    let crowd: Vec<Vec<u8>> = (0..12).map(|n| says(&format!("crowd-{n}"), "zhang.wei", "/my")).collect();
    let all = join_all(crowd.iter().map(|body| brings(&client, &program.url, body))).await;
    assert!(all.iter().all(|status| *status == 503), "{all:?}");
    assert_eq!(numbers(&database, kept, 4).await, before, "nothing is half done");
    let alive = client.get(format!("{}/healthz", program.url)).send().await.unwrap();
    assert_eq!(alive.status().as_u16(), 200, "it goes on");

    program.files_end_at("unlimited");
    for _ in 0..2 {
        assert_eq!(brings(&client, &program.url, &wish).await, 200);
    }
    let after = numbers(&database, kept, 4).await;
    assert_eq!(after[..3], [before[0] + 1, before[1] + 1, before[2] + 1], "once");
    assert!(program.child.try_wait().unwrap().is_none(), "the same process all the time");
    let sound =
        numbers(&database, "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'", 1);
    assert_eq!(sound.await, [1]);
}
