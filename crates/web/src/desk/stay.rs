//! Stays in intermediate care: a service's list, those over their length first, and the page of one. Opening one opens a record: it takes
//! the same permit as the ask it answers, and the look is written down first.

mod deed;
mod words;

use access::{Action, Class, Level};
use axum::extract::{Path, Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::clock::Clocks;
use care::episode::{self, Episode, NotDone};
use care::views::episode::{self as rows, Happened, Line};
use jiff::{SignedDuration, Timestamp};
use place::{Era, Opens, Service};
use record::identity::Identity;
use record::summary::record;
use store::Write;
use uuid::Uuid;

use super::Page;
use super::ask::form::{Form, written_down};
use super::ask::team::refused;
use super::person::{banner, born, capital, full_name};
use super::record::{nobody, unseen};
use crate::app::{State, Trouble};
use crate::components::{Colour, Tag};
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::ask::decision::{self, Field};
use crate::pages::ask::list::{self, Row, Sheet};
use crate::pages::ask::{Step, Way};
use crate::pages::stay::View;
use crate::session::{Id, Sent, Who};
use crate::words::{ago, london_date, uk_date, uk_datetime};
use deed::{Act, Deed};

/// The most stays of one service on a list.
const MOST: i64 = 300;
/// How long after its end an answer that is missing stands on the list.
const MISSING: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A service that has stays, by its short name.
fn service<'p>(state: &'p State, name: &str) -> Option<&'p Service> {
    state.parts().place.service(name)
}

fn name(state: &State, id: &str) -> String {
    service(state, id).map_or_else(|| capital(&id.replace('-', " ")), |one| one.name.clone())
}

fn clocks(state: &State) -> Result<Clocks, Trouble> {
    Clocks::of(&state.parts().place).map_err(|error| Trouble::Broken(error.to_string()))
}

/// The services with stays that a reader acts for.
fn mine(state: &State, who: &Who) -> Vec<String> {
    let stays = |one: &&Service| one.era == Era::Present && one.opens == Some(Opens::Stay);
    let of = |one: &&Service| who.subject.is_of(&format!("service:{}", one.id));
    state.parts().place.services().iter().filter(stays).filter(of).map(|one| one.id.to_string()).collect()
}

/// Who is in my services: over their length, expected, here, and of whom an answer is missing.
pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    let live = live::address(&state, &who, live::Page::Stays).await;
    let desk = state.parts().gate.desk(&who.asking()).await?;
    let services = mine(&state, &who);
    let since = who.at.checked_sub(MISSING).unwrap_or(Timestamp::MIN);
    let asked = services.clone();
    let (open, missing) = state
        .read(move |tx| {
            let (mut open, mut missing) = (Vec::new(), Vec::new());
            for service in &asked {
                open.push(rows::in_service(tx, &desk, service, MOST)?);
                missing.push(rows::unanswered(tx, &desk, service, since, MOST)?);
            }
            Ok((open, missing))
        })
        .await?;
    let people: Vec<Uuid> = open.iter().chain(&missing).flat_map(care::views::listed::Listed::people).collect();
    let permit = std::sync::Arc::new(state.parts().gate.worklist(&who.asking(), people.clone()).await?);
    let shown = permit.clone();
    let named = state.read(move |tx| record::worklist::named(tx, &shown, &people)).await?;
    let (open, missing) = (opened(open, &permit), opened(missing, &permit));
    let today = london_date(who.at);
    let row = |line: &Line| row(&state, line, named.get(&line.person), who.at);
    let rows_of = |keep: &dyn Fn(&Line) -> bool| open.iter().filter(|line| keep(line)).map(row).collect::<Vec<_>>();
    let sheet = |id: &str, title: &str, empty: &str, rows: Vec<Row>| Sheet {
        id: id.to_owned(),
        title: title.to_owned(),
        count: if rows.is_empty() { String::new() } else { rows.len().to_string() },
        rows,
        empty: empty.to_owned(),
    };
    let names: Vec<String> = services.iter().map(|id| name(&state, id)).collect();
    let lead = if names.is_empty() {
        "You act for no service that has stays. The list is for the people who work in one.".to_owned()
    } else {
        format!("{} · {}", names.join(", "), uk_datetime(who.at))
    };
    let view = list::View {
        shell: Shell { live, ..who.shell("Stays", Section::Asks) },
        heading: "Stays".to_owned(),
        lead,
        sheets: vec![
            sheet("over", "Over their length", "Nobody is over their length.", rows_of(&|line| line.is_over(today))),
            sheet(
                "expected",
                "Expected",
                "Nobody is expected. Whoever your service takes over with an ask stands here until they are admitted.",
                rows_of(&|line| line.started.is_none()),
            ),
            sheet(
                "here",
                "With us",
                "Nobody is with you. Whoever is admitted stands here, those whose length ends first before the others.",
                rows_of(&|line| line.started.is_some() && !line.is_over(today)),
            ),
            sheet(
                "missing",
                "Ended, and the person not asked yet",
                "Everybody who left in the last 30 days has said what would have happened otherwise.",
                missing.iter().map(|line| ended(row(line))).collect(),
            ),
        ],
        ..list::View::default()
    };
    Ok(Html(list::render(&view)))
}

