//! Every field of every form: what was typed comes back letter by letter, beside what is wrong and once it is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Census, PAYLOADS, requests_in, shown, token, unharmed_story};
use crate::world::{PEOPLE, World, client};

/// Who opens which form how (by words, by a button, or it is still open), what submits it, and which fields need more
/// than any words. With a `?` it is only looked at; without a button that submits, it is no form.
type Step = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const REQUEST: &[(&str, &str)] = &[
    ("wanted_by", "2026-12-15"),
    ("kind", "project"),
    ("priority", "high"),
    ("visibility", "departments"),
    ("budget", "5"),
    ("attachments", ""),
    ("ask1_department", "YFB"),
    ("ask1_wanted_by", ""),
    ("ask2_department", "CWB"),
    ("ask2_wanted_by", ""),
    ("ask3_department", "RLB"),
    ("ask3_wanted_by", ""),
];
const TASK: &[(&str, &str)] = &[
    ("task_owner", "李娜"),
    ("task_finish", "2026-12-10"),
    ("task_start", ""),
    ("task_after", ""),
    ("task_lead", ""),
    ("task_supporting", ""),
    ("task_deciding", ""),
    ("task_milestone", "no"),
];

const DEPUTY: &[(&str, &str)] =
    &[("deputy", "陈杰"), ("deputy_until", "周五"), ("deputy_from", ""), ("whose", "")];
const DECISION: &[(&str, &str)] =
    &[("decider", "陈杰"), ("decision_options", "甲/乙"), ("decision_days", "2")];
const RISK: &[(&str, &str)] = &[
    ("risk_kind", "delay"),
    ("likelihood", "high"),
    ("risk_impact", "high"),
    ("risk_owner", "王芳"),
    ("measure_days", "3"),
    ("risk_watch", "#1"),
    ("risk_late", "3,7"),
    ("risk_superior", "郑云"),
];
const ISSUE: &[(&str, &str)] = &[
    ("issue_severity", "general"),
    ("issue_topic", "technical"),
    ("issue_department", "YFB"),
    ("issue_happened", "08:00"),
    ("issue_fix_by", "今天 18:00"),
    ("issue_task", ""),
];

/// A life with every form in it.
const LIFE: &[Step] = &[
    ("zhang.wei", "/new", "add_row", REQUEST),
    ("zhang.wei", "", "keep_draft", REQUEST),
    ("zhang.wei", "/new", "file", REQUEST),
    ("liu.yang", "/return NO", "return", &[]),
    ("zhang.wei", "/revise NO", "file", REQUEST),
    ("zhang.wei", "/revise NO", "file", REQUEST),
    ("zhang.wei", "/date NO", "reschedule", &[("wanted_by", "2026-12-20")]),
    ("liu.yang", "/cosign NO", "cosign", &[("people", "陈杰"), ("turn", "beside"), ("rule", "any")]),
    ("liu.yang", "/approve NO", "", &[]),
    ("li.na", "/object NO", "object", &[]),
    ("zhang.wei", "/revise NO", "file", REQUEST),
    ("wang.fang", "/object NO", "object", &[]),
    ("zhang.wei", "/revise NO", "?file", &[]),
    ("zhang.wei", "/decline NO", "decline", &[]),
    ("wang.fang", "/confirm NO", "", &[]),
    ("zhou.ting", "/object NO", "object", &[]),
    ("zhang.wei", "/escalate NO @人力资源部", "escalate", &[]),
    ("zheng.yun", "/rule NO @人力资源部", "rule", &[("ruling", "dismiss")]),
    ("li.na", "/snooze NO", "snooze", &[("until", "明天上午")]),
    ("li.na", "/comment NO", "comment", &[]),
    ("li.na", "/attach NO", "attach", &[("url", "https://docs.example.com/a")]),
    ("li.na", "/cc NO", "cc", &[("people", "孙丽")]),
    ("li.na", "/transfer NO", "transfer", &[("to", "陈杰")]),
    ("chen.jie", "/show NO", "", &[]),
    ("chen.jie", "estimate", "estimate", &[("hours", "1"), ("people_needed", "1"), ("budget", "1")]),
    ("zhou.ting", "/confirm NO", "", &[]),
    ("li.na", "/delegate", "delegate", DEPUTY),
    ("li.na", "/delegate off", "", &[]),
    ("li.na", "/settings", "settings", &[("quiet", "22:00-08:00"), ("most", "6")]),
    ("zhang.wei", "/task NO", "save_task", TASK),
    ("zhang.wei", "/task edit NO/1", "save_task", TASK),
    ("zhang.wei", "/task edit NO/1", "?save_task", &[]),
    ("li.na", "/task move NO/1", "move_task", &[("moved_to", "2026-12-18")]),
    ("zhang.wei", "decline_move", "decline_move", &[]),
    ("zhang.wei", "/task add NO 第二项 @王芳 2026-12-12 依赖 1", "", &[]),
    ("wang.fang", "/done NO/2", "finish_blocked", &[]),
    ("zhang.wei", "/risk NO 物料晚到", "save_risk", RISK),
    ("zhang.wei", "/risk edit NO-R1", "save_risk", RISK),
    ("zhang.wei", "/risk edit NO-R1", "?save_risk", &[]),
    ("wang.fang", "/risk fire NO-R1", "fire_risk", &[]),
    ("zhang.wei", "/decide NO", "ask_decision", DECISION),
    ("chen.jie", "decide_other", "decide", &[]),
    ("zhang.wei", "/issue NO", "issue", ISSUE),
    ("zhang.wei", "/issue severity NO-I1", "rate_issue", &[("issue_severity", "important")]),
    ("li.na", "/respond NO-I1", "", &[]),
    ("li.na", "/coordinate NO-I1", "coordination", &[]),
    ("li.na", "/plan NO-I1", "solution", &[("issue_owner", "李娜"), ("issue_due", "明天 12:00")]),
    ("li.na", "/update NO-I1", "issue_update", &[]),
    ("li.na", "/resolve NO-I1", "resolution", &[]),
    ("zhang.wei", "/reopen NO-I1", "reopen", &[]),
    ("li.na", "/issue move NO-I1", "move_issue", &[("to_department", "XXB")]),
    ("zhang.wei", "/improve NO", "improve", &[("improvement_owner", "李娜"), ("improvement_due", "12月4日")]),
    ("li.na", "/improved NO 1", "improved", &[]),
    ("zhang.wei", "/improve NO 第二条 @李娜 12月4日", "", &[]),
    ("zhang.wei", "/improve NO-K2", "", &[]),
    ("zhang.wei", "improvement_back", "improvement_back", &[]),
    ("li.na", "/progress NO/1", "report", &[("p1_percent", "100")]),
    ("wang.fang", "/done NO/3", "", &[]),
    ("zhang.wei", "/accept NO return", "send_back", &[("tasks", "1")]),
    ("zhang.wei", "/cancel NO", "cancel", &[]),
];
/// So many payloads go into a field at once, and so often is it lived that each was in each.
const AT_ONCE: usize = 12;
const LIVES: usize = PAYLOADS.len() / AT_ONCE;

