//! What a request said at one time. Every version is kept: signatures refer to it, and differences are shown from it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{AskText, Content, Request};
use crate::domain::DepartmentId;

/// The content and the asks of one revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub revision: i64,
    /// For all departments.
    pub content: Content,
    /// For each department, in the order of the form.
    pub asks: Vec<(DepartmentId, AskText)>,
}

impl Version {
    /// SHA-256 over the version as JSON with fields in their declared order, in hex: what a signature signs.
    pub fn digest(&self) -> String {
        // Plain structs with string keys: writing them as JSON cannot fail; an empty text would only make the
        // digest useless, never equal to another version's.
        let text = serde_json::to_string(self).unwrap_or_default();
        hex::encode(Sha256::digest(text.as_bytes()))
    }
}

impl Request {
    /// The content as it stands, as a version.
    pub fn as_version(&self) -> Version {
        let asks = self.asks.iter().map(|a| (a.department.clone(), a.task.clone())).collect();
        Version { revision: self.revision, content: self.content.clone(), asks }
    }
}
