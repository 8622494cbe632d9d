//! 100-day challenges: which there are, one with everything that was predicted, found and counted, and what its team may do.
//! Without sign-in the same is the learning pack. Must not judge anything.

use access::Action;
use assurance::challenge::{Challenge, Charter, Command, DAYS, HALF, Verdict};
use assurance::chart::spoken;
use assurance::gate::protocol::day;
use assurance::views::challenge as kept;
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::Page;
use super::deed::{act, came, line, lines, may, one_of, ready};
use super::measure::shell;
use super::person::capital;
use crate::app::{State, Trouble};
use crate::components::Chart;
use crate::layout::Section;
use crate::pages::challenge::{List, Row, Test, View};
use crate::pages::deed::{Came, Deed};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{london_date, uk_date, uk_datetime};

mod charter;
mod pack;

pub(crate) use charter::charter;
pub(crate) use pack::{pack, public_weeks, weeks};

type Asked = Query<Vec<(String, String)>>;

fn base(who: Option<&Who>) -> &'static str {
    if who.is_some() { "/challenges" } else { "/public/challenges" }
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    Ok(Html(listed(&state, Some(&who), None).await?.to_string()))
}

pub(crate) async fn public_list(Shared(state): Shared<State>) -> Page {
    Ok(Html(listed(&state, None, None).await?.to_string()))
}

async fn listed(state: &State, who: Option<&Who>, sent: Option<&Fields>) -> Result<List, Trouble> {
    let (rows, invented) = state.read(|tx| Ok((kept::all(tx)?, access::demonstration::is_one(tx)?))).await?;
    let today = day(state.now());
    let row = |row: &kept::ChallengeRow| {
        let number = row.start.until(today).map_or(0, |span| span.get_days());
        let stands = match (&row.verdict, number) {
            (Some(verdict), _) => format!("Over: {verdict}"),
            (None, number) if number < 0 => format!("Begins on {}", uk_date(row.start)),
            (None, number) if number > DAYS => "The verdict is due".to_owned(),
            (None, number) if number >= HALF && !row.held => format!("Day {number} of {DAYS}; the mid-point is due"),
            (None, number) => format!("Day {number} of {DAYS}"),
        };
        Row {
            href: format!("{}/{}", base(who), row.id),
            title: row.title.clone(),
            aim: row.aim.clone(),
            stands,
            counts: format!("{} tests of change, {} weeks", row.tests, row.weeks),
        }
    };
    let mut view = List {
        shell: shell(who, "100-day challenges", Section::Challenges),
        invented,
        rows: rows.iter().map(row).collect(),
        ..List::default()
    };
    if let Some(who) = who {
        view.deeds = ready(charter::deed(state, who).into_iter().collect(), base(Some(who)), who, sent);
    }
    Ok(view)
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id, fields: Asked) -> Page {
    let said = [
        ("predict", "The prediction is written down. Now try it."),
        ("find", "The result stands beside its prediction."),
        ("measure", "The week is kept."),
        ("pause", "The mid-point is held."),
        ("charter", "The charter is agreed. It begins on day 0."),
        ("judge", "The verdict is given. The learning pack is for everybody."),
    ];
    let mut view = shown(&state, Some(&who), id, None).await?;
    view.came = came(&fields, &said);
    Ok(Html(view.to_string()))
}

pub(crate) async fn public_page(Shared(state): Shared<State>, Id(id): Id) -> Page {
    Ok(Html(shown(&state, None, id, None).await?.to_string()))
}

