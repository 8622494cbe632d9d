//! Services and their free places, for anybody signed in; how much room there is says somebody of the service. No person is shown.

use access::Action;
use axum::extract::{Path, Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::capacity::{self, Figure, Refusal};
use care::views::capacity as rows;
use place::{Era, Level, Service};
use store::{Refused, Write};

use super::Page;
use super::ask::form::Form;
use super::person::capital;
use crate::app::{State, Trouble};
use crate::components::Link;
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::ask::decision::{Field, Kind};
use crate::pages::service::{List, One, Row, Told};
use crate::session::{Fields, Sent, Who};
use crate::words::{ago, uk_date, uk_datetime};

/// The most figures of before on a page.
const MOST: i64 = 30;

/// A level of need, as the programme words it.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Home => "Care at home, seven days a week",
        Level::Intermediate => "Care nearby day and night, with less medical support",
        Level::Hospital => "A hospital, day and night",
    }
}

/// Whether somebody acts for a service and works with asks.
fn is_of(who: &Who, service: &Service) -> bool {
    let team = format!("service:{}", service.id);
    who.may(Action::WorkAsk) && who.subject.is_of(&team)
}

fn number(figure: &Figure) -> String {
    figure.of.map_or_else(|| figure.free.to_string(), |of| format!("{} of {of}", figure.free))
}

fn href(service: &Service) -> String {
    format!("/services/{}", service.id)
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    let live = live::address(&state, &who, live::Page::Services).await;
    let figures = state.read(rows::figures).await?;
    let place = &state.parts().place;
    let of = |era: Era| place.services().iter().filter(move |service| service.era == era);
    let row = |service: &Service| {
        let figure = figures.get(service.id.as_str());
        let free = figure.map_or_else(
            || "Nobody has said".to_owned(),
            |figure| format!("{} {}, seen {}", number(figure), service.capacity.unit, ago(figure.observed_at, who.at)),
        );
        Row {
            href: href(service),
            name: service.name.clone(),
            summary: service.summary.clone().unwrap_or_default(),
            level: level(service.level).to_owned(),
            free,
            stale: figure.is_some_and(|figure| figure.is_stale(who.at)),
            mine: is_of(&who, service),
        }
    };
    let became = |service: &Service| {
        let present = place.present_service(&service.id)?;
        Some((service.name.clone(), Link::new(&present.name, &href(present))))
    };
    let view = List {
        shell: Shell { live, ..who.shell("Services", Section::Asks) },
        rows: of(Era::Present).map(row).collect(),
        former: of(Era::Former).filter_map(became).collect(),
        sources: format!(
            "The catalogue is demonstration data of {}: the programme says that the tier went from 21 services to 6 and names \
             neither. It is edited in the file services.toml of the place\u{2019}s folder.",
            place.about().name
        ),
    };
    Ok(Html(view.to_string()))
}

fn fields(service: &Service, latest: Option<&Figure>) -> Vec<Field> {
    let unit = &service.capacity.unit;
    let all = latest.and_then(|figure| figure.of).unwrap_or(service.capacity.number);
    vec![
        Field::new("free", &format!("Free now ({unit})"), Kind::Line).helped("A whole number; 0 if it is full"),
        Field { values: vec![all.to_string()], ..Field::new("of", "Of how many altogether", Kind::Line) },
        Field::new("when", "When was that so?", Kind::Line).helped(
            "Leave it empty for now. Or a time of today, for example 10:41, or a day and a time, 22 11 2026 10:41",
        ),
    ]
}

