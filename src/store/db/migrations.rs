//! The list of `migrations/*.sql`, in order. A new file becomes part of the program by a line here.
//!
//! Invariant: a line, once released, never changes and never goes away.

use super::migrate::Migration;

/// One line per file: `Migration { version: 1, name: "requests", sqlite: include_str!(…), postgres: None }`.
pub(super) const ALL: &[Migration] = &[];
