//! Opening a closed record, closing it again, and the register in which that is reviewed.

use std::sync::Arc;

use access::glass::{FRESH, Outcome, Refusal, Stage, Why};
use access::views::glass::{Line, Open, Whole, alerts, one, open, reviewed, waiting};
use access::views::seal::{Held, register};
use access::{Finding, GlassPermit, NotDone, Seal, Stated};
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Redirect, Response};
use record::find::identities;
use record::summary::root;
use uuid::Uuid;

use super::Page;
use super::feeds::thousands;
use super::person::{capital, href, identity_banner};
use crate::app::{State, Trouble};
use crate::components::{Colour, Column, GlassBanner, PersonBanner, Table};
use crate::layout::{Section, Shell};
use crate::pages::glass::{self as pages, Break, Chosen, Entry, Register, render_break, render_entry, render_register};
use crate::session::{Id, Sent, Who};
use crate::words::{london_date, uk_date, uk_datetime, uk_time};

/// The most lines of each part of the register.
const MOST: i64 = 200;
/// The alerts above it.
const ALERTS: i64 = 5;

impl From<NotDone> for Trouble {
    fn from(not: NotDone) -> Self {
        match not {
            NotDone::Store(error) => error.into(),
            NotDone::Rules(Refusal::NotAReviewer) => {
                Self::Forbidden("only a privacy officer reviews why a closed record was opened")
            }
            NotDone::Rules(Refusal::NotAssured) => {
                Self::Forbidden("a closed record opens only after a sign-in with two factors")
            }
            NotDone::Rules(Refusal::SignInAgain) => {
                Self::Forbidden("you signed in a while ago; sign out and in again, then open the record")
            }
            NotDone::Rules(Refusal::NotBroken) => Self::NotFound,
            NotDone::Rules(Refusal::Closed) => Self::BadRequest("The record has closed already."),
            NotDone::Rules(_) => Self::Forbidden("your role does not open closed records"),
        }
    }
}

/// The glass that a reader has open for a person, as the pages of that person say it.
pub(crate) async fn banner(state: &State, who: &Who, person: Uuid) -> Result<Option<GlassBanner>, Trouble> {
    // Whoever breaks no glass has none open: their pages cost nothing more.
    if !access::glass::breaks(&who.subject, who.purpose()) {
        return Ok(None);
    }
    let (reader, at) = (who.subject.id.clone(), who.at);
    let standing = state.read(move |tx| {
        let known_as = record::views::person::leaves(tx, person)?;
        standing(tx, &reader, person, &known_as, at)
    });
    Ok(standing.await?.map(|open| GlassBanner {
        sentence: format!(
            "You opened this closed record at {}. It closes at {}.",
            uk_time(open.since),
            uk_time(open.until)
        ),
        action: format!("{}/glass/close", href(person)),
        token: who.shell("", Section::None).token,
    }))
}

fn standing(
    tx: &mut dyn store::Tx,
    reader: &str,
    person: Uuid,
    known_as: &[Uuid],
    at: jiff::Timestamp,
) -> store::Result<Option<Open>> {
    let ids: Vec<Uuid> = std::iter::once(person).chain(known_as.iter().copied()).collect();
    open(tx, reader, &ids, at)
}

/// Whom an address is about, who may be asked for; refused and written down for a role that breaks no glass.
async fn whom(state: &State, who: &Who, id: Uuid) -> Result<(Uuid, Vec<Uuid>), Trouble> {
    state.parts().gate.may_break_glass(&who.asking(), id).await?;
    let person = state.read(move |tx| root(tx, id)).await?.ok_or(Trouble::NotFound)?;
    let known_as = state.read(move |tx| record::views::person::leaves(tx, person)).await?;
    Ok((person, known_as))
}

/// Who the person is, and nothing else of them: whoever is about to open a record must see whose.
async fn identified(state: &State, who: &Who, person: Uuid) -> Result<PersonBanner, Trouble> {
    let permit = state.parts().gate.list(&who.asking(), vec![person]).await?;
    let found = state.read(move |tx| identities(tx, &permit)).await?;
    let banner = found.first().map(|identity| identity_banner(state, identity, who.at));
    banner.ok_or(Trouble::NotFound)
}

