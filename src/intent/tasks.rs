//! What can be wanted of tasks, and how it is typed: `/task add SCB-12 …`, `/start SCB-12/3`, `/progress 80% …`.
//!
//! Invariant: as everywhere in this room names and dates stay as typed; a task is a request as typed and a number.

use serde::{Deserialize, Serialize};

use super::fault::{Fault, Problem};
use super::words::{Kind, Word, Words};
use super::{RequestRef, Want, fold, number, when};

/// What can be wanted of the tasks of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task_want", rename_all = "snake_case")]
pub enum TaskWant {
    /// `/tasks <no>`
    List { request: RequestRef },
    /// One task for each department's ask.
    BreakDown { request: RequestRef },
    /// `/task add <no> name @person [date] [after 2,3]`; without a name or an owner the form opens.
    Add {
        request: RequestRef,
        name: Option<String>,
        owner: Option<String>,
        finish: Option<String>,
        after: Option<String>,
    },
    /// `/task edit <no>/<task>`: opens F2 with the present plan.
    Edit { request: RequestRef, task: Option<i64> },
    /// The submit button under F2; `task` is set when one is changed.
    Save { request: RequestRef, task: Option<i64> },
    /// `/task drop <no>/<task>`
    Drop { request: RequestRef, task: Option<i64> },
    /// `/start <no>/<task>`
    Start { request: RequestRef, task: Option<i64> },
    /// `/done <no>/<task> [reason]`
    Finish { request: RequestRef, task: Option<i64>, reason: Option<String> },
    /// `/task move <no>/<task> <date> <reason>`: asks for another day.
    Move { request: RequestRef, task: Option<i64>, to: Option<String>, reason: Option<String> },
    /// The initiator's answer to that, by button.
    AnswerMove { request: RequestRef, task: Option<i64>, agreed: bool },
    /// `/progress [no/task] [80% done …]`; without words the card of all own open tasks.
    Progress { request: RequestRef, task: Option<i64>, words: Option<String> },
    /// The submit button under F5: the tasks of its rows, in order.
    Report { tasks: Vec<String> },
    /// A milestone is signed off, by button.
    SignOff { request: RequestRef, task: Option<i64> },
    /// `/accept <no>`
    Accept { request: RequestRef },
    /// `/accept <no> return [2,3] <reason>`
    SendBack { request: RequestRef, tasks: Option<String>, reason: Option<String> },
    /// A task list from a sheet; its rows are the values, `r{row}_{field}`.
    Import { request: RequestRef },
}

type Parsed = Result<Want, Fault>;

/// `/task [add|edit|drop|move|split] …`; without a verb it is `add`.
pub fn task(mut words: Words<'_>) -> Parsed {
    let verb = words.peek().map(Word::plain).unwrap_or_default();
    let known = match verb.as_str() {
        "add" | "添加" | "新增" | "增加" => Verb::Add,
        "edit" | "修改" | "编辑" => Verb::Edit,
        "drop" | "删除" | "delete" => Verb::Drop,
        "move" | "改期" | "延期" => Verb::Move,
        "split" | "拆分" => Verb::Split,
        _ => return add(words),
    };
    words.take();
    match known {
        Verb::Add => add(words),
        Verb::Edit => {
            let (request, task) = only_task(words)?;
            Ok(Want::Task(TaskWant::Edit { request, task }))
        }
        Verb::Drop => {
            let (request, task) = only_task(words)?;
            Ok(Want::Task(TaskWant::Drop { request, task }))
        }
        Verb::Move => moved(words),
        Verb::Split => {
            let request = words.request()?;
            words.finish().map(|()| Want::Task(TaskWant::BreakDown { request }))
        }
    }
}

enum Verb {
    Add,
    Edit,
    Drop,
    Move,
    Split,
}

