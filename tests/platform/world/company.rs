//! The demo company as Feishu knows it: the same people, each with an account.
//!
//! Invariant: who is in the directory with an account is known to the fake under the same one.

use crate::world::feishu::Fake;

const DEMO: &str = include_str!("../../../config/demo/directory.toml");

/// Everybody of the demo company.
pub const PEOPLE: [&str; 16] = [
    "zhang.wei",
    "liu.yang",
    "sun.li",
    "li.na",
    "chen.jie",
    "wang.fang",
    "zhao.min",
    "wu.hao",
    "zhou.ting",
    "huang.lei",
    "tang.rui",
    "he.xue",
    "guo.qiang",
    "zheng.yun",
    "ma.ning",
    "gao.jianguo",
];

/// Somebody of the same tenant whom the directory does not know.
pub const STRANGER: &str = "a.stranger";

/// The group that becomes the managers' one.
pub const MANAGERS: &str = "oc_aaaa0000000000000000000000000001";
/// A group for one request.
pub const PROJECT: &str = "oc_aaaa0000000000000000000000000002";

/// The open id of a person, also of one who is in no directory.
pub fn account(person: &str) -> String {
    let number = PEOPLE.iter().position(|id| *id == person).unwrap_or(PEOPLE.len());
    format!("ou_{:032x}", 0x5eed_0000_0000_u64 + u64::try_from(number).unwrap())
}

/// The id of the private chat of a person with the bot, as the fake makes it.
pub fn private(person: &str) -> String {
    format!("oc_{}", account(person).trim_start_matches("ou_").chars().rev().collect::<String>())
}

/// The name that others see.
pub fn name(person: &str) -> String {
    let directory: toml::Table = toml::from_str(DEMO).unwrap();
    let people = directory["person"].as_array().unwrap();
    let found = people.iter().find(|row| row["id"].as_str() == Some(person));
    found.map_or("陌生人", |row| row["name"].as_str().unwrap()).to_owned()
}

/// The directory file: the demo company, with the accounts.
pub fn directory() -> String {
    let mut text = String::new();
    let mut person = false;
    for line in DEMO.lines() {
        if line.starts_with("[[") {
            person = line == "[[person]]";
        }
        text.push_str(line);
        text.push('\n');
        let id = line.strip_prefix("id = ").filter(|_| person);
        if let Some(id) = id {
            text.push_str(&format!("accounts = {{ feishu = \"{}\" }}\n", account(id.trim_matches('"'))));
        }
    }
    text
}

/// Further rows of the directory file: so many people of the department of research.
pub fn crowd(many: usize) -> String {
    let row = |n| {
        format!(
            "\n[[person]]\nid = \"crowd.{n}\"\nname = \"组员{n}\"\ndepartment = \"YFB\"\naccounts = {{ feishu = \"ou_crowd_{n}\" }}\n"
        )
    };
    (1..=many).map(row).collect()
}

/// Makes them known to DingTalk.
pub fn crowds(office: &crate::dingtalk::world::office::Fake, many: usize) {
    let mut state = office.state();
    let like = state.people[0].clone();
    let somebody = |n| crate::dingtalk::world::office::Person {
        id: format!("ou_crowd_{n}"),
        name: format!("组员{n}"),
        ..like.clone()
    };
    state.people.extend((1..=many).map(somebody));
}

/// Makes the company known to DingTalk.
pub fn moves_to(office: &crate::dingtalk::world::office::Fake) {
    let mut state = office.state();
    let like = state.people[0].clone();
    let somebody = |id: &&str| crate::dingtalk::world::office::Person {
        id: account(id),
        name: name(id),
        ..like.clone()
    };
    state.people.extend(PEOPLE.iter().map(somebody));
}

/// Makes the company known to Feishu: its people, their private chats, two groups.
pub fn moves_in(fake: &Fake) {
    for person in PEOPLE.iter().chain(&[STRANGER]) {
        let open_id = account(person);
        fake.person(&open_id, |known| known.name = name(person));
        fake.chat(&private(person), |chat| {
            chat.is_private = true;
            chat.members.insert(open_id.clone());
        });
    }
    for (group, name) in [(MANAGERS, "经理群"), (PROJECT, "项目群")] {
        fake.chat(group, |chat| {
            chat.name = name.to_owned();
            chat.members.extend(PEOPLE.iter().map(|person| account(person)));
        });
    }
}
