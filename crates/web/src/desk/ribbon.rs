//! The ribbon: the last twelve months of a record by source, as marks.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use record::fact::Kind;
use record::summary::Record;

use super::person::short_name;
use crate::app::State;
use crate::pages::record::{Mark, MarkKind, Ribbon, RibbonRow};
use crate::words::{london_date, uk_month};

/// The drawing, or nothing where nothing happened in those months.
pub(crate) fn ribbon(state: &State, record: &Record, now: Timestamp) -> Option<Ribbon> {
    let today = london_date(now);
    let first = today.first_of_month().checked_sub(11.months()).ok()?;
    let mut rows: Vec<RibbonRow> = record
        .sources
        .keys()
        .map(|feed| RibbonRow {
            source: short_name(&state.parts().place, feed),
            marks: record
                .lines
                .iter()
                .filter(|line| line.feed == *feed)
                .filter_map(|line| mark(line.fact.kind, line.fact.sort?, first, today))
                .collect(),
        })
        .collect();
    rows.retain(|row| !row.marks.is_empty());
    let total: usize = rows.iter().map(|row| row.marks.len()).sum();
    let most = rows.iter().max_by_key(|row| row.marks.len())?;
    let entries = if total == 1 { "entry" } else { "entries" };
    let sentence = format!(
        "{total} {entries} in the last 12 months from {} source{}; most from {} ({}).",
        rows.len(),
        if rows.len() == 1 { "" } else { "s" },
        most.source,
        most.marks.len()
    );
    let months = (0..12)
        .filter_map(|index| first.checked_add(index.months()).ok())
        .map(|month| uk_month(month).chars().take(3).collect())
        .collect();
    Some(Ribbon { months, rows, sentence })
}

fn mark(kind: Kind, sort: i64, first: Date, today: Date) -> Option<Mark> {
    let day = london_date(Timestamp::from_microsecond(sort).ok()?);
    if day < first || day > today {
        return None;
    }
    let months =
        (i32::from(day.year()) - i32::from(first.year())) * 12 + i32::from(day.month()) - i32::from(first.month());
    let kind = match kind {
        Kind::Encounter => MarkKind::Encounter,
        Kind::Result => MarkKind::Result,
        Kind::Document => MarkKind::Document,
        Kind::Medicine => MarkKind::Medicine,
        _ => MarkKind::Other,
    };
    Some(Mark { kind, month: usize::try_from(months).ok()?, day: u16::try_from(day.day()).ok()? - 1 })
}
