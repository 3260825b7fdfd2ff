//! Stories about directories: what is refused, what is only pointed out, and who is found under which name.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::check::{Checked, read};
use crate::domain::fault::Fault;

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(|f| format!("{f}\n")).collect()
}

fn faults(text: &str) -> String {
    read("directory.toml", text).map_or_else(|faults| lines(&faults), |_| "sound\n".to_owned())
}

fn sound(text: &str) -> Checked {
    read("directory.toml", text).map_err(|faults| lines(&faults)).unwrap()
}

const DEMO: &str = include_str!("../../../config/demo/directory.toml");

fn demo() -> Checked {
    sound(DEMO)
}

#[test]
fn the_demo_company_is_sound_and_shows_one_vacancy() {
    let demo = demo();
    assert_eq!(demo.directory.people.len(), 16);
    assert_snapshot!(lines(&demo.warnings), @r#"directory.toml:46: department KFB: the contact is vacant: 唐蕊 (tang.rui) stands in; set contact = "…""#);
}

#[test]
fn the_example_is_sound() {
    assert_eq!(lines(&sound(include_str!("../../../config/directory.example.toml")).warnings), "");
}

/// One of each mistake.
const BAD: &str = r#"company = "Bad & Co"
boss = "nobody"

[[department]]
id = "SCB"
name = "市场部"
head = "zhang.wie"
contact = "李娜"
parent = "YFB"

[[department]]
id = "YFB"
name = "研发部"
head = "left.long.ago"
parent = "CWB"

[[department]]
id = "CWB"
name = "财务部"
parent = "SCB"

[[department]]
id = "hr"
name = ""
parent = "HR"
leader = "li.na"

[[department]]
id = "YFB"
name = "研发二部"

[[person]]
id = "zhang.wei"
name = "张伟"
department = "SCBB"
roles = ["administartor"]
away = [{ from = 2026-03-05, to = 2026-03-01, substitute = "zhang.wei" }]

[[person]]
id = "li.na"
name = "李娜"
department = "YFB"
also = ["XYZ"]
away = [{ from = 2026-01-01, to = 2026-06-30, substitute = "wang.fang" }]
accounts = { feishu = "@all", dingding = "007" }

[[person]]
id = "wang.fang"
name = "王芳"
department = "CWB"
away = [{ from = "2026-06-30", to = "2026-07-31", substitute = "li.na" }]

[[person]]
id = "left.long.ago"
name = "旧人"
department = "CWB"
active = false

[[person]]
id = "Zhang Wei"
department = "SCB"
phone = 13900000000
"#;

#[test]
fn a_bad_directory_is_told_everything_at_once() {
    assert_snapshot!(faults(BAD), @r#"
    directory.toml:2: boss: unknown key; known: company, department, person
    directory.toml:4: department SCB.head: there is no person zhang.wie; did you mean `zhang.wei`?
    directory.toml:4: department SCB.contact: there is no person 李娜; did you mean `li.na`?
    directory.toml:11: department YFB.head: person left.long.ago has left; name somebody active
    directory.toml:17: department CWB.parent: goes round in a circle: CWB → SCB → YFB → CWB
    directory.toml:22: department hr.id: is no department code; 2 to 8 upper-case letters or digits, e.g. "SCB"
    directory.toml:22: department hr.name: is empty
    directory.toml:22: department hr.parent: there is no department HR; did you mean `hr`?
    directory.toml:26: department hr.leader: unknown key `leader`; did you mean `head`?
    directory.toml:28: department YFB.id: is there twice, first on line 11; remove or rename one
    directory.toml:32: person zhang.wei.department: there is no department SCBB; did you mean `SCB`?
    directory.toml:32: person zhang.wei.away: ends (2026-03-01) before it begins (2026-03-05); the first day is `from`, the last one is `to`
    directory.toml:32: person zhang.wei.away.substitute: nobody can be their own substitute
    directory.toml:36: person zhang.wei.roles: unknown `administartor`; did you mean `administrator`?
    directory.toml:39: person li.na.also: there is no department XYZ; known: CWB, SCB, YFB, hr
    directory.toml:39: person li.na.accounts.dingding: unknown messenger; known: sandbox, feishu, dingtalk, wecom
    directory.toml:39: person li.na.accounts.feishu: "@all" cannot be a recipient; give the person's id on that messenger, nothing else
    directory.toml:39: person li.na.away: substitutes go round in a circle: li.na → wang.fang → li.na; name somebody who is there
    directory.toml:59: person Zhang Wei.name: is missing
    directory.toml:59: person Zhang Wei.id: is no person id; up to 64 of a–z, 0–9, dot, hyphen, underscore, e.g. "zhang.wei"
    directory.toml:62: person Zhang Wei.phone: invalid type: integer `13900000000`, expected a string
    "#);
}

#[test]
fn nobody_to_turn_to_is_refused() {
    assert_snapshot!(faults("company = \"One\"\n[[department]]\nid = \"AB\"\nname = \"甲\"\n"), @r#"directory.toml: nobody active is an administrator; give somebody roles = ["administrator"]"#);
}

#[test]
fn vacancies_say_who_stands_in() {
    let text = r#"company = "Small"
[[department]]
id = "SCB"
name = "市场部"
parent = "TOP"
[[department]]
id = "TOP"
name = "总部"
head = "boss"
contact = "boss"
supervisor = "boss"
[[person]]
id = "boss"
name = "老板"
department = "TOP"
roles = ["administrator"]
"#;
    assert_snapshot!(lines(&sound(text).warnings), @r#"
    directory.toml:2: department SCB: the head is vacant: 老板 (boss) stands in; set head = "…"
    directory.toml:2: department SCB: the contact is vacant: 老板 (boss) stands in; set contact = "…"
    directory.toml:2: department SCB: has no supervisor: 老板 (boss) stands in; set supervisor = "…"
    directory.toml:6: department TOP: the head is their own supervisor: escalations end where they began; name somebody above the head
    directory.toml: nobody is general manager: large budgets go to an administrator; give somebody roles = ["general_manager"]
    directory.toml: nobody is project coordinator: disputes have nobody to settle them; give somebody roles = ["coordinator"]
    directory.toml: nobody is enterprise management: metrics and retrospectives have no reader; give somebody roles = ["enterprise_management"]
    "#);
}

#[test]
fn standing_in_for_each_other_at_different_times_is_fine() {
    let text = |second: &str| {
        format!(
            r#"company = "Two"
[[department]]
id = "AB"
name = "甲部"
[[person]]
id = "a"
name = "甲"
department = "AB"
roles = ["administrator"]
away = [{{ from = 2026-01-01, to = 2026-01-31, substitute = "b" }}]
[[person]]
id = "b"
name = "乙"
department = "AB"
away = [{{ from = {second}, to = 2026-02-28, substitute = "a" }}]
"#
        )
    };
    assert_eq!(faults(&text("2026-02-01")), "sound\n");
    assert_snapshot!(faults(&text("2026-01-31")), @r"directory.toml:5: person a.away: substitutes go round in a circle: a → b → a; name somebody who is there");
}

#[test]
fn one_account_belongs_to_one_person() {
    let text = r#"company = "Two"
[[department]]
id = "AB"
name = "甲部"
[[person]]
id = "a"
name = "甲"
department = "AB"
roles = ["administrator"]
accounts = { feishu = "ou_1" }
[[person]]
id = "b"
name = "乙"
department = "AB"
accounts = { feishu = "ou_1", wecom = "x|y" }
"#;
    assert_snapshot!(faults(text), @r#"
    directory.toml:11: person b.accounts.feishu: also belongs to person a
    directory.toml:11: person b.accounts.wecom: "x|y" cannot be a recipient; give the person's id on that messenger, nothing else
    "#);
}

#[test]
fn people_and_departments_are_found_as_they_are_typed() {
    let directory = demo().directory;
    let person = |typed: &str| {
        let found = directory.find_person(typed);
        found.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(" ")
    };
    for typed in ["li.na", "LI.NA", "李娜", "@李娜", "＠ｌｉ．ｎａ", " @ 李娜 "] {
        assert_eq!(person(typed), "li.na", "{typed}");
    }
    assert_eq!(person("李"), "");
    assert_eq!(person(""), "");
    let department = |typed: &str| {
        let found = directory.find_department(typed);
        found.iter().map(|d| d.id.as_str()).collect::<Vec<_>>().join(" ")
    };
    for typed in ["YFB", "yfb", "ＹＦＢ", "@研发部", "Research & Development", "research&development"] {
        assert_eq!(department(typed), "YFB", "{typed}");
    }
}

#[test]
fn namesakes_are_all_found_and_leavers_are_not() {
    let text = r#"company = "Namesakes"
[[department]]
id = "AB"
name = "甲部"
[[person]]
id = "wang.wei"
name = "王伟"
department = "AB"
roles = ["administrator"]
[[person]]
id = "wang.wei2"
name = "王伟"
department = "AB"
[[person]]
id = "wang.wei3"
name = "王伟"
department = "AB"
active = false
"#;
    let directory = sound(text).directory;
    assert_eq!(directory.find_person("王伟").len(), 2);
    assert_eq!(directory.find_person("wang.wei").len(), 1);
    assert!(directory.find_person("wang.wei3").is_empty());
}

proptest! {
    /// Whatever a hand slips on: every reference leads somewhere, or something is said about it.
    #[test]
    fn a_damaged_directory_is_never_half_used(at in 0..DEMO.len(), gone in 0..60usize, put in "[a-z0-9\"=, \\[\\]\n]{0,6}") {
        let start = DEMO.floor_char_boundary(at);
        let end = DEMO.floor_char_boundary((at + gone).min(DEMO.len()));
        let text = format!("{}{put}{}", &DEMO[..start], &DEMO[end.max(start)..]);
        match read("directory.toml", &text) {
            Ok(Checked { directory, .. }) => {
                let sound = |d: &super::Department| {
                    [&d.head, &d.contact, &d.supervisor].into_iter().flatten().all(|id| directory.people.contains_key(id))
                };
                prop_assert!(directory.departments.values().all(sound));
                prop_assert!(directory.people.values().all(|p| directory.departments.contains_key(&p.department)));
            }
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }
}

#[test]
fn who_prefers_a_messenger_has_an_account_there() {
    let text = |prefers: &str| {
        format!(
            r#"company = "Two"
[[department]]
id = "AB"
name = "甲部"
[[person]]
id = "a"
name = "甲"
department = "AB"
roles = ["administrator"]
accounts = {{ feishu = "ou_1", dingtalk = "m1" }}
prefers = "{prefers}"
"#
        )
    };
    assert_eq!(faults(&text("dingtalk")), "sound\n");
    assert_snapshot!(faults(&text("wecom")), @r#"directory.toml:5: person a.prefers: has no account on "wecom"; known: dingtalk, feishu"#);
    assert_snapshot!(faults(&text("dingtakl")), @r#"directory.toml:5: person a.prefers: has no account on "dingtakl"; did you mean `dingtalk`?"#);
}
