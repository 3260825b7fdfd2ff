//! What comes out of a statement: one row of either engine, read by column name or position.
//!
//! Invariant: a type decodes the same on both engines, or not at all.

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
}

impl std::fmt::Debug for Inner {
    /// Never the values: they are people's words.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
        };
        write!(f, "{columns} columns")
    }
}

/// A column's name or position (from 0).
pub trait At: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> {}
impl<T: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>> At for T {}

/// A type that both drivers read by themselves.
pub trait Raw:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}
impl<T> Raw for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
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
        };
        T::from_raw(raw).map_err(|why| DbError::Other(format!("column {at:?}: {why}")))
    }
}
