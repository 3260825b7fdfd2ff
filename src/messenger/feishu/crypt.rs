//! Feishu's cryptography: the signature over a request, the cipher inside it, and the sign of a group's own bot.
//!
//! Invariant: decrypting proves nothing. The cipher is CBC without a tag, so whoever flips a bit of the IV flips one
//! of the text; only the signature says who sent it. Every comparison with a secret takes the same time.
//!
//! Facts: open platform, "Configure Encrypt Key", and the vectors `crypto.json` and `custom_bot_sign.json`.
#![deny(clippy::indexing_slicing)]

use aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes of a block, and of the IV that stands before the cipher.
const BLOCK: usize = 16;

/// The Encrypt Key of the event subscription page: signs, and hides.
pub struct EncryptKey(SecretString);

impl EncryptKey {
    /// A key as it stands on the page: any text.
    pub fn new(key: &SecretString) -> Self {
        Self(key.clone())
    }

    /// Whether `signature` is the lower-case hex SHA-256 of timestamp, nonce, key and the body as it came in.
    pub fn signed(&self, stamp: &Stamp<'_>, body: &[u8]) -> bool {
        let key = self.0.expose_secret();
        let hash = Sha256::new().chain_update(stamp.timestamp).chain_update(stamp.nonce);
        let hash = hash.chain_update(key).chain_update(body).finalize();
        same(&hex::encode(hash), stamp.signature)
    }

    /// The text inside base64 of IV and AES-256-CBC with PKCS#7. There is one way to fail, whatever is wrong.
    pub fn decrypt(&self, text: &str) -> Option<Vec<u8>> {
        let sealed = STANDARD.decode(text).ok()?;
        let (iv, cipher) = sealed.split_at_checked(BLOCK)?;
        let key = Sha256::digest(self.0.expose_secret());
        let cbc = Decryptor::<Aes256>::new_from_slices(&key, iv).ok()?;
        let whole = !cipher.is_empty() && cipher.len().is_multiple_of(BLOCK);
        whole.then(|| cbc.decrypt_padded_vec::<Pkcs7>(cipher).ok()).flatten()
    }
}

/// The three headers of a signed request.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Seconds since the epoch, in digits.
    pub timestamp: &'a str,
    /// Anything.
    pub nonce: &'a str,
    /// Lower-case hex.
    pub signature: &'a str,
}

impl Stamp<'_> {
    /// Whether it has the length of the old kind of signature, SHA-1 in hex.
    pub fn is_old(&self) -> bool {
        self.signature.len() == 40
    }

    /// Whether the old kind holds: SHA-1 of timestamp, nonce, Verification Token and body. Nothing that has an effect
    /// is believed on the strength of it.
    pub fn signed_with_token(&self, token: &SecretString, body: &[u8]) -> bool {
        let hash = Sha1::new().chain_update(self.timestamp).chain_update(self.nonce);
        let hash = hash.chain_update(token.expose_secret()).chain_update(body).finalize();
        same(&hex::encode(hash), self.signature)
    }
}

/// Whether two texts are the same, without telling by the time it takes where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
