//! Tables of pages as files for a spreadsheet: what the page shows and nothing more, so that whatever is withheld there is withheld
//! here. Numbers stand as numbers; nothing in a cell is read as a formula.

use assurance::sheet::Sheet;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::privacy::csv::cell;

/// A table as the answer to a request, to be saved under this name.
pub(super) fn file(name: &str, sheet: &Sheet) -> Response {
    let name: String = name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (headers, text(sheet)).into_response()
}

fn text(sheet: &Sheet) -> String {
    let columns = sheet.others(&[]);
    let mut out = line(columns.iter().map(|column| sheet.name(*column)));
    for row in sheet.rows() {
        out.push_str(&line(columns.iter().map(|column| row.text(*column))));
    }
    out
}

fn line<'t>(cells: impl Iterator<Item = &'t str>) -> String {
    let cells: Vec<String> = cells.map(|text| number(text).unwrap_or_else(|| cell(text))).collect();
    format!("{}\r\n", cells.join(","))
}

/// A number as a program reads it; on the page its thousands are set apart.
fn number(text: &str) -> Option<String> {
    let plain = text.replace(',', "");
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let is_one = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (is_one && plain.parse::<f64>().is_ok()).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_and_no_word_is_a_formula() {
        let mut sheet = Sheet::with_header(["group", "value"]);
        sheet.push(vec!["=HYPERLINK(\"x\")".to_owned(), "1,234.5".to_owned()]);
        sheet.push(vec!["Marple, north".to_owned(), "-3".to_owned()]);
        sheet.push(vec!["-".to_owned(), "Fewer than 7".to_owned()]);
        assert_eq!(
            text(&sheet),
            "\"group\",\"value\"\r\n\"'=HYPERLINK(\"\"x\"\")\",1234.5\r\n\"Marple, north\",-3\r\n\"'-\",\"Fewer than 7\"\r\n"
        );
    }
}
