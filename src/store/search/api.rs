//! What the API reads: resources as a table of columns and filters, one statement for all of them.
//!
//! Invariants: visibility is the condition of every list (`visible`); a page begins where the one before it ended, by key,
//! however much is written meanwhile; what a table below does not name is not told.

use serde_json::{Map, Value, json};

use super::text::Text;
use super::visible;
use crate::domain::Timestamp;
use crate::domain::permission::Eyes;
use crate::store::db::{Db, DbError, Row};

type Result<T> = std::result::Result<T, DbError>;

/// How a value is written in JSON, and how it is read from an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A person's id; masked for those who have no part in the request.
    Person,
    /// A whole number.
    Number,
    /// An instant, RFC 3339 in UTC.
    Moment,
    /// A day, `2026-11-23`.
    Day,
    /// Yes or no.
    Flag,
    /// A list of texts or numbers.
    List,
}

/// One field of a row.
#[derive(Debug)]
pub struct Column {
    /// Its name in JSON.
    pub name: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// The expression with that name.
    select: &'static str,
}

/// Something that narrows a list.
#[derive(Debug)]
pub struct Filter {
    /// Its name in an address.
    pub name: &'static str,
    /// What stands there.
    pub kind: Kind,
    /// The condition up to the value, and behind it.
    condition: (&'static str, &'static str),
}

