//! A table of people, as personnel departments export it → the shape of a directory file.
//!
//! Invariant: either every row has become a person or every row that could not is named with its column; departments
//! come into being by being mentioned. References are checked afterwards, with the rest of the directory.

use std::collections::BTreeMap;

use crate::domain::directory::check::{DirectoryFile, Origin};
use crate::domain::directory::{Department, Person, Role};
use crate::domain::fault::{Fault, suggest};
use crate::domain::{DepartmentId, Lang, PersonId};

/// A column: its names in the head of the table, and whether it has to be there.
struct Column {
    names: &'static [&'static str],
    needed: bool,
}

const fn needed(names: &'static [&'static str]) -> Column {
    Column { names, needed: true }
}

const fn optional(names: &'static [&'static str]) -> Column {
    Column { names, needed: false }
}

/// The columns; any order, others are refused.
const COLUMNS: [Column; 9] = [
    needed(&["id", "工号"]),
    needed(&["name", "姓名"]),
    needed(&["department code", "部门代码"]),
    optional(&["department name", "部门名称", "部门"]),
    optional(&["title", "职务", "岗位"]),
    optional(&["phone", "电话", "手机"]),
    optional(&["head?", "head", "负责人"]),
    optional(&["contact?", "contact", "接口人"]),
    optional(&["roles", "角色"]),
];

/// One row, in the order of [`COLUMNS`].
struct Row {
    line: usize,
    /// `None` where the table does not have the column.
    cells: [Option<String>; COLUMNS.len()],
}

/// Reads the table; `file` is its name in the faults, `company` what the directory is headed with.
pub fn read(file: &str, bytes: &[u8], company: &str) -> Result<(DirectoryFile, Origin), Vec<Fault>> {
    let mut table = Table {
        shape: DirectoryFile { company: company.to_owned(), ..DirectoryFile::default() },
        origin: Origin { file: file.to_owned(), ..Origin::default() },
        places: BTreeMap::new(),
        faults: Vec::new(),
    };
    for row in table.rows(bytes) {
        table.add(row);
    }
    table.faults.sort_by_key(|f| f.line);
    if table.faults.is_empty() { Ok((table.shape, table.origin)) } else { Err(table.faults) }
}

struct Table {
    shape: DirectoryFile,
    origin: Origin,
    /// Department → its place in the shape.
    places: BTreeMap<String, usize>,
    faults: Vec<Fault>,
}

impl Table {
    fn fault(&mut self, line: Option<usize>, column: &str, problem: impl Into<String>, remedy: &str) {
        let (file, key) = (self.origin.file.clone(), column.to_owned());
        self.faults.push(Fault { file, line, key, problem: problem.into(), remedy: remedy.to_owned() });
    }