/// A stay that has ended is with nobody, and no length of it runs.
fn ended(row: Row) -> Row {
    Row { state: Some(Tag::new("Ended, one answer missing").coloured(Colour::Orange)), clock: String::new(), ..row }
}

fn opened(listed: Vec<care::views::listed::Listed<Line>>, permit: &access::WorklistPermit) -> Vec<Line> {
    let mut lines: Vec<Line> = listed.into_iter().flat_map(|one| one.open(permit).rows).collect();
    lines.sort_by_key(|line| (line.until, line.id));
    lines
}

fn row(state: &State, line: &Line, identity: Option<&Identity>, now: Timestamp) -> Row {
    let today = london_date(now);
    let day = line.started.map(|at| words::day_of(at, now));
    let goals = if line.goals == 1 { "1 goal".to_owned() } else { format!("{} goals", line.goals) };
    let looked =
        line.reviewed.map_or_else(|| "not looked at yet".to_owned(), |at| format!("looked at {}", ago(at, now)));
    let (clock, standing, gone) = words::left(line, now);
    Row {
        href: format!("/stays/{}", line.id),
        name: identity.map_or_else(|| "Somebody not shown".to_owned(), full_name),
        born: identity.map(|identity| format!("Born {}", born(identity, now))).unwrap_or_default(),
        what: match day {
            Some(day) => format!("Day {day}, {}", line.step.said()),
            None => format!("Taken over {}, {}", ago(line.taken, now), line.step.said()),
        },
        detail: line.started.map(|_| format!("{goals}, {looked}")),
        state: Some(if line.interrupted {
            Tag::new("In hospital").coloured(Colour::Orange)
        } else if line.started.is_none() {
            Tag::new("Expected").coloured(Colour::Yellow)
        } else if line.is_over(today) {
            Tag::new("Over its length").coloured(Colour::Red)
        } else {
            Tag::new("With us").coloured(Colour::Blue)
        }),
        owner: match line.until {
            Some(until) => format!("{}, until {}", name(state, &line.service), uk_date(until)),
            None => name(state, &line.service),
        },
        clock,
        standing,
        gone,
    }
}

/// What every page about one stay begins with.
struct Opened {
    id: Uuid,
    person: Uuid,
    episode: Episode,
    happened: Vec<Happened>,
    shell: Shell,
}

async fn open(state: &State, who: &Who, id: Uuid, title: &str) -> Result<Opened, Trouble> {
    let Some(person) = state.read(move |tx| rows::person_of(tx, id)).await? else {
        return Err(nobody(state, who, Action::ReadRecord, id).await);
    };
    let permit = state.parts().gate.record(&who.asking(), person).await.map_err(unseen)?;
    if permit.level_of(Class::Ask) != Level::Full {
        return Err(Trouble::NotFound);
    }
    let found = state.read(move |tx| Ok((rows::full(tx, &permit, id)?, record(tx, &permit)?))).await?;
    let (Some((episode, happened)), record) = found else { return Err(Trouble::NotFound) };
    let shell = Shell {
        person: record.as_ref().map(|record| banner(state, record, who.at)),
        ..who.shell(title, Section::Asks)
    };
    Ok(Opened { id, person, episode, happened, shell })
}

