//! Stories about policies: the default one is sound, and a bad one is told everything at once.

use insta::assert_snapshot;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::check::{DEFAULT, read};
use super::{At, Audience, Due, Rung};
use crate::domain::calendar::{Calendar, Hours, QuietHours, Rules, Span};
use crate::domain::obligation::Kind;

/// The usual day, the usual weekends and the holidays of 2026.
fn calendar() -> Calendar {
    let facts = include_str!("../../../config/calendar/cn-2026.toml");
    let time = |hour| Time::constant(hour, 0, 0, 0);
    Calendar::new(Rules {
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
        hours: Hours::new(vec![(time(9), time(12)), (time(13), time(18))]).unwrap(),
        years: vec![toml::from_str(facts).unwrap()],
        overrides: Vec::new(),
        quiet: QuietHours::NONE,
    })
    .unwrap()
}

fn faults(text: &str) -> String {
    match read("policy.toml", text, &calendar()) {
        Ok(_) => "sound\n".to_owned(),
        Err(faults) => faults.iter().map(|f| format!("{f}\n")).collect(),
    }
}

/// The default policy with the table of one kind written anew.
fn with(kind: &str, table: &str) -> String {
    let (before, rest) = DEFAULT.split_once(&format!("\n[{kind}]")).unwrap();
    let after = rest.find("\n[").map_or("", |at| &rest[at..]);
    format!("{before}\n[{kind}]\n{table}{after}")
}

#[test]
fn the_default_policy_is_what_the_process_asks_for() {
    let policy = read("policy.toml", DEFAULT, &calendar()).unwrap();
    assert_eq!(policy.rows.len(), Kind::ALL.len());
    let confirm = &policy.rows[&Kind::ConfirmRequest];
    assert_eq!((confirm.due, confirm.urgent), (Due::After(Span::Wd(1)), false));
    let ladder: Vec<_> = confirm.ladder.iter().map(|s| (s.at, s.rung)).collect();
    assert_eq!(
        ladder,
        [
            (At::After(Span::Wh(4)), Rung::Remind),
            (At::Due, Rung::Overdue),
            (At::After(Span::Dh(48)), Rung::Alert),
            (At::Every(Span::Wd(1)), Rung::Alert),
        ]
    );
    // Whoever owes it hears before the boss does.
    assert_eq!(confirm.ladder[2].to, [Audience::Debtor, Audience::Head, Audience::ManagersGroup]);
    let answer = &policy.rows[&Kind::AnswerObjection];
    assert_eq!(answer.ladder[2].at, At::AfterDue(Span::Wd(1)));
    assert_eq!((policy.approval.general_manager_above, policy.urge.per_day), (100_000, 3));
    assert_eq!((policy.urge.cool_down, policy.too_late.alert), (Span::H(4), Span::Wd(30)));
}

/// One of each mistake.
const BAD: &str = r#"
[aprove_request]
due = "1wd"

[confirm_request]
due = "1 day"
urgnt = true
steps = [
  { at = "4wh", do = "nag", to = ["debtor"] },
  { at = "0wd", do = "remind", to = ["debtor"] },
  { at = "-1wd", do = "remind", to = ["dettor", "head"] },
  { at = "due*2", do = "alert", to = [] },
  { at = "due", every = "1wd", do = "alert", to = ["head"] },
  { do = "alert", to = ["head"] },
  { at = "due", to = ["head"], whom = "boss" },
  { at = "due", do = "alert" },
  "due",
]

[answer_objection]
due = "2wd"
step = []

[arbitrate]
steps = [{ at = "due", do = "alert", to = ["managers_group"] }]

[approval]
general_manager_above = "a lot"
self_aproval = true

[urge]
cool_down = "0h"
per_day = 0
"#;

