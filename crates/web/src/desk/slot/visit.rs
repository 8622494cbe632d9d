//! One visit to a same-day clinic: arrived, first look, senior clinician, decision; or given back, or not attended. Opening it opens a
//! record: it takes the same permit as the ask it answers.

use access::{Action, Class, Level};
use axum::extract::{Path, Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::clock::Clocks;
use care::slot::{self, Command, Disposition, NotBooked, NotHeld, Slot, Step as Went};
use care::views::slot::{self as rows, Line};
use jiff::Timestamp;
use record::summary::record;
use store::Write;
use uuid::Uuid;

use super::dispositions;
use crate::app::{State, Trouble};
use crate::components::{Colour, Tag};
use crate::desk::Page;
use crate::desk::ask::form::{Form, written_down};
use crate::desk::ask::team::refused;
use crate::desk::ask::words::when;
use crate::desk::person::{banner, capital};
use crate::desk::record::{nobody, unseen};
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::ask::decision::{self, Field, Kind};
use crate::pages::ask::{Step, Way};
use crate::pages::slot::Visit;
use crate::session::{Id, Sent, Who};
use crate::words::{uk_datetime, uk_time};

/// How a place that somebody has stands.
pub(super) fn tag(line: &Line) -> Tag {
    let (words, colour) = match line {
        line if line.held_until.is_some() => ("Held for a few minutes", Colour::Yellow),
        line if line.disposition == "did-not-attend" => ("Did not come", Colour::Red),
        line if line.ended.is_some() => ("Over", Colour::Green),
        line if line.senior.is_some() => ("Seen by a senior", Colour::Blue),
        line if line.initial.is_some() => ("First look done", Colour::Blue),
        line if line.arrived.is_some() => ("Arrived", Colour::Blue),
        _ => ("Booked", Colour::Yellow),
    };
    Tag::new(words).coloured(colour)
}

/// Something that can be done with a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Arrived,
    Initial,
    Senior,
    Decided,
    LeftUnseen,
    DidNotAttend,
    GiveBack,
    Withdraw,
}

