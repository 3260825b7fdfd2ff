//! Cards as a client sees them: buttons that can be pressed, fields that can be filled in.
//!
//! Invariant: only what is on the card can be pressed or filled in; what is sent along is what a client sends along.

use serde_json::{Map, Value, json};

/// A button on a card, with the form that it sends, if it is in one.
#[derive(Clone, Debug)]
pub struct Button {
    /// What comes back when it is pressed.
    pub value: Value,
    /// Its name, inside a form.
    pub name: Option<String>,
    form: Option<Value>,
}

/// All components of a tag, wherever they stand.
pub fn all<'a>(value: &'a Value, tag: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            if fields.get("tag").and_then(Value::as_str) == Some(tag) {
                found.push(value);
            }
            fields.values().for_each(|field| all(field, tag, found));
        }
        Value::Array(items) => items.iter().for_each(|item| all(item, tag, found)),
        _ => {}
    }
}

fn of<'a>(value: &'a Value, tag: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    all(value, tag, &mut found);
    found
}

/// What can be pressed on a card, by what is written on it.
pub fn labels(card: &Value) -> Vec<String> {
    let pressable = of(card, "button").into_iter().filter(|button| button["disabled"] != true);
    pressable.map(|button| button["text"]["content"].as_str().unwrap().to_owned()).collect()
}

/// The button with these words on it.
pub fn button(card: &Value, label: &str) -> Option<Button> {
    let is_it = |button: &&Value| button["text"]["content"] == label && button["disabled"] != true;
    let found = of(card, "button").into_iter().find(is_it)?;
    let form = of(card, "form").into_iter().find(|form| of(form, "button").into_iter().any(|b| b == found));
    Some(Button {
        value: found["behaviors"][0]["value"].clone(),
        name: found["name"].as_str().map(str::to_owned),
        form: form.cloned(),
    })
}

/// The title of a card.
pub fn title(card: &Value) -> String {
    card["header"]["title"]["content"].as_str().unwrap_or("(no title)").to_owned()
}

/// The fields of the form on a card: the component, by name.
pub fn fields(card: &Value) -> Vec<(String, Value)> {
    let forms = of(card, "form");
    let tags = ["input", "select_static", "multi_select_static", "date_picker"];
    let inside = tags.iter().flat_map(|tag| forms.iter().flat_map(|form| of(form, tag)));
    inside.map(|field| (field["name"].as_str().unwrap().to_owned(), field.clone())).collect()
}

/// What stands in a field before anybody has touched it.
pub fn standing(field: &Value) -> Value {
    let key = match field["tag"].as_str().unwrap() {
        "input" => "default_value",
        "select_static" => "initial_option",
        "multi_select_static" => "selected_values",
        _ => "initial_date",
    };
    field[key].clone()
}

impl Button {
    /// The `action` of the event: with the form as it stands, but for the fields that are filled in.
    pub fn action(&self, values: &[(&str, &str)]) -> Value {
        let mut action = json!({ "tag": "button", "value": self.value });
        if let Some(name) = &self.name {
            action["name"] = json!(name);
        }
        if let Some(form) = &self.form {
            action["form_value"] = filled(form, values);
        } else {
            assert!(values.is_empty(), "there is no form to fill in");
        }
        action
    }
}

fn filled(form: &Value, values: &[(&str, &str)]) -> Value {
    let fields = fields(form);
    for (name, _) in values {
        assert!(fields.iter().any(|(known, _)| known == name), "the form has no field {name}");
    }
    let mut sent = Map::new();
    for (name, field) in &fields {
        let typed = values.iter().find(|(field, _)| field == name).map(|(_, text)| *text);
        let value = typed.map_or_else(|| standing(field), |text| chosen(field, text));
        let value = match field["tag"].as_str() {
            // A picked day comes with the offset of the client.
            Some("date_picker") if value.is_string() => json!(format!("{} +0800", value.as_str().unwrap())),
            _ => value,
        };
        // What is empty is left out, as some clients do.
        if !value.is_null() && value != "" {
            sent.insert(name.clone(), value);
        }
    }
    Value::Object(sent)
}

/// What a client sends for a text: a choice can only be one of those that are there.
fn chosen(field: &Value, text: &str) -> Value {
    let options =
        || field["options"].as_array().unwrap().iter().map(|option| option["value"].as_str().unwrap());
    match field["tag"].as_str().unwrap() {
        "select_static" if !text.is_empty() => {
            assert!(options().any(|value| value == text), "{text} cannot be chosen: {field}");
            json!(text)
        }
        "multi_select_static" => {
            let several: Vec<&str> = text.split(',').filter(|one| !one.is_empty()).collect();
            assert!(several.iter().all(|one| options().any(|value| value == *one)), "{text}: {field}");
            json!(several)
        }
        _ => json!(text),
    }
}

/// What stands right before a field: its label, and what is wrong with it.
pub fn label(card: &Value, name: &str) -> String {
    let forms = of(card, "form");
    let elements = forms[0]["elements"].as_array().unwrap();
    let at = elements.iter().position(|element| element["name"] == name).unwrap();
    elements[at - 1]["content"].as_str().unwrap().to_owned()
}

/// The card without what its buttons carry, which is sealed anew each time.
pub fn unsealed(card: &Value) -> Value {
    match card {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| *name != "behaviors");
            kept.map(|(name, value)| (name.clone(), unsealed(value))).collect()
        }
        Value::Array(items) => items.iter().map(unsealed).collect(),
        other => other.clone(),
    }
}
