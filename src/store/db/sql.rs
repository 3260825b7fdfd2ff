//! The text of a statement, and the few places where the engines need another text.
//!
//! Invariant: a text is either written in our source, or made from such texts by a function of this file.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// Written where a row is to be locked until the transaction ends; SQLite has one writer and needs nothing.
pub const FOR_UPDATE: &str = "/*for update*/";
/// Written where rows that another replica has locked are to be passed over; nothing on SQLite.
pub const SKIP_LOCKED: &str = "/*skip locked*/";

/// One statement with `$1..$n`.
#[derive(Clone, Debug)]
pub enum Sql {
    /// Written in our source; prepared once per connection.
    Fixed(&'static str),
    /// Made from such texts; prepared each time.
    Made(Arc<str>),
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text)
    }
}

impl Sql {
    /// Joins pieces of SQL that are all written in our source: a filter that is there or not, an order by name.
    pub fn pieces(pieces: &[&'static str]) -> Self {
        Self::Made(pieces.concat().into())
    }

    pub(super) fn is_fixed(&self) -> bool {
        self.fixed().is_some()
    }

    /// Whether a condition can be added to its end.
    pub(super) fn is_conditional_update(&self) -> bool {
        self.fixed().is_some_and(|text| text.starts_with("UPDATE ") && text.contains(" WHERE "))
    }

    fn fixed(&self) -> Option<&'static str> {
        match self {
            Self::Fixed(text) => Some(text),
            Self::Made(_) => None,
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Made(text) => text,
        }
    }

    /// The text for `form`. A fixed text is made once and kept.
    pub(super) fn text(&self, form: Form) -> SqlStr {
        match self {
            Self::Fixed(text) if form == Form::Sqlite("") => text.into_sql_str(),
            Self::Fixed(text) => kept(std::slice::from_ref(text), form),
            Self::Made(text) => safe(form.apply(text).into()),
        }
    }
}

/// Several statements as one text for SQLite, their `$n` counted on; kept if all are fixed.
pub(super) fn joined(parts: &[(Sql, usize)], form: Form) -> SqlStr {
    let fixed: Option<Vec<&'static str>> = parts.iter().map(|(sql, _)| sql.fixed()).collect();
    if let Some(texts) = fixed {
        return kept_or(&texts, form, || join(parts));
    }
    safe(form.apply(&join(parts)).into())
}

/// Several fixed statements as one statement for PostgreSQL; its row says how many rows each changed.
///
/// They run in any order. Only an `UPDATE … WHERE` whose turn is `after` is made to wait: it changes nothing unless the
/// statement before it has changed a row, and so cannot begin before that one is done.
pub(super) fn at_once(parts: &[(Sql, usize)], after: Option<usize>) -> SqlStr {
    let texts: Vec<&'static str> = parts.iter().filter_map(|(sql, _)| sql.fixed()).collect();
    kept_or(&texts, Form::AtOnce, || {
        let (mut withs, mut counts) = (Vec::new(), Vec::new());
        let mut offset = 0;
        for (n, (sql, arguments)) in parts.iter().enumerate() {
            let waits = match after {
                Some(turn) if turn == n && n > 0 => format!(" AND EXISTS (SELECT 1 FROM s{})", n - 1),
                _ => String::new(),
            };
            withs.push(format!("s{n} AS ({}{waits} RETURNING 1)", counted_on(sql.as_str(), offset)));
            counts.push(format!("(SELECT count(*) FROM s{n})"));
            offset += arguments;
        }
        format!("WITH {} SELECT {}", withs.join(", "), counts.join(", "))
    })
}

fn join(parts: &[(Sql, usize)]) -> String {
    let mut offset = 0;
    let mut text = String::new();
    for (sql, arguments) in parts {
        text.push_str(&counted_on(sql.as_str(), offset));
        text.push(';');
        offset += arguments;
    }
    text
}

/// What is done to a text before an engine gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// The two names become clauses.
    Postgres,
    /// As above, and joined by [`at_once`].
    AtOnce,
    /// Statements of the shared commit go in front, so that they cost no journey of their own.
    Sqlite(&'static str),
}

