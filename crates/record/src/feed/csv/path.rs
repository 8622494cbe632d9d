//! Where a value goes in a resource: `period.start`, `code.coding[0].code`. Parsed once, applied for every row.
//! Must not know FHIR: it builds nested JSON and nothing else.

use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// A parsed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(Vec<Step>);

/// An index above this is a slip of the pen, and would make an array of nulls.
const MOST: usize = 99;

impl Path {
    /// Reads `a.b[0].c`.
    ///
    /// # Errors
    /// A sentence saying what is wrong with the text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            let good = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !good {
                return Err(format!("`{text}` is not a path; write it like period.start or code.coding[0].code"));
            }
            steps.push(Step::Key(key.to_owned()));
            while !rest.is_empty() {
                let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
                let index = inner.and_then(|(digits, after)| Some((digits.parse::<usize>().ok()?, after)));
                match index {
                    Some((index, after)) if index <= MOST => {
                        steps.push(Step::Index(index));
                        rest = after;
                    }
                    _ => return Err(format!("`{text}` needs a number from 0 to {MOST} between [ and ]")),
                }
            }
        }
        Ok(Self(steps))
    }

    /// The first key: the element of the resource that it fills.
    pub(super) fn first(&self) -> &str {
        match self.0.first() {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }

    /// Whether one of the two lies inside the other, so that both cannot be filled.
    pub(super) fn clashes(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine == theirs)
    }

    /// Puts a value at this place, making what is missing on the way. Array places that are skipped hold null until
    /// [`tidy`] takes them out.
    pub(super) fn put(&self, root: &mut Value, value: Value) {
        let mut here = root;
        for step in &self.0 {
            here = match step {
                Step::Key(key) => {
                    if !here.is_object() {
                        *here = Value::Object(Map::new());
                    }
                    let Value::Object(map) = here else { return };
                    map.entry(key.as_str()).or_insert(Value::Null)
                }
                Step::Index(index) => {
                    if !here.is_array() {
                        *here = Value::Array(Vec::new());
                    }
                    let Value::Array(items) = here else { return };
                    if items.len() <= *index {
                        items.resize(*index + 1, Value::Null);
                    }
                    let Some(item) = items.get_mut(*index) else { return };
                    item
                }
            };
        }
        *here = value;
    }
}

/// Takes out the nulls that skipped array places left: FHIR has no null.
pub(super) fn tidy(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(tidy);
        }
        Value::Object(map) => map.values_mut().for_each(tidy),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn builds_nested_json_and_closes_gaps() {
        let mut root = json!({});
        Path::parse("code.coding[1].code").unwrap().put(&mut root, json!("b"));
        Path::parse("code.text").unwrap().put(&mut root, json!("words"));
        tidy(&mut root);
        assert_eq!(root, json!({"code": {"coding": [{"code": "b"}], "text": "words"}}));
    }

    #[test]
    fn refuses_what_is_not_a_path() {
        for text in ["", ".", "a..b", "a[", "a[]", "a[x]", "a[0]b", "a[1000]", "a b", "0a"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sees_when_two_paths_cannot_both_be_filled() {
        let path = |text| Path::parse(text).unwrap();
        assert!(path("code").clashes(&path("code.text")));
        assert!(!path("name[0].family").clashes(&path("name[0].given[0]")));
    }
}
