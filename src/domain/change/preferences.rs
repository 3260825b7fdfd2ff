//! What a person has chosen for himself.

use serde::{Deserialize, Serialize};

use crate::domain::Lang;
use crate::domain::quiet::Digests;

/// A person's own settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Chosen language; the directory's until then.
    pub language: Option<Lang>,
    /// Own quiet hours, `22:00-08:00`; empty text means none at all.
    pub quiet: Option<String>,
    /// Own digests; the company's until then.
    pub digest: Option<Digests>,
    /// Counted messages a day; the company's cap until then.
    pub most: Option<u32>,
}
