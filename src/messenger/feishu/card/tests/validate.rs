//! A strict reader of card JSON 2.0, at least as strict as what is documented of the platform's.
//!
//! Invariant: depends on nothing but `serde_json` and the table beside it, so that a fake platform can use it too. The
//! limits are the careful ones that we keep to, not the last ones that the platform takes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

#[path = "markup.rs"]
pub mod markup;
#[path = "properties.rs"]
mod properties;

use properties::{COMMON, COMPONENTS, May, Property, RICH, ROOT, is_allowed};

const MOST_BYTES: usize = 25_000;
const MOST_ELEMENTS: usize = 150;
const MOST_TABLES: usize = 3;
const DEEPEST: usize = 5;
const CONTAINERS: &[&str] = &["form", "column_set", "column", "collapsible_panel", "interactive_container"];
/// What sends something when it is used.
const INTERACTIVE: &[&str] = &[
    "button",
    "input",
    "select_static",
    "multi_select_static",
    "select_person",
    "multi_select_person",
    "date_picker",
    "picker_time",
    "picker_datetime",
    "overflow",
    "checker",
];

/// Everything that is wrong with a card; nothing, if the platform may have it.
pub fn complaints(card: &Value) -> Vec<String> {
    let mut reader = Reader::default();
    let bytes = card.to_string().len();
    if bytes >= MOST_BYTES {
        reader.complain("card", format!("{bytes} bytes"));
    }
    reader.object(card, ROOT, "card");
    if card["config"]["update_multi"] != Value::Bool(true) {
        reader.complain("config", "update_multi is not true");
    }
    if reader.elements > MOST_ELEMENTS {
        reader.complain("card", format!("{} elements", reader.elements));
    }
    if reader.tables > MOST_TABLES {
        reader.complain("card", format!("{} tables", reader.tables));
    }
    reader.complaints
}

#[derive(Default)]
struct Reader {
    complaints: Vec<String>,
    /// Tags of the containers around.
    around: Vec<String>,
    names: BTreeSet<String>,
    ids: BTreeSet<String>,
    elements: usize,
    tables: usize,
    /// Submit buttons so far.
    submits: usize,
}

impl Reader {
    fn complain(&mut self, place: &str, what: impl AsRef<str>) {
        let around = self.around.join("/");
        self.complaints.push(format!("{around}/{place}: {}", what.as_ref()));
    }

    fn object(&mut self, value: &Value, properties: &[Property], place: &str) {
        match value.as_object() {
            Some(map) => self.properties(map, &[properties], place),
            None => self.complain(place, format!("is no object: {value}")),
        }
    }

    fn properties(&mut self, map: &Map<String, Value>, tables: &[&[Property]], place: &str) {
        let known = || tables.iter().flat_map(|table| table.iter());
        for (name, _, _) in known().filter(|(name, _, must)| *must && !map.contains_key(*name)) {
            self.complain(place, format!("lacks `{name}`"));
        }
        for (name, value) in map {
            match known().find(|(known, _, _)| known == name) {
                Some((_, may, _)) => self.value(*may, value, &format!("{place}.{name}")),
                None => self.complain(place, format!("unknown property `{name}`")),
            }
        }
    }

    fn value(&mut self, may: May, value: &Value, place: &str) {
        match is_allowed(may, value) {
            Some(true) => return,
            Some(false) => return self.complain(place, format!("is {value}")),
            None => {}
        }
        match may {
            May::Plain(most) => self.plain(value, most, place),
            May::Rich => self.rich(value, place),
            May::Markdown => self.markdown(value, place),
            May::Name => self.once(value, place, true),
            May::Id => self.once(value, place, false),
            May::Object(properties) => self.object(value, properties, place),
            May::Behaviours => self.behaviours(value, place),
            May::Elements => self.list(value, place, Self::element),
            May::Each(properties) => {
                // The words in a head have a tag, and count.
                self.elements +=
                    value.as_array().map_or(0, |l| l.iter().filter(|e| e["tag"].is_string()).count());
                self.list(value, place, |reader, one, place| reader.object(one, properties, place));
            }
            May::Text(_) | May::Be(_) | May::Measure(_) | May::Space | May::Flag | May::Number(..) => {}
            May::Digits(_) | May::Address | May::Whole => {}
        }
    }