async fn form(state: &State, who: &Who, person: Uuid) -> Result<Break, Trouble> {
    let banner = identified(state, who, person).await?;
    Ok(Break {
        shell: Shell { person: Some(banner), ..who.shell("Open a closed record", Section::People) },
        action: format!("{}/glass", href(person)),
        why: whys(None),
        ..Break::default()
    })
}

fn whys(chosen: Option<Why>) -> Vec<Chosen> {
    let each = |why: Why| Chosen { value: why.word().to_owned(), text: why.said().to_owned(), on: Some(why) == chosen };
    Why::ALL.map(each).to_vec()
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Result<Response, Trouble> {
    let (person, known_as) = whom(&state, &who, id).await?;
    let (reader, at) = (who.subject.id.clone(), who.at);
    if state.read(move |tx| standing(tx, &reader, person, &known_as, at)).await?.is_some() {
        return Ok(Redirect::to(&href(person)).into_response());
    }
    // Before anybody types a reason for nothing.
    if state.parts().door.glass.is_some_and(|fresh| who.at.duration_since(who.since) > fresh) {
        return Err(NotDone::Rules(Refusal::SignInAgain).into());
    }
    Ok(Html(render_break(&form(&state, &who, person).await?)).into_response())
}

pub(crate) async fn ask(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (person, known_as) = whom(&state, &who, id).await?;
    let why = Why::from_word(fields.get("why"));
    let secret = fields.get("secret") == "yes";
    let (reason, because) = (fields.get("reason").to_owned(), fields.get("secret_because").to_owned());
    let mut errors = Vec::new();
    let mut wrong = |field: &str, text: String| errors.push((field.to_owned(), text));
    match why {
        None => wrong("why", "Choose what sort of reason it is".to_owned()),
        Some(why) => {
            let harm = secret.then(|| because.clone());
            let fresh = state.parts().door.glass;
            let stated = Stated {
                why,
                reason: reason.clone(),
                harm,
                signed_in: fresh.map(|_| who.since),
                fresh: fresh.unwrap_or(FRESH),
            };
            match state.parts().gate.break_glass(&who.asking(), person, known_as, stated).await {
                Ok(_) | Err(NotDone::Rules(Refusal::OpenAlready(_))) => {
                    return Ok(Redirect::to(&href(person)).into_response());
                }
                Err(NotDone::Rules(refusal @ Refusal::HarmWithoutReason)) => {
                    wrong("secret_because", refusal.to_string());
                }
                Err(NotDone::Rules(refusal @ (Refusal::ReasonTooShort | Refusal::TooLong))) => {
                    wrong("reason", refusal.to_string());
                }
                Err(other) => return Err(other.into()),
            }
        }
    }
    let view =
        Break { why: whys(why), reason, secret, secret_because: because, errors, ..form(&state, &who, person).await? };
    Ok(Html(render_break(&view)).into_response())
}

pub(crate) async fn close(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, .. }: Sent,
) -> Result<Response, Trouble> {
    let (person, known_as) = whom(&state, &who, id).await?;
    match state.parts().gate.close_glass(&who.asking(), person, known_as).await {
        // Closed by the clock a moment before: what they wanted.
        Ok(()) | Err(NotDone::Rules(Refusal::Closed)) => Ok(Redirect::to("/people").into_response()),
        Err(other) => Err(other.into()),
    }
}

/// One line of the register, with how long there is for its review.
pub(crate) fn line(state: &State, who: &Who, line: &Line) -> pages::Line {
    let calendar = state.parts().place.calendar();
    let due = uk_date(access::glass::due(line.at, calendar));
    let (mark, colour, clock) = match line.stage(calendar, who.at) {
        Stage::Overdue => ("Overdue", Colour::Red, format!("was due by {due}")),
        Stage::Due => ("Due", Colour::Yellow, format!("by {due}")),
        Stage::Open => ("Open", Colour::Blue, format!("until {}; review by {due}", uk_time(line.closes))),
        Stage::Reviewed => {
            let outcome = line.outcome.unwrap_or(Outcome::FollowUp);
            let colour = match outcome {
                Outcome::Appropriate => Colour::Green,
                Outcome::NotAppropriate => Colour::Red,
                Outcome::FollowUp => Colour::Orange,
            };
            let on = line.reviewed.map(|at| uk_date(london_date(at))).unwrap_or_default();
            (outcome.said(), colour, on)
        }
    };
    pages::Line {
        href: format!("/privacy/glass/{}", line.id),
        who: line.name.clone(),
        role: by(line),
        why: line.why.said().to_owned(),
        when: uk_datetime(line.at),
        state: mark.to_owned(),
        colour: Some(colour),
        clock,
    }
}

