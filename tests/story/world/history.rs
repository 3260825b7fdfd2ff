//! What a story left in the history can be told: each line has its words, and every gap in them is filled.

use std::collections::BTreeSet;

use super::ground::columns;

const WORDS: [&str; 2] =
    [include_str!("../../../locales/zh/card.toml"), include_str!("../../../locales/zh/work.toml")];

/// The gaps of a text: `{name}`.
fn gaps(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Fails for a line that nobody could read.
pub async fn can_be_read(database: &str) {
    let words = WORDS.map(|text| toml::from_str::<toml::Table>(text).unwrap());
    let lines = columns::<String>(database, "SELECT DISTINCT what, params FROM audit", 2).await;
    for line in lines {
        let (what, params) = (&line[0], &line[1]);
        let found = words.iter().find_map(|file| file["history"].get(what).and_then(toml::Value::as_str));
        let Some(text) = found else {
            panic!("no words for the line {what} of the history");
        };
        let params: serde_json::Map<String, serde_json::Value> = serde_json::from_str(params).unwrap();
        let empty: Vec<&str> = gaps(text).into_iter().filter(|gap| !params.contains_key(*gap)).collect();
        assert!(empty.is_empty(), "history.{what} says nothing for {empty:?}: {params:?}");
    }
}
