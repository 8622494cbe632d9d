//! Keeping the rota of a line: what is in force, the weeks ahead, every gap, and a week to fill in. Only somebody of the team whose line
//! it is; the rota itself decides. Nothing here is about a person who is cared for.

use access::Role;
use axum::extract::{Path, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::advice::Specialty;
use care::call::Who as Person;
use care::rota::hours::{Covered, Days, Edge, day, moment};
use care::rota::pattern::{Week as Pattern, of_week};
use care::rota::{Command, Draft, Entry, Refusal, Rota, stream};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use store::{Refused, Write};

use super::super::person::capital;
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::layout::Section;
use crate::pages::rota::{Choice, Day, Home, Line, View, Week};
use crate::session::{Fields, Sent, Who};
use crate::words::{uk_date, uk_time};

/// How many weeks are shown.
const WEEKS: usize = 6;
/// The days of a week, each with its word in the form.
const DAYS: [(&str, &str); 7] = [
    ("Monday", "mon"),
    ("Tuesday", "tue"),
    ("Wednesday", "wed"),
    ("Thursday", "thu"),
    ("Friday", "fri"),
    ("Saturday", "sat"),
    ("Sunday", "sun"),
];

/// The lines whose rota a reader keeps: those of their teams.
fn kept<'s>(state: &'s State, who: &Who) -> Vec<&'s Specialty> {
    let holds = |one: &&Specialty| who.subject.assured && who.subject.holders().any(|held| held == one.team.word());
    state.parts().advice.specialties.all().iter().filter(holds).collect()
}

/// Whether a reader keeps any rota.
pub(super) fn keeps(state: &State, who: &Who) -> bool {
    !kept(state, who).is_empty()
}

fn keeper<'s>(state: &'s State, who: &Who) -> Result<Vec<&'s Specialty>, Trouble> {
    let kept = kept(state, who);
    if kept.is_empty() { Err(Trouble::Forbidden("a rota is kept by the team whose line it is")) } else { Ok(kept) }
}

async fn rota(state: &State, specialty: &str) -> Result<Rota, Trouble> {
    let id = stream(specialty);
    let found = state.read(move |tx| store::aggregate::load::<Rota>(&store::log::stream(tx, id)?)).await?;
    Ok(found.0)
}

/// Who is on for some of a day, in the order in which they are rung.
fn on_day(entries: &[Entry], day: Date) -> Vec<String> {
    let (begins, ends) = span(day);
    let mut on: Vec<&Entry> = entries.iter().filter(|entry| entry.from < ends && entry.until > begins).collect();
    on.sort_by_key(|entry| (entry.order, entry.from));
    let said = |entry: &Entry| {
        let (from, until) = (uk_time(entry.from.max(begins)), uk_time(entry.until.min(ends)));
        let hours = if entry.from <= begins && entry.until >= ends {
            "all day".to_owned()
        } else {
            format!("{from} to {until}")
        };
        format!("{}. {}, {hours}", entry.order, entry.name)
    };
    on.into_iter().map(said).collect()
}

fn span(day: Date) -> (Timestamp, Timestamp) {
    let midnight = |day: Date| moment(day.to_datetime(Time::midnight()), Edge::From);
    (midnight(day), midnight(day.tomorrow().unwrap_or(day)))
}

/// Who is on today by what is in force, over its versions.
fn today(rota: &Rota, now: Timestamp) -> Vec<String> {
    let today = day(now);
    let (begins, _) = span(today);
    let in_force =
        rota.versions().iter().rev().find(|draft| draft.period().is_some_and(|days| days.contains(&begins.max(now))));
    in_force.map(|draft| on_day(&draft.entries, today)).unwrap_or_default()
}

fn stands(rota: &Rota) -> String {
    let published = rota
        .versions()
        .last()
        .map_or_else(|| "No rota is published.".to_owned(), |last| format!("Published until {}.", uk_date(last.until)));
    if rota.waits() { format!("{published} A draft waits to be published.") } else { published }
}

/// Every rota that the reader keeps.
pub(crate) async fn home(Shared(state): Shared<State>, who: Who) -> Page {
    let mut lines = Vec::new();
    for one in keeper(&state, &who)? {
        let rota = rota(&state, &one.id).await?;
        lines.push(Line {
            name: one.name.clone(),
            href: format!("/advice/rota/{}", one.id),
            today: today(&rota, who.at),
            stands: stands(&rota),
        });
    }
    let view = Home { shell: who.shell("Rotas of the advice lines", Section::None), lines };
    Ok(Html(view.to_string()))
}

fn covered(hours: &Covered) -> String {
    let days = match hours.days {
        Days::EveryDay => "Every day",
        Days::Weekdays => "Monday to Friday",
        Days::Weekends => "Saturday and Sunday",
    };
    let holidays = if hours.bank_holidays { "bank holidays too" } else { "not on bank holidays" };
    let time = |time: Time| time.strftime("%H:%M").to_string();
    format!("{days}, {} to {}, {holidays}", time(hours.from), time(hours.until))
}

