//! The bed gate: which decisions there are, one with its conditions as they stand or as a look of the past found them, and what
//! those with the figures or a vote may do. Without sign-in only looks that were made public are shown. Must not judge anything.

use access::Action;
use assurance::chart::Drawing;
use assurance::chart::evidence::{Look as Found, evidence_chart};
use assurance::gate::decision::{Command, Decision, Frozen, Party};
use assurance::gate::month::Month;
use assurance::gate::refusal::Stage;
use assurance::views::gate::{self as kept, GateRow, HarmRow, LookRow, RestatedRow};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, Response};
use uuid::Uuid;

use super::Page;
use super::deed::{act, came, line, may, name, ready};
use super::feeds::thousands;
use super::measure::shell;
use super::person::capital;
use crate::app::{State, Trouble};
use crate::components::Chart;
use crate::layout::Section;
use crate::pages::deed::{Came, Deed};
use crate::pages::gate::{List, Look as Line, Row, View};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{uk_date, uk_datetime, uk_month};

mod condition;
mod input;

use condition::condition;
pub(crate) use input::register;

type Asked = Query<Vec<(String, String)>>;

/// Everything about one decision, as it was read.
struct Read {
    row: GateRow,
    decision: Decision,
    looks: Vec<LookRow>,
    restated: Vec<RestatedRow>,
    harm: Vec<HarmRow>,
    invented: bool,
}

async fn read(state: &State, id: Uuid) -> Result<Read, Trouble> {
    let found = state
        .read(move |tx| {
            let Some(row) = kept::one(tx, id)? else { return Ok(None) };
            let (decision, _) = store::aggregate::load::<Decision>(&store::log::stream(tx, id)?)?;
            let (looks, restated, harm) = (kept::looks(tx, id)?, kept::restated(tx, id)?, kept::harm(tx, id)?);
            Ok(Some(Read { row, decision, looks, restated, harm, invented: access::demonstration::is_one(tx)? }))
        })
        .await?;
    found.ok_or(Trouble::NotFound)
}

fn base(who: Option<&Who>) -> &'static str {
    if who.is_some() { "/gate" } else { "/public/gate" }
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    Ok(Html(listed(&state, Some(&who), None).await?.to_string()))
}

pub(crate) async fn public_list(Shared(state): Shared<State>) -> Page {
    Ok(Html(listed(&state, None, None).await?.to_string()))
}

async fn listed(state: &State, who: Option<&Who>, sent: Option<&Fields>) -> Result<List, Trouble> {
    let (rows, invented) = state
        .read(|tx| {
            let mut rows = Vec::new();
            for row in kept::all(tx)? {
                let looks = kept::looks(tx, row.id)?;
                rows.push((row, looks));
            }
            Ok((rows, access::demonstration::is_one(tx)?))
        })
        .await?;
    let row = |(row, looks): &(GateRow, Vec<LookRow>)| {
        // What was not made public is not told without sign-in, nor is the answer that rests on it.
        let shown = who.is_some() || looks.last().is_none_or(|look| look.published.is_some());
        Row {
            href: format!("{}/{}", base(who), row.id),
            title: row.title.clone(),
            answer: if shown { row.answer.clone() } else { "The latest look has not been made public yet.".to_owned() },
            stage: if shown { stage_said(&row.stage) } else { String::new() },
        }
    };
    let mut view = List {
        shell: shell(who, "The bed gate", Section::Gate),
        invented,
        rows: rows.iter().map(row).collect(),
        ..List::default()
    };
    if let Some(who) = who {
        view.deeds = ready(input::registering(who).into_iter().collect(), base(Some(who)), who, sent);
    }
    Ok(view)
}

