//! Rows under pseudonyms: a page to look at and a file to take away, part by part, each use a look of its own. What may be in a
//! row is `record`'s to say; small counts never leave here unsuppressed.

use axum::extract::{Query, State as Shared};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use place::suppression::suppress;
use record::pseudonym::{Part, csv, part};

use super::Page;
use super::home::numbers::cell;
use crate::app::{State, Trouble};
use crate::components::Pagination;
use crate::layout::Section;
use crate::pages::pseudonym::{View, render};
use crate::session::{Fields, Who};
use crate::words::london_date;

/// Rows of a part that the page shows.
const FIRST: usize = 20;

/// One part, from 1; the look is on the disk before anything is read.
async fn read(state: &State, who: &Who, number: u32) -> Result<Part, Trouble> {
    let permit = state.parts().gate.pseudonyms(&who.asking()).await?;
    let (place, key, today) = (state.parts().place.clone(), state.parts().pseudonyms.clone(), london_date(who.at));
    let number = usize::try_from(number.saturating_sub(1)).unwrap_or_default();
    state.read(move |tx| part(tx, &permit, &key, &place, today, number)).await
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Query(fields): Query<Vec<(String, String)>>) -> Page {
    let number = Fields(fields).page();
    let Part { rows, parts, ages } = read(&state, &who, number).await?;
    let last = u32::try_from(parts).unwrap_or(u32::MAX);
    let counts: Vec<i64> = ages.values().copied().collect();
    let ages = suppress(&counts)
        .map(|shown| ages.keys().zip(shown).map(|(band, shown)| ((*band).to_owned(), cell(shown))).collect::<Vec<_>>());
    let view = View {
        shell: who.shell("Rows under pseudonyms", Section::None),
        ages: ages.unwrap_or_default(),
        part: format!("Part {number} of {last}"),
        file: format!("/pseudonyms.csv?page={number}"),
        rows: rows
            .into_iter()
            .take(FIRST)
            .map(|row| {
                let text = |word: &str| word.to_owned();
                [row.pseudonym, text(row.age), text(row.sex), row.neighbourhood, text(row.class), row.code, row.month]
            })
            .collect(),
        pagination: Pagination::of(number, last, |page| format!("/pseudonyms?page={page}")),
    };
    Ok(Html(render(&view)))
}

pub(crate) async fn file(
    Shared(state): Shared<State>,
    who: Who,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let number = Fields(fields).page();
    let part = read(&state, &who, number).await?;
    let named = format!("attachment; filename=\"pseudonyms-part-{number}.csv\"");
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, named)];
    Ok((headers, csv(&part.rows)).into_response())
}
