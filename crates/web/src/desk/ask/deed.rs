//! What somebody can do with an ask, each on a page of its own: its words, its fields, and the act that follows from what was
//! typed. Which of them are offered is asked of the ask itself: it is tried with a specimen, so that a page never offers what the
//! rules would refuse, and never hides what they would allow.

mod said;

use access::Subject;
use care::Team;
use care::ask::{Act, Ask, Command, Contact, Ending, Refusal, Urgency};
use care::reciprocal::{Reciprocal, Reply};
use care::triage::{Alternative, Decision, Destination, Owner, Triage};
use care::words::Words;
use jiff::Timestamp;
use place::Place;
use store::Aggregate as _;

use super::form::{Form, offered};
use super::team;
use crate::desk::person::capital;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::words::london_date;

/// Something that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Receive,
    Accept,
    Return,
    StartTriage,
    AskMore,
    GiveInfo,
    HandOn,
    TakeBack,
    Advise,
    Redirect,
    Decline,
    Schedule,
    StartContact,
    EndContact,
    Outcome,
    Answer,
    NoAnswer,
    Close,
    AskNeighbour,
    NeighbourReplied,
    AddWords,
    NotReached,
    Died,
    Withdraw,
}

impl Deed {
    /// Every one, in the order in which a page offers them.
    pub(super) const ALL: [Self; 24] = [
        Self::Receive,
        Self::Accept,
        Self::Return,
        Self::StartTriage,
        Self::AskMore,
        Self::GiveInfo,
        Self::HandOn,
        Self::TakeBack,
        Self::Advise,
        Self::Redirect,
        Self::Decline,
        Self::Schedule,
        Self::StartContact,
        Self::EndContact,
        Self::Outcome,
        Self::Answer,
        Self::NoAnswer,
        Self::Close,
        Self::AskNeighbour,
        Self::NeighbourReplied,
        Self::AddWords,
        Self::NotReached,
        Self::Died,
        Self::Withdraw,
    ];

