//! The demo company with everybody who could try: those of the demo, an auditor, a deputy, one who left.
//!
//! Invariant: a case here goes its way by `decide` only, as cases of the service do.
#![expect(clippy::panic, reason = "a case that cannot go its way has failed")]

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::domain::calendar::{Calendar, Hours, QuietHours, Rules as Days};
use crate::domain::directory::{Directory, check};
use crate::domain::policy::{self, Policy};
use crate::domain::request::form::Filing;
use crate::domain::request::{
    Act, AskText, Content, Filer, HandingOver, Objection, Priority, Request, Rules, Ruling, Urging,
    Visibility, Which, file,
};
use crate::domain::{DepartmentId, PersonId, RequestId, Timestamp};

/// Who tries, and how he stands to the request of 市场部 to 研发部, 财务部 and 人力资源部.
pub const CAST: [(&str, &str); 18] = [
    ("zhang.wei", "initiator"),
    ("liu.yang", "initiator's head"),
    ("sun.li", "initiator's contact"),
    ("chen.jie", "YFB head"),
    ("li.na", "YFB contact"),
    ("zhao.min", "CWB head"),
    ("wang.fang", "CWB contact"),
    ("zhou.ting", "RLB head"),
    ("wu.hao", "RLB contact, away"),
    ("dai.li", "RLB contact's deputy"),
    ("guo.qiang", "coordinator"),
    ("zheng.yun", "vice president of SCB, CWB, RLB"),
    ("ma.ning", "vice president of YFB"),
    ("gao.jianguo", "general manager"),
    ("huang.lei", "administrator"),
    ("shen.ji", "auditor"),
    ("tang.rui", "bystander"),
    ("qian.ren", "leaver, once YFB contact"),
];

/// Beside those of the demo.
const MORE: &str = r#"
[[person]]
id = "dai.li"
name = "戴丽"
department = "KFB"
[[person]]
id = "shen.ji"
name = "沈季"
department = "XXB"
roles = ["auditor"]
[[person]]
id = "qian.ren"
name = "钱仁"
department = "YFB"
active = false
"#;

/// What decisions depend on.
pub struct Company {
    pub directory: Directory,
    policy: Policy,
    calendar: Calendar,
}

impl Company {
    /// As it is in November 2026.
    pub fn new() -> Self {
        let demo = include_str!("../../../config/demo/directory.toml");
        let demo = demo.replace(r#"substitute = "zhou.ting""#, r#"substitute = "dai.li""#);
        let directory = check::read("the demo", &format!("{demo}{MORE}")).unwrap().directory;
        let time = |hour| Time::constant(hour, 0, 0, 0);
        let calendar = Calendar::new(Days {
            zone: TimeZone::get("Asia/Shanghai").unwrap(),
            hours: Hours::new(vec![(time(9), time(12)), (time(13), time(18))]).unwrap(),
            years: vec![toml::from_str(include_str!("../../../config/calendar/cn-2026.toml")).unwrap()],
            overrides: Vec::new(),
            quiet: QuietHours::NONE,
        })
        .unwrap();
        let policy = policy::check::read("policy.toml", policy::check::DEFAULT, &calendar).unwrap();
        Self { directory, policy, calendar }
    }

    /// The policy says this about a change of severity.
    pub fn rates(&mut self, on_severity: crate::domain::policy::OnSeverity) {
        self.policy.issue.on_severity = on_severity;
    }

    /// The rules at a time of Shanghai.
    pub fn at(&self, time: &str) -> Rules<'_> {
        let now: Timestamp = format!("{time}+08:00").parse().unwrap();
        Rules { now, directory: &self.directory, policy: &self.policy, calendar: &self.calendar }
    }