#[derive(Default)]
struct Typist {
    /// Which payloads it is the turn of.
    turn: usize,
    /// The request that everything is about.
    number: String,
    /// Titles of the forms that were met.
    met: BTreeSet<String>,
    /// What was last typed into a field.
    last: BTreeMap<String, String>,
    /// What was typed into which field and was not met again yet.
    unseen: BTreeSet<(String, String)>,
}

impl Typist {
    /// Payloads for a field, as many as fit.
    fn words(&self, field: &Value, place: usize) -> String {
        let most = usize::try_from(field["max_length"].as_u64().unwrap_or(200)).unwrap();
        let mut words = String::new();
        for n in 0..AT_ONCE {
            let next = PAYLOADS[(self.turn * AT_ONCE + place + n) % PAYLOADS.len()];
            if words.chars().count() + 1 + next.chars().count() <= most {
                words = format!("{words} {next}").trim().to_owned();
            }
        }
        words
    }

    /// A form filled in: every field of words with payloads, the others so that they can be taken.
    fn right(&self, fields: &[Value], known: &[(&str, &str)]) -> BTreeMap<String, String> {
        let value = |(place, field): (usize, &Value)| {
            let name = said(&field["name"]);
            let known = known.iter().find(|(n, _)| **n == name).map(|(_, value)| (*value).to_owned());
            let own = if is_words(field) { self.words(field, place) } else { said(&field["value"]) };
            (name, known.unwrap_or(own))
        };
        fields.iter().enumerate().map(value).collect()
    }

    /// What stands in a form that opens is what was typed into it before.
    fn meets(&mut self, fields: &[Value]) {
        for field in fields.iter().filter(|field| is_words(field)) {
            let (name, value) = (said(&field["name"]), said(&field["value"]));
            if let Some(typed) = self.last.get(&name).filter(|_| !value.is_empty()) {
                assert_eq!(&value, typed, "{name}");
                self.unseen.remove(&(name, value));
            }
        }
    }

    async fn lives(&mut self, world: &World, step: Step) {
        let (person, opens, submits, _) = step;
        let opens = opens.replace("NO", &self.number);
        if opens.starts_with('/') {
            world.says(person, &opens).await;
        } else if !opens.is_empty() {
            world.presses(person, &opens).await;
        }
        if submits.is_empty() {
            return;
        }
        let message = world.with_button(person, submits.trim_start_matches('?')).await;
        let card = world.card_of(person, &message).await;
        let fields = card["form"]["fields"].as_array().unwrap_or_else(|| panic!("{opens} opens no form"));
        self.meets(fields);
        if submits.starts_with('?') {
            return;
        }
        let title = said(&card["title"]);
        let title = title.split('（').next().unwrap().to_owned();
        // What is put aside or looks ahead is not checked yet.
        if !["add_row", "keep_draft"].contains(&submits) && self.met.insert(title) {
            keeps_what_is_wrong(world, (person, &message, submits), fields).await;
        }
        self.submits(world, step, (&message, fields)).await;
    }

