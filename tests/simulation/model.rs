//! What must become of a request, in the plainest words: who may do what in which state, and what is owed then.
//!
//! Invariant: nothing here is shared with the service; where the two differ, one of them is wrong.

use std::collections::BTreeMap;

use crate::company::{COORDINATOR, OUTSIDER, PEOPLE, SIDES, Side, superior};

/// What somebody tries to do; departments by their place among the sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Approve,
    Return,
    Resubmit,
    Withdraw,
    Cancel,
    Comment,
    Urge,
    Confirm(usize),
    Object(usize),
    Decline(usize),
    Escalate(usize),
    Uphold(usize),
    Dismiss(usize),
    Revise(usize),
}

impl Act {
    pub fn name(self) -> &'static str {
        match self {
            Act::Approve => "approve",
            Act::Return => "return",
            Act::Resubmit => "resubmit",
            Act::Withdraw => "withdraw",
            Act::Cancel => "cancel",
            Act::Comment => "comment",
            Act::Urge => "urge",
            Act::Confirm(_) => "confirm",
            Act::Object(_) => "object",
            Act::Decline(_) => "decline",
            Act::Escalate(_) => "escalate",
            Act::Uphold(_) => "uphold",
            Act::Dismiss(_) => "dismiss",
            Act::Revise(_) => "revise",
        }
    }
}

/// How a department stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Waiting,
    Open,
    Confirmed,
    Objected,
}

/// What became of the newest objection of a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    None,
    Open,
    Declined,
    Escalated,
    Upheld,
    /// Dismissed, or accepted by a revision: it is over.
    Past,
}

/// One department's part.
#[derive(Clone, Debug)]
pub struct Ask {
    pub stand: Stand,
    pub round: Round,
    pub ruled: bool,
    /// The answer to the objection is overdue: from then on it is the head's.
    pub late: bool,
    /// How often its words were changed.
    pub words: u32,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Case {
    pub number: String,
    /// The day that it is wanted by.
    pub wanted: String,
    pub initiator: &'static str,
    pub home: &'static Side,
    pub state: &'static str,
    /// In the order of the form.
    pub order: Vec<usize>,
    pub asks: BTreeMap<usize, Ask>,
    pub edits: u32,
    pub comments: usize,
    pub signatures: usize,
    pub decisions: usize,
}

impl Case {
    /// As it is filed; its number comes with the answer.
    pub fn filed(wanted: String, (initiator, home): (&'static str, usize), order: Vec<usize>) -> Self {
        let fresh = Ask { stand: Stand::Waiting, round: Round::None, ruled: false, late: false, words: 0 };
        Self {
            number: String::new(),
            wanted,
            initiator,
            home: &SIDES[home],
            state: "in_review",
            asks: order.iter().map(|side| (*side, fresh.clone())).collect(),
            order,
            edits: 0,
            comments: 0,
            signatures: 0,
            decisions: 0,
        }
    }

    fn approver(&self) -> &'static str {
        if self.initiator == self.home.head { self.home.above } else { self.home.head }
    }

    fn is_over(&self) -> bool {
        ["withdrawn", "cancelled"].contains(&self.state)
    }

    /// Does it if it may be done; whether it was.
    pub fn accepts(&mut self, act: Act, by: &str) -> bool {
        let own = by == self.initiator;
        let own_side = own || by == self.home.head;
        let before = ["in_review", "returned"].contains(&self.state);
        let allowed = match act {
            Act::Approve | Act::Return => self.state == "in_review" && by == self.approver(),
            Act::Resubmit | Act::Withdraw => before && (own || by == COORDINATOR),
            Act::Cancel => !self.is_over() && (own_side || by == COORDINATOR),
            Act::Comment => self.is_heard(by),
            // Leaves nothing that the model keeps.
            Act::Urge => false,
            Act::Confirm(side) => self.may_sign(side, by),
            Act::Object(side) => self.may_sign(side, by) && !self.asks[&side].ruled,
            Act::Decline(side) => self.round(side) == Round::Open && self.may_answer(side, by),
            Act::Escalate(side) => self.can_rise(side) && self.may_escalate(side, by),
            Act::Uphold(side) | Act::Dismiss(side) => {
                self.round(side) == Round::Escalated && by == superior(self.home, &SIDES[side])
            }
            Act::Revise(side) => {
                [Round::Open, Round::Upheld].contains(&self.round(side)) && self.may_answer(side, by)
            }
        };
        if allowed {
            self.carries_out(act);
        }
        allowed
    }

    /// The newest objection of a department; nothing rises or is answered once the request is over.
    fn round(&self, side: usize) -> Round {
        self.asks.get(&side).filter(|_| !self.is_over()).map_or(Round::None, |ask| ask.round)
    }

    fn may_sign(&self, side: usize, by: &str) -> bool {
        let open = self.asks.get(&side).is_some_and(|ask| ask.stand == Stand::Open);
        open && !self.is_over() && SIDES[side].signers.contains(&by)
    }

    fn may_answer(&self, side: usize, by: &str) -> bool {
        match self.asks[&side].late {
            false => by == self.initiator || by == self.home.head,
            true => by == self.home.head || by == COORDINATOR,
        }
    }

    fn can_rise(&self, side: usize) -> bool {
        match self.round(side) {
            Round::Open => true,
            Round::Declined => self.asks[&side].stand == Stand::Open,
            Round::None | Round::Escalated | Round::Upheld | Round::Past => false,
        }
    }

