//! The homes that hold counts and not people: an analyst's, a privacy officer's, a records officer's. Small counts of people
//! never leave this module unsuppressed.

use std::collections::BTreeMap;

use access::views::glass;
use access::views::oversight::{Watched, watched};
use access::{Action, Role};
use jiff::SignedDuration;
use place::suppression::{LEAST, Shown as Cell, suppress};
use place::{Care, Lives, OdsCode};
use record::views::belonging::counts;
use record::views::message::Tally;

use crate::app::{State, Trouble};
use crate::components::{Cell as TableCell, Column, Html, Link, Table};
use crate::desk::feeds::thousands;
use crate::desk::person::{FeedState, capital, href, short_name};
use crate::pages::home::Sheet;
use crate::session::Who;
use crate::words::{ago, london_date, uk_datetime};

/// The most lines of whoever was opened most, and of refusals.
const MOST: i64 = 20;

pub(super) async fn of(state: &State, who: &Who, tallies: &[Tally]) -> Result<Vec<Sheet>, Trouble> {
    match who.subject.role {
        Role::Analyst => {
            let mut sheets = people(state, who).await?;
            sheets.push(feeds(state, who, tallies));
            Ok(sheets)
        }
        Role::PrivacyOfficer => looks(state, who).await,
        Role::RecordsOfficer => Ok(vec![waiting(state, who, tallies)]),
        Role::IdentitySteward => Ok(vec![pairs(state).await?]),
        _ => Ok(Vec::new()),
    }
}

/// How many pairs wait for a steward; who they are stands on their own page, which is a look.
async fn pairs(state: &State) -> Result<Sheet, Trouble> {
    let count = state.read(|tx| record::review::count(tx)).await?;
    let rows = vec![vec!["Pairs of records that wait to be looked at".into(), count.to_string().as_str().into()]];
    let columns = vec![Column::new("What"), Column::numeric("How many")];
    let table = (count > 0).then(|| plain("Records that may be one person", columns, rows));
    let empty = "No two records wait to be looked at.";
    Ok(sheet("pairs", "Records that may be one person", empty, table))
}

fn sheet(id: &str, title: &str, empty: &str, table: Option<Table>) -> Sheet {
    Sheet {
        id: id.to_owned(),
        title: title.to_owned(),
        empty: empty.to_owned(),
        tables: table.into_iter().collect(),
        ..Sheet::default()
    }
}

fn plain(title: &str, columns: Vec<Column>, rows: Vec<Vec<TableCell>>) -> Table {
    Table { compact: true, caption_size: None, ..Table::new(title, columns, rows) }
}

pub(in crate::desk) fn cell(shown: Cell) -> String {
    match shown {
        Cell::Count(count) => thousands(count),
        Cell::Few => format!("Fewer than {LEAST}"),
        Cell::Withheld => "Not shown".to_owned(),
    }
}