/// How far it has come, in a sentence.
fn stage_said(word: &str) -> String {
    match word {
        "not_started" => "Not started.",
        "capacity_pending" => "The protocol is frozen; the extra staff are not all there.",
        "accruing" => "The extra staff are there; months are being gathered.",
        "evidence_met" => "The fall is real; whether it lasts is not shown yet.",
        "sustained" => "The fall is real and lasts; whether it is enough is not shown yet.",
        "quantity_ok" => "The figures allow it. It is not public for long enough, or not signed by both sides.",
        "signed" => "Both sides have signed. No bed has gone yet.",
        "released" => "Beds have gone; harm is looked for every month.",
        "monitored" => "Beds have gone, and no harm of it has been seen.",
        "reversed" => "Harm was seen; the beds are to open again.",
        _ => "",
    }
    .to_owned()
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id, fields: Asked) -> Page {
    let said = [
        ("look", "The look is made, and kept for ever."),
        ("publish", "The look is public. It can be signed once it has been public for long enough."),
        ("sign", "Your signature is under this look."),
        ("release", "It is written down that the beds may go. From now on harm is looked for every month."),
        ("report", "The figures are kept. What they change is seen at the next look."),
        ("posts", "The people are counted. The list itself is not kept, only its numbers and its hash."),
        ("balance", "The balancing measure is kept."),
        ("declare", "It is written down that what is recorded changed."),
        ("register", "The protocol is frozen. Nothing in it can be changed without a new clock."),
        ("amend", "The protocol is changed, and a new clock begins."),
        ("harm", "It was looked for harm; what was found stands below."),
    ];
    let mut view = shown(&state, Some(&who), id, &fields, None).await?;
    view.came = came(&fields, &said);
    Ok(Html(view.to_string()))
}

pub(crate) async fn public_page(Shared(state): Shared<State>, Id(id): Id, fields: Asked) -> Page {
    Ok(Html(shown(&state, None, id, &fields, None).await?.to_string()))
}

async fn shown(
    state: &State,
    who: Option<&Who>,
    id: Uuid,
    fields: &Asked,
    sent: Option<&Fields>,
) -> Result<View, Trouble> {
    let read = read(state, id).await?;
    let (now, address) = (state.now(), format!("{}/{id}", base(who)));
    let visible: Vec<&LookRow> = read.looks.iter().filter(|look| who.is_some() || look.published.is_some()).collect();
    let wanted = Fields(fields.0.clone()).get("look").to_owned();
    let past = match wanted.as_str() {
        "" => None,
        number => Some(*visible.iter().find(|look| look.number.to_string() == number).ok_or(Trouble::NotFound)?),
    };
    let latest = read.decision.looks().last();
    let is_visible = latest.is_none_or(|(_, hash)| visible.iter().any(|look| look.hash == *hash));
    // As it stands now; without sign-in, as the latest look that is public found it.
    let of_look = past.or_else(|| if is_visible { None } else { visible.last().copied() });
    let stands = read.decision.stage(now);
    let gone = stands >= Stage::Released;
    let (conditions, look) = match of_look {
        Some(row) => (row.look.states.clone(), Some(&row.look)),
        None if !is_visible => (Vec::new(), None),
        None => (read.decision.states(now), latest.map(|(look, _)| look)),
    };
    // That beds have gone is everybody's to know, whatever has been looked at since.
    let (answer, stage) = match of_look {
        Some(row) if past.is_some() || !gone => (row.look.answer.clone(), row.look.stage),
        None if !is_visible && !gone => ("NO: no look has been made public yet.".to_owned(), Stage::NotStarted),
        _ if gone => (read.row.answer.clone(), stands),
        _ => (read.decision.answer(now).1, stands),
    };
    let stage = stage_said(stage.word());
    let (word, answer) = in_words(&answer);
    let frozen = read.decision.frozen();
    let mut view = View {
        shell: shell(who, "A decision about beds", Section::Gate),
        invented: read.invented,
        came: Came::default(),
        back: base(who).to_owned(),
        now: address.clone(),
        title: read.row.title.clone(),
        past: past.map(|row| format!("As the look of {} found it on {}.", month(row.look.month), uk_datetime(row.at))),
        word,
        answer,
        stage,
        facts: frozen.map_or_else(Vec::new, agreed),
        conditions: conditions
            .iter()
            .map(|state| {
                let mut one = condition(state, frozen, look, &read);
                // What was handed in is told as it is known now, so it does not stand under a look of the past.
                if past.is_none() && is_visible {
                    one.tables = input::tables(state.gate, &read.decision, look, who.is_none());
                }
                one
            })
            .collect(),
        sides: if past.is_none() && is_visible { sides(&read.decision, who.is_none()) } else { Vec::new() },
        looks: visible.iter().rev().map(|row| look_line(row, &read.looks, &address)).collect(),
        restated: read.restated.iter().map(|row| restated(row, who.is_none())).collect(),
        harm: read.harm.iter().map(harm).collect(),
        ..View::default()
    };
    if past.is_none() {
        let file = format!("{address}/evidence.csv");
        view.chart = drawn(&read, who.is_none()).map(|drawing| Chart::new("evidence", drawing).as_file(&file));
    }
    if let Some(who) = who.filter(|_| past.is_none()) {
        view.deeds = ready(deeds(&read, who), &address, who, sent);
    }
    Ok(view)
}

