//! What people read when the service answers them, as snapshots; and the two languages side by side.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::tz::TimeZone;

use super::answer::{ToastKind, answer, card};
use super::scene::{Closed, Listed, Me, Owed, Scene, Status, Sum, ViewData};
use super::{Block, Card};
use crate::domain::calendar::Span;
use crate::domain::change::{
    FieldFault, FormKind, FormReply, Preferences, Refusal, Reply, Value, View, with,
};
use crate::domain::directory::{Department, Directory, Holder, Person, Role};
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::policy::{At, Audience, Rung, Step};
use crate::domain::request::State;
use crate::domain::request::form::fault;
use crate::domain::{Date, DepartmentId, Lang, ObligationId, PersonId, RequestId, Timestamp};
use crate::intent::Want;

fn department(id: &str, name: &str, english: &str, head: &str) -> Department {
    Department {
        id: DepartmentId::new(id),
        name: name.to_owned(),
        english: english.to_owned(),
        head: Some(PersonId::new(head)),
        contact: None,
        supervisor: Some(PersonId::new("chen")),
        parent: None,
    }
}

fn person(id: &str, name: &str, department: &str, roles: &[Role]) -> Person {
    Person {
        id: PersonId::new(id),
        name: name.to_owned(),
        department: DepartmentId::new(department),
        also: Vec::new(),
        title: String::new(),
        phone: String::new(),
        roles: roles.to_vec(),
        away: Vec::new(),
        active: true,
        language: Lang::Zh,
        accounts: BTreeMap::new(),
    }
}

fn directory() -> Directory {
    let departments =
        [department("SCB", "市场部", "Marketing", "li"), department("SHC", "生产部", "Production", "wang")];
    let people = [
        person("li", "李敏", "SCB", &[]),
        person("wang", "王强", "SHC", &[]),
        person("chen", "陈总", "SCB", &[Role::VicePresident, Role::Administrator]),
    ];
    Directory {
        departments: departments.into_iter().map(|d| (d.id.clone(), d)).collect(),
        people: people.into_iter().map(|p| (p.id.clone(), p)).collect(),
    }
}

