//! A week: acts, hours that go by, nights, weekends, outages, a clock that is set wrong, a messenger that falls ill.

use jiff::SignedDuration;
use serde_json::Value;

use crate::company::PEOPLE;
use crate::model::Act;
use crate::play::Play;
use crate::trouble::{self, Sickness};

/// So many requests are worked on at a time.
const LIVELY: usize = 6;

/// What was answered, as it reads in any year: days of another year than the present one are said with theirs.
fn without_years(toast: &Value) -> String {
    let said = toast.to_string();
    let year =
        |part: &str| part.strip_suffix('年').map(|day| day.trim_end_matches(char::is_numeric).to_owned());
    said.split_inclusive('年').map(|part| year(part).unwrap_or_else(|| part.to_owned())).collect()
}

impl Play {
    /// Seven days, and then everything is at rest and as the model says.
    pub async fn week(&mut self) {
        let begun = self.house.now;
        for day in 0..7 {
            let evening = begun + SignedDuration::from_hours(24 * day + 9);
            let acts = if day < 5 { 12 } else { 2 };
            for _ in 0..acts {
                self.one_thing().await;
                let pause = SignedDuration::from_mins(self.people.i64(5..110));
                if self.house.now + pause < evening {
                    self.goes_on(pause).await;
                }
            }
            self.recovers().await;
            let morning = begun + SignedDuration::from_hours(24 * (day + 1));
            self.night(morning.max(self.house.now)).await;
        }
        self.recovers().await;
        self.witness.rests(&mut self.house).await;
        for at in 0..self.cases.len() {
            self.compares(at).await;
        }
    }

    async fn one_thing(&mut self) {
        match self.chance.u32(0..60) {
            0..=1 if !self.sick => self.falls_ill().await,
            2 => self.restarts().await,
            3..=5 => self.says_again().await,
            6 if !self.sick => self.clock_is_wrong().await,
            _ => {}
        }
        let at = self.which();
        match self.people.u32(0..10) {
            _ if self.cases.is_empty() => self.files_when_well().await,
            0 => self.files_when_well().await,
            1..=2 if !self.sick => self.races(at).await,
            3..=4 => {
                let act = self.people.choice(self.cases[at].acts()).unwrap();
                let by = self.people.choice(PEOPLE).unwrap();
                self.tries(at, (act, by)).await;
            }
            _ => {
                if let Some(chosen) = self.sensible(at) {
                    self.tries(at, chosen).await;
                }
            }
        }
        if self.chance.u32(0..5) > 0 && self.house.settles().await {
            self.witness.looks(&mut self.house).await;
        }
    }

    /// One of those that are worked on, or now and then one that nobody thinks of any more.
    fn which(&mut self) -> usize {
        let settled = ["confirmed", "withdrawn", "cancelled"];
        let is_open = |at: &usize| !settled.contains(&self.cases[*at].state);
        let open: Vec<usize> = (0..self.cases.len()).rev().filter(is_open).take(LIVELY).collect();
        let any = self.people.usize(0..self.cases.len().max(1));
        if self.people.u32(0..8) == 0 { any } else { self.people.choice(open).unwrap_or(any) }
    }

    /// Something that may be done, endings and words less often than what leads on.
    fn sensible(&mut self, at: usize) -> Option<(Act, &'static str)> {
        let all = self.cases[at].accepted();
        let weight = |act: &Act| match act {
            Act::Comment | Act::Withdraw | Act::Cancel | Act::Return => 1,
            Act::Resubmit if self.cases[at].state == "in_review" => 1,
            _ => 8,
        };
        let mut acts: Vec<Act> = Vec::new();
        for (act, _) in &all {
            if !acts.contains(act) {
                acts.extend(std::iter::repeat_n(*act, weight(act)));
            }
        }
        let act = self.people.choice(acts)?;
        self.people.choice(all.into_iter().filter(|(other, _)| *other == act).collect::<Vec<_>>())
    }

    /// A form has to arrive before it can be filled in.
    async fn files_when_well(&mut self) {
        self.recovers().await;
        self.files().await;
    }

    async fn falls_ill(&mut self) {
        let sickness = self.chance.choice(Sickness::ALL).unwrap();
        println!("{} the messenger falls ill: {sickness:?}", self.house.now);
        sickness.begins(&mut self.house).await;
        self.sick = true;
    }

    async fn recovers(&mut self) {
        trouble::is_over(&mut self.house).await;
        self.sick = false;
        self.house.settles().await;
        self.witness.looks(&mut self.house).await;
    }

    /// Stops or falls down, and is away for a while.
    async fn restarts(&mut self) {
        let away = SignedDuration::from_mins(self.chance.i64(0..3) * self.chance.i64(0..900));
        let falls = self.chance.bool();
        println!(
            "{} {} and is away for {away:#}",
            self.house.now,
            if falls { "falls down" } else { "stops" }
        );
        match falls {
            true => self.house.crashes(),
            false => self.house.stops().await,
        }
        self.house.now += away;
        self.house.starts().await;
        trouble::lets_leases_end(&mut self.house).await;
        self.house.settles().await;
        self.witness.looks(&mut self.house).await;
    }

    /// A messenger repeats something old: the first answer again, and nothing else.
    async fn says_again(&mut self) {
        if let Some((event, toast)) = self.chance.choice(&self.sent).cloned() {
            println!("{} again: {event}", self.house.now);
            let again = self.house.insists(&event).await["toast"].clone();
            assert_eq!(without_years(&again), without_years(&toast), "{event}");
        }
    }

    /// Somebody sets the clock back, and later right again.
    async fn clock_is_wrong(&mut self) {
        let right = self.house.now;
        let wrong = right - SignedDuration::from_mins(self.chance.i64(5..1_500));
        println!("{right} the clock is set to {wrong} and back");
        for at in [wrong, right] {
            assert!(self.house.moves_to(at).await);
            self.witness.looks(&mut self.house).await;
        }
    }

    async fn goes_on(&mut self, pause: SignedDuration) {
        let went_well = self.house.moves_to(self.house.now + pause).await;
        assert!(went_well || self.sick, "the clock could not go on");
        self.witness.looks(&mut self.house).await;
    }

    /// Till the next morning, sometimes with the service down.
    async fn night(&mut self, morning: jiff::Timestamp) {
        if self.chance.u32(0..6) == 0 {
            println!("{} down for the night", self.house.now);
            self.house.crashes();
            self.house.now = morning;
            self.house.starts().await;
            trouble::lets_leases_end(&mut self.house).await;
            self.house.settles().await;
        } else {
            assert!(self.house.moves_to(morning).await, "the night did not pass");
        }
        self.witness.looks(&mut self.house).await;
    }
}
