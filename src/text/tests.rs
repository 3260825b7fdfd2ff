//! The two languages side by side.

use std::collections::BTreeMap;

fn files(lang: &str) -> BTreeMap<String, toml::Table> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let read = entries.map(|entry| {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name.clone(), toml::from_str(&text).expect(&name))
    });
    read.collect()
}

/// Key → sorted names of its placeholders.
fn keys(path: &str, table: &toml::Table, out: &mut BTreeMap<String, Vec<String>>) {
    for (key, value) in table {
        let full = format!("{path}{key}");
        match value {
            toml::Value::Table(inner) => keys(&format!("{full}."), inner, out),
            other => {
                let text = other.as_str().expect(&full);
                let inside = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
                let name =
                    |(inside, _): (&str, &str)| inside.split('|').next().unwrap_or_default().to_owned();
                let mut names: Vec<String> = inside.map(name).collect();
                names.sort();
                names.dedup();
                out.insert(full, names);
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_placeholders() {
    let (zh, en) = (files("zh"), files("en"));
    assert!(zh.keys().eq(en.keys()), "files differ");
    for (name, table) in &zh {
        let (mut chinese, mut english) = (BTreeMap::new(), BTreeMap::new());
        keys("", table, &mut chinese);
        keys("", &en[name], &mut english);
        for (key, placeholders) in &chinese {
            assert_eq!(Some(placeholders), english.get(key), "{name}: {key}");
        }
        assert!(chinese.keys().eq(english.keys()), "{name}: English has further keys");
    }
}
