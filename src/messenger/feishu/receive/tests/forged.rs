//! What somebody tries who has seen a genuine request and does not have the key.

use proptest::prelude::*;
use sha2::block_api::compress256;

use super::*;

fn genuine() -> (Vec<u8>, Stamps) {
    let event = envelope("im.chat.disbanded_v1", &json!({ "chat_id": "oc_5" })).to_string();
    let body = hide(event.as_bytes(), KEY);
    let stamps = stamp(&body, now(), KEY);
    assert!(post(&door(), &stamps, &body).is_ok());
    (body, stamps)
}

proptest! {
    #[test]
    fn any_changed_byte_of_a_signed_body_is_refused(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let (mut body, stamps) = genuine();
        let at = at.index(body.len());
        body[at] ^= flip;
        prop_assert_eq!(post(&door(), &stamps, &body), Err(Rejected::Signature));
    }

    #[test]
    fn any_changed_byte_of_a_header_is_refused(which in 0..3_usize, at in any::<prop::sample::Index>(), to in "[ -~]") {
        let (body, stamps) = genuine();
        let mut headers = [stamps.0.unwrap(), stamps.1.unwrap(), stamps.2.unwrap()];
        let at = at.index(headers[which].len());
        prop_assume!(headers[which][at..=at] != to);
        headers[which].replace_range(at..=at, &to);
        let [timestamp, nonce, signature] = headers.map(Some);
        let refused = post(&door(), &Stamps(timestamp, nonce, signature), &body);
        prop_assert_eq!(refused, Err(Rejected::Signature));
    }

    #[test]
    fn no_bytes_bring_the_door_down(body in prop::collection::vec(any::<u8>(), 0..200), signed in any::<bool>()) {
        let stamps = if signed { stamp(&body, now(), KEY) } else { Stamps::default() };
        for door in [door(), open_door()] {
            prop_assert!(post(&door, &stamps, &body).is_err());
        }
        let hidden = hide(&body, KEY);
        prop_assert!(post(&door(), &stamp(&hidden, now(), KEY), &hidden).is_err());
        prop_assert!(door().read(&body, now()).is_err());
    }
}

#[test]
fn a_header_left_out_is_a_signature_left_out() {
    let (body, Stamps(timestamp, nonce, signature)) = genuine();
    for mask in 0..7_u8 {
        let kept = |bit: u8, header: &Option<String>| header.clone().filter(|_| mask & bit != 0);
        let stamps = Stamps(kept(1, &timestamp), kept(2, &nonce), kept(4, &signature));
        assert_eq!(post(&door(), &stamps, &body), Err(Rejected::Signature), "{stamps:?}");
    }
}

/// Nothing separates timestamp and nonce in what is signed, so that the cut between them can be moved.
#[test]
fn the_cut_between_timestamp_and_nonce_cannot_be_moved() {
    let (body, Stamps(timestamp, nonce, signature)) = genuine();
    let both = format!("{}{}", timestamp.unwrap(), nonce.unwrap());
    for cut in (0..=both.len()).filter(|cut| *cut != 10) {
        let (timestamp, nonce) = both.split_at(cut);
        let stamps = Stamps(Some(timestamp.to_owned()), Some(nonce.to_owned()), signature.clone());
        assert_eq!(post(&door(), &stamps, &body), Err(Rejected::Signature), "{timestamp}");
    }
    for timestamp in ["+795219200", "-795219200", " 795219200", "179521920O", "１795219", ""] {
        let hash = Sha256::new().chain_update(timestamp).chain_update(NONCE).chain_update(KEY);
        let signature = hex::encode(hash.chain_update(&body).finalize());
        let stamps = Stamps(Some(timestamp.to_owned()), Some(NONCE.to_owned()), Some(signature));
        assert_eq!(post(&door(), &stamps, &body), Err(Rejected::Signature), "{timestamp:?}");
    }
}

/// What SHA-256 puts behind a message of so many bytes.
fn padding(length: usize) -> Vec<u8> {
    let noughts = (119 - length % 64) % 64;
    let bits = u64::try_from(length).unwrap() * 8;
    [vec![0x80], vec![0; noughts], bits.to_be_bytes().to_vec()].concat()
}

/// The signature is a bare hash: from the hash of a body one can go on to the hash of a longer one, without the key,
/// knowing only how long the key is. The longer body has to go on with the padding of the shorter, though, which begins
/// with a byte that cannot follow a JSON object.
#[test]
fn a_body_that_was_lengthened_under_its_own_hash_holds_and_is_still_refused() {
    let (body, Stamps(timestamp, nonce, signature)) = genuine();
    let (timestamp, nonce) = (timestamp.unwrap(), nonce.unwrap());
    let length = timestamp.len() + nonce.len() + KEY.len() + body.len();
    let glue = padding(length);
    assert_eq!((length + glue.len()) % 64, 0);
    for more in [b"".as_slice(), b" ", b"{\"encrypt\":\"abc\"}", b",\"encrypt\":\"abc\"}"] {
        let hash = hex::decode(signature.as_ref().unwrap()).unwrap();
        let mut state = [0_u32; 8];
        for (word, bytes) in state.iter_mut().zip(hash.chunks(4)) {
            *word = u32::from_be_bytes(bytes.try_into().unwrap());
        }
        let tail = [more, padding(length + glue.len() + more.len()).as_slice()].concat();
        let (blocks, rest) = tail.as_chunks::<64>();
        assert!(rest.is_empty());
        compress256(&mut state, blocks);
        let forged = state.map(u32::to_be_bytes).concat();
        let longer = [body.as_slice(), &glue, more].concat();
        let stamps = stamp(&longer, now(), KEY);
        assert_eq!(stamps.2, Some(hex::encode(forged)), "made without the key, and it is the right one");
        assert_eq!(post(&door(), &stamps, &longer), Err(Rejected::Unreadable));
    }
}
