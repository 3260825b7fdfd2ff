//! What a story left in the history can be told: each line has its words, and every gap in them is filled.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::columns;

/// The gaps of a text: `{name}`.
fn gaps(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Kind of line → its words, of all files of the language.
fn words() -> BTreeMap<String, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales/zh");
    let mut words = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let table: toml::Table = toml::from_str(&text).unwrap();
        let history = table.get("history").and_then(toml::Value::as_table).into_iter().flatten();
        words.extend(history.map(|(kind, text)| (kind.clone(), text.as_str().unwrap().to_owned())));
    }
    words
}

/// Fails for a line that nobody could read.
pub async fn can_be_read(database: &str) {
    let words = words();
    let lines = columns::<String>(database, "SELECT DISTINCT what, params FROM audit", 2).await;
    for line in lines {
        let (what, params) = (&line[0], &line[1]);
        let Some(text) = words.get(what) else {
            panic!("no words for the line {what} of the history");
        };
        let params: serde_json::Map<String, serde_json::Value> = serde_json::from_str(params).unwrap();
        let empty: Vec<&str> = gaps(text).into_iter().filter(|gap| !params.contains_key(*gap)).collect();
        assert!(empty.is_empty(), "history.{what} says nothing for {empty:?}: {params:?}");
    }
}