fn by(line: &Line) -> String {
    format!("{}, {}", line.role.map_or("", crate::personas::role_words), line.organisation)
}

/// Those that wait, what is overdue first, then what is due, then what is still open.
pub(crate) fn ordered(state: &State, who: &Who, mut lines: Vec<Line>) -> Vec<Line> {
    let calendar = state.parts().place.calendar();
    lines.sort_by_key(|line| (line.stage(calendar, who.at), line.at));
    lines
}

/// What an alert says: nothing by which anybody could be known.
fn told(alert: &access::views::glass::Alert) -> String {
    let role = alert.role.map_or("somebody", access::Role::said);
    let role = capital(role);
    format!(
        "{role} of {} opened a closed record on {}. The register has it.",
        alert.organisation,
        uk_datetime(alert.at)
    )
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    // Refused, and written down, for everybody who does not review.
    state.parts().gate.may_review(&who.asking()).await?;
    let desk = state.parts().gate.desk(&who.asking()).await?;
    let (waits, done, new, seals) = state
        .read(move |tx| {
            let lists = (waiting(tx, &desk, MOST)?, reviewed(tx, &desk, MOST)?);
            Ok((lists.0, lists.1, alerts(tx, &desk, ALERTS)?, register(tx, &desk)?))
        })
        .await?;
    let view = Register {
        shell: who.shell("Closed records that were opened", Section::Home),
        alerts: new.iter().map(told).collect(),
        waiting: ordered(&state, &who, waits).iter().map(|one| line(&state, &who, one)).collect(),
        reviewed: done.iter().map(|one| line(&state, &who, one)).collect(),
        seals: (!seals.is_empty()).then(|| sealed(&state, &seals)),
    };
    Ok(Html(render_register(&view)))
}

fn sealed(state: &State, seals: &[Held]) -> Table {
    let rows = seals.iter().map(|held| {
        let kind = match (held.harmful, held.level) {
            (true, _) => "Kept from the person",
            (false, Seal::Hidden) => "Sealed out of sight",
            _ => "Sealed; that there is something is shown",
        };
        let wish = if held.wish { "The person's wish" } else { "The author's" };
        vec![
            super::seal::holder_words(&state.parts().place, &held.holder).into(),
            kind.into(),
            if held.harmful { "A clinician's" } else { wish }.into(),
            thousands(held.count).into(),
        ]
    });
    let columns =
        vec![Column::new("Held by"), Column::new("Kind"), Column::new("Whose decision"), Column::numeric("Entries")];
    Table { caption_size: None, ..Table::new("Seals that stand", columns, rows.collect()) }
}

/// Opens one entry of the register: whose record it was is a look at them.
async fn entered(state: &State, who: &Who, id: Uuid) -> Result<(Arc<GlassPermit>, Whole, Entry), Trouble> {
    let permit = Arc::new(state.parts().gate.glass(&who.asking(), id).await?);
    let leave = permit.clone();
    let whole = state.read(move |tx| one(tx, &leave)).await?.ok_or(Trouble::NotFound)?;
    let at_the_time = whole.person;
    let person = state.read(move |tx| root(tx, at_the_time)).await?.unwrap_or(at_the_time);
    let banner = identified(state, who, person).await?;
    let view = entry(state, who, &whole, person, banner);
    Ok((permit, whole, view))
}

