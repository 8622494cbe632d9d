//! What somebody of the crisis team can do with a response, each on a page of its own: its words, its fields, and the act that
//! follows from what was typed. Whether it may be done now, the response is asked.

use care::ask::Ask;
use care::crisis::{Act, Command, Measure, Onward, Response, Stage, Void};
use care::episode::Without;
use care::words::Words;
use jiff::Timestamp;
use place::Place;
use store::Aggregate as _;

use crate::desk::ask::beside::{self, Said};
use crate::desk::ask::form::{Form, offered};
use crate::desk::ask::team;
use crate::desk::person::capital;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::words::uk_time;

/// Something that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Assign,
    SetOff,
    Arrive,
    Measure,
    Stabilise,
    HandOn,
    Void,
}

impl beside::Deed for Deed {
    const ALL: &'static [Self] =
        &[Self::Assign, Self::SetOff, Self::Arrive, Self::Measure, Self::Stabilise, Self::HandOn, Self::Void];

    fn said(self) -> Said {
        match self {
            Self::Assign => (
                "assign",
                "Say who goes",
                "Who goes?",
                "They stand on the board from now on. Until they arrive, somebody else can be sent instead.",
                "Send them",
            ),
            Self::SetOff => (
                "en-route",
                "They are on the way",
                "They are on the way",
                "Write when they set off. What is told late counts at the time it happened.",
                "Write it down",
            ),
            Self::Arrive => (
                "arrived",
                "They have arrived",
                "They have arrived",
                "The two-hour clock stops at the time you write, not at the time you press; whoever asked can see it.",
                "Write it down",
            ),
            Self::Measure => (
                "measured",
                "Write down what was measured",
                "What was measured",
                "Figures of this visit. Nothing is added up from them. Leave out what was not measured.",
                "Write it down",
            ),
            Self::Stabilise => (
                "stabilise",
                "Begin to make things safe",
                "Make things safe",
                "The plan for the next 72 hours.",
                "Write it down",
            ),
            Self::HandOn => (
                "hand-on",
                "Somebody else has them now",
                "Hand them on",
                "This closes the response and the ask. It needs somebody by name who has said yes: ring them first.",
                "Hand them on",
            ),
            Self::Void => (
                "nobody-goes",
                "Nobody goes, or the person has died",
                "Nobody goes",
                "The response ends. The ask stays with your team until it is handed on, or answered and closed.",
                "Write it down",
            ),
        }
    }
}

impl Deed {
    /// Its fields, with what is known already.
    pub(super) fn fields(self, place: &Place, response: &Response, ask: &Ask, now: Timestamp) -> Vec<Field> {
        let when = |label: &str| {
            let field = Field::new("when", label, Kind::Line).helped("For example 10:41, or 24 11 2026 10:41");
            Field { values: vec![uk_time(now)], ..field }
        };
        match self {
            Self::Assign => {
                let condition = Field::new("condition", "Which condition is it?", Kind::Select(conditions(place)))
                    .helped("The nine for which somebody comes within two hours");
                let unnamed = response.condition().is_none();
                unnamed
                    .then_some(condition)
                    .into_iter()
                    .chain([
                        Field::new("responder", "Who goes?", Kind::Line).helped("Name and role"),
                        Field::new("equipment", "What do they take along?", Kind::Line)
                            .helped("A raiser, a commode. Leave it empty if nothing"),
                    ])
                    .collect()
            }
            Self::SetOff => vec![when("When did they set off?")],
            Self::Arrive => vec![when("When did they arrive?")],
            Self::Measure => {
                let figure = |measure: Measure| {
                    let (least, most) = measure.between();
                    Field::new(measure.word(), &capital(measure.said()), Kind::Line)
                        .helped(&format!("{least} to {most}"))
                };
                Measure::ALL.into_iter().map(figure).chain([when("When?")]).collect()
            }
            Self::Stabilise => {
                vec![Field::new("words", "What is the plan?", Kind::Lines(4)), when("Since when?")]
            }
            Self::HandOn => {
                let told = Field::new("told", "How was whoever asked told?", Kind::Line)
                    .helped("On the line, by message. They have not been told yet");
                let untold = ask.answered().is_none();
                [
                    Field::new("onward", "Where do they go?", Kind::Radios(onward())),
                    Field::new("team", "Which team has them?", Kind::Select(team::choices(place))),
                    Field::new("name", "Who of that team has said yes, by name?", Kind::Line),
                    when("Since when?"),
                    Field::new("without", "What would have happened without you?", Kind::Radios(without()))
                        .helped("In your eyes. The person is asked as well, later"),
                ]
                .into_iter()
                .chain(untold.then_some(told))
                .collect()
            }
            Self::Void => vec![
                Field::new("why", "Why?", Kind::Radios(voids(response))),
                Field::new("because", "In your words: who says so?", Kind::Lines(3)),
            ],
        }
    }

