//! Searching: words → what they narrow, one page of what is found, and how many there are.
//!
//! Invariant: only what the reader may see is found or counted. A page begins where the one before it ended, however
//! many requests came meanwhile.

use super::{App, Company, Trouble};
use crate::domain::permission::Eyes;
use crate::domain::search::{MOST_LETTERS, MOST_WORDS, Turn, fold};
use crate::domain::{Date, PersonId, Timestamp};
use crate::intent::search::{Term, terms};
use crate::store::search::{self, Line, Part, Place, Query};

/// Lines of a page.
const PAGE: usize = 10;
/// Up to here it is counted.
pub const COUNTED: usize = 1_000;

/// One page of what was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Its lines.
    pub lines: Vec<Line>,
    /// The number of the page, from 1.
    pub page: u32,
    /// How many there are in all; [`COUNTED`] + 1 stands for more than that.
    pub total: usize,
    /// Where the page before this one is.
    pub newer: Option<Turn>,
    /// Where the next one is.
    pub older: Option<Turn>,
    /// More words than are looked for: nothing was.
    pub too_long: bool,
}

impl App {
    /// A page of the requests that a person may see, narrowed by words.
    pub async fn list(
        &self,
        person: &PersonId,
        words: &[String],
        (page, turn): (u32, Option<&Turn>),
    ) -> Result<Found, Trouble> {
        let company = self.company();
        let now = self.clock.now();
        let Some(query) = query(&company, person, words, now) else {
            return Ok(Found { too_long: true, page: 1, ..Found::default() });
        };
        let most = i64::try_from(COUNTED).unwrap_or(i64::MAX).saturating_add(1);
        let top = search::find(&self.db, &query, &Part::Newest, most).await?;
        let (page, places, more) = self.page(&query, &top, (page, turn)).await?;
        let ids: Vec<_> = places.iter().map(|place| place.request.clone()).collect();
        let is_first = places.first() == top.first();
        Ok(Found {
            lines: search::lines(&self.db, &ids).await?,
            page: if is_first { 1 } else { page.max(2) },
            total: top.len(),
            newer: ids.first().filter(|_| !is_first).cloned().map(Turn::Newer),
            older: ids.last().filter(|_| more).cloned().map(Turn::Older),
            too_long: false,
        })
    }

    /// The places on a page, and whether there are older ones.
    async fn page(
        &self,
        query: &Query,
        top: &[Place],
        (page, turn): (u32, Option<&Turn>),
    ) -> Result<(u32, Vec<Place>, bool), Trouble> {
        let counted = |skip: usize| {
            let places = top.iter().skip(skip).take(PAGE).cloned().collect::<Vec<_>>();
            let more = top.len() > skip + PAGE;
            (places, more)
        };
        let place = match turn {
            Some(Turn::Older(id) | Turn::Newer(id)) => search::place(&self.db, id).await?,
            None => None,
        };
        let all = top.len() <= COUNTED;
        let (places, more) = match (turn, place) {
            (Some(Turn::Older(_)), Some(place)) => {
                let skip = top.iter().take_while(|p| **p >= place).count();
                match all || skip + PAGE < top.len() {
                    true => counted(skip),
                    false => self.beyond(query, &Part::Before(place)).await?,
                }
            }
            (Some(Turn::Newer(_)), Some(place)) => {
                let newer = top.iter().take_while(|p| **p > place).count();
                match all || newer < top.len() {
                    true => counted(newer.saturating_sub(PAGE)),
                    false => {
                        let (mut places, _) = self.beyond(query, &Part::After(place)).await?;
                        places.reverse();
                        (places, true)
                    }
                }
            }
            (_, None) | (None, Some(_)) => {
                let last = top.len().saturating_sub(1) / PAGE;
                let asked = usize::try_from(page.saturating_sub(1)).unwrap_or(last);
                let (places, more) = counted(asked.min(last) * PAGE);
                let page = u32::try_from(asked.min(last) + 1).unwrap_or(page);
                return Ok((page, places, more));
            }
        };
        Ok((page, places, more))
    }

    /// A page that is not among those that are counted, and whether there is more behind it.
    async fn beyond(&self, query: &Query, part: &Part) -> Result<(Vec<Place>, bool), Trouble> {
        let mut places = search::find(&self.db, query, part, BEYOND).await?;
        let more = places.len() > PAGE;
        places.truncate(PAGE);
        Ok((places, more))
    }
}

/// A page, and one more that says whether there are more.
const BEYOND: i64 = 11;

/// What the words narrow; `None` if they are more than is looked for.
fn query(company: &Company, person: &PersonId, words: &[String], now: Timestamp) -> Option<Query> {
    let letters: usize = words.iter().map(|word| word.chars().take(MOST_LETTERS + 1).count()).sum();
    if words.len() > MOST_WORDS || letters > MOST_LETTERS {
        return None;
    }
    let today = company.calendar.date_of(now);
    let mut query = Query::of(Eyes::of(&company.directory, person, today));
    for term in terms(words, today) {
        match term {
            Term::States(states) => query.states.extend(states),
            Term::Overdue => query.overdue_at = Some(now),
            Term::Mine => query.people.push(vec![person.clone()]),
            Term::Filed(from, to) => query.filed = Some(instants(company, (from, to))),
            Term::Number(number) => query.words.push(fold(&number)),
            Term::Text(text) => named(&mut query, company, &text),
        }
    }
    Some(query)
}

/// From the first moment of the first day until the first moment after the last one.
fn instants(company: &Company, (from, to): (Date, Date)) -> (Timestamp, Timestamp) {
    let midnight = |day| company.calendar.at(day, jiff::civil::Time::midnight());
    (midnight(from), to.tomorrow().map_or(Timestamp::MAX, midnight))
}

/// The name of a department or of a person, or words of a text.
fn named(query: &mut Query, company: &Company, text: &str) {
    let departments = company.directory.find_department(text);
    let people = company.directory.find_person(text);
    if !departments.is_empty() {
        query.departments.push(departments.into_iter().map(|d| d.id.clone()).collect());
    } else if !people.is_empty() {
        query.people.push(people.into_iter().map(|p| p.id.clone()).collect());
    } else {
        let folded = fold(text);
        if !folded.is_empty() {
            query.words.push(folded);
        }
    }
}
