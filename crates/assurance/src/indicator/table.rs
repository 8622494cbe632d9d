//! Figures as a table: a line for each month and group. Must not judge the figures ([`super::Figures`] does).

use serde::Deserialize;

use super::definition::Split;
use super::figures::{Figure, Slice};
use crate::gate::month::Month;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    month: Month,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    group: Option<String>,
    numerator: i64,
    #[serde(default)]
    denominator: Option<i64>,
    #[serde(default)]
    complete: Option<u32>,
}

/// The figures of a CSV with the columns `month,numerator` and, if wanted, `denominator`, `complete` (thousandths; all, where it is
/// not said), `by` and `group`.
///
/// # Errors
/// What is wrong in which line, in a sentence.
pub fn of_csv(text: &str) -> Result<Vec<Figure>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim().as_bytes());
    let mut figures = Vec::new();
    for (number, line) in (2..).zip(reader.deserialize::<Line>()) {
        let line = line.map_err(|error| format!("Line {number} of the figures cannot be read: {error}"))?;
        let slice = match (line.by.as_deref().unwrap_or(""), line.group.unwrap_or_default()) {
            ("", group) if group.is_empty() => None,
            (by, group) => {
                let by = Split::from_word(by)
                    .ok_or_else(|| format!("Line {number} of the figures: \"{by}\" is no split; say age, sex, ethnicity, deprivation or neighbourhood"))?;
                Some(Slice { by, group })
            }
        };
        let (numerator, denominator) = (line.numerator, line.denominator);
        figures.push(Figure {
            month: line.month,
            slice,
            numerator,
            denominator,
            complete: line.complete.unwrap_or(1_000),
        });
    }
    if figures.is_empty() {
        return Err(
            "There are no figures: the first line names the columns, and each further line is a month".to_owned()
        );
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_or_refused_by_its_line() {
        let figures = of_csv(
            "month,by,group,numerator,denominator,complete\n2026-04,,,10,100,990\n2026-04,age,85 and over,4,20,\n",
        )
        .unwrap();
        assert_eq!((figures[0].complete, figures[1].complete), (990, 1_000));
        assert_eq!(figures[1].slice.as_ref().unwrap().group, "85 and over");
        assert_eq!(of_csv("month,numerator\n2026-04,7").unwrap()[0].denominator, None);
        for (wrong, said) in [
            ("", "no figures"),
            ("month,numerator\n", "no figures"),
            ("month,numerator\n2026-13,7", "Line 2"),
            ("month,numerator\n2026-04,7\n2026-05,many", "Line 3"),
            ("month,by,group,numerator\n2026-04,height,tall,7", "no split"),
            ("month,numerator,nonsense\n2026-04,7,1", "Line 2"),
        ] {
            assert!(of_csv(wrong).unwrap_err().contains(said), "{wrong}");
        }
    }
}
