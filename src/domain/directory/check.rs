//! The directory as administrators write it → a [`Directory`] whose references are sound, or every mistake in it.
//!
//! Invariant: what passes here has no unknown, inactive or circular reference and at least one administrator, so the
//! rest of the service never meets a dead end. Recipients come from here only, hence the narrow patterns for ids.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::fault::{Fault, suggest};
use super::super::sheet::Sheet;
use super::{Department, Directory, Person, Role, cycles, gaps};
use crate::domain::{DepartmentId, PersonId};

/// The shape of `config/directory.toml`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryFile {
    /// What the company calls itself.
    pub company: String,
    /// The departments, in the order in which lists show them.
    #[serde(default)]
    pub department: Vec<Department>,
    /// The people.
    #[serde(default)]
    pub person: Vec<Person>,
}

/// Where the entries of a [`DirectoryFile`] were written, so that faults can say so.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The file's name.
    pub file: String,
    /// The line of each department.
    pub departments: Vec<usize>,
    /// The line of each person.
    pub people: Vec<usize>,
}

/// A directory that has passed.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What the company calls itself.
    pub company: String,
    /// Who is who.
    pub directory: Directory,
    /// What works, but somebody should look at: vacancies and who stands in.
    pub warnings: Vec<Fault>,
}

/// Reads and checks the text of a directory file; `file` is its name in the faults.
pub fn read(file: &str, text: &str) -> Result<Checked, Vec<Fault>> {
    let (mut sheet, root) = Sheet::open(file, text);
    let Some(mut root) = root else { return Err(sheet.faults) };
    let mut origin = Origin { file: file.to_owned(), ..Origin::default() };
    let mut shape = DirectoryFile::default();
    for entry in sheet.tables(&mut root, "department") {
        let (line, name) = (sheet.line(entry.span().start), named("department", entry.get_ref()));
        if let Some(department) = sheet.read(&name, entry) {
            shape.department.push(department);
            origin.departments.push(line);
        }
    }
    for entry in sheet.tables(&mut root, "person") {
        let (line, name) = (sheet.line(entry.span().start), named("person", entry.get_ref()));
        if let Some(person) = sheet.read(&name, entry) {
            shape.person.push(person);
            origin.people.push(line);
        }
    }
    match root.remove("company").as_ref().map(|c| (c.span().start, c.get_ref().as_str())) {
        Some((_, Some(company))) => company.clone_into(&mut shape.company),
        Some((at, None)) => sheet.fault(at, "company", "expected a text in quotes", ""),
        None => sheet.fault(0, "company", "is missing", "write company = \"…\" on the first line"),
    }
    sheet.nothing_else(&root, ["company", "department", "person"]);
    let readable = sheet.faults.is_empty();
    let mut faults = sheet.faults;
    match check(shape, &origin) {
        Ok(checked) if readable => return Ok(checked),
        Ok(_) => {}
        Err(more) => {
            // What could not be read must not be reported a second time as being empty, or as nobody having the role.
            let new = |f: &Fault| !faults.iter().any(|g| (&g.key, g.line) == (&f.key, f.line));
            let more: Vec<_> =
                more.into_iter().filter(|f| new(f) && (readable || f.problem != NOBODY)).collect();
            faults.extend(more);
        }
    }
    faults.sort_by_key(|f| f.line);
    Err(faults)
}

const NOBODY: &str = "nobody active is an administrator";

/// The entry's kind and id, for faults.
fn named(kind: &str, entry: &toml::de::DeTable<'_>) -> String {
    let id = entry.get("id").and_then(|id| id.get_ref().as_str());
    id.map_or_else(|| kind.to_owned(), |id| format!("{kind} {id}"))
}

