//! Reads for lists: requests by state, department, person and words. Visibility is applied by `app`, once.

use super::code::column;
use super::db::{Db, DbError, args};
use crate::domain::request::State;
use crate::domain::{Date, DepartmentId, PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its number.
    pub id: RequestId,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// Who asks.
    pub initiator: PersonId,
    /// The asking department.
    pub department: DepartmentId,
    /// When it is wanted.
    pub wanted_by: Date,
    /// When it was filed.
    pub filed_at: Timestamp,
}

/// What to list; what is `None` does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<State>,
    /// Filed by or asked of this department.
    pub department: Option<DepartmentId>,
    /// Filed by this person, or owed by them now.
    pub person: Option<PersonId>,
    /// Two pieces of the title or the number.
    pub words: [Option<String>; 2],
    /// With something overdue at this time.
    pub overdue_at: Option<Timestamp>,
    /// For whose eyes; `None` sees everything.
    pub reader: Option<Reader>,
}

/// Whose eyes a list is for.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person.
    pub person: PersonId,
    /// Departments that the person belongs to or answers for.
    pub departments: Vec<DepartmentId>,
    /// Departments that the person answers for: contact, head or superior.
    pub answers_for: Vec<DepartmentId>,
}

/// Lists newest first, `most` from `skip` on. Visibility (保密级别) is part of the statement, so pages are full.
pub async fn list(db: &Db, filter: &Filter, skip: i64, most: i64) -> Result<Vec<Listed>> {
    let sql = "SELECT r.id, r.title, r.state, r.initiator, r.department, r.wanted_by, r.filed_at FROM request r \
               WHERE ($3 IS NULL OR r.state = $3) \
               AND ($4 IS NULL OR r.department = $4 \
                    OR EXISTS (SELECT 1 FROM ask a WHERE a.request = r.id AND a.department = $4)) \
               AND ($5 IS NULL OR r.initiator = $5 OR EXISTS (SELECT 1 FROM obligation o \
                    WHERE o.request = r.id AND o.closed_at IS NULL AND o.debtor = $5)) \
               AND ($6 IS NULL OR LOWER(r.title) LIKE $6 OR LOWER(r.id) LIKE $6) \
               AND ($7 IS NULL OR LOWER(r.title) LIKE $7 OR LOWER(r.id) LIKE $7) \
               AND ($8 IS NULL OR EXISTS (SELECT 1 FROM obligation o \
                    WHERE o.request = r.id AND o.closed_at IS NULL AND o.due_at < $8)) \
               AND ($9 IS NULL OR r.visibility = 'public' OR r.initiator = $9 \
                    OR EXISTS (SELECT 1 FROM obligation o \
                               WHERE o.request = r.id AND o.closed_at IS NULL AND o.debtor = $9) \
                    OR EXISTS (SELECT 1 FROM onlooker l \
                               WHERE l.request = r.id AND l.person = $9 AND l.part = 'copied') \
                    OR (CASE WHEN r.visibility = 'departments' THEN $10 ELSE $11 END) LIKE '%,' || r.department || ',%' \
                    OR EXISTS (SELECT 1 FROM ask a WHERE a.request = r.id \
                               AND (CASE WHEN r.visibility = 'departments' THEN $10 ELSE $11 END) \
                                   LIKE '%,' || a.department || ',%')) \
               ORDER BY r.filed_at DESC, r.id DESC LIMIT $2 OFFSET $1";
    let reader = filter.reader.as_ref();
    let values = args![
        skip,
        most,
        filter.state.map(State::name),
        filter.department.as_ref(),
        filter.person.as_ref(),
        filter.words[0].as_deref().map(pattern),
        filter.words[1].as_deref().map(pattern),
        filter.overdue_at,
        reader.map(|r| &r.person),
        joined(reader.map_or(&[], |r| &r.departments)),
        joined(reader.map_or(&[], |r| &r.answers_for)),
    ];
    let rows = db.rows(sql, values).await?;
    rows.iter()
        .map(|r| {
            Ok(Listed {
                id: r.get("id")?,
                title: r.get("title")?,
                state: column(r, "state")?,
                initiator: r.get("initiator")?,
                department: r.get("department")?,
                wanted_by: r.get("wanted_by")?,
                filed_at: r.get("filed_at")?,
            })
        })
        .collect()
}

/// Anything that contains the word; the two wildcards of LIKE are dropped from it.
fn pattern(word: &str) -> String {
    let bare: String = word.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    format!("%{}%", bare.to_lowercase())
}

/// `,SCB,YFB,`: codes hold no commas.
fn joined(departments: &[DepartmentId]) -> String {
    let codes: Vec<&str> = departments.iter().map(DepartmentId::as_str).collect();
    format!(",{},", codes.join(","))
}

/// How many requests stand in each state.
pub async fn count_by_state(db: &Db) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT state, COUNT(*) AS n FROM request GROUP BY state ORDER BY state";
    db.rows(sql, args![]).await?.iter().map(|r| Ok((r.get("state")?, r.get("n")?))).collect()
}

/// How many obligations are open and how many of them are overdue.
pub async fn count_owed(db: &Db, now: Timestamp) -> Result<(i64, i64)> {
    let sql = "SELECT COUNT(*) AS open, CAST(COALESCE(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late \
               FROM obligation WHERE closed_at IS NULL";
    match db.row(sql, args![now]).await? {
        Some(r) => Ok((r.get("open")?, r.get("late")?)),
        None => Ok((0, 0)),
    }
}
