//! The fields of a posted form with a file.
//!
//! Invariant: the body is bounded by the server before it comes here; a body that is no such form has no fields.

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;

/// Fields that a form of ours has at most.
const MOST: usize = 8;

/// The fields by name, as far as the body is what browsers write.
pub async fn parts(form: Result<Multipart, MultipartRejection>) -> Vec<(String, Bytes)> {
    let Ok(mut form) = form else { return Vec::new() };
    let mut parts = Vec::new();
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        match field.bytes().await {
            Ok(bytes) if parts.len() < MOST => parts.push((name, bytes)),
            _ => return Vec::new(),
        }
    }
    parts
}
