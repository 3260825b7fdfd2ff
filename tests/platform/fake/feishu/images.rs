//! Pictures that are uploaded, to be named in cards.
//!
//! Invariant: what is kept is a PNG that came as `image` of a form, for messages. Shapes and limits are those of the open
//! platform's page "upload an image".

use serde_json::{Value, json};

use super::extras::check_bot;
use super::gate::{Call, Refusal};
use super::state::State;

const LARGEST: usize = 10 * 1024 * 1024;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// `POST im/v1/images`.
pub fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    check_bot(state)?;
    let parts = parts(call).ok_or_else(|| bad("Invalid request param."))?;
    let part = |wanted: &str| parts.iter().find(|(name, _)| name == wanted).map(|(_, bytes)| *bytes);
    if part("image_type") != Some(b"message") {
        return Err(bad("Invalid request param: image_type."));
    }
    let image = part("image").ok_or_else(|| bad("Invalid request param: image."))?;
    if image.len() > LARGEST {
        return Err(Refusal::new(234_006, "The file size exceed the max value."));
    }
    if image.is_empty() {
        return Err(Refusal::new(234_010, "File's size can't be 0."));
    }
    if !image.starts_with(PNG) {
        return Err(Refusal::new(234_011, "Can't regonnize the image format."));
    }
    let image = image.to_vec();
    let key = state.fresh("img_v3_");
    state.images.insert(key.clone(), image);
    Ok(json!({"image_key": key}))
}

fn bad(msg: &str) -> Refusal {
    Refusal::new(234_001, msg)
}

/// The fields of a form by name (RFC 7578); `None` if it is none.
fn parts(call: &Call) -> Option<Vec<(String, &[u8])>> {
    let kind = call.content_type.as_deref()?.strip_prefix("multipart/form-data; boundary=")?;
    let mark = format!("--{kind}");
    let mut rest = after(&call.bytes, mark.as_bytes())?;
    let mut parts = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, format!("\r\n{mark}").as_bytes())?;
        let (one, tail) = part.split_at(end);
        let head = find(one, b"\r\n\r\n")?;
        let name = String::from_utf8_lossy(&one[..head]);
        let name = name.split("name=\"").nth(1)?.split('"').next()?.to_owned();
        parts.push((name, &one[head + 4..]));
        rest = after(tail, mark.as_bytes())?;
    }
    (rest.starts_with(b"--")).then_some(parts)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    find(bytes, mark).map(|at| &bytes[at + mark.len()..])
}
