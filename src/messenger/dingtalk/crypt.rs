//! The envelope of organisation events over HTTP: the signature over it, and the cipher inside.
//!
//! Invariant: the signature is compared, over the text as it came, before anything is decoded; whatever is wrong after
//! that looks alike from outside. Every length is checked before it is used.
//!
//! Facts: open platform, "configure event subscription over HTTP", and the vectors `event_crypto.json`.
#![deny(clippy::indexing_slicing)]

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use cbc::{Decryptor, Encryptor};
use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};

use super::sign::same;

/// Bytes of a cipher block, and of the IV, which is the beginning of the key.
const BLOCK: usize = 16;
/// What the padding fills up to.
const PAD: usize = 32;

/// Keys of 43 characters often end in bits that are not zero, which a strict decoder refuses.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The AES key of an event subscription: 43 characters of base64; `None` if it is not one.
pub fn aes_key(text: &str) -> Option<[u8; 32]> {
    let key = LENIENT.decode(text).ok().filter(|_| text.len() == 43)?;
    key.try_into().ok()
}

/// What an event subscription is protected with.
pub struct EventKey {
    token: SecretString,
    key: SecretString,
    owner: String,
}

/// What stands in the address of a POST, or goes back in the answer's body.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Lower-case hex.
    pub signature: &'a str,
    /// Milliseconds since the epoch.
    pub timestamp: &'a str,
    /// Anything.
    pub nonce: &'a str,
}

impl EventKey {
    /// `key` as on the subscription page; `owner` is the client id, for subscriptions made in the console.
    pub fn new(token: &SecretString, key: &SecretString, owner: &str) -> Self {
        Self { token: token.clone(), key: key.clone(), owner: owner.to_owned() }
    }

    /// Whether the stamp's signature is that of `encrypt` as it came.
    pub fn signed(&self, stamp: &Stamp<'_>, encrypt: &str) -> bool {
        same(&self.signature(stamp.timestamp, stamp.nonce, encrypt), stamp.signature)
    }

    /// Lower-case hex SHA-1 of token, timestamp, nonce and cipher, sorted and joined.
    pub fn signature(&self, timestamp: &str, nonce: &str, encrypt: &str) -> String {
        let mut parts = [self.token.expose_secret(), timestamp, nonce, encrypt];
        parts.sort_unstable();
        hex::encode(Sha1::digest(parts.concat()))
    }

    /// The message inside. There is one way to fail, whatever is wrong.
    pub fn decrypt(&self, encrypt: &str) -> Option<Vec<u8>> {
        let encrypt: String = encrypt.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let cipher = LENIENT.decode(encrypt).ok()?;
        let key = aes_key(self.key.expose_secret())?;
        let cbc = Decryptor::<Aes256>::new_from_slices(&key, &key[..BLOCK]).ok()?;
        let plain = cbc.decrypt_padded_vec::<NoPadding>(&cipher).ok()?;
        let plain = unpadded(&plain)?;
        let (_, rest) = plain.split_at_checked(BLOCK)?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = u32::from_be_bytes(*length);
        let (message, owner) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        (owner == self.owner.as_bytes()).then(|| message.to_vec())
    }

    /// The cipher of a message; `random` is to be new each time.
    pub fn encrypt(&self, message: &[u8], random: &[u8; BLOCK]) -> Option<String> {
        let length = u32::try_from(message.len()).ok()?.to_be_bytes();
        let mut plain = [random.as_slice(), &length, message, self.owner.as_bytes()].concat();
        let pad = PAD - plain.len() % PAD;
        plain.extend(std::iter::repeat_n(u8::try_from(pad).ok()?, pad));
        let key = aes_key(self.key.expose_secret())?;
        let cbc = Encryptor::<Aes256>::new_from_slices(&key, &key[..BLOCK]).ok()?;
        Some(STANDARD.encode(cbc.encrypt_padded_vec::<NoPadding>(&plain)))
    }
}

