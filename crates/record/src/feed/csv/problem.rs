//! What is wrong with a mapping file: every mistake with its file and line, so that the whole list is mended in one go.
//! Must not know what a mapping means; it only carries sentences.

use std::fmt;
use std::ops::Range;

/// One mistake in a mapping file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The mapping file's name as it was given.
    pub file: String,
    /// The line of the mistake, 1-based.
    pub line: usize,
    /// What is wrong and what to do, one sentence.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// All the mistakes of one mapping file, in the order of its lines. Never empty when returned as an error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

/// Collects mistakes while a mapping file is read, turning byte positions into lines.
pub(super) struct Notes<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Problem>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(text: &'a str, file: &'a str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    /// Notes one mistake at a byte range of the file. The same sentence on the same line is kept once: a template that
    /// stands for twenty columns is read twenty times.
    pub(super) fn add(&mut self, at: &Range<usize>, message: impl Into<String>) {
        let before = self.text.as_bytes().get(..at.start).unwrap_or(self.text.as_bytes());
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let problem = Problem { file: self.file.to_owned(), line, message: message.into() };
        if !self.found.contains(&problem) {
            self.found.push(problem);
        }
    }

    /// The mistakes found, by line; `None` if there are none.
    pub(super) fn finish(mut self) -> Option<Problems> {
        self.found.sort_by_key(|problem| problem.line);
        if self.found.is_empty() { None } else { Some(Problems(self.found)) }
    }
}
