//! Measures: which indicators there are and what they say; one with its chart, groups, claims, restatements and life. Counts under
//! seven are shown to analysts alone. Must not work out anything itself.

use access::Role;
use assurance::chart::spoken;
use assurance::indicator::reading::{self, Charted, Reader, charted, estimate, latest, of_a_year, unit};
use assurance::indicator::{
    Claim, Command, Definition, Figures, Life, Polarity, Split, Standardisation, Statistic, Target, Verdict, claims,
    of_place,
};
use assurance::measure::Estimate;
use assurance::sheet::Sheet;
use assurance::views::indicator as kept;
use axum::extract::{Path, Query, State as Shared};
use axum::response::{Html, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use place::Place;
use place::suppression::Shown;

use super::Page;
use super::deed::{came, ready};
use super::home::numbers::cell;
use crate::app::{State, Trouble};
use crate::components::Chart;
use crate::layout::{Section, Shell};
use crate::pages::deed::Came;
use crate::pages::measure::{Claim as Line, List, Part, Restated, Row, View, verdict};
use crate::session::{Fields, Who};
use crate::words::{day_begins, london_date, uk_date, uk_month};

mod press;

pub(crate) use press::press;

type Asked = Query<Vec<(String, String)>>;

/// Everything there is, as it was read.
struct Read {
    definition: Definition,
    figures: Figures,
    life: Life,
    steps: Vec<kept::StepRow>,
}

fn definitions(place: &Place) -> Result<Vec<Definition>, Trouble> {
    of_place(place).map_err(|error| Trouble::Broken(error.to_string()))
}

/// The title of an indicator of the place.
pub(super) fn title(place: &Place, id: &str) -> Option<String> {
    definitions(place).ok()?.into_iter().find(|one| *one.id == *id).map(|one| one.title)
}

/// The indicators of the place: name and title.
pub(super) fn titles(place: &Place) -> Vec<(String, String)> {
    let all = definitions(place).unwrap_or_default();
    all.into_iter().map(|one| (one.id.to_string(), one.title)).collect()
}

fn said(place: &Place, all: &[Definition]) -> Result<Vec<Claim>, Trouble> {
    let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
    claims(place.file("claims.toml").unwrap_or_default(), &ids).map_err(Trouble::Broken)
}

async fn read(state: &State, wanted: Vec<Definition>) -> Result<(Vec<Read>, bool), Trouble> {
    state
        .read(move |tx| {
            let mut all = Vec::with_capacity(wanted.len());
            for definition in &wanted {
                let figures = kept::figures(tx, &definition.id, definition.edition)?;
                let (life, steps) = kept::life(tx, &definition.id, definition.edition)?;
                all.push(Read { definition: definition.clone(), figures, life, steps });
            }
            Ok((all, access::demonstration::is_one(tx)?))
        })
        .await
}

fn reader(who: Option<&Who>) -> Reader {
    if who.is_some_and(|who| who.subject.role == Role::Analyst) { Reader::Analyst } else { Reader::Anybody }
}

fn base(who: Option<&Who>) -> &'static str {
    if who.is_some() { "/measures" } else { "/public/measures" }
}

pub(super) fn shell(who: Option<&Who>, title: &str, section: Section) -> Shell {
    who.map_or_else(|| Shell::new(title, section), |who| who.shell(title, section))
}

/// A target as agreed, or as the definition has it.
fn target(read: &Read) -> Option<&Target> {
    read.life.target.as_ref().or(read.definition.target.as_ref())
}

fn with_unit(value: f64, definition: &Definition) -> String {
    let unit = unit(definition);
    let gap = if unit.is_empty() || unit.starts_with('%') { "" } else { " " };
    format!("{}{gap}{unit}", spoken(value, 1))
}

fn with_interval(estimate: &Estimate, definition: &Definition) -> String {
    let interval = estimate.intervals.first().and_then(|interval| interval.lower.zip(interval.upper));
    let limits =
        interval.map_or_else(String::new, |(lower, upper)| format!(" ({} to {})", spoken(lower, 1), spoken(upper, 1)));
    format!("{}{limits}", with_unit(estimate.value, definition))
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    listed(&state, Some(&who)).await
}

