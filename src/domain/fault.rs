//! A mistake in a file that an administrator wrote: where it is, what is wrong, and what to do.
//!
//! Invariant: a fault is one line that can be understood without the file being open. These lines go to the
//! administrator's terminal, never to a chat, and are the one place where rules speak English by themselves.

use std::fmt;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file as it was named, or `environment`.
    pub file: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// Which key or entry, e.g. `server.listen` or `person zhang.wei`; empty when it is the file as a whole.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; may be empty.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.problem)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

/// Names closer than this are taken for a slip of the pen.
const CLOSE: f64 = 0.75;

/// The known name that was probably meant.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let scored = known.into_iter().map(|name| (strsim::jaro_winkler(&typed, &name.to_lowercase()), name));
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(score, _)| *score >= CLOSE).map(|(_, name)| name)
}

/// "did you mean …?" where a known name is near, else all that are known.
pub fn suggest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(typed, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_nonsense_is_not() {
        assert_eq!(nearest("lisen", ["listen", "public_url"]), Some("listen"));
        assert_eq!(nearest("xyzzy", ["listen", "public_url"]), None);
        assert_eq!(suggest("xyzzy", ["listen", "public_url"]), "known: listen, public_url");
    }
}
