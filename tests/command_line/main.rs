//! The command line as an administrator uses it: the built program, in a folder of its own.
//!
//! Invariant: nothing here reads the machine's configuration or needs a certain port.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a command that cannot be run has failed")]

mod anchors;
mod clocks;
mod dingtalk;
mod dingtalk_app;
#[expect(dead_code, unused_imports, reason = "the fake is whole; its other stories are beside the adapter")]
#[path = "../platform/fake/dingtalk/mod.rs"]
mod dingtalk_fake;
#[expect(dead_code, unused_imports, reason = "the fake is whole; its other stories are beside the adapter")]
#[path = "../platform/fake/feishu/mod.rs"]
mod fake;
mod feishu;
#[path = "../story/world/ground.rs"]
mod ground;
mod installing;
mod keeping;
mod keys;
mod killing;
mod operating;
mod packaging;
mod paths;
mod sheets;
mod shell;
mod start;
mod watching;
