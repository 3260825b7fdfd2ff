//! When nobody is disturbed, and when that is over.

use proptest::prelude::*;

use super::*;

fn quiet(text: &str) -> QuietHours {
    text.parse().unwrap()
}

#[test]
fn quiet_hours_end_on_the_morning_of_the_next_working_day() {
    let calendar = china();
    let cases = [
        ("2026-11-20 20:59", "2026-11-20 20:59"),
        ("2026-11-20 21:00", "2026-11-23 08:30"),
        ("2026-11-19 23:30", "2026-11-20 08:30"),
        ("2026-11-20 00:00", "2026-11-20 08:30"),
        ("2026-11-20 08:29", "2026-11-20 08:30"),
        ("2026-11-20 08:30", "2026-11-20 08:30"),
        ("2026-11-20 12:30", "2026-11-20 12:30"),
        ("2026-11-21 12:00", "2026-11-23 08:30"),
        ("2026-11-22 23:00", "2026-11-23 08:30"),
        ("2026-09-20 12:00", "2026-09-20 12:00"),
        ("2026-09-19 22:00", "2026-09-20 08:30"),
        ("2026-10-03 12:00", "2026-10-08 08:30"),
    ];
    for (wished, over) in cases {
        assert_eq!(shown(calendar.after_quiet(at(wished))), over, "{wished}");
        assert_eq!(calendar.is_quiet(at(wished)), wished != over, "{wished}");
    }
}

#[test]
fn without_a_window_closed_days_wait_for_the_opening_of_the_next_working_day() {
    let calendar = Calendar::new(Rules { quiet: QuietHours::NONE, ..rules("Asia/Shanghai") }).unwrap();
    assert_eq!(shown(calendar.after_quiet(at("2026-11-20 23:00"))), "2026-11-20 23:00");
    assert_eq!(shown(calendar.after_quiet(at("2026-11-21 12:00"))), "2026-11-23 09:00");
    let noon = Calendar::new(Rules { quiet: quiet("12:00-14:00"), ..rules("Asia/Shanghai") }).unwrap();
    assert_eq!(shown(noon.after_quiet(at("2026-11-20 13:00"))), "2026-11-20 14:00");
    assert_eq!(shown(noon.after_quiet(at("2026-11-21 13:00"))), "2026-11-23 09:00");
}

#[test]
fn a_persons_own_quiet_hours_come_on_top() {
    let calendar = china();
    let over = |own: &str, text: &str| shown(calendar.after_quiet_with(quiet(own), at(text)));
    assert_eq!(over("19:00-10:00", "2026-11-19 20:00"), "2026-11-20 10:00");
    assert_eq!(over("19:00-10:00", "2026-11-20 20:00"), "2026-11-23 10:00");
    assert_eq!(over("12:00-14:00", "2026-11-20 12:30"), "2026-11-20 14:00");
    assert_eq!(over("18:00-21:30", "2026-11-19 18:00"), "2026-11-20 08:30");
    assert_eq!(over("none", "2026-11-19 18:00"), "2026-11-19 18:00");
    assert_eq!(
        over("08:00-21:00", "2026-11-19 18:00"),
        "2026-11-19 18:00",
        "the two leave no time: the company's stands"
    );
}

#[test]
fn a_persons_own_quiet_hours_end_on_the_right_day_by_themselves() {
    let (calendar, own) = (china(), quiet("22:00-07:15"));
    let over = |text: &str| shown(calendar.after_own_quiet(&own, at(text)));
    assert_eq!(over("2026-11-20 23:00"), "2026-11-21 07:15");
    assert_eq!(over("2026-11-20 01:00"), "2026-11-20 07:15");
    assert_eq!(over("2026-11-20 12:00"), "2026-11-20 12:00");
}

#[test]
fn quiet_hours_are_read_and_written_back() {
    for text in ["21:00-08:30", "12:00-14:00", "none"] {
        assert_eq!(quiet(text).to_string(), text);
    }
    assert_eq!([quiet("off"), quiet("")], [QuietHours::NONE; 2]);
    assert_eq!(quiet(" 9:00 - 10:00 ").to_string(), "09:00-10:00");
    assert_eq!(quiet("21:00-24:00").to_string(), "21:00-00:00");
    for text in ["21:00", "21:00-21:00", "00:00-24:00", "25:00-08:00", "21:00–08:30", "never"] {
        assert!(text.parse::<QuietHours>().unwrap_err().to_string().contains("`none`"), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn when_quiet_hours_are_over_it_is_not_quiet(
        minute in 0i64..3 * 365 * 1440, from in 0u16..1440, length in 1u16..1440, personal in any::<bool>(),
    ) {
        let to = (from + length) % 1440;
        let window = quiet(&format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60));
        let company = if personal { QuietHours::NONE } else { window };
        let calendar = Calendar::new(Rules { quiet: company, ..rules("Asia/Shanghai") }).unwrap();
        let wished = Timestamp::from_second(at("2024-01-01 00:00").as_second() + minute * 60).unwrap();
        let over = calendar.after_quiet_with(window, wished);
        prop_assert!(over >= wished && !calendar.is_quiet(over));
        prop_assert_eq!(calendar.after_quiet_with(window, over), over);
        if !calendar.is_quiet(wished) && !personal {
            prop_assert_eq!(over, wished);
        }
    }
}
