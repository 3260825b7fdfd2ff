//! The small company of the fake: the one whose requests were recorded.
//!
//! Invariant: ids are those of `tests/platform/vectors/feishu`.

use super::state::{Chat, Department, Person, State};

/// Open id, name, mail address, the end of the mobile number, department.
const PEOPLE: &[(char, &str, &str, &str, char)] = &[
    ('1', "市场部长", "head.mkt", "01", '1'),
    ('2', "财务部长", "head.fin", "02", '2'),
    ('3', "研发部长", "head.rnd", "03", '3'),
    ('a', "张三", "zhangsan", "11", '1'),
    ('b', "李四", "lisi", "12", '2'),
    ('c', "王五", "wangwu", "13", '3'),
    ('d', "赵六", "zhaoliu", "14", '3'),
];

/// Custom id, digit of the open id, name, digit of the one above.
const DEPARTMENTS: &[(&str, char, &str, char)] = &[
    ("mkt", '1', "市场部", '0'),
    ("fin", '2', "财务部", '0'),
    ("rnd", '3', "研发部", '0'),
    ("lab", '4', "实验室", '3'),
];

/// The group that the bot is in, with the three heads.
pub const GROUP: &str = "oc_55555555555555555555555555555555";

/// `ou_` and one digit 32 times.
pub fn open_id(digit: char) -> String {
    format!("ou_{}", digit.to_string().repeat(32))
}

fn department_id(digit: char) -> String {
    if digit == '0' { "0".to_owned() } else { format!("od-{digit:0>32}") }
}

/// Fills an empty state.
pub fn fill(state: &mut State) {
    for (id, digit, name, parent) in DEPARTMENTS {
        state.departments.push(Department {
            id: (*id).to_owned(),
            open_id: department_id(*digit),
            name: (*name).to_owned(),
            parent: department_id(*parent),
            leader: if *digit == '4' { String::new() } else { open_id(*digit) },
        });
    }
    for (digit, name, mail, mobile, department) in PEOPLE {
        let leader = if digit.is_ascii_digit() { String::new() } else { open_id(*department) };
        let person = Person {
            email: format!("{mail}@example.com"),
            mobile: format!("+86130000000{mobile}"),
            department: department_id(*department),
            leader,
            ..Person::new(&open_id(*digit), name)
        };
        state.people.insert(open_id(*digit), person);
    }
    let members = ['1', '2', '3'].map(open_id).into();
    state.chats.insert(GROUP.to_owned(), Chat { members, ..Chat::new(GROUP, "经理群") });
}
