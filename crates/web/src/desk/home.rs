//! The home of a role: its lists, read with a permit that is there only after the look was written down. The first lines of
//! each list here, the whole of one at `/lists/{list}`.

pub(super) mod numbers;
mod rows;
mod sheets;

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{Action, DeskPermit, Role};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Html;
use jiff::Timestamp;
use place::{OdsCode, Place};
use record::views::message::Tally;
use record::worklist::{self, Asked, Item};
use uuid::Uuid;

use super::Page;
use super::feeds::thousands;
use super::person::{FeedState, feed_sentences, short_name};
use crate::app::{State, Trouble};
use crate::components::{Column, Pagination, Table};
use crate::layout::{Section, Shell};
use crate::pages::home::{Fresh, List, Sheet as Shown, View, render, render_list};
use crate::personas;
use crate::session::{Fields, Who};
use crate::words::{ago, uk_datetime};
use sheets::{Ask, Sheet, Source};

/// Lines of each list on the home page, and on a page of one list.
const FIRST: usize = 8;
const PAGE: usize = 50;

/// The home of whoever is signed in.
pub(crate) async fn page(state: &State, who: &Who) -> Page {
    let place = &state.parts().place;
    let role = who.subject.role;
    let seat = personas::seat(&who.subject);
    let tallies = state.tallies().await?;
    let wanted = sheets::of(role, seat, place, who.at);
    let mut shown = Vec::new();
    for (sheet, answer) in answers(state, who, wanted, 0, FIRST).await? {
        let late = sheet.from.iter().any(|source| is_late(place, &tallies, *source, who.at));
        let more = (answer.asked.total > as_count(answer.items.len())).then(|| {
            let all = thousands(answer.asked.total);
            (format!("Show all {all}"), format!("/lists/{}", sheet.word))
        });
        shown.push((late, Shown { more, ..drawn(state, who, &tallies, &sheet, &answer) }));
    }
    // What may be out of date stands last.
    shown.sort_by_key(|(late, _)| *late);
    let mut all: Vec<Shown> = shown.into_iter().map(|(_, sheet)| sheet).collect();
    all.extend(numbers::of(state, who, &tallies).await?);
    let view = View {
        shell: shell(state, who, &tallies, "Home"),
        place: sheets::place_words(place, seat),
        now: uk_datetime(who.at),
        finds: who.may(Action::FindPeople),
        sheets: all,
        yet: sheets::not_yet(role).iter().map(|&sentence| sentence.to_owned()).collect(),
        ways: ways(who),
    };
    Ok(Html(render(&view)))
}

/// One list of the reader's own desk, page by page.
pub(crate) async fn list(
    Shared(state): Shared<State>,
    who: Who,
    Path(word): Path<String>,
    Query(fields): Query<Vec<(String, String)>>,
) -> Page {
    let place = &state.parts().place;
    let seat = personas::seat(&who.subject);
    let mut wanted = sheets::of(who.subject.role, seat, place, who.at);
    wanted.retain(|sheet| sheet.word == word);
    if wanted.is_empty() {
        // Refused where the role has no lists at all, so that the refusal is written down like any other.
        state.parts().gate.desk(&who.asking()).await?;
        return Err(Trouble::NotFound);
    }
    let tallies = state.tallies().await?;
    let current = Fields(fields).page();
    let skip = usize::try_from(current - 1).unwrap_or_default().saturating_mul(PAGE);
    let Some((sheet, answer)) = answers(&state, &who, wanted, skip, PAGE).await?.pop() else {
        return Err(Trouble::NotFound);
    };
    let listed = answer.asked.total.min(as_count(worklist::MOST));
    let last = u32::try_from((listed + as_count(PAGE) - 1) / as_count(PAGE)).unwrap_or(1).max(1);
    let until = skip + answer.items.len();
    let mut shown = match answer.asked.total {
        total if total > as_count(answer.items.len()) => {
            format!("{} to {until} of {}.", skip + 1, thousands(total))
        }
        _ => String::new(),
    };
    if answer.asked.total > listed {
        shown.push_str(&format!(" Only the first {listed} can be listed; find others by name."));
    }
    let view = List {
        shell: shell(&state, &who, &tallies, sheet.title),
        place: sheets::place_words(place, seat),
        sheet: drawn(&state, &who, &tallies, &sheet, &answer),
        shown,
        pagination: Pagination::of(current, last, |page| format!("/lists/{word}?page={page}")),
    };
    Ok(Html(render_list(&view)))
}

fn as_count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What was found for one list.
struct Answer {
    asked: Asked,
    items: Vec<Item>,
    /// How many share the home's postcode and are not listed.
    aside: usize,
    /// Counts by practice of all on the list.
    by_practice: BTreeMap<String, usize>,
}

