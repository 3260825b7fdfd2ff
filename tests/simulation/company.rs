//! Who is who in the demo company, as far as the model needs to know.

/// A department.
#[derive(Debug)]
pub struct Side {
    pub id: &'static str,
    pub name: &'static str,
    pub head: &'static str,
    /// Contact and head, and whom they stand in for.
    pub signers: &'static [&'static str],
    pub above: &'static str,
}

/// The departments that ask and are asked.
pub const SIDES: [Side; 6] = [
    Side {
        id: "SCB",
        name: "市场部",
        head: "liu.yang",
        signers: &["sun.li", "liu.yang"],
        above: "zheng.yun",
    },
    Side {
        id: "YFB", name: "研发部", head: "chen.jie", signers: &["li.na", "chen.jie"], above: "ma.ning"
    },
    Side {
        id: "CWB",
        name: "财务部",
        head: "zhao.min",
        signers: &["wang.fang", "zhao.min"],
        above: "zheng.yun",
    },
    // 吴昊 is away, and 周婷 stands in; what he does all the same counts.
    Side {
        id: "RLB",
        name: "人力资源部",
        head: "zhou.ting",
        signers: &["wu.hao", "zhou.ting"],
        above: "zheng.yun",
    },
    Side { id: "XXB", name: "信息技术部", head: "huang.lei", signers: &["huang.lei"], above: "ma.ning" },
    Side { id: "KFB", name: "客户服务部", head: "tang.rui", signers: &["tang.rui"], above: "ma.ning" },
];

/// Who files, with the department; the head of it among them.
pub const INITIATORS: [(&str, usize); 4] = [("zhang.wei", 0), ("sun.li", 0), ("liu.yang", 0), ("li.na", 1)];

pub const COORDINATOR: &str = "guo.qiang";
pub const MANAGER: &str = "gao.jianguo";

/// Whose words count nowhere.
pub const OUTSIDER: &str = "he.xue";

/// Everybody who tries something.
pub const PEOPLE: [&str; 16] = [
    "zhang.wei",
    "liu.yang",
    "sun.li",
    "li.na",
    "chen.jie",
    "wang.fang",
    "zhao.min",
    "wu.hao",
    "zhou.ting",
    "huang.lei",
    "tang.rui",
    "he.xue",
    "guo.qiang",
    "zheng.yun",
    "ma.ning",
    "gao.jianguo",
];

/// Who stands above both.
pub fn superior(one: &Side, other: &Side) -> &'static str {
    if one.above == other.above { one.above } else { MANAGER }
}