fn at(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Draws something for 王强 on Wednesday, 14 October 2026, at 10:00.
fn drawn<T>(lang: Lang, view: &ViewData, draw: impl Fn(&Scene) -> T) -> T {
    let (directory, zone) = (directory(), TimeZone::get("Asia/Shanghai").unwrap());
    let reader = PersonId::new("wang");
    draw(&Scene {
        reader: Some(&reader),
        lang,
        now: at("2026-10-14T10:00:00"),
        zone: &zone,
        today: date("2026-10-14"),
        directory: &directory,
        request: None,
        history: &[],
        earlier: None,
        view,
    })
}

fn read(lang: Lang, view: &ViewData, reply: &Reply) -> String {
    drawn(lang, view, |scene| card(reply, scene).map(|card| page(&card)).unwrap_or_default())
}

/// A card as somebody reads it, line by line.
fn page(card: &Card) -> String {
    let mut out = format!("[{:?}] {}", card.colour, card.title);
    card.tag.iter().for_each(|tag| out.push_str(&format!("  <{tag}>")));
    card.subtitle.iter().for_each(|line| out.push_str(&format!("\n  {line}")));
    out.push('\n');
    card.blocks.iter().for_each(|block| out.push_str(&lines(block)));
    for f in card.form.iter().flat_map(|form| &form.fields) {
        let (group, mark) = (f.group.as_deref().unwrap_or("-"), if f.required { "*" } else { "" });
        let options: Vec<String> = f.options.iter().map(|o| format!("{}={}", o.value, o.label)).collect();
        let _ = write!(out, "{group} | {}{mark} ({}, {:?}, ≤{:?})", f.label, f.name, f.kind, f.max_length);
        let _ = writeln!(out, " [{}] {} — {}", f.value, options.join(" / "), f.hint.as_deref().unwrap_or(""));
        f.error.iter().for_each(|error| out.push_str(&format!("    ! {error}\n")));
    }
    for a in &card.actions {
        let want = serde_json::to_string(&a.want).unwrap();
        let _ = writeln!(out, "({}) {:?}{} {want}", a.label, a.style, if a.submit { " submit" } else { "" });
        a.ask_first.iter().for_each(|ask| out.push_str(&format!("    ? {ask}\n")));
    }
    out
}

fn lines(block: &Block) -> String {
    match block {
        Block::Text { text, tone } => format!("{tone:?}: {text}\n"),
        Block::Fields { items } => items.iter().map(|f| format!("{} = {}\n", f.label, f.value)).collect(),
        Block::Table { columns, rows } => {
            let rows = std::iter::once(columns).chain(rows);
            rows.map(|row| format!("| {} |\n", row.join(" | "))).collect()
        }
        Block::Timeline { items } => {
            items.iter().map(|e| format!("{} · {} · {} ({:?})\n", e.at, e.who, e.text, e.colour)).collect()
        }
        Block::Note { text } => format!("note: {text}\n"),
        Block::Divider => "---\n".to_owned(),
        other => format!("{other:?}\n"),
    }
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
        Refusal::WhichDepartment { candidates: vec![DepartmentId::new("SCB"), DepartmentId::new("SHC")] },
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
                cancelled urged commented bound settings_saved";
    for key in done.split(' ') {
        assert!(crate::text::has(Lang::Zh, &format!("done.{key}")), "{key}");
    }
}

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

fn listed() -> Vec<Listed> {
    let row = |n: u8, title: &str, state, wanted: &str| Listed {
        id: RequestId::new(format!("2026-Q4-SCB-00{n}")),
        title: title.to_owned(),
        state,
        initiator: PersonId::new("li"),
        department: DepartmentId::new("SCB"),
        wanted_by: date(wanted),
    };
    vec![
        row(1, "新品试制", State::Confirming, "2026-12-01"),
        row(2, "展会物料", State::InReview, "2027-01-08"),
    ]
}

#[test]
fn lists_turn_their_pages_and_pick_lists_ask_the_command_again() {
    let view = ViewData::List { rows: listed(), page: 2, more: true };
    let asked = Reply::View(View::List { words: vec!["市场部".to_owned()], page: 2 });
    insta::assert_snapshot!("list_zh", read(Lang::Zh, &view, &asked));
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
        preferences: Preferences { language: None, quiet: Some(String::new()) },
    };
    let status = Status {
        version: "0.1.0".to_owned(),
        database: "sqlite".to_owned(),
        requests: vec![("confirming".to_owned(), 3)],
        open: 5,
        overdue: 1,
        waiting: 0,
        dead: 2,
        paused_since: None,
        known_until: Some(date("2026-12-31")),
    };
    let pages = [
        read(Lang::Zh, &ViewData::Whoami(me), &Reply::View(View::Whoami)),
        read(Lang::Zh, &ViewData::Status(status), &Reply::View(View::Status)),
    ];
    insta::assert_snapshot!("whoami_status_zh", pages.join("\n"));
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
    assert_eq!(wants, [&Want::File { request: None }, &Want::AddRow { request: None, rows: 3 }]);
    assert!(shown.actions.iter().all(|action| action.submit));
}

fn files(lang: &str) -> BTreeMap<String, toml::Table> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let read = entries.map(|entry| {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name.clone(), toml::from_str(&text).unwrap_or_else(|error| panic!("{lang}/{name}: {error}")))
    });
    read.collect()
}

/// Key → sorted names of its placeholders.
fn keys(path: &str, table: &toml::Table, out: &mut BTreeMap<String, Vec<String>>) {
    for (key, value) in table {
        let full = format!("{path}{key}");
        match value {
            toml::Value::Table(inner) => keys(&format!("{full}."), inner, out),
            other => {
                let text = other.as_str().unwrap_or_else(|| panic!("{full} is not a text"));
                let inside = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
                let name =
                    |(inside, _): (&str, &str)| inside.split('|').next().unwrap_or_default().to_owned();
                let mut names: Vec<String> = inside.map(name).collect();
                names.sort();
                names.dedup();
                out.insert(full, names);
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_placeholders() {
    let (zh, en) = (files("zh"), files("en"));
    assert!(zh.keys().eq(en.keys()), "files differ");
    for (name, table) in &zh {
        let (mut chinese, mut english) = (BTreeMap::new(), BTreeMap::new());
        keys("", table, &mut chinese);
        keys("", &en[name], &mut english);
        for (key, placeholders) in &chinese {
            assert_eq!(Some(placeholders), english.get(key), "{name}: {key}");
        }
        assert!(chinese.keys().eq(english.keys()), "{name}: English has further keys");
    }
}
