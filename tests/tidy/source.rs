//! A Rust file as the rules see it: the code with comments and literals blanked, the literals, and what is test code.
//!
//! Invariant: blanking keeps every line where it was, so a position in one view is the same place in the others.

use std::fs;
use std::path::Path;

/// One file.
pub struct Source {
    /// From the project's folder, with `/`.
    pub path: String,
    /// As written.
    pub text: String,
    /// Comments and literals blanked.
    pub code: String,
    /// `code` with test modules and test items blanked too; empty for a file that is test code as a whole.
    pub production: String,
    /// Every string literal of the production code: where it is, and what it says (escapes as written).
    pub literals: Vec<(usize, String)>,
}

impl Source {
    /// Reads a piece of code as if it were the file `path`.
    pub fn new(path: &str, text: &str) -> Self {
        let (code, mut literals) = blanked(text);
        let production = without_tests(&code);
        literals.retain(|(at, _)| !production[*at..].starts_with(GONE));
        let production = production.replace(GONE, " ");
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: code.replace(GONE, " "),
            production,
            literals,
        }
    }

    /// The line of a position, counted from one, as `path:line`.
    pub fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, self.text[..at].matches('\n').count() + 1)
    }
}

/// Stands for a blanked byte of test code. One byte, so that positions stay.
const GONE: char = '\u{1}';

const FOR_TESTS: &str = "#[cfg(test)]";

/// All files under a folder of the project whose name ends in one of `endings`, with their contents.
pub fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&super::root().join(folder), endings, &mut found);
    found.sort();
    found
}

/// The Rust files under some folders. A file that only a `#[cfg(test)] mod name;` brings in is test code as a whole.
pub fn sources(folders: &[&str]) -> Vec<Source> {
    let files: Vec<_> = folders.iter().flat_map(|folder| files(folder, &[".rs"])).collect();
    let tests: Vec<String> = files.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let is_test = |path: &str| {
        let module = path.trim_end_matches(".rs");
        let below = |test: &String| module.strip_prefix(test.as_str());
        path.starts_with("tests/")
            || tests.iter().filter_map(below).any(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let read = files.iter().map(|(path, text)| {
        let mut source = Source::new(path, text);
        if is_test(path) {
            source.production = String::new();
            source.literals.clear();
        }
        source
    });
    read.collect()
}

/// The modules in files of their own that a file declares for tests only, as paths without `.rs`.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let module = path.trim_end_matches(".rs");
    let folder =
        ["/mod", "/lib", "/main"].iter().find_map(|root| module.strip_suffix(root)).unwrap_or(module);
    let (code, _) = blanked(text);
    let items = code.match_indices(FOR_TESTS).map(|(at, _)| &code[at..item_end(&code, at + FOR_TESTS.len())]);
    let names = items.filter_map(|item| {
        let words: Vec<&str> = item.strip_suffix(';')?.split_whitespace().collect();
        let [.., "mod", name] = words.as_slice() else { return None };
        Some(format!("{folder}/{name}"))
    });
    names.collect()
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, endings, found);
            continue;
        }
        let name = path.strip_prefix(super::root()).unwrap().to_str().unwrap().replace('\\', "/");
        if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Blanks what follows each `#[cfg(test)]`: up to the `;`, or to the end of the braces.
fn without_tests(code: &str) -> String {
    let mut out = code.as_bytes().to_vec();
    let mut from = 0;
    while let Some(at) = code[from..].find(FOR_TESTS).map(|at| from + at) {
        let end = item_end(code, at + FOR_TESTS.len());
        out[at..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = GONE as u8);
        from = end;
    }
    String::from_utf8(out).unwrap()
}

fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[from..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (c == '}' || c == ';') {
            return from + at + 1;
        }
    }
    code.len()
}

/// Blanks comments and literals, and returns the string literals.
fn blanked(text: &str) -> (String, Vec<(usize, String)>) {
    let (mut code, mut literals) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at = text.len() - rest.len();
        let after_word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let (length, literal) = piece(rest, after_word);
        let piece = &rest[..length];
        if let Some(literal) = literal {
            literals.push((at, literal.to_owned()));
        }
        if length == c.len_utf8() && literal.is_none() {
            // Letters beyond ASCII in code would move positions: they are blanked like the rest.
            push_blank_unless(c.is_ascii(), piece, &mut code);
        } else {
            push_blank_unless(false, piece, &mut code);
        }
        rest = &rest[length..];
    }
    (code, literals)
}

fn push_blank_unless(keep: bool, piece: &str, code: &mut String) {
    if keep {
        code.push_str(piece);
    } else {
        code.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    }
}

/// The length of the comment or literal that `rest` begins with, else of one character; and what a string says.
fn piece(rest: &str, after_word: bool) -> (usize, Option<&str>) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), None);
    }
    if rest.starts_with('"') {
        let length = quoted(rest);
        return (length, Some(rest[1..length].strip_suffix('"').unwrap_or("")));
    }
    if let Some((length, inside)) = raw_string(rest).filter(|_| !after_word) {
        return (length, Some(inside));
    }
    if let Some(length) = character(rest) {
        return (length, None);
    }
    (rest.chars().next().map_or(1, char::len_utf8), None)
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &str) -> usize {
    let mut escaped = true;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `r"…"`, `br#"…"#` and the like.
fn raw_string(rest: &str) -> Option<(usize, &str)> {
    let hashed = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let opened = hashed.trim_start_matches('#');
    let closing = format!("\"{}", "#".repeat(hashed.len() - opened.len()));
    let inside = opened.strip_prefix('"')?;
    let length = inside.find(&closing)?;
    Some((rest.len() - inside.len() + length + closing.len(), &inside[..length]))
}

/// `'x'`, `'\n'`; but not the lifetime `'a`.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first == '\\' {
        return inside[2..].find('\'').map(|at| at + 4);
    }
    inside[first.len_utf8()..].starts_with('\'').then_some(first.len_utf8() + 2)
}

#[test]
fn comments_and_literals_are_not_code_and_lines_stay() {
    let text = "let a = \"x // \\\" y\"; // crate::web\n/* crate::web /* in */\n */ let b: &'a str = r#\"crate::\"web\"#; let c = '\"'; d";
    let source = Source::new("src/a.rs", text);
    assert!(!source.code.contains("web") && source.code.contains("let b: &'a str ="), "{}", source.code);
    assert!(source.code.ends_with("; d"));
    assert_eq!(source.code.matches('\n').count(), 2);
    let said: Vec<_> = source.literals.iter().map(|(_, said)| said.as_str()).collect();
    assert_eq!(said, ["x // \\\" y", "crate::\"web"]);
}

#[test]
fn test_code_is_told_from_production_code() {
    let text = "fn a() { \"one\"; }\n#[cfg(test)]\nmod tests { fn b() { \"two\"; } }\n#[cfg(test)] mod more;\nfn c() {}";
    let source = Source::new("src/a.rs", text);
    assert!(source.production.contains("fn a") && source.production.contains("fn c"));
    assert!(!source.production.contains("fn b") && !source.production.contains("more"));
    assert_eq!(source.literals.len(), 1);
    let declared =
        "#[cfg(test)]\n#[expect(dead_code)]\npub(crate) mod props; mod plain;\n#[cfg(test)] mod tests { }";
    assert_eq!(test_modules("src/card/mod.rs", declared), ["src/card/props"]);
    assert_eq!(test_modules("src/card/list.rs", declared), ["src/card/list/props"]);
}
