//! The learning pack as a file, and the weeks as a table: what the public page shows, to take along. Must not hold more than it.

use assurance::challenge::{Challenge, Charter, DAYS};
use assurance::chart::spoken;
use assurance::views::challenge as kept;
use axum::extract::State as Shared;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::fmt::Write as _;
use uuid::Uuid;

use super::called;
use crate::app::{State, Trouble};
use crate::desk::person::capital;
use crate::session::{Id, Who};
use crate::words::{london_date, uk_date};

async fn told(state: &State, id: Uuid) -> Result<Challenge, Trouble> {
    state.read(move |tx| kept::told(tx, id)).await?.ok_or(Trouble::NotFound)
}

pub(crate) async fn weeks(Shared(state): Shared<State>, _: Who, Id(id): Id) -> Result<Response, Trouble> {
    file(&told(&state, id).await?, false)
}

pub(crate) async fn public_weeks(Shared(state): Shared<State>, Id(id): Id) -> Result<Response, Trouble> {
    file(&told(&state, id).await?, true)
}

fn file(challenge: &Challenge, everybody: bool) -> Result<Response, Trouble> {
    let drawing = challenge.chart(everybody).map_err(|_| Trouble::NotFound)?;
    Ok(crate::desk::table::file("weeks", &drawing.table))
}

/// The learning pack, as text that any editor opens.
pub(crate) async fn pack(Shared(state): Shared<State>, Id(id): Id) -> Result<Response, Trouble> {
    let invented = state.read(|tx| access::demonstration::is_one(tx)).await?;
    let challenge = told(&state, id).await?;
    let charter = challenge.charter().ok_or(Trouble::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "text/markdown; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"learning-pack.md\""),
    ];
    Ok((headers, text(&challenge, charter, &challenge.stands(state.now()), invented)).into_response())
}

/// Words as one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(challenge: &Challenge, charter: &Charter, stands: &str, invented: bool) -> String {
    let mut out = format!("# {}\n\n{stands}\n", plain(&charter.title));
    let mut line = |text: String| {
        out.push('\n');
        out.push_str(&text);
        out.push('\n');
    };
    if invented {
        line("Every figure here is invented for a demonstration.".to_owned());
    }
    if let Some(ended) = challenge.ended() {
        line(format!("**The verdict: {}.** {}", ended.verdict.word(), plain(&ended.note.words)));
    }
    line("## The charter".to_owned());
    let member = |one: &assurance::challenge::Member| format!("{}, {}", plain(&one.name), plain(&one.part));
    let team: Vec<String> = charter.team.iter().map(member).collect();
    let mut facts = String::new();
    for (key, value) in [
        ("Aim", plain(&charter.aim)),
        ("Why", plain(&charter.why)),
        ("Counted every week", plain(&charter.measure)),
        ("From", format!("{} to {} (day {DAYS})", uk_date(charter.start), uk_date(charter.end()))),
        ("Team", team.join("; ")),
        ("Sponsor", member(&charter.sponsor)),
    ] {
        let _ = writeln!(facts, "- {key}: {value}");
    }
    line(facts.trim_end().to_owned());
    line("## Tests of change".to_owned());
    for (number, test) in (1..).zip(challenge.tests()) {
        let by = called(charter, &test.by);
        let mut told = format!(
            "### Test {number}: {}\n\n- Predicted before it was tried, by {} on {}: {}\n",
            plain(&test.change),
            plain(&by),
            uk_date(london_date(test.predicted)),
            plain(&test.prediction)
        );
        if let Some(found) = &test.result {
            let as_predicted = if found.as_predicted { "as predicted" } else { "not as predicted" };
            let _ = writeln!(told, "- What happened ({as_predicted}): {}", plain(&found.result));
            let _ = writeln!(told, "- What was learnt: {}", plain(&found.learnt));
            let _ = writeln!(told, "- What is done with it: {}", found.next.word());
        } else {
            let _ = writeln!(told, "- It goes on.");
        }
        line(told.trim_end().to_owned());
    }
    if let Some(middle) = challenge.middle() {
        line(format!("## Half-way\n\n{}", plain(&middle.words)));
    }
    line("## Week by week".to_owned());
    let mut weeks = String::from("| week of | value |\n|---|---|\n");
    for (week, value) in challenge.weeks() {
        let value = if challenge.is_small(value) {
            "fewer than seven".to_owned()
        } else {
            format!("{}{}", spoken(value, 2), plain(&charter.unit))
        };
        let _ = writeln!(weeks, "| {} | {value} |", uk_date(week));
    }
    line(weeks.trim_end().to_owned());
    for one in challenge.restated() {
        line(format!(
            "{}: the week of {} was reported otherwise before.",
            capital(&plain(&one.reason)),
            uk_date(one.week)
        ));
    }
    out
}
