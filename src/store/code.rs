//! Enums and small values as the words that stand in TEXT columns.
//!
//! Invariant: the word of an enum is its serde name, the same in the database, in exports and on the wire.

use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use serde::{Serialize, de::DeserializeOwned};

use super::db::{DbError, Row};

type Result<T> = std::result::Result<T, DbError>;

/// The serde name of a plain enum value.
pub fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(DbError::Other(format!("{other:?} is not one word"))),
    }
}

/// The enum value of that name.
pub fn of_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    let source: StrDeserializer<'_, Error> = word.into_deserializer();
    T::deserialize(source).map_err(|e| DbError::Other(format!("`{word}` in the database: {e}")))
}

/// Reads a column that holds a word.
pub fn column<T: DeserializeOwned>(row: &Row, name: &str) -> Result<T> {
    of_word(&row.get::<String>(name)?)
}

/// Reads a column that holds a word or nothing.
pub fn optional<T: DeserializeOwned>(row: &Row, name: &str) -> Result<Option<T>> {
    row.get::<Option<String>>(name)?.map(|w| of_word(&w)).transpose()
}

/// JSON text of a value.
pub fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| DbError::Other(format!("not JSON: {e}")))
}

/// The value in a JSON column.
pub fn from_json<T: DeserializeOwned>(row: &Row, name: &str) -> Result<T> {
    let text: String = row.get(name)?;
    serde_json::from_str(&text).map_err(|e| DbError::Other(format!("column {name}: {e}")))
}
