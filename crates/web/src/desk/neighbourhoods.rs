//! The neighbourhoods: practices, homes and deprivation of the place. Open data only; no person.

use axum::extract::{Path, State as Shared};
use axum::response::Html;
use place::{Neighbourhood, Place};

use super::Page;
use super::feeds::thousands;
use crate::app::{State, Trouble};
use crate::layout::Section;
use crate::pages::neighbourhoods::{List, One, Row, render_list, render_one};
use crate::session::Who;

const SOURCES: &str = "Practices and list sizes: NHS Organisation Data Service and House of Commons Library, April 2020. Care \
     homes: Care Quality Commission, 2018. Deprivation: English Indices of Deprivation 2025. All under the Open Government \
     Licence or the Open Parliament Licence. Which neighbourhood a practice, home or area belongs to is our assumption from \
     postcodes and wards.";

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    let place = &state.parts().place;
    let rows = place.neighbourhoods().iter().map(|one| Row {
        href: format!("/neighbourhoods/{}", one.id),
        name: one.name.clone(),
        practices: place.practices_of(&one.id).count().to_string(),
        people: thousands(people(place, one)),
        homes: place.care_homes_of(&one.id).count().to_string(),
        deprivation: deprivation(place, one),
    });
    let view = List {
        shell: who.shell("Neighbourhoods", Section::Neighbourhoods),
        borough: place.about().name.clone(),
        rows: rows.collect(),
        sources: SOURCES.to_owned(),
    };
    Ok(Html(render_list(&view)))
}

fn people(place: &Place, one: &Neighbourhood) -> i64 {
    place.practices_of(&one.id).map(|practice| i64::from(practice.list_size)).sum()
}

fn areas(place: &Place, one: &Neighbourhood, tenth: Option<u8>) -> usize {
    place
        .areas()
        .iter()
        .filter(|area| area.neighbourhood == one.id && tenth.is_none_or(|tenth| area.imd2025_decile == tenth))
        .count()
}

fn deprivation(place: &Place, one: &Neighbourhood) -> String {
    let (most, all) = (areas(place, one, Some(1)) + areas(place, one, Some(2)), areas(place, one, None));
    match most {
        0 => format!("None of {all} areas is among the most deprived fifth of England"),
        1 => format!("1 of {all} areas is among the most deprived fifth of England"),
        _ => format!("{most} of {all} areas are among the most deprived fifth of England"),
    }
}

pub(crate) async fn one(Shared(state): Shared<State>, who: Who, Path(id): Path<String>) -> Page {
    let place = &state.parts().place;
    let found = place.neighbourhood(&id).ok_or(Trouble::NotFound)?;
    let practices: Vec<_> = place.practices_of(&found.id).collect();
    let homes: Vec<_> = place.care_homes_of(&found.id).collect();
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let most = (1..=10).map(|tenth| areas(place, found, Some(tenth))).max().unwrap_or_default().max(1);
    let view = One {
        shell: who.shell(&found.name, Section::Neighbourhoods),
        name: found.name.clone(),
        sentence: format!(
            "{} with {} people on their lists, and {}",
            count(practices.len(), "practice", "practices"),
            thousands(people(place, found)),
            count(homes.len(), "care home", "care homes")
        ),
        practices: practices
            .iter()
            .map(|practice| {
                let closed = if practice.is_active() { "" } else { " (not active)" };
                (
                    format!("{}{closed}", practice.name),
                    practice.code.to_string(),
                    thousands(i64::from(practice.list_size)),
                )
            })
            .collect(),
        homes: homes
            .iter()
            .map(|home| {
                let practice =
                    place.practice(&home.practice).map_or_else(|| home.practice.to_string(), |one| one.name.clone());
                (home.name.clone(), practice)
            })
            .collect(),
        deciles: (1..=10)
            .map(|tenth| {
                let here = areas(place, found, Some(tenth));
                (tenth.to_string(), count(here, "area", "areas"), u8::try_from(here * 100 / most).unwrap_or(100))
            })
            .collect(),
        sources: SOURCES.to_owned(),
    };
    Ok(Html(render_one(&view)))
}
