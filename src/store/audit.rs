//! The history, append-only, hash-chained per subject. What people read as history is this table.
//!
//! Invariant: a line is written in the transaction of its act, under the lock of its subject, so a chain never forks;
//! the subject's own row carries the length and the head, so a cut tail shows.

use sha2::{Digest, Sha256};

use super::batch::Batch;
use super::code::{from_json, json};
use super::db::{Db, DbError, Row, Tx, Val, args};
use crate::domain::change::Audit;
use crate::domain::{PersonId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// Length and head of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// How many lines.
    pub count: i64,
    /// Hash of the last line; empty before the first.
    pub hash: String,
}

/// A line as it was written.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its subject: a request's number, or `settings`, `directory`, `operations`.
    pub subject: String,
    /// Its place in the subject's chain.
    pub n: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub audit: Audit,
    /// Digest of the subject's content after the act.
    pub digest: String,
    /// The hash of the line before.
    pub previous: String,
    /// Its own.
    pub hash: String,
}

/// A line that is to be written.
pub(super) struct Appended {
    /// The end of the chain with it; to be saved with the subject.
    pub head: Head,
    values: Vec<Val>,
}

impl Appended {
    /// The line that follows `head`.
    pub fn after(
        (subject, head): (&str, &Head),
        audit: &Audit,
        (at, digest): (Timestamp, &str),
    ) -> Result<Self> {
        let params = json(&audit.with)?;
        let n = head.count + 1;
        let hash = hash_of(&head.hash, (subject, n, at), audit, (&params, digest));
        let (by, on_behalf_of) = (audit.by.as_ref(), audit.on_behalf_of.as_ref());
        let values = args![subject, n, at, by, on_behalf_of, &audit.what, params, digest, &head.hash, &hash];
        Ok(Self { head: Head { count: n, hash }, values })
    }

    /// Writes it; the new end of the chain.
    pub fn write(self, out: &mut Batch) -> Head {
        let sql = "INSERT INTO audit (subject, n, at, by_person, on_behalf_of, what, params, digest, previous, hash) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        out.push(sql, self.values);
        self.head
    }
}

/// Appends a line to the chain of a subject that is not a request.
pub async fn append_beside(tx: &mut Tx, subject: &str, audit: &Audit, at: Timestamp) -> Result<()> {
    let insert = "INSERT INTO audit_head (subject, audit_count, audit_head) VALUES ($1, 0, '') \
                  ON CONFLICT (subject) DO NOTHING";
    tx.execute(insert, args![subject]).await?;
    let sql = "SELECT audit_count, audit_head FROM audit_head WHERE subject = $1 /*for update*/";
    let row = tx.row(sql, args![subject]).await?;
    let row = row.ok_or_else(|| DbError::Other(format!("no chain of {subject}")))?;
    let head = Head { count: row.get("audit_count")?, hash: row.get("audit_head")? };
    let mut out = Batch::default();
    let head = Appended::after((subject, &head), audit, (at, ""))?.write(&mut out);
    let sql = "UPDATE audit_head SET audit_count = $2, audit_head = $3 WHERE subject = $1";
    out.push_one(sql, args![subject, head.count, &head.hash]);
    out.write(tx).await
}

/// The newest lines of a subject, oldest first.
pub async fn history(db: &Db, subject: &str, most: i64) -> Result<Vec<Line>> {
    let sql = "SELECT subject, n, at, by_person, on_behalf_of, what, params, digest, previous, hash FROM audit \
               WHERE subject = $1 ORDER BY n DESC LIMIT $2";
    let mut lines: Vec<Line> =
        db.rows(sql, args![subject, most]).await?.iter().map(read).collect::<Result<_>>()?;
    lines.reverse();
    Ok(lines)
}

/// The lines of a subject's history that say one thing, oldest first.
pub async fn of_kind(db: &Db, subject: &str, what: &str) -> Result<Vec<Line>> {
    let sql = "SELECT subject, n, at, by_person, on_behalf_of, what, params, digest, previous, hash FROM audit \
               WHERE subject = $1 AND what = $2 ORDER BY n";
    db.rows(sql, args![subject, what]).await?.iter().map(read).collect()
}

