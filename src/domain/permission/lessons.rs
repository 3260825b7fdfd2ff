//! Improvement items by the rules alone: who may set and finish one in which state, and what is owed whatever happens.
#![expect(clippy::panic, reason = "a case that cannot go its way has failed")]

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use super::company::{CAST, Company};
use crate::domain::change::Refusal;
use crate::domain::obligation::Kind;
use crate::domain::request::improvement::{Draft, ImprovementAct, form};
use crate::domain::request::{Act, Request, Rules};
use crate::domain::{Date, PersonId};

/// To be seen to by 李娜 until 11 December.
fn draft(rules: Rules) -> Draft {
    let pairs = [("improvement", "每月演练"), ("improvement_owner", "li.na"), ("improvement_due", "周五")];
    let values: BTreeMap<String, String> =
        pairs.into_iter().map(|(f, v)| (f.to_owned(), v.to_owned())).collect();
    let person = |_: &str, id: &str| Ok(PersonId::new(id));
    let day = |_: &str| Some(Date::constant(2026, 12, 11));
    form::check(&form::Typed { values: &values, person: &person, day: &day }, None, rules).unwrap()
}

fn set(rules: Rules) -> Act {
    Act::Improvement(ImprovementAct::Set { draft: Box::new(draft(rules)) })
}

fn finish(item: i64) -> Act {
    Act::Improvement(ImprovementAct::Finish { item, effect: "有效".to_owned() })
}

fn take_back(item: i64) -> Act {
    Act::Improvement(ImprovementAct::TakeBack { item, reason: "不需要了".to_owned() })
}

fn letter(file: &Request, person: &str, act: &Act, rules: Rules) -> char {
    match file.decide(act, &PersonId::new(person), rules) {
        Ok(_) => '+',
        Err(Refusal::NotYours { .. }) => '-',
        Err(Refusal::NotNow { .. }) => 'x',
        Err(Refusal::AlreadyDecided { .. }) => '=',
        Err(other) => panic!("{person} {act:?}: {other:?}"),
    }
}

#[test]
fn who_may_set_finish_and_take_back_an_item_in_which_state() {
    let company = Company::new();
    let mut out = "S set, F finish the one that is there, B take it back\n\
                   + done, - not this person's, x not in this state, = somebody was faster\n"
        .to_owned();
    for (name, file, rules) in company.states() {
        let learned = file.decide(&set(rules), &PersonId::new("guo.qiang"), rules);
        writeln!(out, "\n## {name}\n{:12} S F B", "").unwrap();
        for (person, relation) in CAST {
            let sets = letter(&file, person, &set(rules), rules);
            let with_one = |act: &Act| match &learned {
                Ok(change) => letter(&change.request, person, act, rules),
                Err(_) => ' ',
            };
            let (finishes, takes_back) = (with_one(&finish(1)), with_one(&take_back(1)));
            writeln!(out, "{person:12} {sets} {finishes} {takes_back} {relation}").unwrap();
        }
    }
    insta::assert_snapshot!("lessons", out);
}

#[test]
fn a_day_that_has_gone_is_none() {
    let company = Company::new();
    let rules = company.at("2026-11-23T19:00:00");
    let values = BTreeMap::from([
        ("improvement".to_owned(), "每月演练".to_owned()),
        ("improvement_owner".to_owned(), "li.na".to_owned()),
        ("improvement_due".to_owned(), "那天".to_owned()),
    ]);
    let person = |_: &str, id: &str| Ok(PersonId::new(id));
    let on = |day: Option<Date>| {
        let day = |_: &str| day;
        let read = form::check(&form::Typed { values: &values, person: &person, day: &day }, None, rules);
        read.err().map(|faults| faults.into_iter().map(|f| f.fault).collect::<Vec<_>>().join(" "))
    };
    // Today's working hours are over; tomorrow's are not.
    assert_eq!(on(Some(Date::constant(2026, 11, 22))).as_deref(), Some("fault.form.past"));
    assert_eq!(on(Some(Date::constant(2026, 11, 23))).as_deref(), Some("fault.form.past"));
    assert_eq!(on(None).as_deref(), Some("fault.form.not_a_date"));
    assert_eq!(on(Some(Date::constant(2026, 11, 24))), None);
}

#[test]
fn nobody_works_off_more_than_a_hundred() {
    let company = Company::new();
    let (_, mut file, rules) = company.states().into_iter().find(|(name, ..)| *name == "confirmed").unwrap();
    for _ in 0..100 {
        file = file.decide(&set(rules), &PersonId::new("zhang.wei"), rules).unwrap().request;
    }
    let refused = file.decide(&set(rules), &PersonId::new("zhang.wei"), rules).err();
    assert_eq!(refused, Some(Refusal::TooMany { what: "improvements".to_owned(), most: 100 }));
}

proptest! {
    /// Whoever acts, in whatever order, also when the request ends: an open item is owed once, one that is done never.
    #[test]
    fn an_item_is_owed_exactly_while_it_is_open(acts in prop::collection::vec((0_usize..5, 0_usize..CAST.len()), 0..30)) {
        let company = Company::new();
        let (_, mut file, rules) = company.states().into_iter().find(|(name, ..)| *name == "confirmed").unwrap();
        for (which, who) in acts {
            let act = match which {
                0 => set(rules),
                1 => finish(1),
                2 => finish(2),
                3 => take_back(1),
                _ => Act::Cancel { reason: "不做了".to_owned() },
            };
            if let Ok(change) = file.decide(&act, &PersonId::new(CAST[who].0), rules) {
                file = change.request;
            }
            for item in &file.improvements {
                prop_assert!(item.finished.is_none() || item.taken_back.is_none(), "done or taken back, never both");
                let owed = file.owed().filter(|o| o.improvement == Some(item.number) && o.kind == Kind::Improve);
                prop_assert_eq!(owed.count(), usize::from(item.is_open()));
            }
            prop_assert_eq!(file.improvements.len(), usize::try_from(file.improvements_given).unwrap());
        }
    }
}
