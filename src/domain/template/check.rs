//! The templates as administrators write them → [`Template`]s, or every mistake in the file at once.
//!
//! Invariant: what passes can be filed once its blanks are filled in: every text fits its field, every choice is one.

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeTable;

use super::{Both, Row, Template, Whom};
use crate::domain::directory::{Directory, Role};
use crate::domain::fault::Fault;
use crate::domain::request::form::{BACKGROUND, COLLABORATIONS, LONG, MOST_ASKS, PRIORITIES, SHORT, TITLE};
use crate::domain::sheet::Sheet;

/// The templates of a company that has not written any: the text of `config/templates.toml`.
pub const DEFAULT: &str = include_str!("../../../config/templates.toml");

/// More than these make no row of buttons any more.
const MOST: usize = 12;
/// Working days that a date may lie ahead.
const FARTHEST: u32 = 250;

/// Reads and checks the text of a file of templates; `file` is its name in the faults.
pub fn read(file: &str, text: &str) -> Result<Vec<Template>, Vec<Fault>> {
    let (mut sheet, root) = Sheet::open(file, text);
    let Some(mut root) = root else { return Err(sheet.faults) };
    let tables = sheet.tables(&mut root, "template");
    sheet.nothing_else(&root, ["template"]);
    let mut templates: Vec<Template> = Vec::new();
    for table in tables {
        let start = table.span().start;
        let Some(template) = Reader { sheet: &mut sheet, start }.template(table) else { continue };
        if templates.iter().any(|t| t.is(&template.id) || t.is(&template.name.zh)) {
            sheet.fault(
                start,
                &template.id,
                "is there twice",
                "each template has an id and a name of its own",
            );
        }
        templates.push(template);
    }
    if templates.len() > MOST {
        let problem = format!("has {} templates", templates.len());
        sheet.fault(0, "", problem, format!("keep the {MOST} that are used most"));
    }
    sheet.faults.sort_by_key(|f| f.line);
    if sheet.faults.is_empty() { Ok(templates) } else { Err(sheet.faults) }
}