/// People known in the borough, by neighbourhood and by practice.
async fn people(state: &State, who: &Who) -> Result<Vec<Sheet>, Trouble> {
    let place = &state.parts().place;
    let today = london_date(who.at);
    let counted = state.read(counts).await?;
    let mut by_practice: BTreeMap<String, i64> = BTreeMap::new();
    let mut elsewhere = 0;
    for (code, count) in counted {
        // The one rule of who is counted by this place; a practice that has closed keeps its line until its people move.
        let here = |code: &OdsCode| {
            let day = place.practice(code).and_then(|practice| practice.closed).unwrap_or(today);
            place.counts_towards(&Lives { practice: Some(code.clone()), postcode: None }, Care::Health, day)
        };
        match code.filter(here) {
            Some(code) => *by_practice.entry(code.to_string()).or_default() += count,
            None => elsewhere += count,
        }
    }
    let hoods = place.neighbourhoods();
    let of_hood = |id: &str| -> Vec<(String, i64)> {
        let practices = place.practices_of(id).filter(|practice| practice.is_active());
        let named = practices.map(|practice| {
            (practice.name.clone(), by_practice.get(practice.code.as_str()).copied().unwrap_or_default())
        });
        let closed = place.practices_of(id).filter(|practice| !practice.is_active());
        let rest: i64 = closed.filter_map(|practice| by_practice.get(practice.code.as_str())).sum();
        named.chain((rest > 0).then(|| ("Practices that have closed".to_owned(), rest))).collect()
    };
    let mut totals: Vec<i64> =
        hoods.iter().map(|hood| of_hood(&hood.id).iter().map(|(_, count)| count).sum()).collect();
    totals.push(elsewhere);
    let note = format!(
        "A count below {LEAST} reads \u{201c}fewer than {LEAST}\u{201d}. \u{201c}Not shown\u{201d} stands where another count \
         could be worked out with this one. People are counted once, by the practice that the record shows."
    );
    let Some(shown) = suppress(&totals) else {
        let few = "So few people are known that no count can be shown.";
        return Ok(vec![Sheet { note: Some(note), ..sheet("people", "People known", few, None) }]);
    };
    let total: i64 = totals.iter().sum();
    let names = hoods.iter().map(|hood| hood.name.as_str()).chain(["Practice elsewhere, or none known"]);
    let mut rows: Vec<Vec<TableCell>> =
        names.zip(&shown).map(|(name, shown)| vec![name.into(), cell(*shown).into()]).collect();
    rows.push(vec!["Everybody known".into(), thousands(total).into()]);
    let columns = vec![Column::new("Neighbourhood"), Column::numeric("People known")];
    let by_hood = plain("People known by neighbourhood", columns, rows);
    let mut rows: Vec<Vec<TableCell>> = Vec::new();
    for (hood, shown) in hoods.iter().zip(&shown) {
        let practices = of_hood(&hood.id);
        let cells: Vec<i64> = practices.iter().map(|(_, count)| *count).collect();
        // Where the neighbourhood's own count is not shown, its practices' are not either: their sum is that count.
        let suppressed = if matches!(shown, Cell::Count(_)) { suppress(&cells) } else { None };
        for (index, (name, _)) in practices.into_iter().enumerate() {
            let shown = suppressed.as_ref().and_then(|cells| cells.get(index)).copied().unwrap_or(Cell::Withheld);
            let text = if suppressed.is_some() { cell(shown) } else { "Not shown".to_owned() };
            rows.push(vec![name.into(), hood.name.as_str().into(), text.into()]);
        }
    }
    let columns = vec![Column::new("Practice"), Column::new("Neighbourhood"), Column::numeric("People known")];
    let by_practice = plain("People known by practice", columns, rows);
    let none = "Nobody is known yet.";
    Ok(vec![
        Sheet { note: Some(note), ..sheet("people", "People known, by neighbourhood", none, Some(by_hood)) },
        sheet("practices", "People known, by practice", none, Some(by_practice)),
    ])
}

/// How old each feed is.
fn feeds(state: &State, who: &Who, tallies: &[Tally]) -> Sheet {
    let place = &state.parts().place;
    let rows = place.feeds().iter().filter_map(|feed| {
        let tally = tallies.iter().find(|tally| tally.feed == *feed.id)?;
        let stands = FeedState::of(feed, Some(tally), who.at);
        Some(vec![
            short_name(place, &feed.id).into(),
            ago(tally.last_received, who.at).into(),
            TableCell::holding(Html::of(&stands.tag())),
        ])
    });
    let rows: Vec<_> = rows.collect();
    let columns = vec![Column::new("Feed"), Column::new("Last heard"), Column::new("State")];
    let table = (!rows.is_empty()).then(|| plain("How old each feed is", columns, rows));
    sheet("feeds", "How old the figures are", "No feed has sent anything yet.", table)
}

