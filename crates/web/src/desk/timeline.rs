//! The timeline: everything in time, filtered by source and kind. Filters are words in the address; nothing else is.

use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Response};
use record::fact::Kind;
use record::summary::Filter;
use record::views::fact::Line;
use uuid::Uuid;

use super::person::{href, short_name};
use super::record::{Marks, entry, open, sees_care};
use crate::app::{State, Trouble};
use crate::components::Pagination;
use crate::pages::entry::Entry;
use crate::pages::timeline::{self, Day, Month, View, render};
use crate::session::{Fields, Id, Who};
use crate::words::{fhir_date, london_date, uk_day, uk_month};

/// Entries on one page.
const PAGE: usize = 50;

pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let opened = match open(&state, &who, id, "Timeline", "/timeline").await {
        Ok(opened) => opened,
        Err(other) => return other,
    };
    let fields = Fields(fields);
    let record = &opened.record;
    let filter = Filter {
        feeds: fields.all("source").map(str::to_owned).collect(),
        kinds: fields.all("kind").filter_map(Kind::from_word).collect(),
    };
    let lines: Vec<&Line> = record.lines.iter().filter(|line| filter.passes(line)).collect();
    let last = lines.len().div_ceil(PAGE).max(1);
    // The page of one entry, for a link that leads to it; where the reader does not see it, the first.
    let wanted: Option<Uuid> = fields.get("entry").parse().ok();
    let stands = wanted.and_then(|wanted| lines.iter().position(|line| line.id == wanted));
    let page = stands.map_or_else(|| usize::try_from(fields.page()).unwrap_or(1), |at| at / PAGE + 1);
    let current = page.min(last);
    let from = (current - 1) * PAGE;
    let shown: Vec<&Line> = lines.iter().skip(from).take(PAGE).copied().collect();
    let base = href(record.identity.person);
    let address = format!("{base}/timeline");
    let view = View {
        href: address.clone(),
        record_href: base,
        sources: record
            .sources
            .keys()
            .map(|feed| {
                let count = record.lines.iter().filter(|line| line.feed == *feed).count();
                let name = short_name(&state.parts().place, feed);
                timeline::Filter {
                    value: feed.clone(),
                    text: format!("{name} ({count})"),
                    on: filter.feeds.contains(feed),
                }
            })
            .collect(),
        kinds: Kind::ALL
            .into_iter()
            .filter_map(|kind| {
                let count = record.lines.iter().filter(|line| line.fact.kind == kind).count();
                (count > 0).then(|| timeline::Filter {
                    value: kind.word().to_owned(),
                    text: format!("{} ({count})", kind.label()),
                    on: filter.kinds.contains(&kind),
                })
            })
            .collect(),
        count: count(from, shown.len(), lines.len()),
        months: months(&state, &who, (record.identity.person, &opened.marks), &shown, wanted),
        pagination: Pagination::of(number(current), number(last), |page| addressed(&address, &filter, page)),
        withheld: record
            .withheld
            .iter()
            .map(|(kind, count)| format!("{}: you are not able to see these ({count} recorded).", kind.label()))
            .chain(record.objected.then(|| super::record::OBJECTED.to_owned()))
            .chain(
                (!sees_care(record)).then(|| "Your role shows nothing about care, so nothing stands here.".to_owned()),
            )
            .collect(),
        shell: opened.shell,
    };
    Ok(Html(render(&view)).into_response())
}

fn number(page: usize) -> u32 {
    u32::try_from(page).unwrap_or(u32::MAX)
}

fn count(from: usize, shown: usize, all: usize) -> String {
    match (all, shown) {
        (0, _) => String::new(),
        (1, _) => "1 entry".to_owned(),
        _ => format!("Showing {} to {} of {all} entries, newest first", from + 1, from + shown),
    }
}

/// The address of a page with the same filters. Words of sources and kinds are plain, so they need no escaping; anything
/// else was never a filter.
fn addressed(address: &str, filter: &Filter, page: u32) -> String {
    let plain = |word: &&String| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let mut words: Vec<String> = filter.feeds.iter().filter(plain).map(|feed| format!("source={feed}")).collect();
    words.extend(filter.kinds.iter().map(|kind| format!("kind={}", kind.word())));
    words.push(format!("page={page}"));
    format!("{address}?{}", words.join("&"))
}

/// Lines by month and day; what has only a month or a year stands under that alone.
fn months(
    state: &State,
    who: &Who,
    (person, marks): (Uuid, &Marks),
    lines: &[&Line],
    wanted: Option<Uuid>,
) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for line in lines {
        let (month, day) = titles(line);
        if months.last().is_none_or(|last| last.title != month) {
            months.push(Month { title: month, days: Vec::new() });
        }
        let Some(open) = months.last_mut() else { continue };
        if open.days.last().is_none_or(|last| last.title != day) {
            open.days.push(Day { title: day, entries: Vec::new() });
        }
        if let Some(open) = open.days.last_mut() {
            let anchor = (wanted == Some(line.id)).then(|| format!("entry-{}", line.id));
            open.entries.push(Entry { anchor, ..entry(state, who, (person, line, marks), true) });
        }
    }
    months
}

fn titles(line: &Line) -> (String, String) {
    let none = || ("Date not given".to_owned(), "Day not given".to_owned());
    let (Some(written), Some(sort)) = (&line.fact.when, line.fact.sort) else { return none() };
    let Ok(at) = jiff::Timestamp::from_microsecond(sort) else { return none() };
    match written.trim().len() {
        4 => (written.trim().to_owned(), "Day not given".to_owned()),
        7 => (fhir_date(written), "Day not given".to_owned()),
        _ => (uk_month(london_date(at)), uk_day(london_date(at))),
    }
}
