//! The reference of commands as a page, made from the table: what `docs/commands.md` holds.
//!
//! Invariant: pure; every command stands in it once, under its group, in the order of help. Nothing that runs needs it.

use super::commands::{Command, Group, PREFIXES, of_group};

/// The page in Markdown under a title, in the language of `texts`, which gives the text of a key.
pub fn reference(title: &str, texts: &dyn Fn(&str) -> String) -> String {
    let prefixes: Vec<String> = PREFIXES.iter().map(|prefix| format!("`/{prefix} help`")).collect();
    let mut page =
        format!("# {title}\n\n{}\n\n{} = `/help`\n", texts("command.page.intro"), prefixes.join(" = "));
    for &group in Group::ALL {
        page.push_str(&format!("\n## {}\n\n", texts(group.title())));
        let columns = ["usage", "summary", "names"].map(|column| texts(&format!("command.page.{column}")));
        page.push_str(&format!("| {} |\n| --- | --- | --- |\n", columns.join(" | ")));
        of_group(group).for_each(|command| page.push_str(&row(command, texts)));
    }
    page
}

/// The texts of commands and of their faults in one language, from every file that has some.
pub fn catalogue(language: &str) -> toml::Table {
    let folder = format!("{}/locales/{language}", env!("CARGO_MANIFEST_DIR"));
    let (mut commands, mut faults) = (toml::Table::new(), toml::Table::new());
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let table: toml::Table = text.parse().unwrap();
        for (name, all) in [("command", &mut commands), ("fault", &mut faults)] {
            if let Some(toml::Value::Table(own)) = table.get(name) {
                all.extend(own.clone());
            }
        }
    }
    let both = [("command", commands), ("fault", faults)];
    both.into_iter().map(|(name, table)| (name.to_owned(), toml::Value::Table(table))).collect()
}

fn row(command: &Command, texts: &dyn Fn(&str) -> String) -> String {
    let names: Vec<String> = command.names.iter().map(|name| format!("`/{name}`")).collect();
    let usage = texts(&command.usage_key()).replace('|', "\\|");
    format!("| `{usage}` | {} | {} |\n", texts(&command.summary_key()).replace('|', "\\|"), names.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{catalogue, reference};

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/commands.md");
    const LANGUAGES: [(&str, &str); 2] = [("Commands", "en"), ("命令", "zh")];

    /// The page in one language, from its catalogue.
    fn page((title, language): (&str, &str)) -> String {
        let texts = catalogue(language);
        reference(title, &|key| {
            let mut parts = key.split('.');
            let first = texts.get(parts.next().unwrap());
            let text = parts.fold(first, |table, part| table.and_then(|table| table.get(part)));
            text.and_then(|text| text.as_str()).unwrap_or("this key has no text").to_owned()
        })
    }

    /// Rewritten with `LIAISON_WRITE_DOCS=1 cargo test --lib the_page_of_commands`.
    #[test]
    fn the_page_of_commands_is_the_table_of_commands() {
        let wanted = LANGUAGES.map(page).join("\n");
        if std::env::var_os("LIAISON_WRITE_DOCS").is_some_and(|value| value == "1") {
            std::fs::write(FILE, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(FILE).unwrap_or_default();
        assert!(found == wanted, "docs/commands.md is not what the table of commands says: write it anew");
    }
}
