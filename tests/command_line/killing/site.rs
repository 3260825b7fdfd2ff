//! Replicas of the built program on one database, each of which can be killed and comes back at another port.

use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::ground;

/// Signs what clients send.
pub const SECRET: &str = "a secret of thirty-two characters or more";
/// Longer than any lease of the dead.
const PATIENCE: Duration = Duration::from_secs(60);

/// The machine's own time: what signatures are made with.
pub fn machine_now() -> jiff::Timestamp {
    #[expect(clippy::disallowed_methods, reason = "signature windows live on the machine's own time")]
    jiff::Timestamp::now()
}

struct Replica {
    child: Child,
    url: String,
}

/// Of which program a replica is, and where it finds its files and its database.
#[derive(Clone, Copy)]
struct Place<'a> {
    program: &'a Path,
    folder: &'a Path,
    database: &'a str,
}

/// The program that is tested.
fn this_one() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_liaison"))
}

/// The replicas, and the balancer in front of them: whoever sends goes to the next one.
pub struct Site {
    folder: tempfile::TempDir,
    pub database: String,
    replicas: Vec<Mutex<Replica>>,
    turn: AtomicUsize,
    /// What was sent and not acknowledged: the kills that bit.
    pub unacknowledged: AtomicUsize,
    /// Milliseconds until the slowest answer.
    pub slowest: AtomicU64,
    /// Held by who looks into the database beside the replicas, and by who makes it crash: only they shall feel that.
    pub beside: tokio::sync::RwLock<()>,
    client: reqwest::Client,
}

impl Drop for Replica {
    fn drop(&mut self) {
        // SIGKILL; it is gone already only where a test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Replica {
    /// The process, where it listens, and what it logs into a pipe from then on.
    fn spawns(
        place: Place<'_>,
        variables: &[(&str, &str)],
        pipe: (PipeReader, PipeWriter),
    ) -> (Self, impl Iterator<Item = std::io::Result<String>> + use<>) {
        Self::tries(place, variables, pipe).unwrap_or_else(|said| panic!("does not start: {said}"))
    }

    /// The same; or what it said before it ended.
    fn tries(
        place: Place<'_>,
        variables: &[(&str, &str)],
        (log, out): (PipeReader, PipeWriter),
    ) -> Result<(Self, impl Iterator<Item = std::io::Result<String>> + use<>), String> {
        let people = concat!(env!("CARGO_MANIFEST_DIR"), "/config/demo/directory.toml");
        let mut child = Command::new(place.program)
            .arg("serve")
            .current_dir(place.folder)
            .env("LIAISON__SERVER__LISTEN", "127.0.0.1:0")
            .env("LIAISON__SANDBOX__ENABLED", "true")
            .env("LIAISON__SANDBOX__MOVABLE_CLOCK", "true")
            .env("LIAISON__SANDBOX__SECRET", SECRET)
            .env("LIAISON__DIRECTORY__FILE", people)
            .env("LIAISON__DATABASE__URL", place.database)
            .env("NO_COLOR", "1")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(out)
            .spawn()
            .unwrap();
        let mut log = BufReader::new(log).lines();
        let mut said = String::new();
        let listening = log.find_map(|line| {
            let line = line.unwrap();
            said += &line;
            line.split_once("listening on ").map(|(_, url)| url.trim().to_owned())
        });
        match listening {
            Some(url) => Ok((Self { child, url }, log)),
            None => {
                child.wait().unwrap();
                Err(said)
            }
        }
    }

    fn starts(place: Place<'_>) -> Self {
        let (replica, log) = Self::spawns(place, &[], std::io::pipe().unwrap());
        replica.heard_out(log)
    }

    /// One that ends by itself at a named instant, perhaps before it listens: then there is none.
    fn starts_to_end(place: Place<'_>, at: &str) -> Option<Self> {
        let variables = [("LIAISON_CRASH_AT", at)];
        let (replica, log) = Self::tries(place, &variables, std::io::pipe().unwrap()).ok()?;
        Some(replica.heard_out(log))
    }

    /// Nobody may wait for a pipe that is full. A passing run says nothing worse than a warning.
    fn heard_out(self, log: impl Iterator<Item = std::io::Result<String>> + Send + 'static) -> Self {
        std::thread::spawn(move || {
            for line in log.map_while(Result::ok).filter(|line| line.contains("ERROR")) {
                println!("{line}");
            }
        });
        self
    }
}

impl Site {
    /// So many replicas on one database.
    pub fn opens(folder: tempfile::TempDir, database: String, replicas: usize) -> Self {
        Self::with(folder, database, |place| (0..replicas).map(|_| Replica::starts(place)).collect())
    }

