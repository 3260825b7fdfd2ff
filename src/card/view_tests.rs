//! What people read when they look something up, as snapshots.

use std::sync::Arc;

use super::fixture::{at, date, drawn, page, read, request};
use super::merged;
use super::paused::{Paused, What};
use super::scene::{Closed, Found, Listed, Me, Owed, Owes, Scene, Status, Sum, ViewData};
use crate::domain::calendar::Span;
use crate::domain::change::{Preferences, Reply, View};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::policy::{At, Audience, Rung, Step};
use crate::domain::request::State;
use crate::domain::search::Turn;
use crate::domain::{DepartmentId, Lang, ObligationId, PersonId, RequestId};

#[test]
fn help_lists_every_group_and_explains_one_command() {
    let help = |lang, word: Option<&str>| {
        let view = View::Help { word: word.map(str::to_owned) };
        read(lang, &ViewData::Nothing, &Reply::View(view))
    };
    insta::assert_snapshot!("help_zh", help(Lang::Zh, None));
    insta::assert_snapshot!("help_en", help(Lang::En, None));
    insta::assert_snapshot!("help_one_zh", help(Lang::Zh, Some("/异议")));
    let unknown = View::Unknown { typed: "/确人".to_owned(), nearest: Some("confirm".to_owned()) };
    let both = [Reply::View(unknown), Reply::View(View::Introduction)];
    insta::assert_snapshot!("unknown_zh", both.map(|r| read(Lang::Zh, &ViewData::Nothing, &r)).join("\n"));
}

fn owed(kind: Kind, due: &str) -> Obligation {
    Obligation {
        id: ObligationId::new("2026-Q4-SCB-001.1"),
        kind,
        department: DepartmentId::new("SHC"),
        debtor: Holder { person: PersonId::new("wang"), instead_of: None },
        transferred: false,
        opened_at: at("2026-09-30T20:00:00"),
        delivered_at: Some(at("2026-09-30T20:00:05")),
        due_at: at(due),
        provisional: true,
        allowed: Span::Min(30),
        ladder: Vec::new(),
        urgent: false,
        next: None,
        climbed: None,
        urged_at: None,
        closed: None,
        task: None,
        decision: None,
        issue: None,
        improvement: None,
        promise: None,
    }
}

#[test]
fn the_own_list_begins_with_what_is_most_urgent() {
    let row = |n: u8, title: &str, kind, due| Owed {
        request: RequestId::new(format!("2026-Q4-SCB-00{n}")),
        title: title.to_owned(),
        obligation: owed(kind, due),
    };
    let view = ViewData::My(vec![
        row(2, "展会物料", Kind::AnswerObjection, "2026-10-16T10:00:00"),
        row(1, "新品试制", Kind::ConfirmRequest, "2026-10-13T18:00:00"),
        row(3, "包装改版", Kind::ApproveRequest, "2026-10-15T18:00:00"),
    ]);
    insta::assert_snapshot!("my_zh", read(Lang::Zh, &view, &Reply::View(View::My)));
    insta::assert_snapshot!("my_nothing_en", read(Lang::En, &ViewData::My(vec![]), &Reply::View(View::My)));
}

#[test]
fn what_gathered_while_the_service_was_down_is_told_to_each_in_their_words() {
    let row = |kind, due: &str| {
        let (file, obligation) = (request(State::Confirming), owed(kind, due));
        let (number, title) = (file.id.clone(), file.content.title.clone());
        (Arc::new(file), Owed { request: number, title, obligation })
    };
    let view = ViewData::Merged(vec![
        row(Kind::ConfirmRequest, "2026-10-13T18:00:00"),
        row(Kind::FinishTask, "2026-10-15T18:00:00"),
    ]);
    let chen = PersonId::new("chen");
    let told = |lang, reader: Option<&PersonId>| {
        drawn(lang, &view, |scene| page(&merged::card(&Scene { reader, ..*scene }, false).unwrap()))
    };
    let readers = [Some(PersonId::new("wang")), Some(chen), None];
    let all = readers.each_ref().map(|reader| told(Lang::Zh, reader.as_ref())).join("\n");
    insta::assert_snapshot!("merged_zh", all);
    insta::assert_snapshot!("merged_group_en", told(Lang::En, None));
    let done = |sent| drawn(Lang::Zh, &ViewData::Merged(vec![]), |scene| merged::card(scene, sent));
    assert_eq!(
        (done(false), done(true).map(|card| card.title)),
        (None, Some("这些事项都已有结果".to_owned()))
    );
}

