//! Who looks on: put on by others (抄送), or by himself (关注).
//!
//! Invariant: cc lets somebody see a request, also one for participants only; following lets nobody see anything.

use serde::{Deserialize, Serialize};

use super::Request;
use super::work::{Rules, Work};
use crate::domain::change::{Change, Refusal, Value, with};
use crate::domain::permission::Doing;
use crate::domain::{PersonId, Timestamp};

/// Somebody who hears the news without being asked anything.
#[derive(Clone, Debug, PartialEq)]
pub struct Onlooker {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub part: Part,
    /// Since when.
    pub since: Timestamp,
    /// By whom.
    pub put_by: PersonId,
}

/// Why somebody looks on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 抄送: others want him to know.
    Copied,
    /// 关注: he wants to know.
    Follows,
}

impl Request {
    /// 抄送
    pub(super) fn copy_to(
        &self,
        by: &PersonId,
        people: &[PersonId],
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Copy, None)?;
        let copied = |p: &&PersonId| self.part_of(p) != Some(Part::Copied);
        let fresh: Vec<&PersonId> = people.iter().filter(copied).collect();
        if fresh.is_empty() {
            return Err(Refusal::AsItIs { what: "copied".to_owned() });
        }
        let mut work = Work::by(self, by, authority, rules);
        let mut params = with([("by", Value::Person(by.clone()))]);
        for (n, person) in (1..).zip(&fresh) {
            work.request.onlookers.retain(|o| &&o.person != person);
            work.request.onlookers.push(Onlooker {
                person: (*person).clone(),
                part: Part::Copied,
                since: rules.now,
                put_by: by.clone(),
            });
            params.insert(format!("person{n}"), Value::Person((*person).clone()));
        }
        work.news(fresh.into_iter().cloned(), "copied", params.clone());
        Ok(work.done("copied", params, "copied"))
    }

    /// 关注, 取消关注. Whoever was put on by others can take himself off, too.
    pub(super) fn follow(&self, by: &PersonId, off: bool, rules: Rules) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Follow, None)?;
        if self.part_of(by).is_some() != off {
            let what = if off { "unfollowed" } else { "followed" };
            return Err(Refusal::AsItIs { what: what.to_owned() });
        }
        let mut work = Work::by(self, by, authority, rules);
        let params = with([("by", Value::Person(by.clone()))]);
        if off {
            work.request.onlookers.retain(|o| &o.person != by);
            return Ok(work.done("unfollowed", params, "unfollowed"));
        }
        let (person, since, put_by) = (by.clone(), rules.now, by.clone());
        work.request.onlookers.push(Onlooker { person, part: Part::Follows, since, put_by });
        Ok(work.done("followed", params, "followed"))
    }

    /// Why a person looks on, if he does.
    pub fn part_of(&self, person: &PersonId) -> Option<Part> {
        self.onlookers.iter().find(|o| &o.person == person).map(|o| o.part)
    }
}
