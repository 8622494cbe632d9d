//! What Weft counts of itself: the clocks of asks and of crisis responses, month by month, each figure with its rule, and behind a
//! figure the asks it was counted from, for those who have them. Nothing can be typed in. A count under seven is shown to analysts
//! alone, and so is whatever it could be worked out from. Must not count: the rules do.

use std::sync::Arc;

use access::{Action, Role};
use assurance::chart::control_chart;
use assurance::measure::Confidence;
use assurance::measure::proportion::proportion;
use assurance::sheet::Sheet;
use assurance::spc;
use axum::extract::{Path, State as Shared};
use axum::response::{Html, IntoResponse, Response};
use care::clock::figure::{Counted, Months, counted, months};
use care::clock::{Clocks, Named, Rule, Share};
use care::views::heard;
use care::worklist;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use place::suppression::{Shown, suppress};
use uuid::Uuid;

use super::Page;
use super::ask::clocks::line;
use super::home::numbers::cell;
use super::measure::shell;
use super::person::full_name;
use crate::app::{State, Trouble};
use crate::components::Chart;
use crate::layout::Section;
use crate::pages::clock::{Behind, List, Month, Row, View};
use crate::session::Who;
use crate::words::{day_begins, london_date, uk_date, uk_month};

/// The clocks that are counted here, by their short names, in their order.
const CLOCKS: [&str; 4] = [care::crisis::RESPONSE, care::crisis::STABILISE, "triage", "answer-to-referrer"];
/// How many months are told.
const MONTHS: i32 = 12;
/// The most asks behind a figure that are listed.
const MOST: usize = 200;

fn base(who: Option<&Who>) -> &'static str {
    if who.is_some() { "/clocks" } else { "/public/clocks" }
}

/// Analysts see every count.
fn sees_all(who: Option<&Who>) -> bool {
    who.is_some_and(|who| who.subject.role == Role::Analyst)
}

fn clocks(state: &State) -> Result<Clocks, Trouble> {
    Clocks::of(&state.parts().place).map_err(|error| Trouble::Broken(error.to_string()))
}

/// A clock by the word of an address.
fn named(clocks: &Clocks, word: &str) -> Result<(String, String, String), Trouble> {
    let known = clocks.all().iter().find(|clock| *clock.id == *word && CLOCKS.contains(&word));
    known.map(|clock| (clock.id.to_string(), clock.name.clone(), clock.about.clone())).ok_or(Trouble::NotFound)
}

/// Everything that started a clock between two days, counted.
async fn count(
    state: &State,
    clocks: &Clocks,
    clock: &str,
    (from, until): (Date, Date),
    now: Timestamp,
) -> Result<Vec<Counted>, Trouble> {
    let mut words: Vec<String> =
        clocks.rules_of(clock).flat_map(|rule| &rule.version.start).map(ToString::to_string).collect();
    words.sort_unstable();
    words.dedup();
    let between = (day_begins(from), day_begins(until));
    let heard = state
        .read(move |tx| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            heard::started(tx, &words, between.0, between.1)
        })
        .await?;
    counted(clocks, clock, &heard, between, now).map_err(|error| Trouble::Broken(error.to_string()))
}

/// The first days of the oldest month that is told, and of the month after this one.
fn told(now: Timestamp) -> (Date, Date) {
    let this = london_date(now).first_of_month();
    let by = |months: i32| this.checked_add(Span::new().months(months)).unwrap_or(this);
    (by(1 - MONTHS), by(1))
}

/// The four counts of a figure and its share, as they may be shown.
struct Cells {
    counts: [String; 4],
    share: Option<f64>,
    said: String,
}

