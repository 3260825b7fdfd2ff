//! People's words on their way into DingTalk's markdown: escaped where markup would be looked for, shortened where there
//! is an end.
//!
//! Invariant: what [`escape`] gives back contains no character that the markdown reads as markup. Which escapes each
//! client reads is not documented, so that characters which mean something become their wide twins, which mean nothing.

/// The text as markdown that reads as itself.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let wide = match c {
            '*' | '`' | '[' | ']' | '<' | '>' | '\\' | '~' | '_' => true,
            // Headings, lists and underlines of headings, but only where a line begins: numbers of requests have dashes.
            '#' | '-' | '+' | '=' => begins,
            '&' => rest.peek().is_some_and(|next| *next == '#' || next.is_ascii_alphabetic()),
            _ => false,
        };
        let is_point = c == '.' && begins_with_number(&out) && rest.peek().is_some_and(|next| *next == ' ');
        out.push(if wide || is_point { twin(c) } else { c });
        begins = c == '\n' || (begins && c.is_whitespace());
    }
    out
}

/// Whether the last line is nothing but a number so far: with a point it would be a list.
fn begins_with_number(out: &str) -> bool {
    let line = out.rsplit('\n').next().unwrap_or_default().trim_start();
    !line.is_empty() && line.chars().all(|c| c.is_ascii_digit())
}

/// The wide form of an ASCII sign: U+FF01 to U+FF5E mirror U+0021 to U+007E.
fn twin(c: char) -> char {
    char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)
}

/// Lines that stay lines: a single line break is not reliably shown.
pub fn lines(text: &str) -> String {
    let kept = escape(text.trim());
    kept.lines().map(str::trim_end).collect::<Vec<_>>().join("  \n")
}

/// In bold, on one line.
pub fn bold(text: &str) -> String {
    let text = escape(&line(text, usize::MAX - 1));
    if text.is_empty() { text } else { format!("**{text}**") }
}

/// A link of ours; only the words if the address is none.
pub fn link(words: &str, url: &str) -> String {
    let words = escape(&line(words, 100));
    // A bracket would end the address early.
    let url = url.replace('(', "%28").replace(')', "%29");
    if is_link(&url) { format!("[{words}]({url})") } else { words }
}

/// At most so many characters, the last of them `…` if some are missing.
pub fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// The same on one line.
pub fn line(text: &str, most: usize) -> String {
    short(&text.split_whitespace().collect::<Vec<_>>().join(" "), most)
}

/// At most so many bytes, never half a character, the last of them `…` if some are missing.
pub fn within(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = (0..=bytes.saturating_sub('…'.len_utf8())).rev().find(|at| text.is_char_boundary(*at));
    format!("{}…", &text[..end.unwrap_or(0)])
}

/// Whether a press may lead there: an `https` address with a host and without a user's name, or one of the client's own.
pub fn is_link(url: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
    if url.len() > 4_000 || url.contains(odd) {
        return false;
    }
    if url.starts_with("dtmd://dingtalkclient/") || url.starts_with("dingtalk://dingtalkclient/") {
        return true;
    }
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty() && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_becomes_plain_and_request_numbers_stay_readable() {
        assert_eq!(escape("2026-Q4-SCB-001\n  - a\n# b\n1. c"), "2026-Q4-SCB-001\n  － a\n＃ b\n1． c");
        assert_eq!(escape("**x** [y](javascript:1) R&D &lt;"), "＊＊x＊＊ ［y］(javascript:1) R＆D ＆lt;");
        assert_eq!(escape("a & b, 3.5"), "a & b, 3.5");
        assert_eq!(lines(" a\nb "), "a  \nb");
        assert_eq!(bold(" a\n*b "), "**a ＊b**");
    }

    #[test]
    fn only_plain_addresses_pass() {
        assert_eq!(link("x]", "https://a.example/b(c)"), "[x］](https://a.example/b%28c%29)");
        assert_eq!(link("x", "javascript:alert"), "x");
        for url in ["dtmd://dingtalkclient/sendMessage?content=a", "https://a.example/?b=c"] {
            assert!(is_link(url), "{url}");
        }
        for url in ["http://a.example", "https://", "https://a@b.c", "https://a b", "dtmd://x/"] {
            assert!(!is_link(url), "{url}");
        }
    }

    proptest! {
        #[test]
        fn escaped_text_has_no_markup_and_reads_as_itself(text in any::<String>()) {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['*', '`', '[', ']', '<', '>', '\\', '~', '_']));
            for line in escaped.lines() {
                prop_assert!(!line.trim_start().starts_with(['#', '-', '+', '=']), "{line}");
            }
            let narrow = |c: char| match u32::from(c) {
                code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
                _ => c,
            };
            let same = |text: &str| text.chars().map(narrow).collect::<String>();
            prop_assert_eq!(same(&escaped), same(&text));
        }

        #[test]
        fn what_is_cut_stays_within(text in ".{0,200}", bytes in 3usize..200) {
            prop_assert!(within(&text, bytes).len() <= bytes);
        }
    }
}
