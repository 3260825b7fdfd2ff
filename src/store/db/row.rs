//! What comes out of a statement: one row of either engine, read by column name or position.
//!
//! Invariant: a type decodes the same on both engines, or not at all.

use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type};

use super::error::{DbError, Result};
use crate::domain::{ChatId, Date, DepartmentId, MessageId, ObligationId, PersonId, RequestId, Timestamp};

/// One row.
#[derive(Debug)]
pub struct Row(pub(super) Inner);

pub(super) enum Inner {
    Sqlite(SqliteRow),
    Postgres(PgRow),
    /// One of several answers that PostgreSQL gave as one.
    Json(serde_json::Map<String, Value>),
}

impl std::fmt::Debug for Inner {
    /// Never the values: they are people's words.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
            Self::Json(row) => row.len(),
        };
        write!(f, "{columns} columns")
    }
}

/// A column's name or position (from 0).
pub trait At: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> {
    /// The name, if it is one.
    fn name(&self) -> Option<&str>;
}

impl At for &str {
    fn name(&self) -> Option<&str> {
        Some(self)
    }
}

impl At for usize {
    fn name(&self) -> Option<&str> {
        None
    }
}

/// A type that both drivers read by themselves, and that PostgreSQL writes into JSON.
pub trait Raw:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
    /// From JSON; `None`: it is something else.
    fn from_json(value: &Value) -> Option<Self>;
}

impl Raw for String {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl Raw for i64 {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_i64()
    }
}

impl Raw for bool {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Raw for f64 {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

impl Raw for Vec<u8> {
    /// BYTEA stands in JSON as `\\x` and hexadecimal digits.
    fn from_json(value: &Value) -> Option<Self> {
        hex::decode(value.as_str()?.strip_prefix("\\x")?).ok()
    }
}

/// A Rust type that a column can be read as.
///
/// Always through an `Option`: SQLite's driver would read a NULL as `0`, `""` or `false`.
pub trait Column: Sized {
    /// What the driver reads.
    type Raw: Raw;
    /// From what the driver read, `None` for NULL; the error is for logs.
    fn from_raw(raw: Option<Self::Raw>) -> std::result::Result<Self, String>;
}

impl<T: Column> Column for Option<T> {
    type Raw = T::Raw;
    fn from_raw(raw: Option<T::Raw>) -> std::result::Result<Self, String> {
        raw.map(|raw| T::from_raw(Some(raw))).transpose()
    }
}

macro_rules! columns {
    ($($column:ty, $raw:ty => |$value:ident| $read:expr;)+) => {$(
        impl Column for $column {
            type Raw = $raw;
            fn from_raw(raw: Option<$raw>) -> std::result::Result<Self, String> {
                let $value = raw.ok_or(UNEXPECTED)?;
                $read
            }
        }
    )+};
}

const UNEXPECTED: &str = "NULL where a value was expected";

columns! {
    String, String => |text| Ok(text);
    i64, i64 => |n| Ok(n);
    bool, bool => |yes| Ok(yes);
    f64, f64 => |x| Ok(x);
    Vec<u8>, Vec<u8> => |bytes| Ok(bytes);
    Timestamp, i64 => |ms| Timestamp::from_millisecond(ms).map_err(|e| e.to_string());
    Date, String => |day| day.parse().map_err(|e: jiff::Error| e.to_string());
    PersonId, String => |id| Ok(Self::new(id));
    DepartmentId, String => |id| Ok(Self::new(id));
    RequestId, String => |id| Ok(Self::new(id));
    ObligationId, String => |id| Ok(Self::new(id));
    ChatId, String => |id| Ok(Self::new(id));
    MessageId, String => |id| Ok(Self::new(id));
}

impl Row {
    /// Reads one column; an unknown column, a NULL that was not expected and a wrong type are errors.
    pub fn get<T: Column>(&self, at: impl At + std::fmt::Debug + Copy) -> Result<T> {
        let raw = match &self.0 {
            Inner::Sqlite(row) => row.try_get::<Option<T::Raw>, _>(at)?,
            Inner::Postgres(row) => row.try_get::<Option<T::Raw>, _>(at)?,
            Inner::Json(row) => of_json(at.name().and_then(|name| row.get(name)))
                .map_err(|why| DbError::Other(format!("column {at:?}: {why}")))?,
        };
        T::from_raw(raw).map_err(|why| DbError::Other(format!("column {at:?}: {why}")))
    }
}

/// `Ok(None)` is a NULL.
fn of_json<T: Raw>(value: Option<&Value>) -> std::result::Result<Option<T>, &'static str> {
    match value {
        None => Err("not one of the columns"),
        Some(Value::Null) => Ok(None),
        Some(value) => T::from_json(value).map(Some).ok_or("a value of another type"),
    }
}

/// The rows that PostgreSQL gave as one array of objects; `None` is no row.
pub(super) fn rows_of_json(text: Option<&str>) -> Result<Vec<Row>> {
    let rows: Vec<serde_json::Map<String, Value>> = match text {
        None => Vec::new(),
        Some(text) => serde_json::from_str(text).map_err(|e| DbError::Other(format!("rows as JSON: {e}")))?,
    };
    Ok(rows.into_iter().map(|row| Row(Inner::Json(row))).collect())
}
