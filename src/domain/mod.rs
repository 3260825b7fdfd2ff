//! The rules of the process: what people owe each other, by when, and who hears of it if it does not come.
//!
//! Nothing here reads a clock, a database or a network, and nothing here holds words for people. State and act come in,
//! a [`change::Change`] or a [`change::Refusal`] goes out; everything else in the project carries that out.
//!
//! The vocabulary: a **request** (需求) asks departments for something (its **asks**), is reviewed by heads
//! (**approvals**), signed by departments (**confirmations**) or **objected** to in **rounds**. Each thing that
//! somebody owes by a time is an **obligation** (应办事项) with a **ladder** of steps that fire while it stays open.

use std::fmt;

use serde::{Deserialize, Serialize};

pub mod calendar;
pub mod change;
pub mod directory;
pub mod fault;
pub mod mask;
pub mod number;
pub mod obligation;
pub mod permission;
pub mod pilot;
pub mod policy;
pub mod quiet;
pub mod request;
pub mod search;
pub mod sheet;
pub mod template;

/// An instant. Stored as milliseconds since the epoch (BIGINT); only `clock.rs` may read the present one.
pub use jiff::Timestamp;
/// A day of the calendar, without a time: `2026-12-01`.
pub use jiff::civil::Date;

/// Defines a string id whose kind the compiler keeps apart from the others.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an id that came from the database, the directory or a platform.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A person of the directory, e.g. `zhang.wei`.
    PersonId
);
id!(
    /// A department by its code, e.g. `SCB`; the code is part of request numbers.
    DepartmentId
);
id!(
    /// A request's own key (uuid v7). People see its number instead.
    RequestId
);
id!(
    /// An obligation's key (uuid v7).
    ObligationId
);
id!(
    /// A chat on some messenger, as that messenger names it.
    ChatId
);
id!(
    /// A message on some messenger, as that messenger names it.
    MessageId
);

/// The language a person reads. Chinese first; English complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}
