//! What card markdown may contain: for any card, and for ours, in which people's words are never markup.
//!
//! Invariant: depends on nothing but `serde_json`, like the reader that uses it.

use serde_json::Value;

/// What no markdown of a bot should contain: calls to everybody, unknown marks, links that are none.
pub fn dangers(content: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut rest, mut fonts) = (content, 0_i32);
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let mark = rest.split_inclusive('>').next().unwrap_or_default();
        fonts += i32::from(mark.starts_with("<font ")) - i32::from(mark == "</font>");
        if !is_mark(mark) || fonts < 0 {
            found.push(format!("unknown mark `{mark}`"));
        }
        rest = &rest[1..];
    }
    if fonts != 0 {
        found.push("a font does not end".to_owned());
    }
    for (at, _) in content.match_indices("](") {
        if !content[at + 2..].starts_with("https://") {
            found.push("a link leads outside the web".to_owned());
        }
    }
    if content.contains("![") {
        found.push("an image".to_owned());
    }
    found
}

fn is_mark(mark: &str) -> bool {
    let within = |open: &str| mark.strip_prefix(open).and_then(|rest| rest.strip_suffix('>'));
    let is_id = |id: &str| {
        id.strip_prefix("ou_")
            .is_some_and(|id| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric()))
    };
    let is_colour = |value: &str| {
        let word = value.strip_prefix("color='").and_then(|rest| rest.strip_suffix('\''));
        word.is_some_and(|word| super::properties::COLOURS.contains(&word))
    };
    matches!(mark, "</font>" | "</at>" | "</text_tag>" | "</local_datetime>")
        || within("<at id=").is_some_and(is_id)
        || within("<font ").is_some_and(is_colour)
        || within("<text_tag ").is_some_and(is_colour)
        || within("<local_datetime ").is_some_and(|rest| rest.starts_with("millisecond='"))
}

/// Tables written with pipes, which count as tables.
pub fn tables(content: &str) -> usize {
    let rule = |line: &&str| {
        let line = line.trim();
        line.contains('|') && line.contains("---") && line.chars().all(|c| "|-: ".contains(c))
    };
    content.lines().filter(rule).count()
}

/// Where a card of ours has markup that we did not put there: bold lines, coloured lines and mentions are ours.
pub fn strange(card: &Value) -> Vec<String> {
    let mut found = Vec::new();
    each_markdown(card, &mut |content| {
        for line in content.lines() {
            let bare = without_ours(line);
            if bare.contains(|c| "<>*_~#[]()`:|\\".contains(c)) || line.trim_start().starts_with(['-', '+']) {
                found.push(line.to_owned());
            }
        }
    });
    found
}

fn each_markdown(value: &Value, look: &mut impl FnMut(&str)) {
    if value["tag"] == "markdown" || value["tag"] == "lark_md" {
        look(value["content"].as_str().unwrap_or_default());
    }
    match value {
        Value::Object(map) => map.values().for_each(|value| each_markdown(value, look)),
        Value::Array(list) => list.iter().for_each(|value| each_markdown(value, look)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A line without pairs of `**`, without marks that are known, and without entities.
fn without_ours(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let mark = rest.split_inclusive('>').next().filter(|mark| is_mark(mark));
        let entity = rest.split_inclusive(';').next().filter(|entity| is_entity(entity));
        let skip = mark.or(entity).map_or(0, str::len);
        if skip == 0 {
            out.push(c);
        }
        rest = &rest[skip.max(c.len_utf8() * usize::from(skip == 0))..];
    }
    let pairs = out.matches("**").count();
    if pairs.is_multiple_of(2) { out.replace("**", "") } else { out }
}

fn is_entity(text: &str) -> bool {
    let inner = text.strip_prefix('&').and_then(|rest| rest.strip_suffix(';'));
    inner.is_some_and(|inner| {
        matches!(inner, "amp" | "lt" | "gt")
            || inner.strip_prefix('#').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
    })
}
