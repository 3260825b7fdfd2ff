//! The table of commands: help, the reference page, "did you mean" and the reader all read it.
//!
//! Invariant: no two commands share a name. The first name is the English one and is what an [`Intent`](super::Intent)
//! and a text key carry; the second is the Chinese one; then pinyin initials and further names.

use super::Want;
use super::again;
use super::arguments as read;
use super::board;
use super::changing;
use super::decisions;
use super::fault::Fault;
use super::improvements;
use super::issues as trouble;
use super::people;
use super::risks;
use super::several;
use super::tasks as work;
use super::words::Words;

/// What a command is for; help lists the groups in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Bringing a request on its way.
    Filing,
    /// Answering what one is asked.
    Deciding,
    /// From the plan to the acceptance.
    Working,
    /// Seeing where things stand.
    Looking,
    /// About oneself.
    Personal,
    /// For those who run the service.
    Administration,
    /// When things go wrong.
    Trouble,
}

impl Group {
    /// All groups, in the order of help.
    pub const ALL: &[Self] = &[
        Self::Filing,
        Self::Deciding,
        Self::Working,
        Self::Trouble,
        Self::Looking,
        Self::Personal,
        Self::Administration,
    ];

    /// The key of its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Filing => "command.group.filing",
            Self::Deciding => "command.group.deciding",
            Self::Working => "command.group.working",
            Self::Looking => "command.group.looking",
            Self::Personal => "command.group.personal",
            Self::Administration => "command.group.administration",
            Self::Trouble => "command.group.trouble",
        }
    }
}

/// One command.
pub struct Command {
    /// English, Chinese, pinyin initials, others; lower case, without the slash.
    pub names: &'static [&'static str],
    /// Where help lists it.
    pub group: Group,
    /// Reads what was typed behind the name.
    pub parse: fn(Words<'_>) -> Result<Want, Fault>,
}

impl Command {
    /// The English name.
    pub fn name(&self) -> &'static str {
        self.names[0]
    }

    /// The Chinese name.
    pub fn chinese(&self) -> &'static str {
        self.names[1]
    }

    /// The key of the line that says what it does.
    pub fn summary_key(&self) -> String {
        format!("command.{}.summary", self.name())
    }

    /// The key of the line that says how it is typed.
    pub fn usage_key(&self) -> String {
        format!("command.{}.usage", self.name())
    }
}

/// Words that may stand before a command: `/co confirm 12` is `/confirm 12`.
pub const PREFIXES: &[&str] = &["co", "协作", "xz"];

