//! Cards that list what was looked up for them, with something to list.
//!
//! Invariant: what people typed is `words` here, too, so that the rules about people's words hold for lists.

use super::samples;
use super::story::Story;
use crate::card::Card;
use crate::card::fixture::at;
use crate::card::notice::notice;
use crate::card::scene::{Begun, Choosable, Part, Scene, ViewData};
use crate::domain::change::{Bulk, FormKind, Reply, View, What};
use crate::domain::directory::Holder;
use crate::domain::obligation::Kind;
use crate::domain::request::{Route, Stop};
use crate::domain::{DepartmentId, Lang, PersonId, RequestId};

fn number(n: usize) -> RequestId {
    RequestId::new(format!("2026-Q4-SCB-{n:03}"))
}

/// One late, one asked, one only told.
fn digest(words: &str) -> ViewData {
    let part = |n: usize, said: Option<&str>, due: Option<&str>| Part {
        request: number(n),
        title: words.to_owned(),
        line: words.to_owned(),
        words: said.map(str::to_owned),
        due: due.map(at),
    };
    ViewData::Digest(vec![
        part(1, None, Some("2026-11-23T10:00:00")),
        part(1, Some(words), None),
        part(2, None, Some("2026-12-01T17:00:00")),
    ])
}

/// One of each that can be done with several at once.
fn batch(words: &str) -> ViewData {
    let doing = [Bulk::Confirm, Bulk::Approve, Bulk::Urge];
    let choosable = |(n, doing): (usize, Bulk)| Choosable {
        doing,
        request: number(n),
        title: words.to_owned(),
        department: DepartmentId::new("SHC"),
        revision: 2,
        due_at: at("2026-12-01T17:00:00"),
    };
    ViewData::Batch((1..).zip(doing).map(choosable).collect())
}

/// A new one without a title, and one that edits a request.
fn drafts(words: &str) -> ViewData {
    let begun = |key: &str, title: &str, request| Begun {
        key: key.to_owned(),
        title: title.to_owned(),
        request,
        saved_at: at("2026-11-23T16:20:00"),
    };
    ViewData::Drafts(vec![begun("d1", "", None), begun("d2", words, Some(number(1)))])
}

/// An approver, then a department whose contact is away.
fn route() -> ViewData {
    let person = |id: &str| PersonId::new(id);
    let stop = |kind, department: &str, holder, (asked, due): (&str, &str)| Stop {
        kind,
        department: DepartmentId::new(department),
        holder,
        asked_at: at(asked),
        due_at: at(due),
        provisional: kind == Kind::ConfirmRequest,
    };
    let head = Holder { person: person("li"), instead_of: None };
    let deputy = Holder { person: person("wang"), instead_of: Some(person("sun")) };
    let (first, second) =
        (("2026-11-23T10:00:00", "2026-11-24T10:00:00"), ("2026-11-24T10:00:00", "2026-11-25T10:00:00"));
    let stops = vec![
        stop(Kind::ApproveRequest, "SCB", head, first),
        stop(Kind::ConfirmRequest, "SHC", deputy, second),
    ];
    ViewData::Route(Route { stops, is_stuck: false })
}

/// Every one of them with its name, as 孙洁 sees it in the end.
pub fn all(story: &Story, words: &str, lang: Lang) -> Vec<(String, Card)> {
    let reader = PersonId::new("sun");
    let view = |view| What::Answer(Reply::View(view));
    let shown = [
        ("digest with lines", What::Digest(Vec::new()), digest(words)),
        ("view batch with rows", view(View::Batch), batch(words)),
        ("view drafts with rows", view(View::Drafts), drafts(words)),
        ("form route with stops", What::Answer(samples::form(FormKind::Route, words)), route()),
    ];
    let card = |(caption, what, data): (&str, What, ViewData)| {
        let card = story.at(story.last(), (Some(&reader), lang), |scene| {
            notice(&what, &Scene { view: &data, ..*scene }, false)
        });
        card.map(|card| (caption.to_owned(), card))
    };
    shown.into_iter().filter_map(card).collect()
}

#[test]
fn each_of_them_lists_something() {
    let story = super::story::whole_life(None).remove(0);
    let cards = all(&story, "年度促销", Lang::Zh);
    assert_eq!(cards.len(), 4);
    for (caption, card) in cards {
        let listed = serde_json::to_string(&card).unwrap();
        assert!(listed.contains("2026-Q4-SCB-00") || listed.contains("生产部"), "{caption}: {listed}");
    }
}
