//! What somebody can write down about a fall, each on a page of its own: its words, its fields, and the act that follows from what
//! was typed.

use care::age::Age;
use care::fall::{About, Act, Care, Fall, Finding, Injury, Known, Route, Screen, Topic};
use care::views::fall::Full;
use jiff::Timestamp;

use crate::desk::ask::beside::{self, Said};
use crate::desk::ask::form::{Form, offered};
use crate::desk::person::capital;
use crate::pages::ask::decision::{Field, Kind};
use crate::words::uk_time;

/// Something that can be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Screen,
    Route,
    HelpUp,
    Need,
    Assess,
    HazardVisit,
    Strength,
    LookIn,
    FollowUp,
}

impl beside::Deed for Deed {
    const ALL: &'static [Self] = &[
        Self::Screen,
        Self::Route,
        Self::HelpUp,
        Self::Need,
        Self::Assess,
        Self::HazardVisit,
        Self::Strength,
        Self::LookIn,
        Self::FollowUp,
    ];

    fn said(self) -> Said {
        match self {
            Self::Screen => (
                "questions",
                "Answer the five questions",
                "Five questions before anybody is sent",
                "Without a red flag the crisis team goes. With one, this is for 999. The words are general: clinicians of the place \
                 have to review them before any use.",
                "Write it down",
            ),
            Self::Route => (
                "who-goes",
                "Say who goes",
                "Who goes?",
                "Where somebody of the team goes although a red flag calls for 999, a clinician by name has decided so.",
                "Decide so",
            ),
            Self::HelpUp => (
                "up",
                "They are off the floor",
                "Off the floor",
                "The time on the floor is counted to the time you write, not to the time you press.",
                "Write it down",
            ),
            Self::Need => (
                "need",
                "Is a full assessment needed?",
                "Is a full assessment needed?",
                "It follows from a reason that anybody can check, after NICE NG249 (April 2025; its exact wording is unverified \
                 here). One reason is enough, and two are not more.",
                "Say so",
            ),
            Self::Assess => (
                "assessment",
                "Write down the full assessment",
                "The full assessment",
                "What was found, and what is done about it. Leave out what was not looked at.",
                "Write it down",
            ),
            Self::HazardVisit => (
                "hazard-visit",
                "Book the visit for hazards at home",
                "Visit for hazards at home",
                "By an occupational therapist.",
                "Book it",
            ),
            Self::Strength => (
                "strength",
                "Book a class for strength and balance",
                "Strength and balance",
                "A place in a programme.",
                "Book it",
            ),
            Self::LookIn => (
                "how-they-are",
                "Ask how they are, 30 days on",
                "How are they, 30 days on?",
                "Ask the person, or whoever looks after them, how they are, and whether they have fallen again. Nothing is added up from it.",
                "Write it down",
            ),
            Self::FollowUp => (
                "follow-up",
                "Write down how it is, later",
                "How it is",
                "Twelve months on, or before.",
                "Write it down",
            ),
        }
    }
}

impl Deed {
    /// Whether it may be written down now.
    pub(super) fn is_open(self, fall: &Fall) -> bool {
        let needed = !fall.reasons().is_empty() || fall.assessed().is_some();
        match self {
            Self::Screen => fall.up().is_none() || fall.screen().is_none(),
            Self::Route => {
                fall.screen().is_some() && fall.up().is_none() && !matches!(fall.route(), Some(Route::Visit))
            }
            Self::HelpUp => fall.is_on_floor(),
            Self::Need => fall.screen().is_some(),
            Self::Assess | Self::HazardVisit | Self::Strength => needed,
            Self::LookIn => !fall.is_on_floor() && fall.looked_in().is_none(),
            Self::FollowUp => fall.assessed().is_some(),
        }
    }