    /// The request in every state that it can be in, by name, with the time at which it is looked at.
    pub fn states(&self) -> Vec<(&'static str, Request, Rules<'_>)> {
        let now = self.at("2026-11-23T10:00:00");
        let next_week = self.at("2026-11-30T10:00:00");
        let does = |request: &Request, who: &str, act: Act| {
            let done = request.decide(&act, &PersonId::new(who), now);
            done.unwrap_or_else(|refusal| panic!("{who} {act:?}: {refusal:?}")).request
        };
        let filed = |budget| {
            let filer = Filer {
                number: RequestId::new("2026-Q4-SCB-001"),
                initiator: PersonId::new("zhang.wei"),
                department: DepartmentId::new("SCB"),
            };
            file(filer, &filing("第一版", budget), now).request
        };
        let in_review = filed(None);
        let costly = does(&filed(Some(99_999_999)), "liu.yang", Act::Approve { seen: None });
        let returned = does(&in_review, "liu.yang", Act::Return { seen: None, reason: "太空".to_owned() });
        let confirming = does(&in_review, "liu.yang", Act::Approve { seen: None });
        let objected = does(&confirming, "li.na", act_of('J'));
        let escalated = does(&objected, "zhang.wei", act_of('E'));
        let upheld = does(&escalated, "gao.jianguo", act_of('U'));
        let dismissed = does(&escalated, "gao.jianguo", act_of('D'));
        let declined = does(&objected, "zhang.wei", act_of('N'));
        let confirm = |request: &Request, (who, department): (&str, &str)| {
            does(request, who, Act::Confirm { which: of(department) })
        };
        let sides = [("li.na", "YFB"), ("wang.fang", "CWB"), ("dai.li", "RLB")];
        let confirmed = sides.into_iter().fold(confirming.clone(), |file, side| confirm(&file, side));
        let withdrawn = does(&in_review, "zhang.wei", Act::Withdraw);
        let cancelled = does(&confirming, "zhang.wei", act_of('C'));
        vec![
            ("in review", in_review, now),
            ("in review by the general manager", costly, now),
            ("returned", returned, now),
            ("confirming", confirming, now),
            ("objected", objected.clone(), now),
            ("objected and answered late", objected, next_week),
            ("escalated", escalated, now),
            ("upheld", upheld, now),
            ("dismissed", dismissed, now),
            ("declined", declined, now),
            ("confirmed", confirmed, now),
            ("withdrawn", withdrawn, now),
            ("cancelled", cancelled, now),
        ]
    }
}

/// Every act by its letter, about 研发部 where it is about a department.
pub const ACTS: [(char, &str); 18] = [
    ('A', "approve"),
    ('R', "return"),
    ('S', "submit"),
    ('K', "confirm for YFB"),
    ('L', "confirm for RLB"),
    ('J', "object for YFB"),
    ('N', "decline"),
    ('E', "escalate"),
    ('U', "rule: uphold"),
    ('D', "rule: dismiss"),
    ('W', "withdraw"),
    ('C', "cancel"),
    ('M', "urge"),
    ('T', "comment"),
    ('B', "bind a group"),
    ('H', "hand over for YFB"),
    ('Y', "copy to somebody"),
    ('F', "follow"),
];

/// The act of a letter.
pub fn act_of(letter: char) -> Act {
    let reason = "理由".to_owned();
    let which = of("YFB");
    match letter {
        'A' => Act::Approve { seen: None },
        'R' => Act::Return { seen: None, reason },
        'S' => Act::Submit { filing: Box::new(filing("第二版", None)) },
        'K' => Act::Confirm { which },
        'L' => Act::Confirm { which: of("RLB") },
        'J' => Act::Object { which, objection: Objection { reason, suggestion: String::new() } },
        'N' => Act::Decline { which, reason },
        'E' => Act::Escalate { which, reason },
        'U' => Act::Rule { which, ruling: Ruling { uphold: true, reason } },
        'D' => Act::Rule { which, ruling: Ruling { uphold: false, reason } },
        'W' => Act::Withdraw,
        'C' => Act::Cancel { reason },
        'M' => Act::Urge { urging: Urging::default() },
        'T' => Act::Comment { text: reason },
        'B' => Act::BindProject,
        'H' => {
            let (to, department) = (PersonId::new("tang.rui"), Some(DepartmentId::new("YFB")));
            Act::HandOver { handing: HandingOver { to, department, reason } }
        }
        'Y' => Act::Copy { people: vec![PersonId::new("tang.rui")] },
        'F' => Act::Follow { off: false },
        other => panic!("no act has the letter {other}"),
    }
}

fn of(department: &str) -> Which {
    Which { department: Some(DepartmentId::new(department)), seen: None }
}

fn filing(goal: &str, budget: Option<i64>) -> Filing {
    let content = Content {
        kind: None,
        title: "新品上市推广".to_owned(),
        background: "X1 下月上市".to_owned(),
        goal: goal.to_owned(),
        wanted_by: "2026-12-15".parse().unwrap(),
        people: String::new(),
        budget,
        equipment: String::new(),
        risks: String::new(),
        priority: Priority::High,
        acceptance: String::new(),
        visibility: Visibility::Departments,
        attachments: Vec::new(),
    };
    let ask = |department: &str| {
        let task = format!("{department} {goal}");
        let text = AskText { task, deliverable: String::new(), wanted_by: None, resources: String::new() };
        (DepartmentId::new(department), text)
    };
    Filing { content, asks: ["YFB", "CWB", "RLB"].map(ask).to_vec(), moved_from: None }
}
