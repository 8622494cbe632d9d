//! What is wrong in a file, and on which line. Nobody should have to guess.

/// One thing that is wrong in a file of rules, lists, disputes or events.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct Fault {
    /// The file as it was named to us.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is there, and what should be.
    pub what: String,
}

impl Fault {
    pub(crate) fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into() }
    }
}

/// Everything that is wrong in some files; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", told(.0))]
pub struct Faults(pub Vec<Fault>);

/// At most this many are told one by one.
const TOLD: usize = 20;

fn told(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults.iter().take(TOLD).map(Fault::to_string).collect();
    if faults.len() > TOLD {
        lines.push(format!("and {} more", faults.len() - TOLD));
    }
    lines.join("\n")
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}
