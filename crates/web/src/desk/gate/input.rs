//! What people hand in for a decision about beds: a protocol, counts, people in post, balancing measures, changes in what is recorded;
//! and the same as it is known, as tables. Must not judge any of it: the decision takes it in whole or refuses it in words.

use access::Action;
use assurance::gate::calibrate::{Calibration, calibrate};
use assurance::gate::decision::{Command, Decision, Refusal};
use assurance::gate::look::Look;
use assurance::gate::month::Month;
use assurance::gate::protocol::Protocol;
use assurance::gate::refusal::{Gate, Stage};
use assurance::gate::table::{FIGURES, POSTS, figures, posts};
use assurance::views::gate::stream;
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use place::suppression::{LEAST, Shown};
use store::{Refused, Write};
use uuid::Uuid;

use super::{Read, listed, month, shown};
use crate::app::{State, Trouble};
use crate::components::{Column, Table};
use crate::desk::deed::{act, line, lines, may};
use crate::desk::home::numbers::cell;
use crate::desk::person::capital;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::deed::{Came, Deed};
use crate::session::{Fields, Sent, Who};

/// The most paths that are simulated while somebody waits for a page.
const MOST_PATHS: u32 = 50_000;

fn choose(name: &str, label: &str, options: impl Iterator<Item = String>) -> Field {
    let offered = |text: String| Offered { value: text.clone(), text, hint: None };
    Field::new(name, label, Kind::Select(options.map(offered).collect()))
}

/// What may be handed in by whom.
pub(super) fn deeds(decision: &Decision, who: &Who) -> Vec<Deed> {
    let Some(frozen) = decision.frozen() else { return Vec::new() };
    let protocol = &frozen.protocol;
    let mut deeds = Vec::new();
    if may(Some(who), Action::KeepMeasures) {
        let next = decision.looks().last().map_or(protocol.start, |(look, _)| look.month.plus(1));
        let lead = "All of it is taken in, or nothing. A month that was reported otherwise before needs a reason: both are kept, and every look it is part of is made again.";
        deeds.push(Deed::new("report", "Report figures", lead, "Report").asking(vec![
            lines("figures", &format!("Figures, as CSV with {FIGURES}"), 8)
                .helped("A line for each series and month; complete in thousandths"),
            line("why", "Why a month is another than before", ""),
        ]));
        let lead = "Each person is counted once, whoever employs them. The numbers and the hash of the list are kept, and not who they are.";
        deeds.push(Deed::new("posts", "Count the people in post", lead, "Count them").asking(vec![
            lines("posts", &format!("Posts, as CSV with {POSTS}"), 8)
                .helped("A person is an id that is the same with every employer; no name is needed"),
            line("months", "For which months? Parted by spaces", &next.to_string()).helped("As 2026-04 2026-05"),
        ]));
        let names = protocol.balancing.iter().map(|one| one.name.clone());
        deeds.push(
            Deed::new(
                "balance",
                "Report a balancing measure",
                "It is held against its margin at the next look.",
                "Report it",
            )
            .asking(vec![
                choose("name", "Which measure?", names),
                line("of", "As of which month?", &next.to_string()).helped("As 2026-04"),
                line("worst", "How much worse may it have got, at most? The upper 95% limit, in its own unit", ""),
            ]),
        );
        let mut series: Vec<String> = protocol.series().cloned().collect();
        series.sort_unstable();
        series.dedup();
        let lead = "A change in what is counted can look like a fall. From then on the answer is no, until a protocol allows for it.";
        deeds.push(Deed::new("declare", "Say that what a series records has changed", lead, "Write it down").asking(
            vec![
                choose("series", "Which series?", series.into_iter()),
                line("since", "From which month?", "").helped("As 2026-04"),
                line("what", "What has changed?", ""),
            ],
        ));
    }
    if may(Some(who), Action::Govern) && decision.stage(who.at) < Stage::Released {
        let now = serde_json::to_string_pretty(protocol).unwrap_or_default();
        let mut text = lines("protocol", "The protocol as it is to be", 12);
        text.values = vec![now];
        let lead = "A change begins a new clock: its first month must still lie ahead, and no look of before counts. Finding the threshold anew takes up to a minute.";
        deeds.push(
            Deed::new("amend", "Change the protocol", lead, "Change it and begin again")
                .asking(vec![text, line("reason", "Why?", "")]),
        );
    }
    deeds
}

/// The form of a new decision.
pub(super) fn registering(who: &Who) -> Option<Deed> {
    let lead = "What will count is agreed before the first month and frozen with its hash. Finding the threshold takes up to a minute.";
    may(Some(who), Action::Govern).then(|| {
        Deed::new("register", "Register a protocol", lead, "Freeze it").asking(vec![
            lines("protocol", "The protocol, as JSON", 12).helped("The manual shows one: docs/manual/bed-gate.md"),
        ])
    })
}