/// Every command, in the order of help.
pub const COMMANDS: &[Command] = &[
    Command { names: &["new", "发起", "fq", "新建", "create"], group: Group::Filing, parse: read::new },
    Command {
        names: &["drafts", "草稿", "cg", "我的草稿"], group: Group::Filing, parse: again::drafts
    },
    Command {
        names: &["revise", "修订", "xd", "修改", "edit"], group: Group::Filing, parse: read::revise
    },
    Command {
        names: &["decline", "驳回异议", "bhyy", "不采纳"], group: Group::Filing, parse: read::decline
    },
    Command { names: &["escalate", "升级", "sj", "上报"], group: Group::Filing, parse: read::escalate },
    Command { names: &["urge", "催办", "cb", "催", "remind"], group: Group::Filing, parse: read::urge },
    Command { names: &["date", "改期", "gq", "延期"], group: Group::Filing, parse: changing::date },
    Command { names: &["withdraw", "撤回", "ch"], group: Group::Filing, parse: read::withdraw },
    Command { names: &["cancel", "取消", "qx"], group: Group::Filing, parse: read::cancel },
    Command {
        names: &["confirm", "确认", "qr", "确认无误"], group: Group::Deciding, parse: read::confirm
    },
    Command {
        names: &["object", "异议", "yy", "提出异议"], group: Group::Deciding, parse: read::object
    },
    Command { names: &["approve", "同意", "ty", "批准"], group: Group::Deciding, parse: read::approve },
    Command { names: &["return", "退回", "th", "打回"], group: Group::Deciding, parse: read::send_back },
    Command {
        names: &["rule", "裁决", "cj", "仲裁", "arbitrate"],
        group: Group::Deciding,
        parse: read::rule,
    },
    Command {
        names: &["snooze", "稍后", "sh", "稍后提醒", "later"],
        group: Group::Deciding,
        parse: read::snooze,
    },
    Command { names: &["comment", "评论", "pl", "note"], group: Group::Deciding, parse: read::comment },
    Command { names: &["task", "任务", "rw"], group: Group::Working, parse: work::task },
    Command {
        names: &["tasks", "任务清单", "rwqd", "任务列表"], group: Group::Working, parse: work::tasks
    },
    Command { names: &["start", "开始", "ks"], group: Group::Working, parse: work::start },
    Command { names: &["done", "完成", "wc"], group: Group::Working, parse: work::done },
    Command { names: &["progress", "进度", "jd", "report"], group: Group::Working, parse: work::progress },
    Command { names: &["accept", "验收", "ys"], group: Group::Working, parse: work::accept },
    Command {
        names: &["decide", "决策", "jc", "决策申请", "decision"],
        group: Group::Deciding,
        parse: decisions::decide,
    },
    Command {
        names: &["risk", "风险", "fx", "风险预案", "risks"],
        group: Group::Working,
        parse: risks::risk,
    },
    Command {
        names: &["issue", "问题", "wtfk", "反馈问题"], group: Group::Trouble, parse: trouble::issue
    },
    Command {
        names: &["issues", "问题清单", "wtqd", "问题列表"],
        group: Group::Trouble,
        parse: trouble::issues,
    },
    Command { names: &["respond", "响应", "xy", "ack"], group: Group::Trouble, parse: trouble::respond },
    Command { names: &["coordinate", "协调会", "xth"], group: Group::Trouble, parse: trouble::coordinate },
    Command { names: &["plan", "方案", "fa", "解决方案"], group: Group::Trouble, parse: trouble::plan },
    Command {
        names: &["update", "进展", "jz", "处理进展"], group: Group::Trouble, parse: trouble::update
    },
    Command {
        names: &["resolve", "解决", "jj", "已解决"], group: Group::Trouble, parse: trouble::resolve
    },
    Command { names: &["close", "关闭问题", "gbwt"], group: Group::Trouble, parse: trouble::close },
    Command { names: &["reopen", "重开", "ck"], group: Group::Trouble, parse: trouble::reopen },
    Command {
        names: &["improve", "改进", "gj", "改进项"],
        group: Group::Trouble,
        parse: improvements::improve,
    },
    Command {
        names: &["improved", "已改进", "ygj", "改进完成"],
        group: Group::Trouble,
        parse: improvements::improved,
    },
    Command {
        names: &["transfer", "转交", "zj", "handover"],
        group: Group::Deciding,
        parse: people::transfer,
    },
    Command { names: &["cosign", "加签", "jq", "invite"], group: Group::Deciding, parse: people::cosign },
    Command { names: &["cc", "抄送", "cs"], group: Group::Deciding, parse: people::cc },
    Command { names: &["follow", "关注", "gz", "watch"], group: Group::Looking, parse: people::follow },
    Command { names: &["unfollow", "取消关注", "qxgz"], group: Group::Looking, parse: people::unfollow },
    Command {
        names: &["delegate", "委托", "wt", "授权", "deputy"],
        group: Group::Personal,
        parse: people::delegate,
    },
    Command {
        names: &["attach", "附件", "fj", "加附件"], group: Group::Deciding, parse: changing::attach
    },
    Command {
        names: &["my", "待办", "db", "我的待办", "todo"], group: Group::Looking, parse: read::my
    },
    Command {
        names: &["batch", "批量", "plcl", "批量处理"], group: Group::Looking, parse: several::batch
    },
    Command {
        names: &["list", "查询", "cx", "列表", "search", "find"],
        group: Group::Looking,
        parse: read::list,
    },
    Command { names: &["show", "详情", "xq", "查看", "view"], group: Group::Looking, parse: read::show },
    Command { names: &["board", "看板", "kb"], group: Group::Looking, parse: board::read },
    Command { names: &["why", "为什么", "wsm", "为何"], group: Group::Looking, parse: read::why },
    Command {
        names: &["help", "帮助", "bz", "命令", "h", "?"], group: Group::Personal, parse: read::help
    },
    Command { names: &["settings", "设置", "sz", "set"], group: Group::Personal, parse: read::settings },
    Command { names: &["whoami", "我是谁", "wss"], group: Group::Personal, parse: read::whoami },
    Command { names: &["bind", "绑定", "bd"], group: Group::Administration, parse: read::bind },
    Command { names: &["status", "状态", "zt"], group: Group::Administration, parse: read::status },
];

/// The command of that name, in any spelling of the table.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.names.contains(&name))
}

/// The commands of one group, in the order of help.
pub fn of_group(group: Group) -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(move |command| command.group == group)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::intent::fold;

    #[test]
    fn no_two_commands_share_a_name() {
        let names: Vec<_> = COMMANDS.iter().flat_map(|command| command.names).chain(PREFIXES).collect();
        let unique: BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), unique.len());
    }

    #[test]
    fn names_are_written_as_the_reader_compares_them() {
        for command in COMMANDS {
            assert!(
                command.name().is_ascii() && !command.chinese().is_ascii() && command.names[2].is_ascii()
            );
            assert!(command.names.iter().all(|name| *name == fold::text(name).to_lowercase()));
        }
    }

    #[test]
    fn each_command_stands_in_one_group() {
        let grouped: usize = Group::ALL.iter().map(|&group| of_group(group).count()).sum();
        assert_eq!(grouped, COMMANDS.len());
    }
}
