//! What a link holds, whoever tampers with it.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn links() -> Links {
    Links::new("https://liaison.example.com/", b"one secret", None)
}

fn confirm(number: u32, department: &str, version: i64) -> Want {
    Want::Confirm {
        request: Some(format!("2026-Q4-SCB-{number:03}")),
        department: Some(department.to_owned()),
        version: Some(version),
    }
}

fn token(links: &Links, person: &str, want: &Want) -> String {
    let link = links.link(&PersonId::new(person), want, now());
    link.strip_prefix("https://liaison.example.com/forms/").unwrap().to_owned()
}

fn wants() -> impl Strategy<Value = Want> {
    prop_oneof![
        (0..999_u32, "[A-Z]{2,4}", 1..99_i64).prop_map(|(n, d, v)| confirm(n, &d, v)),
        "\\PC{0,40}".prop_map(|title| Want::New { title: Some(title), departments: vec![], date: None }),
        (0..999_u32).prop_map(|n| Want::Withdraw { request: Some(n.to_string()) }),
    ]
}

proptest! {
    #[test]
    fn a_link_opens_as_what_was_sealed_until_its_end(person in "[a-z.]{1,20}", want in wants(), age in 0..=7 * 24_i64) {
        let sealed = token(&links(), &person, &want);
        let opened = links().open(&sealed, now() + SignedDuration::from_hours(age)).unwrap();
        prop_assert_eq!(opened, Opened { person: PersonId::new(person), want });
        prop_assert!(sealed.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    }

    #[test]
    fn a_flipped_bit_is_refused(person in "[a-z.]{1,20}", want in wants(), place: usize, bit in 0..8_u32) {
        let sealed = token(&links(), &person, &want);
        let mut bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        let place = place % bytes.len();
        bytes[place] ^= 1 << bit;
        prop_assert_eq!(links().open(&URL_SAFE_NO_PAD.encode(bytes), now()), Err(LinkError::Forged));
    }

    #[test]
    fn another_character_or_length_is_refused(want in wants(), place: usize, other in "[A-Za-z0-9_.~=%/-]") {
        let sealed = token(&links(), "wang.fang", &want);
        let place = place % sealed.len();
        let mut changed = sealed.clone();
        changed.replace_range(place..=place, &other);
        prop_assume!(changed != sealed);
        prop_assert_eq!(links().open(&changed, now()), Err(LinkError::Forged));
        prop_assert_eq!(links().open(&sealed[..place], now()), Err(LinkError::Forged));
        let longer = format!("{sealed}{other}");
        prop_assert_eq!(links().open(&longer, now()), Err(LinkError::Forged));
    }

    /// The tag of one link under the words of another: neither person nor act can be exchanged.
    #[test]
    fn the_words_of_another_link_are_refused(one in wants(), two in wants(), other_person: bool) {
        let person = if other_person { "li.na" } else { "wang.fang" };
        prop_assume!(one != two || other_person);
        let (mine, theirs) = (token(&links(), "wang.fang", &one), token(&links(), person, &two));
        let (mine, theirs) = (URL_SAFE_NO_PAD.decode(mine).unwrap(), URL_SAFE_NO_PAD.decode(theirs).unwrap());
        let body = &theirs[..theirs.len() - TAG];
        let spliced = URL_SAFE_NO_PAD.encode([body, &mine[mine.len() - TAG..]].concat());
        prop_assert_eq!(links().open(&spliced, now()), Err(LinkError::Forged));
    }

    #[test]
    fn no_other_text_opens(text in "\\PC{0,200}") {
        prop_assert_eq!(links().open(&text, now()), Err(LinkError::Forged));
        prop_assert_eq!(links().key_of("token", &text, now()), None);
    }

    #[test]
    fn a_submission_belongs_to_its_link(token in "[a-zA-Z0-9]{1,30}", other in "[a-zA-Z0-9]{1,30}", id in "[0-9a-f]{1,32}") {
        let mark = links().submission(&token, &id);
        let key = links().key_of(&token, &mark, now()).unwrap();
        prop_assert_eq!(links().key_of(&token, &mark, now()), Some(key.clone()));
        prop_assert!(!key.contains(&token) || id.contains(&token) || token.len() < 6, "a key is kept: no token in it");
        prop_assume!(token != other);
        prop_assert_eq!(links().key_of(&other, &mark, now()), None);
    }
}

#[test]
fn a_link_ends() {
    let sealed = token(&links(), "wang.fang", &confirm(1, "CWB", 1));
    let end = now() + LIFE;
    assert!(links().open(&sealed, end).is_ok());
    assert_eq!(links().open(&sealed, end + SignedDuration::from_secs(1)), Err(LinkError::Expired));
}

#[test]
fn a_changed_secret_lets_the_previous_links_open_and_no_others() {
    let old = token(&links(), "wang.fang", &confirm(1, "CWB", 1));
    let mark = links().submission(&old, "1");
    let rotated =
        Links::new("https://liaison.example.com", b"another", Some((b"one secret", Timestamp::MAX)));
    assert!(rotated.open(&old, now()).is_ok());
    assert!(rotated.key_of(&old, &mark, now()).is_some());
    let new = token(&rotated, "wang.fang", &confirm(1, "CWB", 1));
    assert!(rotated.open(&new, now()).is_ok());
    assert_eq!(links().open(&new, now()), Err(LinkError::Forged));
    let forgotten = Links::new("https://liaison.example.com", b"another", None);
    assert_eq!(forgotten.open(&old, now()), Err(LinkError::Forged));
    assert_eq!(forgotten.key_of(&old, &mark, now()), None);
}

#[test]
fn a_link_fits_into_a_button() {
    let link =
        links().link(&PersonId::new("ou_7d8a6e6df7621556ce0d21922b676706"), &confirm(999, "YFB", 99), now());
    assert!(link.len() < 350, "{} bytes", link.len());
}

#[test]
fn another_version_of_the_format_is_refused() {
    let links = links();
    let mut bytes = vec![VERSION + 1];
    bytes.extend(serde_json::to_vec(&(i64::MAX, "wang.fang", confirm(1, "CWB", 1))).unwrap());
    let tag = links.keys.tag(&[b"token", &bytes]);
    bytes.extend(tag);
    assert_eq!(links.open(&URL_SAFE_NO_PAD.encode(bytes), now()), Err(LinkError::Forged));
}

#[test]
fn a_former_secret_opens_nothing_after_its_end() {
    let (now, want) = (now(), confirm(1, "YFB", 1));
    let old = token(&links(), "li.na", &want);
    let rotated = links();
    let copy = rotated.clone();
    rotated.change(b"another", Some((b"one secret", now)));
    assert!(copy.open(&token(&rotated, "li.na", &want), now + LIFE).is_ok(), "a copy changes, too");
    assert!(rotated.open(&old, now).is_ok());
    assert_eq!(rotated.open(&old, now + SignedDuration::from_secs(1)), Err(LinkError::Forged));
}
