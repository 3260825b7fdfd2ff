//! Full-width and look-alike characters, read as the plain ones they stand for.
//!
//! Invariant: folding is for reading only. What goes into the records (reasons, titles, comments) stays as typed, but
//! for NUL: nobody types it, nothing shows it, and PostgreSQL keeps it in no text.

use super::FormValues;

/// The plain character that `c` stands for: `／` is `/`, `，` is `,`, `Ａ` is `A`, any white space is a space.
pub fn character(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '。' => '.',
        '、' => ',',
        '‐' | '‑' | '–' | '—' | '−' => '-',
        '〜' | '∼' => '~',
        '“' | '”' | '„' | '「' | '」' | '『' | '』' => '"',
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

/// A word folded whole; characters that nobody sees are left out, so a pasted `SCB-<zero width>12` is read.
pub fn text(typed: &str) -> String {
    typed.chars().filter(|&c| !is_invisible(c)).map(character).collect()
}

/// White space, or what pasting leaves behind.
pub fn is_gap(c: char) -> bool {
    character(c) == ' ' || is_invisible(c)
}

/// What was typed, without NUL.
pub fn without_nul(typed: String) -> String {
    if typed.contains('\0') { typed.replace('\0', "") } else { typed }
}

/// The same of a form.
pub fn values_without_nul(values: FormValues) -> FormValues {
    values.into_iter().map(|(field, value)| (without_nul(field), without_nul(value))).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_reads_as_plain() {
        assert_eq!(text("／ｃｏｎｆｉｒｍ　ＳＣＢ－１２，；：（）“”"), "/confirm SCB-12,;:()\"\"");
        assert_eq!(text("SCB-\u{200b}12"), "SCB-12");
    }

    #[test]
    fn what_was_typed_stays_but_for_nul() {
        assert_eq!(without_nul(" ‘\0\u{200b}’\n\0".to_owned()), " ‘\u{200b}’\n");
    }
}