/// Checks a directory as a whole.
pub fn check(shape: DirectoryFile, origin: &Origin) -> Result<Checked, Vec<Fault>> {
    let mut check = Check { origin, faults: Vec::new(), lines: BTreeMap::new() };
    let mut directory = Directory::default();
    for (index, department) in shape.department.into_iter().enumerate() {
        check.add_department(&mut directory, department, origin.departments.get(index).copied());
    }
    for (index, person) in shape.person.into_iter().enumerate() {
        check.add_person(&mut directory, person, origin.people.get(index).copied());
    }
    directory.departments.values().for_each(|d| check.department(&directory, d));
    directory.people.values().for_each(|p| check.person(&directory, p));
    check.accounts(&directory);
    for (of, chain) in cycles::of_parents(&directory) {
        check.fault(&entry_of_department(&of), "parent", format!("goes round in a circle: {chain}"), "");
    }
    for (of, chain) in cycles::of_substitutes(&directory) {
        let remedy = "name somebody who is there";
        check.fault(
            &entry_of_person(&of),
            "away",
            format!("substitutes go round in a circle: {chain}"),
            remedy,
        );
    }
    if directory.with_role(Role::Administrator).next().is_none() {
        check.fault("", "", NOBODY, "give somebody roles = [\"administrator\"]");
    }
    if !check.faults.is_empty() {
        check.faults.sort_by_key(|f| f.line);
        return Err(check.faults);
    }
    let warnings = gaps::of(&directory).map(|(entry, problem, remedy)| check.at(&entry, "", problem, remedy));
    Ok(Checked { company: shape.company, warnings: warnings.collect(), directory })
}

/// How faults name a department.
pub fn entry_of_department(id: &DepartmentId) -> String {
    format!("department {id}")
}

/// How faults name a person.
pub fn entry_of_person(id: &PersonId) -> String {
    format!("person {id}")
}

/// One check under way.
struct Check<'o> {
    origin: &'o Origin,
    faults: Vec<Fault>,
    lines: BTreeMap<String, Option<usize>>,
}