    fn rows(&mut self, bytes: &[u8]) -> Vec<Row> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            let remedy = "save it as \"CSV UTF-8\"; other encodings (GBK) cannot be told apart safely";
            self.fault(None, "", "is not UTF-8", remedy);
            return Vec::new();
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.flexible(true).trim(csv::Trim::All).delimiter(delimiter(text));
        let mut reader = reader.from_reader(text.as_bytes());
        let head: Vec<String> = match reader.headers() {
            Ok(head) => head.iter().map(str::to_lowercase).collect(),
            Err(_) => Vec::new(),
        };
        let columns = self.columns(&head);
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(why) => {
                    self.fault(None, "row", why.to_string(), "");
                    continue;
                }
            };
            let line = record.position().and_then(|p| usize::try_from(p.line()).ok()).unwrap_or_default();
            if record.len() > head.len() {
                let problem = format!("has {} cells, the head has {}", record.len(), head.len());
                self.fault(Some(line), "row", problem, "put cells that contain a comma in quotes");
            }
            let cell = |at: Option<usize>| at.map(|at| record.get(at).unwrap_or_default().to_owned());
            let row = Row { line, cells: columns.map(cell) };
            if row.cells.iter().flatten().any(|cell| !cell.is_empty()) {
                rows.push(row);
            }
        }
        rows
    }

    /// Where each column stands in this table.
    fn columns(&mut self, head: &[String]) -> [Option<usize>; COLUMNS.len()] {
        for (at, name) in head.iter().enumerate() {
            if !COLUMNS.iter().any(|c| c.names.contains(&name.as_str())) {
                let known: Vec<_> = COLUMNS.iter().filter_map(|c| c.names.first().copied()).collect();
                let remedy = suggest(name, known.iter().copied());
                self.fault(Some(1), &format!("column {}", at + 1), format!("`{name}` is unknown"), &remedy);
            }
        }
        std::array::from_fn(|index| {
            let column = COLUMNS.get(index)?;
            let found = head.iter().position(|name| column.names.contains(&name.as_str()));
            if found.is_none() && column.needed {
                let names = column.names.join(" or ");
                self.fault(
                    Some(1),
                    "",
                    format!("the column {names} is missing"),
                    "the first row names the columns",
                );
            }
            found
        })
    }

    fn add(&mut self, row: Row) {
        let line = Some(row.line);
        for (cell, column) in row.cells.iter().zip(&COLUMNS).filter(|(_, column)| column.needed) {
            if cell.as_deref() == Some("") {
                self.fault(line, column.names.first().copied().unwrap_or_default(), "is empty", "");
            }
        }
        let [id, name, code, department, title, phone, head, contact, roles] =
            row.cells.map(Option::unwrap_or_default);
        let place = self.department(line, &code, &department);
        let person = PersonId::new(id);
        if self.yes(line, "head?", &head) {
            self.post(line, "head?", place, &person);
        }
        if self.yes(line, "contact?", &contact) {
            self.post(line, "contact?", place, &person);
        }
        let roles = self.roles(line, &roles);
        self.origin.people.push(row.line);
        self.shape.person.push(Person {
            id: person,
            name,
            department: DepartmentId::new(code),
            also: Vec::new(),
            title,
            phone,
            roles,
            away: Vec::new(),
            active: true,
            language: Lang::default(),
            accounts: BTreeMap::new(),
            prefers: None,
        });
    }

    /// The department's place in the shape; a new one is added, another name for a known one is a fault.
    fn department(&mut self, line: Option<usize>, code: &str, name: &str) -> usize {
        if let Some(place) = self.places.get(code).copied() {
            let known = self.shape.department.get(place).map(|d| d.name.clone()).unwrap_or_default();
            if !name.is_empty() && known != name && known != code {
                let problem = format!("{code} is called {name} here and {known} above");
                self.fault(line, "department name", problem, "one code has one name");
            } else if let Some(department) = self.shape.department.get_mut(place).filter(|_| !name.is_empty())
            {
                name.clone_into(&mut department.name);
            }
            return place;
        }
        let name = if name.is_empty() { code } else { name }.to_owned();
        let id = DepartmentId::new(code);
        let (english, parent) = (String::new(), None);
        self.shape.department.push(Department {
            id,
            name,
            english,
            head: None,
            contact: None,
            supervisor: None,
            parent,
        });
        self.origin.departments.push(line.unwrap_or_default());
        self.places.insert(code.to_owned(), self.shape.department.len() - 1);
        self.shape.department.len() - 1
    }

    fn post(&mut self, line: Option<usize>, column: &str, place: usize, person: &PersonId) {
        let Some(department) = self.shape.department.get_mut(place) else { return };
        let post = if column == "head?" { &mut department.head } else { &mut department.contact };
        if let Some(other) = post {
            let problem = format!("{} has {other} in this post already", department.id);
            self.fault(line, column, problem, "mark one person only");
        } else {
            *post = Some(person.clone());
        }
    }

    fn yes(&mut self, line: Option<usize>, column: &str, text: &str) -> bool {
        match text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" | "x" | "是" => true,
            "" | "no" | "n" | "false" | "0" | "否" => false,
            _ => {
                self.fault(
                    line,
                    column,
                    format!("`{text}` is neither yes nor no"),
                    "write yes or no (是, 否)",
                );
                false
            }
        }
    }

    fn roles(&mut self, line: Option<usize>, text: &str) -> Vec<Role> {
        let mut roles = Vec::new();
        for word in text.split([' ', ';', '；', '|', '、', ',', '，']).filter(|w| !w.is_empty()) {
            match ROLES.iter().find(|(name, chinese, _)| word.eq_ignore_ascii_case(name) || word == *chinese)
            {
                Some((_, _, role)) => roles.push(*role),
                None => {
                    let remedy = suggest(word, ROLES.map(|(name, ..)| name));
                    self.fault(line, "roles", format!("there is no role `{word}`"), &remedy);
                }
            }
        }
        roles
    }
}

