//! Signatures of many requests turned by 90 degrees: for each bit, which of the requests have it.
//!
//! Invariant: what is read back from the slices of a word's bits are the places whose signatures have all of these bits,
//! as [`Signature`] says it of each.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;

use super::{BITS, Signature};

/// Places in a segment.
pub const PLACES: usize = 1_024;

/// One bit for each place.
type Slice = [u8; PLACES / 8];

/// The slices of one segment.
pub struct Slices {
    bits: Vec<Slice>,
    /// Which places are in use.
    used: Slice,
}

impl Slices {
    /// Of signatures at their places; those behind the last place are left out.
    pub fn of(signatures: impl IntoIterator<Item = (usize, Signature)>) -> Self {
        let mut slices = Self { bits: vec![[0; PLACES / 8]; BITS], used: [0; PLACES / 8] };
        for (place, signature) in signatures.into_iter().filter(|(place, _)| *place < PLACES) {
            slices.used[place / 8] |= 1 << (place % 8);
            for bit in signature.bits() {
                slices.bits[bit][place / 8] |= 1 << (place % 8);
            }
        }
        slices
    }

    /// Each bit and its slice, as text.
    pub fn rows(&self) -> impl Iterator<Item = (i64, String)> {
        (0..).zip(self.bits.iter().map(|slice| BASE64.encode(slice)))
    }

    /// Whether these rows say the same of the places that are in use here, whatever they say of others.
    pub fn agree_with<'a>(&self, rows: impl IntoIterator<Item = (i64, &'a str)>) -> bool {
        let mut rows = rows.into_iter();
        let same = (0..).zip(&self.bits).all(|(bit, slice)| {
            let row = rows.next().filter(|(of, _)| *of == bit).and_then(|(_, row)| read(row));
            row.is_some_and(|row| row.iter().zip(&self.used).map(|(byte, used)| byte & used).eq(*slice))
        });
        same && rows.next().is_none()
    }
}

/// A slice as [`Slices::rows`] wrote it.
fn read(row: &str) -> Option<Slice> {
    BASE64.decode(row).ok()?.try_into().ok()
}

/// The places that are in all of some slices.
pub struct Common(Slice);

impl Default for Common {
    fn default() -> Self {
        Self([u8::MAX; PLACES / 8])
    }
}

impl Common {
    /// Goes on with a slice as [`Slices::rows`] wrote it; `false` if it is none.
    pub fn and(&mut self, row: &str) -> bool {
        let slice = read(row);
        self.0.iter_mut().zip(slice.iter().flatten()).for_each(|(common, byte)| *common &= byte);
        slice.is_some()
    }

    /// The places.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        (0..PLACES).filter(|place| self.0[place / 8] >> (place % 8) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn slices(texts: &[String]) -> (Vec<Signature>, BTreeMap<i64, String>) {
        let signatures: Vec<Signature> = texts.iter().map(|text| Signature::of(text)).collect();
        let rows = Slices::of(signatures.iter().copied().enumerate()).rows().collect();
        (signatures, rows)
    }

    fn common(rows: &BTreeMap<i64, String>, wanted: &Signature) -> Vec<usize> {
        let mut common = Common::default();
        for bit in wanted.bits() {
            assert!(common.and(&rows[&i64::try_from(bit).unwrap()]));
        }
        common.places().collect()
    }

    proptest! {
        #[test]
        fn slices_hold_whom_the_signatures_hold(
            texts in proptest::collection::vec("[一二三四五a-d ]{0,40}", 0..60),
            word in "[一二三四五a-d]{1,4}",
        ) {
            let (signatures, rows) = slices(&texts);
            let wanted = Signature::of(&word);
            let held = signatures.iter().enumerate().filter(|(_, s)| s.may_hold(&wanted)).map(|(place, _)| place);
            prop_assert_eq!(common(&rows, &wanted), held.collect::<Vec<usize>>());
        }

        #[test]
        fn slices_agree_with_those_who_have_not_changed(
            texts in proptest::collection::vec("[一二三四五a-d ]{1,40}", 2..20),
            gone in 0..20_usize,
        ) {
            let (signatures, rows) = slices(&texts);
            let rows = || rows.iter().map(|(bit, row)| (*bit, row.as_str()));
            let gone = gone % texts.len();
            let left = || signatures.iter().copied().enumerate().filter(|(place, _)| *place != gone);
            prop_assert!(Slices::of(left()).agree_with(rows()), "what is not there any more says nothing");
            let changed = left().chain([(gone, signatures[gone].with(Signature::of("新")))]);
            prop_assert!(!Slices::of(changed).agree_with(rows()));
            prop_assert!(!Slices::of(left()).agree_with(rows().skip(1)), "a slice is missing");
        }

        #[test]
        fn what_is_no_slice_is_told(row in ".{0,60}") {
            prop_assert!(!Common::default().and(&row));
        }
    }

    #[test]
    fn a_full_segment_has_a_place_for_each() {
        let one = Signature::of("一");
        let rows: BTreeMap<i64, String> = Slices::of((0..=PLACES).map(|place| (place, one))).rows().collect();
        assert_eq!(rows.len(), BITS);
        assert_eq!(common(&rows, &one).len(), PLACES);
    }
}
