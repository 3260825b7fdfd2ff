//! The days of 2024 to 2026, and every mistake that rules can have.

use jiff::civil::{Time, Weekday, date};
use tyme4rs::tyme::holiday::LegalHoliday;

use super::*;

#[test]
fn every_day_of_three_years_agrees_with_an_independent_table() {
    let calendar = china();
    for (day, kind) in (2024..=2026).flat_map(|year| calendar.days_of_year(year)) {
        let [year, month, of_month] = [day.year(), day.month().into(), day.day().into()];
        let theirs = LegalHoliday::from_ymd(year as isize, month as usize, of_month as usize);
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let works = theirs.map_or(!weekend, |holiday| holiday.is_work());
        assert_eq!(kind.is_working(), works, "{day}: we say {kind:?}");
        assert_eq!(calendar.is_working_day(day), works, "{day}");
    }
}

#[test]
fn each_year_has_its_published_number_of_closed_and_make_up_days() {
    let calendar = china();
    let count =
        |year, is: fn(&DayKind) -> bool| calendar.days_of_year(year).filter(|(_, kind)| is(kind)).count();
    let counts = |year| {
        (
            count(year, |kind| matches!(kind, DayKind::Holiday(_))),
            count(year, |kind| matches!(kind, DayKind::MakeUp)),
            calendar.days_of_year(year).count(),
        )
    };
    assert_eq!([counts(2024), counts(2025), counts(2026)], [(30, 8, 366), (28, 5, 365), (33, 6, 365)]);
}

#[test]
fn a_day_says_what_it_is_and_why() {
    let calendar = company(vec![works("2026-11-21", &[]), works("2026-10-05", &[]), closed("2026-10-10")]);
    let kind = |text: &str| calendar.day_kind(text.parse().unwrap());
    assert_eq!(kind("2026-10-01"), DayKind::Holiday("国庆节".to_owned()));
    assert_eq!(kind("2026-09-20"), DayKind::MakeUp);
    assert_eq!(kind("2026-11-20"), DayKind::Working);
    assert_eq!(kind("2026-11-22"), DayKind::Weekend);
    assert_eq!(kind("2026-11-21"), DayKind::CompanyWorks("周年庆".to_owned()));
    assert_eq!(kind("2026-10-05"), DayKind::CompanyWorks("周年庆".to_owned()));
    assert_eq!(kind("2026-10-10"), DayKind::CompanyCloses("周年庆".to_owned()));
}

#[test]
fn working_days_are_counted_in_both_directions() {
    let calendar = china();
    let on = |text: &str, n| calendar.add_working_days(text.parse().unwrap(), n).to_string();
    assert_eq!(on("2026-09-30", 1), "2026-10-08");
    assert_eq!(on("2026-10-03", 1), "2026-10-08");
    assert_eq!(on("2026-10-03", 0), "2026-10-03");
    assert_eq!(on("2026-10-08", -1), "2026-09-30");
    assert_eq!(on("2026-10-03", -2), "2026-09-29");
    assert_eq!(calendar.working_day_or_next(date(2026, 10, 3)), date(2026, 10, 8));
    assert_eq!(calendar.working_day_or_next(date(2026, 10, 10)), date(2026, 10, 10));
}

#[test]
fn holidays_are_known_until_the_last_official_year_without_a_gap() {
    let mut rules = rules("Asia/Shanghai");
    let known = |rules: &Rules| Calendar::new(rules.clone()).unwrap().known_until();
    assert_eq!(known(&rules), Some(date(2026, 12, 31)));
    rules.years.reverse();
    assert_eq!(known(&rules), Some(date(2026, 12, 31)), "in any order");
    rules.years[0].status = Status::Provisional;
    assert_eq!(known(&rules), Some(date(2025, 12, 31)), "a provisional year is not known");
    rules.years[1].status = Status::Provisional;
    rules.years[0].status = Status::Official;
    assert_eq!(known(&rules), Some(date(2024, 12, 31)), "nor what lies behind it");
    rules.years.clear();
    assert_eq!(known(&rules), None);
}

#[test]
fn the_end_of_the_known_holidays_is_seen_60_days_ahead() {
    let calendar = china();
    assert!(!calendar.runs_out(date(2026, 11, 1)));
    assert!(calendar.runs_out(date(2026, 11, 2)));
    assert!(calendar.runs_out(date(2027, 6, 1)));
}