    fn list(&mut self, value: &Value, place: &str, mut read: impl FnMut(&mut Self, &Value, &str)) {
        match value.as_array() {
            Some(list) => list.iter().for_each(|one| read(self, one, place)),
            None => self.complain(place, "is no list"),
        }
    }

    fn plain(&mut self, value: &Value, most: usize, place: &str) {
        self.elements += 1;
        let content = value["content"].as_str().unwrap_or_default();
        let only = value.as_object().is_some_and(|map| map.len() == 2);
        if value["tag"] != "plain_text" || !only {
            return self.complain(place, format!("is no plain text: {value}"));
        }
        if content.is_empty() || content.chars().count() > most {
            self.complain(place, format!("has {} characters", content.chars().count()));
        }
    }

    fn rich(&mut self, value: &Value, place: &str) {
        self.elements += 1;
        let Some(map) = value.as_object() else { return self.complain(place, "is no text") };
        let mut rest = map.clone();
        rest.remove("tag");
        self.properties(&rest, &[RICH], place);
        match value["tag"].as_str() {
            Some("plain_text") if value["content"].as_str().is_some_and(|text| !text.is_empty()) => {}
            Some("lark_md") => self.markdown(&value["content"], place),
            _ => self.complain(place, format!("is no text: {value}")),
        }
    }

    fn markdown(&mut self, value: &Value, place: &str) {
        let Some(content) = value.as_str().filter(|content| !content.is_empty()) else {
            return self.complain(place, "is empty");
        };
        for what in markup::dangers(content) {
            self.complain(place, what);
        }
        self.tables += markup::tables(content);
    }

    fn once(&mut self, value: &Value, place: &str, is_name: bool) {
        let text = value.as_str().unwrap_or_default();
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || (is_name && c == '-');
        let fits = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(letters);
        if !fits || (!is_name && text.len() > 20) {
            self.complain(place, format!("is {value}"));
        }
        let seen = if is_name { &mut self.names } else { &mut self.ids };
        if !seen.insert(text.to_owned()) {
            self.complain(place, format!("{value} is there twice"));
        }
    }

    fn behaviours(&mut self, value: &Value, place: &str) {
        self.list(value, place, |reader, one, place| {
            let fine = match one["type"].as_str() {
                Some("callback") => {
                    one["value"].as_object().is_some_and(|value| !value.is_empty())
                        && has_only(one, &["value"])
                }
                Some("open_url") => {
                    let address = one["default_url"].as_str().unwrap_or_default();
                    address.starts_with("https://")
                        && has_only(one, &["default_url", "pc_url", "ios_url", "android_url"])
                }
                _ => false,
            };
            if !fine {
                reader.complain(place, format!("does nothing that is known: {one}"));
            }
        });
    }

    fn element(&mut self, element: &Value, place: &str) {
        let tag = element["tag"].as_str().unwrap_or_default().to_owned();
        let Some((_, properties)) = COMPONENTS.iter().find(|(known, _)| *known == tag) else {
            return self.complain(place, format!("unknown tag in {element}"));
        };
        let Some(map) = element.as_object() else { return };
        self.elements += 1;
        self.stands_well(&tag, map);
        let submits = self.submits;
        let is_container = CONTAINERS.contains(&tag.as_str());
        if is_container {
            self.around.push(tag.clone());
        }
        self.properties(map, &[COMMON, properties], &tag);
        if tag == "form" && self.submits == submits {
            self.complain(&tag, "nothing submits it");
        }
        if is_container {
            self.around.pop();
        }
        self.whole(&tag, map);
    }

