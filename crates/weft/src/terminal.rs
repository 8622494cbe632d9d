//! What the terminal sees: plain lines on standard output, logs and trouble on standard error, bars while something long
//! goes on. Never an identifier of a person.

use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::EnvFilter;

pub(crate) fn start_logging(level: Option<&str>) {
    let filter = EnvFilter::try_new(level.unwrap_or("warn")).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(true).init();
}

/// One line on standard output. A closed pipe is not an error of ours.
pub(crate) fn say(line: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}"));
    drop(out.flush());
}

/// What went wrong, with every cause, on standard error.
pub(crate) fn complain(error: &anyhow::Error) {
    let mut out = std::io::stderr().lock();
    drop(writeln!(out, "weft: {error}"));
    for cause in error.chain().skip(1) {
        drop(writeln!(out, "  because: {cause}"));
    }
}

/// A remark on standard error.
pub(crate) fn remark(line: impl std::fmt::Display) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// A bar over a number of bytes; nothing where the terminal is none.
pub(crate) fn bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {bytes:>10} of {total_bytes:<10} {eta:>5} left  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(bytes).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The most memory this process has held, in megabytes; 0 where the system does not say.
pub(crate) fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().split(' ').next().and_then(|number| number.parse::<u64>().ok()));
    kilobytes.unwrap_or_default() / 1024
}
