//! Looks as a table for a spreadsheet. A name in the log is text from outside: nothing in a cell may be read as a formula by
//! the program that opens the file. People stand in it by opaque id and never by name.

use access::views::audit::AuditRow;

/// The most looks of one file.
pub(super) const MOST: usize = 1_000;
/// The most people of each look.
pub(super) const PEOPLE: i64 = 5;

const HEADINGS: [&str; 11] = [
    "when",
    "reader",
    "name",
    "role",
    "organisation",
    "action",
    "purpose",
    "allowed",
    "because",
    "records",
    "record ids (at most 5)",
];

/// The file.
pub(super) fn file(rows: &[AuditRow]) -> String {
    let mut out = line(HEADINGS.map(str::to_owned));
    for row in rows {
        let people: Vec<String> = row.people.iter().map(ToString::to_string).collect();
        let word = |value: Option<serde_json::Value>| {
            value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        out.push_str(&line([
            row.at.to_string(),
            row.reader.clone(),
            row.name.clone(),
            row.role.map_or("", access::Role::word).to_owned(),
            row.organisation.clone(),
            word(row.action.and_then(|action| serde_json::to_value(action).ok())),
            word(row.purpose.and_then(|purpose| serde_json::to_value(purpose).ok())),
            if row.allowed { "yes" } else { "no" }.to_owned(),
            row.because.clone(),
            row.count.to_string(),
            people.join(" "),
        ]));
    }
    out
}

fn line(cells: [String; HEADINGS.len()]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell in quotes. What a spreadsheet would take for a formula gets an apostrophe before it; line ends become spaces.
pub(in crate::desk) fn cell(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let first = plain.trim_start().chars().next();
    // The wide forms of these signs are read as the narrow ones by some programs.
    let formula = first.is_some_and(|letter| "=+-@|%\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(letter));
    format!("\"{}{}\"", if formula { "'" } else { "" }, plain.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_in_a_cell_is_a_formula() {
        assert_eq!(cell("Dr Priya Nair"), "\"Dr Priya Nair\"");
        assert_eq!(cell("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        for evil in ["+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r\n=1", "\u{a0}=1", "|x", "%1", "\u{ff1d}1"] {
            assert!(
                cell(evil).trim_start_matches(['"', ' ', '\u{a0}']).starts_with('\'') || cell(evil).starts_with("\"'"),
                "{evil:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_is_in_it_a_cell_is_one_cell(text in "\\PC{0,20}|[=+@\",\r\n\t -]{0,20}") {
            let cell = cell(&text);
            let inside = &cell[1..cell.len() - 1];
            prop_assert!(cell.starts_with('"') && cell.ends_with('"'));
            prop_assert_eq!(inside.replace("\"\"", "").matches('"').count(), 0);
            prop_assert!(!inside.contains(['\r', '\n', '\t']));
            prop_assert!(!inside.trim_start().starts_with(['=', '+', '-', '@']));
        }
    }
}
