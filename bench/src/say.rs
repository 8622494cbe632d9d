//! What the terminal is told: the table on standard output, what is going on at the moment on standard error.

use std::io::Write;

/// A line of the result.
pub(crate) fn say(line: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}"));
}

/// What is going on, for whoever waits.
pub(crate) fn tell(line: impl std::fmt::Display) {
    drop(writeln!(std::io::stderr().lock(), "... {line}"));
}
