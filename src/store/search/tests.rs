//! What lists show is what `sees` says, on both engines: random companies, every request in every state.

use std::collections::BTreeSet;

use super::{Part, Query, column, fill, find, inside};
use crate::domain::change::{Audit, with};
use crate::domain::directory::{Absence, Directory, Role};
use crate::domain::permission::company::Company;
use crate::domain::permission::{Case, Eyes};
use crate::domain::request::decision::{Decision, DecisionState};
use crate::domain::request::improvement::Improvement;
use crate::domain::request::issue::{IssueState, Report, Severity, Topic};
use crate::domain::request::risk::{self, Risk};
use crate::domain::request::task::fixture::plan;
use crate::domain::request::task::{Task, TaskState};
use crate::domain::request::{self, Issue, Onlooker, Request, State, Visibility};
use crate::domain::{DepartmentId, PersonId, RequestId};
use crate::store::batch::Batch;
use crate::store::db::tests::worlds;
use crate::store::db::{Db, args};
use crate::store::request::{Saving, save};

mod issues;
mod slices;

/// Numbers that look random and are the same in every run (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Somebody decides, somebody asked, somebody owns a risk plan, somebody is called by it, and somebody learns from it.
fn name_somebody(request: &mut Request, mut anybody: impl FnMut() -> PersonId) {
    let at = request.filed_at;
    request.decisions = vec![Decision {
        number: 1,
        subject: "选哪家供应商".to_owned(),
        options: Vec::new(),
        decider: anybody(),
        asked_by: anybody(),
        asked_at: at,
        working_days: 2,
        owed: crate::domain::ObligationId::new(format!("{}.9", request.id)),
        state: DecisionState::Open,
    }];
    request.risks = vec![Risk {
        number: 1,
        plan: risk::Plan {
            kind: risk::RiskKind::Other,
            description: "物料晚到".to_owned(),
            likelihood: risk::Level::Low,
            impact: risk::Level::Low,
            measure: "改用备选物料".to_owned(),
            owner: anybody(),
            superior: Some(anybody()),
            measure_days: 2,
            trigger: risk::Trigger::ByHand,
        },
        state: risk::RiskState::Watching,
        planned_by: anybody(),
        planned_at: at,
        firings: Vec::new(),
        looks_at: None,
    }];
    request.improvements_given = 1;
    request.improvements = vec![Improvement {
        number: 1,
        subject: "每月演练".to_owned(),
        owner: anybody(),
        due: request.content.wanted_by,
        issue: None,
        set_by: anybody(),
        set_at: at,
        owed: crate::domain::ObligationId::new(format!("{}.8", request.id)),
        finished: None,
        taken_back: None,
    }];
}

/// Every state, for everybody, for participating departments and for participants, of random departments.
fn requests(company: &Company, dice: &mut Dice) -> Vec<Request> {
    let codes: Vec<DepartmentId> = company.directory.departments.keys().cloned().collect();
    let people: Vec<PersonId> = company.directory.people.keys().cloned().collect();
    let mut requests = Vec::new();
    for visibility in [Visibility::Public, Visibility::Departments, Visibility::People, Visibility::People] {
        for (_, mut request, _) in company.states() {
            let n = requests.len() + 1;
            request.id = RequestId::new(format!("2026-Q4-SCB-{n:03}"));
            request.content.visibility = visibility;
            request.version = 1;
            // A new row is open.
            request.obligations.retain(crate::domain::obligation::Obligation::is_open);
            for (o, obligation) in request.obligations.iter_mut().enumerate() {
                obligation.id = crate::domain::ObligationId::new(format!("{}.{o}", request.id));
            }
            if n.is_multiple_of(2) {
                request.department = dice.of(&codes).clone();
                request.initiator = dice.of(&people).clone();
                let mut left = codes.clone();
                for ask in &mut request.asks {
                    ask.department = left.remove(dice.below(left.len()));
                }
            }
            if n.is_multiple_of(3) {
                let part = *dice.of(&[request::Part::Copied, request::Part::Follows]);
                let (person, put_by) = (dice.of(&people).clone(), dice.of(&people).clone());
                let since = company.at("2026-11-23T10:00:00").now;
                request.onlookers = vec![Onlooker { person, part, since, put_by }];
            }
            if n.is_multiple_of(4) {
                request.tasks = vec![task_of(dice.of(&people))];
                request.tasks_given = 1;
                name_somebody(&mut request, || dice.of(&people).clone());
                let resolver = Some(dice.of(&people).clone()).filter(|_| dice.below(2) > 0);
                request.issues = vec![issue(dice.of(&people), dice.of(&codes), resolver)];
                request.issues_given = 1;
            }
            requests.push(request);
        }
    }
    requests
}