fn cells(share: &Share, all: bool) -> Cells {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let counts = [count(share.in_time), count(share.late), count(share.open), count(share.void)];
    let shown = if all { Some(counts.map(Shown::Count).to_vec()) } else { suppress(&counts) };
    let Some(shown) = shown else {
        let none = || "Not shown".to_owned();
        return Cells { counts: [none(), none(), none(), none()], share: None, said: "Too few to be shown".to_owned() };
    };
    let text = |at: usize| shown.get(at).map_or_else(String::new, |one| cell(*one));
    let told = shown.iter().take(2).all(|one| matches!(one, Shown::Count(_)));
    let decided = counts[0] + counts[1];
    let found = (told && decided > 0)
        .then(|| proportion(counts[0] as f64, decided as f64, 100.0, &[Confidence::NINETY_FIVE]).ok())
        .flatten();
    let said = match &found {
        Some(found) => {
            let limits = found.intervals.first().and_then(|one| one.lower.zip(one.upper));
            let limits = limits.map_or_else(String::new, |(lower, upper)| format!(" ({lower:.0} to {upper:.0})"));
            format!("{:.0}%{limits}", found.value)
        }
        None if decided == 0 => "Nothing decided yet".to_owned(),
        None => "Too few to be shown".to_owned(),
    };
    Cells { counts: [text(0), text(1), text(2), text(3)], share: found.map(|found| found.value), said }
}

fn aim(rule: Option<&Rule<'_>>) -> String {
    rule.map_or_else(String::new, |rule| {
        let share = rule.version.share.map_or_else(|| "every one".to_owned(), |share| format!("{share} of 100"));
        format!("{share} within {}", rule.version.within)
    })
}

fn rule_of<'c>(clocks: &'c Clocks, named: &Named) -> Option<Rule<'c>> {
    clocks.rules_of(&named.clock).find(|rule| rule.named() == *named)
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    listed(&state, Some(&who)).await
}

pub(crate) async fn public_list(Shared(state): Shared<State>) -> Page {
    listed(&state, None).await
}

async fn listed(state: &State, who: Option<&Who>) -> Page {
    let clocks = clocks(state)?;
    let now = state.now();
    let between = told(now);
    let mut rows = Vec::new();
    for word in CLOCKS {
        let Ok((id, name, about)) = named(&clocks, word) else { continue };
        let all = months(&clocks, &count(state, &clocks, &id, between, now).await?);
        // The latest month of which something may be said.
        let mut told = all.iter().rev().map(|((month, rule), share)| (month, rule, cells(share, sees_all(who))));
        let latest = told.find(|(_, _, cells)| cells.share.is_some());
        let rule = clocks.rule(&id, london_date(now));
        rows.push(Row {
            href: format!("{}/{id}", base(who)),
            name,
            about,
            latest: latest.map_or_else(
                || ("Nothing that can be shown yet".to_owned(), String::new()),
                |(month, rule, cells)| (cells.said, format!("{}, by {rule}", uk_month(*month))),
            ),
            aim: aim(rule.as_ref()),
        });
    }
    let view = List { shell: shell(who, "What Weft counts of itself", Section::Measures), public: who.is_none(), rows };
    Ok(Html(view.to_string()))
}

/// A clock's figures as its page and its file show them.
struct Told {
    name: String,
    about: String,
    months: Months,
    all: bool,
}

async fn read(state: &State, clocks: &Clocks, who: Option<&Who>, word: &str) -> Result<Told, Trouble> {
    let (id, name, about) = named(clocks, word)?;
    let now = state.now();
    let counted = count(state, clocks, &id, told(now), now).await?;
    Ok(Told { name, about, months: months(clocks, &counted), all: sees_all(who) })
}