/// A kind of thing that is read.
#[derive(Debug)]
pub struct Resource {
    /// Its name in paths, and the scope that a token needs.
    pub name: &'static str,
    /// Its fields.
    pub columns: &'static [Column],
    /// What narrows it.
    pub filters: &'static [Filter],
    /// Which field names the request.
    pub request: &'static str,
    from: &'static str,
    /// What orders it: the columns of the key, bracketed, and each as `k0`, `k1`, `k2`.
    key: (&'static str, &'static str, &'static [Kind]),
}

const fn column(name: &'static str, kind: Kind, select: &'static str) -> Column {
    Column { name, kind, nullable: false, select }
}

const fn perhaps(name: &'static str, kind: Kind, select: &'static str) -> Column {
    Column { name, kind, nullable: true, select }
}

const fn filter(name: &'static str, kind: Kind, before: &'static str) -> Filter {
    Filter { name, kind, condition: (before, "") }
}

use Kind::{Day, Flag, List, Moment, Number, Person, Text as Words};

/// The table.
pub const RESOURCES: &[Resource] = &[
    Resource {
        name: "requests",
        request: "id",
        from: " FROM request r CROSS JOIN request_search n WHERE n.request = r.id",
        key: ("(r.filed_at, r.id)", ", r.filed_at AS k0, r.id AS k1", &[Number, Words]),
        columns: &[
            column("id", Words, "r.id AS id"),
            column("title", Words, ", r.title AS title"),
            column("state", Words, ", r.state AS state"),
            perhaps("initiator", Person, ", r.initiator AS initiator"),
            column("department", Words, ", r.department AS department"),
            column("filed_at", Moment, ", r.filed_at AS filed_at"),
            column("wanted_by", Day, ", r.wanted_by AS wanted_by"),
            column("priority", Words, ", r.priority AS priority"),
            perhaps("kind", Words, ", r.kind AS kind"),
            column("visibility", Words, ", r.visibility AS visibility"),
            column("revision", Number, ", r.revision AS revision"),
            column("version", Number, ", r.version AS version"),
        ],
        filters: &[
            filter("id", Words, " AND r.id = "),
            filter("state", Words, " AND r.state = "),
            filter("department", Words, " AND r.department = "),
            filter("initiator", Person, " AND r.initiator = "),
            filter("priority", Words, " AND r.priority = "),
            filter("filed_since", Moment, " AND r.filed_at >= "),
        ],
    },
    Resource {
        name: "tasks",
        request: "request",
        from: " FROM task t CROSS JOIN request_search n WHERE n.request = t.request",
        key: ("(t.request, t.number)", ", t.request AS k0, t.number AS k1", &[Words, Number]),
        columns: &[
            column("request", Words, "t.request AS request"),
            column("number", Number, ", t.number AS number"),
            column("name", Words, ", t.name AS name"),
            column("lead", Words, ", t.lead AS lead"),
            column("supporting", List, ", t.supporting AS supporting"),
            perhaps("deciding", Words, ", t.deciding AS deciding"),
            perhaps("owner", Person, ", t.owner AS owner"),
            column("start", Day, ", t.start_day AS start"),
            column("finish", Day, ", t.finish_day AS finish"),
            column("deliverable", Words, ", t.deliverable AS deliverable"),
            column("standard", Words, ", t.standard AS standard"),
            column("after", List, ", t.after_tasks AS after"),
            column("milestone", Flag, ", t.milestone AS milestone"),
            column("state", Words, ", t.state AS state"),
            column("percent", Number, ", t.percent AS percent"),
            perhaps("started_at", Moment, ", t.started_at AS started_at"),
            perhaps("finished_at", Moment, ", t.finished_at AS finished_at"),
        ],
        filters: &[
            filter("request", Words, " AND t.request = "),
            filter("state", Words, " AND t.state = "),
            filter("lead", Words, " AND t.lead = "),
            filter("owner", Person, " AND t.owner = "),
            filter("finish_before", Day, " AND t.finish_day < "),
        ],
    },
    Resource {
        name: "obligations",
        request: "request",
        from: " FROM obligation b CROSS JOIN request_search n WHERE n.request = b.request",
        key: ("(b.opened_at, b.id)", ", b.opened_at AS k0, b.id AS k1", &[Number, Words]),
        columns: &[
            column("id", Words, "b.id AS id"),
            column("request", Words, ", b.request AS request"),
            column("kind", Words, ", b.kind AS kind"),
            column("department", Words, ", b.department AS department"),
            perhaps("debtor", Person, ", b.debtor AS debtor"),
            perhaps("instead_of", Person, ", b.instead_of AS instead_of"),
            perhaps("task", Number, ", b.task AS task"),
            column("opened_at", Moment, ", b.opened_at AS opened_at"),
            perhaps("delivered_at", Moment, ", b.delivered_at AS delivered_at"),
            column("due_at", Moment, ", b.due_at AS due_at"),
            column("provisional", Flag, ", b.provisional AS provisional"),
            perhaps("outcome", Words, ", b.outcome AS outcome"),
            perhaps("closed_at", Moment, ", b.closed_at AS closed_at"),
        ],
        filters: &[
            filter("request", Words, " AND b.request = "),
            filter("kind", Words, " AND b.kind = "),
            filter("department", Words, " AND b.department = "),
            filter("debtor", Person, " AND b.debtor = "),
            filter("due_before", Moment, " AND b.due_at < "),
            Filter { name: "open", kind: Flag, condition: (" AND (b.closed_at IS NULL) = ", "") },
        ],
    },
    Resource {
        name: "progress",
        request: "request",
        from: " FROM progress g CROSS JOIN request_search n WHERE n.request = g.request",
        key: (
            "(g.request, g.task, g.day)",
            ", g.request AS k0, g.task AS k1, g.day AS k2",
            &[Words, Number, Words],
        ),
        columns: &[
            column("request", Words, "g.request AS request"),
            column("task", Number, ", g.task AS task"),
            column("day", Day, ", g.day AS day"),
            perhaps("reported_by", Person, ", g.reported_by AS reported_by"),
            column("at", Moment, ", g.at AS at"),
            column("percent", Number, ", g.percent AS percent"),
            column("done", Words, ", g.done AS done"),
            column("why_not", Words, ", g.why_not AS why_not"),
            column("next_step", Words, ", g.next_step AS next_step"),
            column("risk", Words, ", g.risk AS risk"),
        ],
        filters: &[
            filter("request", Words, " AND g.request = "),
            filter("day", Day, " AND g.day = "),
            filter("day_since", Day, " AND g.day >= "),
            filter("reported_by", Person, " AND g.reported_by = "),
        ],
    },
];

/// A value of a filter or of a key, read by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A text, an id, a day.
    Text(String),
    /// A number, an instant in milliseconds.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

/// Which part of a resource is asked for.
pub struct Wanted<'a> {
    /// What narrows it, by the names of its filters.
    pub filters: &'a [(&'static str, Given)],
    /// The key behind which it goes on.
    pub after: Option<&'a [Given]>,
    /// Rows at most.
    pub most: usize,
}

