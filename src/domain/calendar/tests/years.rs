//! Three years by hand: each holiday, make-up day, quarter and year end of 2024 to 2026, in every unit. One sum a row,
//! worked out from the State Council's arrangements in `config/calendar/`, not from what the program says.

use super::table::{hold, rows};
use super::*;

#[test]
fn sums_over_2024_hold() {
    let table = "
        # New Year: Monday, 1 January
        2024-01-01 10:00 | 1wd   | 2024-01-03 09:00
        2024-01-01 10:00 | 24dh  | 2024-01-03 00:00
        2024-01-01 10:00 | 4wh   | 2024-01-02 14:00
        2024-01-01 10:00 | 24h   | 2024-01-02 10:00
        # Spring Festival: 10 (Sat) to 17 (Sat) February; the Sundays 4 and 18 worked
        2024-02-02 17:00 | 1wd   | 2024-02-04 17:00
        2024-02-02 17:00 | 48dh  | 2024-02-05 17:00
        2024-02-03 12:00 | 1wd   | 2024-02-05 09:00
        2024-02-09 17:00 | 4wh   | 2024-02-18 12:00
        2024-02-09 17:00 | 48dh  | 2024-02-19 17:00
        2024-02-09 10:00 | 5wd   | 2024-02-22 10:00
        2024-02-12 09:00 | 1wd   | 2024-02-19 09:00
        2024-02-12 09:00 | 72h   | 2024-02-15 09:00
        2024-02-17 23:59 | 1dh   | 2024-02-18 01:00
        # first quarter: 31 March is a Sunday
        2024-03-29 17:00 | 1wd   | 2024-04-01 17:00
        2024-03-29 18:00 | 24dh  | 2024-04-01 18:00
        2024-03-31 12:00 | 1wh   | 2024-04-01 10:00
        # Tomb Sweeping: 4 (Thu) to 6 (Sat) April; the Sunday 7 worked
        2024-04-03 17:00 | 1wd   | 2024-04-07 17:00
        2024-04-03 17:30 | 1wh   | 2024-04-07 09:30
        2024-04-05 10:00 | 24dh  | 2024-04-08 00:00
        # Labour Day: 1 (Wed) to 5 (Sun) May; the Sunday 28 April and the Saturday 11 May worked
        2024-04-26 17:00 | 1wd   | 2024-04-28 17:00
        2024-04-30 12:00 | 8wh   | 2024-05-06 12:00
        2024-04-30 17:00 | 1wd   | 2024-05-06 17:00
        2024-05-03 08:00 | 2wd   | 2024-05-08 09:00
        2024-05-10 17:00 | 1wd   | 2024-05-11 17:00
        2024-05-11 12:30 | 1wd   | 2024-05-13 13:00
        # Dragon Boat: 8 (Sat) to 10 (Mon) June
        2024-06-07 17:00 | 1wd   | 2024-06-11 17:00
        2024-06-07 16:30 | 2wh   | 2024-06-11 09:30
        2024-06-10 23:00 | 2dh   | 2024-06-11 02:00
        # half-year: 30 June is a Sunday
        2024-06-28 17:00 | 1wd   | 2024-07-01 17:00
        2024-06-30 20:00 | 8wh   | 2024-07-01 18:00
        # Mid-Autumn: 15 (Sun) to 17 (Tue) September; the Saturday 14 worked
        2024-09-13 10:00 | 2wd   | 2024-09-18 10:00
        2024-09-14 12:00 | 24dh  | 2024-09-18 12:00
        2024-09-16 10:00 | 1wh   | 2024-09-18 10:00
        # third quarter and National Day: 1 (Tue) to 7 (Mon) October; the Sunday 29 September and the Saturday 12 worked
        2024-09-27 17:00 | 2wd   | 2024-09-30 17:00
        2024-09-27 17:00 | 3wd   | 2024-10-08 17:00
        2024-09-30 18:00 | 1wd   | 2024-10-08 18:00
        2024-09-30 18:01 | 1wd   | 2024-10-09 09:00
        2024-09-30 23:30 | 1dh   | 2024-10-08 00:30
        2024-10-05 10:00 | 1wd   | 2024-10-09 09:00
        2024-10-11 17:00 | 2wh   | 2024-10-12 10:00
        2024-10-12 17:00 | 1wd   | 2024-10-14 17:00
        # year end: a Tuesday, and one day off
        2024-12-31 17:30 | 1wh   | 2025-01-02 09:30
        2024-12-31 12:00 | 24dh  | 2025-01-02 12:00
    ";
    hold(&china(), table, |calendar, from, span| calendar.add(from, span));
}

