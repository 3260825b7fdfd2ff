//! An urgent issue through its whole life: heard, unanswered, taken on, opened again, handed over, closed.

use std::collections::BTreeMap;

use super::plans::lesson;
use super::story::{Story, form, which};
use crate::card::fixture::at;
use crate::domain::calendar::Span;
use crate::domain::request::improvement::ImprovementAct;
use crate::domain::request::issue::{Draft, IssueAct, Resolution, Severity, Solution, form as f6};
use crate::domain::request::{Act, TaskAct, Tick};
use crate::domain::{DepartmentId, PersonId};

/// `words` stands in every field that people fill in freely.
pub fn troubled(words: Option<&str>) -> Story {
    let said = |own: &'static str| words.unwrap_or(own).to_owned();
    let mut life = Story::begin(&form(words));
    life.act("approved", "li", &Act::Approve { seen: None });
    life.act("confirmed", "wu", &Act::Confirm { which: which("YFB") });
    life.act("all confirmed", "sun", &Act::Confirm { which: which("SHC") });
    life.act("broken down", "zhao", &Act::Task(TaskAct::BreakDown));
    // Everything here happens an hour after what was before.
    life.policy.issue.group_within = Span::H(2);
    let draft = Box::new(draft(&life, &said("三坐标测量仪停机，检验做不了。"), &said("全部样机")));
    life.act("an issue is reported", "zhao", &Act::Issue(IssueAct::Report { draft: draft.clone() }));
    life.arrives();
    for _ in 0..3 {
        life.nobody_acts();
    }
    let mut then = |title: &str, by: &str, act: IssueAct| life.act(title, by, &Act::Issue(act));
    then("reported again", "zhao", IssueAct::Report { draft });
    then("responded", "sun", IssueAct::Respond { issue: 1 });
    then("coordinated", "sun", IssueAct::Coordinate { issue: 1, place: said("二号会议室") });
    let solution = |owner: &str| {
        let (cause, measures) = (said("主板故障"), said("调用备机，厂家换板"));
        let due = at("2026-11-25T12:00:00");
        Box::new(Solution { cause, measures, owner: PersonId::new(owner), due })
    };
    then("planned", "sun", IssueAct::Plan { issue: 1, solution: solution("wang") });
    then("updated", "wang", IssueAct::Update { issue: 1, text: said("备机已到位") });
    let resolution = || {
        let (process, effect) = (said("换板并校准"), said("精度合格"));
        Box::new(Resolution { process, effect })
    };
    then("resolved", "wang", IssueAct::Resolve { issue: 1, resolution: resolution() });
    then("opened again", "zhao", IssueAct::Reopen { issue: 1, reason: said("重复性不合格") });
    let to = DepartmentId::new("YFB");
    then("moved", "sun", IssueAct::Move { issue: 1, to, reason: said("是测量程序的问题") });
    let severity = Severity::Important;
    then("rated", "zhao", IssueAct::Rate { issue: 1, severity, reason: said("有备机可用") });
    then("resolved", "wu", IssueAct::Resolve { issue: 1, resolution: resolution() });
    then("closed", "zhao", IssueAct::Close { issue: 1 });
    learned(&mut life, &said("备机每月通电检查"), &said("连续三个月按时检查"));
    let reopen = IssueAct::Reopen { issue: 1, reason: said("又停机了") };
    life.act("opened once more", "zhao", &Act::Issue(reopen));
    life.act("resolved", "wu", &Act::Issue(IssueAct::Resolve { issue: 1, resolution: resolution() }));
    life.arrives();
    // A first reminder, then it closes by itself.
    life.nobody_acts();
    life.nobody_acts();
    life
}

/// An improvement item is set from the issue, is late, and is done.
fn learned(life: &mut Story, what: &str, effect: &str) {
    let draft = lesson(life, what, Some(1));
    life.act("an improvement is set", "zhao", &Act::Improvement(ImprovementAct::Set { draft }));
    life.arrives();
    life.nobody_acts();
    life.nobody_acts();
    let effect = effect.chars().take(500).collect();
    let done = ImprovementAct::Finish { item: 1, effect };
    life.act("improved", "sun", &Act::Improvement(done));
}

fn draft(life: &Story, text: &str, scope: &str) -> Draft {
    let pairs = [
        ("issue_text", text),
        ("issue_severity", "urgent"),
        ("issue_topic", "technical"),
        ("issue_scope", scope),
        ("issue_task", "1"),
    ];
    let short: String = scope.chars().take(200).collect();
    let long: String = text.chars().take(500).collect();
    let mut values: BTreeMap<String, String> =
        pairs.into_iter().map(|(f, v)| (f.to_owned(), v.to_owned())).collect();
    values.insert("issue_scope".to_owned(), short);
    values.insert("issue_text".to_owned(), long);
    let typed = f6::Typed {
        values: &values,
        past: &|_| None,
        moment: &|_| None,
        department: &|_| None,
        person: &|_| None,
    };
    let (moment, rules) = (life.last(), life.rules(life.last().now));
    f6::check(&typed, Some(&moment.file), true, rules).unwrap()
}

impl Story {
    /// What asks about issues arrives: from now on silence counts.
    fn arrives(&mut self) {
        let arrived = self.last().now;
        let owed = self.last().file.owed().filter(|o| o.delivered_at.is_none());
        for obligation in owed.map(|o| o.id.clone()).collect::<Vec<_>>() {
            self.tick("delivered", arrived, &Tick::Delivered { obligation, at: arrived });
        }
    }

    /// The soonest step of what is owed for issues, or was learned from them, fires.
    fn nobody_acts(&mut self) {
        let owed = self.last().file.owed().filter(|o| o.issue.is_some() || o.improvement.is_some());
        let next = owed.filter_map(|o| Some((o.id.clone(), o.next?))).min_by_key(|(_, n)| n.fires_at);
        let Some((obligation, next)) = next else { return };
        let tick = Tick::Climb { obligation, index: next.index, due: next.due };
        let now = next.fires_at.max(self.last().now);
        self.tick("a step fires", now, &tick);
    }
}
