//! One request through its whole life, decided by the real rules: what was said on the way is what the gallery shows.

use std::collections::BTreeMap;

use jiff::civil::Time;

use crate::card::fixture::{at, date};
use crate::card::notice::notice;
use crate::card::scene::{Line, Scene, ViewData};
use crate::card::{Card, answer};
use crate::domain::calendar::{Calendar, Hours, QuietHours, Rules as Days};
use crate::domain::change::{Change, Notice, Refusal, Reply, To, View, What};
use crate::domain::directory::{Department, Directory, Person, Role};
use crate::domain::policy::{Policy, check};
use crate::domain::request::form::Filing;
use crate::domain::request::{
    Act, AskText, Collaboration, Content, Filer, Link, Objection, Priority, Request, Rules, Ruling, Tick,
    Version, Visibility, Which, file,
};
use crate::domain::{DepartmentId, Lang, PersonId, RequestId, Timestamp};

/// What somebody did and what came of it.
pub struct Moment {
    pub title: String,
    pub now: Timestamp,
    pub file: Request,
    pub notices: Vec<Notice>,
    pub reply: Reply,
    pub by: Option<PersonId>,
}

/// The company, and everything that happened so far.
pub struct Story {
    pub directory: Directory,
    pub policy: Policy,
    pub calendar: Calendar,
    pub moments: Vec<Moment>,
    pub history: Vec<Line>,
    pub versions: BTreeMap<i64, Version>,
}

fn department(
    id: &str,
    names: (&str, &str),
    head: &str,
    contact: Option<&str>,
) -> (DepartmentId, Department) {
    let department = Department {
        id: DepartmentId::new(id),
        name: names.0.to_owned(),
        english: names.1.to_owned(),
        head: Some(PersonId::new(head)),
        contact: contact.map(PersonId::new),
        supervisor: Some(PersonId::new("chen")),
        parent: None,
    };
    (department.id.clone(), department)
}

fn person(id: &str, name: &str, of: &str, roles: &[Role]) -> (PersonId, Person) {
    let person = Person {
        id: PersonId::new(id),
        name: name.to_owned(),
        department: DepartmentId::new(of),
        also: Vec::new(),
        title: String::new(),
        phone: "13912345678".to_owned(),
        roles: roles.to_vec(),
        away: Vec::new(),
        active: true,
        language: Lang::Zh,
        accounts: BTreeMap::new(),
        prefers: None,
    };
    (person.id.clone(), person)
}

fn company() -> Directory {
    let departments = [
        department("SCB", ("市场部", "Marketing"), "li", None),
        department("SHC", ("生产部", "Production"), "wang", Some("sun")),
        department("YFB", ("研发部", "R&D"), "zhou", Some("wu")),
        department("CWB", ("财务部", "Finance"), "ma", None),
    ];
    let people = [
        person("zhao", "赵宁", "SCB", &[]),
        person("li", "李敏", "SCB", &[]),
        person("wang", "王强", "SHC", &[]),
        person("sun", "孙洁", "SHC", &[]),
        person("zhou", "周平", "YFB", &[]),
        person("wu", "吴芳", "YFB", &[]),
        person("ma", "马骏", "CWB", &[]),
        person("chen", "陈刚", "SCB", &[Role::VicePresident]),
        person("gao", "高远", "SCB", &[Role::GeneralManager]),
        person("he", "何静", "SCB", &[Role::Coordinator]),
        person("qian", "钱进", "CWB", &[Role::Administrator]),
    ];
    Directory {
        departments: departments.into_iter().collect(),
        people: people.into_iter().collect(),
        ..Directory::default()
    }
}

/// Working days of 2026.
pub fn calendar() -> Calendar {
    let time = |hour| Time::constant(hour, 0, 0, 0);
    Calendar::new(Days {
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
        hours: Hours::new(vec![(time(9), time(12)), (time(13), time(18))]).unwrap(),
        years: vec![toml::from_str(include_str!("../../../config/calendar/cn-2026.toml")).unwrap()],
        overrides: Vec::new(),
        quiet: QuietHours::NONE,
    })
    .unwrap()
}