/// Asks for the lists, has the look written down, and opens what will be shown of them.
async fn answers(
    state: &State,
    who: &Who,
    wanted: Vec<Sheet>,
    skip: usize,
    most: usize,
) -> Result<Vec<(Sheet, Answer)>, Trouble> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let gate = &state.parts().gate;
    let desk = gate.desk(&who.asking()).await?;
    let (place, at, asks) = (state.parts().place.clone(), who.at, Arc::new(wanted));
    let reading = asks.clone();
    let found = state
        .read(move |tx| {
            reading
                .iter()
                .map(|sheet| asked(tx, &desk, sheet, &place, (skip, most), at))
                .collect::<store::Result<Vec<_>>>()
        })
        .await?;
    let people: Vec<Uuid> = found.iter().flat_map(|(asked, ..)| asked.people()).collect();
    let permit = gate.worklist(&who.asking(), people).await?;
    let opened = state
        .read(move |tx| {
            let open = |(asked, aside, by_practice): &(Asked, usize, BTreeMap<String, usize>)| {
                let items = worklist::open(tx, &permit, asked)?;
                let (asked, by_practice) = (asked.clone(), by_practice.clone());
                Ok::<_, store::Error>(Answer { asked, items, aside: *aside, by_practice })
            };
            found.iter().map(open).collect::<store::Result<Vec<_>>>()
        })
        .await?;
    let sheets = Arc::try_unwrap(asks).unwrap_or_else(|shared| shared.as_ref().clone());
    Ok(sheets.into_iter().zip(opened).collect())
}

fn asked(
    tx: &mut dyn store::Tx,
    desk: &DeskPermit,
    sheet: &Sheet,
    place: &Place,
    (skip, most): (usize, usize),
    now: Timestamp,
) -> store::Result<(Asked, usize, BTreeMap<String, usize>)> {
    let (whole, aside) = match &sheet.ask {
        Ask::Lists(question) => {
            let question = worklist::Question { skip, most, ..question.clone() };
            return Ok((worklist::ask(tx, desk, &question)?, 0, BTreeMap::new()));
        }
        Ask::Unseen(since) => (worklist::unseen(tx, desk, *since, now)?, 0),
        Ask::Unreviewed(practices, before) => (worklist::unreviewed(tx, desk, practices, *before)?, 0),
        Ask::Falls(practices, since) => (worklist::falls(tx, desk, practices, *since)?, 0),
        Ask::Residents(id) => match place.care_homes().iter().find(|home| home.id.as_str() == id) {
            Some(home) => worklist::residents(tx, desk, home)?,
            None => (Asked::default(), 0),
        },
    };
    let by_practice = whole.by_practice();
    Ok((whole.cut(skip, most), aside, by_practice))
}

/// A list as the page shows it.
fn drawn(state: &State, who: &Who, tallies: &[Tally], sheet: &Sheet, answer: &Answer) -> Shown {
    let place = &state.parts().place;
    let opens = who.may(Action::ReadRecord);
    let tables = match &sheet.ask {
        Ask::Unseen(_) if answer.asked.total > 0 => vec![by_neighbourhood(place, &answer.by_practice)],
        _ => Vec::new(),
    };
    let note = match (&sheet.ask, answer.aside) {
        (Ask::Residents(_), 1) => Some(
            "1 person shares the home's postcode and has another address or none. They are not \
                                        listed here; if they live here, ask their practice to correct the address."
                .to_owned(),
        ),
        (Ask::Residents(_), many) if many > 1 => Some(format!(
            "{many} people share the home's postcode and have another address or none. They are not listed here; if one of \
             them lives here, ask their practice to correct the address."
        )),
        _ => None,
    };
    Shown {
        id: sheet.word.to_owned(),
        title: sheet.title.to_owned(),
        count: if answer.asked.total > 0 { thousands(answer.asked.total) } else { String::new() },
        fresh: fresh(place, tallies, sheet.from, who.at),
        note,
        tables,
        rows: answer.items.iter().map(|item| rows::row(place, item, opens, sheet.wide, who.at)).collect(),
        empty: sheet.empty.to_owned(),
        more: None,
    }
}

fn by_neighbourhood(place: &Place, by_practice: &BTreeMap<String, usize>) -> Table {
    let mut counts: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for (code, count) in by_practice {
        let hood = OdsCode::parse(code).ok().and_then(|code| place.neighbourhood_of_practice(&code));
        *counts.entry(hood.map(|hood| hood.id.as_str())).or_default() += count;
    }
    let mut rows: Vec<_> = place
        .neighbourhoods()
        .iter()
        .filter_map(|hood| counts.get(&Some(hood.id.as_str())).map(|count| (hood.name.as_str(), *count)))
        .collect();
    rows.extend(counts.get(&None).map(|count| ("Practice elsewhere, or none known", *count)));
    let rows = rows.into_iter().map(|(name, count)| vec![name.into(), thousands(as_count(count)).into()]).collect();
    let columns = vec![Column::new("Neighbourhood"), Column::numeric("People")];
    Table { compact: true, ..Table::new("By neighbourhood", columns, rows) }
}