impl Form {
    fn apply(self, text: &str) -> String {
        match self {
            Self::Postgres | Self::AtOnce => {
                text.replace(FOR_UPDATE, "FOR UPDATE").replace(SKIP_LOCKED, "FOR UPDATE SKIP LOCKED")
            }
            Self::Sqlite(front) => [front, text].concat(),
        }
    }
}

/// Fixed texts are told apart by address and length, which is cheaper than by content and as good.
type Key = (Vec<(usize, usize)>, Form);

/// Above this many entries the map is emptied: batches may be put together in many ways.
const KEPT: usize = 4096;

static TEXTS: LazyLock<RwLock<HashMap<Key, Arc<str>>>> = LazyLock::new(RwLock::default);

fn kept(texts: &[&'static str], form: Form) -> SqlStr {
    kept_or(texts, form, || texts.concat())
}

fn kept_or(texts: &[&'static str], form: Form, make: impl FnOnce() -> String) -> SqlStr {
    let key = (texts.iter().map(|text| (text.as_ptr().addr(), text.len())).collect(), form);
    let found = TEXTS.read().ok().and_then(|map| map.get(&key).cloned());
    let text = found.unwrap_or_else(|| {
        let text: Arc<str> = form.apply(&make()).into();
        if let Ok(mut map) = TEXTS.write() {
            if map.len() >= KEPT {
                map.clear();
            }
            map.insert(key, Arc::clone(&text));
        }
        text
    });
    safe(text)
}

/// The only assertion of its kind. Reviewed: every text that comes here is made by this file from texts written in
/// our source and from `$n`; no value, name or word of a person is ever part of it.
fn safe(text: Arc<str>) -> SqlStr {
    AssertSqlSafe(text).into_sql_str()
}

/// Adds `offset` to every `$n` that is not inside a string, a quoted name or a comment.
fn counted_on(sql: &str, offset: usize) -> String {
    if offset == 0 {
        return sql.to_owned();
    }
    let mut out = String::with_capacity(sql.len() + 8);
    let mut rest = sql;
    while let Some(at) = rest.find(['$', '\'', '"', '-', '/']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let skipped = quoted_len(rest);
        if skipped > 0 {
            out.push_str(&rest[..skipped]);
            rest = &rest[skipped..];
            continue;
        }
        let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        let number = if rest.starts_with('$') { rest[1..=digits].parse::<usize>().ok() } else { None };
        match number {
            Some(n) => {
                out.push_str(&format!("${}", n + offset));
                rest = &rest[1 + digits..];
            }
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The length of the string, quoted name or comment that `text` begins with; 0 if it begins with none.
fn quoted_len(text: &str) -> usize {
    let (from, end) = match text.as_bytes() {
        [b'\'', ..] => (1, "'"),
        [b'"', ..] => (1, "\""),
        [b'-', b'-', ..] => (2, "\n"),
        [b'/', b'*', ..] => (2, "*/"),
        _ => return 0,
    };
    text[from..].find(end).map_or(text.len(), |at| from + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_counted_on_outside_of_quotes_and_comments() {
        assert_eq!(
            counted_on(
                "INSERT INTO t VALUES ($1, '$2''$3', $10) -- $4\n WHERE \"$5\" = /*$6*/ $2 - $3 / 2",
                4
            ),
            "INSERT INTO t VALUES ($5, '$2''$3', $14) -- $4\n WHERE \"$5\" = /*$6*/ $6 - $7 / 2"
        );
    }

    #[test]
    fn locks_are_clauses_on_postgres_and_comments_on_sqlite() {
        let sql = Sql::from("SELECT id FROM t /*skip locked*/");
        assert_eq!(sql.text(Form::Postgres).as_str(), "SELECT id FROM t FOR UPDATE SKIP LOCKED");
        assert_eq!(sql.text(Form::Sqlite("")).as_str(), "SELECT id FROM t /*skip locked*/");
    }
}