/// Lines after (`subject`, `n`) in order of subject, for the verifier.
async fn page(db: &Db, after: (&str, i64)) -> Result<Vec<Line>> {
    let sql = "SELECT subject, n, at, by_person, on_behalf_of, what, params, digest, previous, hash FROM audit \
               WHERE (subject, n) > ($1, $2) ORDER BY subject, n LIMIT 1000";
    db.rows(sql, args![after.0, after.1]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Line> {
    let audit = Audit {
        by: row.get("by_person")?,
        on_behalf_of: row.get("on_behalf_of")?,
        what: row.get("what")?,
        with: from_json(row, "params")?,
    };
    Ok(Line {
        subject: row.get("subject")?,
        n: row.get("n")?,
        at: row.get("at")?,
        audit,
        digest: row.get("digest")?,
        previous: row.get("previous")?,
        hash: row.get("hash")?,
    })
}

/// What the verifier found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every chain is whole: how many subjects and lines.
    Whole { subjects: u64, lines: u64 },
    /// The first line that is not as it was written, and what is wrong with it.
    Broken { subject: String, n: i64, why: &'static str },
}

/// Walks every chain and compares its end with the subject's own row.
pub async fn verify(db: &Db) -> Result<Verdict> {
    let mut after = (String::new(), 0);
    let mut head = Head::default();
    let (mut subjects, mut lines) = (0, 0);
    loop {
        let page = page(db, (&after.0, after.1)).await?;
        for line in &page {
            if line.subject != after.0 {
                if let Some(broken) = ends(db, &after.0, &head).await? {
                    return Ok(broken);
                }
                head = Head::default();
                subjects += 1;
            }
            if let Some(why) = fault(line, &head)? {
                return Ok(Verdict::Broken { subject: line.subject.clone(), n: line.n, why });
            }
            head = Head { count: line.n, hash: line.hash.clone() };
            after = (line.subject.clone(), line.n);
            lines += 1;
        }
        if page.len() < 1000 {
            break;
        }
    }
    if let Some(broken) = ends(db, &after.0, &head).await? {
        return Ok(broken);
    }
    Ok(vanished(db).await?.unwrap_or(Verdict::Whole { subjects, lines }))
}

fn fault(line: &Line, head: &Head) -> Result<Option<&'static str>> {
    if line.n != head.count + 1 {
        return Ok(Some("a line before it is missing"));
    }
    if line.previous != head.hash {
        return Ok(Some("it does not follow the line before it"));
    }
    let place = (line.subject.as_str(), line.n, line.at);
    let hash = hash_of(&line.previous, place, &line.audit, (&json(&line.audit.with)?, &line.digest));
    Ok((hash != line.hash).then_some("its content was changed"))
}

/// Compares the end of a chain with what the subject's own row says.
async fn ends(db: &Db, subject: &str, head: &Head) -> Result<Option<Verdict>> {
    if subject.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT audit_count, audit_head FROM request WHERE id = $1 \
               UNION ALL SELECT audit_count, audit_head FROM audit_head WHERE subject = $1";
    let broken = |why| Some(Verdict::Broken { subject: subject.to_owned(), n: head.count + 1, why });
    let Some(row) = db.row(sql, args![subject]).await? else {
        return Ok(broken("the subject itself is gone"));
    };
    let kept = Head { count: row.get("audit_count")?, hash: row.get("audit_head")? };
    Ok(if &kept == head { None } else { broken("the end of the chain was cut or added to") })
}

/// A subject whose lines are all gone.
async fn vanished(db: &Db) -> Result<Option<Verdict>> {
    let sql = "SELECT id AS subject FROM request WHERE audit_count > 0 \
               AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.subject = request.id) \
               UNION ALL SELECT subject FROM audit_head WHERE audit_count > 0 \
               AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.subject = audit_head.subject) LIMIT 1";
    let row = db.row(sql, args![]).await?;
    row.map(|r| Ok(Verdict::Broken { subject: r.get("subject")?, n: 1, why: "every line of it is gone" }))
        .transpose()
}

/// SHA-256 over everything a line says, each part with its length in front so that none can run into the next.
fn hash_of(
    previous: &str,
    (subject, n, at): (&str, i64, Timestamp),
    audit: &Audit,
    (params, digest): (&str, &str),
) -> String {
    let parts = [
        previous,
        subject,
        &n.to_string(),
        &at.as_millisecond().to_string(),
        audit.by.as_ref().map_or("", PersonId::as_str),
        audit.on_behalf_of.as_ref().map_or("", PersonId::as_str),
        &audit.what,
        params,
        digest,
    ];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_string());
        hash.update(b":");
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}
