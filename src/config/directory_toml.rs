//! The shape of a directory → the text of `config/directory.toml`.
//!
//! Invariant: what is written reads back as the same directory; what is usual is left out, so that people can find
//! their way in the file.

use crate::domain::directory::check::DirectoryFile;

/// The text of a directory file with this content; what is empty is left out.
pub fn written(shape: &DirectoryFile) -> Result<String, toml::ser::Error> {
    let mut root = toml::Table::try_from(shape)?;
    for kind in ["department", "person"] {
        let entries = root.get_mut(kind).and_then(toml::Value::as_array_mut);
        for entry in entries.into_iter().flatten().filter_map(toml::Value::as_table_mut) {
            entry.retain(|key, value| !is_usual(key, value));
        }
    }
    toml::to_string(&root)
}

/// Whether a value is what holds when nothing is written.
fn is_usual(key: &str, value: &toml::Value) -> bool {
    let empty = value.as_str().is_some_and(str::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_table().is_some_and(toml::Table::is_empty);
    empty
        || (key == "active" && value.as_bool() == Some(true))
        || (key == "language" && value.as_str() == Some("zh"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::directory::check;

    #[test]
    fn what_is_written_reads_back_as_the_same_company() {
        let demo = include_str!("../../config/demo/directory.toml");
        let shape: DirectoryFile =
            toml::from_str(&demo.replace("2026-01-01", "'2026-01-01'").replace("2030-12-31", "'2030-12-31'"))
                .unwrap();
        let (before, again) =
            (check::read("a", demo).unwrap(), check::read("b", &written(&shape).unwrap()).unwrap());
        assert_eq!(before.directory.people, again.directory.people);
        assert_eq!(before.directory.departments, again.directory.departments);
    }
}
