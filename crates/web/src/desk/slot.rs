//! Same-day places: a clinic's day, publishing, booking one for an ask, and the visit. Of two who want one place the first has it; the
//! other hears so at once, and is offered the nearest three. Nobody is told who was first.

mod visit;

use std::collections::BTreeMap;

pub(crate) use visit::{act, ask, page};

use access::Action;
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::slot::{self, Alternative, Clinic, Clinics, NotBooked, NotHeld};
use care::views::slot as rows;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use store::Write;
use uuid::Uuid;

use super::Page;
use super::ask::form::{Form, offered};
use super::ask::open as open_ask;
use super::ask::team::refused;
use super::person::{capital, full_name};
use crate::app::{State, Trouble};
use crate::components::{Colour, Link, Tag};
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::ask::decision::{Field, Kind};
use crate::pages::slot::{Board, Offer, Offers, Publish, Row};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{day_begins, london_date, uk_day, uk_time};

fn clinics(state: &State) -> Result<Clinics, Trouble> {
    Clinics::of(&state.parts().place).map_err(|error| Trouble::Broken(error.to_string()))
}

/// The clinic of a reader, else the first of the place.
fn clinic(state: &State, who: &Who) -> Result<Option<Clinic>, Trouble> {
    let all = clinics(state)?;
    let own = all.all().iter().find(|one| is_of(who, one));
    Ok(own.or_else(|| all.all().first()).cloned())
}

/// Whether somebody acts for a clinic.
fn is_of(who: &Who, clinic: &Clinic) -> bool {
    clinic.team().is_some_and(|team| who.subject.is_of(team.word()))
}

fn time(slot: &Alternative) -> String {
    format!("{} to {}", uk_time(slot.starts), uk_time(slot.ends))
}

/// A day of a clinic, for whoever works with asks; who has which place, for the clinic's own people.
pub(crate) async fn board(Shared(state): Shared<State>, who: Who, Query(query): Query<Vec<(String, String)>>) -> Page {
    let desk = state.parts().gate.desk(&who.asking()).await?;
    let live = live::address(&state, &who, live::Page::Slots).await;
    let query = Fields(query);
    let shell = Shell { live, ..who.shell("Same-day places", Section::Asks) };
    let Some(clinic) = clinic(&state, &who)? else {
        let view = Board { shell, ..Board::default() };
        return Ok(Html(view.to_string()));
    };
    let today = london_date(who.at);
    let day: Date = query.get("day").parse().unwrap_or(today);
    let next = day.tomorrow().unwrap_or(day);
    let between = (day_begins(day), day_begins(next));
    let (id, own, now) = (clinic.id.to_string(), is_of(&who, &clinic), who.at);
    let (all, lines) = state
        .read(move |tx| {
            let lines = if own { Some(rows::board(tx, &desk, &id, between, now)?) } else { None };
            Ok((rows::day(tx, &id, between, now)?, lines))
        })
        .await?;
    let (mut taken, mut names) = (BTreeMap::new(), BTreeMap::new());
    if let Some(lines) = lines {
        let people: Vec<Uuid> = lines.people().collect();
        let permit = state.parts().gate.worklist(&who.asking(), people.clone()).await?;
        taken = lines.open(&permit).rows.into_iter().map(|line| (line.id, line)).collect();
        names = state.read(move |tx| record::worklist::named(tx, &permit, &people)).await?;
    }
    let free = all.iter().filter(|(slot, free)| *free && slot.starts > who.at).count();
    let row = |(slot, free): &(Alternative, bool)| {
        let line = taken.get(&slot.id);
        let person = line.and_then(|line| line.person);
        let name = person.and_then(|person| names.get(&person)).map(full_name);
        let way = |word: &str| format!("/slots/{}/{word}", slot.id);
        Row {
            time: time(slot),
            place: slot.place.clone(),
            state: Some(match line {
                Some(line) => visit::tag(line),
                None if !free => Tag::new("Taken").coloured(Colour::Grey),
                None if slot.starts <= who.at => Tag::new("Nobody").coloured(Colour::Grey),
                None => Tag::new("Free").coloured(Colour::Green),
            }),
            who: line.filter(|line| line.held_until.is_none() && line.person.is_some()).map(|line| {
                Link::new(&name.unwrap_or_else(|| "Somebody not shown".to_owned()), &format!("/slots/{}", line.id))
            }),
            past: slot.starts <= who.at,
            way: (own && *free && slot.starts > who.at).then(|| Link::new("Offer it no more", &way("withdraw"))),
        }
    };
    let to = |day: Date| format!("/slots?day={day}");
    let view = Board {
        shell,
        clinic: clinic.name.clone(),
        lead: format!("{} {}.", clinic.summary, clinic.at),
        day: uk_day(day),
        days: vec![
            ("The day before".to_owned(), to(day.yesterday().unwrap_or(day))),
            ("Today".to_owned(), "/slots".to_owned()),
            ("The day after".to_owned(), to(next)),
        ],
        free: if free == 1 { "1 place is free".to_owned() } else { format!("{free} places are free") },
        done: done(query.get("new"), query.get("there")),
        publish: (own && who.may(Action::WorkAsk)).then(|| "/slots/new".to_owned()),
        rows: all.iter().map(row).collect(),
        caution: clinic.basis.caution().to_owned(),
    };
    Ok(Html(view.to_string()))
}

