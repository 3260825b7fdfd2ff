//! What is wrong with a task list from a sheet, in words.
//!
//! Invariant: the same words as under a field of the form.

use super::say;
use super::scene::Scene;
use crate::domain::change::FieldFault;

/// The row and the field of F2 that a fault is about, and what is wrong there.
pub fn complaint<'f>(fault: &'f FieldFault, scene: &Scene) -> (Option<usize>, &'f str, String) {
    let place = fault.field.strip_prefix('r').and_then(|rest| rest.split_once('_'));
    let row = place.and_then(|(row, _)| row.parse().ok());
    (row, place.map_or(fault.field.as_str(), |(_, field)| field), say::with(scene, &fault.fault, &fault.with))
}
