//! What somebody is asked to decide, and a risk plan that fires: the last part of a life.

use std::collections::BTreeMap;

use super::story::Story;
use crate::card::fixture::date;
use crate::domain::PersonId;
use crate::domain::request::Act;
use crate::domain::request::decision::{DecisionAct, Verdict, form as f10};
use crate::domain::request::improvement::{self, Draft, ImprovementAct};
use crate::domain::request::risk::{RiskAct, form as f8};

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

fn ask(story: &Story, typed: &[(&str, &str)]) -> Act {
    let (values, asker) = (values(typed), PersonId::new("zhao"));
    let person = |_: &str, name: &str| Ok(PersonId::new(name));
    let typed = f10::Typed { values: &values, asker: &asker, person: &person, day: &|_| None };
    let draft = f10::check(&typed, story.rules(story.last().now)).unwrap();
    Act::Decision(DecisionAct::Ask { draft: Box::new(draft) })
}

/// What is to be better, by 孙's hand, until 18 December.
pub fn lesson(story: &Story, what: &str, issue: Option<i64>) -> Box<Draft> {
    let values = values(&[
        ("improvement", &what.chars().take(500).collect::<String>()),
        ("improvement_owner", "sun"),
        ("improvement_due", "12-18"),
    ]);
    let (person, day) = (|_: &str, name: &str| Ok(PersonId::new(name)), |_: &str| Some(date("2026-12-18")));
    let typed = improvement::form::Typed { values: &values, person: &person, day: &day };
    Box::new(improvement::form::check(&typed, issue, story.rules(story.last().now)).unwrap())
}

/// Two decisions, the first of them made, a risk plan that fires by hand, and something to be better next time.
pub fn planned(story: &mut Story, words: Option<&str>) {
    let said = |own: &str| words.unwrap_or(own).chars().take(200).collect::<String>();
    let subject = said("样机用哪家的主轴？");
    let typed = [("decision_subject", &*subject), ("decider", "chen"), ("decision_options", "A/B")];
    story.act("a decision is asked for", "zhao", &ask(story, &typed));
    let verdict = Verdict { choice: Some(1), conclusion: "A".to_owned(), reason: said("交期短两周。") };
    story.act("decided", "chen", &Act::Decision(DecisionAct::Decide { decision: 1, verdict }));
    let subject = said("首批交付要不要延后？");
    let typed = [("decision_subject", &*subject), ("decider", "li"), ("decision_days", "5d")];
    story.act("another one is asked for", "zhao", &ask(story, &typed));
    let (description, measure) = (said("关键物料晚到。"), said("改用备选物料。"));
    let values = values(&[
        ("risk_kind", "delay"),
        ("risk_description", &description),
        ("likelihood", "high"),
        ("risk_impact", "medium"),
        ("measure", &measure),
        ("risk_owner", "sun"),
        ("risk_superior", "chen"),
        ("risk_watch", "path"),
        ("risk_late", "3,7"),
    ]);
    let person = |_: &str, name: &str| Ok(PersonId::new(name));
    let draft = f8::check(&f8::Typed { values: &values, person: &person }, &story.last().file).unwrap();
    let draft = Box::new(draft);
    story.act("a risk is planned for", "zhao", &Act::Risk(RiskAct::Plan { draft }));
    let fire = RiskAct::Fire { risk: 1, reason: said("供应商停产。") };
    story.act("the plan is fired by hand", "zhao", &Act::Risk(fire));
    let draft = lesson(story, &said("评审前先对齐口径"), None);
    story.act("an improvement is set", "zhao", &Act::Improvement(ImprovementAct::Set { draft }));
    let draft = lesson(story, &said("重复的一项"), None);
    story.act("another one is set", "zhao", &Act::Improvement(ImprovementAct::Set { draft }));
    let back = ImprovementAct::TakeBack { item: 2, reason: said("与 K1 重复。") };
    story.act("and taken back", "zhao", &Act::Improvement(back));
}
