//! What came of looking at how a messenger is set up: findings, each with its remedy.
//!
//! Invariant: every finding that is not well says what to do.

/// How a finding came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// As it should be.
    Ok,
    /// Somebody should look at it.
    Warn,
    /// The service cannot do its duty.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub name: &'static str,
    /// How it came out.
    pub grade: Grade,
    /// What was found.
    pub what: String,
    /// What to do; empty where all is well.
    pub remedy: String,
}

/// All is well.
pub fn ok(name: &'static str, what: impl Into<String>) -> Finding {
    Finding { name, grade: Grade::Ok, what: what.into(), remedy: String::new() }
}

/// Somebody should look at it.
pub fn warn(name: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding { name, grade: Grade::Warn, what: what.into(), remedy: remedy.into() }
}

/// The service cannot do its duty.
pub fn fail(name: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding { name, grade: Grade::Fail, what: what.into(), remedy: remedy.into() }
}