/// The share of each month by the rule of the latest, as a control chart; nothing of fewer than three months.
fn chart(clocks: &Clocks, told: &Told, now: Timestamp) -> Option<Chart> {
    let rule = &told.months.keys().next_back()?.1;
    let this = london_date(now).first_of_month();
    let of = told.months.iter().filter(|((month, by), _)| by == rule && *month < this);
    let values: Vec<spc::Observation> = of
        .filter_map(|((month, _), share)| Some(spc::Observation { at: *month, value: cells(share, told.all).share? }))
        .collect();
    if values.len() < 3 {
        return None;
    }
    let target = rule_of(clocks, rule).and_then(|rule| rule.version.share).map(f64::from);
    let asked = spc::Asked { target, allow_gaps: true, ..spc::Asked::of(spc::Improvement::Increase) };
    let drawn = spc::chart(&values, &asked).ok()?;
    Some(Chart::new("months", control_chart(&drawn, &format!("{}: in time", told.name), "%", target)))
}

fn sheet(told: &Told) -> Sheet {
    let mut sheet =
        Sheet::with_header(["month", "rule", "in time", "late", "still open", "not counted", "share in time"]);
    for ((month, rule), share) in &told.months {
        let Cells { counts, said, .. } = cells(share, told.all);
        let mut row = vec![month.strftime("%Y-%m").to_string(), rule.to_string()];
        row.extend(counts);
        row.push(said);
        sheet.push(row);
    }
    sheet
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Path(word): Path<String>) -> Page {
    shown(&state, Some(&who), &word).await
}

pub(crate) async fn public_page(Shared(state): Shared<State>, Path(word): Path<String>) -> Page {
    shown(&state, None, &word).await
}

async fn shown(state: &State, who: Option<&Who>, word: &str) -> Page {
    let clocks = clocks(state)?;
    let told = read(state, &clocks, who, word).await?;
    let address = format!("{}/{word}", base(who));
    let row = |((month, rule), share): (&(Date, Named), &Share)| {
        let Cells { counts, said, .. } = cells(share, told.all);
        Month {
            month: uk_month(*month),
            // Without sign-in nothing is taken apart.
            href: who.map(|_| format!("{address}/{}", month.strftime("%Y-%m"))),
            rule: rule.to_string(),
            counts,
            said,
        }
    };
    let mut rules: Vec<&Named> = told.months.keys().map(|(_, rule)| rule).collect();
    rules.dedup();
    let now = clocks.rule(word, london_date(state.now()));
    let mut policies: Vec<(String, Vec<(String, String)>)> =
        rules.iter().filter_map(|named| rule_of(&clocks, named)).map(|rule| policy(&rule)).collect();
    if policies.is_empty() {
        policies.extend(now.as_ref().map(policy));
    }
    let view = View {
        shell: shell(who, "What Weft counts of itself", Section::Measures),
        back: base(who).to_owned(),
        name: told.name.clone(),
        about: told.about.clone(),
        chart: chart(&clocks, &told, state.now()).map(|chart| chart.as_file(&format!("{address}/months.csv"))),
        months: told.months.iter().rev().map(row).collect(),
        file: format!("{address}/months.csv"),
        policies,
        ..View::default()
    };
    Ok(Html(view.to_string()))
}

/// A rule in words: everything that a figure rests on.
fn policy(rule: &Rule<'_>) -> (String, Vec<(String, String)>) {
    let version = rule.version;
    let words = |words: &[place::Slug]| words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let until = version.effective_until.map_or_else(String::new, |until| format!(" to {}", uk_date(until)));
    let mut rows = vec![
        ("Holds for what begins", format!("from {}{until}", uk_date(version.effective_from))),
        ("Starts with", words(&version.start)),
        ("Stops with", words(&version.stop)),
        ("Waits from, until", format!("{} \u{2013} {}", words(&version.pause), words(&version.resume))),
        ("Is not counted after", words(&version.void)),
        ("Runs", version.runs.to_string()),
        ("To be stopped within", version.within.to_string()),
        ("Aim", aim(Some(rule))),
        ("Whose word it is", version.source.clone()),
    ];
    rows.retain(|(_, value)| !value.trim_matches([' ', '\u{2013}']).is_empty());
    rows.extend(version.unverified.iter().map(|caution| ("To be checked", caution.clone())));
    let rows = rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    (rule.named().to_string(), rows)
}