    /// One that ends by itself at a named instant: now and then it has to be looked for ([`Site::is_up_again`]). Whether it
    /// ended before it listened.
    pub fn opens_to_end(folder: tempfile::TempDir, database: String, at: &str) -> (Self, bool) {
        let mut ended = false;
        let site = Self::with(folder, database, |place| {
            let mortal = Replica::starts_to_end(place, at);
            ended = mortal.is_none();
            vec![mortal.unwrap_or_else(|| Replica::starts(place))]
        });
        (site, ended)
    }

    /// Starts the only one anew if it has ended by itself; whether it had.
    pub fn is_up_again(&self) -> bool {
        let mut replica = self.replicas[0].lock().unwrap();
        let ended = replica.child.try_wait().unwrap().is_some();
        if ended {
            *replica = Replica::starts(self.place());
        }
        ended
    }

    /// The only one comes back after it was lost, to end at a named instant if there is one left; how often it ended before
    /// it listened.
    pub fn comes_back(&self, at: Option<&str>) -> usize {
        let mortal = at.map(|at| Replica::starts_to_end(self.place(), at));
        let ended = matches!(mortal, Some(None));
        *self.replicas[0].lock().unwrap() = mortal.flatten().unwrap_or_else(|| Replica::starts(self.place()));
        usize::from(ended)
    }

    /// One whose log and output have nobody who reads them, from the moment on in which it listens.
    pub fn opens_unread(folder: tempfile::TempDir, database: String) -> Self {
        Self::with(folder, database, |place| {
            let (mut replica, log) = Replica::spawns(place, &[], std::io::pipe().unwrap());
            drop((replica.child.stdout.take(), log));
            vec![replica]
        })
    }

    /// One with these options, and everything that it logs.
    pub fn opens_heard(
        folder: tempfile::TempDir,
        database: String,
        variables: &[(&str, &str)],
    ) -> (Self, Arc<Mutex<String>>) {
        let heard = Arc::new(Mutex::new(String::new()));
        let site = Self::with(folder, database, |place| {
            let pipe = std::io::pipe().unwrap();
            let (replica, log) = Replica::spawns(place, variables, pipe);
            let heard = heard.clone();
            std::thread::spawn(move || {
                log.map_while(Result::ok).for_each(|line| *heard.lock().unwrap() += &format!("{line}\n"));
            });
            vec![replica]
        });
        (site, heard)
    }

    /// One whose log goes into a pipe that is open and full from the moment on in which it listens; the other end.
    pub fn opens_stuck(folder: tempfile::TempDir, database: String) -> (Self, PipeReader) {
        let (log, out) = std::io::pipe().unwrap();
        let (end, mut filler) = (log.try_clone().unwrap(), out.try_clone().unwrap());
        let site = Self::with(folder, database, |place| vec![Replica::spawns(place, &[], (log, out)).0]);
        // More than any pipe holds: the rest waits for somebody who reads.
        std::thread::spawn(move || filler.write_all(&vec![b'\n'; 1 << 20]));
        let begun = Instant::now();
        let waits = || rustix::io::ioctl_fionread(&end).unwrap();
        let mut seen = 0;
        while seen == 0 || waits() > seen {
            seen = waits();
            assert!(begun.elapsed() < PATIENCE, "the pipe does not fill");
            std::thread::sleep(Duration::from_millis(100));
        }
        (site, end)
    }

    fn with(
        folder: tempfile::TempDir,
        database: String,
        start: impl FnOnce(Place<'_>) -> Vec<Replica>,
    ) -> Self {
        let init = Command::new(env!("CARGO_BIN_EXE_liaison"))
            .arg("init")
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(init.status.success(), "{init:?}");
        let place = Place { program: this_one(), folder: folder.path(), database: &database };
        let replicas = start(place).into_iter().map(Mutex::new).collect();
        Self {
            folder,
            database,
            replicas,
            turn: AtomicUsize::new(0),
            unacknowledged: AtomicUsize::new(0),
            slowest: AtomicU64::new(0),
            beside: tokio::sync::RwLock::default(),
            client: ground::client(),
        }
    }

    fn place(&self) -> Place<'_> {
        Place { program: this_one(), folder: self.folder.path(), database: &self.database }
    }

    /// So many replicas of another program.
    pub fn opens_of(
        program: &Path,
        (folder, database): (tempfile::TempDir, String),
        replicas: usize,
    ) -> Self {
        Self::with(folder, database, |place| {
            (0..replicas).map(|_| Replica::starts(Place { program, ..place })).collect()
        })
    }