    /// The deed of a word in an address.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    pub(super) const fn word(self) -> &'static str {
        self.said().0
    }

    pub(super) const fn link(self) -> &'static str {
        self.said().1
    }

    pub(super) const fn heading(self) -> &'static str {
        self.said().2
    }

    pub(super) const fn lead(self) -> &'static str {
        self.said().3
    }

    pub(super) const fn button(self) -> &'static str {
        self.said().4
    }

    /// Its fields, empty.
    pub(super) fn fields(self, place: &Place) -> Vec<Field> {
        let because = |label: &str| Field::new("because", label, Kind::Lines(3));
        let when = || Field::new("when", "When?", Kind::Line).helped("For example 10:41, or 22 11 2026 10:41");
        match self {
            Self::Receive | Self::Accept | Self::StartTriage => Vec::new(),
            Self::Return | Self::TakeBack => vec![because("Why?")],
            Self::AskMore => vec![Field::new("words", "What do you need to know?", Kind::Lines(3))],
            Self::GiveInfo => vec![Field::new("words", "What is known?", Kind::Lines(4))],
            Self::AddWords => vec![Field::new("words", "What?", Kind::Lines(4))],
            Self::HandOn => vec![
                Field::new("team", "To which team?", Kind::Select(team::choices(place))),
                Field::new("note", "What do they have to know?", Kind::Lines(4)),
                on_the_line(),
            ],
            Self::Advise => {
                vec![Field::new("advice", "The advice", Kind::Lines(5)), because("Why is advice enough?"), urgency()]
            }
            Self::Redirect => vec![
                Field::new("name", "Who is right for it?", Kind::Line).helped("As whoever asked would know them"),
                Field::new("contact", "How are they reached?", Kind::Line),
                Field::new("team", "A team here?", Kind::Select(team::choices(place)))
                    .helped("With a team, it is offered to them now. Without, it stays yours until they have it"),
                because("Why are they right for it?"),
                urgency(),
            ],
            Self::Decline => vec![
                because("Why not this?"),
                Field::new("what", "What instead?", Kind::Lines(3)),
                Field::new("how", "How do they get there?", Kind::Line).helped("A number, an address, who rings whom"),
                Field::new("team", "Which team sees to it?", Kind::Select(team::choices(place))),
                Field::new("name", "Who of that team, by name?", Kind::Line),
                urgency(),
            ],
            Self::Schedule => vec![when(), Field::new("words", "Where, or by whom?", Kind::Line)],
            Self::StartContact => vec![when(), Field::new("contact", "How?", Kind::Radios(contacts()))],
            Self::EndContact => vec![when(), Field::new("goes_on", "Does care go on?", Kind::Radios(yes_no()))],
            Self::Outcome => vec![
                Field::new("ending", "What came of it?", Kind::Radios(endings())),
                Field::new("words", "In your words", Kind::Lines(4)),
            ],
            Self::Answer => vec![
                Field::new("to", "Who was told?", Kind::Line),
                Field::new("how", "How?", Kind::Line).helped("On the line, by letter, by message"),
                Field::new("words", "What were they told?", Kind::Lines(4)),
            ],
            Self::NoAnswer => vec![because("Why can they not be told?")],
            Self::Close => vec![
                Field::new("name", "Where have they gone on to?", Kind::Line)
                    .helped("Only for somebody who is under 18, or might be"),
                Field::new("contact", "How are those reached?", Kind::Line),
            ],
            Self::AskNeighbour => vec![
                Field::new("neighbour", "Which borough?", Kind::Select(team::neighbours(place))),
                Field::new("name", "Whom there do you ask, by name?", Kind::Line),
                Field::new("contact", "How are they reached?", Kind::Line),
                Field::new("day", "By which day do they answer?", Kind::Line).helped("For example 24 11 2026"),
                Field::new("what", "What do you ask for?", Kind::Lines(3)),
            ],
            Self::NeighbourReplied => vec![
                Field::new("accepted", "Did they say yes?", Kind::Radios(yes_no())),
                Field::new("name", "Who, by name?", Kind::Line)
                    .helped("If yes: who there helps. If no: who here takes it further"),
                Field::new("day", "If yes: from which day?", Kind::Line).helped("For example 24 11 2026"),
                Field::new("because", "If no: why not, in their words?", Kind::Lines(3)),
                Field::new("team", "If no: which team here takes it further?", Kind::Select(team::choices(place))),
            ],
            Self::NotReached => vec![Field::new("words", "What was tried, and when?", Kind::Lines(3))],
            Self::Died => vec![Field::new("words", "Who says so?", Kind::Line)],
            Self::Withdraw => vec![because("Why, and whose wish is it?")],
        }
    }

    /// The act that follows from what was typed; `None` where something is wrong, which the form then says. `ask` gives what is
    /// not asked again.
    pub(super) fn read(self, form: &mut Form<'_>, ask: &Ask, now: Timestamp) -> Option<Act> {
        if form.too_long() {
            return None;
        }
        Some(match self {
            Self::Receive => Act::Receive,
            Self::Accept => Act::AcceptHop,
            Self::StartTriage => Act::StartTriage,
            Self::Return => Act::ReturnHop { because: form.words("because")? },
            Self::TakeBack => Act::TakeBackHop { because: form.words("because")? },
            Self::AskMore => Act::AskMore { question: form.words("words")? },
            Self::GiveInfo => Act::GiveInfo { words: form.words("words")? },
            Self::AddWords => Act::AddWords { words: form.words("words")? },
            Self::HandOn => {
                let (to, note) = (form.team("team"), form.words("note"));
                Act::OfferHop { to: to?, note: note?, warm: is_warm(form)? }
            }
            Self::Advise => {
                let (advice, because) = (form.words("advice"), form.words("because"));
                decided(Decision::AdviceOnly { advice: advice? }, because?, form)?
            }
            Self::Redirect => {
                let (name, contact, why) = (form.words("name"), form.words("contact"), form.words("because"));
                let to = Destination { team: form.maybe_team("team"), name: name?, contact: contact? };
                let why = why?;
                decided(Decision::Redirected { to, why: why.clone() }, why, form)?
            }
            Self::Decline => {
                let (reason, what, how) = (form.words("because"), form.words("what"), form.words("how"));
                let (team, name) = (form.team("team"), form.words("name"));
                let alternative = Alternative { what: what?, how: how? };
                let owner = Owner { team: team?, name: name? };
                let reason = reason?;
                decided(Decision::Declined { reason: reason.clone(), alternative, owner }, reason, form)?
            }
            Self::Schedule => {
                let (when, what) = (form.moment("when", now), form.words("words"));
                Act::Schedule { when: when?, what: what? }
            }
            Self::StartContact => {
                let when = form.moment("when", now);
                let contact = form.chosen("contact", contact_of, "Choose how");
                Act::StartContact { when: when?, contact: contact? }
            }
            Self::EndContact => {
                let when = form.moment("when", now);
                let goes_on = form.chosen("goes_on", yes, "Choose whether care goes on");
                Act::EndContact { when: when?, goes_on: goes_on? }
            }
            Self::Outcome => {
                let ending = form.chosen("ending", Ending::from_word, "Choose what came of it");
                let words = form.words("words");
                Act::RecordOutcome { ending: ending?, words: words? }
            }
            Self::Answer => {
                let (to, how, words) = (form.words("to"), form.words("how"), form.words("words"));
                Act::Answer { to: to?, how: how?, words: words? }
            }
            Self::NoAnswer => Act::CannotAnswer { because: form.words("because")? },
            Self::Close => {
                let (name, contact) = (form.maybe("name")?, form.maybe("contact")?);
                let redirected = match (name, contact) {
                    (Some(name), Some(contact)) => Some(Destination { team: None, name, contact }),
                    (None, None) => None,
                    (Some(_), None) => {
                        form.wrong("contact", "Say how they are reached");
                        return None;
                    }
                    (None, Some(_)) => {
                        form.wrong("name", "Say who they are");
                        return None;
                    }
                };
                Act::Close { age: ask.age().clone(), redirected }
            }
            Self::AskNeighbour => {
                let neighbour =
                    form.chosen("neighbour", |word| Team::try_from(word.to_owned()).ok(), "Choose a borough");
                let (named, contact) = (form.words("name"), form.words("contact"));
                let (by, what) = (form.day("day"), form.words("what"));
                Act::AskNeighbour(Box::new(Reciprocal {
                    neighbour: neighbour?,
                    named: named?,
                    contact: contact?,
                    by: by?,
                    what: what?,
                }))
            }
            Self::NeighbourReplied => {
                let accepted = form.chosen("accepted", yes, "Choose whether they said yes");
                let name = form.words("name");
                if accepted? {
                    let starts = form.day("day");
                    return Some(Act::NeighbourReplied(Reply::Accepted { who: name?, starts: starts? }));
                }
                let (because, team) = (form.words("because"), form.team("team"));
                let escalated = Owner { team: team?, name: name? };
                Act::NeighbourReplied(Reply::Refused { because: because?, escalated })
            }
            Self::NotReached => Act::CannotContact { tried: form.words("words")? },
            Self::Died => Act::NoteDeath { source: form.words("words")? },
            Self::Withdraw => Act::Withdraw { because: form.words("because")? },
        })
    }

    /// Whether the crisis team's own page says it while the team is at it.
    pub(super) fn is_said_by_crisis_team(self, ask: &Ask, place: &Place, now: Timestamp) -> bool {
        self.specimen(ask, place, now).is_some_and(|act| care::crisis::says(&act))
    }

    /// An act of this kind with words that are good enough for any rule about words: to ask the ask whether it could be done.
    fn specimen(self, ask: &Ask, place: &Place, now: Timestamp) -> Option<Act> {
        let some = "specimen".to_owned();
        let other = team::other_than(place, ask.owner())?;
        let typed = crate::session::Fields(
            ["because", "words", "note", "advice", "name", "contact", "what", "how", "to"]
                .iter()
                .map(|name| ((*name).to_owned(), some.clone()))
                .chain([
                    ("team".to_owned(), other.word().to_owned()),
                    ("urgency".to_owned(), Urgency::Routine.word().to_owned()),
                    ("ending".to_owned(), Ending::NoNeed.word().to_owned()),
                    ("goes_on".to_owned(), "yes".to_owned()),
                    ("warm".to_owned(), "no".to_owned()),
                    ("neighbour".to_owned(), "organisation:specimen".to_owned()),
                    ("day".to_owned(), london_date(now).strftime("%-d %-m %Y").to_string()),
                    ("accepted".to_owned(), "yes".to_owned()),
                ])
                .collect(),
        );
        match self {
            Self::StartContact => Some(Act::StartContact { when: now, contact: Contact::Visit }),
            Self::EndContact => Some(Act::EndContact { when: now, goes_on: true }),
            Self::Schedule => Some(Act::Schedule { when: now, what: Words::try_from("specimen").ok()? }),
            _ => self.read(&mut Form::of(self.fields(place), &typed), ask, now),
        }
    }

    /// Whether the ask would let somebody do it now, whatever they type.
    pub(super) fn is_open(self, ask: &Ask, by: &Subject, place: &Place, now: Timestamp) -> bool {
        // Both are one act; which word fits depends on whether somebody has offered it.
        match self {
            Self::Receive if ask.open_hop().is_some() => return false,
            Self::Accept if ask.open_hop().is_none() => return false,
            _ => {}
        }
        let Some(act) = self.specimen(ask, place, now) else { return false };
        match ask.decide(Command { by: by.clone(), act }, now) {
            Ok(_) => true,
            // Refused for what a specimen says, not for who asks or where the ask is.
            Err(refusal) => matches!(
                refusal,
                Refusal::OutOfOrder { .. }
                    | Refusal::NotDecided(_)
                    | Refusal::ChildWithoutTarget
                    | Refusal::WrongEnding
                    | Refusal::TheirsAlready(_)
            ),
        }
    }
}