fn done(new: &str, there: &str) -> Option<String> {
    let (new, there): (usize, usize) = (new.parse().ok()?, there.parse().ok()?);
    Some(match there {
        0 => format!("{new} places are published."),
        _ => format!("{new} places are published; {there} stood there already and stay as they are."),
    })
}

fn own(state: &State, who: &Who) -> Result<Clinic, Trouble> {
    clinic(state, who)?
        .filter(|clinic| is_of(who, clinic) && who.may(Action::WorkAsk))
        .ok_or(Trouble::Forbidden("only somebody of a clinic publishes its places"))
}

fn publish_view(who: &Who, clinic: &Clinic) -> Publish {
    let (from, until) =
        clinic.hours.between.map_or((String::new(), String::new()), |(from, until)| (words(from), words(until)));
    let day = london_date(who.at).tomorrow().unwrap_or_else(|_| london_date(who.at));
    let day = format!("{} {} {}", day.day(), day.month(), day.year());
    let places: Vec<(String, String)> = clinic.places.iter().map(|name| (name.clone(), name.clone())).collect();
    let places =
        places.into_iter().map(|(value, text)| crate::pages::ask::decision::Offered { value, text, hint: None });
    let filled = |field: Field, value: String| Field { values: vec![value], ..field };
    Publish {
        shell: who.shell("Publish places", Section::Asks),
        clinic: clinic.name.clone(),
        lead: format!(
            "Each place is offered every {} minutes, once. What is offered already stays as it is. From then on it can be booked \
             from the page of an ask.",
            clinic.minutes
        ),
        action: "/slots/new".to_owned(),
        fields: vec![
            filled(Field::new("day", "Which day?", Kind::Line).helped("For example 22 11 2026"), day),
            filled(Field::new("from", "From", Kind::Line).helped("For example 08:00"), from),
            filled(Field::new("until", "Until", Kind::Line).helped("For example 20:00"), until),
            Field {
                values: clinic.places.clone(),
                ..Field::new("places", "Which places?", Kind::Checks(places.collect()))
            },
        ],
        error: None,
    }
}

