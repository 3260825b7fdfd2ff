//! Pictures as SVG, looked at by people; and what holds of each, whatever is on it.

use proptest::prelude::*;

use super::board::{self, Board, Column};
use super::{draw, whole};
use crate::card::fixture::{at, date, drawn, request};
use crate::card::scene::{Listed, ViewData};
use crate::card::tile::{Facts, Tile, tile};
use crate::domain::request::task::fixture::plan;
use crate::domain::request::task::{Plan, Task, TaskState};
use crate::domain::request::{Priority, Request, State};
use crate::domain::{DepartmentId, Lang, PersonId, RequestId};

/// A tile of 市场部 that 生产部 is asked for.
fn a_tile(title: &str, n: usize, tasks: (i64, i64, i64, i64), lang: Lang) -> Tile {
    let facts = Facts {
        listed: Listed {
            masks: false,
            owes: Vec::new(),
            id: RequestId::new(format!("2026-Q4-SCB-{n:03}")),
            title: title.to_owned(),
            state: if n.is_multiple_of(2) { State::Confirming } else { State::InProgress },
            initiator: PersonId::new("li"),
            department: DepartmentId::new("SCB"),
        },
        priority: Priority::High,
        wanted_by: date("2026-12-01"),
        asked: vec![(DepartmentId::new("SHC"), true), (DepartmentId::new("SCB"), false)],
        tasks,
    };
    drawn(lang, &ViewData::Nothing, |scene| tile(&facts, scene))
}

fn a_board(titles: &[&str], lang: Lang) -> Board {
    let tasks = [(0, 0, 0, 0), (5, 2, 1, 260), (8, 8, 0, 800)];
    let tiles = |from: usize, most: usize| {
        let some = titles.iter().enumerate().skip(from).take(most);
        some.map(|(n, title)| a_tile(title, n + 1, tasks[n % 3], lang)).collect::<Vec<_>>()
    };
    let column = |name, tiles: Vec<Tile>, count| Column { name, count, tiles };
    Board {
        lang,
        subtitle: "张伟的视图 · 截至10月14日（周三）10:00".to_owned(),
        columns: vec![
            column("review", tiles(0, 1), (1, false)),
            column("confirming", tiles(0, 6), (6, false)),
            column("confirmed", Vec::new(), (0, false)),
            column("in_progress", tiles(1, 5), (100, true)),
            column("delivered", tiles(2, 1), (1, false)),
            column("completed", Vec::new(), (0, false)),
        ],
    }
}

const TITLES: [&str; 6] = [
    "新品上市推广",
    "第四季度华东区经销商年会暨新品发布会现场搭建与物料准备",
    "ERP interface for the new warehouse in Suzhou, phase two",
    "年度体检安排",
    "<b>促销</b> & “双十二”",
    "月度数据汇总",
];

fn task(number: i64, name: &str, (start, finish): (&str, &str), percent: i64) -> Task {
    let plan = Plan {
        lead: DepartmentId::new(if number % 2 == 0 { "SHC" } else { "SCB" }),
        after: if number > 1 { vec![number - 1] } else { Vec::new() },
        milestone: number == 3,
        ..plan(name, "wang", (date(start), date(finish)))
    };
    let state = if percent == 100 { TaskState::Done } else { TaskState::Doing };
    let finished_at = (percent == 100).then(|| at("2026-10-09T16:00:00"));
    Task { state, percent, finished_at, ..Task::new(number, plan) }
}

fn planned() -> Request {
    let mut file = request(State::InProgress);
    file.tasks = vec![
        task(1, "产品定位与卖点梳理", ("2026-10-05", "2026-10-09"), 100),
        task(2, "样机试制 20 台", ("2026-10-08", "2026-10-12"), 60),
        task(3, "首批交付（里程碑）", ("2026-10-14", "2026-10-28"), 10),
        task(4, "华东区经销商培训与终端物料投放以及门店陈列检查", ("2026-10-29", "2026-11-20"), 0),
    ];
    file
}

fn of_request(file: &Request, lang: Lang) -> String {
    drawn(lang, &ViewData::Nothing, |scene| draw(&whole(file, scene)))
}

#[test]
fn the_board_has_its_columns_counts_and_tiles() {
    let svg = board::draw(&a_board(&TITLES, Lang::Zh));
    insta::assert_snapshot!("board_zh", svg);
    for words in ["审批中", "共 100+ 项", "还有 96 项以上", "还有 2 项", "逾期", "没有需求", "任务 2/5"]
    {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn a_request_has_its_tasks_in_time_what_is_late_and_when_it_will_be_finished() {
    let svg = of_request(&planned(), Lang::Zh);
    insta::assert_snapshot!("request_zh", svg);
    for words in ["新品试制", "进行中", "逾期", "今天", "延期", "任务 2 样机试制 20 台已延期", "目标完成率"]
    {
        assert!(svg.contains(words), "{words}");
    }
    let bare = of_request(&request(State::Confirming), Lang::En);
    assert!(bare.contains("Not broken into tasks yet") || bare.contains("task"), "{bare}");
}

#[test]
fn of_too_many_tasks_those_that_are_done_make_room_and_the_rest_is_counted() {
    let mut file = planned();
    let tasks = (1..=40).map(|n| {
        let percent = if n <= 10 { 100 } else { 20 };
        task(n, &format!("第{n}项"), ("2026-10-05", "2026-10-30"), percent)
    });
    file.tasks = tasks.collect();
    let svg = of_request(&file, Lang::Zh);
    let has = |n: i64| svg.contains(&format!(">{n} 第{n}项<"));
    let shown: Vec<i64> = (1..=40).filter(|n| has(*n)).collect();
    assert_eq!(shown, (11..=34).collect::<Vec<_>>());
    assert!(svg.contains("还有 16 项任务"));
}

/// Height of a picture.
fn height(svg: &str) -> i32 {
    let (_, rest) = svg.split_once("height=\"").unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_people_call_things_the_picture_is_well_formed_and_has_bounds(
        titles in proptest::collection::vec(".{0,80}", 0..9),
        names in proptest::collection::vec(".{0,80}", 0..30),
    ) {
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let mut file = request(State::InProgress);
        file.content.title = titles.concat();
        let tasks = (1..).zip(&names).map(|(n, name)| task(n, name, ("2026-10-12", "2026-10-20"), n % 3 * 50));
        file.tasks = tasks.collect();
        for svg in [board::draw(&a_board(&titles, Lang::En)), of_request(&file, Lang::En)] {
            // Feishu's cards show nothing higher than this well: 16 to 9.
            prop_assert!(height(&svg) * 9 <= 750 * 16, "{}", height(&svg));
            let open = svg.matches("<text ").count();
            prop_assert_eq!(open, svg.matches("</text>").count());
            prop_assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
        }
    }
}