async fn shown(state: &State, who: Option<&Who>, id: Uuid, sent: Option<&Fields>) -> Result<View, Trouble> {
    let (found, invented) = state.read(move |tx| Ok((kept::told(tx, id)?, access::demonstration::is_one(tx)?))).await?;
    let challenge = found.ok_or(Trouble::NotFound)?;
    let charter = challenge.charter().ok_or(Trouble::NotFound)?;
    let now = state.now();
    let row = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let member = |one: &assurance::challenge::Member| format!("{}, {}", one.name, one.part);
    let target =
        charter.target.map_or_else(String::new, |target| format!(", to reach {}{}", spoken(target, 1), charter.unit));
    let mut facts = vec![
        row("Aim", &charter.aim),
        row("Why", &charter.why),
        row("Counted every week", &format!("{}{target}", charter.measure)),
        row("From", &format!("{} to {} (day {DAYS})", uk_date(charter.start), uk_date(charter.end()))),
        row("Team", &charter.team.iter().map(member).collect::<Vec<_>>().join("; ")),
        row("Sponsor, who gives the verdict", &member(&charter.sponsor)),
    ];
    let place = &state.parts().place;
    if let Some(indicator) = charter.indicator.as_ref().and_then(|id| super::measure::title(place, id)) {
        facts.push(row("To move in the end", &indicator));
    }
    let address = format!("{}/{id}", base(who));
    let (chart, no_chart) = match challenge.chart(who.is_none()) {
        Ok(drawing) => (Some(Chart::new("weeks", drawing).as_file(&format!("{address}/weeks.csv"))), String::new()),
        Err(why) => (None, why),
    };
    let small = |value: f64| who.is_none() && challenge.is_small(value);
    let mut view = View {
        shell: shell(who, "A 100-day challenge", Section::Challenges),
        public: who.is_none(),
        invented,
        back: base(who).to_owned(),
        pack: format!("/public/challenges/{id}"),
        pack_file: format!("/public/challenges/{id}/pack.md"),
        title: charter.title.clone(),
        stands: challenge.stands(now),
        verdict: challenge.ended().map(|ended| (capital(ended.verdict.word()), ended.note.words.clone())),
        charter: facts,
        chart,
        no_chart,
        tests: (1..).zip(challenge.tests()).map(|(number, one)| test(number, one, &called(charter, &one.by))).collect(),
        middle: challenge.middle().map(|note| {
            (note.words.clone(), format!("{}, {}", called(charter, &note.by), uk_date(london_date(note.at))))
        }),
        restated: challenge
            .restated()
            .iter()
            .map(|one| {
                let said = |value: f64| {
                    if small(value) {
                        "fewer than seven".to_owned()
                    } else {
                        format!("{}{}", spoken(value, 2), charter.unit)
                    }
                };
                let what = format!("{} before, {} now", said(one.was), said(one.is));
                (uk_date(one.week), what, one.reason.clone())
            })
            .collect(),
        ..View::default()
    };
    if let Some(who) = who {
        view.deeds = ready(deeds(&challenge, who), &address, who, sent);
    }
    Ok(view)
}

/// Somebody of the challenge, as its charter names them.
fn called(charter: &Charter, id: &str) -> String {
    let of_it = charter.team.iter().chain([&charter.sponsor]).find(|member| member.id == id);
    of_it.map_or_else(|| "somebody of the team".to_owned(), |member| member.name.clone())
}

fn test(number: usize, one: &assurance::challenge::Test, by: &str) -> Test {
    let found = one.result.as_ref();
    Test {
        heading: format!("Test {number}"),
        change: one.change.clone(),
        prediction: (one.prediction.clone(), format!("{by}, {}", uk_datetime(one.predicted))),
        result: found.map(|found| (found.result.clone(), uk_datetime(found.at))),
        as_predicted: found.is_some_and(|found| found.as_predicted),
        learnt: found.map_or_else(String::new, |found| found.learnt.clone()),
        next: found.map_or_else(String::new, |found| capital(found.next.word())),
    }
}

