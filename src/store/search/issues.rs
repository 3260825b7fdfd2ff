//! The issue board: issues that somebody still has to solve, the longest waiting first, for one pair of eyes.
//!
//! Invariant: visibility is the condition of the list (`visible`), of issues that stand in a file of their own as well:
//! such a file has no row in `request_search`, so what that row would tell is taken from the file itself.

use super::text::Text;
use super::visible;
use crate::domain::permission::Eyes;
use crate::domain::request::issue::Severity;
use crate::domain::search::fold;
use crate::domain::{DepartmentId, RequestId, Timestamp};
use crate::store::db::{Db, DbError, Row, args};

type Result<T> = std::result::Result<T, DbError>;

/// Rows of one look where words are sought: descriptions are compared as people read them, which no engine does.
const LOOK: i64 = 500;

/// Which issues; what is empty does not narrow.
#[derive(Clone, Debug)]
pub struct Issues {
    /// For whose eyes.
    pub eyes: Eyes,
    /// Of this severity.
    pub severity: Severity,
    /// This department is responsible.
    pub department: Option<DepartmentId>,
    /// Folded pieces of the number, the description, what it affects, or the request's title; all of them.
    pub words: Vec<String>,
}

/// The place of an issue in every such list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssuePlace {
    /// When it was reported.
    pub at: Timestamp,
    /// The case file that it is in.
    pub request: RequestId,
    /// Its number there.
    pub number: i64,
}

/// The places of open issues behind `after`, at most `most`.
pub async fn open_issues(
    db: &Db,
    query: &Issues,
    after: Option<&IssuePlace>,
    most: usize,
) -> Result<Vec<IssuePlace>> {
    let wanted = i64::try_from(most).unwrap_or(i64::MAX);
    let look = if query.words.is_empty() { wanted } else { LOOK };
    let (mut found, mut after) = (Vec::new(), after.cloned());
    loop {
        let rows = rows(db, query, after.as_ref(), look).await?;
        for row in &rows {
            let place = place(row)?;
            if holds(row, &place, &query.words)? {
                found.push(place.clone());
            }
            after = Some(place);
        }
        let is_last = i64::try_from(rows.len()).unwrap_or(i64::MAX) < look;
        if is_last || found.len() >= most {
            found.truncate(most);
            return Ok(found);
        }
    }
}

/// Where an issue stands in every such list; `None` if there is none.
pub async fn issue_place(db: &Db, request: &RequestId, number: i64) -> Result<Option<IssuePlace>> {
    let sql = "SELECT request, number, reported_at FROM issue WHERE request = $1 AND number = $2";
    db.row(sql, args![request, number]).await?.as_ref().map(place).transpose()
}

async fn rows(db: &Db, query: &Issues, after: Option<&IssuePlace>, most: i64) -> Result<Vec<Row>> {
    let mut text = Text::default();
    // CROSS JOIN is read from left to right by SQLite; all bits of `sides` rule nothing out.
    text.say(
        "SELECT e.request, e.number, e.reported_at, e.description, e.scope, n.title FROM issue e CROSS JOIN ",
    );
    text.say("(SELECT id AS request, title, visibility, initiator, department, CAST(-1 AS BIGINT) AS sides ");
    text.say("FROM request) n WHERE n.request = e.request AND e.state <> 'closed' AND e.state <> 'resolved'");
    text.say(" AND e.severity = ").put(query.severity.name());
    if let Some(department) = &query.department {
        text.say(" AND e.department = ").put(department);
    }
    if let Some(after) = after {
        text.say(" AND (e.reported_at, e.request, e.number) > (").put(after.at);
        text.say(", ").put(&after.request).say(", ").put(after.number).say(")");
    }
    visible::visible(&mut text, &query.eyes);
    text.say(" ORDER BY e.reported_at, e.request, e.number LIMIT ").put(most);
    let (sql, values) = text.whole();
    db.rows_made(sql, values).await
}

fn place(row: &Row) -> Result<IssuePlace> {
    Ok(IssuePlace { at: row.get("reported_at")?, request: row.get("request")?, number: row.get("number")? })
}

fn holds(row: &Row, place: &IssuePlace, words: &[String]) -> Result<bool> {
    if words.is_empty() {
        return Ok(true);
    }
    let mut said = format!("{}-I{}", place.request, place.number);
    for column in ["description", "scope", "title"] {
        said.push('\n');
        said.push_str(&row.get::<String>(column)?);
    }
    let said = fold(&said);
    Ok(words.iter().all(|word| said.contains(word.as_str())))
}
