//! What is wrong with the files of a place, all of it at once. Must never stop at the first mistake: somebody who
//! edits a folder by hand wants the whole list.

use std::fmt;

/// One mistake: where it is, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, by its name in the folder: `practices.csv`.
    pub file: String,
    /// The line on which the mistake stands (1-based), where one line can be named.
    pub line: Option<u64>,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// All mistakes of a folder, by file and line; never empty when it is returned as an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Writes one down.
    pub(crate) fn add(&mut self, file: &str, line: Option<u64>, message: impl Into<String>) {
        self.0.push(Problem { file: file.to_owned(), line, message: message.into() });
    }

    /// The mistakes, by file and line.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.0
    }

    /// `value` if nothing is wrong, else the sorted list.
    pub(crate) fn or<T>(mut self, value: Option<T>) -> Result<T, Self> {
        self.0.sort();
        self.0.dedup();
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

impl fmt::Display for Problems {
    /// One line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_one_line_each_in_order_of_file_and_line() {
        let mut problems = Problems::default();
        problems.add("b.csv", Some(12), "wrong");
        problems.add("b.csv", Some(3), "wrong too");
        problems.add("a.toml", None, "missing");
        let told = problems.or(Some(())).unwrap_err();
        assert_eq!(told.to_string(), "a.toml: missing\nb.csv:3: wrong too\nb.csv:12: wrong");
        assert_eq!(Problems::default().or(Some(1)), Ok(1));
    }
}
