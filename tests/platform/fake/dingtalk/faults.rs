//! What can go wrong with a call, on demand.

use std::collections::BTreeMap;

/// One way to go wrong. Those that end in `After` do what was asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A refusal of the new host: status and code.
    Code(u16, &'static str),
    /// A refusal of the old host: HTTP 200 and `errcode`.
    Old(i64),
    /// The gateway's page with this status.
    Page(u16),
    /// HTTP 200 and the gateway's word for a shut-out.
    ShutOut,
    /// HTTP 200 and a body that is no JSON.
    Garbage,
    /// Done, and no answer.
    SilentAfter,
    /// Done, and the connection is cut.
    CutAfter,
}

/// What is still to go wrong, by the name of the call.
#[derive(Default)]
pub struct Faults(BTreeMap<String, Vec<Fault>>);

impl Faults {
    /// The next `times` calls.
    pub fn add(&mut self, name: &str, times: usize, fault: Fault) {
        self.0.entry(name.to_owned()).or_default().extend(std::iter::repeat_n(fault, times));
    }

    /// What happens to this one.
    pub fn next(&mut self, name: &str) -> Option<Fault> {
        let waiting = self.0.get_mut(name)?;
        (!waiting.is_empty()).then(|| waiting.remove(0))
    }
}

impl Fault {
    /// Whether the call is carried out all the same.
    pub fn is_after(self) -> bool {
        matches!(self, Self::SilentAfter | Self::CutAfter)
    }
}