/// The evidence look by look, as known now; without sign-in of the looks that are public.
fn drawn(read: &Read, public: bool) -> Option<Drawing> {
    let wanted = read.decision.frozen()?.calibration.log_threshold.exp();
    let is_public = |hash: &String| read.looks.iter().any(|row| row.hash == *hash && row.published.is_some());
    let shown = read.decision.looks().iter().filter(|(_, hash)| !public || is_public(hash));
    let found: Vec<Found> = shown
        .filter_map(|(look, _)| {
            let found = look.found.as_ref()?;
            Some(Found { month: look.month, evidence: found.log_e.exp(), latest: found.latest })
        })
        .collect();
    evidence_chart(&found, wanted, "Evidence that the need has fallen")
}

pub(crate) async fn evidence_file(Shared(state): Shared<State>, _: Who, Id(id): Id) -> Result<Response, Trouble> {
    file(&state, id, false).await
}

pub(crate) async fn public_evidence_file(Shared(state): Shared<State>, Id(id): Id) -> Result<Response, Trouble> {
    file(&state, id, true).await
}

async fn file(state: &State, id: Uuid, public: bool) -> Result<Response, Trouble> {
    let drawing = drawn(&read(state, id).await?, public).ok_or(Trouble::NotFound)?;
    Ok(super::table::file("evidence", &drawing.table))
}

/// The word in front, and the sentence behind it.
fn in_words(answer: &str) -> (String, String) {
    for (word, said) in [("NO: ", "No"), ("YES: ", "Yes")] {
        if let Some(rest) = answer.strip_prefix(word) {
            return (said.to_owned(), capital(rest));
        }
    }
    ("They have gone".to_owned(), answer.to_owned())
}

fn month(month: Month) -> String {
    uk_month(month.first_day())
}

fn agreed(frozen: &Frozen) -> Vec<(String, String)> {
    let protocol = &frozen.protocol;
    let names = |names: &[String]| names.join(", ");
    let row = |key: &str, value: String| (key.to_owned(), value);
    vec![
        row("Beds asked for", format!("{} of {}", protocol.beds, protocol.beds_now)),
        row("Whose need is measured", protocol.population.clone()),
        row("What must fall", format!("{}, beside {}", protocol.outcome.name, names(&protocol.outcome.comparators))),
        row("What must not say the opposite", protocol.second.name.clone()),
        row("Where nothing was done, to compare with", format!("{} other areas", protocol.placebos.len())),
        row("Baseline", format!("{} to {}", month(protocol.baseline), month(protocol.start.plus(-1)))),
        row("The first month that counts", month(protocol.start)),
        row(
            "Looks",
            format!(
                "every month from the {}th to the {}th, at a chance of a false alarm of {}%",
                protocol.plan.first,
                protocol.plan.last,
                protocol.plan.alpha * 100.0
            ),
        ),
        row(
            "Kept in reserve",
            protocol.reserves.iter().map(|one| format!("{}: {}", one.name, one.beds)).collect::<Vec<_>>().join("; "),
        ),
        row("Frozen on", uk_datetime(frozen.at)),
        row("Frozen as", frozen.hash.clone()),
        row(
            "Clock",
            if frozen.clock == 1 {
                "the first".to_owned()
            } else {
                format!("number {}: each amendment began a new one", frozen.clock)
            },
        ),
    ]
}