/// Who looked today, how much, and what was refused.
async fn looks(state: &State, who: &Who) -> Result<Vec<Sheet>, Trouble> {
    let gate = &state.parts().gate;
    let desk = gate.desk(&who.asking()).await?;
    let (at, since) = (who.at, who.at.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(who.at));
    let (seen, waits, count) = state
        .read(move |tx| {
            let seen: Watched = watched(tx, &desk, at, since, MOST)?;
            Ok((seen, glass::waiting(tx, &desk, MOST)?, glass::count_waiting(tx, &desk)?))
        })
        .await?;
    // Opaque ids are people all the same.
    let waiting = questions(state, who).await?;
    gate.worklist(&who.asking(), seen.most.iter().map(|(person, _)| *person).collect()).await?;
    let rows: Vec<_> = seen
        .roles
        .iter()
        .map(|day| {
            let role = day.role.map_or("A role that is no more", crate::personas::role_words);
            let number = |count: i64| TableCell::from(thousands(count));
            vec![role.into(), number(day.opened), number(day.listed), number(day.refused)]
        })
        .collect();
    let columns = vec![
        Column::new("Role"),
        Column::numeric("Records opened"),
        Column::numeric("Searches, lists and other looks"),
        Column::numeric("Refused"),
    ];
    let roles = (!rows.is_empty()).then(|| plain("Looks since midnight, by role", columns, rows));
    let rows: Vec<_> = seen
        .most
        .iter()
        .map(|(person, times)| {
            // The end of an id is the part that chance made; its beginning is the day it was given.
            let id = person.simple().to_string();
            let name = format!("Record ending {}", id.get(24..).unwrap_or(&id));
            let link = Link::new(&name, &format!("{}/access", href(*person)));
            vec![TableCell::holding(Html::of(&link)), thousands(*times).into()]
        })
        .collect();
    let columns = vec![Column::new("Record"), Column::numeric("Times opened")];
    let most = (!rows.is_empty()).then(|| plain("Records opened most since midnight", columns, rows));
    let rows: Vec<_> = seen
        .refusals
        .iter()
        .map(|one| {
            let role = one.role.map_or("", crate::personas::role_words);
            vec![
                TableCell::holding(Html::with_small(&one.name, &format!("{role}, {}", one.organisation))),
                tried(one.action).into(),
                capital(&one.because).into(),
                uk_datetime(one.at).into(),
            ]
        })
        .collect();
    let columns = ["Who", "Tried", "Refused because", "When"].map(Column::new).to_vec();
    let refused = (!rows.is_empty()).then(|| plain("Refusals of the last 24 hours", columns, rows));
    let none = "Nobody was refused in the last 24 hours.";
    Ok(vec![
        waiting_glass(state, who, waits, count),
        waiting,
        requests(state, who).await?,
        sheet("refused", "Refused, last 24 hours", none, refused),
        sheet("roles", "Looks since midnight, by role", "Nobody has looked at anything today.", roles),
        sheet("most", "Records opened most since midnight", "No record has been opened today.", most),
    ])
}

/// Closed records that somebody opened and nobody has reviewed: what is overdue first, then what is due. Whose they are stands
/// nowhere here.
fn waiting_glass(state: &State, who: &Who, waits: Vec<glass::Line>, count: i64) -> Sheet {
    let lines: Vec<_> = crate::desk::glass::ordered(state, who, waits)
        .iter()
        .map(|one| crate::desk::glass::line(state, who, one))
        .collect();
    let table = (!lines.is_empty()).then(|| Table {
        compact: true,
        ..crate::pages::glass::table("Closed records that were opened and wait for a review", &lines)
    });
    Sheet {
        count: if count > 0 { thousands(count) } else { String::new() },
        more: Some(("The register of opened records".to_owned(), "/privacy/glass".to_owned())),
        ..sheet(
            "glass",
            "Closed records that were opened, to review",
            "Nothing waits. A closed record that somebody opens with a reason stands here at once, until it has been reviewed.",
            table,
        )
    }
}

/// Questions that people have asked about looks, the one that has waited longest first, with the day by which to answer.
async fn questions(state: &State, who: &Who) -> Result<Sheet, Trouble> {
    let desk = state.parts().gate.desk(&who.asking()).await?;
    let (lines, _, count) = crate::desk::questions::lines(state, who, desk, MOST).await?;
    let table = (!lines.is_empty()).then(|| crate::pages::question::table("Questions that wait", &lines));
    let empty = "No question waits. When somebody asks why their record was opened, it stands here.";
    Ok(Sheet {
        count: if count > 0 { thousands(count) } else { String::new() },
        more: Some(("All questions".to_owned(), "/privacy/questions".to_owned())),
        ..sheet("questions", "Questions about looks", empty, table)
    })
}

