//! Marks under texts that leave the service and come back: whoever lacks the key can neither make nor change one.
//!
//! Invariant: a mark that holds was put under exactly these bytes, for exactly this purpose.

use super::link::{Key, TAG};

/// What marks the ends of the history.
const PURPOSE: &[u8] = b"liaison: ends of the history, version 1";

/// Puts marks under texts.
pub struct Marker(Key);

impl Marker {
    /// With a key derived from a secret of any length.
    pub fn new(secret: &[u8]) -> Self {
        Self(Key::derived(secret, PURPOSE))
    }

    /// The mark, as 32 hexadecimal digits.
    pub fn mark(&self, text: &str) -> String {
        hex::encode(self.0.tag(&[text.as_bytes()]))
    }

    /// Whether this mark is ours and the text what it was put under.
    pub fn holds(&self, text: &str, mark: &str) -> bool {
        let tag: Option<[u8; TAG]> = hex::decode(mark).ok().and_then(|bytes| bytes.try_into().ok());
        tag.is_some_and(|tag| self.0.holds(&[text.as_bytes()], &tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_holds_for_its_own_text_under_its_own_key_only() {
        let marker = Marker::new(b"one");
        let mark = marker.mark("a text");
        assert!(marker.holds("a text", &mark));
        assert!(!marker.holds("a text ", &mark) && !Marker::new(b"two").holds("a text", &mark));
        for wrong in ["", "00", "zz", &mark[1..], &format!("{mark}00")] {
            assert!(!marker.holds("a text", wrong), "{wrong}");
        }
    }
}