/// Who has signed; without sign-in, how many.
fn sides(decision: &Decision, public: bool) -> Vec<(String, String, String)> {
    let (Some(frozen), Some((_, hash))) = (decision.frozen(), decision.looks().last()) else { return Vec::new() };
    let protocol = &frozen.protocol;
    let row = |said: &str, party: Party, members: &[String], quorum: u32| {
        let signed: Vec<String> = decision.signed(hash, party).into_iter().map(name).collect();
        let names: Vec<String> = members.iter().map(|member| name(member)).collect();
        if public {
            let votes = format!("{} people; {quorum} must sign", members.len());
            return (said.to_owned(), format!("{} of them", signed.len()), votes);
        }
        let signed = if signed.is_empty() { "Nobody yet".to_owned() } else { signed.join(", ") };
        (said.to_owned(), signed, format!("{}; {quorum} must sign", names.join(", ")))
    };
    vec![
        row("Commissioners", Party::Commissioners, &protocol.commissioners.members, protocol.commissioners.quorum),
        row("Providers", Party::Providers, &protocol.providers.members, protocol.providers.quorum),
    ]
}

fn look_line(row: &LookRow, all: &[LookRow], address: &str) -> Line {
    let replaced = all.iter().any(|other| other.instead_of.as_ref() == Some(&row.hash));
    let note = match (replaced, row.instead_of.is_some()) {
        (true, _) => "As it was known then. It was made again when a month was restated.",
        (false, true) => "Made again, because a month was restated. The look that was made then stays.",
        (false, false) => "",
    };
    Line {
        month: format!("{}, month {}", month(row.look.month), row.look.number),
        answer: row.look.answer.clone(),
        made: format!("made on {}", uk_datetime(row.at)),
        published: row
            .published
            .map_or_else(|| "not public".to_owned(), |at| format!("public since {}", uk_datetime(at))),
        hash: row.hash.clone(),
        href: format!("{address}?look={}", row.number),
        note: note.to_owned(),
    }
}

fn restated(row: &RestatedRow, public: bool) -> (String, String, String) {
    let month = row.month.parse::<Month>().map_or_else(|_| row.month.clone(), month);
    let what = if public {
        format!("{}, {month}", row.series)
    } else {
        format!("{}, {month}: {} before, {} now", row.series, thousands(row.was), thousands(row.became))
    };
    (uk_date(crate::words::london_date(row.at)), what, row.reason.clone())
}

fn harm(row: &HarmRow) -> (String, String) {
    let evidence = row.log_e.parse::<f64>().map_or_else(|_| row.log_e.clone(), |log_e| format!("{:.2}", log_e.exp()));
    let month = row.month.parse::<Month>().map_or_else(|_| row.month.clone(), month);
    let what = if row.reopened { "the beds are opened again" } else { "not enough to open the beds again" };
    (month, format!("Evidence of harm {evidence}: {what}"))
}

/// For which side somebody has a vote.
fn party(frozen: &Frozen, who: &str) -> Option<Party> {
    let has = |members: &[String]| members.iter().any(|member| member == who);
    match (has(&frozen.protocol.commissioners.members), has(&frozen.protocol.providers.members)) {
        (true, _) => Some(Party::Commissioners),
        (_, true) => Some(Party::Providers),
        _ => None,
    }
}