/// Requests to go back from pseudonyms, the one that has waited longest first. Nobody stands in them.
async fn requests(state: &State, who: &Who) -> Result<Sheet, Trouble> {
    let (lines, _) = crate::desk::back::answer::listed(state, who, MOST).await?;
    let table = (!lines.is_empty())
        .then(|| Table { compact: true, ..crate::pages::back::table("Requests that wait", "Who asks", &lines) });
    let empty = "No request waits. When an analyst asks that a team be told who some pseudonyms are, it stands here.";
    Ok(Sheet {
        count: if lines.is_empty() { String::new() } else { lines.len().to_string() },
        more: Some(("All requests".to_owned(), "/privacy/requests".to_owned())),
        ..sheet("requests", "Requests to go back from pseudonyms", empty, table)
    })
}

fn tried(action: Option<Action>) -> &'static str {
    match action {
        Some(Action::FindPeople) => "To find people",
        Some(Action::ReadRecord) => "To open a record",
        Some(Action::WriteRecord) => "To write into a record",
        Some(Action::SeeLooks) => "To see who looked",
        Some(Action::ReadMessage) => "To read a message",
        Some(Action::MendMessage) => "To mend a message",
        Some(Action::SeeWorklist) => "To see a desk's lists",
        Some(Action::BreakGlass) => "To open a closed record",
        Some(Action::Seal) => "To seal an entry",
        Some(Action::ReviewLooks) => "To review looks",
        Some(Action::ChooseSharing) => "To choose how a record is shared",
        Some(Action::AskWhy) => "To ask why somebody looked",
        Some(Action::ReadPseudonyms) => "To work with pseudonyms",
        Some(Action::MakeAsk) => "To ask for help",
        Some(Action::JudgeIdentity) => "To compare two records",
        Some(Action::WorkAsk) => "To work an ask",
        Some(Action::KeepMeasures) => "To keep figures",
        Some(Action::Govern) => "To decide about measures or beds",
        Some(Action::RunChallenge) => "To work on a challenge",
        Some(Action::CountPeople) => "To count people",
        Some(Action::AskBack) => "To ask who pseudonyms are",
        Some(Action::AllowBack) => "To answer who asks that",
        Some(Action::GoBack) => "To go back from a pseudonym",
        None => "Something this Weft does not know",
    }
}

/// What waits in quarantine, the oldest first.
fn waiting(state: &State, who: &Who, tallies: &[Tally]) -> Sheet {
    let place = &state.parts().place;
    let mut waits: Vec<&Tally> = tallies.iter().filter(|tally| tally.ever.quarantined > 0).collect();
    waits.sort_by_key(|tally| tally.oldest_waiting);
    let total: i64 = waits.iter().map(|tally| tally.ever.quarantined).sum();
    let rows: Vec<_> = waits
        .iter()
        .map(|tally| {
            let link = Link::new(&short_name(place, &tally.feed), &format!("/quarantine?feed={}", tally.feed));
            let oldest = tally.oldest_waiting.map_or_else(String::new, |oldest| ago(oldest, who.at));
            vec![TableCell::holding(Html::of(&link)), thousands(tally.ever.quarantined).into(), oldest.into()]
        })
        .collect();
    let columns = vec![Column::new("Feed"), Column::numeric("Messages that wait"), Column::new("The oldest came")];
    let table = (!rows.is_empty()).then(|| plain("Messages that wait, by feed", columns, rows));
    let empty = "Nothing waits. Messages that could not be taken in would stand here by feed, the oldest first.";
    Sheet {
        count: if total > 0 { thousands(total) } else { String::new() },
        ..sheet("waiting", "Messages that wait to be mended", empty, table)
    }
}