#[test]
fn sums_over_2025_hold() {
    let table = "
        2025-01-01 00:00 | 24dh  | 2025-01-03 00:00
        # Spring Festival: 28 January (Tue) to 4 February (Tue); the Sunday 26 January and the Saturday 8 February worked
        2025-01-24 17:00 | 1wd   | 2025-01-26 17:00
        2025-01-24 17:00 | 3wd   | 2025-02-05 17:00
        2025-01-27 18:00 | 1wd   | 2025-02-05 18:00
        2025-01-27 20:00 | 48dh  | 2025-02-06 20:00
        2025-01-30 10:00 | 4wh   | 2025-02-05 14:00
        2025-02-07 17:00 | 1wd   | 2025-02-08 17:00
        2025-02-08 17:00 | 2wh   | 2025-02-10 10:00
        2025-02-09 09:00 | 1wd   | 2025-02-11 09:00
        # first quarter: 31 March is a Monday
        2025-03-31 17:00 | 1wd   | 2025-04-01 17:00
        2025-03-31 17:00 | 4wh   | 2025-04-01 12:00
        # Tomb Sweeping: 4 (Fri) to 6 (Sun) April
        2025-04-03 17:00 | 1wd   | 2025-04-07 17:00
        2025-04-03 12:00 | 48dh  | 2025-04-08 12:00
        # Labour Day: 1 (Thu) to 5 (Mon) May; the Sunday 27 April worked
        2025-04-25 17:00 | 1wd   | 2025-04-27 17:00
        2025-04-26 12:00 | 4wh   | 2025-04-27 14:00
        2025-04-30 17:00 | 1wd   | 2025-05-06 17:00
        2025-04-30 17:00 | 10wd  | 2025-05-19 17:00
        2025-05-02 00:00 | 1min  | 2025-05-02 00:01
        2025-05-05 12:00 | 24dh  | 2025-05-07 00:00
        # Dragon Boat: 31 May (Sat) to 2 June (Mon)
        2025-05-30 18:30 | 1wd   | 2025-06-04 09:00
        2025-05-31 10:00 | 4wh   | 2025-06-03 14:00
        # half-year: 30 June is a Monday
        2025-06-27 17:00 | 48dh  | 2025-07-01 17:00
        2025-06-30 17:00 | 1wd   | 2025-07-01 17:00
        2025-06-30 09:00 | 16wh  | 2025-07-01 18:00
        # third quarter, National Day and Mid-Autumn: 1 (Wed) to 8 (Wed) October; the Sunday 28 September and the
        # Saturday 11 October worked
        2025-09-26 17:00 | 1wd   | 2025-09-28 17:00
        2025-09-27 10:00 | 1wd   | 2025-09-29 09:00
        2025-09-30 17:00 | 1wd   | 2025-10-09 17:00
        2025-09-30 12:00 | 8wh   | 2025-10-09 12:00
        2025-09-30 17:00 | 3wd   | 2025-10-11 17:00
        2025-10-08 23:59 | 24dh  | 2025-10-10 00:00
        2025-10-10 17:00 | 24dh  | 2025-10-11 17:00
        2025-10-11 18:00 | 1wd   | 2025-10-13 18:00
        2025-10-11 18:30 | 1wh   | 2025-10-13 10:00
        # year end: a Wednesday, then three days off and a Sunday worked
        2025-12-31 12:00 | 1wd   | 2026-01-04 12:00
        2025-12-31 17:00 | 2wd   | 2026-01-05 17:00
        2025-12-31 12:30 | 6wh   | 2026-01-04 10:00
    ";
    hold(&china(), table, |calendar, from, span| calendar.add(from, span));
}

