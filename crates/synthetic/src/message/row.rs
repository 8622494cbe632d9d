//! Writing one row of an extract under its header. Must not know what a column means.

/// A row being written; columns that are not named stay empty.
pub(super) struct Row {
    columns: &'static [&'static str],
    values: Vec<String>,
}

impl Row {
    pub(super) fn of(columns: &'static [&'static str]) -> Self {
        Self { columns, values: vec![String::new(); columns.len()] }
    }

    /// Fills a column. A column that the header does not have is a slip of ours, which the tests find.
    pub(super) fn set(&mut self, column: &str, value: impl Into<String>) -> &mut Self {
        let at = self.columns.iter().position(|known| *known == column);
        debug_assert!(at.is_some(), "no column {column}");
        if let Some(place) = at.and_then(|at| self.values.get_mut(at)) {
            *place = value.into();
        }
        self
    }

    /// The message that the row is: the header line and the row, without a line end after it.
    pub(super) fn message(&self) -> Vec<u8> {
        let mut out = String::with_capacity(768);
        out.push_str(&self.columns.join(","));
        out.push('\n');
        for (at, value) in self.values.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            if value.contains([',', '"', '\n', '\r']) {
                out.push('"');
                out.push_str(&value.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(value);
            }
        }
        out.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::Row;

    #[test]
    fn values_with_marks_are_quoted() {
        let mut row = Row::of(&["a", "b", "c"]);
        row.set("c", "x, \"y\"").set("a", "1");
        assert_eq!(row.message(), b"a,b,c\n1,,\"x, \"\"y\"\"\"");
    }
}
