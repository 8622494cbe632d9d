//! Stretches of time: dates with their precision, periods, timings by their outer limits.

use serde_json::Value;

use super::Rows;
use super::plan::Planned;
use crate::entry::Entry;
use crate::moment::stretch;
use crate::path::Item;

impl Rows<'_> {
    pub(super) fn time(&mut self, planned: &Planned, item: &Item<'_>) {
        let found = match item.text() {
            Some(written) => stretch(written),
            None => item.node().and_then(|node| period(node.value).or_else(|| timing(node.value))),
        };
        if let Some((low, high)) = found
            && low < high
        {
            self.entries.push(Entry::Date { parameter: planned.id, low, high });
        }
    }
}

/// A Period; an end that is not said is open.
fn period(value: &Value) -> Option<(i64, i64)> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let (start, end) = (text("start"), text("end"));
    if start.is_none() && end.is_none() {
        return None;
    }
    let low = start.map_or(Some(i64::MIN), |start| stretch(start).map(|(low, _)| low))?;
    let high = end.map_or(Some(i64::MAX), |end| stretch(end).map(|(_, high)| high))?;
    Some((low, high))
}

/// A Timing: from the first to the last moment it names.
fn timing(value: &Value) -> Option<(i64, i64)> {
    let events = value.get("event").and_then(Value::as_array).into_iter().flatten();
    let events = events.filter_map(Value::as_str).filter_map(stretch);
    let bounds = value.get("repeat").and_then(|repeat| repeat.get("boundsPeriod")).and_then(period);
    events.chain(bounds).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}