fn deeds(read: &Read, who: &Who) -> Vec<Deed> {
    let (decision, mut deeds) = (&read.decision, Vec::new());
    let Some(frozen) = decision.frozen() else { return deeds };
    let (stage, latest) = (decision.stage(who.at), decision.looks().last());
    let gone = stage >= Stage::Released;
    if may(Some(who), Action::KeepMeasures) {
        let next = latest.map_or(frozen.protocol.start, |(look, _)| look.month.plus(1));
        let asked = |label: &str| vec![line("month", label, &next.to_string()).helped("As 2026-04")];
        if gone && stage != Stage::Reversed {
            let lead = "The evidence of harm since the beds went is worked out up to this month. Where it is enough, the beds open again.";
            deeds.push(Deed::new("harm", "Look for harm", lead, "Look for harm").asking(asked("Up to which month?")));
        }
        if !gone {
            let lead = "The month is looked at with everything that has been reported. The look is kept for ever, whatever it says.";
            deeds.push(Deed::new("look", "Look at a month", lead, "Look").asking(asked("Which month?")));
            let public = latest
                .is_some_and(|(_, hash)| read.looks.iter().any(|row| row.hash == *hash && row.published.is_some()));
            if latest.is_some() && !public {
                let lead = "Everybody can then read it without signing in. It can be signed four weeks later.";
                deeds.push(Deed::new("publish", "Make the latest look public", lead, "Make it public"));
            }
        }
    }
    deeds.extend(input::deeds(decision, who));
    if may(Some(who), Action::Govern) {
        let signed =
            |party| latest.is_some_and(|(_, hash)| decision.signed(hash, party).contains(&who.subject.id.as_str()));
        if let Some(party) = party(frozen, &who.subject.id).filter(|party| !gone && !signed(*party)) {
            let side = if party == Party::Commissioners { "commissioners" } else { "providers" };
            let lead = "You sign this very look, with its hash. If anything is reported after it, your signature is not under what is looked at then.";
            deeds.push(Deed::new("sign", &format!("Sign for the {side}"), lead, "Sign this look"));
        }
        if stage == Stage::Signed {
            let fields = vec![line("beds", "How many beds?", &frozen.protocol.beds.to_string())];
            let lead =
                "Both sides have signed. This writes down that so many beds may go, and begins the watch over harm.";
            deeds.push(Deed::new("release", "Let the beds go", lead, "Let them go").asking(fields));
        }
    }
    deeds
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let read = read(&state, id).await?;
    let by = who.subject.id.clone();
    let word = fields.get("do").to_owned();
    let month = || fields.get("month").parse::<Month>().map_err(|error| capital(&error.to_string()));
    if word == "amend" {
        return input::amend(&state, id, &read, &who, &fields).await;
    }
    if let Some(commands) = input::commands(&by, &word, &fields) {
        let outcome = input::take(&state, &who, id, commands).await?;
        return input::answered(&state, id, &who, &fields, outcome).await;
    }
    let (action, command) = match word.as_str() {
        "look" => (Action::KeepMeasures, month().map(|month| Command::Look { by, month })),
        "harm" => (Action::KeepMeasures, month().map(|month| Command::LookForHarm { by, month })),
        "publish" => (Action::KeepMeasures, Ok(Command::Publish { by })),
        "sign" => {
            let party = read.decision.frozen().and_then(|frozen| party(frozen, &by));
            let party = party.ok_or_else(|| "You have no vote on either side of this decision.".to_owned());
            (Action::Govern, party.map(|party| Command::Sign { by, party }))
        }
        "release" => {
            let beds = fields.get("beds").parse().map_err(|_| "Give the number of beds.".to_owned());
            (Action::Govern, beds.map(|beds| Command::Release { by, beds }))
        }
        _ => return Err(Trouble::BadRequest("The form does not say what is to be done.")),
    };
    let outcome = match command {
        // Whoever may not do this hears that first; what was typed is of no matter then.
        Err(why) if may(Some(&who), action) => Err(why),
        Err(_) => act::<Decision>(&state, &who, action, id, Command::Publish { by: String::new() }).await?,
        Ok(command) => act::<Decision>(&state, &who, action, id, command).await?,
    };
    input::answered(&state, id, &who, &fields, outcome).await
}