    /// Its fields, with what is known already.
    pub(super) fn fields(self, full: &Full, now: Timestamp) -> Vec<Field> {
        let with = |value: String, field: Field| Field { values: vec![value], ..field };
        let when = |label: &str| {
            let field = Field::new("when", label, Kind::Line).helped("For example 10:41, or 24 11 2026 10:41");
            with(uk_time(now), field)
        };
        let day = |label: &str| Field::new("on", label, Kind::Line).helped("For example 27 11 2026");
        let known = |name: &str, label: &str| {
            Field::new(name, label, Kind::Radios(offered(Known::ALL.map(|one| (one.word(), capital(one.said()))))))
        };
        let yes_no = |name: &str, label: &str| {
            Field::new(name, label, Kind::Radios(offered([("yes", "Yes".to_owned()), ("no", "No".to_owned())])))
        };
        match self {
            Self::Screen => vec![
                known("lost_consciousness", "Did they lose consciousness?"),
                known("head", "Did they hit their head?"),
                known("blood_thinner", "Do they take something that thins the blood?"),
                Field::new(
                    "injury",
                    "What is hurt?",
                    Kind::Radios(offered(Injury::ALL.map(|one| (one.word(), capital(one.said()))))),
                ),
                known("can_get_up", "Can they get up?"),
            ],
            Self::Route => vec![
                Field::new(
                    "route",
                    "Who goes?",
                    Kind::Radios(offered(Route::ALL.map(|one| (one.word(), capital(one.said()))))),
                ),
                Field::new("because", "Why?", Kind::Lines(2)),
                Field::new("despite", "If not 999: which clinician has decided so, and why?", Kind::Lines(2)),
            ],
            Self::HelpUp => vec![
                when("When?"),
                Field::new(
                    "care",
                    "How much was done?",
                    Kind::Radios(offered(Care::ALL.map(|one| (one.word(), capital(one.said()))))),
                ),
            ],
            Self::Need => {
                let (before, _) = full.falls;
                let field = Field::new("falls", "Falls in the last twelve months, this one included", Kind::Line)
                    .helped("As many as are written here; ask them, there may be more");
                vec![
                    with((before + 1).to_string(), field),
                    yes_no("frailty", "Do they live with frailty?"),
                    yes_no("gait", "Do they walk or balance badly?"),
                    yes_no("condition", "From 50 to 64: a long-term condition that makes falls more likely?"),
                ]
            }
            Self::Assess => {
                let topic = |topic: Topic| {
                    [
                        Field::new(topic.word(), &capital(topic.said()), Kind::Line).helped("What was found"),
                        Field::new(&format!("{}-action", topic.word()), "What is done about it?", Kind::Line),
                    ]
                };
                std::iter::once(when("When?")).chain(Topic::ALL.into_iter().flat_map(topic)).collect()
            }
            Self::HazardVisit => vec![day("On which day?")],
            Self::Strength => vec![day("From which day?"), Field::new("place", "Where?", Kind::Line)],
            Self::LookIn => vec![
                when("When did you ask?"),
                known("again", "Have they fallen again?"),
                Field::new("words", "How are they, and what is done about it?", Kind::Lines(3)),
            ],
            Self::FollowUp => vec![when("When?"), Field::new("words", "How is it?", Kind::Lines(3))],
        }
    }

    /// The act that follows from what was typed; `None` where something is wrong, which the form then says.
    pub(super) fn read(self, form: &mut Form<'_>, age: &Age, now: Timestamp) -> Option<Act> {
        if form.too_long() {
            return None;
        }
        let known = |form: &mut Form<'_>, name: &str| form.chosen(name, Known::from_word, "Choose an answer");
        Some(match self {
            Self::Screen => {
                let lost = known(form, "lost_consciousness");
                let (head, thinner) = (known(form, "head"), known(form, "blood_thinner"));
                let injury = form.chosen("injury", Injury::from_word, "Choose what is hurt");
                let up = known(form, "can_get_up");
                Act::Screen(Screen {
                    lost_consciousness: lost?,
                    head: head?,
                    blood_thinner: thinner?,
                    injury: injury?,
                    can_get_up: up?,
                })
            }
            Self::Route => {
                let route = form.chosen("route", Route::from_word, "Choose who goes");
                let (because, despite) = (form.words("because"), form.maybe("despite"));
                Act::Route { route: route?, because: because?, despite: despite? }
            }
            Self::HelpUp => {
                let (at, care) = (form.moment("when", now), form.chosen("care", Care::from_word, "Choose how much"));
                Act::HelpUp { at: at?, care: care? }
            }
            Self::Need => {
                let falls = form.maybe_number("falls", 1, 365);
                if falls == Some(None) {
                    form.wrong("falls", "Write a number: 1 if this was the only one");
                }
                let yes = |form: &mut Form<'_>, name: &str| form.chosen(name, yes, "Choose yes or no");
                let (frailty, gait, condition) = (yes(form, "frailty"), yes(form, "gait"), yes(form, "condition"));
                let age = match age {
                    Age::Known { years, .. } | Age::Estimated { years, .. } => Some(*years),
                    Age::Unknown {} => None,
                };
                Act::Need(About {
                    age,
                    long_term_condition: condition?,
                    falls_in_a_year: falls??,
                    frailty: frailty?,
                    gait_or_balance: gait?,
                })
            }
            Self::Assess => {
                let at = form.moment("when", now);
                let mut findings = Vec::new();
                for topic in Topic::ALL {
                    let (found, action) = (form.maybe(topic.word())?, form.maybe(&format!("{}-action", topic.word()))?);
                    match (found, action) {
                        (Some(found), action) => findings.push(Finding { topic, found, action }),
                        (None, Some(_)) => form.wrong(topic.word(), "Say what was found"),
                        (None, None) => {}
                    }
                }
                Act::Assess { at: at?, findings }
            }
            Self::HazardVisit => Act::BookHazardVisit(form.day("on")?),
            Self::Strength => {
                let (on, place) = (form.day("on"), form.words("place"));
                Act::BookStrength { on: on?, place: place? }
            }
            Self::LookIn => {
                let (at, again) = (form.moment("when", now), known(form, "again"));
                let words = form.words("words");
                Act::LookIn { at: at?, again: again?, words: words? }
            }
            Self::FollowUp => {
                let (at, words) = (form.moment("when", now), form.words("words"));
                Act::FollowUp { at: at?, words: words? }
            }
        })
    }
}

fn yes(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
