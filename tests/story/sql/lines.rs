//! Every argument of every command, by people with a part in a request and by people without.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{PAYLOADS, escaped, requests_in, shown, token, unharmed_story};
use crate::world::{World, client, filled};

/// Every command with its usage, as help prints them; a test of `src/intent` keeps the page true.
const COMMANDS: &str = include_str!("../../../docs/commands.md");

/// Where in a line something may stand.
const SHAPES: [&str; 9] =
    ["P", "NO P", "NO @P", "P NO", "NO/P P", "NO/1 P", "NO-I1 P", "NO @李娜 2026-12-20 P", "\"P\" NO 'P'"];

const INSIDE: [&str; 4] = ["zhang.wei", "liu.yang", "li.na", "wang.fang"];
const OUTSIDE: [&str; 3] = ["sun.li", "tang.rui", "wu.hao"];

/// Stands in every request that few may see.
const GOAL: &str = "首月销量";

/// Name and usage of each command, English.
fn commands() -> Vec<(&'static str, &'static str)> {
    let english = COMMANDS.split("# 命令").next().unwrap();
    let rows = english.lines().filter(|line| line.starts_with("| `/"));
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let name = cells[2].split('`').nth(1).unwrap();
        (name, cells[0].trim_matches(['|', ' ', '`']))
    };
    rows.map(row).collect()
}

/// Words of a usage that are written as they stand: `add`, `withdraw`, `language`.
fn own_words(usage: &str) -> BTreeSet<&str> {
    let words = usage.split(|c: char| !(c.is_ascii_lowercase() || c == '/'));
    words.filter(|word| word.len() > 2 && !word.contains('/')).collect()
}

/// A program of somebody.
struct Program {
    person: &'static str,
    client: reqwest::Client,
    url: String,
    token: String,
    /// The requests that this person may see; none: nobody cares.
    sees: BTreeSet<String>,
}

impl Program {
    async fn of(world: &World, person: &'static str, sees: &BTreeSet<String>) -> Self {
        let (url, token) = (world.url().to_owned(), token(world, person).await);
        Self { person, client: client(), url, token, sees: sees.clone() }
    }

    async fn reads(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}/api/v1/{path}", self.url)).bearer_auth(&self.token);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Acts; the answer is none that tells of a failure, or of what this person may not see.
    async fn acts(&self, key: usize, body: &Value) -> Value {
        let request = self.client.post(format!("{}/api/v1/acts", self.url)).bearer_auth(&self.token);
        let request = request.header("idempotency-key", key.to_string()).json(body);
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        let is_read = status < 500 && !text.contains("\"slow_down\"");
        assert!(is_read, "{}: {body} is answered {status} {text}", self.person);
        if !self.sees.is_empty() {
            // A number that was typed may be said again; what stands behind it may not.
            let told = &requests_in(&text) - &requests_in(&body.to_string());
            let silent = told.is_subset(&self.sees) && !text.contains(GOAL);
            assert!(silent, "{} by {body} sees {text}", self.person);
        }
        serde_json::from_str(&text).unwrap()
    }
}

/// Files a request that few may see, under a title.
async fn files(program: &Program, key: usize, title: &str) -> String {
    let values = filled(&[("title", title), ("visibility", "people")]);
    let filed = program.acts(key, &json!({ "command": "/new", "values": values })).await;
    let number = filed["request"].as_str().unwrap_or_else(|| panic!("{filed}")).to_owned();
    let rows = program.reads(&format!("requests?id={number}")).await;
    assert_eq!(rows["items"][0]["title"], shown(title), "letter by letter");
    number
}

unharmed_story!(what_looks_like_sql_behind_any_command_is_words_and_opens_nothing, |world| {
    let open = world.files_with(&[("visibility", "public"), ("title", "推广"), ("goal", "公开")]).await;
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for person in INSIDE {
        inside.push(Program::of(world, person, &BTreeSet::new()).await);
    }
    for person in OUTSIDE {
        outside.push(Program::of(world, person, &[open.clone()].into()).await);
    }
    let mut key = 0;
    for (at, (name, usage)) in commands().into_iter().enumerate() {
        key += 1;
        let number = files(&inside[0], key, PAYLOADS[at % PAYLOADS.len()]).await;
        let own = own_words(usage);
        let lines: Vec<String> = SHAPES
            .iter()
            .map(|shape| format!("{name} {shape}"))
            .chain(own.iter().flat_map(|word| [format!("{name} {word} P"), format!("{name} {word} NO P")]))
            .collect();
        // Each command meets every other payload, the next one those between.
        let payloads = PAYLOADS.iter().skip(at % 2).step_by(2);
        for (n, payload) in payloads.enumerate() {
            key += 1;
            let line = lines[(at + n) % lines.len()].replace("NO", &number).replace('P', payload);
            let body = json!({ "command": line });
            match (at + n) % 3 {
                0 => inside[n % INSIDE.len()].acts(key, &body).await,
                _ => outside[n % OUTSIDE.len()].acts(key, &body).await,
            };
        }
    }
    assert_eq!(world.numbers("SELECT COUNT(*) FROM request", 1).await, [1 + commands().len() as i64]);
    world.settles().await;
    searches(world, &outside, &mut key).await;
    comments(world, &open).await;
});

/// Nobody finds more by a payload than without.
async fn searches(world: &World, outside: &[Program], key: &mut usize) {
    for program in outside {
        let rows = program.reads("requests?limit=200").await.to_string();
        assert_eq!(requests_in(&rows), program.sees, "a fresh look without payloads");
    }
    for (n, payload) in PAYLOADS.iter().enumerate() {
        let line =
            [format!("/list {payload}"), format!("/list 推广 {payload}"), format!("/list {payload} page 2")];
        *key += 1;
        let line = &line[n % line.len()];
        outside[n % outside.len()].acts(*key, &json!({ "command": line })).await;
        world.says("sun.li", &format!("/list {payload}")).await;
        let card = world.card("sun.li").await.to_string();
        assert!(requests_in(&card).is_subset(&outside[0].sees), "{payload}: {card}");
    }
}

/// What is said in the chat stands on the page, letter by letter.
async fn comments(world: &World, number: &str) {
    let visitor = world.visitor("zhang.wei").await;
    // A page tells the latest of a long history.
    for some in PAYLOADS.chunks(12) {
        for payload in some {
            world.says("zhang.wei", &format!("/comment {number} <{payload}>")).await;
        }
        let page = visitor.opens(&format!("/requests/{number}")).await;
        for payload in some {
            page.says(&escaped(&format!("<{payload}>")));
        }
    }
}