    fn may_escalate(&self, side: usize, by: &str) -> bool {
        by == self.initiator || by == self.home.head || by == COORDINATOR || SIDES[side].signers.contains(&by)
    }

    /// Only of these the model is sure.
    fn is_heard(&self, by: &str) -> bool {
        let involved = self.asks.keys().any(|side| SIDES[*side].signers.contains(&by));
        by == self.initiator || by == self.home.head || by == COORDINATOR || involved
    }

    fn carries_out(&mut self, act: Act) {
        match act {
            Act::Approve => {
                self.decisions += 1;
                self.state = "confirming";
                self.asks.values_mut().for_each(|ask| ask.stand = Stand::Open);
            }
            Act::Return => {
                self.decisions += 1;
                self.state = "returned";
            }
            Act::Resubmit => {
                self.edits += 1;
                self.state = "in_review";
            }
            Act::Withdraw => self.state = "withdrawn",
            Act::Cancel => self.state = "cancelled",
            Act::Comment => self.comments += 1,
            Act::Urge => {}
            Act::Confirm(side) => {
                self.signatures += 1;
                self.sets(side, Stand::Confirmed, None);
                if self.asks.values().all(|ask| ask.stand == Stand::Confirmed) {
                    self.state = "confirmed";
                }
            }
            Act::Object(side) => self.sets(side, Stand::Objected, Some(Round::Open)),
            Act::Decline(side) => self.sets(side, Stand::Open, Some(Round::Declined)),
            Act::Escalate(side) => self.sets(side, Stand::Objected, Some(Round::Escalated)),
            Act::Uphold(side) => self.sets(side, Stand::Objected, Some(Round::Upheld)),
            Act::Dismiss(side) => {
                self.sets(side, Stand::Open, Some(Round::Past));
                self.asks.get_mut(&side).unwrap().ruled = true;
            }
            Act::Revise(side) => {
                self.sets(side, Stand::Open, Some(Round::Past));
                let ask = self.asks.get_mut(&side).unwrap();
                (ask.ruled, ask.words) = (false, ask.words + 1);
            }
        }
    }

    fn sets(&mut self, side: usize, stand: Stand, round: Option<Round>) {
        let ask = self.asks.get_mut(&side).unwrap();
        (ask.stand, ask.round) = (stand, round.unwrap_or(ask.round));
    }

    /// Its state, and how many comments, signatures and decisions there are.
    pub fn told(&self) -> [String; 4] {
        [
            self.state.to_owned(),
            self.comments.to_string(),
            self.signatures.to_string(),
            self.decisions.to_string(),
        ]
    }

    /// What is owed now: kind and department.
    pub fn owed(&self) -> Vec<String> {
        if self.state == "in_review" {
            return vec![format!("approve_request {}", self.home.id)];
        }
        let parts = self.asks.iter().filter(|_| !self.is_over() && self.state != "returned");
        let mut owed: Vec<String> = parts
            .filter_map(|(side, ask)| {
                let kind = match (ask.stand, ask.round) {
                    (Stand::Waiting | Stand::Confirmed, _) => return None,
                    (Stand::Open, _) => "confirm_request",
                    (Stand::Objected, Round::Escalated) => "arbitrate",
                    (Stand::Objected, _) => "answer_objection",
                };
                Some(format!("{kind} {}", SIDES[*side].id))
            })
            .collect();
        owed.sort();
        owed
    }

    /// How the departments stand, as the database says it; of no interest once it is over.
    pub fn stands(&self) -> Vec<String> {
        let stand = |ask: &Ask| match ask.stand {
            Stand::Waiting => "waiting",
            Stand::Open => "open",
            Stand::Confirmed => "confirmed",
            Stand::Objected => "objected",
        };
        let mut stands: Vec<String> = self
            .asks
            .iter()
            .filter(|_| !self.is_over())
            .map(|(side, ask)| format!("{} {}", SIDES[*side].id, stand(ask)))
            .collect();
        stands.sort();
        stands
    }

    /// Everything that somebody could try.
    pub fn acts(&self) -> Vec<Act> {
        let whole =
            [Act::Approve, Act::Return, Act::Resubmit, Act::Withdraw, Act::Cancel, Act::Comment, Act::Urge];
        let part =
            [Act::Confirm, Act::Object, Act::Decline, Act::Escalate, Act::Uphold, Act::Dismiss, Act::Revise];
        let parts = self.order.iter().flat_map(|side| part.map(|act| act(*side)));
        whole.into_iter().chain(parts).collect()
    }

    /// What would be done now, by whom.
    pub fn accepted(&self) -> Vec<(Act, &'static str)> {
        let all = self.acts().into_iter().flat_map(|act| PEOPLE.map(|by| (act, by)));
        all.filter(|(act, by)| self.clone().accepts(*act, by)).collect()
    }

    /// Whether the model knows what becomes of it.
    pub fn is_sure_of(&self, act: Act, by: &str) -> bool {
        match act {
            Act::Comment => self.is_heard(by) || by == OUTSIDER,
            // Before anybody was asked it is no revision: it is filed anew, with other words.
            Act::Revise(_) => !["in_review", "returned"].contains(&self.state),
            _ => true,
        }
    }
}
