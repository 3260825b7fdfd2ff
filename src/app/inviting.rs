//! 加签: an approver names whom he calls in, by words or by form.
//!
//! Invariant: a name that fits nobody, or nobody at work, comes back beside its field with everything that was typed.

use std::collections::BTreeMap;

use super::Act;
use super::asked::Asked;
use super::people::parted;
use crate::domain::PersonId;
use crate::domain::change::{FieldFault, FormKind};
use crate::domain::request::{self, Inviting, Turn, form};

impl Act<'_> {
    /// `/cosign <no> @person … [before|beside|after] [all|any] [reason]`, or the form.
    pub(super) fn inviting(&self, named: &[String], said: [(&str, &Option<String>); 3]) -> Asked {
        let mut values = self.intent.values.clone();
        values.extend(said.into_iter().filter_map(|(field, typed)| Some((field.to_owned(), typed.clone()?))));
        if !named.is_empty() {
            values.insert("people".to_owned(), named.join(", "));
        }
        let Some(typed) = values.get("people") else {
            return Asked::Form(FormKind::Invite, None);
        };
        let (people, mut faults) = self.each_named(&parted(typed));
        if people.is_empty() && faults.is_empty() {
            faults.push(form::fault("people", "required"));
        }
        let turn = choice(&values, "turn", &TURNS).map_err(|fault| faults.push(fault));
        let any = choice(&values, "rule", &RULES).map_err(|fault| faults.push(fault));
        let words = form::at_most(&values, "reason", form::LONG).map_err(|fault| faults.push(fault));
        match (turn, any, words) {
            (Ok(turn), Ok(any), Ok(words)) if faults.is_empty() => {
                let inviting = Inviting { people, turn, any, words };
                Asked::Act(Box::new(request::Act::Invite { inviting }))
            }
            _ => Asked::Faults(FormKind::Invite, None, values, faults),
        }
    }

    /// People by name, each once; of several names that fit nobody the first.
    pub(super) fn each_named(&self, names: &[String]) -> (Vec<PersonId>, Vec<FieldFault>) {
        let (mut people, mut faults) = (Vec::new(), Vec::new());
        for name in names {
            match self.named("people", name) {
                Ok(person) if people.contains(&person) => {}
                Ok(person) => people.push(person),
                Err(fault) => faults.push(fault),
            }
        }
        faults.truncate(1);
        (people, faults)
    }
}

/// What a form or a word says for each turn; the first where nothing is said.
const TURNS: [(&str, Turn); 3] = [("before", Turn::Before), ("beside", Turn::Beside), ("after", Turn::After)];
/// And for each rule: whether one is enough.
const RULES: [(&str, bool); 2] = [("all", false), ("any", true)];

fn choice<T: Copy>(
    values: &BTreeMap<String, String>,
    field: &str,
    among: &[(&str, T)],
) -> Result<T, FieldFault> {
    let typed = values.get(field).map(|v| v.trim()).filter(|v| !v.is_empty());
    let found = match typed {
        None => among.first(),
        Some(typed) => among.iter().find(|(name, _)| *name == typed),
    };
    found.map(|(_, choice)| *choice).ok_or_else(|| form::fault(field, "unknown_choice"))
}