fn words(time: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn clock(text: &str) -> Option<jiff::civil::Time> {
    let (hour, minute) = text.split_once(':')?;
    jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The form by which a clinic publishes places.
pub(crate) async fn publish_page(Shared(state): Shared<State>, who: Who) -> Page {
    Ok(Html(publish_view(&who, &own(&state, &who)?).to_string()))
}

/// Publishes them.
pub(crate) async fn publish(
    Shared(state): Shared<State>,
    Sent { who, fields: typed }: Sent,
) -> Result<Response, Trouble> {
    let clinic = own(&state, &who)?;
    let view = publish_view(&who, &clinic);
    let mut form = Form::of(view.fields.clone(), &typed);
    let day = form.day("day");
    let from = form.chosen("from", clock, "Write a time, for example 08:00");
    let until = form.chosen("until", clock, "Write a time, for example 20:00");
    let places: Vec<String> = form.several("places").into_iter().filter(|one| clinic.places.contains(one)).collect();
    if places.is_empty() {
        form.wrong("places", "Choose at least one place");
    }
    let again = |form: Form<'_>, error: Option<String>| {
        Ok(Html(Publish { fields: form.into_fields(), error, ..publish_view(&who, &clinic) }.to_string())
            .into_response())
    };
    let (Some(day), Some(from), Some(until), false) = (day, from, until, places.is_empty()) else {
        return again(form, None);
    };
    let last = london_date(who.at).checked_add(60.days()).unwrap_or(day);
    if day > last {
        form.wrong("day", "Choose a day within the next 60");
        return again(form, None);
    }
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap_or(jiff::tz::TimeZone::UTC);
    let times: Vec<(Timestamp, Timestamp)> =
        clinic.times(day, from, until, &zone).into_iter().filter(|(starts, _)| *starts > who.at).collect();
    if times.is_empty() {
        form.wrong("until", "There is no place between these two times that is still to come");
        return again(form, None);
    }
    let (by, of, at) = (who.subject.clone(), clinic.clone(), who.at);
    let writing = move |write: &mut Write<'_>| slot::publish(write, &by, &of, &times, &places, at);
    match state.parts().store.write_async(writing).await {
        Ok(published) => {
            let to = format!("/slots?day={day}&new={}&there={}", published.new, published.there);
            Ok(Redirect::to(&to).into_response())
        }
        Err(NotBooked::Slot(NotHeld::Store(error))) => Err(error.into()),
        Err(refusal) => again(form, Some(capital(&refusal.to_string()))),
    }
}

/// What can be booked for an ask.
async fn offers(state: &State, who: &Who, id: Uuid) -> Result<(Offers, Clinic, Uuid), Trouble> {
    let opened = open_ask(state, who, id, "Book a same-day place").await?;
    let Some(clinic) = clinics(state)?.all().first().cloned() else { return Err(Trouble::NotFound) };
    let (of, now) = (clinic.id.to_string(), who.at);
    let free = state.read(move |tx| rows::free(tx, &of, now)).await?;
    let mut days: Vec<(String, Vec<Offer>)> = Vec::new();
    for slot in &free {
        let (day, offer) = (uk_day(london_date(slot.starts)), offer(slot, id, &opened.shell.token));
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, offers)) => offers.push(offer),
            None => days.push((day, vec![offer])),
        }
    }
    let view = Offers {
        shell: opened.shell.clone(),
        back_href: format!("/asks/{id}"),
        clinic: format!("{}: {}. {}", clinic.name, clinic.summary.trim_end_matches('.'), clinic.at),
        lead: "One press books the place and asks the clinic to take the ask over. Until somebody there does, your team has it."
            .to_owned(),
        days,
        ..Offers::default()
    };
    Ok((view, clinic, opened.person))
}

fn offer(slot: &Alternative, ask: Uuid, token: &str) -> Offer {
    Offer {
        slot: slot.id.to_string(),
        text: format!("{}, {}", time(slot), slot.place),
        action: format!("/asks/{ask}/slots"),
        token: token.to_owned(),
    }
}

/// The places that can be booked for an ask.
pub(crate) async fn for_ask(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Page {
    let live = live::address(&state, &who, live::Page::Slots).await;
    let (mut view, ..) = offers(&state, &who, id).await?;
    view.shell.live = live;
    Ok(Html(view.to_string()))
}

/// Books one.
pub(crate) async fn book(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (view, clinic, person) = offers(&state, &who, id).await?;
    let Ok(wanted) = fields.get("slot").parse::<Uuid>() else { return Err(Trouble::NotFound) };
    let permit = state.parts().gate.work_ask(&who.asking(), person).await?;
    let at = who.at;
    let writing = move |write: &mut Write<'_>| slot::book(write, &permit, &clinic, (id, wanted), at);
    match state.parts().store.write_async(writing).await {
        Ok(_) => Ok(Redirect::to(&format!("/asks/{id}?done=booked")).into_response()),
        Err(NotBooked::Slot(NotHeld::Store(error))) => Err(error.into()),
        Err(NotBooked::Slot(NotHeld::Gone { because, alternatives })) => {
            // What is free is read anew: the page must not offer what was just taken.
            let (view, ..) = offers(&state, &who, id).await?;
            let error = Some(format!("{}. Nothing was booked.", capital(&because.to_string())));
            let instead = alternatives.iter().map(|slot| Offer {
                text: format!("{}, {}", uk_day(london_date(slot.starts)), offer(slot, id, "").text),
                ..offer(slot, id, &view.shell.token)
            });
            let instead = instead.collect();
            Ok(Html(Offers { error, instead, ..view }.to_string()).into_response())
        }
        Err(refusal) => {
            let sentence = refused(&state.parts().place, &refusal, refusal.team());
            let error = Some(format!("{}. Nothing was booked.", sentence.trim_end_matches('.')));
            Ok(Html(Offers { error, ..view }.to_string()).into_response())
        }
    }
}

/// The choices of what came of a visit.
fn dispositions() -> Vec<crate::pages::ask::decision::Offered> {
    offered(slot::Disposition::ALL.map(|one| (one.word(), capital(one.said()))))
}