fn listed() -> Vec<Listed> {
    let owes = |kind, due: &str| Owes {
        person: PersonId::new("li"),
        kind,
        since: at("2026-10-12T09:00:00"),
        due: at(due),
    };
    let row = |n: u8, title: &str, state, owes: Vec<Owes>| Listed {
        id: RequestId::new(format!("2026-Q4-SCB-00{n}")),
        title: title.to_owned(),
        state,
        initiator: PersonId::new("li"),
        department: DepartmentId::new("SCB"),
        owes,
        masks: n == 2,
    };
    vec![
        row(
            1,
            "新品试制",
            State::Confirming,
            vec![
                owes(Kind::ConfirmRequest, "2026-10-13T18:00:00"),
                owes(Kind::Arbitrate, "2027-10-13T18:00:00"),
            ],
        ),
        row(2, "展会物料", State::InReview, vec![owes(Kind::ApproveRequest, "2027-10-13T18:00:00")]),
        row(3, "包装改版", State::Confirmed, vec![]),
    ]
}

#[test]
fn lists_turn_their_pages_and_pick_lists_ask_the_command_again() {
    let older = Some(Turn::Older(RequestId::new("2026-Q4-SCB-003")));
    let newer = Some(Turn::Newer(RequestId::new("2026-Q4-SCB-001")));
    let found = Found { rows: listed(), page: 2, total: 34, older, newer, ..Found::default() };
    let view = ViewData::List(found.clone());
    let asked = Reply::View(View::List { words: vec!["市场部".to_owned()], page: 2, turn: None });
    insta::assert_snapshot!("list_zh", read(Lang::Zh, &view, &asked));
    let many = ViewData::List(Found { total: 1_000, uncounted: true, ..found });
    insta::assert_snapshot!("list_en", read(Lang::En, &many, &asked));
    let too_long = ViewData::List(Found { too_long: true, ..Found::default() });
    insta::assert_snapshot!("list_too_long_zh", read(Lang::Zh, &too_long, &asked));
    insta::assert_snapshot!("list_nothing_zh", read(Lang::Zh, &ViewData::List(Found::default()), &asked));
    let candidates = listed().into_iter().map(|row| row.id).collect();
    let pick = Reply::View(View::Pick { command: "cancel".to_owned(), candidates });
    insta::assert_snapshot!("pick_zh", read(Lang::Zh, &ViewData::Pick(listed()), &pick));
}

#[test]
fn why_replays_the_sum_and_names_who_hears_next() {
    let step = |rung, to: &[Audience]| Step { at: At::Due, rung, to: to.to_vec() };
    let (due, later) = (at("2026-10-15T22:00:00"), at("2026-10-16T08:30:00"));
    let holiday = Closed::Holiday("国庆节".to_owned());
    let view = ViewData::Why(vec![Sum {
        obligation: owed(Kind::ConfirmRequest, "2026-10-15T22:00:00"),
        counted_from: at("2026-10-08T09:00:00"),
        skipped: vec![
            (date("2026-10-01"), holiday),
            (date("2026-10-11"), Closed::Weekend),
            (date("2026-10-12"), Closed::Company("年度盘点".to_owned())),
        ],
        steps: vec![
            (step(Rung::Overdue, &[Audience::Debtor]), due, later),
            (step(Rung::Alert, &[Audience::Head, Audience::ManagersGroup]), later, later),
        ],
    }]);
    let asked = Reply::View(View::Why { request: RequestId::new("2026-Q4-SCB-001") });
    insta::assert_snapshot!("why_zh", read(Lang::Zh, &view, &asked));
    insta::assert_snapshot!("why_en", read(Lang::En, &view, &asked));
}

#[test]
fn spans_are_worded_by_their_unit() {
    let text = |unit: &str, n: &str| crate::text::say(Lang::En, &format!("unit.{unit}"), &[("n", n)]);
    assert_eq!(
        (text("wd", "1"), text("wh", "4")),
        ("1 working day".to_owned(), "4 working hours".to_owned())
    );
}

#[test]
fn people_learn_who_they_are_and_administrators_how_the_service_is() {
    let me = Me {
        heads: vec![DepartmentId::new("SHC")],
        contacts: vec![DepartmentId::new("SHC")],
        stands_in_for: vec![PersonId::new("li")],
        preferences: Preferences { quiet: Some(String::new()), ..Preferences::default() },
        wishes: crate::domain::quiet::Wishes { digests: Vec::new(), most: 6 },
    };
    let (since, until) = (at("2026-11-23T09:00:00"), at("2026-11-23T18:00:00"));
    let pause = |what, until| Paused { what, since, until };
    let status = Status {
        version: "0.1.0".to_owned(),
        database: "sqlite".to_owned(),
        requests: vec![("confirming".to_owned(), 3)],
        open: 5,
        overdue: 1,
        waiting: 0,
        dead: 2,
        pauses: vec![
            pause(What::All, None),
            pause(What::Chat("person:li.na".to_owned()), Some(until)),
            pause(What::Kind("nudge".to_owned()), Some(until)),
        ],
        known_until: Some(date("2026-12-31")),
    };
    let pages = [
        read(Lang::Zh, &ViewData::Whoami(me), &Reply::View(View::Whoami)),
        read(Lang::Zh, &ViewData::Status(status.clone()), &Reply::View(View::Status)),
        read(Lang::En, &ViewData::Status(status), &Reply::View(View::Status)),
    ];
    insta::assert_snapshot!("whoami_status_zh", pages.join("\n"));
}
