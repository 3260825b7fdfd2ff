//! How long issues waited for a response, by severity: reckoned from the rows, never typed in or counted beside them.
//!
//! Invariant: an issue that was responded to is in exactly one bucket, that of the severity that it has now.

use super::db::{Db, DbError, args};

/// Upper bounds of the buckets in seconds, rising: from five minutes to three days. What took longer is beyond them.
pub const BOUNDS: [i64; 9] = [300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 259_200];

/// The issues of one severity that one bucket holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// By its name.
    pub severity: String,
    /// One of [`BOUNDS`]; `None`: beyond the last.
    pub within: Option<i64>,
    /// How many.
    pub count: i64,
    /// From report to response, all of them together, in milliseconds.
    pub took_ms: i64,
}

/// Every bucket that is not empty.
pub async fn times(db: &Db) -> Result<Vec<Bucket>, DbError> {
    let sql = "SELECT severity, within, COUNT(*) AS n, CAST(SUM(took) AS BIGINT) AS took FROM (\
                 SELECT severity, responded_at - reported_at AS took, CASE \
                   WHEN responded_at - reported_at <= $1 * 1000 THEN $1 WHEN responded_at - reported_at <= $2 * 1000 THEN $2 \
                   WHEN responded_at - reported_at <= $3 * 1000 THEN $3 WHEN responded_at - reported_at <= $4 * 1000 THEN $4 \
                   WHEN responded_at - reported_at <= $5 * 1000 THEN $5 WHEN responded_at - reported_at <= $6 * 1000 THEN $6 \
                   WHEN responded_at - reported_at <= $7 * 1000 THEN $7 WHEN responded_at - reported_at <= $8 * 1000 THEN $8 \
                   WHEN responded_at - reported_at <= $9 * 1000 THEN $9 END AS within \
                 FROM issue WHERE responded_at IS NOT NULL) AS responded GROUP BY severity, within";
    let [a, b, c, d, e, f, g, h, i] = BOUNDS;
    let rows = db.rows(sql, args![a, b, c, d, e, f, g, h, i]).await?;
    let bucket = |row: &super::db::Row| {
        Ok(Bucket {
            severity: row.get("severity")?,
            within: row.get("within")?,
            count: row.get("n")?,
            took_ms: row.get("took")?,
        })
    };
    rows.iter().map(bucket).collect()
}