/// The form as first filed; `words` stands in every field that people fill in freely.
pub fn form(words: Option<&str>) -> Filing {
    let say = |own: &str| words.unwrap_or(own).to_owned();
    let ask = |task: &str, deliverable: &str| AskText {
        task: say(task),
        deliverable: say(deliverable),
        wanted_by: None,
        resources: say("工程师 2 人"),
    };
    let content = Content {
        kind: Some(Collaboration::Project),
        title: say("新品试制与首批交付"),
        background: say("重点客户要求年内看到样机。"),
        goal: say("12 月 15 日前交付 20 台合格样机。"),
        wanted_by: date("2026-12-15"),
        people: say("项目经理 1 人"),
        budget: Some(86_000),
        equipment: say("三坐标测量仪"),
        risks: say("关键物料交期可能延误。"),
        priority: Priority::High,
        acceptance: say("首检合格率不低于 95%。"),
        visibility: Visibility::Departments,
        attachments: vec![Link { name: say("图纸"), url: "https://docs.example.com/a".to_owned() }],
    };
    let asks = vec![
        (DepartmentId::new("SHC"), ask("试制 20 台样机", "样机与检验报告")),
        (DepartmentId::new("YFB"), ask("提供三版图纸并驻场支持", "图纸")),
    ];
    Filing { content, asks, moved_from: None }
}

pub fn which(department: &str) -> Which {
    Which { department: Some(DepartmentId::new(department)), seen: None }
}

impl Story {
    /// Files the form: the first moment.
    pub fn begin(filing: &Filing) -> Self {
        let calendar = calendar();
        let policy = check::read("policy.toml", check::DEFAULT, &calendar).unwrap();
        let (moments, history, versions) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut story = Story { directory: company(), policy, calendar, moments, history, versions };
        let (now, zhao) = (at("2026-11-23T09:30:00"), PersonId::new("zhao"));
        let number = RequestId::new("2026-Q4-SCB-001");
        let department = DepartmentId::new("SCB");
        let filer = Filer { number, initiator: zhao.clone(), department };
        let change = file(filer, filing, story.rules(now));
        story.keep("filed", now, Some(zhao), change);
        story
    }

