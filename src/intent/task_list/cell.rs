//! Texts in the cells of sheets that programs open: never a formula, whatever they begin with.
//!
//! Invariant: what is marked going out is read without its mark coming in.

/// The text of a cell; one that a spreadsheet would take for a formula is marked as text.
pub fn marked(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// Also behind gaps and quotes, and full-width: spreadsheets are generous.
fn is_formula(text: &str) -> bool {
    let dropped = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\0' | '\u{feff}' | '\u{200b}');
    text.starts_with(['\t', '\r', '\n', '\0'])
        || text.trim_start_matches(dropped).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// What a cell of a text says: a formula says nothing, and an apostrophe before one marks it as text.
pub(super) fn plain(text: &str) -> Option<String> {
    let opens = |text: &str| text.trim_start().starts_with(['=', '＝']);
    match text.strip_prefix('\'').filter(|rest| is_formula(rest)) {
        Some(rest) => Some(rest.to_owned()),
        None => (!opens(text)).then(|| text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_formula_says_nothing_and_a_marked_one_is_a_text() {
        assert_eq!(plain("=1+1"), None);
        assert_eq!(plain("＝1"), None);
        assert_eq!(plain("'=1+1"), Some("=1+1".to_owned()));
        assert_eq!(plain("'s-Hertogenbosch"), Some("'s-Hertogenbosch".to_owned()));
    }

    proptest! {
        #[test]
        fn what_goes_out_comes_in_again(text in "[=+@＝\"' a甲-]{0,12}") {
            prop_assert_eq!(plain(&marked(&text)), Some(text));
        }
    }
}