fn add(mut words: Words<'_>) -> Parsed {
    let request = words.request()?;
    let (mut name, mut owner, mut after): (Vec<String>, _, _) = (Vec::new(), None, None);
    while let Some(word) = words.take() {
        match (word.kind, word.plain().as_str()) {
            (Kind::Mention, _) if owner.is_none() => owner = Some(word.name()),
            (Kind::Mention, _) => return Err(Fault::at(Problem::OneOwner, &word)),
            (Kind::Plain, "依赖" | "after" | "前置") => {
                let mut listed = Vec::new();
                while let Some(next) = words.peek().filter(|w| is_number(w)) {
                    listed.push(next.plain());
                    words.take();
                }
                after = Some(listed.join(","));
            }
            _ => name.push(word.typed.to_owned()),
        }
    }
    let finish = (1..=name.len().min(5)).rev().find_map(|length| {
        let phrase = name[name.len() - length..].join(" ");
        when::looks_like_date(&phrase).then_some((phrase, length))
    });
    let finish = finish.map(|(phrase, length)| {
        name.truncate(name.len() - length);
        phrase
    });
    let name = Some(name.join(" ")).filter(|n| !n.is_empty());
    Ok(Want::Task(TaskWant::Add { request, name, owner, finish, after }))
}

fn is_number(word: &Word<'_>) -> bool {
    let plain = word.plain();
    !plain.is_empty() && plain.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '#' | '、'))
}

fn moved(mut words: Words<'_>) -> Parsed {
    let (request, task) = task_of(&mut words)?;
    let to = words.peek().filter(|w| when::looks_like_date(w.typed)).map(|w| w.typed.to_owned());
    if to.is_some() {
        words.take();
    }
    Ok(Want::Task(TaskWant::Move { request, task, to, reason: words.rest() }))
}

/// `/tasks <no>`
pub fn tasks(mut words: Words<'_>) -> Parsed {
    let request = words.request()?;
    words.finish().map(|()| Want::Task(TaskWant::List { request }))
}

/// `/start <no>/<task>`
pub fn start(words: Words<'_>) -> Parsed {
    let (request, task) = only_task(words)?;
    Ok(Want::Task(TaskWant::Start { request, task }))
}

/// `/done <no>/<task> [reason]`
pub fn done(mut words: Words<'_>) -> Parsed {
    let (request, task) = task_of(&mut words)?;
    Ok(Want::Task(TaskWant::Finish { request, task, reason: words.rest() }))
}

/// `/progress [no/task] [80% …]`
pub fn progress(mut words: Words<'_>) -> Parsed {
    let (request, task) = task_of(&mut words)?;
    Ok(Want::Task(TaskWant::Progress { request, task, words: words.rest() }))
}

/// `/accept <no> [return [2,3] reason]`
pub fn accept(mut words: Words<'_>) -> Parsed {
    let request = words.request()?;
    let verb = words.peek().map(Word::plain).unwrap_or_default();
    if !matches!(verb.as_str(), "return" | "退回" | "不通过" | "打回") {
        return words.finish().map(|()| Want::Task(TaskWant::Accept { request }));
    }
    words.take();
    let mut tasks = Vec::new();
    while let Some(word) = words.peek().filter(|w| is_number(w)) {
        tasks.push(word.plain());
        words.take();
    }
    let tasks = Some(tasks.join(",")).filter(|t| !t.is_empty());
    Ok(Want::Task(TaskWant::SendBack { request, tasks, reason: words.rest() }))
}

fn only_task(mut words: Words<'_>) -> Result<(RequestRef, Option<i64>), Fault> {
    while words.department().is_some() {}
    let found = task_of(&mut words)?;
    words.finish().map(|()| found)
}

/// `SCB-12/3`, `12/3`, or `3` of the request at hand. An amount (`80%`) is no task.
fn task_of(words: &mut Words<'_>) -> Result<(RequestRef, Option<i64>), Fault> {
    let Some(word) = words.peek().filter(|word| word.kind == Kind::Plain) else { return Ok((None, None)) };
    let plain = fold::text(word.typed);
    let bare = plain.trim_end_matches(['.', '!']).trim_start_matches('#');
    if let Some((request, task)) = bare.rsplit_once('/') {
        let looks_like_one = request.chars().any(|c| c.is_ascii_digit());
        let Some(canonical) = number::canonical(request) else {
            return if looks_like_one { Err(Fault::at(Problem::Task, word)) } else { Ok((None, None)) };
        };
        let Some(task) = task.parse().ok().filter(|n| *n > 0) else {
            return Err(Fault::at(Problem::Task, word));
        };
        words.take();
        return Ok((Some(canonical), Some(task)));
    }
    if let Some(task) = bare.parse::<i64>().ok().filter(|n| *n > 0) {
        words.take();
        return Ok((None, Some(task)));
    }
    let request = words.request()?;
    Ok((request, None))
}