#[test]
fn sums_over_2026_hold() {
    let table = "
        # New Year: 1 (Thu) to 3 (Sat) January; the Sunday 4 worked
        2026-01-02 10:00 | 1wd   | 2026-01-05 09:00
        2026-01-02 10:00 | 24dh  | 2026-01-05 00:00
        2026-01-04 10:00 | 5wd   | 2026-01-09 10:00
        # Spring Festival: 15 (Sun) to 23 (Mon) February; the Saturdays 14 and 28 worked
        2026-02-13 17:00 | 1wd   | 2026-02-14 17:00
        2026-02-14 18:00 | 8wh   | 2026-02-24 18:00
        2026-02-14 20:00 | 24dh  | 2026-02-24 20:00
        2026-02-18 12:00 | 2wd   | 2026-02-26 09:00
        2026-02-18 12:00 | 120h  | 2026-02-23 12:00
        2026-02-27 17:00 | 4wh   | 2026-02-28 12:00
        2026-02-28 17:00 | 24dh  | 2026-03-02 17:00
        # first quarter: 31 March is a Tuesday
        2026-03-31 17:00 | 1wd   | 2026-04-01 17:00
        2026-03-31 18:00 | 4wh   | 2026-04-01 14:00
        # Tomb Sweeping: 4 (Sat) to 6 (Mon) April
        2026-04-03 17:59 | 1wh   | 2026-04-07 09:59
        2026-04-05 10:00 | 48dh  | 2026-04-09 00:00
        # Labour Day: 1 (Fri) to 5 (Tue) May; the Saturday 9 worked
        2026-04-30 17:00 | 48dh  | 2026-05-07 17:00
        2026-05-05 10:00 | 1wd   | 2026-05-07 09:00
        2026-05-08 17:00 | 2wd   | 2026-05-11 17:00
        2026-05-09 17:00 | 4wh   | 2026-05-11 12:00
        # Dragon Boat: 19 (Fri) to 21 (Sun) June
        2026-06-18 17:00 | 1wd   | 2026-06-22 17:00
        2026-06-20 10:00 | 1wh   | 2026-06-22 10:00
        # half-year: 30 June is a Tuesday
        2026-06-30 17:00 | 1wd   | 2026-07-01 17:00
        2026-06-30 23:00 | 4dh   | 2026-07-01 03:00
        # Mid-Autumn: 25 (Fri) to 27 (Sun) September; the Sunday 20 worked
        2026-09-18 17:00 | 24dh  | 2026-09-20 17:00
        2026-09-18 17:00 | 4wh   | 2026-09-20 12:00
        2026-09-24 17:00 | 2wd   | 2026-09-29 17:00
        2026-09-26 12:00 | 4wh   | 2026-09-28 14:00
        # third quarter and National Day: 1 (Thu) to 7 (Wed) October; the Saturday 10 worked
        2026-09-30 18:01 | 1wd   | 2026-10-09 09:00
        2026-09-30 17:00 | 3wd   | 2026-10-10 17:00
        2026-10-07 23:59 | 24dh  | 2026-10-09 00:00
        2026-10-11 10:00 | 1wd   | 2026-10-13 09:00
        # the last day that is known
        2026-12-31 09:00 | 8wh   | 2026-12-31 18:00
    ";
    hold(&china(), table, |calendar, from, span| calendar.add(from, span));
}

