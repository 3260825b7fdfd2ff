//! What people read when the service answers them: done, refused, or a form, as snapshots.

use std::collections::BTreeMap;

use super::answer::{ToastKind, answer, card};
use super::fixture::{at, drawn, page, read, request};
use super::scene::{Scene, ViewData};
use crate::domain::change::{FieldFault, FormKind, FormReply, Refusal, Reply, Value, with};
use crate::domain::directory::Holder;
use crate::domain::request::State;
use crate::domain::request::form::fault;
use crate::domain::{DepartmentId, Lang, PersonId, RequestId};
use crate::intent::Want;

#[test]
fn whoever_signs_for_a_department_is_offered_it_by_button() {
    let file = request(State::Confirming);
    let candidates = vec![DepartmentId::new("SHC")];
    let reply =
        Reply::Refused { refusal: Refusal::which_department(candidates), request: Some(file.id.clone()) };
    let text = drawn(Lang::Zh, &ViewData::Nothing, |scene| {
        page(&card(&reply, &Scene { request: Some(&file), ..*scene }).unwrap())
    });
    insta::assert_snapshot!("which_department_zh", text);
}

#[test]
fn a_form_says_whether_it_files_or_submits_again() {
    let title = |state| {
        let file = request(state);
        let Reply::Form(form) = f1(1, &[], vec![]) else { unreachable!() };
        let reply = Reply::Form(FormReply { request: Some(file.id.clone()), ..form });
        drawn(Lang::Zh, &ViewData::Nothing, |scene| {
            card(&reply, &Scene { request: Some(&file), ..*scene }).unwrap().title
        })
    };
    assert_eq!(title(State::Returned), "修改并重新提交");
    assert_eq!(title(State::InReview), "修改需求");
}

fn f1(rows: u8, values: &[(&str, &str)], faults: Vec<FieldFault>) -> Reply {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Reply::Form(FormReply {
        form: FormKind::Request,
        request: None,
        department: None,
        version: None,
        rows,
        values: values.iter().map(pair).collect(),
        faults,
    })
}

fn typed(field: &str, what: &str, typed: &str) -> FieldFault {
    FieldFault { with: with([("typed", Value::Text(typed.to_owned()))]), ..fault(field, what) }
}

fn wrong() -> Reply {
    let long = with([("max", Value::Number(60)), ("is", Value::Number(72))]);
    let faults = vec![
        FieldFault { with: long, ..fault("title", "too_long") },
        fault("goal", "required"),
        typed("wanted_by", "not_a_date", "尽快"),
        typed("budget", "not_a_number", "很多"),
        typed("attachments", "not_https", "图纸 ftp://x"),
        typed("ask1_department", "unknown_department", "生产不"),
        typed("ask2_wanted_by", "past", "昨天"),
    ];
    f1(
        2,
        &[("title", "新品"), ("wanted_by", "尽快"), ("ask2_department", "生产部"), ("priority", "high")],
        faults,
    )
}

#[test]
fn an_empty_request_form_shows_what_is_needed_and_how_to_write_it() {
    insta::assert_snapshot!("f1_empty_zh", read(Lang::Zh, &ViewData::Nothing, &f1(2, &[], vec![])));
    insta::assert_snapshot!("f1_empty_en", read(Lang::En, &ViewData::Nothing, &f1(2, &[], vec![])));
}

#[test]
fn a_wrong_request_form_comes_back_with_what_was_typed_and_what_is_wrong() {
    insta::assert_snapshot!("f1_faults_zh", read(Lang::Zh, &ViewData::Nothing, &wrong()));
    insta::assert_snapshot!("f1_faults_en", read(Lang::En, &ViewData::Nothing, &wrong()));
}

#[test]
fn the_tenth_department_is_the_last() {
    let form = read(Lang::Zh, &ViewData::Nothing, &f1(10, &[], vec![]));
    assert!(form.contains("ask10_task") && !form.contains("add_row"));
}

#[test]
fn small_forms_ask_only_for_what_is_missing() {
    use FormKind::*;
    let forms = [Objection, Return, Decline, Escalate, Ruling, Cancel, Comment, Settings].map(|form| {
        let request = (form != Settings).then(|| RequestId::new("2026-Q4-SCB-001"));
        let about_one = matches!(form, Objection | Decline | Escalate | Ruling);
        let department = about_one.then(|| DepartmentId::new("SHC"));
        let (values, faults) = (BTreeMap::new(), Vec::new());
        let reply = FormReply { form, request, department, version: Some(2), rows: 0, values, faults };
        read(Lang::Zh, &ViewData::Nothing, &Reply::Form(reply))
    });
    insta::assert_snapshot!("forms_small_zh", forms.join("\n"));
}

