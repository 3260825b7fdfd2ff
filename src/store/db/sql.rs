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

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Made(text) => text,
        }
    }

    /// The text for `form`. A fixed text is made once and kept.
    pub(super) fn text(&self, form: Form) -> SqlStr {
        match self {
            Self::Fixed(text) if form == Form::Sqlite("") => text.into_sql_str(),
            Self::Fixed(text) => {
                kept_or(&[Part { sql: self.clone(), arguments: 0, rows: 1, one: false }], form, || {
                    (*text).to_owned()
                })
            }
            Self::Made(text) => safe(form.apply(text).into()),
        }
    }
}

/// One statement among those that are made one text.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub sql: Sql,
    /// The values of one row.
    pub arguments: usize,
    /// An insert of so many rows; 1 for whatever else.
    pub rows: usize,
    /// Whether it has to hit exactly one row.
    pub one: bool,
}

impl Part {
    /// Its text, the values counted on from `offset`.
    fn text(&self, offset: usize) -> String {
        let text = counted_on(self.sql.as_str(), offset);
        let Some((_, row)) = self.sql.as_str().split_once(VALUES).filter(|_| self.rows > 1) else {
            return text;
        };
        let more = (1..self.rows).map(|n| format!(", ({}", counted_on(row, offset + n * self.arguments)));
        std::iter::once(text).chain(more).collect()
    }
}

const VALUES: &str = " VALUES (";

/// Whether a text inserts one row of plain values, so that another row can follow it in the same statement.
pub(super) fn takes_rows(text: &str) -> bool {
    text.starts_with("INSERT INTO ")
        && text.ends_with(')')
        && text.matches(VALUES).count() == 1
        && !text.contains(" ON CONFLICT ")
}

/// Several statements as one text for SQLite, their `$n` counted on; kept if all are fixed.
pub(super) fn joined(parts: &[Part], form: Form) -> SqlStr {
    if parts.iter().all(|part| part.sql.is_fixed()) {
        return kept_or(parts, form, || join(parts));
    }
    safe(form.apply(&join(parts)).into())
}

/// Several fixed statements as one statement for PostgreSQL; its row says how many rows each changed.
///
/// They run in any order. Only an `UPDATE … WHERE` whose turn is `after` is made to wait: it changes nothing unless the
/// statement before it has changed a row, and so cannot begin before that one is done.
pub(super) fn at_once(parts: &[Part], after: Option<usize>) -> SqlStr {
    kept_or(parts, Form::AtOnce, || {
        let counts = (0..parts.len()).map(|n| format!("(SELECT count(*) FROM s{n})"));
        format!("WITH {} SELECT {}", withs(parts, after), counts.collect::<Vec<_>>().join(", "))
    })
}

/// The same for a claim, a tripwire and what rests on them, as a transaction of its own: PostgreSQL undoes all of it
/// with an error, [`NOT_ONE`], if one that has to hit exactly one row does not. `None`: one of them writes or reads a
/// table that the first two write, and would not see what they did.
pub(super) fn whole(parts: &[Part]) -> Option<SqlStr> {
    let [claim, tripwire, rest @ ..] = parts else { return None };
    let text = kept_or(parts, Form::Whole, || {
        let written = [claim, tripwire].map(|part| target(part.sql.as_str()));
        let is_met = |part: &Part| written.iter().any(|table| mentions(part.sql.as_str(), table));
        if written[0] == written[1] || rest.iter().any(is_met) {
            return String::new();
        }
        let ones = (0..parts.len())
            .filter(|n| parts[*n].one)
            .map(|n| format!("1 / (SELECT CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM s{n})"));
        format!("WITH {} SELECT {}", withs(parts, Some(1)), ones.collect::<Vec<_>>().join(", "))
    });
    Some(text).filter(|text| !text.as_str().is_empty())
}

