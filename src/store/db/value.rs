//! What goes into a statement: typed values, so that a NULL too has the type which PostgreSQL asks for.
//!
//! Invariants: an instant is BIGINT milliseconds, a day and an id are TEXT, in every table; no text has a NUL in it, which
//! PostgreSQL refuses: what somebody put into an address is looked for without it, on both engines.

use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;

use super::error::{DbError, Result};
use crate::domain::{ChatId, Date, DepartmentId, MessageId, ObligationId, PersonId, RequestId, Timestamp};

/// One bound value; `None` is a NULL of that type.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    /// TEXT
    Text(Option<String>),
    /// BIGINT
    Int(Option<i64>),
    /// BOOLEAN
    Bool(Option<bool>),
    /// DOUBLE PRECISION
    Float(Option<f64>),
    /// BYTEA / BLOB
    Bytes(Option<Vec<u8>>),
}

/// A Rust type that can be bound to `$n`.
pub trait Bind {
    /// The value to bind.
    fn bind(self) -> Val;
    /// NULL of the same type.
    fn null() -> Val;
}

impl<T: Bind> Bind for Option<T> {
    fn bind(self) -> Val {
        self.map_or_else(T::null, T::bind)
    }
    fn null() -> Val {
        T::null()
    }
}

macro_rules! bind {
    ($($kind:ident: $($from:ty => |$value:ident| $into:expr),+;)+) => {$($(
        impl Bind for $from {
            fn bind(self) -> Val {
                let $value = self;
                Val::$kind(Some($into))
            }
            fn null() -> Val {
                Val::$kind(None)
            }
        }
    )+)+};
}

bind! {
    Text: String => |text| text, &String => |text| text.clone(), &str => |text| text.to_owned(),
        Date => |day| day.to_string(), &PersonId => |id| id.as_str().to_owned(),
        &DepartmentId => |id| id.as_str().to_owned(), &RequestId => |id| id.as_str().to_owned(),
        &ObligationId => |id| id.as_str().to_owned(), &ChatId => |id| id.as_str().to_owned(),
        &MessageId => |id| id.as_str().to_owned();
    Int: i64 => |n| n, i32 => |n| n.into(), u32 => |n| n.into(), Timestamp => |at| at.as_millisecond();
    Bool: bool => |yes| yes;
    Float: f64 => |x| x;
    Bytes: Vec<u8> => |bytes| bytes, &[u8] => |bytes| bytes.to_vec();
}

/// `args![a, b, c]`: the values of `$1`, `$2`, `$3`.
macro_rules! args {
    () => { ::std::vec::Vec::<$crate::store::db::Val>::new() };
    ($($value:expr),+ $(,)?) => { ::std::vec![$($crate::store::db::Bind::bind($value)),+] };
}
pub(crate) use args;

pub(super) fn sqlite(values: Vec<Val>) -> Result<SqliteArguments> {
    let mut bound = SqliteArguments::default();
    bind_all(&mut bound, values)?;
    Ok(bound)
}

pub(super) fn postgres(values: Vec<Val>) -> Result<PgArguments> {
    let mut bound = PgArguments::default();
    bind_all(&mut bound, values)?;
    Ok(bound)
}

/// The types that both drivers can bind, as one bound.
trait Binds: Arguments {
    fn put(&mut self, value: Val) -> std::result::Result<(), sqlx::error::BoxDynError>;
}

macro_rules! binds {
    ($arguments:ty) => {
        impl Binds for $arguments {
            fn put(&mut self, value: Val) -> std::result::Result<(), sqlx::error::BoxDynError> {
                match value {
                    Val::Text(text) => Arguments::add(self, text.map(without_nul)),
                    Val::Int(n) => Arguments::add(self, n),
                    Val::Bool(yes) => Arguments::add(self, yes),
                    Val::Float(x) => Arguments::add(self, x),
                    Val::Bytes(bytes) => Arguments::add(self, bytes),
                }
            }
        }
    };
}
binds!(SqliteArguments);
binds!(PgArguments);

fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

fn bind_all(bound: &mut impl Binds, values: Vec<Val>) -> Result<()> {
    bound.reserve(values.len(), 0);
    values.into_iter().try_for_each(|value| bound.put(value)).map_err(|e| DbError::Other(e.to_string()))
}