async fn view(state: &State, who: &Who, service: &Service) -> Result<One, Trouble> {
    let code = service.id.to_string();
    let (figure, history) =
        state.read(move |tx| Ok((rows::figures(tx)?.remove(&code), rows::history(tx, &code, MOST)?))).await?;
    let place = &state.parts().place;
    let provider = place.organisations().iter().find(|one| one.id == service.provider);
    let former: Vec<&str> = place.former_services_of(&service.id).map(|one| one.name.as_str()).collect();
    let mut facts = vec![
        ("Run by", provider.map_or_else(|| service.provider.to_string(), |one| one.name.clone())),
        ("Level of need", level(service.level).to_owned()),
        ("Takes people", capital(&service.hours.to_string())),
        ("From the age of", service.minimum_age.to_string()),
        ("Can do", format!("{} {}", service.capacity.number, service.capacity.unit)),
    ];
    if let (Some(from), Era::Present) = (service.from, service.era) {
        facts.push(("Since", uk_date(from)));
    }
    if let Some(until) = service.until {
        facts.push(("Until", uk_date(until)));
    }
    if !former.is_empty() {
        facts.push(("It came from", former.join(", ")));
    }
    facts.push(("How sure this is", service.basis.caution().to_owned()));
    let told = |told: &rows::Told| Told {
        when: uk_datetime(told.figure.observed_at),
        free: number(&told.figure),
        who: told.figure.source.clone(),
        told: if told.at.duration_since(told.figure.observed_at).as_mins() >= 1 {
            uk_datetime(told.at)
        } else {
            String::new()
        },
    };
    let became = (service.era == Era::Former).then(|| place.present_service(&service.id)).flatten();
    Ok(One {
        shell: who.shell(&service.name, Section::Asks),
        name: service.name.clone(),
        summary: service.summary.clone().unwrap_or_default(),
        became: became.map(|present| Link::new(&present.name, &href(present))),
        free: figure.as_ref().map_or_else(
            || "Nobody has said how much room there is.".to_owned(),
            |figure| {
                format!(
                    "{} {} free, seen {} by {}.",
                    number(figure),
                    service.capacity.unit,
                    ago(figure.observed_at, who.at),
                    figure.source
                )
            },
        ),
        stale: figure.as_ref().is_some_and(|figure| figure.is_stale(who.at)),
        facts: facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        action: href(service),
        fields: if is_of(who, service) { fields(service, figure.as_ref()) } else { Vec::new() },
        note: format!("Somebody who works in {} says so here. If you need to know more, ring them.", service.name),
        history: history.iter().map(told).collect(),
        ..One::default()
    })
}

fn named(state: &State, code: &str) -> Result<Service, Trouble> {
    state.parts().place.service(code).cloned().ok_or(Trouble::NotFound)
}

pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Path(code): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Page {
    let service = named(&state, &code)?;
    let mut view = view(&state, &who, &service).await?;
    view.done =
        (Fields(query).get("done") == "yes").then(|| "Written down. Whoever looks for a place sees it now.".to_owned());
    Ok(Html(view.to_string()))
}

/// Somebody says how much room there is.
pub(crate) async fn tell(
    Shared(state): Shared<State>,
    Path(code): Path<String>,
    Sent { who, fields: typed }: Sent,
) -> Result<Response, Trouble> {
    let service = named(&state, &code)?;
    if !is_of(&who, &service) {
        return Err(Trouble::Forbidden("only somebody of the service says how much room it has"));
    }
    let view = view(&state, &who, &service).await?;
    let mut form = Form::of(view.fields.clone(), &typed);
    let number = |text: &str| text.parse::<u32>().ok();
    let free = form.chosen("free", number, "Write how many are free, as a whole number: 0 or more");
    let of = form.chosen("of", number, "Write how many there are altogether, as a whole number");
    let when = form.maybe_moment("when", who.at);
    let (Some(free), Some(of), Some(when)) = (free, of, when) else {
        return Ok(Html(One { fields: form.into_fields(), ..view }.to_string()).into_response());
    };
    let (by, place, at) = (who.subject.clone(), state.parts().place.clone(), who.at);
    let written = move |write: &mut Write<'_>| {
        capacity::tell(write, &place, &by, (&code, free, Some(of)), when.unwrap_or(at), at).map(|_| ())
    };
    match state.parts().store.write_async(written).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=yes", href(&service))).into_response()),
        Err(Refused::Store(error)) => Err(error.into()),
        Err(Refused::Rules(refusal)) => {
            let sentence = capital(&refusal.to_string());
            let error = match refusal {
                Refusal::MoreThanAll { .. } | Refusal::TooMany(_) => {
                    form.wrong("free", &sentence);
                    None
                }
                Refusal::Ahead => {
                    form.wrong("when", &sentence);
                    None
                }
                _ => Some(sentence),
            };
            Ok(Html(One { fields: form.into_fields(), error, ..view }.to_string()).into_response())
        }
    }
}
