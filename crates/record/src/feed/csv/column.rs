//! The columns a mapping names: each name once, as a number, so that a row is read by position. Also the small language
//! for naming many columns at once: `DIAG_4_{01..20}`, `CCG_*`, and `@each` / `@n` within a repeated template.

use super::problem::Notes;
use super::table::Located;
use std::collections::HashMap;

/// A column that a mapping names, by its place in [`Columns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Column(pub(super) usize);

/// Every column a mapping reads.
#[derive(Debug, Default)]
pub(super) struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    /// The number of a column, given one if it is new.
    pub(super) fn number(&mut self, name: &str) -> Column {
        if let Some(place) = self.places.get(name) {
            return Column(*place);
        }
        let place = self.names.len();
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        Column(place)
    }

    /// The column's name as the header writes it.
    pub(super) fn name(&self, column: Column) -> &str {
        self.names.get(column.0).map_or("", String::as_str)
    }

    /// All names, in the order of their numbers.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }
}

/// What a template is read within: the columns and the mistakes so far, and for a repeated template which column it
/// stands for this time.
pub(super) struct Scope<'n, 't> {
    pub(super) columns: Columns,
    pub(super) notes: &'n mut Notes<'t>,
    /// The column that `@each` stands for, and what `@n` stands for.
    pub(super) each: Option<(String, String)>,
}

impl Scope<'_, '_> {
    /// A text with `@each` and `@n` filled in.
    pub(super) fn filled(&mut self, text: &Located) -> String {
        match &self.each {
            Some((each, n)) => text.text.replace("@each", each).replace("@n", n),
            None if text.text.contains("@each") || text.text.contains("@n") => {
                self.notes.add(&text.span, "@each and @n mean something only in a [[resource]] with for_each");
                text.text.clone()
            }
            None => text.text.clone(),
        }
    }

    /// The column a text names.
    pub(super) fn column(&mut self, text: &Located) -> Column {
        let name = self.filled(text);
        if name.trim().is_empty() {
            self.notes.add(&text.span, "a column needs a name");
        }
        self.columns.number(name.trim())
    }
}

/// The columns that a name with one range stands for, each with the changing part: `DIAG_{01..20}` is twenty columns.
/// A name without a range is itself, numbered from its last digits or 1.
///
/// # Errors
/// A sentence if the range cannot be read.
pub(super) fn expand(name: &str) -> Result<Vec<(String, String)>, String> {
    let Some((before, rest)) = name.split_once('{') else {
        let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
        let last = digits.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let n = if last.is_empty() { "1" } else { last };
        return Ok(vec![(name.to_owned(), n.to_owned())]);
    };
    let wrong = || format!("`{name}` is not a range of columns; write it like DIAG_{{01..20}}");
    let (range, after) = rest.split_once('}').ok_or_else(wrong)?;
    let (first, last) = range.split_once("..").ok_or_else(wrong)?;
    let (from, to): (u16, u16) = (first.parse().map_err(|_| wrong())?, last.parse().map_err(|_| wrong())?);
    if from > to || to - from > 999 {
        return Err(wrong());
    }
    let width = first.len();
    Ok((from..=to).map(|n| (format!("{before}{n:0width$}{after}"), format!("{n:0width$}"))).collect())
}

/// Columns that are left out on purpose.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    names: Vec<String>,
    prefixes: Vec<String>,
    /// All others may be left out too.
    pub(super) others: bool,
}

impl Ignored {
    /// Adds one name, range or prefix with `*`.
    ///
    /// # Errors
    /// A sentence if it cannot be read.
    pub(super) fn add(&mut self, name: &str) -> Result<(), String> {
        match name.strip_suffix('*') {
            Some("") => return Err("`*` would ignore every column; use ignore_others with a reason".to_owned()),
            Some(prefix) => self.prefixes.push(prefix.to_owned()),
            None => self.names.extend(expand(name)?.into_iter().map(|(name, _)| name)),
        }
        Ok(())
    }

    /// Whether it is listed by its own name, not by `*` or as one of the others.
    pub(super) fn named(&self, name: &str) -> bool {
        self.names.iter().any(|one| one == name)
    }

    pub(super) fn covers(&self, name: &str) -> bool {
        self.others || self.named(name) || self.prefixes.iter().any(|prefix| name.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_keeps_its_leading_noughts() {
        let names: Vec<_> = expand("DIAG_{09..11}_X").unwrap();
        assert_eq!(names[0], ("DIAG_09_X".to_owned(), "09".to_owned()));
        assert_eq!(names[2], ("DIAG_11_X".to_owned(), "11".to_owned()));
        assert_eq!(expand("Code7").unwrap(), [("Code7".to_owned(), "7".to_owned())]);
        assert!(expand("D{3..1}").is_err() && expand("D{a..b}").is_err() && expand("D{1").is_err());
    }

    #[test]
    fn a_star_covers_a_family_of_columns() {
        let mut ignored = Ignored::default();
        ignored.add("CCG_*").unwrap();
        ignored.add("X{1..2}").unwrap();
        assert!(ignored.covers("CCG_RESIDENCE") && ignored.covers("X2") && !ignored.covers("X3"));
        assert!(ignored.add("*").is_err());
    }
}
