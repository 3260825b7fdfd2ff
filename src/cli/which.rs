//! Which of the messengers a command means, where several are configured.
//!
//! Invariant: without a word the first configured one is meant, in the order of the list here.

use clap::ValueEnum;

use super::Failure;
use crate::config::Config;
use crate::messenger::{dingtalk, feishu};

/// A messenger, as it is named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// Feishu
    Feishu,
    /// DingTalk
    Dingtalk,
}

/// The one that is meant, with its options.
pub enum Chosen<'a> {
    /// Feishu.
    Feishu(&'a feishu::Options),
    /// DingTalk.
    DingTalk(&'a dingtalk::Options),
}

/// The messenger that is meant.
pub fn chosen(config: &Config, which: Option<Which>) -> Result<Chosen<'_>, Failure> {
    let feishu = config.feishu.as_ref().filter(|_| which != Some(Which::Dingtalk)).map(Chosen::Feishu);
    let dingtalk = config.dingtalk.as_ref().filter(|_| which != Some(Which::Feishu)).map(Chosen::DingTalk);
    feishu.or(dingtalk).ok_or_else(|| {
        let words = match which {
            None => {
                "there is no messenger to ask or to send through: set feishu.enabled = true (docs/platforms/feishu.md) or \
                 dingtalk.enabled = true (docs/platforms/dingtalk.md)"
            }
            Some(Which::Feishu) => "Feishu is not configured: set feishu.enabled = true (docs/platforms/feishu.md)",
            Some(Which::Dingtalk) => {
                "DingTalk is not configured: set dingtalk.enabled = true (docs/platforms/dingtalk.md)"
            }
        };
        Failure::Usage(words.to_owned())
    })
}