/// What stands between the cells: spreadsheets write commas, semicolons or tabs, as their locale has it.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |sign: u8| head.bytes().filter(|b| *b == sign).count();
    // The last of equals wins, so the comma comes last.
    [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

/// The names of roles in a table.
const ROLES: [(&str, &str, Role); 6] = [
    ("general_manager", "总经理", Role::GeneralManager),
    ("vice_president", "分管副总", Role::VicePresident),
    ("coordinator", "项目协调员", Role::Coordinator),
    ("enterprise_management", "企业管理部", Role::EnterpriseManagement),
    ("auditor", "审计", Role::Auditor),
    ("administrator", "管理员", Role::Administrator),
];

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::config::directory_toml::written;
    use crate::domain::directory::check;

    fn faults(bytes: &[u8]) -> String {
        let read = read("people.csv", bytes, "Test");
        let faults = read.and_then(|(shape, origin)| check::check(shape, &origin).map(|_| ())).err();
        faults.unwrap_or_default().iter().map(|f| format!("{f}\n")).collect()
    }

    #[test]
    fn a_table_of_people_becomes_a_directory_that_can_be_written_and_read() {
        let csv = "\u{feff}工号,姓名,部门代码,部门名称,职务,电话,负责人,接口人,角色\n\
            liu.yang,刘洋,SCB,市场部,经理,13900000002,是,,管理员\n\
            zhang.wei,张伟,SCB,,专员,,,是,\n\n\
            chen.jie,陈杰,YFB,研发部,\"经理, 研发\",,yes,,coordinator;vice_president\n";
        let (shape, _) = read("people.csv", csv.as_bytes(), "示例公司").unwrap();
        let text = written(&shape).unwrap();
        assert_snapshot!(text, @r#"
        company = "示例公司"

        [[department]]
        id = "SCB"
        name = "市场部"
        head = "liu.yang"
        contact = "zhang.wei"

        [[department]]
        id = "YFB"
        name = "研发部"
        head = "chen.jie"

        [[person]]
        id = "liu.yang"
        name = "刘洋"
        department = "SCB"
        title = "经理"
        phone = "13900000002"
        roles = ["administrator"]

        [[person]]
        id = "zhang.wei"
        name = "张伟"
        department = "SCB"
        title = "专员"

        [[person]]
        id = "chen.jie"
        name = "陈杰"
        department = "YFB"
        title = "经理, 研发"
        roles = ["coordinator", "vice_president"]
        "#);
        assert_eq!(check::read("directory.toml", &text).unwrap().directory.people.len(), 3);
    }

    #[test]
    fn every_bad_cell_is_named_at_once() {
        let csv = "id,name,department code,department name,tilte,head?,contact?,roles\n\
            liu.yang,刘洋,SCB,市场部,,yes,maybe,admin\n\
            ,张伟,SCB,营销部,,yes,,\n\
            chen.jie,,YFB,研发部,,,,coordinater,too,much\n";
        assert_snapshot!(faults(csv.as_bytes()), @r"
        people.csv:1: column 5: `tilte` is unknown; did you mean `title`?
        people.csv:2: contact?: `maybe` is neither yes nor no; write yes or no (是, 否)
        people.csv:2: roles: there is no role `admin`; did you mean `administrator`?
        people.csv:3: id: is empty
        people.csv:3: department name: SCB is called 营销部 here and 市场部 above; one code has one name
        people.csv:3: head?: SCB has liu.yang in this post already; mark one person only
        people.csv:4: row: has 10 cells, the head has 8; put cells that contain a comma in quotes
        people.csv:4: name: is empty
        people.csv:4: roles: there is no role `coordinater`; did you mean `coordinator`?
        ");
        assert_snapshot!(faults("name,roles\n张伟,administrator\n".as_bytes()), @r"
        people.csv:1: the column id or 工号 is missing; the first row names the columns
        people.csv:1: the column department code or 部门代码 is missing; the first row names the columns
        ");
    }

    #[test]
    fn references_are_checked_with_the_line_of_the_table() {
        let csv = "id,name,department code\nLiu Yang,刘洋,s\nLiu Yang,刘洋,s\n";
        assert_snapshot!(faults(csv.as_bytes()), @r#"
        people.csv: nobody active is an administrator; give somebody roles = ["administrator"]
        people.csv:2: department s.id: is no department code; 2 to 8 upper-case letters or digits, e.g. "SCB"
        people.csv:2: person Liu Yang.id: is no person id; up to 64 of a–z, 0–9, dot, hyphen, underscore, e.g. "zhang.wei"
        people.csv:3: person Liu Yang.id: is there twice, first on line 2; remove or rename one
        "#);
    }

    #[test]
    fn semicolons_and_tabs_are_understood() {
        for sign in [";", "\t"] {
            let csv = "id,name,department code,roles\nli.na,李娜,YFB,administrator\n".replace(',', sign);
            assert_eq!(faults(csv.as_bytes()), "");
        }
    }

    #[test]
    fn another_encoding_is_refused_clearly() {
        assert_snapshot!(faults(b"id,\xd0\xd5\xc3\xfb\n"), @r#"people.csv: is not UTF-8; save it as "CSV UTF-8"; other encodings (GBK) cannot be told apart safely"#);
    }
}
