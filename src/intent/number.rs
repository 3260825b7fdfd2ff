//! Request numbers as people type them: `2026-Q4-SCB-001`, `scb-1`, `１`.
//!
//! Invariant: the canonical text of a canonical text is itself, and two spellings of one number have one canonical text.

use super::fold;

/// What a word is, where a request number may stand.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// A number, in canonical form; `length` bytes of the word, words may be glued on after it (`SCB-12时间太紧`).
    Number { canonical: String, length: usize },
    /// Meant as a number, but none: `2026-Q5-SCB-001`, `SCB-00l`.
    Broken,
    /// Something else.
    Other,
}

/// Upper case, plain characters, the serial with three places: `scb－1` is `SCB-001`, `12` is `012`. A full number
/// ends with `-` and the canonical text of each of its short forms, so finding one is a comparison of endings.
pub fn canonical(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let folded = fold::text(text).to_ascii_uppercase();
    let folded = folded.trim();
    let parts: Vec<&str> = folded.strip_prefix('#').unwrap_or(folded).split('-').collect();
    let (head, number) = match parts.as_slice() {
        [number] => (String::new(), number),
        [code, number] if is_code(code) => (format!("{code}-"), number),
        [quarter, code, number] if is_quarter(quarter) && is_code(code) => {
            (format!("{quarter}-{code}-"), number)
        }
        [year, quarter, code, number] if is_year(year) && is_quarter(quarter) && is_code(code) => {
            (format!("{year}-{quarter}-{code}-"), number)
        }
        _ => return None,
    };
    Some(format!("{head}{:03}", serial(number)?))
}

/// Reads a word where a number may stand, and tells a slip of the pen from the first word of a reason: a decision
/// must not fall on the request at hand because the number of another one was mistyped. A question mark is not
/// dropped: `/confirm SCB-12?` is no signature.
pub fn read(word: &str) -> Reading {
    let core = word.trim_end_matches(|c| matches!(fold::character(c), '.' | '!' | ')' | ']'));
    if let Some(canonical) = canonical(core) {
        return Reading::Number { canonical, length: word.len() };
    }
    let length = word.find(|c| !matches!(fold::character(c), 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '#'));
    let start = &word[..length.unwrap_or(word.len())];
    let has = |wanted: fn(&char) -> bool| start.chars().map(fold::character).any(|c| wanted(&c));
    if !(has(|c| *c == '-') && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)) {
        return Reading::Other;
    }
    match canonical(start) {
        Some(canonical) => Reading::Number { canonical, length: start.len() },
        None => Reading::Broken,
    }
}

fn serial(text: &str) -> Option<u32> {
    let fits = (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|&number| fits && number > 0)
}

fn is_code(text: &str) -> bool {
    (1..=12).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_quarter(text: &str) -> bool {
    matches!(text, "Q1" | "Q2" | "Q3" | "Q4")
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.starts_with("2") && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_read_in_any_spelling() {
        for (typed, expected) in [
            ("2026-Q4-SCB-001", Some("2026-Q4-SCB-001")),
            ("2026-q4-scb-1", Some("2026-Q4-SCB-001")),
            ("２０２６－Ｑ４－ＳＣＢ－００１", Some("2026-Q4-SCB-001")),
            ("q4-scb-12", Some("Q4-SCB-012")),
            ("SCB-12", Some("SCB-012")),
            ("scb—0012", Some("SCB-012")),
            ("#12", Some("012")),
            ("１２", Some("012")),
            ("1234", Some("1234")),
            ("2026-Q5-SCB-001", None),
            ("2026-12-01", None),
            ("12-01", None),
            ("0", None),
            ("1234567", None),
            ("SCB-", None),
            ("时间", None),
            ("", None),
        ] {
            assert_eq!(canonical(typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn a_slip_in_a_number_is_no_reason() {
        assert_eq!(read("SCB-12时间太紧"), Reading::Number { canonical: "SCB-012".into(), length: 6 });
        assert_eq!(
            read("SCB-12。"),
            Reading::Number { canonical: "SCB-012".into(), length: "SCB-12。".len() }
        );
        assert_eq!(read("SCB-00l"), Reading::Broken);
        assert_eq!(read("2026-Q5-SCB-001"), Reading::Broken);
        assert_eq!(read("5-10天"), Reading::Other);
        assert_eq!(read("时间太紧"), Reading::Other);
    }

    proptest! {
        #[test]
        fn canonical_numbers_stay(typed in "\\PC{0,20}|([0-9]{4}-)?([qQ][1-4]-)?[a-zA-Z]{1,5}-[0-9]{1,6}") {
            if let Some(once) = canonical(&typed) {
                prop_assert_eq!(canonical(&once), Some(once));
            }
        }

        #[test]
        fn a_full_number_ends_with_its_short_forms(code in "[A-Z]{2,4}", serial in 1u32..1500) {
            let full = canonical(&format!("2026-Q4-{code}-{serial}")).unwrap();
            for short in [format!("{serial}"), format!("{code}-{serial}"), format!("q4-{code}-{serial}")] {
                let ending = format!("-{}", canonical(&short).unwrap());
                prop_assert!(full.ends_with(&ending));
            }
        }
    }
}