/// Done already, so that nothing is owed about it.
fn task_of(owner: &PersonId) -> Task {
    let day = "2026-11-24".parse().unwrap();
    Task { state: TaskState::Done, percent: 100, ..Task::new(1, plan("测试", owner.as_str(), (day, day))) }
}

fn issue(reporter: &PersonId, department: &DepartmentId, resolver: Option<PersonId>) -> Issue {
    let at = Company::new().at("2026-11-23T10:00:00").now;
    let report = Report {
        task: None,
        topic: Topic::Other,
        severity: Severity::General,
        text: "宕机".to_owned(),
        scope: String::new(),
        happened_at: at,
        fix_by: None,
        department: department.clone(),
    };
    Issue {
        number: 1,
        report,
        reporter: reporter.clone(),
        reported_at: at,
        late: false,
        state: IssueState::Closed,
        response: None,
        coordination: None,
        solution: None,
        resolver,
        updates: Vec::new(),
        resolution: None,
        resolved: None,
        closed: None,
        reopened: Vec::new(),
        also: Vec::new(),
        count: 1,
        heard_at: at,
        moves: Vec::new(),
    }
}

async fn keep(db: &Db, company: &Company, requests: &[Request]) {
    let rules = company.at("2026-11-23T10:00:00");
    for request in requests {
        let audit = Audit { by: None, on_behalf_of: None, what: "filed".to_owned(), with: with([]) };
        let saving =
            Saving { basis: None, old: None, audit: &audit, now: rules.now, calendar: rules.calendar };
        let mut out = Batch::default();
        save(&mut out, request, &saving).unwrap();
        let mut tx = db.begin().await.unwrap();
        out.write(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Somebody left, is away with or without a substitute, lost an office or got one.
fn shaken(directory: &Directory, dice: &mut Dice) -> Directory {
    let mut directory = directory.clone();
    let people: Vec<PersonId> = directory.people.keys().cloned().collect();
    let codes: Vec<DepartmentId> = directory.departments.keys().cloned().collect();
    for _ in 0..dice.below(6) {
        let substitute = dice.of(&people).clone();
        let who = dice.of(&people).clone();
        let role = *dice.of(&[Role::GeneralManager, Role::Auditor, Role::Coordinator, Role::Administrator]);
        let person = directory.people.get_mut(&who).unwrap();
        match dice.below(6) {
            0 => person.active = false,
            1 => person.roles.retain(|had| *had != role),
            2 => person.also.push(dice.of(&codes).clone()),
            3 if dice.below(3) == 0 => person.roles.push(role),
            _ => person.away.push(Absence {
                from: "2026-11-20".parse().unwrap(),
                to: "2026-11-30".parse().unwrap(),
                substitute: Some(substitute).filter(|_| dice.below(5) > 0),
            }),
        }
        if dice.below(3) == 0 {
            directory.deputies.insert(dice.of(&people).clone(), dice.of(&people).clone());
        }
        let department = directory.departments.get_mut(dice.of(&codes)).unwrap();
        let office = dice.below(9);
        let holder = Some(dice.of(&people).clone()).filter(|_| dice.below(2) > 0);
        match office {
            0 => department.head = holder,
            1 => department.contact = holder,
            2 => department.supervisor = holder,
            _ => {}
        }
    }
    directory
}

#[tokio::test]
async fn a_list_holds_what_its_reader_sees_and_nothing_else() {
    let company = Company::new();
    for world in worlds().await {
        world.db.migrate().await.unwrap();
        let mut dice = Dice(20_261_123);
        let requests = requests(&company, &mut dice);
        keep(&world.db, &company, &requests).await;
        let today = company.at("2026-11-23T10:00:00").today();
        let (mut hidden, mut shown) = (0, 0);
        for round in 0..40 {
            let directory =
                if round == 0 { company.directory.clone() } else { shaken(&company.directory, &mut dice) };
            for person in directory.people.keys() {
                let query = Query::of(Eyes::of(&directory, person, today));
                let found = find(&world.db, &query, &Part::Newest, 1_000).await.unwrap();
                let found: BTreeSet<RequestId> = found.into_iter().map(|place| place.request).collect();
                let sees = |r: &&Request| Case { request: r, directory: &directory, today }.sees(person);
                let seen: BTreeSet<RequestId> = requests.iter().filter(sees).map(|r| r.id.clone()).collect();
                let wrong: Vec<&RequestId> = found.symmetric_difference(&seen).collect();
                assert!(wrong.is_empty(), "{person} in round {round}: {wrong:?}");
                // Names of those outside are masked: the board asks the database who is.
                let ids: Vec<RequestId> = seen.iter().cloned().collect();
                let found: BTreeSet<RequestId> =
                    inside(&world.db, &query.eyes, &ids).await.unwrap().into_iter().collect();
                let is_inside = |r: &&Request| {
                    seen.contains(&r.id)
                        && Case { request: r, directory: &directory, today }.is_inside(person)
                };
                let expected: BTreeSet<RequestId> =
                    requests.iter().filter(is_inside).map(|r| r.id.clone()).collect();
                assert_eq!(found, expected, "{person} has a part in round {round}");
                (hidden, shown) = (hidden + requests.len() - seen.len(), shown + seen.len());
            }
        }
        assert!(hidden > 1_000 && shown > 1_000, "too few either way: {hidden} hidden, {shown} shown");
    }
}

#[tokio::test]
async fn a_column_is_the_list_of_its_states_turned_page_by_page() {
    let company = Company::new();
    for world in worlds().await {
        world.db.migrate().await.unwrap();
        let requests = requests(&company, &mut Dice(7));
        keep(&world.db, &company, &requests).await;
        let today = company.at("2026-11-23T10:00:00").today();
        for person in company.directory.people.keys() {
            let mut query = Query::of(Eyes::of(&company.directory, person, today));
            query.states = vec![State::Confirming, State::InReview];
            let whole = find(&world.db, &query, &Part::Newest, 1_000).await.unwrap();
            let mut turned = column(&world.db, &query, &Part::Newest, 3).await.unwrap();
            while let Some(last) = turned.last().cloned() {
                let older = column(&world.db, &query, &Part::Before(last), 3).await.unwrap();
                if older.is_empty() {
                    break;
                }
                turned.extend(older);
            }
            assert_eq!(turned, whole, "{person}");
        }
    }
}

#[tokio::test]
async fn signs_of_like_are_letters_and_what_an_older_release_filed_is_made_findable() {
    let company = Company::new();
    for world in worlds().await {
        world.db.migrate().await.unwrap();
        let (_, mut request, _) = company.states().remove(0);
        request.version = 1;
        request.content.title = "满 100% 返 5_元 \\ O'Neil ＡＢＣ 🙂".to_owned();
        keep(&world.db, &company, &[request]).await;
        let finds = async |word: &str| {
            let mut query = Query::of(Eyes::All);
            query.words = vec![crate::domain::search::fold(word)];
            find(&world.db, &query, &Part::Newest, 10).await.unwrap().len()
        };
        for (word, found) in [
            ("100%", 1),
            ("%", 1),
            ("1%0", 0),
            ("5_元", 1),
            ("5元", 0),
            ("5__", 0),
            ("\\", 1),
            ("o'neil", 1),
            ("abc", 1),
            ("🙂", 1),
            ("返", 1),
            ("满\u{200b} 1", 1),
            ("😀", 0),
            ("';--", 0),
        ] {
            assert_eq!(finds(word).await, found, "{word}");
        }
        let mut tx = world.db.begin().await.unwrap();
        for sql in ["DELETE FROM request_text", "DELETE FROM request_search"] {
            tx.execute(sql, args![]).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(finds("100%").await, 0);
        let next = fill(&world.db, None, 10).await.unwrap();
        assert!(next.is_some() && fill(&world.db, next.as_ref(), 10).await.unwrap().is_none());
        assert!(fill(&world.db, None, 10).await.unwrap().is_none());
        assert_eq!(finds("100%").await, 1);
    }
}