type Said = (&'static str, &'static str, &'static str);

impl Deed {
    const ALL: [Self; 8] = [
        Self::Arrived,
        Self::Initial,
        Self::Senior,
        Self::Decided,
        Self::LeftUnseen,
        Self::DidNotAttend,
        Self::GiveBack,
        Self::Withdraw,
    ];

    /// Its word in addresses, its name, what follows from it.
    const fn said(self) -> Said {
        match self {
            Self::Arrived => {
                ("arrive", "They have arrived", "Two clocks begin: for the first look, and for a senior clinician.")
            }
            Self::Initial => ("first", "First look done", "The ask hears that somebody has seen them."),
            Self::Senior => {
                ("senior", "A senior clinician has seen them", "What becomes of them can be decided from then on.")
            }
            Self::Decided => (
                "decided",
                "It is decided what becomes of them",
                "The visit is over. The ask stays until there is an outcome and an answer.",
            ),
            Self::LeftUnseen => {
                ("left", "They left before it was decided", "The visit is over, and its clocks do not count.")
            }
            Self::DidNotAttend => (
                "not-attended",
                "They did not come",
                "The place is not given to anybody else. The ask stays with whoever has it.",
            ),
            Self::GiveBack => (
                "give-back",
                "Give the place back",
                "It is free again for somebody else. The ask stays with whoever has it.",
            ),
            Self::Withdraw => ("withdraw", "Offer it no more", "The place cannot be booked any more."),
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.said().0 == word)
    }

    /// Whether the visit is where this can be done.
    fn is_open(self, slot: &Slot, now: Timestamp) -> bool {
        let last = slot.times().steps().last().map(|(step, _)| *step);
        let begun = slot.starts().is_some_and(|starts| starts <= now);
        match self {
            Self::Withdraw => slot.is_free(now),
            _ if slot.holder(now).is_none() => false,
            Self::Arrived | Self::GiveBack => last.is_none(),
            Self::DidNotAttend => last.is_none() && begun,
            Self::Initial => last == Some(Went::Arrived),
            Self::Senior => last == Some(Went::Initial),
            Self::Decided => last == Some(Went::Senior),
            Self::LeftUnseen => matches!(last, Some(Went::Arrived | Went::Initial | Went::Senior)),
        }
    }

    fn fields(self) -> Vec<Field> {
        let when = Field::new("when", "When?", Kind::Line)
            .helped("Leave it empty for now. Or a time of today, 10:41, or a day and a time, 22 11 2026 10:41");
        match self {
            Self::GiveBack | Self::Withdraw => vec![Field::new("because", "Why?", Kind::Lines(3))],
            Self::Decided => {
                vec![Field::new("disposition", "What becomes of them?", Kind::Radios(dispositions())), when]
            }
            _ => vec![when],
        }
    }

    fn read(self, form: &mut Form<'_>, now: Timestamp) -> Option<Command> {
        if form.too_long() {
            return None;
        }
        let step = match self {
            Self::GiveBack => return form.words("because").map(Command::Free),
            Self::Withdraw => return form.words("because").map(Command::Withdraw),
            Self::Arrived => Went::Arrived,
            Self::Initial => Went::Initial,
            Self::Senior => Went::Senior,
            Self::Decided => {
                Went::Disposed(form.chosen("disposition", Disposition::from_word, "Choose what becomes of them")?)
            }
            Self::LeftUnseen => Went::LeftUnseen,
            Self::DidNotAttend => Went::DidNotAttend,
        };
        Some(Command::Visit { step, at: form.maybe_moment("when", now)?.unwrap_or(now) })
    }
}

/// What every page about one visit begins with.
struct Opened {
    id: Uuid,
    /// Whose; `None` where the place is free.
    person: Option<Uuid>,
    slot: Slot,
    shell: Shell,
}

async fn open(state: &State, who: &Who, id: Uuid, title: &str, free: bool) -> Result<Opened, Trouble> {
    let loaded = move |tx: &mut dyn store::Tx| Ok(store::aggregate::load::<Slot>(&store::log::stream(tx, id)?)?.0);
    let (person, known) = state.read(move |tx| Ok((rows::person_of(tx, id)?, rows::one(tx, id)?))).await?;
    let Some(person) = person else {
        // A place that nobody has is nobody's data; only the clinic's own people do anything with it.
        let team = known.map(|(service, _)| format!("service:{service}"));
        if !free || team.is_none_or(|team| !who.subject.is_of(&team)) {
            return Err(nobody(state, who, Action::ReadRecord, id).await);
        }
        let slot = state.read(loaded).await?;
        return Ok(Opened { id, person: None, slot, shell: who.shell(title, Section::Asks) });
    };
    let permit = state.parts().gate.record(&who.asking(), person).await.map_err(unseen)?;
    if permit.level_of(Class::Ask) != Level::Full {
        return Err(Trouble::NotFound);
    }
    let (slot, record) = state.read(move |tx| Ok((loaded(tx)?, record(tx, &permit)?))).await?;
    let shell = Shell {
        person: record.as_ref().map(|record| banner(state, record, who.at)),
        ..who.shell(title, Section::Asks)
    };
    Ok(Opened { id, person: Some(person), slot, shell })
}

fn of_clinic(who: &Who, slot: &Slot) -> bool {
    who.subject.is_of(&format!("service:{}", slot.service()))
}

/// The page of one visit.
pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    Query(query): Query<Vec<(String, String)>>,
) -> Page {
    let live = live::address(&state, &who, live::Page::Visit(id)).await;
    let opened = open(&state, &who, id, "A same-day visit", false).await?;
    let slot = &opened.slot;
    let place = &state.parts().place;
    let clinic = super::clinics(&state)?.get(slot.service()).cloned();
    let clocks = Clocks::of(place).map_err(|error| Trouble::Broken(error.to_string()))?;
    let mut lines = Vec::new();
    for rule in ["ambulatory-initial", "ambulatory-senior"] {
        let name = clocks.all().iter().find(|clock| clock.id == *rule).map_or(rule, |clock| clock.name.as_str());
        let span = clocks.span(rule, &slot.moments(), who.at).map_err(|error| Trouble::Broken(error.to_string()))?;
        if let Some(span) = span.filter(|_| slot.times().arrived().is_some()) {
            lines.push(crate::desk::ask::clocks::line(name, &span, who.at));
        }
    }
    let ours = of_clinic(&who, slot);
    let asked = slot.holder(who.at).and_then(|holder| holder.ask);
    let deeds = Deed::ALL
        .into_iter()
        .filter(|deed| deed.is_open(slot, who.at) && (ours || *deed == Deed::GiveBack && who.may(Action::WorkAsk)));
    let starts = slot.starts().map(|at| when(at, who.at)).unwrap_or_default();
    let last = slot.times().steps().last().map(|(step, _)| *step);
    let (state_tag, next) = match last {
        None => (Tag::new("Booked").coloured(Colour::Yellow), "Next, they arrive."),
        Some(Went::Arrived) => (Tag::new("Arrived").coloured(Colour::Blue), "Next, somebody takes a first look."),
        Some(Went::Initial) => {
            (Tag::new("First look done").coloured(Colour::Blue), "Next, a senior clinician sees them.")
        }
        Some(Went::Senior) => {
            (Tag::new("Seen by a senior").coloured(Colour::Blue), "Next, it is decided what becomes of them.")
        }
        Some(Went::Disposed(_)) => (Tag::new("Over").coloured(Colour::Green), "The visit is over."),
        Some(Went::LeftUnseen) => (Tag::new("Left").coloured(Colour::Grey), "They left before it was decided."),
        Some(Went::DidNotAttend) => (Tag::new("Did not come").coloured(Colour::Red), "They did not come."),
    };
    let mut facts = vec![("When".to_owned(), slot.starts().map(uk_datetime).unwrap_or_default())];
    if let Some(clinic) = &clinic {
        facts.push(("Where".to_owned(), clinic.at.clone()));
    }
    if let Some(Went::Disposed(to)) = last {
        facts.push(("What became of them".to_owned(), capital(to.said())));
    }
    let view = Visit {
        shell: Shell { live, ..opened.shell.clone() },
        heading: clinic.map_or_else(|| capital(&slot.service().replace('-', " ")), |clinic| clinic.name),
        state: Some(state_tag),
        lead: format!("Their place is {starts}. {next}"),
        done: written_down(query),
        clocks: lines,
        facts,
        ways: deeds
            .map(|deed| Way { text: deed.said().1.to_owned(), href: format!("/slots/{id}/{}", deed.said().0) })
            .chain(asked.map(|ask| Way { text: "The ask it answers".to_owned(), href: format!("/asks/{ask}") }))
            .collect(),
        steps: slot.times().steps().iter().rev().map(|(step, at)| step_words(*step, *at, who.at)).collect(),
    };
    Ok(Html(view.to_string()))
}

