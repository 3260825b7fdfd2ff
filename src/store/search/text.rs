//! A statement put together while it is decided what it asks.
//!
//! Invariant: every piece is written in our source; what people typed goes in as a value.

use std::sync::LazyLock;

use crate::store::db::{Bind, Sql, Val};

/// Values of one statement at most; SQLite takes 32 766, PostgreSQL 65 535.
const MOST: usize = 4_000;

/// `$1` to `$4000`, made once.
static PLACES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| (1..=MOST).map(|n| &*Box::leak(format!("${n}").into_boxed_str())).collect());

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Pieces and values so far.
#[derive(Default)]
pub(super) struct Text {
    pieces: Vec<&'static str>,
    values: Vec<Val>,
}

impl Text {
    /// Goes on with a piece.
    pub fn say(&mut self, piece: &'static str) -> &mut Self {
        self.pieces.push(piece);
        self
    }

    /// Goes on with a value.
    pub fn put(&mut self, value: impl Bind) -> &mut Self {
        // A statement with more values fails at the engine, which is where it belongs.
        let place = PLACES.get(self.values.len()).copied().unwrap_or("NULL");
        self.values.push(value.bind());
        self.say(place)
    }

    /// Goes on with a number that we counted ourselves, written out: both engines take long over thousands of values.
    pub fn count(&mut self, n: usize) -> &mut Self {
        if n >= DIGITS.len() {
            self.count(n / DIGITS.len());
        }
        self.say(DIGITS[n % DIGITS.len()])
    }

    /// Goes on with ` IN (…)`; an empty one holds nothing.
    pub fn within<T: Bind>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        self.say(" IN (NULL");
        for value in values {
            self.say(", ").put(value);
        }
        self.say(")")
    }

    /// The statement and its values.
    pub fn whole(self) -> (Sql, Vec<Val>) {
        (Sql::pieces(&self.pieces), self.values)
    }
}