/// Rows whose department the company does not have: the form opens without them, so this is worth a warning.
pub fn gone(file: &str, templates: &[Template], directory: &Directory) -> Vec<Fault> {
    let rows = templates.iter().flat_map(|t| t.asks.iter().map(move |ask| (t, ask)));
    let missing = rows.filter(|(_, ask)| ask.whom.resolve(directory).is_none());
    missing
        .map(|(template, ask)| {
            let whom = match &ask.whom {
                Whom::Department(name) => format!("department {name}"),
                Whom::Role(role) => format!("holder of the role {}", super::role_name(*role)),
            };
            Fault {
                file: file.to_owned(),
                line: None,
                key: format!("template {}", template.id),
                problem: format!("the directory has no {whom}"),
                remedy: "the form opens without that row; name another department".to_owned(),
            }
        })
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    id: String,
    name: String,
    title: String,
    #[serde(default)]
    background: String,
    #[serde(default)]
    goal: String,
    #[serde(default)]
    acceptance: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    priority: String,
    #[serde(default)]
    wanted_by: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct English {
    name: String,
    title: String,
    background: String,
    goal: String,
    acceptance: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskShape {
    department: Option<String>,
    role: Option<Role>,
    task: String,
    #[serde(default)]
    deliverable: String,
    #[serde(default)]
    wanted_by: String,
    #[serde(default)]
    english_task: String,
    #[serde(default)]
    english_deliverable: String,
}

/// One template while it is read.
struct Reader<'s, 't> {
    sheet: &'s mut Sheet<'t>,
    start: usize,
}

impl<'t> Reader<'_, 't> {
    fn template(&mut self, mut table: Spanned<DeTable<'t>>) -> Option<Template> {
        let english = self.sheet.table(table.get_mut(), "english");
        let asks = self.sheet.tables(table.get_mut(), "ask");
        let english: English = match english {
            Some(table) => self.sheet.read("english", table)?,
            None => English::default(),
        };
        let shape: Shape = self.sheet.read("template", table)?;
        let id = shape.id.clone();
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()) {
            self.wrong("id", format!("`{id}` is no id"), "small letters, digits and _, e.g. complaint");
        }
        let both = |zh: String, en: String| Both { zh, en };
        let texts = vec![
            ("title", both(shape.title, english.title), TITLE),
            ("background", both(shape.background, english.background), BACKGROUND),
            ("goal", both(shape.goal, english.goal), LONG),
            ("acceptance", both(shape.acceptance, english.acceptance), LONG),
        ];
        texts.iter().for_each(|(field, text, most)| self.fits(&format!("{id}.{field}"), text, *most));
        self.needs(&id, "name", &shape.name);
        self.needs(&id, "title", &texts[0].1.zh);
        self.among(&id, "kind", &shape.kind, &COLLABORATIONS.map(|row| row.0));
        self.among(&id, "priority", &shape.priority, &PRIORITIES.map(|row| row.0));
        self.day(&format!("{id}.wanted_by"), &shape.wanted_by);
        let rows = asks.len();
        if rows == 0 || rows > usize::from(MOST_ASKS) {
            let problem = format!("has {rows} asks");
            self.wrong(&id, problem, &format!("one to {MOST_ASKS} tables [[template.ask]]"));
        }
        let asks = asks.into_iter().filter_map(|table| self.ask(&id, table)).collect();
        let choices =
            vec![("kind", shape.kind), ("priority", shape.priority), ("wanted_by", shape.wanted_by)];
        let texts = texts.into_iter().map(|(field, text, _)| (field, text)).collect();
        Some(Template { id, name: both(shape.name, english.name), texts, choices, asks })
    }

    fn ask(&mut self, id: &str, table: Spanned<DeTable<'t>>) -> Option<Row> {
        self.start = table.span().start;
        let shape: AskShape = self.sheet.read(&format!("{id}.ask"), table)?;
        let whom = match (shape.department, shape.role) {
            (Some(typed), None) if !typed.trim().is_empty() => Whom::Department(typed),
            (None, Some(role)) => Whom::Role(role),
            _ => {
                self.wrong(&format!("{id}.ask"), "names nobody, or two", "either department = … or role = …");
                return None;
            }
        };
        let task = Both { zh: shape.task, en: shape.english_task };
        let deliverable = Both { zh: shape.deliverable, en: shape.english_deliverable };
        self.needs(id, "task", &task.zh);
        self.fits(&format!("{id}.task"), &task, LONG);
        self.fits(&format!("{id}.deliverable"), &deliverable, SHORT);
        self.day(&format!("{id}.ask.wanted_by"), &shape.wanted_by);
        Some(Row { whom, task, deliverable, wanted_by: shape.wanted_by })
    }

    fn wrong(&mut self, key: &str, problem: impl Into<String>, remedy: &str) {
        self.sheet.fault(self.start, key, problem, remedy);
    }

    fn needs(&mut self, id: &str, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.wrong(&format!("{id}.{field}"), "is empty", "it is what people read first");
        }
    }

    fn fits(&mut self, key: &str, text: &Both, most: usize) {
        let longest = text.zh.chars().count().max(text.en.chars().count());
        if longest > most {
            self.wrong(key, format!("has {longest} characters"), &format!("at most {most}"));
        }
    }

    fn among(&mut self, id: &str, field: &str, typed: &str, known: &[&str]) {
        if !typed.is_empty() && !known.contains(&typed) {
            let problem = format!("there is no `{typed}`");
            self.wrong(&format!("{id}.{field}"), problem, &format!("known: {}", known.join(", ")));
        }
    }

    /// `T+n`: a fixed day would be past one day.
    fn day(&mut self, key: &str, typed: &str) {
        let days = typed.strip_prefix("T+").and_then(|n| n.parse::<u32>().ok());
        if !typed.is_empty() && days.is_none_or(|n| n > FARTHEST) {
            let remedy = format!("T+n working days, n at most {FARTHEST}, e.g. T+5");
            self.wrong(key, format!("`{typed}` is not T+n"), &remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::domain::Lang;
    use crate::domain::directory;

    fn faults(text: &str) -> String {
        let read = read("templates.toml", text);
        read.err().unwrap_or_default().iter().map(|f| format!("{f}\n")).collect()
    }

    fn demo() -> Directory {
        let text = include_str!("../../../config/demo/directory.toml");
        directory::check::read("demo", text).unwrap().directory
    }

    #[test]
    fn the_eight_scenes_are_there_and_fit_the_demo_company() {
        let templates = read("templates.toml", DEFAULT).unwrap();
        let names: Vec<&str> = templates.iter().map(|t| t.name.zh.as_str()).collect();
        let scenes = [
            "新品上市",
            "营销活动",
            "客户投诉",
            "年度预算",
            "流程优化",
            "月度数据汇总",
            "文件会签",
            "资源冲突",
        ];
        assert_eq!(names, scenes);
        assert_eq!(gone("templates.toml", &templates, &demo()), []);
        for template in &templates {
            for (field, text) in &template.texts {
                assert!(!text.en.is_empty(), "{} has no English {field}", template.id);
            }
            let zh = template.open(Lang::Zh, &demo());
            assert_eq!(zh.faults, [], "{}", template.id);
            assert_eq!(zh.values["ask1_task"], template.asks[0].task.zh);
            assert_eq!(template.open(Lang::En, &demo()).values["ask1_task"], template.asks[0].task.en);
        }
    }

    #[test]
    fn every_mistake_of_a_file_is_named_at_once() {
        let text = "[[template]]\nid = \"A B\"\nname = \"\"\ntitle = \"x\"\nkind = \"odd\"\nwanted_by = \"2026-12-01\"\n\
                    [[template]]\nid = \"two\"\nname = \"两个\"\ntitle = \"x\"\npriorty = \"high\"\n\
                    [[template.ask]]\ntask = \"\"\ndepartment = \"a\"\nrole = \"coordinator\"\n\
                    [[template.ask]]\ntask = \"\"\nrole = \"chief\"\n\
                    [[template]]\nid = \"two\"\nname = \"再来\"\ntitle = \"x\"\n[[template.ask]]\ndepartment = \"a\"\ntask = \"t\"\nwanted_by = \"T+999\"\n";
        assert_snapshot!(faults(text));
        assert_eq!(faults("[[template]\n").lines().count(), 1, "no TOML at all");
    }

    #[test]
    fn a_department_that_is_gone_is_a_warning_and_its_row_is_left_out() {
        let text = "[[template]]\nid = \"a\"\nname = \"甲\"\ntitle = \"x\"\n[[template.ask]]\ndepartment = \"火星部\"\ntask = \"t\"\n\
                    [[template.ask]]\ndepartment = \"财务部\"\ntask = \"算\"\n";
        let templates = read("templates.toml", text).unwrap();
        let warned: Vec<String> = gone("t", &templates, &demo()).iter().map(ToString::to_string).collect();
        assert_eq!(
            warned,
            [
                "t: template a: the directory has no department 火星部; the form opens without that row; name another department"
            ]
        );
        let open = templates[0].open(Lang::Zh, &demo());
        assert_eq!(open.values["ask1_department"], "CWB");
        assert_eq!(open.faults[0].field, "ask2_department");
    }
}
