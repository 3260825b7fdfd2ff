//! One frame of the long connection: protocol buffers of version 2 in a binary WebSocket message.
//!
//! Fields 1 to 4 are required and are always written, zero or not; what we do not know is skipped. An answer is the
//! frame that asked, with another payload: everything else of it goes back as it came.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message as _;
use serde_json::{Value, json};

/// `method` of pings and pongs.
const CONTROL: i32 = 0;
/// `method` of events, callbacks and their acknowledgements.
const DATA: i32 = 1;

/// A frame, either way. The names of fields 1 to 9 are `SeqID`, `LogID`, `service`, `method`, `headers`,
/// `payload_encoding`, `payload_type`, `payload`, `LogIDNew`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Frame {
    #[prost(uint64, required, tag = "1")]
    pub seq_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub log_id: u64,
    #[prost(int32, required, tag = "3")]
    pub service: i32,
    #[prost(int32, required, tag = "4")]
    pub method: i32,
    #[prost(message, repeated, tag = "5")]
    pub headers: Vec<Header>,
    #[prost(string, optional, tag = "6")]
    pub payload_encoding: Option<String>,
    #[prost(string, optional, tag = "7")]
    pub payload_type: Option<String>,
    #[prost(bytes = "vec", optional, tag = "8")]
    pub payload: Option<Vec<u8>>,
    #[prost(string, optional, tag = "9")]
    pub log_id_new: Option<String>,
}

/// A word about a frame, and what it says.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Header {
    #[prost(string, required, tag = "1")]
    pub key: String,
    #[prost(string, required, tag = "2")]
    pub value: String,
}

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The answer to our ping; its payload may be a new `ClientConfig`.
    Pong,
    /// Something that happened.
    Event,
    /// A card callback that came by the road of cards; others come as [`Kind::Event`].
    Card,
    /// Nothing that we know.
    Other,
}

/// What is answered to a complete message.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Taken; a callback's answer goes along.
    Taken { data: Option<Value>, took: Duration },
    /// Not taken: the platform may send it again.
    Failed,
}

impl Frame {
    /// Our ping; `service` is the `service_id` of the address.
    pub fn ping(service: i32) -> Self {
        let headers = vec![Header { key: "type".to_owned(), value: "ping".to_owned() }];
        Self { service, method: CONTROL, headers, ..Self::default() }
    }

    /// Reads what came in one binary message.
    pub fn read(bytes: &[u8]) -> Result<Self, prost::DecodeError> {
        Self::decode(bytes)
    }

    /// The bytes of one binary message.
    pub fn bytes(&self) -> Vec<u8> {
        self.encode_to_vec()
    }

    /// What it is for.
    pub fn kind(&self) -> Kind {
        match (self.method, self.header("type")) {
            (CONTROL, Some("pong")) => Kind::Pong,
            (DATA, Some("event")) => Kind::Event,
            (DATA, Some("card")) => Kind::Card,
            _ => Kind::Other,
        }
    }

