//! Small numbers as people write them: `12`, `十二`, `两`.
//!
//! Invariant: Chinese numerals reach 99, digits reach four places; anything longer is no number here.

/// The number that `text` begins with, and what follows it.
pub fn leading(text: &str) -> Option<(u32, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        let (number, rest) = text.split_at(digits);
        return if digits <= 4 { Some((number.parse().ok()?, rest)) } else { None };
    }
    chinese(text)
}

/// The number that `text` is, as a whole.
pub fn whole(text: &str) -> Option<u32> {
    leading(text).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}

fn chinese(text: &str) -> Option<(u32, &str)> {
    let (tens, after_tens) = match take_digit(text) {
        Some((digit, rest)) => (Some(digit), rest),
        None => (None, text),
    };
    let Some(rest) = after_tens.strip_prefix('十') else {
        return tens.map(|digit| (digit, after_tens));
    };
    match (tens, take_digit(rest)) {
        (Some(0), _) => None,
        (tens, Some((ones, rest))) if ones > 0 => Some((tens.unwrap_or(1) * 10 + ones, rest)),
        (tens, _) => Some((tens.unwrap_or(1) * 10, rest)),
    }
}

fn take_digit(text: &str) -> Option<(u32, &str)> {
    let c = text.chars().next()?;
    let digit = match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    };
    Some((digit, &text[c.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_reach_ninety_nine() {
        for (text, number) in [
            ("〇", 0),
            ("两", 2),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("二十一", 21),
            ("九十九", 99),
            ("365", 365),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["", "天", "12345", "一百", "十十", "二三"] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!(leading("三天后"), Some((3, "天后")));
    }
}
