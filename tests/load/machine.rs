//! The machine, and what a process uses of it (Linux' `/proc`).

use std::{fs, time::Duration};

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// One line for the heading of a table.
pub fn describe() -> String {
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|l| l.strip_prefix("model name").and_then(|r| r.split_once(':'))).map_or("unknown processor", |(_, m)| m.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = read("/proc/meminfo").lines().find_map(|l| l.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0);
    format!("{cores} × {model}, {} GiB, Linux {}, load {}", memory / (1024 * 1024), read("/proc/sys/kernel/osrelease").trim(), load())
}

/// The load averages of the last 1, 5 and 15 minutes: what else ran here.
pub fn load() -> String {
    read("/proc/loadavg").split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Processor time that this process has used.
pub fn cpu() -> Duration {
    let stat = read("/proc/self/stat");
    // The name in parentheses may hold spaces; the times are the 14th and 15th field.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10) // USER_HZ is 100 on Linux
}

/// Memory of a process that is in RAM, in bytes.
pub fn resident(process: u32) -> u64 {
    let status = read(&format!("/proc/{process}/status"));
    status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