/// The commands of a form of figures; nothing where the word is another's.
pub(super) fn commands(by: &str, word: &str, fields: &Fields) -> Option<Result<Vec<Command>, String>> {
    let by = || by.to_owned();
    let of = |name: &str| fields.get(name).parse::<Month>().map_err(|error| capital(&error.to_string()));
    Some(match word {
        "report" => figures(fields.whole("figures")).map(|figures| {
            let reason = Some(fields.get("why").to_owned()).filter(|why| !why.is_empty());
            vec![Command::Report { by: by(), figures, reason }]
        }),
        "posts" => posts(fields.whole("posts")).and_then(|posts| {
            let months: Result<Vec<Month>, _> = fields
                .get("months")
                .split([' ', ',', ';'])
                .filter(|one| !one.is_empty())
                .map(str::parse::<Month>)
                .collect();
            let months = months.map_err(|error| capital(&error.to_string()))?;
            if months.is_empty() {
                return Err("Say for which months they are counted.".to_owned());
            }
            let count = |month| Command::CountCapacity { by: by(), month, posts: posts.clone() };
            Ok(months.into_iter().map(count).collect())
        }),
        "balance" => of("of").and_then(|month| {
            let worst = fields.get("worst").parse().map_err(|_| "Give how much worse it may have got as a number.")?;
            Ok(vec![Command::ReportBalance { by: by(), name: fields.get("name").to_owned(), month, worst }])
        }),
        "declare" => of("since").map(|month| {
            let (series, what) = (fields.get("series").to_owned(), fields.get("what").to_owned());
            vec![Command::DeclareChange { by: by(), series, month, what }]
        }),
        _ => return None,
    })
}

/// Takes everything of one form in, or nothing of it.
pub(super) async fn take(
    state: &State,
    who: &Who,
    id: Uuid,
    commands: Result<Vec<Command>, String>,
) -> Result<Result<(), String>, Trouble> {
    let commands = match commands {
        Err(why) if may(Some(who), Action::KeepMeasures) => return Ok(Err(why)),
        // Whoever may not do this hears that, whatever they typed.
        Err(_) => Vec::new(),
        Ok(commands) => commands,
    };
    let permit = state.parts().gate.assurance(&who.subject, Action::KeepMeasures, who.at).await?;
    let (actor, at) = (permit.by().actor(), who.at);
    let writing = move |write: &mut Write<'_>| -> Result<(), Refused<Refusal>> {
        for command in &commands {
            write.execute::<Decision>(id, command.clone(), &actor, at)?;
        }
        Ok(())
    };
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Rules(refusal)) => Ok(Err(said(&refusal))),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

fn said(refusal: &Refusal) -> String {
    format!("{}.", capital(&refusal.to_string()).trim_end_matches('.'))
}

