//! What the workshop tells the person at the terminal. The one file of it that writes to standard output.

use std::io::{IsTerminal, Write};

/// One line, as it is. A closed pipe is no error: nobody is reading.
pub(crate) fn line(text: &str) {
    writeln!(std::io::stdout(), "{text}").ok();
}

/// The start of a step.
pub(crate) fn heading(text: &str) {
    if std::io::stdout().is_terminal() {
        line(&format!("\n\x1b[1m== {text}\x1b[0m"));
    } else {
        line(&format!("\n== {text}"));
    }
}

/// Something a person must not miss.
pub(crate) fn warning(text: &str) {
    let rule = "!".repeat(100);
    line(&format!("{rule}\n!! {}\n{rule}", text.replace('\n', "\n!! ")));
}

/// A line of a running command passed through, raw bytes and all.
pub(crate) fn through(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).ok();
    out.flush().ok();
}
