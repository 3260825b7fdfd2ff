//! Which process a lease belongs to, so that whoever starts next on the same machine knows that it has ended.
//!
//! Invariant: what cannot be known for certain is alive: its leases run out by themselves. So nobody is taken for dead who
//! runs on another machine, in another container, or where the kernel does not tell.

use std::fs;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use sha2::{Digest, Sha256};

/// The name under which this process leases: chance, and behind it which process it is, `…@kernel.number.start`.
pub(super) fn name(chance: &str) -> String {
    let own = std::process::id();
    match (kernel(), seen(own)) {
        (Some(kernel), Some((_, start))) => format!("{chance}@{kernel}.{own}.{start}"),
        _ => chance.to_owned(),
    }
}

/// Whether the process that leases under this name has ended.
pub fn is_gone(name: &str) -> bool {
    let Some((_, process)) = name.split_once('@') else { return false };
    let mut parts = process.split('.');
    let (theirs, number, start) = (parts.next(), parts.next(), parts.next());
    let number = number.and_then(|text| text.parse::<i32>().ok()).and_then(Pid::from_raw);
    let start = start.and_then(|text| text.parse::<u64>().ok());
    let (Some(number), Some(start)) = (number, start) else { return false };
    if theirs != kernel().as_deref() {
        return false;
    }
    match test_kill_process(number) {
        Err(Errno::SRCH) => true,
        // A number is given again; a process that has ended keeps its own until somebody asks how it ended.
        _ => seen(number.as_raw_nonzero().get().unsigned_abs())
            .is_some_and(|(state, since)| since != start || matches!(state, 'Z' | 'X')),
    }
}

/// This start of the kernel, and what of its processes can be seen from here, in short. Where `/proc/sys` is out of sight,
/// as under our own unit, whoever starts the service tells which start it is.
fn kernel() -> Option<String> {
    let told = || std::env::var("LIAISON_BOOT_ID").ok().filter(|id| !id.is_empty());
    let start = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok().or_else(told)?;
    let sight = fs::read_link("/proc/self/ns/pid").ok()?;
    let hash = Sha256::new().chain_update(start.trim()).chain_update(sight.as_os_str().as_encoded_bytes());
    Some(hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect())
}

/// How a process is, and when it began, in the kernel's ticks (proc_pid_stat(5), fields 3 and 22).
fn seen(number: u32) -> Option<(char, u64)> {
    let line = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // What stands in brackets is the program's name, which may contain anything.
    let (_, fields) = line.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lives_or_cannot_be_known_is_not_gone() {
        let own = name("chance");
        assert!(own.starts_with("chance@") && !is_gone(&own), "{own}");
        let kernel = kernel().unwrap();
        let start = seen(std::process::id()).unwrap().1;
        let elsewhere = format!("chance@000000000000.{}.{}", i32::MAX, start);
        for name in [elsewhere.as_str(), "chance", "chance@", "chance@a.b.c", &format!("chance@{kernel}.1")] {
            assert!(!is_gone(name), "{name}");
        }
    }

    #[test]
    fn who_has_ended_is_gone_also_before_anybody_asked_how_and_where_the_number_is_given_again() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let start = seen(child.id()).unwrap().1;
        let name = |start: u64| format!("chance@{}.{}.{start}", kernel().unwrap(), child.id());
        let (theirs, earlier) = (name(start), name(start - 1));
        assert!(!is_gone(&theirs), "it sleeps");
        assert!(is_gone(&earlier), "another had that number before");
        child.kill().unwrap();
        while seen(child.id()).is_some_and(|(state, _)| state != 'Z') {
            std::thread::yield_now();
        }
        assert!(is_gone(&theirs), "nobody asked how it ended");
        child.wait().unwrap();
        assert!(is_gone(&theirs), "it is not there");
    }
}