/// The page of one stay.
pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    Query(query): Query<Vec<(String, String)>>,
) -> Page {
    let live = live::address(&state, &who, live::Page::Stay(id)).await;
    let mut opened = open(&state, &who, id, "A stay").await?;
    opened.shell.live = live;
    let episode = &opened.episode;
    let clocks = clocks(&state)?;
    let span = episode.span(&clocks, who.at).map_err(|error| Trouble::Broken(error.to_string()))?;
    let rule = clocks.all().iter().find(|clock| clock.id == *episode::CLOCK);
    let clock = rule.zip(span).map(|(rule, span)| super::ask::clocks::line(&rule.name, &span, who.at));
    let over = episode.is_open()
        && !episode.is_interrupted()
        && episode.until().is_some_and(|until| until < london_date(who.at));
    let of_service = who.subject.is_of(&format!("service:{}", episode.service()));
    let deeds = Deed::ALL.into_iter().filter(|deed| of_service && deed.is_open(episode));
    let to = |deed: Deed| Way { text: deed.link().to_owned(), href: format!("/stays/{id}/{}", deed.word()) };
    let ask = episode.ask().map(|ask| Way { text: "The ask it answers".to_owned(), href: format!("/asks/{ask}") });
    let view = View {
        shell: opened.shell.clone(),
        heading: name(&state, episode.service()),
        state: Some(words::tag(episode, over)),
        lead: words::lead(episode, &opened.happened, who.at),
        done: written_down(query),
        alarm: over.then(|| words::over(episode)),
        clock: clock.filter(|_| !episode.moments().is_empty()),
        goals: words::goals(episode),
        facts: words::facts(&opened.happened, &name(&state, episode.service())),
        ways: deeds.map(to).chain(ask).collect(),
        steps: opened
            .happened
            .iter()
            .rev()
            .map(|(told, event)| words::step(episode, told, event, who.at))
            .collect::<Vec<Step>>(),
    };
    Ok(Html(view.to_string()))
}

async fn named(state: &State, who: &Who, id: &str, word: &str) -> Result<(Deed, Opened), Trouble> {
    let deed = Deed::from_word(word).ok_or(Trouble::NotFound)?;
    let id: Uuid = id.parse().map_err(|_| Trouble::NotFound)?;
    let opened = open(state, who, id, deed.heading()).await?;
    if !who.subject.is_of(&format!("service:{}", opened.episode.service())) {
        return Err(Trouble::NotFound);
    }
    Ok((deed, opened))
}

fn view(opened: &Opened, deed: Deed, fields: Vec<Field>, error: Option<String>) -> decision::View {
    decision::View {
        shell: opened.shell.clone(),
        back_href: format!("/stays/{}", opened.id),
        back_text: Some("Back to the stay".to_owned()),
        heading: deed.heading().to_owned(),
        lead: deed.lead().to_owned(),
        action: format!("/stays/{}/{}", opened.id, deed.word()),
        fields,
        button: deed.button().to_owned(),
        error,
        ..decision::View::default()
    }
}

/// The question of something that can be done.
pub(crate) async fn ask(Shared(state): Shared<State>, who: Who, Path((id, word)): Path<(String, String)>) -> Page {
    let (deed, opened) = named(&state, &who, &id, &word).await?;
    let error = (!deed.is_open(&opened.episode)).then(|| "This cannot be done now. Open the stay again.".to_owned());
    Ok(Html(decision::render(&view(&opened, deed, deed.fields(&opened.episode), error))))
}

/// Its answer.
pub(crate) async fn act(
    Shared(state): Shared<State>,
    Path((id, word)): Path<(String, String)>,
    Sent { who, fields: typed }: Sent,
) -> Result<Response, Trouble> {
    let (deed, opened) = named(&state, &who, &id, &word).await?;
    let mut form = Form::of(deed.fields(&opened.episode), &typed);
    let level = service(&state, opened.episode.service()).map(|one| one.level);
    let clocks = clocks(&state)?;
    let act = deed.read(&mut form, &opened.episode, &who.subject, &clocks, level, who.at).filter(|_| !form.is_wrong());
    let again = |form: Form<'_>, error: Option<String>| {
        Ok(Html(decision::render(&view(&opened, deed, form.into_fields(), error))).into_response())
    };
    let Some(act) = act else { return again(form, None) };
    let permit = state.parts().gate.work_ask(&who.asking(), opened.person).await.map_err(unseen)?;
    let (stay, at) = (opened.id, who.at);
    let writing = move |write: &mut Write<'_>| match act.clone() {
        Act::Admit(how) => episode::admit(write, &permit, stay, how, at).map(|_| ()),
        Act::Other(command) => episode::act(write, &permit, stay, command, at).map(|_| ()),
    };
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Redirect::to(&format!("/stays/{stay}?done=yes")).into_response()),
        Err(NotDone::Store(error)) => Err(error.into()),
        Err(refusal) => again(form, Some(refused(&state.parts().place, &refusal, refusal.team()))),
    }
}
