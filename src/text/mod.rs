//! The words for people: locale files → checked keys. Nobody else holds words for people.
//!
//! Invariant: every key exists in every language with the same placeholders (checked by tests); a key that is missing
//! all the same shows as itself, so that nothing breaks in front of people.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

use crate::domain::Lang;

#[cfg(test)]
mod tests;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Files;

/// Key → text, of one language. Keys are table paths joined with dots.
type Catalogue = BTreeMap<String, String>;

static ZH: LazyLock<Catalogue> = LazyLock::new(|| read("zh/"));
static EN: LazyLock<Catalogue> = LazyLock::new(|| read("en/"));

fn catalogue(lang: Lang) -> &'static Catalogue {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// The text of a key, placeholders filled in: `{name}`, or `{n|one|many}` chosen by a number.
pub fn say(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    let Some(template) = catalogue(lang).get(key) else { return key.to_owned() };
    fill(template, args)
}

/// A text without placeholders.
pub fn word(lang: Lang, key: &str) -> String {
    say(lang, key, &[])
}

/// Whether a key exists.
pub fn has(lang: Lang, key: &str) -> bool {
    catalogue(lang).contains_key(key)
}

/// All texts whose key begins with a prefix: what a page needs.
pub fn flat(lang: Lang, prefix: &str) -> BTreeMap<String, String> {
    let of_prefix = catalogue(lang).iter().filter(|(key, _)| key.starts_with(prefix));
    of_prefix.map(|(key, text)| (key.clone(), text.clone())).collect()
}

fn fill(template: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((inside, then)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        out.push_str(&value(inside, args));
        rest = then;
    }
    out.push_str(rest);
    out
}

/// `name`, or `name|one|many`: the second where the number is 1, the third otherwise.
fn value(inside: &str, args: &[(&str, &str)]) -> String {
    let mut parts = inside.split('|');
    let name = parts.next().unwrap_or_default();
    let given = args.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
    match (parts.next(), parts.next(), given) {
        (Some(one), Some(_), Some("1")) => one.to_owned(),
        (Some(_), Some(many), Some(_)) => many.to_owned(),
        (_, _, Some(value)) => value.to_owned(),
        (_, _, None) => format!("{{{inside}}}"),
    }
}

fn read(folder: &str) -> Catalogue {
    let mut catalogue = Catalogue::new();
    for name in Files::iter().filter(|name| name.starts_with(folder)) {
        let Some(file) = Files::get(&name) else { continue };
        let text = String::from_utf8_lossy(&file.data);
        match toml::from_str::<toml::Table>(&text) {
            Ok(table) => flatten("", &table, &mut catalogue),
            // Every locale file is read by a test; this only happens while somebody edits one.
            Err(error) => tracing::error!("locale file {name} cannot be read: {error}"),
        }
    }
    catalogue
}

fn flatten(path: &str, table: &toml::Table, out: &mut Catalogue) {
    for (key, value) in table {
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&full, inner, out),
            toml::Value::String(text) => {
                out.insert(full, text.clone());
            }
            other => tracing::error!("locale key {full} is not a text: {other}"),
        }
    }
}