pub(crate) async fn public_list(Shared(state): Shared<State>) -> Page {
    listed(&state, None).await
}

async fn listed(state: &State, who: Option<&Who>) -> Page {
    let place = &state.parts().place;
    let all = definitions(place)?;
    let bound = said(place, &all)?;
    let (read, invented) = read(state, all).await?;
    let rows: Vec<Row> = read.iter().map(|read| row(place, read, who)).collect();
    let (national, local) = rows.into_iter().partition(|row| row.national);
    let view = List {
        shell: shell(who, "Measures", Section::Measures),
        public: who.is_none(),
        invented,
        local,
        national,
        claims: bound.iter().filter_map(|claim| judged(claim, &read, base(who))).collect(),
    };
    Ok(Html(view.to_string()))
}

fn row(place: &Place, read: &Read, who: Option<&Who>) -> Row {
    let definition = &read.definition;
    let goal = target(read);
    let now = charted(definition, &read.figures, read.figures.revision(), goal.map(|goal| goal.value), reader(who));
    let value = latest(definition, &read.figures, reader(who));
    Row {
        href: format!("{}/{}", base(who), definition.id),
        title: definition.title.clone(),
        owner: owner(place, definition),
        latest: value.map_or_else(
            || ("No figures to show".to_owned(), String::new()),
            |(month, estimate, _)| (with_unit(estimate.value, definition), uk_month(month.first_day())),
        ),
        icons: now.map_or_else(
            |_| Vec::new(),
            |now| {
                let icon = |icon: &assurance::chart::Icon| {
                    (icon.letter.map_or_else(|| "\u{2013}".to_owned(), String::from), icon.words.to_owned())
                };
                now.drawing.icons.iter().map(icon).collect()
            },
        ),
        target: goal.map_or_else(|| "None agreed".to_owned(), |goal| with_unit(goal.value, definition)),
        national: definition.national,
        stage: stage(read),
    }
}

fn stage(read: &Read) -> String {
    super::person::capital(read.life.stage.words())
}

fn owner(place: &Place, definition: &Definition) -> String {
    place.organisation(&definition.owner).map_or_else(|| definition.owner.to_string(), |one| one.name.clone())
}

/// A claim against the figures of its indicator, whoever reads: the words tell no count.
fn judged(claim: &Claim, all: &[Read], base: &str) -> Option<Line> {
    let read = all.iter().find(|read| *read.definition.id == *claim.indicator)?;
    let (found, why) = match of_a_year(&read.definition, &read.figures) {
        None => (None, "There are not twelve months of figures.".to_owned()),
        // A claim about a figure that allows for age is not settled by one that does not.
        Some(reading::Over { crude: Some(why), .. }) => {
            (None, format!("The indicator allows for age, and the latest twelve months cannot: {why}."))
        }
        Some(reading::Over { value: year, crude: None }) => match claim.judge(&year, read.life.baseline) {
            Err(error) => (None, format!("{}.", super::person::capital(&error.to_string()))),
            Ok(found) => {
                let baseline = read.life.baseline.map_or_else(String::new, |baseline| {
                    format!("; the baseline is {}", with_unit(baseline, &read.definition))
                });
                let year = with_interval(&year, &read.definition);
                (
                    Some(found),
                    format!("The latest twelve months: {year}{baseline}. The claim {}.", Verdict::words(found)),
                )
            }
        },
    };
    Some(Line {
        words: claim.words.clone(),
        said_in: claim.said_in.clone(),
        indicator: (read.definition.title.clone(), format!("{base}/{}", claim.indicator)),
        verdict: verdict(found),
        why,
    })
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Path(id): Path<String>, fields: Asked) -> Page {
    let mut view = shown(&state, Some(&who), &id, &fields, None).await?;
    view.came = came(&fields, &[("report", "The figures are kept."), ("life", "The step is written down.")]);
    Ok(Html(view.to_string()))
}

