//! Faults that a story asks for: the next calls of a name go wrong in one way.
//!
//! Invariant: each fault strikes as often as asked and then never again, in the order in which they were asked for.

use std::collections::VecDeque;

/// How a call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429, 99991400 and the seconds after which the call opens again; nothing was done.
    Limited { reset: u64 },
    /// A code in the body, with HTTP 400; nothing was done.
    Code(i64),
    /// A page of the gateway with a status; nothing was done.
    Page(u16),
    /// The same, but it was done.
    PageAfter(u16),
    /// An internal error as JSON with HTTP 500; nothing was done.
    Internal,
    /// No answer; nothing was done.
    Silent,
    /// No answer, but it was done.
    SilentAfter,
    /// The connection is cut; nothing was done.
    Cut,
    /// The connection is cut, but it was done.
    CutAfter,
    /// It is done, and answered so many milliseconds later.
    Slow(u64),
}

/// Faults to come.
#[derive(Default)]
pub struct Faults(VecDeque<(String, Option<Fault>)>);

impl Fault {
    /// Whether the call is carried out all the same.
    pub fn is_after(self) -> bool {
        matches!(self, Self::PageAfter(_) | Self::SilentAfter | Self::CutAfter | Self::Slow(_))
    }
}

impl Faults {
    pub fn add(&mut self, name: &str, times: usize, fault: Fault) {
        self.0.extend(std::iter::repeat_n((name.to_owned(), Some(fault)), times));
    }

    pub fn next(&mut self, name: &str) -> Option<Fault> {
        let at = self.0.iter().position(|(of, _)| of == name)?;
        self.0.remove(at).and_then(|(_, fault)| fault)
    }
}

/// What becomes of each of the next calls of a name; `None` is carried out.
impl Extend<(String, Option<Fault>)> for Faults {
    fn extend<T: IntoIterator<Item = (String, Option<Fault>)>>(&mut self, calls: T) {
        self.0.extend(calls);
    }
}