/// A month of a clock: its figures and what is behind them; or all its months as a file.
pub(crate) async fn month(
    Shared(state): Shared<State>,
    who: Who,
    Path((word, month)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    if month == "months.csv" {
        return months_file(&state, Some(&who), &word).await;
    }
    let clocks = clocks(&state)?;
    let (id, name, about) = named(&clocks, &word)?;
    let first: Date = format!("{month}-01").parse().map_err(|_| Trouble::NotFound)?;
    let (oldest, after) = told(who.at);
    if first < oldest || first >= after {
        return Err(Trouble::NotFound);
    }
    let next = first.checked_add(Span::new().months(1)).unwrap_or(first);
    let counted = count(&state, &clocks, &id, (first, next), who.at).await?;
    let all = sees_all(Some(&who));
    let row = |((month, rule), share): (&(Date, Named), &Share)| {
        let Cells { counts, said, .. } = cells(share, all);
        Month { month: uk_month(*month), href: None, rule: rule.to_string(), counts, said }
    };
    let found = months(&clocks, &counted);
    let mut rules: Vec<&Named> = found.keys().map(|(_, rule)| rule).collect();
    rules.dedup();
    let opened = who.may(Action::SeeWorklist) && who.may(Action::ReadRecord);
    let view = View {
        shell: who.shell("What Weft counts of itself", Section::Measures),
        back: format!("/clocks/{id}"),
        name: format!("{name}, {}", uk_month(first)),
        about,
        months: found.iter().map(row).collect(),
        policies: rules.iter().filter_map(|named| rule_of(&clocks, named)).map(|rule| policy(&rule)).collect(),
        behind: if opened { Some(behind(&state, &who, &name, &counted).await?) } else { None },
        is_month: true,
        ..View::default()
    };
    Ok(Html(view.to_string()).into_response())
}

pub(crate) async fn public_file(
    Shared(state): Shared<State>,
    Path((word, file)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    if file == "months.csv" { months_file(&state, None, &word).await } else { Err(Trouble::NotFound) }
}

async fn months_file(state: &State, who: Option<&Who>, word: &str) -> Result<Response, Trouble> {
    let told = read(state, &clocks(state)?, who, word).await?;
    Ok(super::table::file(word, &sheet(&told)))
}

/// The asks behind a figure that are the reader's teams' own: opened as their worklists are, with a look written down first.
async fn behind(state: &State, who: &Who, clock: &str, counted: &[Counted]) -> Result<Vec<Behind>, Trouble> {
    let desk = state.parts().gate.desk(&who.asking()).await?;
    let asks: Vec<Uuid> = counted.iter().map(|one| one.ask).collect();
    let by = who.subject.clone();
    let mut asked = state.read(move |tx| worklist::of_teams(tx, &desk, &by, &asks)).await?;
    asked.keep(MOST);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<Uuid> = asked.people().collect();
    let permit = Arc::new(state.parts().gate.worklist(&who.asking(), people.clone()).await?);
    let shown = permit.clone();
    let names = state.read(move |tx| record::worklist::named(tx, &shown, &people)).await?;
    let place = &state.parts().place;
    let lines = worklist::open(&permit, asked);
    let mut rows = Vec::new();
    for one in counted {
        let Some(ask) = lines.iter().find(|line| line.id == one.ask) else { continue };
        let Some(open) = &ask.shown else { continue };
        let said = line(clock, &one.span, who.at);
        rows.push(Behind {
            href: format!("/asks/{}", one.ask),
            name: names
                .get(&ask.person)
                .map(full_name)
                .or_else(|| open.described.clone())
                .unwrap_or_else(|| "Somebody not shown".to_owned()),
            team: super::ask::team::name(place, &open.place.owner),
            began: one.span.started.map_or_else(String::new, crate::words::uk_datetime),
            said: said.words,
            rule: said.policy,
        });
    }
    Ok(rows)
}