pub(crate) async fn public_page(Shared(state): Shared<State>, Path(id): Path<String>, fields: Asked) -> Page {
    Ok(Html(shown(&state, None, &id, &fields, None).await?.to_string()))
}

async fn shown(
    state: &State,
    who: Option<&Who>,
    id: &str,
    fields: &Asked,
    sent: Option<&Fields>,
) -> Result<View, Trouble> {
    let place = &state.parts().place;
    let all = definitions(place)?;
    let bound = said(place, &all)?;
    let wanted: Vec<Definition> = all.into_iter().filter(|one| *one.id == *id).collect();
    let (read, invented) = read(state, wanted).await?;
    let one = read.first().ok_or(Trouble::NotFound)?;
    let (definition, figures, sees) = (&one.definition, &one.figures, reader(who));
    let address = format!("{}/{id}", base(who));
    let known = known(state, fields);
    let (chart, sentence, withheld, crude) = match of_the_whole(one, known, sees) {
        Ok(found) => {
            let file = known.map_or_else(String::new, |day| format!("?known={day}"));
            let chart = Chart::new("main", found.drawing).as_file(&format!("{address}/months.csv{file}"));
            (Some(chart), found.sentence, found.withheld, found.crude)
        }
        Err(why) => (None, why, 0, None),
    };
    let parts = definition.splits.iter().filter_map(|by| part(one, *by, sees, &address)).collect();
    let mut view = View {
        shell: shell(who, "Measure", Section::Measures),
        public: who.is_none(),
        invented,
        came: Came::default(),
        back: base(who).to_owned(),
        title: definition.title.clone(),
        sentence,
        latest: latest(definition, figures, sees).filter(|_| known.is_none()).map_or_else(
            String::new,
            |(month, value, of)| {
                let complete = spoken(f64::from(of.complete) / 10.0, 1);
                format!(
                    "{}: {}. {complete}% of the month had arrived.",
                    uk_month(month.first_day()),
                    with_interval(&value, definition)
                )
            },
        ),
        known: known.map(uk_date),
        now: address.clone(),
        chart,
        withheld: match withheld {
            0 => String::new(),
            1 => "One month is left out, because its count is under seven.".to_owned(),
            many => format!(
                "{many} months are left out, because their counts are under seven or another\u{2019}s could be worked out with them."
            ),
        },
        facts: facts(place, one, crude.as_deref()),
        parts,
        claims: bound.iter().filter_map(|claim| judged(claim, &read, base(who))).collect(),
        restated: restated(one, who, &address),
        life: one.steps.iter().map(|step| step_said(step, definition, who.is_none())).collect(),
        ..View::default()
    };
    if let Some(who) = who {
        view.deeds = ready(press::deeds(one, who), &address, who, sent);
    }
    Ok(view)
}

/// Only days of the past change anything; what is no day is as if nothing had been asked.
fn known(state: &State, fields: &Asked) -> Option<Date> {
    Fields(fields.0.clone()).get("known").parse().ok().filter(|day| *day < london_date(state.now()))
}

/// The chart of the whole, as it was known at the end of a day or as it is known now.
fn of_the_whole(read: &Read, known: Option<Date>, sees: Reader) -> Result<Charted, String> {
    let figures = &read.figures;
    let revision =
        known.map_or(figures.revision(), |day| figures.revision_at(day.tomorrow().map_or(Timestamp::MAX, day_begins)));
    charted(&read.definition, figures, revision, target(read).map(|goal| goal.value), sees)
}