/// PKCS#7 over 32 bytes, which no library of ciphers with blocks of 16 takes off.
fn unpadded(plain: &[u8]) -> Option<&[u8]> {
    let pad = usize::from(*plain.last()?);
    let is_sane = (1..=PAD).contains(&pad);
    let (rest, padding) = plain.split_at_checked(plain.len().checked_sub(pad)?)?;
    let is_even = padding.iter().all(|byte| usize::from(*byte) == pad);
    (is_sane && is_even).then_some(rest)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn file() -> Value {
        let file = include_str!("../../../tests/platform/vectors/dingtalk/event_crypto.json");
        serde_json::from_str(file).unwrap()
    }

    fn key(case: &Value) -> EventKey {
        let text = |field: &str| case["credentials"][field].as_str().unwrap();
        let secret = |field: &str| SecretString::from(text(field).to_owned());
        EventKey::new(&secret("token"), &secret("aes_key"), text("owner_key"))
    }

    fn text<'a>(case: &'a Value, field: &str) -> &'a str {
        case[field].as_str().unwrap()
    }

    fn opened(case: &Value) -> Option<Vec<u8>> {
        let stamp = Stamp {
            signature: text(case, "signature"),
            timestamp: text(case, "timestamp"),
            nonce: text(case, "nonce"),
        };
        let key = key(case);
        key.signed(&stamp, text(case, "encrypt")).then(|| key.decrypt(text(case, "encrypt"))).flatten()
    }

    #[test]
    fn every_envelope_of_the_vectors_opens_or_is_refused_as_it_should() {
        let file = file();
        let vectors = file["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 24);
        for case in vectors {
            let expected = (case["expect"] == "accept").then(|| text(case, "plaintext").as_bytes().to_vec());
            assert_eq!(opened(case), expected, "{}", case["name"]);
        }
    }

    #[test]
    fn what_is_refused_for_its_signature_alone_would_open_and_the_rest_would_not() {
        let file = file();
        for case in file["vectors"].as_array().unwrap() {
            let Some(why) = text(case, "expect").strip_prefix("reject:") else { continue };
            let signed = {
                let (timestamp, nonce) = (text(case, "timestamp"), text(case, "nonce"));
                same(&key(case).signature(timestamp, nonce, text(case, "encrypt")), text(case, "signature"))
            };
            assert_eq!(signed, why != "signature", "{}", case["name"]);
            assert!(signed != (why == "signature") && opened(case).is_none(), "{}", case["name"]);
        }
    }

    #[test]
    fn we_encrypt_to_the_same_bytes_as_the_official_libraries() {
        let file = file();
        let cases = file["deterministic_encrypt"].as_array().unwrap();
        assert_eq!(cases.len(), 20);
        for case in cases {
            let random = text(case, "random16").as_bytes().try_into().unwrap();
            let encrypt = key(case).encrypt(text(case, "plaintext").as_bytes(), random).unwrap();
            assert_eq!(encrypt, text(case, "encrypt"));
            let signature = key(case).signature(text(case, "timestamp"), text(case, "nonce"), &encrypt);
            assert_eq!(signature, text(case, "signature"));
            assert_eq!(key(case).decrypt(&encrypt).unwrap(), text(case, "plaintext").as_bytes());
        }
    }

    #[test]
    fn a_key_has_forty_three_characters_whatever_its_last_bits() {
        assert!(aes_key("4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij").is_some());
        for wrong in
            ["", "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3i", "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij="]
        {
            assert!(aes_key(wrong).is_none(), "{wrong}");
        }
        assert!(aes_key("4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3i!").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let file = file();
            let key = key(&file["vectors"][0]);
            let _ = key.decrypt(&STANDARD.encode(&bytes));
            let random = [7; BLOCK];
            proptest::prop_assert_eq!(key.decrypt(&key.encrypt(&bytes, &random).unwrap()), Some(bytes));
        }
    }
}