    async fn submits(&mut self, world: &World, step: Step, (message, fields): (&str, &[Value])) {
        let (person, opens, button, known) = step;
        let values = self.right(fields, known);
        let pairs: Vec<(&str, &str)> = values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = world.presses_on(person, message, button, &pairs).await;
        let wrong = answer["card"]["form"]["fields"].as_array().into_iter().flatten();
        let wrong: Vec<_> = wrong.filter(|field| !field["error"].is_null()).collect();
        let done = wrong.is_empty() && answer["status"].is_null() && answer["toast"]["kind"] != "error";
        assert!(done, "{person} {opens} {button}: {} {wrong:?}", answer["toast"]);
        for field in fields.iter().filter(|field| is_words(field)) {
            let name = said(&field["name"]);
            let value = shown(&values[&name]);
            if !value.is_empty() && !known.iter().any(|(known, _)| *known == name) {
                self.last.insert(name.clone(), value.clone());
                self.unseen.insert((name, value));
            }
        }
        if button == "file" && self.number.is_empty() {
            self.number = requests_in(&said(&answer["toast"]["text"])).pop_first().unwrap();
        }
    }
}

/// Submits a form with payloads in all fields but one that is needed: they come back as they were typed.
async fn keeps_what_is_wrong(world: &World, (person, message, button): (&str, &str, &str), fields: &[Value]) {
    let needed = fields.iter().find(|field| field["required"] == true);
    let Some(needed) = needed.filter(|_| fields.len() > 1) else { return };
    for payload in PAYLOADS.chunks(3).map(|some| some.join(" ")) {
        let typed = |field: &Value| if field == needed { "" } else { &payload };
        let values: Vec<(&str, &str)> =
            fields.iter().map(|field| (field["name"].as_str().unwrap(), typed(field))).collect();
        let answer = world.presses_on(person, message, button, &values).await;
        for field in answer["card"]["form"]["fields"].as_array().unwrap_or_else(|| panic!("{answer}")) {
            let before = fields.iter().find(|before| before["name"] == field["name"]).unwrap();
            assert_eq!(field["value"], shown(typed(before)), "{button}: {field}");
        }
    }
}

fn said(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn is_words(field: &Value) -> bool {
    field["kind"] == "text" || field["kind"] == "multiline"
}

/// Everything that is told of a request: in anybody's chat, on its page, over the API.
async fn everything(world: &World, number: &str, token: &str) -> Vec<String> {
    let mut found = Vec::new();
    for person in PEOPLE {
        for message in world.messages(&format!("p-{person}"), person).await {
            texts(&message["card"]["title"], &mut found);
            texts(&message["card"]["blocks"], &mut found);
        }
    }
    let page = world.visitor("zhang.wei").await.opens(&format!("/requests/{number}")).await.text;
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    found.push(signs.iter().fold(page, |page, (escaped, sign)| page.replace(escaped, sign)));
    for resource in ["tasks", "progress"] {
        let path = format!("{}/api/v1/{resource}?request={number}", world.url());
        let answer = client().get(path).bearer_auth(token).send().await.unwrap();
        texts(&answer.json().await.unwrap(), &mut found);
    }
    found
}

fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|value| texts(value, into)),
        Value::Object(all) => all.values().for_each(|value| texts(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The titles of all forms that there are.
fn titles() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales/zh");
    let mut titles = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let table: toml::Table = std::fs::read_to_string(file.unwrap().path()).unwrap().parse().unwrap();
        let forms = table.get("form").and_then(toml::Value::as_table).into_iter().flatten();
        titles.extend(forms.filter_map(|(_, form)| Some(form.get("title")?.as_str()?.to_owned())));
    }
    titles
}

unharmed_story!(what_looks_like_sql_in_any_field_of_any_form_is_kept_letter_by_letter, |world| {
    let (mut typist, token) = (Typist::default(), token(world, "zhang.wei").await);
    for life in 0..LIVES {
        let before = Census::of(world).await;
        typist = Typist { met: typist.met, ..Typist::default() };
        typist.turn = life;
        // A page tells the latest of a long history.
        for steps in LIFE.chunks(20) {
            for step in steps {
                typist.lives(world, *step).await;
                typist.turn += 1;
            }
            let found = everything(world, &typist.number, &token).await;
            typist.unseen.retain(|(_, words)| !found.iter().any(|text| text.contains(words)));
        }
        assert_eq!(typist.unseen, BTreeSet::new(), "shown nowhere as it was typed");
        before.holds(world).await;
    }
    assert_eq!(typist.met, titles(), "a form that no life has in it");
});