    /// The act that follows from what was typed; `None` where something is wrong, which the form then says.
    pub(super) fn read(self, form: &mut Form<'_>, now: Timestamp) -> Option<Act> {
        if form.too_long() {
            return None;
        }
        Some(match self {
            Self::Assign => {
                let condition = form.if_there("condition", |form| {
                    form.chosen("condition", |word| (!word.is_empty()).then(|| word.to_owned()), "Choose a condition")
                });
                let (responder, equipment) = (form.words("responder"), form.maybe("equipment"));
                Act::Assign { condition: condition?, responder: responder?, equipment: equipment? }
            }
            Self::SetOff => Act::SetOff(form.moment("when", now)?),
            Self::Arrive => Act::Arrive(form.moment("when", now)?),
            Self::Measure => {
                let mut values = Vec::new();
                let mut whole = true;
                for measure in Measure::ALL {
                    let (least, most) = measure.between();
                    match form.maybe_number(measure.word(), least, most) {
                        Some(Some(value)) => values.push((measure, value)),
                        Some(None) => {}
                        None => whole = false,
                    }
                }
                let at = form.moment("when", now);
                Act::Measure { values: whole.then_some(values)?, at: at? }
            }
            Self::Stabilise => {
                let (plan, at) = (form.words("words"), form.moment("when", now));
                Act::Stabilise { at: at?, plan: plan? }
            }
            Self::HandOn => {
                let onward = form.chosen("onward", onward_of, "Choose where they go");
                let (team, name, at) = (form.team("team"), form.words("name"), form.moment("when", now));
                let without = form.chosen("without", Without::from_word, "Choose what would have happened");
                let told: Option<Option<Words>> = form.if_there("told", |form| form.words("told"));
                Act::HandOn { onward: onward?, team: team?, name: name?, at: at?, without: without?, told: told? }
            }
            Self::Void => {
                let (why, because) = (form.chosen("why", Void::from_word, "Choose why"), form.words("because"));
                Act::Void { why: why?, because: because? }
            }
        })
    }

    /// Whether the response would let somebody of the team do it now, whatever they type.
    pub(super) fn is_open(self, response: &Response, now: Timestamp) -> bool {
        let Ok(some) = Words::try_from("specimen") else { return false };
        let command = match self {
            // Which condition it is, the page asks.
            Self::Assign => return matches!(response.stage(), Stage::Accepted | Stage::Assigned | Stage::EnRoute),
            Self::SetOff if response.set_off().is_some() => return false,
            Self::SetOff => Command::SetOff(now),
            Self::Arrive => Command::Arrive(now),
            Self::Measure => Command::Measure { measure: Measure::News2, value: 1, at: now },
            Self::Stabilise => Command::Stabilise { at: now, plan: some },
            // Where they have gone on already, only somebody by name is missing.
            Self::HandOn if response.stage() == Stage::Stepped => return true,
            Self::HandOn => Command::Step { onward: Onward::Down, to: some, at: now },
            Self::Void => Command::Void { why: Void::Died, because: some, at: now },
        };
        response.decide(command, now).is_ok()
    }
}

fn conditions(place: &Place) -> Vec<Offered> {
    let none = Offered { value: String::new(), text: "Choose a condition".to_owned(), hint: None };
    let each = |one: &place::Condition| Offered { value: one.id.to_string(), text: one.name.clone(), hint: None };
    std::iter::once(none).chain(place.conditions().iter().map(each)).collect()
}

fn onward() -> Vec<Offered> {
    offered([
        ("down", "To their neighbourhood’s team".to_owned()),
        ("up", "To more support: the ambulatory unit, the emergency department, a ward".to_owned()),
    ])
}

fn onward_of(word: &str) -> Option<Onward> {
    match word {
        "down" => Some(Onward::Down),
        "up" => Some(Onward::Up),
        _ => None,
    }
}

fn without() -> Vec<Offered> {
    offered(Without::ALL.map(|one| (one.word(), capital(one.said()))))
}

/// Once somebody is there, only a death ends it without somebody who has the person.
fn voids(response: &Response) -> Vec<Offered> {
    let there = response.arrived().is_some();
    offered(
        Void::ALL.into_iter().filter(|one| !there || *one == Void::Died).map(|one| (one.word(), capital(one.said()))),
    )
}
