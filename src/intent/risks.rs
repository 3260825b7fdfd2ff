//! What can be wanted of risk plans, and how it is typed: `/risk SCB-12 delay high/medium #2 >3,7 @owner what → measure`.
//!
//! Invariant: as everywhere in this room names stay as typed; a plan is a request as typed and a number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decisions::numbered;
use super::fault::{Fault, Problem};
use super::words::{Kind, Word, Words};
use super::{RequestRef, Want};

/// What can be wanted of the risk plans of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "risk_want", rename_all = "snake_case")]
pub enum RiskWant {
    /// `/risk <no>`
    List { request: RequestRef },
    /// `/risk <no> …`: what is missing is asked by the form; `said` are fields of the form as typed.
    Plan { request: RequestRef, said: BTreeMap<String, String> },
    /// `/risk edit <no>-R1`: opens the form with the plan.
    Edit { request: RequestRef, risk: i64 },
    /// The submit button under the form; `risk` is set when a plan is changed.
    Save { request: RequestRef, risk: Option<i64> },
    /// `/risk retire <no>-R1`
    Retire { request: RequestRef, risk: i64 },
    /// `/risk fire <no>-R1 <reason>`; without a reason the form opens.
    Fire { request: RequestRef, risk: i64, reason: Option<String> },
}

type Parsed = Result<Want, Fault>;

/// `/risk …`
pub fn risk(mut words: Words<'_>) -> Parsed {
    let first = words.peek().cloned();
    let verb = first.as_ref().map(Word::plain).unwrap_or_default();
    let known = match verb.as_str() {
        "添加" | "add" | "新增" | "登记" => {
            words.take();
            let request = words.request()?;
            return plan(words, request);
        }
        "修改" | "edit" | "编辑" => Verb::Edit,
        "停用" | "retire" | "关闭" => Verb::Retire,
        "触发" | "fire" => Verb::Fire,
        _ => {
            let request = words.request()?;
            return match words.peek() {
                None => Ok(Want::Risk(RiskWant::List { request })),
                Some(_) => plan(words, request),
            };
        }
    };
    words.take();
    let Some((request, risk)) = numbered(&mut words, 'R') else {
        let at = words.peek().or(first.as_ref());
        return Err(
            at.map_or(Fault { problem: Problem::Numbered, at: None }, |w| Fault::at(Problem::Numbered, w))
        );
    };
    let want = match known {
        Verb::Fire => return Ok(Want::Risk(RiskWant::Fire { request, risk, reason: words.rest() })),
        Verb::Edit => RiskWant::Edit { request, risk },
        Verb::Retire => RiskWant::Retire { request, risk },
    };
    words.finish().map(|()| Want::Risk(want))
}

enum Verb {
    Edit,
    Retire,
    Fire,
}

const KINDS: [&str; 10] = [
    "资源不足",
    "进度延迟",
    "部门冲突",
    "外部变化",
    "其他",
    "resources",
    "delay",
    "conflict",
    "external",
    "other",
];
const LEVELS: [&str; 6] = ["高", "中", "低", "high", "medium", "low"];

/// Words of the form in any order: `进度延迟 高/中 任务2 >3,7 @负责人 @上级 描述 → 措施`.
fn plan(mut words: Words<'_>, request: RequestRef) -> Parsed {
    let mut said = Said::default();
    while let Some(word) = words.take() {
        match word.kind {
            Kind::Mention if said.puts(&["risk_owner", "risk_superior"], word.name()) => {}
            Kind::Mention => return Err(Fault::at(Problem::OnePerson, &word)),
            Kind::Plain if said.measure.is_none() && said.takes(&word.plain(), &mut words) => {}
            Kind::Plain | Kind::Quoted => said.text().push(word.typed.to_owned()),
        }
    }
    Ok(Want::Risk(RiskWant::Plan { request, said: said.fields() }))
}

/// A line while it is read.
#[derive(Default)]
struct Said {
    fields: BTreeMap<String, String>,
    description: Vec<String>,
    measure: Option<Vec<String>>,
}

impl Said {
    /// Keeps a value in the first of the fields that is free.
    fn puts(&mut self, fields: &[&str], value: String) -> bool {
        let free = fields.iter().find(|f| !self.fields.contains_key(**f));
        free.map(|f| self.fields.insert((*f).to_owned(), value)).is_some()
    }

    /// Whether a word of the description's side is a field of its own, or the arrow before the measure.
    fn takes(&mut self, plain: &str, words: &mut Words<'_>) -> bool {
        if matches!(plain, "→" | "->" | "=>" | "措施" | "应对" | "measure") {
            self.measure = Some(Vec::new());
            return true;
        }
        if KINDS.contains(&plain) {
            return self.puts(&["risk_kind"], plain.to_owned());
        }
        if let [likelihood, impact] = plain.split('/').collect::<Vec<_>>().as_slice()
            && LEVELS.contains(likelihood)
            && LEVELS.contains(impact)
        {
            return self.puts(&["likelihood"], (*likelihood).to_owned())
                && self.puts(&["risk_impact"], (*impact).to_owned());
        }
        let late = ["延期>", "late>", ">"].iter().find_map(|mark| plain.strip_prefix(mark));
        if let Some(days) = late.filter(|days| days.starts_with(|c: char| c.is_ascii_digit())) {
            let mut days = vec![days.to_owned()];
            // A comma parts words: `>3,7` is two of them.
            while let Some(more) = words.peek().map(Word::plain).filter(|w| is_number(w)) {
                days.push(more);
                words.take();
            }
            return self.puts(&["risk_late"], days.join(","));
        }
        match plain {
            "关键路径" | "path" => self.puts(&["risk_watch"], "path".to_owned()),
            "手动" | "人工" | "hand" => self.puts(&["risk_watch"], "hand".to_owned()),
            _ => match plain.strip_prefix("任务").or_else(|| plain.strip_prefix('#')) {
                Some(number) if is_number(number) => self.puts(&["risk_watch"], number.to_owned()),
                _ => false,
            },
        }
    }

    fn text(&mut self) -> &mut Vec<String> {
        self.measure.as_mut().unwrap_or(&mut self.description)
    }

    fn fields(self) -> BTreeMap<String, String> {
        let mut fields = self.fields;
        let texts = [("risk_description", self.description), ("measure", self.measure.unwrap_or_default())];
        for (field, words) in texts.into_iter().filter(|(_, words)| !words.is_empty()) {
            fields.insert(field.to_owned(), words.join(" "));
        }
        fields
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}