fn refusals() -> Vec<Refusal> {
    let who = vec![
        Holder { person: PersonId::new("li"), instead_of: None },
        Holder { person: PersonId::new("wang"), instead_of: Some(PersonId::new("chen")) },
    ];
    let until = at("2026-10-14T14:00:00");
    let by = Some(PersonId::new("li"));
    let (fault, at_word) = ("fault.verdict".to_owned(), Some("也许".to_owned()));
    vec![
        Refusal::UnknownPerson,
        Refusal::NotFound { typed: "SCB-999".to_owned() },
        Refusal::NothingAtHand,
        Refusal::which_department(vec![DepartmentId::new("SCB"), DepartmentId::new("SHC")]),
        Refusal::NotYours { who },
        Refusal::NotYours { who: Vec::new() },
        Refusal::NotNow { state: "cancelled".to_owned() },
        Refusal::AlreadyDecided { by, at: at("2026-10-13T16:20:00"), decision: "approved".to_owned() },
        Refusal::OldVersion { seen: 1, now: 2 },
        Refusal::CoolDown { until },
        Refusal::UrgedEnough,
        Refusal::NobodyOwes,
        Refusal::NothingChanged,
        Refusal::Unreadable { command: "rule".to_owned(), fault, at: at_word },
        Refusal::OnlyInGroups,
        Refusal::OnlyFor { roles: vec!["administrator".to_owned(), "coordinator".to_owned()] },
        Refusal::SlowDown { until },
        Refusal::Ruled,
    ]
}

#[test]
fn every_refusal_says_what_happened_why_and_what_to_do_now() {
    let drawn = |lang| {
        let replies = refusals().into_iter().map(|refusal| {
            let request = Some(RequestId::new("2026-Q4-SCB-001"));
            read(lang, &ViewData::Nothing, &Reply::Refused { refusal, request })
        });
        replies.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("refusals_zh", drawn(Lang::Zh));
    insta::assert_snapshot!("refusals_en", drawn(Lang::En));
}

#[test]
fn a_moved_day_is_said_and_a_pressed_button_gets_a_toast_only() {
    let facts = with([
        ("number", Value::Text("2026-Q4-SCB-001".to_owned())),
        ("title", Value::Text("新品试制".to_owned())),
        ("approver", Value::Person(PersonId::new("li"))),
        ("moved_from", Value::Text("2026-10-17".to_owned())),
        ("moved_to", Value::Text("2026-10-19".to_owned())),
    ]);
    let request = Some(RequestId::new("2026-Q4-SCB-001"));
    let reply = Reply::Done { done: "filed".to_owned(), with: facts, request };
    insta::assert_snapshot!("done_filed_zh", read(Lang::Zh, &ViewData::Nothing, &reply));
    let pressed = drawn(Lang::En, &ViewData::Nothing, |scene| answer(&reply, scene));
    let toast = pressed.toast.unwrap();
    assert_eq!((toast.kind, pressed.card), (ToastKind::Success, None));
    assert!(toast.text.contains("Sat 17 Oct") && toast.text.contains("Mon 19 Oct"), "{}", toast.text);
}

#[test]
fn every_done_text_exists() {
    let done = "filed resubmitted approved returned confirmed objected revised declined escalated ruled withdrawn \
                cancelled urged commented bound settings_saved draft_kept";
    for key in done.split(' ') {
        assert!(crate::text::has(Lang::Zh, &format!("done.{key}")), "{key}");
    }
}

#[test]
fn nothing_is_said_where_nothing_needs_saying() {
    let heard = drawn(Lang::Zh, &ViewData::Nothing, |scene| answer(&Reply::Silent, scene));
    assert_eq!((heard.toast, heard.card), (None, None));
}

#[test]
fn a_submit_button_of_a_form_carries_no_words_of_its_own() {
    let shown = drawn(Lang::Zh, &ViewData::Nothing, |scene| card(&f1(3, &[], vec![]), scene)).unwrap();
    let wants: Vec<&Want> = shown.actions.iter().map(|action| &action.want).collect();
    let keep = Want::KeepDraft { request: None };
    let ahead = Want::Preview { request: None, rows: 3 };
    let [file, more] = [Want::File { request: None }, Want::AddRow { request: None, rows: 3 }];
    assert_eq!(wants, [&file, &more, &ahead, &keep]);
    assert!(shown.actions.iter().all(|action| action.submit));
}