fn yes_no() -> Vec<Offered> {
    offered([("yes", "Yes".to_owned()), ("no", "No".to_owned())])
}

fn yes(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn on_the_line() -> Field {
    Field::new("warm", "Is somebody of that team on the line?", Kind::Radios(yes_no()))
}

fn is_warm(form: &mut Form<'_>) -> Option<bool> {
    form.chosen("warm", yes, "Choose whether somebody is on the line")
}

fn urgency() -> Field {
    let choices = Urgency::ALL.map(|one| (one.word(), capital(one.said())));
    Field::new("urgency", "How soon, in your eyes?", Kind::Radios(offered(choices)))
}

fn endings() -> Vec<Offered> {
    offered(Ending::ALL.map(|one| (one.word(), capital(one.said()))))
}

fn contacts() -> Vec<Offered> {
    offered([
        ("visit", "Face to face, where the person is".to_owned()),
        ("attendance", "Face to face, where the service is".to_owned()),
        ("telephone", "By telephone".to_owned()),
        ("video", "By video".to_owned()),
    ])
}

fn contact_of(word: &str) -> Option<Contact> {
    match word {
        "visit" => Some(Contact::Visit),
        "attendance" => Some(Contact::Attendance),
        "telephone" => Some(Contact::Telephone),
        "video" => Some(Contact::Video),
        _ => None,
    }
}

/// A decision that needs nothing of the screen.
fn decided(decision: Decision, because: Words, form: &mut Form<'_>) -> Option<Act> {
    let urgency = form.chosen("urgency", Urgency::from_word, "Choose how soon")?;
    let triage = Triage { decision, urgency, because, offers: Vec::new(), overridden: None };
    Some(Act::Decide { triage: Box::new(triage), warm: false })
}
