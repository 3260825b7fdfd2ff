//! What looks like SQL is words: in every field of every form, behind every command, in every address.
//!
//! What is filled in, typed and asked for is read from the product: cards, `docs/commands.md`, the table of routes, the
//! description of the API. No answer is a failure, no line of the log an error, and nothing is lost or seen that was not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::world::ground::{columns, numbers, runs};
use crate::world::{Backend, World};

mod addresses;
mod fields;
mod lines;

/// Quotes, comments, further statements, placeholders, and the operators of LIKE, FTS5 and tsquery.
const PAYLOADS: [&str; 36] = [
    "'",
    "\"",
    "''",
    "\\",
    "\\'",
    "%",
    "%_\\",
    "'; DROP TABLE request; --",
    "' OR 1=1 --",
    "' OR '1'='1",
    "\" OR \"\"=\"",
    "') OR 1=1; --",
    "1; DELETE FROM audit",
    "'; UPDATE request SET visibility = 'public'; --",
    "' UNION SELECT id FROM request --",
    "$$; DROP TABLE person; $$",
    "E'\\x27'",
    "$1",
    "?1",
    ":title",
    "%27",
    "--",
    "/*",
    "*/ ;",
    "{{7*7}}",
    "${id}",
    "‘’“”ʼ＇＂",
    "NEAR(",
    "\"a\" OR *",
    "a* AND NOT b",
    "^a + b",
    "title : a",
    "a & b | !c <-> d",
    "& | ! <->",
    "{NULL}",
    "\0'",
];

/// As people read it: what has no shape is not shown.
fn shown(typed: &str) -> String {
    typed.replace('\0', "")
}

/// As it stands in a page.
fn escaped(typed: &str) -> String {
    let signs = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")];
    signs.iter().fold(shown(typed), |text, (sign, escaped)| text.replace(sign, escaped))
}

/// The errors that the service has logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Makes two tests of a story, one on each database, of whose log and rows nothing is lost.
macro_rules! unharmed_story {
    ($name:ident, |$world:ident| $body:block) => {
        async fn $name($world: &mut $crate::world::World) $body

        mod $name {
            // One thread, because the log is listened to on it alone: other stories have errors of their own.
            #[tokio::test]
            async fn sqlite() {
                let story = async |world: &mut $crate::world::World| super::$name(world).await;
                $crate::sql::told_unharmed($crate::world::Backend::Sqlite, story).await;
            }

            #[tokio::test]
            async fn postgres() {
                let story = async |world: &mut $crate::world::World| super::$name(world).await;
                $crate::sql::told_unharmed($crate::world::Backend::Postgres, story).await;
            }
        }
    };
}
use unharmed_story;

async fn told_unharmed(backend: Backend, story: impl AsyncFnOnce(&mut World)) {
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_ansi(false);
    let _listening = tracing::subscriber::set_default(lines.with_writer(move || writer.clone()).finish());
    let Some(mut world) = World::begins(backend).await else { return };
    let before = Census::of(&world).await;
    story(&mut world).await;
    before.holds(&world).await;
    let (code, said) = program(&world, vec!["audit", "verify"]).await;
    assert_eq!(code, Some(0), "a hand was in the history: {said}");
    world.forgets().await;
    world.ends().await;
    let errors = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(errors, "");
}

/// The tables, and how many rows each has.
struct Census(BTreeMap<String, i64>);

impl Census {
    async fn of(world: &World) -> Self {
        let tables = if world.database().starts_with("sqlite:") {
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        } else {
            "SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        };
        let names = columns::<String>(world.database(), tables, 1).await.concat();
        let counts: Vec<String> = names.iter().map(|name| format!("(SELECT COUNT(*) FROM {name})")).collect();
        let counts = numbers(world.database(), &format!("SELECT {}", counts.join(", ")), names.len()).await;
        Self(names.into_iter().zip(counts).collect())
    }

    /// Nothing has gone since, but what goes by itself.
    async fn holds(&self, world: &World) {
        let now = Self::of(world).await.0;
        let missing = |(table, rows): &(&String, &i64)| now.get(*table).is_none_or(|now| now < *rows);
        let missing: Vec<_> =
            self.0.iter().filter(missing).filter(|(table, _)| !PASSING.contains(&table.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?} have become fewer: {now:?}");
    }
}

/// What is to change at a moment that has come, what was not filed yet, and where words stand.
const PASSING: [&str; 5] = ["standing_change", "draft", "request_text", "search_segment", "search_slice"];

/// Runs the program beside the service, which lives on this thread.
async fn program(world: &World, arguments: Vec<&'static str>) -> (Option<i32>, String) {
    let database = world.database().to_owned();
    tokio::task::spawn_blocking(move || runs(&database, (&arguments, &[]))).await.unwrap()
}

/// The numbers of requests in a text.
fn requests_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let number = |word: &str| {
        let parts: Vec<&str> = word.splitn(5, '-').collect();
        let is_one = parts.len() >= 4 && parts[1].starts_with('Q') && parts[3].parse::<u32>().is_ok();
        is_one.then(|| parts[..4].join("-"))
    };
    words.filter_map(number).collect()
}

/// A token that may everything that its person may.
async fn token(world: &World, person: &'static str) -> String {
    let scopes = "requests,tasks,obligations,progress,act";
    let arguments = vec!["token", "add", "--name", "x", "--person", person, "--scope", scopes];
    let (code, said) = program(world, arguments).await;
    assert_eq!(code, Some(0), "{said}");
    said.lines().find(|line| line.starts_with("liaison_")).unwrap().to_owned()
}
