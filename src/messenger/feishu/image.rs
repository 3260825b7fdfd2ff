//! Pictures for cards: uploaded first, then named in the card.
//!
//! Facts: `POST /open-apis/im/v1/images`, a form of `image_type` (`message`) and `image` (at most 10 MB, not empty, at most
//! 12 000 pixels wide and high), answered with `image_key`; it needs `im:resource` or `im:resource:upload`. From the open
//! platform's page "upload an image" (im-v1/image/create).

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::fault::{ApiError, Class};
use super::send::{Sender, refusal};
use crate::clock::fresh_id;
use crate::messenger::SendError;
use crate::messenger::album::Album;

/// Where pictures are uploaded.
pub const IMAGES: &str = "/open-apis/im/v1/images";

impl Album for Sender {
    fn hang<'a>(&'a self, png: &'a [u8]) -> BoxFuture<'a, Result<String, SendError>> {
        Box::pin(async move { self.upload(png).await.map_err(refusal) })
    }
}

impl Sender {
    async fn upload(&self, png: &[u8]) -> Result<String, ApiError> {
        // Random, so that no picture holds it.
        let boundary = format!("liaison-{}", fresh_id());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let answer = self.api.post_bytes(IMAGES, &kind, &form(&boundary, png)).await?;
        let key = answer.get("image_key").and_then(Value::as_str).filter(|key| !key.is_empty());
        key.map(str::to_owned).ok_or_else(|| {
            ApiError::new(Class::Unclear, None, "Feishu took the picture and did not name it".to_owned())
        })
    }
}

/// The form (RFC 7578).
fn form(boundary: &str, png: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"image_type\"\r\n\r\nmessage\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"board.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(png);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    body
}
