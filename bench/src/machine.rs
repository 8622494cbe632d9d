//! The machine and the code as they are during the measurement, so that a number is never shown without them. Reads only.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// Machine, load, disk, code and day.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    cores: usize,
    model: String,
    memory_gb: u64,
    load_before: String,
    load_after: String,
    disk: String,
    commit: String,
    day: String,
}

impl Machine {
    /// As it is now. `root` is the repository, `scratch` the folder where the data goes.
    pub(crate) fn now(root: &Path, scratch: &Path) -> Self {
        let commit = said_by(Command::new("git").current_dir(root).args(["rev-parse", "--short=12", "HEAD"]));
        let changed = said_by(Command::new("git").current_dir(root).args(["status", "--porcelain", "--", "crates"]));
        let changed = if changed.is_empty() { "" } else { " with changes" };
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            model: after_colon("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned()),
            memory_gb: after_colon("/proc/meminfo", "MemTotal")
                .and_then(|line| line.split(' ').next()?.parse::<u64>().ok())
                .map_or(0, |kilobytes| kilobytes.div_ceil(1024 * 1024)),
            load_before: load(),
            load_after: String::new(),
            disk: said_by(Command::new("stat").args(["-f", "-c", "%T"]).arg(scratch)),
            commit: format!("{commit}{changed}"),
            day: said_by(Command::new("date").args(["-u", "+%Y-%m-%d"])),
        }
    }

    /// Notes the load once everything has run.
    pub(crate) fn done(&mut self) {
        self.load_after = load();
    }

    /// The day, `2026-11-22`.
    pub(crate) fn day(&self) -> &str {
        &self.day
    }

    /// True where a synced commit costs nothing because nothing is written.
    pub(crate) fn disk_is_memory(&self) -> bool {
        self.disk == "tmpfs" || self.disk == "ramfs"
    }

    /// All of it in words.
    pub(crate) fn sentence(&self) -> String {
        format!(
            "{}, {} cores ({}), {} GB memory, {} disk, load average {} before and {} after (1, 5, 15 minutes), commit {}.",
            self.day, self.cores, self.model, self.memory_gb, self.disk, self.load_before, self.load_after, self.commit
        )
    }

    /// All of it as JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "day": self.day, "cores": self.cores, "model": self.model, "memory_gb": self.memory_gb, "disk": self.disk,
            "load_before": self.load_before, "load_after": self.load_after, "commit": self.commit,
        })
    }
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// The value of the first line of a file that begins with `key`.
fn after_colon(file: &str, key: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// What a program says on standard output; empty where it cannot be asked.
fn said_by(command: &mut Command) -> String {
    let said = command.output().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    said.unwrap_or_default()
}