/// What somebody of the team may do now; whoever is not of it only reads.
fn deeds(challenge: &Challenge, who: &Who) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let Some(charter) = challenge.charter() else { return deeds };
    let of_it = challenge.has(&who.subject.id) && may(Some(who), Action::RunChallenge);
    let number = charter.number(day(who.at));
    if !of_it || challenge.ended().is_some() || number < 0 {
        return deeds;
    }
    let verdicts = [("adopt", "Adopt it"), ("adapt", "Adapt it"), ("abandon", "Abandon it")];
    if number <= DAYS {
        let fields = vec![
            lines("change", "What is changed, and for whom?", 2),
            lines("prediction", "What do you expect to happen?", 2),
        ];
        let lead = "The prediction is kept as it is, with the time. It is made before anything is tried.";
        deeds.push(Deed::new("predict", "Predict a test of change", lead, "Write the prediction down").asking(fields));
    }
    // One at a time: a page has each field once.
    if let Some(at) = challenge.tests().iter().position(|test| test.result.is_none()) {
        let fields = vec![
            lines("result", "What happened?", 2),
            one_of("as_predicted", "Was it as predicted?", &[("yes", "Yes"), ("no", "No")]),
            lines("learnt", "What was learnt?", 2),
            one_of("next", "What is done with it?", &verdicts),
        ];
        let heading = format!("Say what test {} did", at + 1);
        let mut deed =
            Deed::new("find", &heading, "The result stands beside the prediction for good.", "Keep the result")
                .asking(fields);
        deed.hidden.push(("test".to_owned(), at.to_string()));
        deeds.push(deed);
    }
    let week = vec![
        line("week", "Monday of the week", "").helped("As 2026-06-08"),
        line("value", "Value", ""),
        line("why", "Why it is another than before, if it is", ""),
    ];
    deeds.push(
        Deed::new(
            "measure",
            "Count a week",
            "A week is counted once it is over. A value that changes needs a reason; both are kept.",
            "Keep it",
        )
        .asking(week),
    );
    if number >= HALF && challenge.middle().is_none() {
        let fields = vec![lines("middle", "What goes on, what stops, what is needed?", 4)];
        deeds.push(
            Deed::new("pause", "Hold the mid-point", "Half-way, the team stops to think.", "Hold it").asking(fields),
        );
    }
    if number >= DAYS && who.subject.id == charter.sponsor.id {
        let fields = vec![
            one_of("verdict", "The verdict", &verdicts),
            lines("evidence", "On what evidence, and what should others know?", 5),
        ];
        deeds.push(
            Deed::new(
                "judge",
                "Give the verdict",
                "It ends the challenge, and stands for everybody to read.",
                "Give it",
            )
            .asking(fields),
        );
    }
    deeds
}

fn command(by: String, fields: &Fields) -> Result<Command, &'static str> {
    let owned = |name: &str| fields.get(name).to_owned();
    Ok(match fields.get("do") {
        "predict" => Command::Predict { by, change: owned("change"), prediction: owned("prediction") },
        "find" => Command::Find {
            by,
            test: fields.get("test").parse().map_err(|_| "There is no such test.")?,
            result: owned("result"),
            as_predicted: match fields.get("as_predicted") {
                "yes" => true,
                "no" => false,
                _ => return Err("Say whether it was as predicted."),
            },
            learnt: owned("learnt"),
            next: Verdict::from_word(fields.get("next")).ok_or("Say what is done with it.")?,
        },
        "measure" => Command::Measure {
            by,
            week: fields.get("week").parse().map_err(|_| "Give the Monday of the week, as 2026-06-08.")?,
            value: fields.get("value").trim_end_matches('%').parse().map_err(|_| "Give the value as a number.")?,
            reason: Some(owned("why")),
        },
        "pause" => Command::Pause { by, words: owned("middle") },
        "judge" => Command::Judge {
            by,
            verdict: Verdict::from_word(fields.get("verdict")).ok_or("Choose a verdict.")?,
            words: owned("evidence"),
        },
        _ => return Err("The form does not say what is to be done."),
    })
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    // What is not there is not there for anybody.
    if state.read(move |tx| kept::told(tx, id)).await?.is_none() {
        return Err(Trouble::NotFound);
    }
    let by = who.subject.id.clone();
    let outcome = match command(by.clone(), &fields) {
        Err(why) if may(Some(&who), Action::RunChallenge) => Err(why.to_owned()),
        Err(_) => {
            let nothing = Command::Pause { by, words: String::new() };
            act::<Challenge>(&state, &who, Action::RunChallenge, id, nothing).await?
        }
        Ok(command) => act::<Challenge>(&state, &who, Action::RunChallenge, id, command).await?,
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}?done={}", fields.get("do"))).into_response()),
        Err(why) => {
            let mut view = shown(&state, Some(&who), id, Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}