/// Back to the page: with what was done, or with what was refused and what was typed.
pub(super) async fn answered(
    state: &State,
    id: Uuid,
    who: &Who,
    fields: &Fields,
    outcome: Result<(), String>,
) -> Result<Response, Trouble> {
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/gate/{id}?done={}", fields.get("do"))).into_response()),
        Err(why) => {
            let mut view = shown(state, Some(who), id, &Query(Vec::new()), Some(fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}

/// Whoever may not do this hears that, and no more.
async fn refused(state: &State, who: &Who) -> Result<Result<(), String>, Trouble> {
    act::<Decision>(state, who, Action::Govern, Uuid::nil(), Command::Publish { by: String::new() }).await
}

/// A protocol that is whole, with its threshold. No work is done for whoever may not register it.
async fn calibrated(who: &Who, text: &str) -> Result<(Protocol, Calibration), String> {
    if !may(Some(who), Action::Govern) {
        return Err(String::new());
    }
    let protocol: Protocol =
        serde_json::from_str(text).map_err(|error| format!("This is no protocol: {error}. The manual shows one."))?;
    let faults = protocol.faults();
    if !faults.is_empty() {
        let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
        return Err(format!("The protocol cannot be registered. {}.", all.join("; ")));
    }
    if protocol.plan.paths > MOST_PATHS {
        return Err(format!(
            "More than {MOST_PATHS} paths take too long for a page; register it at the terminal with weft gate register."
        ));
    }
    let working = move || {
        let evidence = protocol.evidence().map_err(|error| error.to_string())?;
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let calibration = calibrate(&evidence, protocol.plan, threads).map_err(|error| error.to_string())?;
        Ok((protocol, calibration))
    };
    let found = tokio::task::spawn_blocking(working).await;
    found.unwrap_or_else(|_| Err("The threshold could not be found.".to_owned()))
}

/// Registers a protocol as a decision of its own.
pub(crate) async fn register(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let outcome = match calibrated(&who, fields.whole("protocol")).await {
        Err(why) if may(Some(&who), Action::Govern) => Err(why),
        Err(_) => refused(&state, &who).await?.map(|()| Uuid::nil()),
        Ok((protocol, calibration)) => {
            let id = stream(&protocol.title);
            let by = who.subject.id.clone();
            let command = Command::Register { by, protocol: Box::new(protocol), calibration };
            act::<Decision>(&state, &who, Action::Govern, id, command).await?.map(|()| id)
        }
    };
    match outcome {
        Ok(id) => Ok(Redirect::to(&format!("/gate/{id}?done=register")).into_response()),
        Err(why) => {
            let mut view = listed(&state, Some(&who), Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}

/// Changes a protocol: a new clock.
pub(super) async fn amend(
    state: &State,
    id: Uuid,
    read: &Read,
    who: &Who,
    fields: &Fields,
) -> Result<Response, Trouble> {
    let outcome = match calibrated(who, fields.whole("protocol")).await {
        Err(why) if may(Some(who), Action::Govern) => Err(why),
        Err(_) => refused(state, who).await?,
        Ok((protocol, _)) if protocol.title != read.row.title => {
            Err("Another title is another decision: register it as one.".to_owned())
        }
        Ok((protocol, calibration)) => {
            let (by, reason) = (who.subject.id.clone(), fields.get("reason").to_owned());
            let command = Command::Amend { by, reason, protocol: Box::new(protocol), calibration };
            act::<Decision>(state, who, Action::Govern, id, command).await?
        }
    };
    answered(state, id, who, fields, outcome).await
}

/// What was handed in for a condition, as it is known now.
pub(super) fn tables(gate: Gate, decision: &Decision, look: Option<&Look>, public: bool) -> Vec<Table> {
    match gate {
        Gate::G1 => people(decision, public).into_iter().collect(),
        Gate::G2 => quality(decision, look),
        Gate::G8 => balances(decision).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn table(caption: &str, columns: Vec<Column>, rows: Vec<Vec<String>>) -> Option<Table> {
    if rows.is_empty() {
        return None;
    }
    let rows = rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect();
    Some(Table { caption_size: None, compact: true, ..Table::new(caption, columns, rows) })
}

/// The people month by month: each once, whoever employs them.
fn people(decision: &Decision, public: bool) -> Option<Table> {
    // How many came from one place or work too much says something of single people.
    let few = |count: u32| {
        let count = i64::from(count);
        cell(if public && count > 0 && count < LEAST { Shown::Few } else { Shown::Count(count) })
    };
    let mut rows = Vec::new();
    for (of, count) in decision.counts().iter().rev() {
        for (at, line) in count.lines.iter().enumerate() {
            let aside = format!(
                "{} not in post all month or not on duty; {} of no role of the plan",
                count.not_on_duty, count.not_in_plan
            );
            let mut row = vec![
                month(*of),
                line.role.clone(),
                line.people.to_string(),
                format!("{:.1}", f64::from(line.wte_hundredths) / 100.0),
                few(line.moved),
            ];
            if !public {
                row.push(if at == 0 { format!("{aside}; {} people over 1.2", count.over_wte) } else { String::new() });
            }
            rows.push(row);
        }
    }
    let mut columns = vec![
        Column::new("Month"),
        Column::new("Role"),
        Column::numeric("People gained"),
        Column::numeric("Whole-time"),
        Column::numeric("Moved from hospital"),
    ];
    if !public {
        columns.push(Column::new("Posts set aside"));
    }
    table("People in post, each counted once", columns, rows)
}

fn quality(decision: &Decision, look: Option<&Look>) -> Vec<Table> {
    let Some(until) = look.map(|look| look.month) else { return Vec::new() };
    let named = |months: &[Month]| match months {
        [] => "none".to_owned(),
        [first] => month(*first),
        [first, .., last] => format!("{}: {} to {}", months.len(), month(*first), month(*last)),
    };
    let lacking = decision.lacking(until);
    let rows =
        lacking.iter().map(|(series, missing, incomplete)| vec![series.clone(), named(missing), named(incomplete)]);
    let columns = vec![Column::new("Series"), Column::new("Months missing"), Column::new("Months not complete")];
    let lacks = table("Series with something missing", columns, rows.collect());
    let declared =
        decision.declared().iter().map(|(series, since, what)| vec![series.clone(), month(*since), what.clone()]);
    let columns = vec![Column::new("Series"), Column::new("Since"), Column::new("What changed")];
    let changed = table("Changes in what is recorded", columns, declared.collect());
    lacks.into_iter().chain(changed).collect()
}

fn balances(decision: &Decision) -> Option<Table> {
    let protocol = &decision.frozen()?.protocol;
    let row = |one: &assurance::gate::protocol::Balancing| {
        let known = decision.balances().get(&one.name);
        let of = known.map_or_else(|| "not reported yet".to_owned(), |(of, _)| month(*of));
        let worst = known.map_or_else(String::new, |(_, worst)| worst.to_string());
        let within = match known {
            None => "",
            Some((_, worst)) if *worst <= one.margin => "Yes",
            Some(_) => "No",
        };
        vec![one.name.clone(), of, worst, one.margin.to_string(), within.to_owned()]
    };
    let columns = vec![
        Column::new("Measure"),
        Column::new("As of"),
        Column::numeric("Worse by at most"),
        Column::numeric("Margin"),
        Column::new("Within it"),
    ];
    table("What must not get worse", columns, protocol.balancing.iter().map(row).collect())
}
