//! Names and telephone numbers as people outside read them: `张*`, `138****1234`.
//!
//! Invariant: what is masked is never longer than what it stands for, and shows at most the first character of a name,
//! and at most the first three and the last four digits of a number.

use super::directory::narrow;

/// Whose names are masked in cards and lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// Nobody's.
    Never,
    /// Those of a request that the reader has no part in.
    #[default]
    Outside,
}

/// Digits that make a number worth masking in a text: a Chinese mobile number.
const MOBILE: usize = 11;

/// A person's name: `张*` for 张伟 and for 张晓明, `欧*` for 欧阳锋, `J*` for John Smith. A name of one character is `*`.
pub fn name(name: &str) -> String {
    let mut letters = name.trim().chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(_)) => format!("{first}*"),
        (Some(_), None) => "*".to_owned(),
        (None, _) => String::new(),
    }
}

/// A telephone number in any spelling: signs and gaps stay, digits but the first three and the last four go. Of a number
/// with fewer than eleven digits only the first three stay, of one with fewer than seven none.
pub fn phone(number: &str) -> String {
    let is_digit = |c: char| narrow(c).is_ascii_digit();
    let count = number.chars().filter(|c| is_digit(*c)).count();
    let (first, last) = match count {
        0..=6 => (0, 0),
        7..=10 => (3, 0),
        _ => (3, 4),
    };
    let mut at = 0;
    let masked = number.chars().map(|c| {
        if !is_digit(c) {
            return c;
        }
        at += 1;
        if at <= first || at > count - last { c } else { '*' }
    });
    masked.collect()
}

/// Words with the mobile numbers in them masked, also behind a country code.
pub fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut run = String::new();
    for c in words.chars().chain(['\n']) {
        if narrow(c).is_ascii_digit() {
            run.push(c);
            continue;
        }
        out.push_str(&if is_mobile(&run) { phone(&run) } else { std::mem::take(&mut run) });
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}

fn is_mobile(digits: &str) -> bool {
    let plain: String = digits.chars().map(narrow).collect();
    let bare = plain.strip_prefix("0086").or_else(|| plain.strip_prefix("86"));
    [Some(plain.as_str()), bare]
        .into_iter()
        .flatten()
        .any(|n| n.len() == MOBILE && n.starts_with('1') && !n.starts_with("10") && !n.starts_with("11"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_numbers_are_masked_as_people_write_them() {
        let names =
            ["张伟", "张晓明", "欧阳锋", "司马相如", "John Smith", "É", " 李娜 ", "", "阿卜杜拉·买买提"];
        let masked: Vec<String> = names.map(name).into();
        assert_eq!(masked, ["张*", "张*", "欧*", "司*", "J*", "*", "李*", "", "阿*"]);
        let numbers = [
            "13812341234",
            "138 1234 1234",
            "+86-13812341234",
            "１３８１２３４１２３４",
            "010-6275",
            "62751234",
            "110",
            "",
        ];
        let masked: Vec<String> = numbers.map(phone).into();
        let expected = [
            "138****1234",
            "138 **** 1234",
            "+86-1******1234",
            "１３８****１２３４",
            "010-****",
            "627*****",
            "***",
            "",
        ];
        assert_eq!(masked, expected);
    }

    #[test]
    fn only_mobile_numbers_are_masked_in_a_text() {
        for (words, shown) in [
            ("请联系张伟 13812341234，谢谢", "请联系张伟 138****1234，谢谢"),
            ("8613812341234", "861******1234"),
            ("订单 2026112312345678 共 13812 件", "订单 2026112312345678 共 13812 件"),
            ("2026-Q4-SCB-001", "2026-Q4-SCB-001"),
            ("13812341234", "138****1234"),
            ("", ""),
        ] {
            assert_eq!(text(words), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_more_is_ever_shown(typed in "\\PC{0,30}|[0-9０-９ +()-]{0,24}|[一-龥]{1,4}|[A-Za-z' -]{1,20}") {
            let masked = name(&typed);
            prop_assert!(masked.chars().count() <= typed.chars().count());
            prop_assert!(masked.chars().filter(|c| *c != '*').count() <= 1);
            prop_assert!(masked.chars().next().is_none_or(|c| c == '*' || typed.trim().starts_with(c)));
            let is_digit = |c: &char| narrow(*c).is_ascii_digit();
            for masked in [phone(&typed), text(&typed)] {
                prop_assert_eq!(masked.chars().count(), typed.chars().count());
            }
            prop_assert!(phone(&typed).chars().filter(is_digit).count() <= 7);
        }

        #[test]
        fn no_mobile_number_survives_in_a_text(before in "[^0-9０-９]{0,9}", number in "1[3-9][0-9]{9}", after in "[^0-9０-９]{0,9}") {
            let masked = text(&[before, number.clone(), after].concat());
            prop_assert!(!masked.contains(&number) && masked.contains("****"));
        }
    }
}