    pub fn rules(&self, now: Timestamp) -> Rules<'_> {
        Rules { now, directory: &self.directory, policy: &self.policy, calendar: &self.calendar }
    }

    fn keep(&mut self, title: &str, now: Timestamp, by: Option<PersonId>, change: Change) {
        let Change { request: file, audit, notices, reply } = change;
        self.history.push(Line { at: now, audit });
        self.versions.insert(file.revision, file.as_version());
        self.moments.push(Moment { title: title.to_owned(), now, file, notices, reply, by });
    }

    pub fn last(&self) -> &Moment {
        self.moments.last().unwrap()
    }

    /// Somebody acts, an hour after what happened before.
    pub fn act(&mut self, title: &str, by: &str, act: &Act) {
        let (now, by) = (self.last().now + jiff::SignedDuration::from_hours(1), PersonId::new(by));
        let change = self.last().file.decide(act, &by, self.rules(now));
        let change = change.map_err(|refusal| format!("{title}: {refusal:?}")).unwrap();
        self.keep(title, now, Some(by), change);
    }

    /// The messages that ask arrive: from now on silence counts.
    fn arrive(&mut self) {
        let arrived = self.last().now;
        let owed = self.last().file.owed().filter(|o| o.delivered_at.is_none());
        let owed: Vec<_> = owed.map(|o| o.id.clone()).collect();
        for obligation in owed {
            self.tick("delivered", arrived, &Tick::Delivered { obligation, at: arrived });
        }
    }

    /// Nobody acts, and the steps of the first ladder fire.
    pub fn silence(&mut self, steps: usize) {
        self.arrive();
        for _ in 0..steps {
            let next = self.last().file.owed().next().and_then(|o| Some((o.id.clone(), o.next?)));
            let Some((obligation, next)) = next else { return };
            let tick = Tick::Climb { obligation, index: next.index, due: next.due };
            self.tick("a step fires", next.fires_at, &tick);
        }
    }

    pub fn tick(&mut self, title: &str, now: Timestamp, tick: &Tick) {
        let change = self.last().file.tick(tick, self.rules(now)).unwrap();
        self.keep(title, now, None, change);
    }

    /// Draws something for a reader at a moment.
    pub fn at<T>(
        &self,
        moment: &Moment,
        (reader, lang): (Option<&PersonId>, Lang),
        draw: impl Fn(&Scene) -> T,
    ) -> T {
        let earlier = self.versions.get(&(moment.file.revision - 1));
        draw(&Scene {
            reader,
            lang,
            now: moment.now,
            zone: self.calendar.time_zone(),
            today: self.calendar.date_of(moment.now),
            calendar: &self.calendar,
            directory: &self.directory,
            request: Some(&moment.file),
            history: &self.history,
            earlier,
            view: &ViewData::Nothing,
            masks: false,
        })
    }

    /// Everything that is said at a moment: a caption and a card each.
    pub fn said(&self, moment: &Moment, lang: Lang) -> Vec<(String, Card)> {
        let mut said = Vec::new();
        for told in &moment.notices {
            let reader = match &told.to {
                To::Person(person) => Some(person),
                To::Managers
                | To::Project(_)
                | To::Cards(_)
                | To::Pilot { .. }
                | To::Issues
                | To::Place { .. } => None,
            };
            let to = match &told.to {
                To::Person(person) => self.directory.name_of(person),
                To::Managers => "管理群".to_owned(),
                other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
            };
            let card = self.at(moment, (reader, lang), |scene| notice(&told.what, scene, false));
            if let Some(card) = card {
                said.push((format!("{} → {to}: {}", moment.title, kind(&told.what)), card));
            }
        }
        let by = moment.by.as_ref();
        let card = self.at(moment, (by, lang), |scene| answer::card(&moment.reply, scene));
        said.extend(card.map(|card| (format!("{} · reply", moment.title), card)));
        said
    }

    /// The whole request for one person at a moment.
    pub fn shown(&self, moment: &Moment, reader: &PersonId, lang: Lang) -> Card {
        let what = What::Answer(Reply::View(View::Show { request: moment.file.id.clone() }));
        self.at(moment, (Some(reader), lang), |scene| notice(&what, scene, false)).unwrap()
    }

    pub fn refused(&self, moment: &Moment, by: &PersonId, act: &Act) -> Option<Refusal> {
        moment.file.decide(act, by, self.rules(moment.now)).err()
    }
}

/// What sort of notice it is, for captions.
fn kind(what: &What) -> String {
    match what {
        What::News { news, .. } => format!("news {news}"),
        What::Step { rung, .. } => format!("step {rung:?}"),
        What::Trouble { news, .. } => format!("issue {news}"),
        other => format!("{other:?}").split([' ', '{', '(']).next().unwrap_or_default().to_lowercase(),
    }
}

fn objection(reason: &str) -> Objection {
    Objection {
        reason: reason.to_owned(), suggestion: "延后到 12 月 25 日，或减为 10 台。".to_owned()
    }
}