fn part(read: &Read, by: Split, sees: Reader, address: &str) -> Option<Part> {
    let definition = &read.definition;
    let found = reading::parts(definition, &read.figures, by, sees)?;
    let row = |part: &reading::Part| {
        let value =
            part.value.as_ref().map_or_else(|| "Not shown".to_owned(), |value| with_interval(value, definition));
        (part.group.clone(), cell(part.count), value)
    };
    let hidden = found.parts.iter().filter(|part| !matches!(part.count, Shown::Count(_))).count();
    let (from, until) = found.months;
    let months = format!("{} to {}.", uk_month(from.first_day()), uk_month(until.first_day()));
    let note = match (found.parts.is_empty(), hidden) {
        (true, _) => format!("{months} Counts are too small to be shown."),
        (false, 0) => months,
        (false, _) => format!("{months} Counts under seven are not shown, nor is what they could be worked out from."),
    };
    let word = by.word();
    let drawn = |drawing| Chart::new(&format!("by-{word}"), drawing).as_file(&format!("{address}/{word}-chart.csv"));
    Some(Part {
        heading: format!("By {}", by.said()),
        chart: found.drawing.map(drawn),
        rows: found.parts.iter().map(row).collect(),
        file: if found.parts.is_empty() { String::new() } else { format!("{address}/{word}.csv") },
        note,
    })
}

pub(crate) async fn table(
    Shared(state): Shared<State>,
    who: Who,
    Path((id, table)): Path<(String, String)>,
    fields: Asked,
) -> Result<Response, Trouble> {
    file(&state, Some(&who), &id, &table, &fields).await
}

pub(crate) async fn public_table(
    Shared(state): Shared<State>,
    Path((id, table)): Path<(String, String)>,
    fields: Asked,
) -> Result<Response, Trouble> {
    file(&state, None, &id, &table, &fields).await
}

/// A table of the page as a file: `months.csv`, `age.csv`, `neighbourhood-chart.csv`; with what the page withholds withheld.
async fn file(state: &State, who: Option<&Who>, id: &str, table: &str, fields: &Asked) -> Result<Response, Trouble> {
    let all = definitions(&state.parts().place)?;
    let wanted: Vec<Definition> = all.into_iter().filter(|one| *one.id == *id).collect();
    let (read, _) = read(state, wanted).await?;
    let one = read.first().ok_or(Trouble::NotFound)?;
    let sees = reader(who);
    let word = table.strip_suffix(".csv").ok_or(Trouble::NotFound)?;
    let sheet = if word == "months" {
        of_the_whole(one, known(state, fields), sees).map_err(|_| Trouble::NotFound)?.drawing.table
    } else {
        let (word, chart) = word.strip_suffix("-chart").map_or((word, false), |word| (word, true));
        let by = Split::from_word(word).filter(|by| one.definition.splits.contains(by)).ok_or(Trouble::NotFound)?;
        let found = reading::parts(&one.definition, &one.figures, by, sees).ok_or(Trouble::NotFound)?;
        if chart { found.drawing.ok_or(Trouble::NotFound)?.table } else { of_parts(&found) }
    };
    Ok(super::table::file(&format!("{id}-{word}"), &sheet))
}

fn of_parts(found: &reading::Parts) -> Sheet {
    let mut sheet = Sheet::with_header(["group", "count", "value", "lower 95%", "upper 95%"]);
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| spoken(number, 3));
    for part in &found.parts {
        let interval = part.value.as_ref().and_then(|value| value.intervals.first());
        sheet.push(vec![
            part.group.clone(),
            cell(part.count),
            number(part.value.as_ref().map(|value| value.value)),
            number(interval.and_then(|interval| interval.lower)),
            number(interval.and_then(|interval| interval.upper)),
        ]);
    }
    sheet
}

/// What is said of how age is allowed for; `crude` is why it is not, where the definition asks for it.
fn of_age(definition: &Definition, crude: Option<&str>) -> String {
    let Some(age) = &definition.age else {
        return match (definition.statistic, definition.standardisation) {
            (Statistic::Ratio, Standardisation::Indirect) => "Allowed for in what is expected",
            _ => "Not allowed for",
        }
        .to_owned();
    };
    if let Some(why) = crude {
        return format!("To be allowed for; the figures here are crude, because {why}");
    }
    let bands = age.bands.iter().map(|band| band.group.as_str()).collect::<Vec<_>>().join(", ");
    let how = if definition.standardisation == Standardisation::Direct {
        "Directly standardised, with Dobson\u{2019}s limits, to"
    } else {
        "Indirectly standardised, with Byar\u{2019}s or exact limits, by"
    };
    format!("{how} {}, in the bands {bands}. The groups below are crude", age.to)
}