/// Several queries with the same values as one for PostgreSQL: the rows of each are a column, an array of objects.
pub(super) fn arrays(queries: &[&'static str]) -> SqlStr {
    let parts: Vec<Part> = queries
        .iter()
        .map(|query| Part { sql: (*query).into(), arguments: 0, rows: 1, one: false })
        .collect();
    kept_or(&parts, Form::Arrays, || {
        let column = |query: &&str| format!("(SELECT CAST(json_agg(t) AS TEXT) FROM ({query}) t)");
        format!("SELECT {}", queries.iter().map(column).collect::<Vec<_>>().join(", "))
    })
}

/// The error of [`whole`]: a division by zero, which none of our statements meets otherwise.
pub(super) const NOT_ONE: &str = "22012";

fn withs(parts: &[Part], after: Option<usize>) -> String {
    let (mut withs, mut offset) = (Vec::new(), 0);
    for (n, part) in parts.iter().enumerate() {
        let waits = match after {
            Some(turn) if turn == n && n > 0 => format!(" AND EXISTS (SELECT 1 FROM s{})", n - 1),
            _ => String::new(),
        };
        withs.push(format!("s{n} AS ({}{waits} RETURNING 1)", part.text(offset)));
        offset += part.arguments * part.rows;
    }
    withs.join(", ")
}

/// The table that a statement writes.
fn target(text: &str) -> &str {
    tables(text).next().unwrap_or_default()
}

/// Whether a statement reads or writes a table.
fn mentions(text: &str, table: &str) -> bool {
    tables(text).any(|name| name == table)
}

fn tables(text: &str) -> impl Iterator<Item = &str> {
    let mut words =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    std::iter::from_fn(move || {
        words.find(|word| matches!(*word, "INTO" | "UPDATE" | "FROM" | "JOIN"))?;
        words.next()
    })
}

fn join(parts: &[Part]) -> String {
    let mut offset = 0;
    let mut text = String::new();
    for part in parts {
        text.push_str(&part.text(offset));
        text.push(';');
        offset += part.arguments * part.rows;
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
    /// As above, and joined by [`whole`].
    Whole,
    /// As above, and joined by [`arrays`].
    Arrays,
    /// Statements of the shared commit go in front, so that they cost no journey of their own.
    Sqlite(&'static str),
}

impl Form {
    fn apply(self, text: &str) -> String {
        match self {
            Self::Postgres | Self::AtOnce | Self::Whole | Self::Arrays => {
                text.replace(FOR_UPDATE, "FOR UPDATE").replace(SKIP_LOCKED, "FOR UPDATE SKIP LOCKED")
            }
            Self::Sqlite(front) => [front, text].concat(),
        }
    }
}

/// Fixed texts are told apart by address and length, which is cheaper than by content and as good.
type Key = (Vec<(usize, usize, usize, bool)>, Form);

/// Above this many entries the map is emptied: batches may be put together in many ways.
const KEPT: usize = 4096;

static TEXTS: LazyLock<RwLock<HashMap<Key, Arc<str>>>> = LazyLock::new(RwLock::default);

fn kept_or(parts: &[Part], form: Form, make: impl FnOnce() -> String) -> SqlStr {
    let key = |part: &Part| {
        let text = part.sql.as_str();
        (text.as_ptr().addr(), text.len(), part.rows, part.one)
    };
    let key = (parts.iter().map(key).collect(), form);
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

    fn part(sql: &'static str, arguments: usize, rows: usize) -> Part {
        Part { sql: sql.into(), arguments, rows, one: rows == 1 }
    }

    #[test]
    fn a_claimed_act_is_one_statement_that_fails_unless_each_hits_its_row() {
        let claim = part("INSERT INTO claim (id) VALUES ($1) ON CONFLICT (id) DO NOTHING", 1, 1);
        let tripwire = part("UPDATE file SET n = $2 WHERE id = $1", 2, 1);
        let lines = part("INSERT INTO line (id, n, at) VALUES ($1, 0, $2)", 2, 2);
        let text = whole(&[claim.clone(), tripwire.clone(), lines]);
        assert_eq!(
            text.unwrap().as_str(),
            "WITH s0 AS (INSERT INTO claim (id) VALUES ($1) ON CONFLICT (id) DO NOTHING RETURNING 1), \
             s1 AS (UPDATE file SET n = $3 WHERE id = $2 AND EXISTS (SELECT 1 FROM s0) RETURNING 1), \
             s2 AS (INSERT INTO line (id, n, at) VALUES ($4, 0, $5), ($6, 0, $7) RETURNING 1) \
             SELECT 1 / (SELECT CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM s0), \
             1 / (SELECT CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM s1)"
        );
        for met in
            ["UPDATE file SET m = 1 WHERE id = $1", "INSERT INTO line (id) SELECT id FROM file WHERE id = $1"]
        {
            assert!(whole(&[claim.clone(), tripwire.clone(), part(met, 1, 1)]).is_none(), "{met}");
        }
        let other = part("UPDATE file_text SET file = $1 WHERE id = $1", 1, 1);
        assert!(whole(&[claim, tripwire, other]).is_some());
    }

    #[test]
    fn locks_are_clauses_on_postgres_and_comments_on_sqlite() {
        let sql = Sql::from("SELECT id FROM t /*skip locked*/");
        assert_eq!(sql.text(Form::Postgres).as_str(), "SELECT id FROM t FOR UPDATE SKIP LOCKED");
        assert_eq!(sql.text(Form::Sqlite("")).as_str(), "SELECT id FROM t /*skip locked*/");
    }
}