fn entry(state: &State, who: &Who, whole: &Whole, person: Uuid, banner: PersonBanner) -> Entry {
    let line = &whole.line;
    let calendar = state.parts().place.calendar();
    let stage = line.stage(calendar, who.at);
    let mut facts = vec![
        ("Opened by", format!("{}, {}", line.name, by(line))),
        ("When", uk_datetime(line.at)),
        (
            if stage == Stage::Open { "Closes" } else { "Closed" },
            format!("{}{}", uk_datetime(line.closes), if line.ended { ", by the reader" } else { "" }),
        ),
        ("Reason given", line.why.said().to_owned()),
        ("In their words", whole.reason.clone()),
        ("Looks made through it", thousands(whole.looks)),
        (
            "The person is told",
            if line.withheld {
                format!("No: {} decided so. {}", whole.withheld_by, whole.withheld_because)
            } else {
                "Yes".to_owned()
            },
        ),
        ("Review due by", uk_date(access::glass::due(line.at, calendar))),
    ];
    if let (Some(at), Some(outcome)) = (line.reviewed, line.outcome) {
        facts.push(("Reviewed", format!("{} by {}: {}", uk_datetime(at), whole.reviewer, outcome.said())));
        facts.push(("What they found", whole.words.clone()));
    }
    let no_form = match (stage, line.outcome) {
        _ if whole.theirs => Some("You opened this record yourself. Somebody else has to review it."),
        (Stage::Open, _) => {
            Some("The record is still open. Review it once it has closed, when all that was looked at is known.")
        }
        (Stage::Reviewed, Some(Outcome::FollowUp)) | (Stage::Due | Stage::Overdue, _) => None,
        (Stage::Reviewed, _) => Some("This has been reviewed."),
    };
    Entry {
        shell: Shell { person: Some(banner), ..who.shell("A closed record that was opened", Section::Home) },
        action: format!("/privacy/glass/{}", line.id),
        facts: facts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(),
        no_form: no_form.map(str::to_owned),
        looks_href: format!("{}/access", href(person)),
        outcome: outcomes(None),
        told: told_choices(line.withheld.then_some(false)),
        ..Entry::default()
    }
}

fn outcomes(chosen: Option<Outcome>) -> Vec<Chosen> {
    let each = |outcome: Outcome| Chosen {
        value: outcome.word().to_owned(),
        text: outcome.said().to_owned(),
        on: Some(outcome) == chosen,
    };
    Outcome::ALL.map(each).to_vec()
}

fn told_choices(told: Option<bool>) -> Vec<Chosen> {
    [
        ("yes", "Yes, they see it among the looks at their record", true),
        ("no", "No, it would put somebody at risk", false),
    ]
    .map(|(value, text, says)| Chosen { value: value.to_owned(), text: text.to_owned(), on: told == Some(says) })
    .to_vec()
}

pub(crate) async fn review_page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Page {
    let (_, _, view) = entered(&state, &who, id).await?;
    Ok(Html(render_entry(&view)))
}

pub(crate) async fn review(Shared(state): Shared<State>, Id(id): Id, Sent { who, fields }: Sent) -> Page {
    let (permit, whole, mut view) = entered(&state, &who, id).await?;
    let outcome = Outcome::from_word(fields.get("outcome"));
    let told = match fields.get("told") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    view.outcome = outcomes(outcome);
    view.told = told_choices(told);
    view.words = fields.get("words").to_owned();
    view.secret_because = fields.get("secret_because").to_owned();
    let mut wrong = |field: &str, text: &str| view.errors.push((field.to_owned(), text.to_owned()));
    let (Some(outcome), Some(told)) = (outcome, told) else {
        if outcome.is_none() {
            wrong("outcome", "Choose whether it was right to open this record");
        }
        if told.is_none() {
            wrong("told", "Choose whether the person is told");
        }
        return Ok(Html(render_entry(&view)));
    };
    let harm = (!told).then(|| view.secret_because.clone());
    let finding = Finding { outcome, words: view.words.clone(), harm };
    match state.parts().gate.review_glass(&who.asking(), &permit, finding).await {
        Ok(()) => {
            let (_, _, view) = entered(&state, &who, whole.line.id).await?;
            Ok(Html(render_entry(&Entry { saved: true, ..view })))
        }
        Err(NotDone::Rules(refusal @ (Refusal::WordsTooShort | Refusal::TooLong))) => {
            wrong("words", &refusal.to_string());
            Ok(Html(render_entry(&view)))
        }
        Err(NotDone::Rules(refusal @ Refusal::HarmWithoutReason)) => {
            wrong("secret_because", &refusal.to_string());
            Ok(Html(render_entry(&view)))
        }
        Err(NotDone::Rules(refusal @ (Refusal::TheirOwn | Refusal::StillOpen | Refusal::ReviewedAlready))) => {
            wrong("outcome", &refusal.to_string());
            Ok(Html(render_entry(&view)))
        }
        Err(other) => Err(other.into()),
    }
}
