//! How a step went, and the table that closes a run. A test that could not run is never counted as passed.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::say;

/// How many tests a runner says it ran, and which of them passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed, timed out or were cut short.
    pub(crate) failed: u64,
    /// The names of those that passed, without the path in front of them.
    pub(crate) names: BTreeSet<String>,
}

impl Counts {
    /// Numbers alone.
    pub(crate) fn of(passed: u64, failed: u64) -> Self {
        Self { passed, failed, names: BTreeSet::new() }
    }

    /// The same, with the names of those that `text`, the runner's own words, says passed.
    pub(crate) fn named(mut self, text: &str) -> Self {
        self.names.extend(text.lines().filter_map(passed));
        self
    }
}

/// The name on a line of a runner that says a test passed: nextest's, the standard runner's or Node's.
fn passed(line: &str) -> Option<String> {
    let line = line.trim();
    let last = |path: &str| path.rsplit("::").next().map(str::to_owned);
    if let Some(rest) = line.strip_prefix("PASS [") {
        return last(rest.rsplit(' ').next()?);
    }
    if let Some(rest) = line.strip_prefix("test ") {
        return last(rest.strip_suffix(" ... ok")?);
    }
    let story = line.strip_prefix("\u{2714} ")?;
    Some(story.rsplit_once(" (").map_or(story, |(name, _)| name).to_owned())
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.names.extend(other.names);
    }
}

/// What a step says of itself when it did not break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did what it is for, and counts no tests.
    Done,
    /// It ran tests; any failure fails the step.
    Tests(Counts),
    /// It found what it looks for: something to mend.
    Failed(String),
    /// It could not run, for this reason. In CI this is a failure.
    NotRun(String),
    /// A check of the build, not of Weft, whose tool is not on this machine. Said, and no failure anywhere.
    LeftOut(String),
}

struct Row {
    name: String,
    took: Duration,
    outcome: Outcome,
}

/// Every step of a run, in order.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Runs one step, timing it. An error of the step is its failure and does not stop the run.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> anyhow::Result<Outcome>) {
        say::heading(name);
        let start = Instant::now();
        let outcome = settle(work(), in_ci());
        if let Outcome::Failed(reason) | Outcome::NotRun(reason) = &outcome {
            say::warning(&format!("{name}: {reason}"));
        }
        self.rows.push(Row { name: name.to_owned(), took: start.elapsed(), outcome });
    }

    /// True if nothing failed. A step that did not run outside CI was said loudly, and is no failure.
    pub(crate) fn passed(&self) -> bool {
        self.rows.iter().all(|row| !row.outcome.is_failure())
    }

    /// All tests counted. A failed step that counted no failed test stands for one.
    pub(crate) fn total(&self) -> Counts {
        let mut total = Counts::default();
        for row in &self.rows {
            match &row.outcome {
                Outcome::Tests(counts) => total += counts.clone(),
                Outcome::Failed(_) => total.failed += 1,
                Outcome::Done | Outcome::NotRun(_) | Outcome::LeftOut(_) => {}
            }
        }
        total
    }

    /// The table and the closing line.
    pub(crate) fn print(&self) {
        say::line(&self.table());
    }

    fn table(&self) -> String {
        let mut text = format!("\n{:<12} {:>8}  result\n{}\n", "step", "seconds", "-".repeat(60));
        for row in &self.rows {
            let result = match &row.outcome {
                Outcome::Done => "passed".to_owned(),
                Outcome::Tests(counts) => format!("{} passed, {} failed", counts.passed, counts.failed),
                Outcome::Failed(reason) => format!("FAILED: {}", first_line(reason)),
                Outcome::NotRun(reason) => format!("NOT RUN: {}", first_line(reason)),
                Outcome::LeftOut(reason) => format!("left out: {}", first_line(reason)),
            };
            writeln!(text, "{:<12} {:>8.1}  {result}", row.name, row.took.as_secs_f64()).ok();
        }
        let total = self.total();
        write!(text, "\n{} passed, {} failed", total.passed, total.failed).ok();
        text
    }
}

impl Outcome {
    fn is_failure(&self) -> bool {
        match self {
            Self::Done | Self::NotRun(_) | Self::LeftOut(_) => false,
            Self::Tests(counts) => counts.failed > 0,
            Self::Failed(_) => true,
        }
    }
}

/// True on a build machine, where a test that cannot run must not pass for one that did.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

fn settle(result: anyhow::Result<Outcome>, in_ci: bool) -> Outcome {
    match result {
        Ok(Outcome::NotRun(reason)) if in_ci => Outcome::Failed(format!("could not run: {reason}")),
        Ok(Outcome::Tests(counts)) if counts.passed == 0 && counts.failed == 0 => {
            Outcome::Failed("not one test ran".to_owned())
        }
        Ok(outcome) => outcome,
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcomes: Vec<Outcome>) -> Report {
        let row = |outcome| Row { name: "step".to_owned(), took: Duration::from_millis(1500), outcome };
        Report { rows: outcomes.into_iter().map(row).collect() }
    }

    #[test]
    fn the_last_line_totals_every_runner() {
        let report = report(vec![Outcome::Done, Outcome::Tests(Counts::of(40, 0)), Outcome::Tests(Counts::of(2, 1))]);
        assert_eq!(report.table().lines().last(), Some("42 passed, 1 failed"));
        assert!(!report.passed());
    }

    #[test]
    fn a_failed_step_without_tests_counts_as_one_failure() {
        let report = report(vec![Outcome::Failed("clippy complains".to_owned())]);
        assert_eq!(report.table().lines().last(), Some("0 passed, 1 failed"));
        assert!(!report.passed());
    }

    #[test]
    fn what_could_not_run_is_a_failure_in_ci_and_only_there() {
        let not_run = || Ok(Outcome::NotRun("no PostgreSQL".to_owned()));
        assert!(settle(not_run(), true).is_failure());
        assert!(!settle(not_run(), false).is_failure());
    }

    #[test]
    fn the_names_of_what_passed_are_read_from_every_runner() {
        let text = "        PASS [   0.405s] (1/7) weft-web::pages safety::nothing_is_sent\n\
                    \u{20}       FAIL [   0.405s] (2/7) weft-web::pages safety::it_broke\n\
                    test tls::tests::by_tls ... ok\ntest tls::tests::broken ... FAILED\n\
                    \u{2714} a citizen opens nobody else (812.5ms)\n\u{2716} it broke too (1ms)\n";
        let counts = Counts::of(3, 3).named(text);
        let names: Vec<&str> = counts.names.iter().map(String::as_str).collect();
        assert_eq!(names, ["a citizen opens nobody else", "by_tls", "nothing_is_sent"]);
    }

    #[test]
    fn a_runner_that_ran_nothing_has_failed() {
        assert!(settle(Ok(Outcome::Tests(Counts::default())), false).is_failure());
    }
}