/// The weeks of a rota from today on, with every gap in them.
fn weeks(state: &State, draft: &Draft, now: Timestamp) -> (Vec<Week>, Vec<String>) {
    let calendar = state.parts().place.calendar();
    let gaps = draft.gaps(calendar).unwrap_or_default();
    let first = draft.from.max(day(now));
    let days: Vec<Date> = std::iter::successors(Some(first), |day| day.tomorrow().ok())
        .take_while(|day| *day <= draft.until)
        .take(WEEKS * 7)
        .collect();
    let mut weeks: Vec<Week> = Vec::new();
    for one in days {
        if weeks.is_empty() || one.weekday() == jiff::civil::Weekday::Monday {
            let title = format!("Week of {}", uk_date(one));
            weeks.push(Week { title, days: Vec::new() });
        }
        let (begins, ends) = span(one);
        let holiday = calendar.holiday(one);
        let weekend = one.weekday().to_monday_zero_offset() > 4;
        let promised: Vec<String> = draft
            .covered
            .iter()
            .filter(|hours| match hours.days {
                Days::EveryDay => true,
                Days::Weekdays => !weekend,
                Days::Weekends => weekend,
            } && (hours.bank_holidays || holiday.is_none()))
            .map(|hours| format!("{} to {}", hours.from.strftime("%H:%M"), hours.until.strftime("%H:%M")))
            .collect();
        let name = holiday.map(|name| format!(" ({name})")).unwrap_or_default();
        let open = gaps.iter().filter(|gap| gap.from < ends && gap.until > begins);
        let day = Day {
            day: format!("{} {}{name}", one.strftime("%A"), uk_date(one)),
            promised: promised.join(", "),
            on: on_day(&draft.entries, one),
            gaps: open.map(ToString::to_string).collect(),
        };
        if let Some(week) = weeks.last_mut() {
            week.days.push(day);
        }
    }
    (weeks, gaps.iter().map(|gap| capital(&format!("nobody {gap}"))).collect())
}

/// Who can be chosen: whoever is or was on this rota, and whoever keeps it.
fn people(rota: &Rota, who: &Who) -> Vec<(String, String)> {
    let drafts = rota.versions().iter().chain(rota.draft());
    let mut people: Vec<(String, String)> =
        drafts.flat_map(|draft| &draft.entries).map(|entry| (entry.reader.clone(), entry.name.clone())).collect();
    if who.subject.role == Role::Consultant {
        people.push((who.subject.id.clone(), who.subject.name.clone()));
    }
    people.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
    people.dedup_by(|one, other| one.0 == other.0);
    people
}

/// The week that a rota follows, as far as it follows one: who is on on the first such day.
fn chosen(draft: Option<&Draft>, number: usize) -> Vec<String> {
    let Some(draft) = draft else { return Vec::new() };
    let weekday = |entry: &&Entry| usize::try_from(day(entry.from).weekday().to_monday_zero_offset()) == Ok(number);
    let Some(first) = draft.entries.iter().find(weekday) else {
        // Somebody is on for days on end.
        let long = draft.entries.iter().filter(|entry| entry.until.duration_since(entry.from).as_hours() > 24 * 6);
        return long.map(|entry| entry.reader.clone()).take(3).collect();
    };
    let mut on: Vec<&Entry> = draft.entries.iter().filter(|entry| entry.from == first.from).collect();
    on.sort_by_key(|entry| entry.order);
    on.into_iter().map(|entry| entry.reader.clone()).take(3).collect()
}

fn view(state: &State, who: &Who, one: &Specialty, rota: &Rota) -> View {
    let shown = if rota.waits() { rota.draft() } else { rota.versions().last() };
    let (weeks, gaps) = shown.map(|draft| weeks(state, draft, who.at)).unwrap_or_default();
    View {
        shell: who.shell("The rota of an advice line", Section::None),
        name: one.name.clone(),
        action: format!("/advice/rota/{}", one.id),
        today: today(rota, who.at),
        covered: one.covered.iter().map(covered).collect(),
        waits: rota.waits(),
        shown: if rota.waits() { "The draft, not published yet" } else { "What was published last" }.to_owned(),
        gaps: if rota.waits() { gaps } else { Vec::new() },
        weeks,
        choices: (0..)
            .zip(DAYS)
            .map(|(number, (name, word))| Choice {
                day: name.to_owned(),
                word: word.to_owned(),
                chosen: chosen(shown, number),
            })
            .collect(),
        people: people(rota, who),
        ..View::default()
    }
}