/// How fresh the feeds behind a list are.
fn fresh(place: &Place, tallies: &[Tally], sources: &[Source], now: Timestamp) -> Vec<Fresh> {
    let feeds = place.feeds().iter().filter(|feed| sources.iter().any(|source| source.brings(feed)));
    let mut fresh: Vec<Fresh> = feeds
        .filter_map(|feed| {
            let tally = tallies.iter().find(|tally| tally.feed == *feed.id)?;
            let stands = FeedState::of(feed, Some(tally), now);
            Some(Fresh {
                text: format!("{}, last heard {}", short_name(place, &feed.id), ago(tally.last_received, now)),
                late: matches!(stands, FeedState::Down | FeedState::Late).then(|| stands.tag()),
            })
        })
        .collect();
    if fresh.is_empty() {
        let text = "No source of this list has sent anything yet, so it says nothing about anybody".to_owned();
        fresh.push(Fresh { text, late: None });
    }
    fresh
}

/// Whether every feed of a kind that has spoken is past its promise.
fn is_late(place: &Place, tallies: &[Tally], source: Source, now: Timestamp) -> bool {
    let mut spoken = place.feeds().iter().filter(|feed| source.brings(feed)).filter_map(|feed| {
        let tally = tallies.iter().find(|tally| tally.feed == *feed.id)?;
        Some(FeedState::of(feed, Some(tally), now) == FeedState::Down)
    });
    spoken.next().is_some_and(|first| first && spoken.all(|down| down))
}

/// The shell, with a sentence for each feed that is down and feeds this desk.
fn shell(state: &State, who: &Who, tallies: &[Tally], title: &str) -> Shell {
    let place = &state.parts().place;
    let sheets = sheets::of(who.subject.role, personas::seat(&who.subject), place, who.at);
    let sources: Vec<Source> = sheets.iter().flat_map(|sheet| sheet.from.iter().copied()).collect();
    let of_desk: Vec<Tally> = tallies
        .iter()
        .filter(|tally| place.feed(&tally.feed).is_some_and(|feed| sources.iter().any(|source| source.brings(feed))))
        .cloned()
        .collect();
    Shell { feed_sentences: feed_sentences(place, &of_desk, who.at), ..who.shell(title, Section::Home) }
}

fn ways(who: &Who) -> Vec<(String, String)> {
    let finds = ("Case finding: who may need help before they ask for it", "/finding");
    let told = ("People your team is told of, who may need help", "/handed");
    let ways: &[(&str, &str)] = match who.subject.role {
        Role::RecordsOfficer => {
            &[("Everything that waits in quarantine", "/quarantine"), ("How each feed stands", "/feeds")]
        }
        Role::IdentitySteward => &[("Records that may be one person", "/identity")],
        Role::PrivacyOfficer => &[
            ("Questions about looks", "/privacy/questions"),
            ("Requests to go back from pseudonyms", "/privacy/requests"),
            ("Find a person, to see who looked", "/people"),
        ],
        Role::Analyst => &[
            ("People in counts: put a cohort together", "/population"),
            ("Equity: who is coded, and who may be missing", "/population/equity"),
            ("Measures: what is counted, and what it says", "/measures"),
            ("The bed gate: may a bed be closed?", "/gate"),
            ("100-day challenges", "/challenges"),
            ("Rows under pseudonyms, to look at or take away", "/pseudonyms"),
            ("Ask that people behind pseudonyms be offered help", "/pseudonyms/requests"),
            ("Neighbourhoods: practices, homes and deprivation", "/neighbourhoods"),
            ("How each feed stands", "/feeds"),
        ],
        Role::Commissioner => &[
            ("People in counts: put a cohort together", "/population"),
            ("Equity: who is coded, and who may be missing", "/population/equity"),
            ("Measures: what is counted, and what it says", "/measures"),
            ("The bed gate: may a bed be closed?", "/gate"),
            ("100-day challenges", "/challenges"),
            ("Neighbourhoods: practices, homes and deprivation", "/neighbourhoods"),
        ],
        Role::Provider => &[
            ("Measures: what is counted, and what it says", "/measures"),
            ("The bed gate: may a bed be closed?", "/gate"),
            ("100-day challenges", "/challenges"),
            ("Neighbourhoods: practices, homes and deprivation", "/neighbourhoods"),
        ],
        Role::Gp => &[
            ("Advice: calls and questions that wait for you", "/advice"),
            ("From a pseudonym to a patient of yours", "/back"),
        ],
        Role::Consultant => &[("Advice: calls and questions that wait for you", "/advice")],
        Role::DistrictNurse | Role::Therapist => &[
            ("Advice: calls and questions that wait for you", "/advice"),
            ("From a pseudonym to a patient of yours", "/back"),
        ],
        Role::SocialWorker => &[("From a pseudonym to a patient of yours", "/back")],
        _ => &[],
    };
    ways.iter()
        .chain(super::finding::has(who).then_some(&finds))
        .chain(super::finding::begins(who).then_some(&told))
        .chain([&("Where you are signed in", "/sessions")])
        .map(|&(text, href)| (text.to_owned(), href.to_owned()))
        .collect()
}
