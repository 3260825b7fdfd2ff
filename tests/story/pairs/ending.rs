//! How a meeting ended: everything that is kept of its subject, everything that people heard, and nothing that another
//! subject of the same kind would have otherwise.
//!
//! Invariant: two meetings that went the same way on two subjects have the same ending. The clock stands still.

use std::fmt;

use crate::world::ground::Beside;

/// What is kept of a subject: a table, the column that names the subject, and what tells one ending from another.
const KEPT: [(&str, &str, &str); 16] = [
    (
        "request",
        "id",
        "state revision title goal wanted_by attached tasks decisions risk_plans issues improvements",
    ),
    ("request_version", "request", "revision content"),
    (
        "approval",
        "request",
        "step office stage invited any_of decided_by on_behalf_of approved reason revision",
    ),
    ("ask", "request", "department state round ruled task wanted_by signed_by signed_revision"),
    ("signature", "request", "department revision signed_by on_behalf_of estimate"),
    ("objection", "request", "number department objected_by revision stage stage_detail"),
    (
        "obligation",
        "request",
        "kind department debtor instead_of transferred task issue decision improvement due_at outcome closed_by \
         urged_at promised_until promise set_aside next_step fires_at",
    ),
    ("urge", "request", "urged_by person"),
    ("onlooker", "request", "person part put_by"),
    (
        "task",
        "request",
        "number name owner finish_day after_tasks state percent started_at finished_at proposal report signed",
    ),
    ("progress", "request", "task reported_by percent done"),
    (
        "issue",
        "request",
        "number severity department state responded_by coordination solution resolver updates resolution \
         resolved_by closed_by reopened also reports moves",
    ),
    ("decision", "request", "number decider state choice conclusion reason ended_by on_behalf_of"),
    ("risk", "request", "number kind description owner superior state firings"),
    ("improvement", "request", "number owner due finished_by effect taken_back_by taken_back_why"),
    ("binding", "request", "what chat bound_by"),
];

/// What must never be, whatever met: how many of it there are of the subject `{}`.
const NEVER: [(&str, &str); 6] = [
    (
        "something will fire for what is done",
        "FROM obligation o WHERE o.request = '{}' AND o.closed_at IS NOT NULL AND o.fires_at IS NOT NULL",
    ),
    (
        "something is owed for a request that is over",
        "FROM obligation o JOIN request r ON r.id = o.request WHERE r.id = '{}' AND o.closed_at IS NULL \
         AND r.state IN ('withdrawn', 'cancelled', 'completed') AND o.issue IS NULL AND o.improvement IS NULL",
    ),
    (
        "something is owed for a task that is no more to be done",
        "FROM obligation o LEFT JOIN task t ON t.request = o.request AND t.number = o.task \
         WHERE o.request = '{}' AND o.closed_at IS NULL AND o.task IS NOT NULL \
         AND (t.state IS NULL OR t.state NOT IN ('waiting', 'doing'))",
    ),
    (
        "something is owed for an issue that is closed",
        "FROM obligation o JOIN issue i ON i.request = o.request AND i.number = o.issue \
         WHERE o.request = '{}' AND o.closed_at IS NULL AND i.state = 'closed'",
    ),
    (
        "something is owed for a decision that is made or taken back",
        "FROM obligation o JOIN decision d ON d.request = o.request AND d.number = o.decision \
         WHERE o.request = '{}' AND o.closed_at IS NULL AND d.state <> 'open'",
    ),
    (
        "something is owed for an improvement that is made or taken back",
        "FROM obligation o JOIN improvement i ON i.request = o.request AND i.number = o.improvement \
         WHERE o.request = '{}' AND o.closed_at IS NULL \
         AND (i.finished_at IS NOT NULL OR i.taken_back_at IS NOT NULL)",
    ),
];

/// How a meeting ended.
#[derive(PartialEq, Eq)]
pub struct Ending {
    lines: Vec<String>,
    answers: [String; 2],
}

impl Ending {
    /// Of this subject; `mark` is from when on what was said counts, `answers` are what the acts were answered on the spot.
    pub async fn of(beside: &mut Beside, (number, mark): (&str, &str), answers: [String; 2]) -> Self {
        let rows = beside.columns::<String>(&everything(number, mark), 2).await;
        let mut lines: Vec<String> =
            rows.iter().map(|row| format!("{}: {}", row[0], row[1].replace(number, "NO"))).collect();
        lines.sort_unstable();
        // Now that they are in their order, the history's numbers say no more: they count deliveries, too.
        for line in &mut lines {
            if let Some((_, told)) = line.strip_prefix("history: ").and_then(|told| told.split_once(' ')) {
                *line = format!("history: {told}");
            }
        }
        let answers = answers.map(|answer| answer.replace(number, "NO"));
        Self { lines, answers }
    }

    /// What one of the two was answered, on the spot or later.
    fn answer(&self, which: usize) -> &str {
        let later = format!(r#""message":"NO-{which}""#);
        let said = self.lines.iter().find(|line| line.starts_with("said") && line.contains(&later));
        said.map_or(&self.answers[which], |line| line)
    }

    /// Whether one of the two was done, and not refused or asked about.
    pub fn has_done(&self, which: usize) -> bool {
        let done = [r#""done":{"#, r#""outcome":"done""#, r#""kind":"success""#];
        done.iter().any(|mark| self.answer(which).contains(mark))
    }

    /// What of this must never be.
    pub fn faults(&self) -> Vec<&str> {
        self.lines
            .iter()
            .filter(|line| line.starts_with("never") && !line.ends_with(" 0"))
            .map(String::as_str)
            .collect()
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = self.answers.iter().filter(|answer| !answer.is_empty());
        self.lines.iter().chain(answers).try_for_each(|line| writeln!(f, "    {line}"))
    }
}

/// One statement for all of it: what, and a line.
fn everything(number: &str, mark: &str) -> String {
    let text = |column: &str| format!("COALESCE(CAST({column} AS TEXT), '-')");
    let line = |columns: &str| columns.split_whitespace().map(text).collect::<Vec<_>>().join(" || ' ' || ");
    let kept = KEPT.iter().map(|(table, subject, columns)| {
        format!("SELECT '{table}', {} FROM {table} WHERE {subject} = '{number}'", line(columns))
    });
    let never = NEVER.iter().map(|(what, from)| {
        let from = from.replace("{}", number);
        format!("SELECT 'never: {what}', CAST(COUNT(*) AS TEXT) {from}")
    });
    // The order of lines is that of the acts; when something was delivered in between is chance. Numbers sort as text.
    let history = format!(
        "SELECT 'history', CAST(n + 1000 AS TEXT) || ' ' || {} FROM audit WHERE subject = '{number}' \
         AND what <> 'delivered'",
        line("by_person on_behalf_of what params")
    );
    // Cards that are brought up to date are nothing that anybody hears.
    let said = format!(
        "SELECT 'said', lane || ' ' || notice FROM outbox WHERE id > '{mark}' \
         AND kind <> 'refresh' AND notice LIKE '%{number}%'"
    );
    kept.chain(never).chain([history, said]).collect::<Vec<_>>().join(" UNION ALL ")
}
