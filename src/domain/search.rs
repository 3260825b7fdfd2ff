//! What makes a text findable: its folded form, and a signature of 2048 bits that says what is certainly not in it.
//!
//! Invariant: a text that contains a word, once both are folded, has every bit of the word's signature. The reverse
//! does not hold: whoever finds by signatures looks at the text as well.

use serde::{Deserialize, Serialize};

use super::{DepartmentId, RequestId};

pub mod slices;

/// Numbers of 64 bits in a signature.
pub const LANES: usize = 32;
/// Bits in a signature.
pub const BITS: usize = LANES * 64;

/// Words of a search beyond this many, and letters beyond that, are not looked for: the search says so.
pub const MOST_WORDS: usize = 8;
/// Letters of all words of a search together.
pub const MOST_LETTERS: usize = 100;

/// Letters of one text that are indexed; more than any field of any form holds.
const MOST_INDEXED: usize = 20_000;

/// Half-width, lower case, without characters that nobody sees, gaps as one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_invisible(*c)).map(super::directory::narrow) {
        match c {
            // What neither engine takes in a text, and what ends a line: a gap like others.
            c if c.is_whitespace() || c.is_control() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.extend(c.to_lowercase()),
        }
    }
    let length = folded.trim_end().len();
    folded.truncate(length);
    folded
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Which letters and pairs of letters a text may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature([u64; LANES]);

impl Default for Signature {
    fn default() -> Self {
        Self([0; LANES])
    }
}

impl Signature {
    /// Of a folded text. Letters set two bits, so that one Chinese character is found as well; pairs set one.
    pub fn of(folded: &str) -> Self {
        let mut signature = Self::default();
        let mut before = None;
        for c in folded.chars().take(MOST_INDEXED) {
            let letter = scattered(u64::from(c));
            signature.set(letter);
            signature.set(letter >> 24);
            if let Some(before) = before {
                signature.set(scattered(u64::from(before) << 32 | u64::from(c)));
            }
            before = Some(c);
        }
        signature
    }

    /// Both together: a text that holds either.
    pub fn with(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] | other.0[lane]))
    }

    /// As [`Signature::lanes`] gave it.
    pub fn from_lanes(lanes: [i64; LANES]) -> Self {
        Self(lanes.map(i64::cast_unsigned))
    }

    /// Which bits are set, of 0 to 2047.
    pub fn bits(&self) -> impl Iterator<Item = usize> {
        (0..BITS).filter(|bit| self.0[bit / 64] >> (bit % 64) & 1 == 1)
    }

    /// Whether a text of this signature may hold a word of that one: what the database asks of its rows.
    #[cfg(test)]
    pub fn may_hold(&self, word: &Self) -> bool {
        self.0.iter().zip(&word.0).all(|(have, want)| have & want == *want)
    }

    /// The 32 numbers, as a database keeps them: the same bits with a sign.
    pub fn lanes(&self) -> [i64; LANES] {
        self.0.map(u64::cast_signed)
    }

    fn set(&mut self, hash: u64) {
        let bit = usize::try_from(hash % 2048).unwrap_or(0);
        self.0[bit / 64] |= 1 << (bit % 64);
    }
}

/// What a text has that holds all of these folded words.
pub fn together(words: &[String]) -> Signature {
    words.iter().fold(Signature::default(), |all, word| all.with(Signature::of(word)))
}

/// Department codes as bits: two codes may share one, so a bit that is not set says "certainly not".
pub fn department_bits<'a>(codes: impl IntoIterator<Item = &'a DepartmentId>) -> i64 {
    let bit = |code: &DepartmentId| {
        let number = code.as_str().bytes().fold(0u64, |sum, byte| scattered(sum ^ u64::from(byte)));
        1u64 << (number % 64)
    };
    codes.into_iter().fold(0, |bits, code| bits | bit(code)).cast_signed()
}

/// A fixed scattering of bits (SplitMix64, Steele and others 2014): what is stored must mean the same in every release.
fn scattered(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// From which row of a list one turns the page. Rows that come meanwhile shift nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// What is older than this request.
    Older(RequestId),
    /// What is newer.
    Newer(RequestId),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folding_keeps_what_people_see() {
        assert_eq!(fold("  ＳＣＢ－１２\u{200b}　Market\n\tING\u{0} "), "scb-12 market ing");
        assert_eq!(fold("\u{feff} \u{200d}"), "");
    }

    #[test]
    fn what_is_not_there_is_mostly_ruled_out() {
        let text = Signature::of(&fold("新品上市推广：请研发部在十二月十五日前提供 X1 的技术资料和对比测试"));
        for word in ["上市", "推", "x1", "技术资料", "十五日前提供 x1 的技"] {
            assert!(text.may_hold(&Signature::of(word)), "{word}");
        }
        let strange = ["年会", "广推", "采购合同", "zz", "鑫"];
        let passed = strange.iter().filter(|word| text.may_hold(&Signature::of(word))).count();
        assert!(passed <= 1, "{passed} of {}", strange.len());
    }

    /// Rows of older releases must be found by later ones.
    #[test]
    fn the_bits_of_a_word_never_change() {
        let lanes = Signature::of("上市 x1").lanes();
        let set: Vec<String> =
            lanes.iter().enumerate().filter(|(_, v)| **v != 0).map(|(n, v)| format!("{n}:{v:x}")).collect();
        insta::assert_snapshot!(set.join(" "), @"1:40000 2:80000000 4:42000008000000 5:1000000 9:80000 13:800000 16:2 20:2000000 22:400 27:200000000000 30:28000000000000");
        let bits = department_bits(["SCB", "YFB"].map(DepartmentId::new).iter());
        insta::assert_snapshot!(format!("{bits:x}"), @"80000000000004");
    }

    proptest! {
        #[test]
        fn a_text_that_holds_a_word_has_its_bits(
            before in "\\PC{0,40}", word in "[一-龥a-zA-Z0-9 ％_'🙂-]{1,20}", after in "\\PC{0,40}",
        ) {
            let (text, word) = (fold(&format!("{before}{word}{after}")), fold(&word));
            prop_assert_eq!(&fold(&text), &text);
            if text.contains(&word) {
                prop_assert!(Signature::of(&text).may_hold(&Signature::of(&word)));
            }
        }

        #[test]
        fn any_text_folds_to_something_plain(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert!(!folded.contains('\0') && !folded.contains("  "));
            let both = Signature::of(&folded).with(Signature::of("x"));
            prop_assert!(both.may_hold(&Signature::of(&folded)));
        }
    }
}