/// One of the rotas that a reader keeps; of another there is none.
fn named<'s>(state: &'s State, who: &Who, specialty: &str) -> Result<&'s Specialty, Trouble> {
    keeper(state, who)?.into_iter().find(|one| one.id.as_str() == specialty).ok_or(Trouble::NotFound)
}

/// One rota.
pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Path(specialty): Path<String>,
    axum::extract::Query(fields): axum::extract::Query<Vec<(String, String)>>,
) -> Page {
    let one = named(&state, &who, &specialty)?;
    let mut view = view(&state, &who, one, &rota(&state, &specialty).await?);
    view.done = match Fields(fields).get("done") {
        "draft" => Some("The draft is saved. Nobody is rung by it until it is published.".to_owned()),
        "published" => Some("The rota is published.".to_owned()),
        _ => None,
    };
    Ok(Html(view.to_string()))
}

/// `7 12 2026`, or with slashes.
fn date(typed: &str) -> Option<Date> {
    let parts: Vec<&str> = typed.split(|one: char| !one.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The rota that was filled in, or what is wrong with it.
fn written(state: &State, one: &Specialty, known: &[(String, String)], fields: &Fields) -> Result<Draft, Vec<String>> {
    let mut errors = Vec::new();
    let (from, until) = (date(fields.get("from")), date(fields.get("until")));
    for (day, label) in [(from, "First day"), (until, "Last day")] {
        if day.is_none() {
            errors.push(format!("{label}: write a day, for example 7 12 2026"));
        }
    }
    let other = (fields.get("other").to_owned(), fields.get("other_name").to_owned());
    if other.0.is_empty() != other.1.is_empty() {
        errors.push("Somebody who is not in the lists needs both a sign-in and a name".to_owned());
    }
    let mut week = Pattern::default();
    for (on, (name, word)) in week.iter_mut().zip(DAYS) {
        for place in 1..=3 {
            let id = fields.get(&format!("{word}-{place}"));
            match known.iter().find(|(known, _)| known == id) {
                Some((reader, name)) => on.push(Person { reader: reader.clone(), name: name.clone() }),
                None if id.is_empty() => {}
                None => errors.push(format!("{name}: choose somebody from the list")),
            }
        }
        // Whoever is new comes after those who were chosen, on every day that has room: the week can then be changed.
        if on.len() < 3 && !other.0.is_empty() {
            on.push(Person { reader: other.0.clone(), name: other.1.clone() });
        }
    }
    let (Some(from), Some(until)) = (from, until) else { return Err(errors) };
    if !errors.is_empty() {
        return Err(errors);
    }
    let calendar = state.parts().place.calendar();
    of_week(one.id.as_str(), (from, until), &one.covered, &week, calendar)
        .map_err(|error| vec![capital(&error.to_string())])
}

/// A draft is saved, or published.
pub(crate) async fn press(
    Shared(state): Shared<State>,
    Path(specialty): Path<String>,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let one = named(&state, &who, &specialty)?.clone();
    let before = rota(&state, &specialty).await?;
    let again = |errors: Vec<String>| {
        let mut view = view(&state, &who, &one, &before);
        if fields.get("do") == "draft" {
            // What was chosen stays.
            view.days = (fields.get("from").to_owned(), fields.get("until").to_owned());
            for choice in &mut view.choices {
                choice.chosen =
                    (1..=3).map(|place| fields.get(&format!("{}-{place}", choice.word)).to_owned()).collect();
            }
        }
        Ok(Html(View { errors, ..view }.to_string()).into_response())
    };
    let (by, team) = (who.subject.clone(), one.team.clone());
    let (command, done) = match fields.get("do") {
        "draft" => match written(&state, &one, &people(&before, &who), &fields) {
            Ok(draft) => (Command::Draft { by, team, draft }, "draft"),
            Err(errors) => return again(errors),
        },
        "publish" => {
            let calendar = Box::new(state.parts().place.calendar().clone());
            (Command::Publish { by, team, calendar }, "published")
        }
        _ => return Err(Trouble::BadRequest("The form was not complete. Open the page again.")),
    };
    let (id, actor, at) = (stream(&specialty), who.actor(), who.at);
    let writing = move |write: &mut Write<'_>| write.execute::<Rota>(id, command.clone(), &actor, at).map(|_| ());
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Redirect::to(&format!("/advice/rota/{specialty}?done={done}")).into_response()),
        Err(Refused::Rules(Refusal::Unfit(problems))) => again(problems.iter().map(|one| capital(one)).collect()),
        Err(Refused::Rules(refusal)) => again(vec![capital(&refusal.to_string())]),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it_and_nothing_else_is_one() {
        let day = jiff::civil::date(2026, 12, 7);
        for typed in ["7 12 2026", "07/12/2026", "7.12.2026", " 7-12-2026 "] {
            assert_eq!(date(typed), Some(day), "{typed}");
        }
        for wrong in ["", "7 12", "31 2 2026", "Monday", "7 12 2026 9"] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }
}
