//! A form while it is read: what is wrong with its fields is collected on the way.
//!
//! Each form adds the readers of its own fields; `by` is what they read with.

use std::collections::BTreeMap;

use super::form::{fault, typed_wrong, words};
use crate::domain::change::FieldFault;

/// The values of a form, and what was found wrong with them so far.
pub(super) struct Sheet<'a, By> {
    pub values: &'a BTreeMap<String, String>,
    pub by: By,
    pub faults: Vec<FieldFault>,
}

impl<'a, By> Sheet<'a, By> {
    pub fn new(values: &'a BTreeMap<String, String>, by: By) -> Self {
        Self { values, by, faults: Vec::new() }
    }

    pub fn raw(&self, field: &str) -> &'a str {
        self.values.get(field).map(|v| v.trim()).unwrap_or_default()
    }

    pub fn wrong(&mut self, field: &str, what: &str, typed: &str) {
        self.faults.push(typed_wrong(field, what, typed));
    }

    pub fn words(&mut self, field: &str, most: usize, required: bool) -> String {
        if !required && self.raw(field).is_empty() {
            return String::new();
        }
        words(self.values, field, most).unwrap_or_else(|fault| {
            self.faults.push(fault);
            String::new()
        })
    }

    /// What the typed words stand for; `unknown` is the fault of words that stand for nothing.
    pub fn looked_up<T>(
        &mut self,
        field: &str,
        unknown: &str,
        find: &dyn Fn(&str) -> Option<T>,
        required: bool,
    ) -> Option<T> {
        let text = self.raw(field);
        if text.is_empty() {
            if required {
                self.faults.push(fault(field, "required"));
            }
            return None;
        }
        let found = find(text);
        if found.is_none() {
            self.wrong(field, unknown, text);
        }
        found
    }

    /// One of the `(name, Chinese word, value)`.
    pub fn choice<T: Copy>(&mut self, field: &str, among: &[(&str, &str, T)], required: bool) -> Option<T> {
        let find = |text: &str| {
            let plain = text.to_lowercase();
            among.iter().find(|(name, chinese, _)| *name == plain || *chinese == plain).map(|row| row.2)
        };
        self.looked_up(field, "unknown_choice", &find, required)
    }

    /// What was read, unless something was wrong.
    pub fn ended<T>(self, read: T) -> Result<T, Vec<FieldFault>> {
        if self.faults.is_empty() { Ok(read) } else { Err(self.faults) }
    }
}
