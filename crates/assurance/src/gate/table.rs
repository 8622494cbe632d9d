//! What is handed in as tables: counts, posts. Must not judge what stands in them ([`super::decision`] does).

use serde::de::DeserializeOwned;

use super::book::Figure;
use super::capacity::Post;

/// The columns of counts.
pub const FIGURES: &str = "series,month,count,complete";
/// The columns of posts.
pub const POSTS: &str = "person,role,employer,wte_hundredths,from,until,on_duty,from_hospital";

/// Counts of a CSV with the columns of [`FIGURES`]; `complete` in thousandths.
///
/// # Errors
/// What is wrong in which line, in a sentence.
pub fn figures(text: &str) -> Result<Vec<Figure>, String> {
    rows(text, FIGURES)
}

/// Posts of a CSV with the columns of [`POSTS`].
///
/// # Errors
/// What is wrong in which line, in a sentence.
pub fn posts(text: &str) -> Result<Vec<Post>, String> {
    rows(text, POSTS)
}

fn rows<T: DeserializeOwned>(text: &str, columns: &str) -> Result<Vec<T>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim().as_bytes());
    let mut rows = Vec::new();
    for (number, row) in (2..).zip(reader.deserialize::<T>()) {
        rows.push(row.map_err(|error| {
            format!("Line {number} cannot be read: {error}. The first line names the columns: {columns}")
        })?);
    }
    if rows.is_empty() {
        return Err(format!("There is nothing in the table. The first line names the columns: {columns}"));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_whole_or_refused_by_its_line() {
        let read = figures("series,month,count,complete\nA,2026-04,100,990\nB,2026-04,90,1000\n").unwrap();
        assert_eq!((read.len(), read[0].count, read[1].complete), (2, 100, 1_000));
        let read = posts(&format!("{POSTS}\np1,nurses,Trust,90,2026-01-01,,true,false\n")).unwrap();
        assert!(read[0].on_duty && read[0].until.is_none() && !read[0].from_hospital);
        for (wrong, said) in [
            ("", "nothing in the table"),
            ("series,month,count,complete\n", "nothing in the table"),
            ("series,month,count,complete\nA,2026-04,100,990\nA,2026-13,1,1\n", "Line 3"),
            ("series,month,count,complete\nA,2026-04,many,990\n", "Line 2"),
            ("series,month,count\nA,2026-04,1\n", "complete"),
        ] {
            assert!(figures(wrong).unwrap_err().contains(said), "{wrong}");
        }
        assert!(posts("person\nx\n").unwrap_err().contains("from_hospital"));
    }
}
