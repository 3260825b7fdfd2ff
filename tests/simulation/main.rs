//! Weeks of work of a small company, played against a plain model of what must become of them.
//!
//! Invariants: the service is the real one over a real SQLite file, and everything comes in by its public doors; what
//! people do follows from the seed alone. Where inside an act a crash strikes is up to the machine, so a seed that
//! failed in a crash may need a few runs.
//!
//! `LIAISON_SIMULATION_WEEKS=500 cargo test --release --test simulation` plays longer; `LIAISON_SEED=n` plays that company again.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a simulation that cannot go on has failed")]

mod company;
#[path = "../story/world/ground.rs"]
#[expect(dead_code, reason = "PostgreSQL is for the stories")]
mod ground;
mod house;
mod model;
mod play;
mod trouble;
mod week;
mod witness;

use play::Play;

/// Weeks that one company works on one database.
const WEEKS_OF_A_COMPANY: u64 = 2;
/// What a change is tried with.
const WEEKS: u64 = 2;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weeks_of_work_come_out_as_the_model_says() {
    let weeks = number("LIAISON_SIMULATION_WEEKS").unwrap_or(WEEKS);
    // Another one each time: what is tried again and again finds nothing new.
    let first = number("LIAISON_SEED").unwrap_or_else(|| fastrand::u64(1..1_000_000_000));
    for company in 0..weeks.div_ceil(WEEKS_OF_A_COMPANY) {
        let more = WEEKS_OF_A_COMPANY.min(weeks - company * WEEKS_OF_A_COMPANY);
        let seed = first + company;
        println!("LIAISON_SEED={seed} LIAISON_SIMULATION_WEEKS={more} cargo test --test simulation");
        let mut play = Play::begins(seed).await;
        for _ in 0..more {
            play.week().await;
        }
        println!("{}", play.ends().await);
    }
}