fn step_words(step: Went, at: Timestamp, now: Timestamp) -> Step {
    let what = match step {
        Went::Arrived => "They arrived".to_owned(),
        Went::Initial => "Somebody took a first look".to_owned(),
        Went::Senior => "A senior clinician saw them".to_owned(),
        Went::Disposed(to) => format!("It was decided: {}", to.said()),
        Went::LeftUnseen => "They left before it was decided".to_owned(),
        Went::DidNotAttend => format!("They had not come by {}", uk_time(at)),
    };
    Step { when: when(at, now), what, ..Step::default() }
}

async fn named(state: &State, who: &Who, id: &str, word: &str) -> Result<(Deed, Opened), Trouble> {
    let deed = Deed::from_word(word).ok_or(Trouble::NotFound)?;
    let id: Uuid = id.parse().map_err(|_| Trouble::NotFound)?;
    let opened = open(state, who, id, deed.said().1, deed == Deed::Withdraw).await?;
    // Whoever has the ask may give the place back; the rest is the clinic's. The rules look again.
    if deed != Deed::GiveBack && !of_clinic(who, &opened.slot) {
        return Err(Trouble::NotFound);
    }
    Ok((deed, opened))
}

fn view(opened: &Opened, deed: Deed, fields: Vec<Field>, error: Option<String>) -> decision::View {
    let (word, text, lead) = deed.said();
    let (back_href, back_text) = match opened.person {
        Some(_) => (format!("/slots/{}", opened.id), "Back to the visit"),
        None => ("/slots".to_owned(), "Same-day places"),
    };
    decision::View {
        shell: opened.shell.clone(),
        back_href,
        back_text: Some(back_text.to_owned()),
        heading: text.to_owned(),
        lead: lead.to_owned(),
        facts: vec![("Their place".to_owned(), opened.slot.starts().map(uk_datetime).unwrap_or_default())],
        action: format!("/slots/{}/{word}", opened.id),
        fields,
        button: "Write it down".to_owned(),
        error,
        ..decision::View::default()
    }
}

/// The question of something that can be done.
pub(crate) async fn ask(Shared(state): Shared<State>, who: Who, Path((id, word)): Path<(String, String)>) -> Page {
    let (deed, opened) = named(&state, &who, &id, &word).await?;
    let error =
        (!deed.is_open(&opened.slot, who.at)).then(|| "This cannot be done now. Open the place again.".to_owned());
    Ok(Html(decision::render(&view(&opened, deed, deed.fields(), error))))
}

/// Its answer.
pub(crate) async fn act(
    Shared(state): Shared<State>,
    Path((id, word)): Path<(String, String)>,
    Sent { who, fields: typed }: Sent,
) -> Result<Response, Trouble> {
    let (deed, opened) = named(&state, &who, &id, &word).await?;
    let mut form = Form::of(deed.fields(), &typed);
    let command = deed.read(&mut form, who.at).filter(|_| !form.is_wrong());
    let again = |form: Form<'_>, error: Option<String>| {
        Ok(Html(decision::render(&view(&opened, deed, form.into_fields(), error))).into_response())
    };
    let Some(command) = command else { return again(form, None) };
    let (slot, at, by) = (opened.id, who.at, who.subject.clone());
    let outcome = match (command, opened.person) {
        (Command::Withdraw(because), _) => {
            let writing =
                move |write: &mut Write<'_>| slot::withdraw(write, &by, slot, because.clone(), at).map(|_| ());
            state.parts().store.write_async(writing).await
        }
        (_, None) => return Err(Trouble::NotFound),
        (command, Some(person)) => {
            let permit = state.parts().gate.work_ask(&who.asking(), person).await.map_err(unseen)?;
            let writing =
                move |write: &mut Write<'_>| slot::visit(write, &permit, slot, command.clone(), at).map(|_| ());
            state.parts().store.write_async(writing).await
        }
    };
    let free = matches!(deed, Deed::GiveBack | Deed::Withdraw);
    let to = if free { "/slots".to_owned() } else { format!("/slots/{slot}?done=yes") };
    match outcome {
        Ok(()) => Ok(Redirect::to(&to).into_response()),
        Err(NotBooked::Slot(NotHeld::Store(error))) => Err(error.into()),
        Err(refusal) => again(form, Some(refused(&state.parts().place, &refusal, refusal.team()))),
    }
}
