//! The issue board holds what `sees` says and what is still open, page by page, on both engines; files that an issue
//! stands in alone are no exception.

use super::{Dice, issue, keep, requests, shaken};
use crate::domain::RequestId;
use crate::domain::permission::company::Company;
use crate::domain::permission::{Case, Eyes};
use crate::domain::request::issue::{IssueState, Severity};
use crate::domain::request::{Request, State};
use crate::store::db::tests::worlds;
use crate::store::db::{Db, args};
use crate::store::search::{IssuePlace, Issues, open_issues};

const STATES: [IssueState; 4] =
    [IssueState::Waiting, IssueState::Handling, IssueState::Resolved, IssueState::Closed];

/// An issue in each file, in every state and severity; a third of the files stand alone.
fn troubled(company: &Company, dice: &mut Dice) -> Vec<Request> {
    let codes: Vec<_> = company.directory.departments.keys().cloned().collect();
    let people: Vec<_> = company.directory.people.keys().cloned().collect();
    let mut all = requests(company, dice);
    for (n, request) in all.iter_mut().enumerate() {
        let resolver = Some(dice.of(&people).clone()).filter(|_| dice.below(2) > 0);
        let mut issue = issue(dice.of(&people), dice.of(&codes), resolver);
        (issue.state, issue.report.severity) = (*dice.of(&STATES), *dice.of(&Severity::ALL));
        (request.issues, request.issues_given) = (vec![issue], 1);
        if n % 3 == 0 {
            request.state = State::Standing;
            (request.asks, request.approvals, request.rounds) = (Vec::new(), Vec::new(), Vec::new());
            (request.tasks, request.decisions, request.risks) = (Vec::new(), Vec::new(), Vec::new());
        }
    }
    all
}

fn of(eyes: Eyes, severity: Severity) -> Issues {
    Issues { eyes, severity, department: None, words: Vec::new() }
}

async fn turned(db: &Db, query: &Issues, most: usize) -> Vec<IssuePlace> {
    let mut all: Vec<IssuePlace> = Vec::new();
    loop {
        let next = open_issues(db, query, all.last(), most).await.unwrap();
        let is_last = next.len() < most;
        all.extend(next);
        if is_last {
            return all;
        }
    }
}

#[tokio::test]
async fn the_issue_board_holds_the_open_issues_that_its_reader_sees() {
    let company = Company::new();
    for world in worlds().await {
        world.db.migrate().await.unwrap();
        let mut dice = Dice(20_261_124);
        let requests = troubled(&company, &mut dice);
        keep(&world.db, &company, &requests).await;
        let lost = "SELECT COUNT(*) AS n FROM request_search s JOIN request r ON r.id = s.request \
                    WHERE r.state = 'standing'";
        assert_eq!(world.db.row(lost, args![]).await.unwrap().unwrap().get::<i64>("n").unwrap(), 0);
        let today = company.at("2026-11-23T10:00:00").today();
        let (mut hidden, mut shown, mut alone) = (0, 0, 0);
        for round in 0..12 {
            let directory =
                if round == 0 { company.directory.clone() } else { shaken(&company.directory, &mut dice) };
            for person in directory.people.keys() {
                for severity in Severity::ALL {
                    let query = of(Eyes::of(&directory, person, today), severity);
                    let found = open_issues(&world.db, &query, None, 1_000).await.unwrap();
                    assert_eq!(turned(&world.db, &query, 2).await, found, "page by page");
                    let mut found: Vec<RequestId> = found.into_iter().map(|p| p.request).collect();
                    found.sort();
                    let open =
                        |r: &&Request| r.issues[0].is_open() && r.issues[0].report.severity == severity;
                    let sees = |r: &&Request| Case { request: r, directory: &directory, today }.sees(person);
                    let mut seen: Vec<&Request> = requests.iter().filter(open).filter(sees).collect();
                    seen.sort_by(|a, b| a.id.cmp(&b.id));
                    let ids: Vec<RequestId> = seen.iter().map(|r| r.id.clone()).collect();
                    assert_eq!(found, ids, "{person} in round {round}: {severity:?}");
                    alone += seen.iter().filter(|r| r.state == State::Standing).count();
                    shown += seen.len();
                    hidden += requests.iter().filter(open).count() - seen.len();
                }
            }
        }
        assert!(
            hidden > 500 && shown > 500 && alone > 100,
            "too few: {hidden} hidden, {shown} shown, {alone}"
        );
    }
}

#[tokio::test]
async fn words_are_looked_for_as_people_read_them_however_many_issues_there_are() {
    let company = Company::new();
    for world in worlds().await {
        world.db.migrate().await.unwrap();
        let (_, mut request, _) = company.states().remove(0);
        request.version = 1;
        let mut one = issue(&request.initiator, &request.department, None);
        (one.state, one.report.text) = (IssueState::Waiting, "打印机离线".to_owned());
        // More than one look takes in, with what is sought at the end.
        request.issues = (1..=620).map(|number| super::Issue { number, ..one.clone() }).collect();
        request.issues_given = 620;
        request.issues[617].report.text = "ＡＰＩ 返回 100% 错误".to_owned();
        request.issues[618].report.scope = "api 的调用方".to_owned();
        keep(&world.db, &company, &[request]).await;
        let finds = async |words: &[&str]| {
            let words = words.iter().map(|word| crate::domain::search::fold(word)).collect();
            let query = Issues { words, ..of(Eyes::All, Severity::General) };
            let found = open_issues(&world.db, &query, None, 700).await.unwrap();
            found.into_iter().map(|place| place.number).collect::<Vec<i64>>()
        };
        assert_eq!(finds(&["api"]).await, [618, 619]);
        assert_eq!(finds(&["Api", "100%"]).await, [618]);
        assert_eq!(finds(&["1%0"]).await, [0; 0]);
        assert_eq!(finds(&["-i620"]).await, [620]);
        assert_eq!(finds(&["离线"]).await.len(), 619);
    }
}
