//! What one header line means to a mapping: where each column stands, and whether every column is accounted for.
//! Nothing is dropped in silence: a column that is neither mapped nor ignored on purpose refuses every row under it.

use super::column::Column;
use super::mapping::Mapping;
use crate::feed::Reason;

/// A header worked out for a mapping.
#[derive(Debug)]
pub(super) struct Plan {
    /// The header line it is for, without line end.
    pub(super) header: Vec<u8>,
    /// The names, in the file's order.
    pub(super) names: Vec<String>,
    /// For each column of the mapping, its place in the row.
    places: Vec<Option<usize>>,
    /// Why no row under this header can be understood.
    pub(super) refusal: Option<Reason>,
}

/// The names of a header line; `None` if it is not UTF-8 text.
pub(super) fn names(header: &[u8]) -> Option<Vec<String>> {
    std::str::from_utf8(header).ok()?;
    let record = super::row::split(header)?;
    Some(record.iter().map(|name| name.trim().to_owned()).collect())
}

/// The row of a message by its columns, to read and to mend: names and values in the file's order. `None` if the message is
/// not one header and one row of the same number of values.
#[must_use]
pub fn columns(raw: &[u8]) -> Option<Vec<(String, String)>> {
    let end = raw.iter().position(|byte| *byte == b'\n')?;
    let (header, row) = raw.split_at_checked(end + 1)?;
    let names = names(super::rows::header_of(header))?;
    std::str::from_utf8(row).ok()?;
    let values = super::row::split(super::rows::trimmed(row))?;
    (names.len() == values.len()).then(|| names.into_iter().zip(values.iter().map(str::to_owned)).collect())
}

impl Plan {
    pub(super) fn new(mapping: &Mapping, header: &[u8]) -> Self {
        let Some(names) = names(header) else {
            let what = "The header line is not UTF-8 text. Save the file as UTF-8 (\"CSV UTF-8\") and send it again.";
            let refusal = Some(Reason::new("not-utf8", what).at("header"));
            return Self { header: header.to_vec(), names: Vec::new(), places: Vec::new(), refusal };
        };
        let place = |name: &String| names.iter().position(|other| other == name);
        let places = mapping.columns.names().iter().map(place).collect();
        let refusal = refusal(mapping, &names);
        Self { header: header.to_vec(), names, places, refusal }
    }

    /// Where a column stands in the row, if the file has it.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column.0).copied().flatten()
    }
}

fn refusal(mapping: &Mapping, names: &[String]) -> Option<Reason> {
    let used = |name: &String| mapping.columns.contains(name);
    if let Some(missing) = mapping.required.iter().find(|required| !names.contains(required)) {
        let what = format!(
            "The file has no column `{missing}`, which the mapping \"{}\" needs. Check that it is the right extract, or mend the mapping.",
            mapping.title
        );
        return Some(Reason::new("missing-column", what).at(format!("column {missing}")));
    }
    let repeated = names.iter().enumerate().find(|(at, name)| used(name) && names.iter().take(*at).any(|n| n == *name));
    if let Some((_, name)) = repeated {
        let what = format!("The column `{name}` stands twice in the header, so its value is not certain.");
        return Some(Reason::new("repeated-column", what).at(format!("column {name}")));
    }
    let strange = names.iter().find(|name| !used(name) && !mapping.ignored.covers(name))?;
    let what = format!(
        "The column `{strange}` is new: the mapping \"{}\" neither uses nor ignores it. Add it to the mapping, then replay.",
        mapping.title
    );
    Some(Reason::new("unmapped-column", what).at(format!("column {strange}")))
}