/// From filing to the last signature, by every way that there is; then the ways to end early.
pub fn whole_life(words: Option<&str>) -> Vec<Story> {
    let said = |own: &'static str| words.unwrap_or(own).to_owned();
    let mut life = Story::begin(&form(words));
    life.act("returned", "li", &Act::Return { seen: None, reason: said("目标需要量化。") });
    let mut filing = form(words);
    filing.content.goal.push_str("首检合格率不低于 95%。");
    life.act("resubmitted", "zhao", &Act::Submit { filing: Box::new(filing.clone()) });
    life.act("approved", "li", &Act::Approve { seen: None });
    life.act("commented", "wang", &Act::Comment { text: said("产线 12 月初有空档。") });
    life.act(
        "urged",
        "zhao",
        &Act::Urge {
            urging: crate::domain::request::Urging {
                reason: said("客户周五来访。"), ..Default::default()
            },
        },
    );
    let object = Act::Object { which: which("YFB"), objection: objection(&said("三版图纸来不及。")) };
    life.act("objected", "wu", &object);
    life.act("declined", "zhao", &Act::Decline { which: which("YFB"), reason: said("客户时间不能动。") });
    life.act("escalated", "wu", &Act::Escalate { which: which("YFB"), reason: said("人手确实不足。") });
    let ruling = |uphold| Ruling { uphold, reason: said("按实际产能安排。") };
    life.act("upheld", "chen", &Act::Rule { which: which("YFB"), ruling: ruling(true) });
    filing.asks[1].1.task = said("提供两版图纸");
    filing.asks[1].1.wanted_by = Some(date("2026-12-10"));
    filing.content.budget = Some(92_000);
    life.act("revised", "zhao", &Act::Submit { filing: Box::new(filing) });
    life.act("confirmed", "wu", &Act::Confirm { which: which("YFB") });
    life.act(
        "objected",
        "sun",
        &Act::Object { which: which("SHC"), objection: objection(&said("设备检修。")) },
    );
    life.act("escalated", "zhao", &Act::Escalate { which: which("SHC"), reason: said("无法让步。") });
    life.act("dismissed", "chen", &Act::Rule { which: which("SHC"), ruling: ruling(false) });
    life.act("all confirmed", "sun", &Act::Confirm { which: which("SHC") });
    super::plans::planned(&mut life, words);

    let [silent, unanswered, unread, dear] = other_ends(words);
    vec![life, silent, unanswered, unread, dear, super::troubled::troubled(words)]
}

/// Nobody acts, nobody answers, taken back, and one that needs two approvals.
fn other_ends(words: Option<&str>) -> [Story; 4] {
    let said = |own: &'static str| words.unwrap_or(own).to_owned();
    let mut silent = Story::begin(&form(words));
    silent.act("approved", "li", &Act::Approve { seen: None });
    silent.silence(4);
    let first = silent.last().file.owed().next().unwrap().clone();
    let tick = Tick::Undeliverable { obligation: first.id, person: first.debtor.person };
    silent.tick("undeliverable", silent.last().now, &tick);
    silent.act("cancelled", "zhao", &Act::Cancel { reason: said("客户推迟了计划。") });

    let mut unanswered = Story::begin(&form(words));
    unanswered.act("approved", "li", &Act::Approve { seen: None });
    let object = |of, by: &str, story: &mut Story| {
        let act = Act::Object { which: which(of), objection: objection(&said("来不及。")) };
        story.act("objected", by, &act);
    };
    object("SHC", "sun", &mut unanswered);
    unanswered.arrive();
    object("YFB", "wu", &mut unanswered);
    unanswered.arrive();
    for _ in 0..6 {
        unanswered.silence_of_answers();
    }

    let mut unread = Story::begin(&form(words));
    unread.silence(2);
    unread.act("withdrawn", "zhao", &Act::Withdraw);

    let mut costly = form(words);
    costly.content.budget = Some(1_260_000);
    let mut dear = Story::begin(&costly);
    dear.act("approved by one of two", "li", &Act::Approve { seen: None });
    [silent, unanswered, unread, dear]
}

impl Story {
    /// The next step of the answers that are owed.
    fn silence_of_answers(&mut self) {
        let next = self.last().file.owed().filter_map(|o| Some((o.id.clone(), o.next?)));
        let Some((obligation, next)) = next.min_by_key(|(_, n)| n.fires_at) else { return };
        let tick = Tick::Climb { obligation, index: next.index, due: next.due };
        let now = next.fires_at.max(self.last().now);
        self.tick("a step fires", now, &tick);
    }
}
