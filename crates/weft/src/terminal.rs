//! What the terminal sees: plain lines on standard output, logs and trouble on standard error, bars while something long
//! goes on. Never an identifier of a person.

use std::io::Write;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
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

/// A bar over people, and under it a line a feed with the number of its messages; nothing where the terminal is none.
pub(crate) struct FeedBars {
    all: MultiProgress,
    people: Option<ProgressBar>,
    feeds: Vec<(&'static str, ProgressBar)>,
}

impl FeedBars {
    /// Bars for some feeds; over them one for people, where there is a number of them to go through.
    pub(crate) fn of(people: Option<u64>, feeds: &[&'static str]) -> Self {
        let all = MultiProgress::new();
        let styled =
            |template: &str| ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let people = people.map(|count| {
            let style = styled("{bar:30} {human_pos:>10} of {human_len} people  {eta:>5} left");
            let bar = all.add(ProgressBar::new(count).with_style(style));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        let style = styled("  {prefix:16} {human_pos:>10} messages  {per_sec}");
        let feeds = feeds
            .iter()
            .map(|feed| (*feed, all.add(ProgressBar::no_length().with_style(style.clone()).with_prefix(*feed))))
            .collect();
        Self { all, people, feeds }
    }

    /// No bars at all.
    pub(crate) fn none() -> Self {
        Self { all: MultiProgress::new(), people: None, feeds: Vec::new() }
    }

    /// A message of a feed.
    pub(crate) fn came(&self, feed: &str) {
        if let Some((_, bar)) = self.feeds.iter().find(|(known, _)| *known == feed) {
            bar.inc(1);
        }
    }

    /// So many people are done.
    pub(crate) fn people(&self, done: u64) {
        if let Some(bar) = &self.people {
            bar.set_position(done);
        }
    }

    /// Takes the bars away.
    pub(crate) fn done(&self) {
        self.feeds.iter().map(|(_, bar)| bar).chain(&self.people).for_each(ProgressBar::finish_and_clear);
        drop(self.all.clear());
    }
}

/// A number as people read it: `20,000`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
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