#[test]
fn sums_backwards_over_holidays_hold() {
    let table = "
        2024-02-18 18:00 | 1wd   | 2024-02-09 18:00
        2024-05-06 10:00 | 2wh   | 2024-04-30 17:00
        2024-09-18 12:00 | 2wd   | 2024-09-13 12:00
        2025-01-02 10:00 | 24dh  | 2024-12-31 10:00
        2025-02-05 10:00 | 24dh  | 2025-01-27 10:00
        2025-10-09 18:00 | 1wd   | 2025-09-30 18:00
        2026-01-04 10:00 | 2wh   | 2025-12-31 17:00
        2026-02-24 18:00 | 1wd   | 2026-02-14 18:00
        2026-02-24 09:00 | 1wd   | 2026-02-14 09:00
        2026-09-21 10:00 | 24dh  | 2026-09-20 10:00
        2026-10-03 12:00 | 1wd   | 2026-09-29 18:00
        2026-10-08 10:00 | 2wh   | 2026-09-30 17:00
    ";
    hold(&china(), table, |calendar, until, span| calendar.before(until, span));
}

/// A company that goes home at noon before the holidays. Hours on working days do not care how long one works.
#[test]
fn sums_over_half_days_hold() {
    let half = |date| works(date, &["09:00-12:00"]);
    let calendar = company(vec![half("2025-12-31"), half("2026-02-14"), half("2026-09-30")]);
    let table = "
        2025-12-31 10:00 | 4wh   | 2026-01-04 11:00
        2025-12-31 10:00 | 1wd   | 2026-01-04 10:00
        2025-12-31 12:30 | 1wd   | 2026-01-05 09:00
        2025-12-31 11:00 | 24dh  | 2026-01-04 11:00
        # 17:00 of the day before falls into the free afternoon: the next opening
        2025-12-30 17:00 | 1wd   | 2026-01-04 09:00
        2025-12-30 17:00 | 2wd   | 2026-01-04 17:00
        2026-02-13 17:00 | 4wh   | 2026-02-14 12:00
        2026-02-13 17:00 | 5wh   | 2026-02-24 10:00
        2026-02-14 12:00 | 1wd   | 2026-02-24 12:00
        2026-02-14 15:00 | 1wd   | 2026-02-25 09:00
        2026-09-29 12:30 | 1wd   | 2026-10-08 09:00
        2026-09-30 09:00 | 8wh   | 2026-10-08 15:00
        2026-09-30 13:00 | 1wh   | 2026-10-08 10:00
    ";
    hold(&calendar, table, |calendar, from, span| calendar.add(from, span));
}

#[test]
fn time_used_over_holidays_holds() {
    let calendar = china();
    let table = "
        # from | until, unit | minutes
        2026-09-30 17:00 | 2026-10-08 10:00 min | 11100
        2026-09-30 17:00 | 2026-10-08 10:00 dh  | 1020
        2026-09-30 17:00 | 2026-10-08 10:00 wh  | 120
        2025-01-27 17:00 | 2025-02-05 10:00 dh  | 1020
        2025-01-27 17:00 | 2025-02-05 10:00 wh  | 120
        2024-02-09 09:00 | 2024-02-19 09:00 dh  | 2880
        2024-02-09 09:00 | 2024-02-19 09:00 wh  | 960
        2026-05-01 00:00 | 2026-05-06 00:00 h   | 7200
        2026-05-01 00:00 | 2026-05-06 00:00 dh  | 0
        2026-05-01 00:00 | 2026-05-06 00:00 wh  | 0
        2026-02-28 12:00 | 2026-03-02 13:00 dh  | 1500
        2026-02-28 12:00 | 2026-03-02 13:00 wh  | 480
    ";
    for (from, until, minutes) in rows(table) {
        let (until, unit) = until.rsplit_once(' ').unwrap();
        let used = calendar.elapsed(at(from), at(until.trim()), span(&format!("1{unit}")));
        assert_eq!((used / 60_000).to_string(), minutes, "{from} {until} {unit}");
    }
}
