//! The reference of commands as a page, made from the table: what `docs/commands.md` holds.
//!
//! Invariant: pure; every command stands in it once, under its group, in the order of help.

use super::commands::{Command, Group, PREFIXES, of_group};

/// The page in Markdown, in the language of `texts`, which gives the text of a key.
pub fn reference(texts: &dyn Fn(&str) -> String) -> String {
    let prefixes: Vec<String> = PREFIXES.iter().map(|prefix| format!("`/{prefix}`")).collect();
    let mut page = format!("# {}\n\n{}\n", texts("command.page.title"), texts("command.page.intro"));
    page.push_str(&format!("\n{} {}\n", texts("command.page.prefixes"), prefixes.join(" ")));
    for &group in Group::ALL {
        page.push_str(&format!("\n## {}\n\n", texts(group.title())));
        let columns = ["usage", "summary", "names"].map(|column| texts(&format!("command.page.{column}")));
        page.push_str(&format!("| {} |\n| --- | --- | --- |\n", columns.join(" | ")));
        of_group(group).for_each(|command| page.push_str(&row(command, texts)));
    }
    page
}

fn row(command: &Command, texts: &dyn Fn(&str) -> String) -> String {
    let names: Vec<String> = command.names.iter().map(|name| format!("`/{name}`")).collect();
    let usage = texts(&command.usage_key()).replace('|', "\\|");
    format!("| `{usage}` | {} | {} |\n", texts(&command.summary_key()).replace('|', "\\|"), names.join(" "))
}