impl Check<'_> {
    fn at(&self, entry: &str, key: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Fault {
        let dot = if entry.is_empty() || key.is_empty() { "" } else { "." };
        Fault {
            file: self.origin.file.clone(),
            line: self.lines.get(entry).copied().flatten(),
            key: format!("{entry}{dot}{key}"),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    fn fault(&mut self, entry: &str, key: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        self.faults.push(self.at(entry, key, problem, remedy));
    }

    fn add_department(&mut self, to: &mut Directory, department: Department, line: Option<usize>) {
        let entry = entry_of_department(&department.id);
        if !self.is_first(&entry, line) {
            return;
        }
        if !is_code(department.id.as_str()) {
            self.fault(
                &entry,
                "id",
                "is no department code",
                "2 to 8 upper-case letters or digits, e.g. \"SCB\"",
            );
        }
        if department.name.trim().is_empty() {
            self.fault(&entry, "name", "is empty", "");
        }
        to.departments.insert(department.id.clone(), department);
    }

    fn add_person(&mut self, to: &mut Directory, person: Person, line: Option<usize>) {
        let entry = entry_of_person(&person.id);
        if !self.is_first(&entry, line) {
            return;
        }
        if !is_person_id(person.id.as_str()) {
            let remedy = "up to 64 of a–z, 0–9, dot, hyphen, underscore, e.g. \"zhang.wei\"";
            self.fault(&entry, "id", "is no person id", remedy);
        }
        if person.name.trim().is_empty() {
            self.fault(&entry, "name", "is empty", "");
        }
        to.people.insert(person.id.clone(), person);
    }

    /// Remembers where the entry stands; a second one of the same id is a fault.
    fn is_first(&mut self, entry: &str, line: Option<usize>) -> bool {
        if let Some(first) = self.lines.get(entry) {
            let place = first.map(|line| format!(", first on line {line}")).unwrap_or_default();
            let mut twice = self.at(entry, "id", format!("is there twice{place}"), "remove or rename one");
            twice.line = line;
            self.faults.push(twice);
            return false;
        }
        self.lines.insert(entry.to_owned(), line);
        true
    }

    fn department(&mut self, directory: &Directory, department: &Department) {
        let entry = entry_of_department(&department.id);
        let posts = [
            ("head", &department.head),
            ("contact", &department.contact),
            ("supervisor", &department.supervisor),
        ];
        for (key, who) in posts {
            if let Some(who) = who {
                self.can_hold(directory, &entry, key, who);
            }
        }
        if let Some(parent) = &department.parent {
            self.is_department(directory, &entry, "parent", parent);
        }
    }

    fn person(&mut self, directory: &Directory, person: &Person) {
        let entry = entry_of_person(&person.id);
        self.is_department(directory, &entry, "department", &person.department);
        for department in &person.also {
            self.is_department(directory, &entry, "also", department);
        }
        for absence in &person.away {
            if absence.from > absence.to {
                let problem = format!("ends ({}) before it begins ({})", absence.to, absence.from);
                self.fault(&entry, "away", problem, "the first day is `from`, the last one is `to`");
            }
            match &absence.substitute {
                Some(substitute) if *substitute == person.id => {
                    self.fault(&entry, "away.substitute", "nobody can be their own substitute", "");
                }
                Some(substitute) => self.can_hold(directory, &entry, "away.substitute", substitute),
                None => {}
            }
        }
    }

    /// Recipients on messengers: of a safe pattern, and each of one person only.
    fn accounts(&mut self, directory: &Directory) {
        let mut owners: BTreeMap<(&str, &str), &Person> = BTreeMap::new();
        for person in directory.people.values() {
            for (platform, account) in &person.accounts {
                let (entry, key) = (entry_of_person(&person.id), format!("accounts.{platform}"));
                if !PLATFORMS.contains(&platform.as_str()) {
                    self.fault(&entry, &key, "unknown messenger", suggest(platform, PLATFORMS));
                }
                if !is_recipient(account) {
                    let problem = format!("\"{account}\" cannot be a recipient");
                    self.fault(&entry, &key, problem, "give the person's id on that messenger, nothing else");
                }
                if let Some(other) = owners.insert((platform, account), person) {
                    self.fault(&entry, &key, format!("also belongs to person {}", other.id), "");
                }
            }
            if let Some(prefers) = person.prefers.as_ref().filter(|one| !person.accounts.contains_key(*one)) {
                let problem = format!("has no account on \"{prefers}\"");
                let known = person.accounts.keys().map(String::as_str);
                self.fault(&entry_of_person(&person.id), "prefers", problem, suggest(prefers, known));
            }
        }
    }

    fn is_department(&mut self, directory: &Directory, entry: &str, key: &str, id: &DepartmentId) {
        if id.as_str().is_empty() {
            self.fault(entry, key, "is empty", "write a department's code");
        } else if !directory.departments.contains_key(id) {
            let known = directory.departments.keys().map(DepartmentId::as_str);
            self.fault(entry, key, format!("there is no department {id}"), suggest(id.as_str(), known));
        }
    }

    fn can_hold(&mut self, directory: &Directory, entry: &str, key: &str, id: &PersonId) {
        match directory.people.get(id) {
            Some(person) if person.active => {}
            None if id.as_str().is_empty() => {
                self.fault(entry, key, "is empty", "leave the line out for a vacancy");
            }
            Some(_) => self.fault(entry, key, format!("person {id} has left"), "name somebody active"),
            None => {
                let problem = format!("there is no person {id}");
                self.fault(entry, key, problem, likely_person(directory, id.as_str()));
            }
        }
    }
}

/// The id that was meant, by id or by name; no list of everybody.
fn likely_person(directory: &Directory, typed: &str) -> String {
    let by_name = directory.find_person(typed).first().map(|p| p.id.as_str());
    let near = || super::super::fault::nearest(typed, directory.people.keys().map(PersonId::as_str));
    by_name
        .or_else(near)
        .map_or_else(|| "add a [[person]] first".to_owned(), |id| format!("did you mean `{id}`?"))
}

/// Messengers that a person can have an account on.
const PLATFORMS: [&str; 4] = ["sandbox", "feishu", "dingtalk", "wecom"];

fn is_code(id: &str) -> bool {
    (2..=8).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn is_person_id(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    (1..=64).contains(&id.len()) && id.bytes().all(plain)
}

/// Nothing that a messenger could read as several people or as everybody (`@all`, `a|b`).
fn is_recipient(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-@:$+=/".contains(&b);
    let first = id.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let everybody = id.eq_ignore_ascii_case("all");
    first && id.len() <= 128 && id.bytes().all(plain) && !everybody
}