#[test]
fn a_bad_policy_is_told_everything_at_once() {
    assert_snapshot!(faults(BAD), @r#"
    policy.toml:1: approve_request: is missing; copy the table from the policy.toml of this version
    policy.toml:1: too_late: is missing; copy the table from the policy.toml of this version
    policy.toml:2: aprove_request: unknown key; did you mean `approve_request`?
    policy.toml:5: confirm_request.due: `1 day` is no span of time; write e.g. "30min", "4h", "48dh", "4wh" or "1wd"
    policy.toml:7: confirm_request.urgnt: unknown key `urgnt`; did you mean `urgent`?
    policy.toml:9: confirm_request step 1.do: unknown `nag`; known: remind, overdue, alert
    policy.toml:10: confirm_request step 2.at: `0wd` is no time at all; write e.g. "30min", "4h", "48dh", "4wh" or "1wd"
    policy.toml:11: confirm_request step 3.to: unknown `dettor`; did you mean `debtor`?
    policy.toml:12: confirm_request step 4.to: nobody would hear; e.g. to = ["debtor"]
    policy.toml:12: confirm_request step 4.at: `due*2` is no moment; write "due", "due+1wd" or "due-1wd"
    policy.toml:13: confirm_request step 5: has both `at` and `every`; keep one of them
    policy.toml:14: confirm_request step 6: does not say when; add at = "due", at = "4wh" or every = "1wd"
    policy.toml:15: confirm_request step 7.whom: unknown key `whom`; known: at, every, do, to
    policy.toml:15: confirm_request step 7.do: is missing
    policy.toml:16: confirm_request step 8.to: is missing
    policy.toml:17: steps: expected a table, found string
    policy.toml:20: answer_objection: has no steps: nobody would hear; add steps = [{ … }]
    policy.toml:22: answer_objection.step: unknown key `step`; did you mean `steps`?
    policy.toml:24: arbitrate.due: is missing
    policy.toml:28: approval.general_manager_above: invalid type: string "a lot", expected i64
    policy.toml:29: approval.self_aproval: unknown key `self_aproval`; did you mean `self_approval`?
    policy.toml:31: urge.per_day: nobody could ever urge; at least 1
    policy.toml:31: urge.cool_down: `0h` is no time at all; write e.g. "30min", "4h", "48dh", "4wh" or "1wd"
    "#);
}

#[test]
fn steps_that_cannot_be_climbed_are_refused() {
    let out_of_order = r#"due = "1wd"
steps = [
  { at = "48dh", do = "alert", to = ["head"] },
  { at = "due", do = "overdue", to = ["debtor"] },
  { at = "due-3wd", do = "remind", to = ["debtor"] },
]"#;
    assert_snapshot!(faults(&with("confirm_request", out_of_order)), @r"
    policy.toml:31: confirm_request step 2: would fire before step 1 (opened on a Monday at 09:00); put the steps in the order in which they fire
    policy.toml:32: confirm_request step 3: would fire before it is opened (opened on a Monday at 09:00); put the steps in the order in which they fire
    ");
    let again_too_soon = r#"due = "1wd"
steps = [
  { every = "1wd", do = "alert", to = ["head"] },
  { at = "due", do = "overdue", to = ["debtor"] },
]"#;
    assert_snapshot!(faults(&with("confirm_request", again_too_soon)), @r"policy.toml:30: confirm_request step 1: only the last step may come again and again; move it to the end, or use `at`");
}

#[test]
fn a_policy_of_before_there_were_tasks_has_the_usual_rows_for_them() {
    let usual = read("policy.toml", DEFAULT, &calendar()).unwrap();
    let tables = ["[finish_task]", "[report_progress]", "[accept_delivery]", "[progress]", "[decide]"];
    let is_head = |line: &str| line.starts_with('[');
    let mut keeps = true;
    let old: Vec<&str> = DEFAULT
        .lines()
        .filter(|line| {
            if is_head(line) {
                keeps = !tables.iter().any(|table| line.starts_with(table));
            }
            keeps
        })
        .collect();
    assert!(!old.join("\n").contains("finish_task"));
    let read = read("policy.toml", &old.join("\n"), &calendar()).unwrap();
    assert_eq!((read.rows, read.progress), (usual.rows, usual.progress));
}

#[test]
fn a_step_by_the_clock_on_the_wall_and_the_daily_round_are_read_strictly() {
    let by_the_clock = |at: &str| {
        let steps = format!(r#"steps = [{{ at = "{at}", do = "remind", to = ["debtor"] }}]"#);
        let faults = faults(&with("finish_task", &format!("due = \"planned\"\n{steps}")));
        faults.split_once(": ").map_or(faults.clone(), |(_, said)| said.to_owned())
    };
    assert_eq!(by_the_clock("09:00 due-1wd"), "sound\n");
    for wrong in ["25:00 due", "09:00", "09:00 due-1h", "09:00 due*2"] {
        let said = by_the_clock(wrong);
        assert!(said.contains(&format!("`{wrong}` is no moment")), "{said}");
    }
    // A plan has a day; other kinds have none.
    let planned = "due = \"planned\"\nsteps = [{ at = \"due\", do = \"alert\", to = [\"head\"] }]";
    assert!(faults(&with("arbitrate", planned)).contains("`planned` is no span of time"));
    let round = |text: &str| faults(&with("progress", text));
    let said = round("ask = \"18:00\"\ndigest = \"17:00\"\nmisses = 0");
    assert!(
        said.contains("comes before people were asked") && said.contains("nobody could ever report"),
        "{said}"
    );
    assert!(round("ask = \"five\"\ndigest = \"18:00\"\nmisses = 2").contains("`five` is no time of day"));
}

#[test]
fn a_reminder_before_due_may_come_first() {
    let before_due = r#"due = "2wd"
steps = [
  { at = "due-1wd", do = "remind", to = ["debtor"] },
  { at = "due", do = "alert", to = ["head"] },
  { every = "24dh", do = "alert", to = ["head"] },
]"#;
    assert_eq!(faults(&with("arbitrate", before_due)), "sound\n");
}

proptest! {
    /// Whatever a hand slips on: the policy is whole, or something is said about it.
    #[test]
    fn a_damaged_policy_is_never_half_used(at in 0..DEFAULT.len(), gone in 0..40usize, put in "[a-z0-9\"{}=, \\[\\]\n+-]{0,6}") {
        let start = DEFAULT.floor_char_boundary(at);
        let end = DEFAULT.floor_char_boundary((at + gone).min(DEFAULT.len()));
        let text = format!("{}{put}{}", &DEFAULT[..start], &DEFAULT[end.max(start)..]);
        match read("policy.toml", &text, &calendar()) {
            Ok(policy) => prop_assert!(policy.rows.len() == Kind::ALL.len() && policy.rows.values().all(|r| !r.ladder.is_empty())),
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }
}
