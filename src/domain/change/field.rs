//! What a form says about one of its fields.

use serde::{Deserialize, Serialize};

use super::Params;

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldFault {
    /// The field's name.
    pub field: String,
    /// A text key under `fault.`.
    pub fault: String,
    /// Its parameters.
    pub with: Params,
}