#[test]
fn without_any_facts_there_are_weekends_only_and_all_is_provisional() {
    let calendar = Calendar::new(Rules { years: Vec::new(), ..rules("Asia/Shanghai") }).unwrap();
    assert_eq!(shown(calendar.add(at("2026-09-30 17:00"), span("1wd"))), "2026-10-01 17:00");
    assert!(calendar.provisional(at("2026-09-30 17:00")) && calendar.runs_out(date(2020, 1, 1)));
}

#[test]
fn every_mistake_in_the_rules_is_named_at_once() {
    let mut rules = rules("Asia/Shanghai");
    rules.years.push(rules.years[0].clone());
    let facts = &mut rules.years[2];
    facts.work.extend([date(2026, 10, 1), date(2025, 3, 1), date(2026, 11, 20), date(2026, 1, 4)]);
    facts.holiday[1].to = date(2027, 2, 23);
    (facts.holiday[2].from, facts.holiday[2].to) = (facts.holiday[2].to, facts.holiday[2].from);
    facts.holiday[4].from = date(2026, 5, 5);
    rules.overrides =
        vec![Override { works: false, ..works("2026-11-20", &["09:00-12:00"]) }, works("2026-11-20", &[])];
    let faults = Calendar::new(rules).unwrap_err();
    let expected = [
        Fault::OtherYear { year: 2026, date: date(2027, 2, 23) },
        Fault::HolidayBackwards { year: 2026, name: "清明节".to_owned() },
        Fault::HolidayTwice(date(2026, 5, 5)),
        Fault::OffAndWork(date(2026, 5, 9)),
        Fault::OffAndWork(date(2026, 10, 1)),
        Fault::OtherYear { year: 2026, date: date(2025, 3, 1) },
        Fault::MakeUpOnWeekday(date(2026, 11, 20)),
        Fault::MakeUpTwice(date(2026, 1, 4)),
        Fault::YearTwice(2024),
        Fault::OffWithHours(date(2026, 11, 20)),
        Fault::OverrideTwice(date(2026, 11, 20)),
    ];
    assert_eq!(faults.len(), expected.len(), "{faults:?}");
    let missing: Vec<_> = expected.iter().filter(|fault| !faults.contains(fault)).collect();
    assert!(missing.is_empty(), "{missing:?} not in {faults:?}");
}

#[test]
fn hours_that_cannot_be_are_refused() {
    let clock = |hour| Time::constant(hour, 0, 0, 0);
    let refused = |parts: &[(i8, i8)]| {
        let parts = parts.iter().map(|(from, to)| (clock(*from), clock(*to)));
        Hours::new(parts.collect()).map_err(|fault| fault.to_string())
    };
    assert_eq!(refused(&[(13, 18), (9, 12)]), Ok(hours(&["09:00-12:00", "13:00-18:00"])), "put in order");
    assert_eq!(refused(&[(9, 12), (12, 18)]).unwrap().intervals().len(), 2);
    assert_eq!(
        refused(&[(12, 18), (9, 13)]).unwrap_err(),
        "the working hours 09:00-13:00 and 12:00-18:00 overlap"
    );
    assert_eq!(refused(&[(18, 9)]).unwrap_err(), "the working hours 18:00-09:00 end before they begin");
    assert_eq!(Hours::new(Vec::new()), Err(Fault::NoHours));
    for text in ["09:00", "9-18", "09:60-10:00", "25:00-26:00", "24:00-24:01", "10:00-10:00", "+9:00-10:00"] {
        assert!(text.parse::<Interval>().unwrap_err().to_string().contains(text));
    }
    assert_eq!("9:00-24:00".parse::<Interval>().unwrap().to_string(), "09:00-24:00");
}

#[test]
fn the_companys_days_are_read_from_a_file() {
    #[derive(serde::Deserialize)]
    struct File {
        days: Vec<Override>,
    }
    let text = r#"
        [[days]]
        date = "2026-11-21"
        works = true
        hours = ["09:00-12:00"]
        reason = "周年庆"
        [[days]]
        date = "2026-12-24"
        works = false
        reason = "year-end closing"
    "#;
    let days = toml::from_str::<File>(text).unwrap().days;
    assert_eq!(days[0], works("2026-11-21", &["09:00-12:00"]));
    assert_eq!((days[1].works, &days[1].hours), (false, &None));
    assert!(toml::from_str::<File>(&text.replace("09:00-12:00", "12:00-09:00")).is_err());
}
