//! People's words on their way into a card: escaped where markup would be looked for, shortened where there is an end.
//!
//! Invariant: what [`escape`] gives back contains no character that card markdown reads as markup, on any line.

/// The text as card markdown that reads as itself. Numeric entities are the documented way; the order is one pass, so
/// that nothing is escaped twice.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '*' | '_' | '~' | '#' | '[' | ']' | '(' | ')' | '`' | ':' | '\\' | '|' => entity(c, &mut out),
            // A list or a rule, but only where a line begins: numbers of requests are full of them.
            '-' | '+' if begins => entity(c, &mut out),
            _ => out.push(c),
        }
        begins = c == '\n' || (begins && c.is_whitespace());
    }
    out
}

fn entity(c: char, out: &mut String) {
    out.push_str(&format!("&#{};", u32::from(c)));
}

/// Each line in bold.
pub fn bold(text: &str) -> String {
    each_line(text, "**", "**")
}

/// Each line in a colour of the platform.
pub fn coloured(text: &str, colour: &str) -> String {
    each_line(text, &format!("<font color='{colour}'>"), "</font>")
}

/// Marks never span lines: a mark that does not close on its line is shown as it stands. Blanks stay outside of it.
fn each_line(text: &str, open: &str, close: &str) -> String {
    let lines = text.lines().map(str::trim).map(|line| match line {
        "" => String::new(),
        line => format!("{open}{}{close}", escape(line)),
    });
    lines.collect::<Vec<_>>().join("\n")
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
    let words = text.split_whitespace().flat_map(|word| [" ", word]).skip(1);
    // One more than there is room for tells that something is missing.
    let enough: String = words.flat_map(str::chars).take(most.saturating_add(1)).collect();
    short(&enough, most)
}

/// Whether a press may lead there: an `https` address with a host, without a user's name in front of it.
pub fn is_link(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
    !host.is_empty() && !host.contains('@') && url.len() <= 2_000 && !url.contains(odd)
}

/// Whether it has the form of an `open_id`: one that has not makes the whole card fail.
pub fn is_account(account: &str) -> bool {
    account
        .strip_prefix("ou_")
        .is_some_and(|id| !id.is_empty() && id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// The id of an action or a field as the `name` of a component: `[A-Za-z][A-Za-z0-9_]*`.
pub fn name(id: &str) -> String {
    let name: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => name,
        false => format!("n{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_is_escaped_and_request_numbers_stay_readable() {
        assert_eq!(escape("<at id=all></at>"), "&lt;at id=all&gt;&lt;/at&gt;");
        assert_eq!(escape("**粗** &amp;"), "&#42;&#42;粗&#42;&#42; &amp;amp;");
        assert_eq!(escape("[x](javascript:1)"), "&#91;x&#93;&#40;javascript&#58;1&#41;");
        assert_eq!(escape("2026-Q4-SCB-001\n  - a\n+ b"), "2026-Q4-SCB-001\n  &#45; a\n&#43; b");
        assert_eq!(bold(" a\n\n*b "), "**a**\n\n**&#42;b**");
        assert_eq!(coloured("a:b", "red"), "<font color='red'>a&#58;b</font>");
    }

    #[test]
    fn a_text_is_shortened_by_characters() {
        assert_eq!(short("一二三", 3), "一二三");
        assert_eq!(short("一二三四", 3), "一二…");
        assert_eq!(line(" a\n b ", 9), "a b");
    }

    #[test]
    fn only_plain_https_addresses_and_real_ids_pass() {
        for url in ["https://a.example", "https://a.example/b?c=d#e"] {
            assert!(is_link(url), "{url}");
        }
        for url in
            ["http://a.example", "https://", "https:///a", "javascript:a", "https://a@b.c", "https://a b"]
        {
            assert!(!is_link(url), "{url}");
        }
        assert!(is_account("ou_0aZ"));
        for account in ["ou_", "all", "ou_a></at>", "on_a", "ou_é"] {
            assert!(!is_account(account), "{account}");
        }
        assert_eq!(name("show_2026-Q4-SCB-001"), "show_2026_Q4_SCB_001");
        assert_eq!(name("1"), "n1");
        assert_eq!(name("确认"), "n__");
    }

    proptest! {
        #[test]
        fn escaped_text_has_no_markup_and_reads_as_itself(text in any::<String>()) {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['<', '>', '*', '_', '~', '[', ']', '(', ')', '`', ':', '|', '\\']));
            let mut read = escaped;
            for c in "*_~#[]()`:\\|-+".chars() {
                read = read.replace(&format!("&#{};", u32::from(c)), &c.to_string());
            }
            prop_assert_eq!(read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), text);
        }
    }
}
