//! The stories: what the service promises, told through its doors, on SQLite and on PostgreSQL.
//!
//! Each story ends by proving that nothing else was heard.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod world;

mod acts;
mod again;
mod api;
mod bad_input;
mod board;
mod catching_up;
mod changes;
mod climbing;
mod co_approvers;
mod crossings;
mod dead_letters;
mod deciding;
mod decisions;
mod doors;
mod filing;
mod fire;
mod forms;
mod four_weeks;
mod guessing;
mod holidays;
mod improvements;
mod issue_board;
mod issues;
mod ladders;
mod lost_steps;
mod month;
mod moving;
mod objections;
mod operations;
mod outage;
mod pairs;
mod pauses;
mod people;
mod permission;
mod pictures;
mod pilot;
mod preview;
mod promises;
mod quiet;
mod reapplying;
mod replicas;
mod response_times;
mod risks;
mod round;
mod rules;
mod search;
mod sessions;
mod several;
mod sheets;
mod sql;
mod taking_back;
mod talking;
mod task_lists;
mod tasks;
mod trouble;
mod unanswered;
mod vacancies;
mod visibility;