fn facts(place: &Place, read: &Read, crude: Option<&str>) -> Vec<(String, String)> {
    let definition = &read.definition;
    let better = match definition.polarity {
        Polarity::More => "More is better",
        Polarity::Less => "Less is better",
        Polarity::Neither => "Neither way is better",
    };
    let goal = target(read).map_or_else(
        || "Not agreed yet".to_owned(),
        |goal| {
            let by = goal.by.map_or_else(String::new, |by| format!(" by {}", uk_date(by)));
            let locked =
                if definition.national { ". Set by the nation: locked, and cannot be changed here" } else { "" };
            format!("{}{by}{locked}", with_unit(goal.value, definition))
        },
    );
    let baseline = read.life.baseline.map_or_else(|| "None yet".to_owned(), |baseline| with_unit(baseline, definition));
    let row = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let mut facts = vec![
        row("Who answers for it", &owner(place, definition)),
        row("What good looks like", &goal),
        row("Baseline", &baseline),
        row("Why", &definition.why),
        row("What is counted", &definition.numerator),
    ];
    if let Some(denominator) = &definition.denominator {
        facts.push(row("Of what", denominator));
    }
    facts.extend([
        row("Of whom", &definition.population),
        row("Which way is better", better),
        row("Age", &of_age(definition, crude)),
        row("How far it has come", &format!("{}, edition {}", stage(read), definition.edition)),
        row(
            "Method",
            "XmR chart by Making Data Count\u{2019}s rules; Wilson, Byar or exact limits; docs/manual/measures.md",
        ),
        row("Where the definition comes from", &definition.source),
    ]);
    facts
}

fn restated(read: &Read, who: Option<&Who>, address: &str) -> Vec<Restated> {
    let mut rows = Vec::new();
    for report in read.figures.restated() {
        for change in &report.changes {
            let group = change.is.slice.as_ref().map_or_else(String::new, |slice| format!(", {}", slice.group));
            let value = |figure: &assurance::indicator::Figure| {
                let small = figure.numerator < place::suppression::LEAST && reader(who) == Reader::Anybody;
                let value =
                    estimate(&read.definition, figure.numerator as f64, figure.denominator.map(|base| base as f64));
                match value {
                    Ok(value) if !small => format!(
                        "{}, {}% complete",
                        with_unit(value.value, &read.definition),
                        spoken(f64::from(figure.complete) / 10.0, 1)
                    ),
                    _ => "Not shown".to_owned(),
                }
            };
            let day = london_date(report.at);
            rows.push(Restated {
                month: format!("{}{group}", uk_month(change.is.month.first_day())),
                was: value(&change.was),
                is: value(&change.is),
                why: format!("{} Reported on {}.", report.reason, uk_date(day)),
                before: format!("{address}?known={}", day.yesterday().unwrap_or(day)),
            });
        }
    }
    rows
}

fn step_said(step: &kept::StepRow, definition: &Definition, public: bool) -> (String, String, String) {
    let (what, body) = match &step.event {
        Command::LongListed { group, why, .. } => (format!("Long-listed: {why}"), group.clone()),
        Command::ShortListed { group, why } => (format!("Short-listed: {why}"), group.clone()),
        Command::Adopted { body } => ("Adopted".to_owned(), body.clone()),
        Command::Baselined { from, until, value } => (
            format!("Baseline of {} to {}: {}", uk_date(*from), uk_date(*until), with_unit(*value, definition)),
            String::new(),
        ),
        Command::GoodAgreed { target, body } => {
            (format!("What good looks like: {}", with_unit(target.value, definition)), body.clone())
        }
        Command::Retired { body, why } => (format!("Retired: {why}"), body.clone()),
    };
    // Who typed it is for those who work here; who decided it is for everybody.
    let typed = step.who.split_once(':').map_or("", |(_, id)| id);
    let by = if public || typed.is_empty() {
        body
    } else {
        format!("{body} (written down by {})", super::deed::name(typed))
    };
    (uk_date(london_date(step.at)), what, by)
}