    /// The first header of that name.
    pub fn header(&self, key: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.key == key).map(|header| header.value.as_str())
    }

    /// The acknowledgement of the message that this frame completed. How long it took (`biz_rt`, milliseconds) is
    /// told of what was taken only, as the official SDK does.
    pub fn acknowledged(mut self, answer: &Answer) -> Self {
        let payload = match answer {
            Answer::Taken { data: None, .. } => json!({"code": 200}),
            Answer::Taken { data: Some(body), .. } => {
                json!({"code": 200, "data": STANDARD.encode(body.to_string())})
            }
            Answer::Failed => json!({"code": 500}),
        };
        if let Answer::Taken { took, .. } = answer {
            self.headers.push(Header { key: "biz_rt".to_owned(), value: took.as_millis().to_string() });
        }
        self.method = DATA;
        self.payload = Some(payload.to_string().into_bytes());
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../../../tests/platform/vectors/feishu/ws.json")).unwrap()
    }

    fn bytes(hexed: &Value) -> Vec<u8> {
        hex::decode(hexed.as_str().unwrap()).unwrap()
    }

    /// The frame as the vectors describe it.
    fn described(frame: &Frame) -> Value {
        let headers: Vec<_> = frame.headers.iter().map(|h| json!([h.key, h.value])).collect();
        json!({
            "SeqID": frame.seq_id, "LogID": frame.log_id, "service": frame.service, "method": frame.method,
            "headers": headers,
            "payload_encoding": frame.payload_encoding.clone().unwrap_or_default(),
            "payload_type": frame.payload_type.clone().unwrap_or_default(),
            "payload_hex": hex::encode(frame.payload.clone().unwrap_or_default()),
            "LogIDNew": frame.log_id_new.clone().unwrap_or_default(),
        })
    }

    #[test]
    fn every_frame_of_the_sdk_is_read_and_written_byte_for_byte() {
        let vectors = vectors();
        let frames = vectors["frames"].as_object().unwrap();
        assert_eq!(frames.len(), 11);
        for (name, vector) in frames {
            if name == "event_multipart_merged" {
                continue; // the parts put together: no frame
            }
            let raw = bytes(&vector["hex"]);
            let frame = Frame::read(&raw).unwrap();
            assert_eq!(frame.bytes(), raw, "{name}");
            let mut decoded = vector["decoded"].clone();
            decoded.as_object_mut().unwrap().remove("payload_utf8");
            assert_eq!(described(&frame), decoded, "{name}");
        }
    }

    #[test]
    fn the_ping_is_the_one_of_the_sdk() {
        assert_eq!(Frame::ping(33_554_678).bytes(), bytes(&vectors()["frames"]["ping_client"]["hex"]));
    }

    #[test]
    fn a_negative_service_takes_ten_bytes_and_comes_back() {
        let frame = Frame::ping(-1);
        assert_eq!(hex::encode(&frame.bytes()[4..15]), "18ffffffffffffffffff01");
        assert_eq!(Frame::read(&frame.bytes()).unwrap(), frame);
    }

    #[test]
    fn fields_that_we_do_not_know_are_skipped_whatever_their_type() {
        let mut raw = Frame::ping(7).bytes();
        // 15 as a varint, 16 as eight bytes, 17 as a length, 18 as four bytes.
        raw.extend(hex::decode("7805810101020304050607088a0103616263950101020304").unwrap());
        assert_eq!(Frame::read(&raw).unwrap(), Frame::ping(7));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(frame) = Frame::read(&raw) {
                prop_assert_eq!(Frame::read(&frame.bytes()).unwrap(), frame);
            }
        }
    }

    proptest! {
        /// A genuine frame with bytes changed, cut off and added: a length that lies reserves nothing.
        #[test]
        fn a_damaged_frame_is_read_or_refused(
            which in any::<prop::sample::Index>(),
            flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in any::<prop::sample::Index>(),
            more in proptest::collection::vec(any::<u8>(), 0..24),
        ) {
            let vectors = vectors();
            let all: Vec<_> = vectors["frames"].as_object().unwrap().values().filter_map(|f| f["hex"].as_str()).collect();
            let mut raw = hex::decode(which.get(&all)).unwrap();
            for (at, to) in flips {
                let at = at.index(raw.len());
                raw[at] = to;
            }
            raw.truncate(cut.index(raw.len()));
            raw.extend(more);
            if let Ok(frame) = Frame::read(&raw) {
                prop_assert_eq!(Frame::read(&frame.bytes()).unwrap(), frame.clone());
                prop_assert!(frame.payload.map_or(0, |p| p.len()) <= raw.len());
            }
        }
    }

    /// Acknowledges what the run was fed with, as it would have been answered at once by `answer`.
    fn acknowledged(last_input: &str, answer: &Answer) -> Frame {
        Frame::read(&bytes(&vectors()["frames"][last_input]["hex"])).unwrap().acknowledged(answer)
    }

    #[test]
    fn acknowledgements_hold_what_both_sdks_write() {
        let node: Value =
            serde_json::from_str(include_str!("../../../../tests/platform/vectors/feishu/node_sdk.json"))
                .unwrap();
        let vectors = vectors();
        for (name, last) in [
            ("ack_event_single", "event_single"),
            ("ack_multipart_in_order", "event_part_3_of_3"),
            ("ack_multipart_shuffled", "event_part_2_of_3"),
        ] {
            let taken = |ms| Answer::Taken { data: None, took: Duration::from_millis(ms) };
            let ours = acknowledged(last, &taken(0));
            assert_eq!(ours.bytes(), bytes(&node["ws_runs"][name]["acks_hex"][0]), "{name}");
            let mut python = Frame::read(&bytes(&vectors["runs"][name]["acks"][0]["hex"])).unwrap();
            // The spacing of the payload is free.
            python.payload = Some(br#"{"code":200}"#.to_vec());
            assert_eq!(acknowledged(last, &taken(1)), python, "{name}");
        }
        let mut failed =
            Frame::read(&bytes(&vectors["runs"]["ack_unknown_event_type"]["acks"][0]["hex"])).unwrap();
        failed.payload = Some(br#"{"code":500}"#.to_vec());
        assert_eq!(acknowledged("event_unknown_type", &Answer::Failed), failed);
    }

    #[test]
    fn the_answer_to_a_callback_goes_along_in_base64() {
        let vectors = vectors();
        let vector = &vectors["runs"]["ack_callback"]["acks"][0];
        let data = Some(vector["payload_data_decoded"].clone());
        let took = Duration::from_millis(1);
        let ours = acknowledged("callback_single", &Answer::Taken { data, took });
        let said: Value = serde_json::from_slice(ours.payload.as_deref().unwrap()).unwrap();
        assert_eq!(said["code"], 200);
        let decoded = STANDARD.decode(said["data"].as_str().unwrap()).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&decoded).unwrap(), vector["payload_data_decoded"]);
        let theirs = Frame::read(&bytes(&vector["hex"])).unwrap();
        assert_eq!(Frame { payload: None, ..ours }, Frame { payload: None, ..theirs });

        let nothing = acknowledged("callback_type_card", &Answer::Taken { data: Some(json!({})), took });
        assert_eq!(nothing.payload.unwrap(), br#"{"code":200,"data":"e30="}"#);
    }
}