    /// Whether it may be where it is.
    fn stands_well(&mut self, tag: &str, map: &Map<String, Value>) {
        let is_in = |what: &str| self.around.iter().any(|tag| tag == what);
        let in_form = is_in("form");
        let in_columns = self.around.last().is_some_and(|tag| tag == "column_set");
        let acts = map.contains_key("behaviors");
        let mut wrong = Vec::new();
        if matches!(tag, "form" | "table") && !self.around.is_empty() {
            wrong.push("is not at the root");
        }
        if (tag == "column") != in_columns {
            wrong.push("columns stand in column sets, and nothing else does");
        }
        if CONTAINERS.contains(&tag) && self.around.len() >= DEEPEST {
            wrong.push("is nested too deep");
        }
        if INTERACTIVE.contains(&tag) && in_form && !map.contains_key("name") {
            wrong.push("has no name, but stands in a form");
        }
        if INTERACTIVE.contains(&tag) && !in_form && !acts {
            wrong.push("has no behaviour and no form");
        }
        if tag == "button" && !in_form && map.contains_key("form_action_type") {
            wrong.push("submits no form");
        }
        wrong.into_iter().for_each(|what| self.complain(tag, what));
    }

    /// What concerns several properties of a component.
    fn whole(&mut self, tag: &str, map: &Map<String, Value>) {
        let empty = |name: &str| map.get(name).and_then(Value::as_array).is_some_and(Vec::is_empty);
        if ["elements", "columns", "behaviors", "fields", "persons"].into_iter().any(empty) {
            self.complain(tag, "has an empty list");
        }
        match tag {
            "button" if map.get("form_action_type").is_some_and(|kind| kind == "submit") => self.submit(map),
            "select_static" | "multi_select_static" => self.choices(tag, map),
            "input" => self.typed(map),
            "table" => self.table(map),
            "div" if !map.contains_key("text") && !map.contains_key("fields") => {
                self.complain(tag, "is empty")
            }
            _ => {}
        }
    }

    fn submit(&mut self, map: &Map<String, Value>) {
        self.submits += 1;
        let calls = |one: &Value| one["type"] == "callback";
        if !map.get("behaviors").and_then(Value::as_array).is_some_and(|list| list.iter().any(calls)) {
            self.complain("button", "submits without a callback");
        }
    }

    fn choices(&mut self, tag: &str, map: &Map<String, Value>) {
        let options = map.get("options").and_then(Value::as_array).cloned().unwrap_or_default();
        let values: BTreeSet<_> = options.iter().filter_map(|option| option["value"].as_str()).collect();
        if values.is_empty() || values.len() != options.len() {
            self.complain(tag, "has no choice, or one twice");
        }
        let one = map.get("initial_option").into_iter();
        let many = map.get("selected_values").and_then(Value::as_array).into_iter().flatten();
        for chosen in one.chain(many) {
            if !chosen.as_str().is_some_and(|chosen| values.contains(chosen)) {
                self.complain(tag, format!("{chosen} is no choice"));
            }
        }
    }

    fn typed(&mut self, map: &Map<String, Value>) {
        let typed = map.get("default_value").and_then(Value::as_str).unwrap_or_default();
        let most = map.get("max_length").and_then(Value::as_u64).unwrap_or(1_000);
        if u64::try_from(typed.chars().count()).is_ok_and(|typed| typed > most) {
            self.complain("input", "has more typed into it than it takes");
        }
    }

    fn table(&mut self, map: &Map<String, Value>) {
        self.tables += 1;
        let columns = map.get("columns").and_then(Value::as_array).cloned().unwrap_or_default();
        let names: BTreeSet<_> = columns.iter().filter_map(|column| column["name"].as_str()).collect();
        if names.len() != columns.len() || columns.len() > 50 {
            self.complain("table", "has a column twice, or too many");
        }
        for row in map.get("rows").and_then(Value::as_array).into_iter().flatten() {
            let cells = row.as_object().map(|row| row.keys().map(String::as_str).collect::<BTreeSet<_>>());
            if !cells.is_some_and(|cells| cells.is_subset(&names)) {
                self.complain("table", format!("has a cell that is in no column: {row}"));
            }
        }
    }
}

fn has_only(value: &Value, properties: &[&str]) -> bool {
    let known = |name: &String| name == "type" || properties.contains(&name.as_str());
    value.as_object().is_some_and(|map| map.keys().all(known))
}
