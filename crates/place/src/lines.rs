//! Which line a byte of a text stands on, for everything that tells somebody where in a file a mistake is.

/// Where the lines of a text end. Kept, because every field of every entry is asked for its line: counting from the top each
/// time grows with the square of the file, and was a fifth of what opening a place cost.
#[derive(Debug, Clone)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// Of a text, whatever its encoding: a line ends at a line feed.
    #[must_use]
    pub fn of(text: impl AsRef<[u8]>) -> Self {
        Self(text.as_ref().iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect())
    }

    /// The line, from 1, of a byte of the text.
    #[must_use]
    pub fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|end| *end < offset) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn every_byte_s_line_is_the_one_that_counting_from_the_top_gives() {
        let text = "one = 1\n\n[[two]]\r\nthree = \"ä\"\n";
        let lines = Lines::of(text);
        for at in 0..=text.len() {
            let counted = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            assert_eq!(lines.at(at), counted, "byte {at}");
        }
    }
}
