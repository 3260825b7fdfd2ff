//! The list of `migrations/*.sql`, in order. A new file becomes part of the program by a line here.
//!
//! Invariant: a line, once released, never changes and never goes away.

use super::migrate::Migration;

/// One line per file.
pub(super) const ALL: &[Migration] = &[
    Migration {
        version: 1,
        name: "foundation",
        sql: include_str!("../../../migrations/0001_foundation.sql"),
        postgres: None,
    },
    Migration {
        version: 2,
        name: "outbox_doubt",
        sql: include_str!("../../../migrations/0002_outbox_doubt.sql"),
        postgres: None,
    },
    Migration {
        version: 3,
        name: "standing",
        sql: include_str!("../../../migrations/0003_standing.sql"),
        postgres: None,
    },
    Migration {
        version: 4,
        name: "quiet",
        sql: include_str!("../../../migrations/0004_quiet.sql"),
        postgres: None,
    },
    Migration {
        version: 5,
        name: "again",
        sql: include_str!("../../../migrations/0005_again.sql"),
        postgres: None,
    },
    Migration {
        version: 6,
        name: "search",
        sql: include_str!("../../../migrations/0006_search.sql"),
        postgres: Some(include_str!("../../../migrations/0006_search.postgres.sql")),
    },
    Migration {
        version: 7,
        name: "tasks",
        sql: include_str!("../../../migrations/0007_tasks.sql"),
        postgres: None,
    },
    Migration {
        version: 9,
        name: "provisional",
        sql: include_str!("../../../migrations/0009_provisional.sql"),
        postgres: None,
    },
    Migration {
        version: 10,
        name: "issues",
        sql: include_str!("../../../migrations/0010_issues.sql"),
        postgres: None,
    },
    Migration {
        version: 11,
        name: "plans",
        sql: include_str!("../../../migrations/0011_plans.sql"),
        postgres: None,
    },
    Migration {
        version: 12,
        name: "board",
        sql: include_str!("../../../migrations/0012_board.sql"),
        postgres: None,
    },
    Migration {
        version: 13,
        name: "pauses",
        sql: include_str!("../../../migrations/0013_pauses.sql"),
        postgres: None,
    },
    Migration {
        version: 14,
        name: "co_approvers",
        sql: include_str!("../../../migrations/0014_co_approvers.sql"),
        postgres: None,
    },
    Migration {
        version: 16,
        name: "messengers",
        sql: include_str!("../../../migrations/0016_messengers.sql"),
        postgres: None,
    },
    Migration {
        version: 18,
        name: "improvements",
        sql: include_str!("../../../migrations/0018_improvements.sql"),
        postgres: None,
    },
    Migration {
        version: 19,
        name: "replicas",
        sql: include_str!("../../../migrations/0019_replicas.sql"),
        postgres: None,
    },
    Migration {
        version: 20,
        name: "people",
        sql: include_str!("../../../migrations/0020_people.sql"),
        postgres: None,
    },
    Migration {
        version: 21,
        name: "ladders",
        sql: include_str!("../../../migrations/0021_ladders.sql"),
        postgres: None,
    },
    Migration {
        version: 22,
        name: "slices",
        sql: include_str!("../../../migrations/0022_slices.sql"),
        postgres: Some(include_str!("../../../migrations/0022_slices.postgres.sql")),
    },
];