/// One page: the rows, and the key of the last one where there are more.
pub struct Page {
    /// Objects, their fields in the order of the table.
    pub rows: Vec<Map<String, Value>>,
    /// Where to go on.
    pub next: Option<Vec<Given>>,
}

impl Resource {
    /// Whether a key is one of this resource.
    pub fn has_key(&self, key: &[Given]) -> bool {
        let fits =
            |(given, kind): (&Given, &Kind)| matches!(given, Given::Number(_)) == (*kind == Kind::Number);
        key.len() == self.key.2.len() && key.iter().zip(self.key.2).all(fits)
    }
}

/// Reads a page of what these eyes may see.
pub async fn page(db: &Db, resource: &Resource, eyes: &Eyes, wanted: &Wanted<'_>) -> Result<Page> {
    let Wanted { filters, after, most } = *wanted;
    let mut text = Text::default();
    text.say("SELECT ");
    for column in resource.columns {
        text.say(column.select);
    }
    let (key, keys, kinds) = resource.key;
    text.say(keys).say(resource.from);
    visible::visible(&mut text, eyes);
    for filter in resource.filters {
        for (_, given) in filters.iter().filter(|(name, _)| *name == filter.name) {
            text.say(filter.condition.0);
            put(&mut text, given);
            text.say(filter.condition.1);
        }
    }
    if let Some(after) = after.filter(|after| resource.has_key(after)) {
        text.say(" AND ").say(key).say(" > (");
        for (n, given) in after.iter().enumerate() {
            text.say(if n == 0 { "" } else { ", " });
            put(&mut text, given);
        }
        text.say(")");
    }
    text.say(match kinds.len() {
        3 => " ORDER BY k0, k1, k2 LIMIT ",
        _ => " ORDER BY k0, k1 LIMIT ",
    });
    text.put(i64::try_from(most).unwrap_or(0).saturating_add(1));
    let (sql, values) = text.whole();
    let mut rows = db.rows_made(sql, values).await?;
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| key_of(row, kinds)).transpose()?;
    Ok(Page { rows: rows.iter().map(|row| object(resource, row)).collect::<Result<_>>()?, next })
}

fn put(text: &mut Text, given: &Given) {
    match given {
        Given::Text(words) => text.put(words),
        Given::Number(n) => text.put(*n),
        Given::Flag(yes) => text.put(*yes),
    };
}

fn key_of(row: &Row, kinds: &[Kind]) -> Result<Vec<Given>> {
    let one = |(name, kind): (&'static str, &Kind)| match kind {
        Kind::Number => row.get(name).map(Given::Number),
        _ => row.get(name).map(Given::Text),
    };
    ["k0", "k1", "k2"].into_iter().zip(kinds).map(one).collect()
}

fn object(resource: &Resource, row: &Row) -> Result<Map<String, Value>> {
    let value = |column: &Column| -> Result<Value> {
        Ok(match column.kind {
            Kind::Text | Kind::Person | Kind::Day => json!(row.get::<Option<String>>(column.name)?),
            Kind::Number => json!(row.get::<Option<i64>>(column.name)?),
            Kind::Flag => json!(row.get::<Option<bool>>(column.name)?),
            Kind::Moment => json!(row.get::<Option<Timestamp>>(column.name)?.map(|at| at.to_string())),
            Kind::List => crate::store::code::from_json(row, column.name)?,
        })
    };
    resource.columns.iter().map(|column| Ok((column.name.to_owned(), value(column)?))).collect()
}
