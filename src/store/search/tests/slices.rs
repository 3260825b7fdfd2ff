//! What stands in segments is found like everything else, by whoever may see it, also after it changed.

use super::super::slices::{check, slice};
use super::super::{Place, comment};
use super::*;
use crate::domain::Timestamp;
use crate::domain::change::Value;
use crate::domain::search::fold;

const WORDS: [&str; 5] = ["绿豆", "红枣", "绿", "zq 1", "没有"];

/// Requests of an hour each, their titles made of some of the words.
fn titled(company: &Company) -> Vec<Request> {
    let mut requests = requests(company, &mut Dice(3));
    for (n, request) in (0..).zip(&mut requests) {
        request.filed_at += jiff::SignedDuration::from_hours(n);
        let some = WORDS[..4].iter().enumerate().filter(|(bit, _)| n >> bit & 1 == 1);
        request.content.title = some.map(|(_, word)| *word).collect::<Vec<_>>().join("；");
    }
    requests
}

fn place(request: &Request) -> Place {
    Place { at: request.filed_at, request: request.id.clone() }
}

async fn finds(db: &Db, word: &str) -> Vec<Place> {
    let mut query = Query::of(Eyes::All);
    query.words = vec![fold(word)];
    find(db, &query, &Part::Newest, 1_000).await.unwrap()
}

/// Turned from the newest on, or from the oldest.
async fn turned(db: &Db, query: &Query, from_the_newest: bool) -> Vec<Place> {
    let edge = |at| Place { at, request: RequestId::new("") };
    let mut part = if from_the_newest { Part::Newest } else { Part::After(edge(Timestamp::MIN)) };
    let mut all = Vec::new();
    loop {
        let some = find(db, query, &part, 3).await.unwrap();
        let Some(last) = some.last().cloned() else { return all };
        part = if from_the_newest { Part::Before(last) } else { Part::After(last) };
        all.extend(some);
    }
}

#[tokio::test]
async fn what_rests_is_found_by_its_words_page_by_page() {
    let company = Company::new();
    let today = company.at("2026-11-23T10:00:00").today();
    let requests = titled(&company);
    for world in worlds().await {
        world.db.migrate().await.unwrap();
        // Two segments, and some that came later.
        for some in requests.chunks(requests.len() / 3 + 1) {
            assert!(some.len() > 3);
            keep(&world.db, &company, some).await;
            if some.last().map(place) != requests.last().map(place) {
                assert!(slice(&world.db, 1).await.unwrap());
            }
        }
        assert!(!slice(&world.db, 1_000).await.unwrap(), "too few are loose");
        for person in company.directory.people.keys() {
            for word in WORDS {
                let mut query = Query::of(Eyes::of(&company.directory, person, today));
                query.words = vec![fold(word)];
                let sees =
                    |r: &&Request| Case { request: r, directory: &company.directory, today }.sees(person);
                let has = |r: &&Request| r.content.title.contains(word);
                let mut held: Vec<Place> = requests.iter().filter(sees).filter(has).map(place).collect();
                assert_eq!(turned(&world.db, &query, false).await, held, "{person}: {word}");
                held.reverse();
                assert_eq!(turned(&world.db, &query, true).await, held, "{person}: {word}");
                assert_eq!(find(&world.db, &query, &Part::Newest, 1_000).await.unwrap(), held);
            }
        }
        let mut query = Query::of(Eyes::All);
        query.words = vec!["绿".to_owned()];
        let (from, until) = (requests[5].filed_at, requests[12].filed_at);
        query.filed = Some((from, until));
        let between = requests[5..12].iter().rev().filter(|r| r.content.title.contains('绿')).map(place);
        assert_eq!(turned(&world.db, &query, true).await, between.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_changed_since_it_came_to_rest_is_found_by_what_it_says_now() {
    let company = Company::new();
    for world in worlds().await {
        world.db.migrate().await.unwrap();
        let requests = titled(&company);
        keep(&world.db, &company, &requests).await;
        assert!(slice(&world.db, 1).await.unwrap());
        let said = |text: &str| Audit {
            by: None,
            on_behalf_of: None,
            what: "commented".to_owned(),
            with: with([("text", Value::Text(text.to_owned()))]),
        };
        let mut revised = requests[1].clone();
        revised.content.goal = "换成蓝色".to_owned();
        revised.revision += 1;
        let mut out = Batch::default();
        comment(&mut out, &requests[0].id, 7, &said("产线有空档"));
        super::super::content(&mut out, &revised).unwrap();
        let mut tx = world.db.begin().await.unwrap();
        out.write(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(finds(&world.db, "空档").await, [place(&requests[0])]);
        assert_eq!(finds(&world.db, "蓝色").await, [place(&revised)]);
        // They come to rest again.
        assert!(slice(&world.db, 1).await.unwrap());
        assert_eq!(finds(&world.db, "空档").await, [place(&requests[0])]);
        assert_eq!(finds(&world.db, "蓝色").await, [place(&revised)]);
    }
}

#[tokio::test]
async fn a_segment_that_is_not_as_its_requests_have_it_is_dissolved() {
    let company = Company::new();
    for world in worlds().await {
        world.db.migrate().await.unwrap();
        let requests = titled(&company);
        let (first, second) = requests.split_at(requests.len() / 2);
        for some in [first, second] {
            keep(&world.db, &company, some).await;
            assert!(slice(&world.db, 1).await.unwrap());
        }
        let round = async |least: usize| {
            let mut checked = Vec::new();
            while let Some(next) = check(&world.db, checked.last().copied(), least).await.unwrap() {
                checked.push(next);
            }
            checked
        };
        assert_eq!(round(1).await, [0, 1]);
        assert_eq!(round(1).await, [0, 1], "both are in order");
        // A release that knows nothing of places says something about the newest.
        let newest = second.last().unwrap();
        let mut out = Batch::default();
        let words = "产线有空档";
        let with = with([("text", Value::Text(words.to_owned()))]);
        let audit = Audit { by: None, on_behalf_of: None, what: "commented".to_owned(), with };
        comment(&mut out, &newest.id, 7, &audit);
        let mut tx = world.db.begin().await.unwrap();
        let before = "SELECT place FROM request_search WHERE request = $1";
        let before: i64 = tx.row(before, args![&newest.id]).await.unwrap().unwrap().get("place").unwrap();
        out.write(&mut tx).await.unwrap();
        let back = "UPDATE request_search SET place = $2 WHERE request = $1";
        tx.execute(back, args![&newest.id, before]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(finds(&world.db, words).await, []);
        assert_eq!(round(1).await, [0, 1]);
        assert_eq!(finds(&world.db, words).await, [place(newest)]);
        assert_eq!(round(1).await, [0], "one is left");
        // One that has become too thin goes as well, and no number is given again.
        assert_eq!(round(first.len() + 1).await, [0]);
        assert_eq!(round(1).await, [0i64; 0]);
        assert!(slice(&world.db, 1).await.unwrap());
        assert_eq!(round(1).await, [2]);
        assert_eq!(finds(&world.db, words).await, [place(newest)]);
    }
}