    /// SIGTERM for one of them, which ends in good order; one of this program comes in its place.
    pub fn is_replaced(&self, which: usize, program: Option<&Path>) {
        self.signals(which, "TERM");
        let mut replica = self.replicas[which].lock().unwrap();
        assert!(replica.child.wait().unwrap().success(), "it does not end in good order");
        *replica = Replica::starts(Place { program: program.unwrap_or(this_one()), ..self.place() });
    }

    fn next(&self) -> String {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.replicas.len();
        self.replicas[turn].lock().unwrap().url.clone()
    }

    /// To the next replica; `None`: not acknowledged.
    pub async fn sends(&self, event: &Value) -> Option<Value> {
        let answer = self.tries(event).await;
        self.unacknowledged.fetch_add(usize::from(answer.is_none()), Ordering::Relaxed);
        answer
    }

    async fn tries(&self, event: &Value) -> Option<Value> {
        let (body, begun) = (serde_json::to_vec(event).unwrap(), Instant::now());
        let request = ground::signed(&self.client, &self.next(), (&body, SECRET), machine_now());
        let answer = request.timeout(Duration::from_secs(3)).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        let answer = answer.json().await.ok();
        self.slowest.fetch_max(begun.elapsed().as_millis() as u64, Ordering::Relaxed);
        answer
    }

    /// SIGKILL for one of them; another comes in its place.
    pub fn kills_one(&self) {
        let replica = &self.replicas[fastrand::usize(0..self.replicas.len())];
        let pid = {
            let mut replica = replica.lock().unwrap();
            replica.child.kill().unwrap();
            replica.child.wait().unwrap()
        };
        assert!(!pid.success());
        let fresh = Replica::starts(self.place());
        *replica.lock().unwrap() = fresh;
    }

    /// The process of one of them.
    pub fn process(&self, which: usize) -> u32 {
        self.replicas[which].lock().unwrap().child.id()
    }

    /// Where one of them listens.
    pub fn url(&self, which: usize) -> String {
        self.replicas[which].lock().unwrap().url.clone()
    }

    /// SIGKILL for one of them; nobody comes in its place.
    pub fn loses(&self, which: usize) {
        let mut replica = self.replicas[which].lock().unwrap();
        replica.child.kill().unwrap();
        replica.child.wait().unwrap();
    }

    /// SIGSTOP or SIGCONT for one of them.
    pub fn signals(&self, which: usize, name: &str) {
        let done =
            Command::new("kill").args([&format!("-{name}"), &self.process(which).to_string()]).status();
        assert!(done.unwrap().success());
    }

    /// The power goes, and one machine comes back.
    pub fn all_are_killed_and_one_comes_back(&self) {
        for replica in &self.replicas {
            let mut replica = replica.lock().unwrap();
            replica.child.kill().unwrap();
            replica.child.wait().unwrap();
        }
        *self.replicas[0].lock().unwrap() = Replica::starts(self.place());
    }

    fn first(&self) -> String {
        self.replicas[0].lock().unwrap().url.clone()
    }

    /// Waits until everything is said that the dead had in hand, too: their leases have to run out. What quiet hours hold
    /// back is not due yet, whatever day these tests run on.
    pub async fn rests(&self) {
        let begun = Instant::now();
        while self.waits().await > 0 {
            assert!(begun.elapsed() < PATIENCE, "something waits and is not said");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Messages that are due and not said.
    async fn waits(&self) -> i64 {
        let clock = self.client.get(format!("{}/sandbox/api/clock", self.first())).send().await.unwrap();
        let clock: Value = clock.json().await.unwrap();
        self.waits_at(clock["now"].as_str().unwrap().parse().unwrap()).await
    }

    /// The clock of the only one is moved; what it is then, if nobody ended meanwhile.
    pub async fn moves(&self, how: &Value) -> Option<jiff::Timestamp> {
        let call = self.client.post(format!("{}/sandbox/api/clock", self.first())).json(how);
        let clock: Value = call.send().await.ok()?.error_for_status().ok()?.json().await.ok()?;
        clock["now"].as_str()?.parse().ok()
    }

    /// Messages that are due in the second that `now` names, as the page of the clock does, and not said.
    pub async fn waits_at(&self, now: jiff::Timestamp) -> i64 {
        let now = now.as_millisecond() + 999;
        let waiting =
            "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND held_for IS NULL AND not_before <= ";
        ground::numbers(&self.database, &format!("{waiting}{now}"), 1).await[0]
    }

    /// The clock of the one that is left moves on, a day at a time.
    pub async fn days_go_by(&self, days: u32) {
        for _ in 0..days {
            let call = self
                .client
                .post(format!("{}/sandbox/api/clock", self.first()))
                .json(&json!({ "advance": "24h" }));
            let answer = call.send().await.unwrap();
            assert!(answer.status().is_success(), "{:?}", answer.text().await);
        }
    }
}
