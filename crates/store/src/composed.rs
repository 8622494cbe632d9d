//! Statements put together while the program runs: from pieces that stand in the program's own text and from values that are
//! bound. No input can become SQL, and the type shows it: [`Composed::sql`] takes `&'static str` only. The same pieces in the
//! same order are the same text, so a statement of a known shape is prepared once.

use std::fmt::Write as _;

use uuid::Uuid;

use crate::sql::{Param, Sql};

/// A value that a composed statement owns.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Int(i64),
    Text(String),
    Uuid(Uuid),
}

/// A statement in the making. Values are numbered in the order in which they come.
///
/// ```
/// let mut statement = store::Composed::new();
/// statement.sql("SELECT id FROM lamp WHERE lit = ").int(1).sql(" AND room IN (").ints([4, 7]).sql(")");
/// assert_eq!(statement.text(), "SELECT id FROM lamp WHERE lit = $1 AND room IN ($2, $3)");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Composed {
    text: String,
    values: Vec<Value>,
}

impl Composed {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A piece of SQL.
    pub fn sql(&mut self, piece: &'static str) -> &mut Self {
        self.text.push_str(piece);
        self
    }

    fn value(&mut self, value: Value) -> &mut Self {
        self.values.push(value);
        // Writing to a String cannot fail.
        let _written = write!(self.text, "${}", self.values.len());
        self
    }

    /// A whole number.
    pub fn int(&mut self, value: i64) -> &mut Self {
        self.value(Value::Int(value))
    }

    /// Text.
    pub fn text_value(&mut self, value: impl Into<String>) -> &mut Self {
        self.value(Value::Text(value.into()))
    }

    /// An id.
    pub fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.value(Value::Uuid(value))
    }

    fn list<T>(&mut self, values: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) -> &mut Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            each(self, value);
        }
        self
    }

    /// Whole numbers with commas between; none at all is for the caller to avoid.
    pub fn ints(&mut self, values: impl IntoIterator<Item = i64>) -> &mut Self {
        self.list(values, |this, value| {
            this.int(value);
        })
    }

    /// The same, the last one repeated until there are 1, 4, 16, 64, ... of them, so that lists of any length are few shapes.
    pub fn padded(&mut self, values: &[i64]) -> &mut Self {
        let mut wanted = 1;
        while wanted < values.len() {
            wanted *= 4;
        }
        let last = values.last().copied().unwrap_or_default();
        self.ints(values.iter().copied().chain(std::iter::repeat(last)).take(wanted))
    }

    /// Ids with commas between.
    pub fn uuids(&mut self, values: impl IntoIterator<Item = Uuid>) -> &mut Self {
        self.list(values, |this, value| {
            this.uuid(value);
        })
    }

    /// Another statement's pieces and values, its values numbered on from here.
    pub fn then(&mut self, other: &Self) -> &mut Self {
        let mut rest = other.text.as_str();
        let mut values = other.values.iter();
        // `$` stands nowhere in the pieces but before a number: they are our own, and a test reads every one.
        while let Some(at) = rest.find('$') {
            self.text.push_str(&rest[..at]);
            rest = rest[at + 1..].trim_start_matches(|digit: char| digit.is_ascii_digit());
            if let Some(value) = values.next() {
                self.value(value.clone());
            }
        }
        self.text.push_str(rest);
        self
    }

    /// The words so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The statement.
    #[must_use]
    pub fn statement(&self) -> Sql {
        Sql::made(self.text.clone())
    }

    /// Its values.
    #[must_use]
    pub fn params(&self) -> Vec<Param<'_>> {
        self.values
            .iter()
            .map(|value| match value {
                Value::Int(number) => Param::Int(*number),
                Value::Text(text) => Param::Text(text),
                Value::Uuid(id) => Param::Uuid(*id),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_on_and_lists_have_few_shapes() {
        let mut inner = Composed::new();
        inner.sql("term = ").int(7).sql(" OR word = ").text_value("a $1 b");
        let mut outer = Composed::new();
        outer.sql("SELECT ").int(1).sql(" WHERE (").then(&inner).sql(") LIMIT ").int(9);
        assert_eq!(outer.text(), "SELECT $1 WHERE (term = $2 OR word = $3) LIMIT $4");
        assert_eq!(outer.params(), [Param::Int(1), Param::Int(7), Param::Text("a $1 b"), Param::Int(9)]);
        let shape = |length: i64| {
            let mut list = Composed::new();
            list.padded(&(0..length).collect::<Vec<_>>());
            list.text().to_owned()
        };
        assert_eq!(shape(5), shape(16));
        assert_ne!(shape(4), shape(5));
    }
}
