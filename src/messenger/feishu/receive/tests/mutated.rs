//! Genuine events with a field put wrong: every field of every vector, by seventeen values, and by chance.
//!
//! Whatever stands there, the door answers, and it answers the same twice; nothing but an event of the vectors' own kind
//! is made of it.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// What may stand where something else should.
fn odd_values() -> [Value; 17] {
    [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("\u{0}"),
        json!("\u{202e}../../etc/passwd"),
        json!("' OR 1=1 --"),
        json!("{{7*7}}${7*7}"),
        json!("长".repeat(20_000)),
        json!([]),
        json!([[[[[]]]]]),
        json!({}),
        json!({ "$gt": "" }),
    ]
}

/// Every place in a value, as the way to it.
fn places(value: &Value, way: &str, found: &mut Vec<String>) {
    found.push(way.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, inside) in fields {
                places(inside, &format!("{way}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (at, inside) in items.iter().enumerate() {
                places(inside, &format!("{way}/{at}"), found);
            }
        }
        _ => {}
    }
}

/// Read once: reading them takes longer than trying one.
static GENUINE: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let (events, clicks) = (cases("events", "cases"), cases("card_callbacks", "requests"));
    events.iter().chain(&clicks).filter_map(|case| serde_json::from_str(&case.plain).ok()).collect()
});

fn answers(bytes: &[u8]) {
    let (first, again) = (door().read(bytes, now()), door().read(bytes, now()));
    assert_eq!(first, again, "{}", String::from_utf8_lossy(bytes));
}

#[test]
fn every_field_put_wrong_in_every_way_is_answered() {
    let mut tried = 0;
    for event in &*GENUINE {
        let mut all = Vec::new();
        places(event, "", &mut all);
        for place in all {
            for odd in odd_values() {
                let mut wrong = event.clone();
                *wrong.pointer_mut(&place).unwrap() = odd;
                answers(wrong.to_string().as_bytes());
                tried += 1;
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
}

proptest! {
    /// Cut, flipped and joined: what is left of a genuine event.
    #[test]
    fn no_damage_to_a_genuine_event_brings_the_door_down(
        which in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        more in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let mut bytes = which.get(&GENUINE[..]).to_string().into_bytes();
        for (at, to) in flips {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        bytes.truncate(cut.index(bytes.len()).max(1));
        bytes.extend(more);
        answers(&bytes);
        let hidden = hide(&bytes, KEY);
        let _ = post(&door(), &stamp(&hidden, now(), KEY), &hidden);
    }
}
