//! What can be done with a stay, each on a page of its own: its words, its fields, and what follows from what was typed. Must not
//! decide when it may be done; the stay does.

use access::Subject;
use care::ask::Contact;
use care::clock::Clocks;
use care::episode::{Admission, Both, Command, Episode, Outcome, Persons, Reached, Without, cap};
use care::service::Step;
use jiff::Timestamp;
use place::Level;

use crate::desk::ask::form::{Form, offered};
use crate::desk::person::capital;
use crate::pages::ask::decision::{Field, Kind};
use crate::words::london_date;

/// Something that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Admit,
    LetGo,
    AddGoal,
    JudgeGoal,
    Review,
    Extend,
    Interrupt,
    Resume,
    End,
    Answer,
}

/// What follows from what was typed.
#[derive(Debug, Clone)]
pub(super) enum Act {
    Admit(Admission),
    Other(Command),
}

type Said = (&'static str, &'static str, &'static str, &'static str);

impl Deed {
    /// Every one, in the order in which a page offers them.
    pub(super) const ALL: [Self; 10] = [
        Self::Admit,
        Self::Review,
        Self::JudgeGoal,
        Self::AddGoal,
        Self::Extend,
        Self::Interrupt,
        Self::Resume,
        Self::End,
        Self::Answer,
        Self::LetGo,
    ];

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// Its word in addresses, its name, what follows from it, its button.
    const fn said(self) -> Said {
        match self {
            Self::Admit => (
                "admit",
                "Admit them",
                "The length of the stay begins at the time you write. The ask it answers hears that somebody has seen them.",
                "Admit them",
            ),
            Self::LetGo => (
                "let-go",
                "They are not coming",
                "The stay ends before it began. The ask stays with your service until you hand it on or finish it.",
                "Let it go",
            ),
            Self::AddGoal => {
                ("goal", "Add a goal", "What they want to be able to do, in their words where you can.", "Add it")
            }
            Self::JudgeGoal => {
                ("reached", "Say how far a goal is reached", "You can say so again later.", "Write it down")
            }
            Self::Review => (
                "review",
                "Write down a review",
                "How it goes, and what is to follow. It stands with your name.",
                "Write it down",
            ),
            Self::Extend => (
                "extend",
                "Make it longer",
                "A stay has a longest end by a rule. It grows by two weeks at a time, each time with a reason.",
                "Make it longer",
            ),
            Self::Interrupt => (
                "hospital",
                "They have gone into hospital",
                "Days in hospital do not count against the length of the stay.",
                "Write it down",
            ),
            Self::Resume => ("back", "They are back", "The length goes on from the time you write.", "Write it down"),
            Self::End => (
                "end",
                "End the stay",
                "Say how it ended and how far each goal was reached. Then two different people say what would have happened \
                 without it: you for the service, and the person, or somebody who speaks for them.",
                "End it",
            ),
            Self::Answer => (
                "answer",
                "The person has answered",
                "What would have happened without the stay, in the eyes of the person or of somebody who speaks for them.",
                "Write it down",
            ),
        }
    }

    pub(super) const fn word(self) -> &'static str {
        self.said().0
    }

    pub(super) const fn link(self) -> &'static str {
        self.said().1
    }

    pub(super) const fn heading(self) -> &'static str {
        self.said().1
    }

    pub(super) const fn lead(self) -> &'static str {
        self.said().2
    }

    pub(super) const fn button(self) -> &'static str {
        self.said().3
    }

    /// Whether the stay is where this can be done.
    pub(super) fn is_open(self, stay: &Episode) -> bool {
        match self {
            Self::Admit | Self::LetGo => stay.is_expected(),
            Self::Answer => stay.waits_for_the_person(),
            Self::Interrupt => stay.is_open() && !stay.is_interrupted(),
            Self::Resume => stay.is_interrupted(),
            Self::AddGoal | Self::JudgeGoal | Self::Review | Self::Extend | Self::End => stay.is_open(),
        }
    }

    /// Its fields, empty.
    pub(super) fn fields(self, stay: &Episode) -> Vec<Field> {
        let when = |label: &str| {
            Field::new("when", label, Kind::Line)
                .helped("Leave it empty for now. Or a time of today, 10:41, or a day and a time, 22 11 2026 10:41")
        };
        let because = |label: &str| Field::new("because", label, Kind::Lines(3));
        match self {
            Self::Admit => {
                let steps = [("up", capital(Step::Up.said())), ("down", capital(Step::Down.said()))];
                let chosen = if stay.step() == Some(Step::Down) { "down" } else { "up" };
                vec![
                    Field {
                        values: vec![chosen.to_owned()],
                        ..Field::new("step", "Which way?", Kind::Radios(offered(steps)))
                    },
                    Field::new("goals", "What do they want to be able to do?", Kind::Lines(4))
                        .helped("One goal a line, at least one"),
                    when("When were they there, or somebody with them?"),
                ]
            }
            Self::LetGo => vec![because("Why not?")],
            Self::AddGoal => vec![Field::new("goals", "Which?", Kind::Lines(2)).helped("One goal a line")],
            Self::JudgeGoal => vec![
                Field::new("goal", "Which goal?", Kind::Select(goals(stay))),
                Field::new("reached", "How far?", Kind::Radios(reached())),
            ],
            Self::Review => vec![Field::new("words", "How does it go, and what is to follow?", Kind::Lines(5))],
            Self::Extend => vec![
                Field::new("until", "Until which day?", Kind::Line).helped("For example 22 11 2026"),
                because("Why longer?"),
            ],
            Self::Interrupt => vec![when("When?")],
            Self::Resume => vec![when("When were they back?")],
            Self::End => {
                let outcomes = Outcome::ALL.map(|one| (one.word(), capital(one.said())));
                let each = stay.goals().iter().enumerate().map(|(number, goal)| {
                    let judged = stay.judged().get(number).copied().flatten();
                    Field {
                        values: judged.map(|one| one.word().to_owned()).into_iter().collect(),
                        ..Field::new(&format!("goal-{number}"), &format!("Goal: {goal}"), Kind::Radios(reached()))
                    }
                });
                [
                    vec![
                        when("When did it end?"),
                        Field::new("outcome", "How did it end?", Kind::Radios(offered(outcomes))),
                    ],
                    each.collect(),
                    vec![Field::new(
                        "professional",
                        "Without it, what would have happened? You say, for the service",
                        Kind::Radios(without()),
                    )],
                    persons(true),
                ]
                .concat()
            }
            Self::Answer => persons(false),
        }
    }

    /// What follows; `None` where something is wrong, which the form then says.
    pub(super) fn read(
        self,
        form: &mut Form<'_>,
        stay: &Episode,
        by: &Subject,
        clocks: &Clocks,
        level: Option<Level>,
        now: Timestamp,
    ) -> Option<Act> {
        if form.too_long() {
            return None;
        }
        let command = match self {
            Self::Admit => {
                let step = form.chosen("step", step, "Choose which way");
                let (goals, at) = (form.lines("goals"), form.maybe_moment("when", now));
                let (step, goals, at) = (step?, goals?, at?.unwrap_or(now));
                let Some(cap) = cap(clocks, at) else {
                    form.wrong("when", "This place has no rule for how long a stay of that day may be");
                    return None;
                };
                let contact = if level == Some(Level::Home) { Contact::Visit } else { Contact::Attendance };
                return Some(Act::Admit(Admission { step, goals, at, cap, contact }));
            }
            Self::LetGo => Command::LetGo(form.words("because")?),
            Self::AddGoal => Command::AddGoal(form.words("goals")?),
            Self::JudgeGoal => {
                let goal = form.chosen("goal", |word| word.parse().ok(), "Choose a goal");
                let reached = form.chosen("reached", Reached::from_word, "Choose how far");
                Command::JudgeGoal { goal: goal?, reached: reached? }
            }
            Self::Review => Command::Review { words: form.words("words")?, by: by.name.clone() },
            Self::Extend => {
                let (until, because) = (form.day("until"), form.words("because"));
                Command::Extend { until: until?, because: because? }
            }
            Self::Interrupt => Command::Interrupt(form.maybe_moment("when", now)?.unwrap_or(now)),
            Self::Resume => Command::Resume(form.maybe_moment("when", now)?.unwrap_or(now)),
            Self::End => return end(form, stay, by, now).map(Act::Other),
            Self::Answer => Command::Answer(person(form)?),
        };
        Some(Act::Other(command))
    }
}

fn end(form: &mut Form<'_>, stay: &Episode, by: &Subject, now: Timestamp) -> Option<Command> {
    let at = form.maybe_moment("when", now);
    let outcome = form.chosen("outcome", Outcome::from_word, "Choose how it ended");
    let judged: Vec<Option<Reached>> = (0..stay.goals().len())
        .map(|number| form.chosen(&format!("goal-{number}"), Reached::from_word, "Choose how far it was reached"))
        .collect();
    let professional = form.chosen("professional", Without::from_word, "Choose what would have happened");
    let person = person(form);
    let (at, outcome, goals, person) =
        (at?.unwrap_or(now), outcome?, judged.into_iter().collect::<Option<Vec<_>>>()?, person?);
    match Both::of(professional?, &by.id, &by.name, person) {
        Ok(said) => Some(Command::End { at, day: london_date(at), outcome, goals, said }),
        Err(error) => {
            form.wrong("by", &capital(&error.to_string()));
            None
        }
    }
}

fn step(word: &str) -> Option<Step> {
    match word {
        "up" => Some(Step::Up),
        "down" => Some(Step::Down),
        _ => None,
    }
}

fn goals(stay: &Episode) -> Vec<crate::pages::ask::decision::Offered> {
    let each = stay.goals().iter().enumerate().map(|(number, goal)| crate::pages::ask::decision::Offered {
        value: number.to_string(),
        text: goal.to_string(),
        hint: None,
    });
    let none = offered([("", "Choose a goal".to_owned())]);
    none.into_iter().chain(each).collect()
}

fn reached() -> Vec<crate::pages::ask::decision::Offered> {
    offered(Reached::ALL.map(|one| (one.word(), capital(one.said()))))
}

fn without() -> Vec<crate::pages::ask::decision::Offered> {
    offered(Without::ALL.map(|one| (one.word(), capital(one.said()))))
}

/// The person's side.
fn persons(may_wait: bool) -> Vec<Field> {
    let mut who = vec![
        ("said", "The person said so".to_owned()),
        ("said-for", "Somebody who speaks for them said so".to_owned()),
    ];
    if may_wait {
        who.push(("not-asked", "They could not be asked; they may answer later".to_owned()));
    }
    let mut fields = vec![
        Field::new("who", "And the other side: who answered?", Kind::Radios(offered(who))),
        Field::new("answer", "Without it, what would have happened? They say", Kind::Radios(without()))
            .helped(if may_wait { "Leave it open if they could not be asked" } else { "In their eyes" }),
        Field::new("by", "Who speaks for them?", Kind::Line)
            .helped("Only where somebody does: a daughter, a carer, by name"),
    ];
    if may_wait {
        fields.push(
            Field::new("because", "Why could they not be asked?", Kind::Line).helped("Only where they could not"),
        );
    }
    fields
}

fn person(form: &mut Form<'_>) -> Option<Persons> {
    let who = form.chosen("who", |word| (!word.is_empty()).then(|| word.to_owned()), "Choose who answered")?;
    if who == "not-asked" {
        return form.words("because").map(Persons::NotAsked);
    }
    let answer = form.chosen("answer", Without::from_word, "Choose what would have happened");
    if who == "said-for" {
        let by = form.words("by");
        return Some(Persons::SaidFor { answer: answer?, by: by? });
    }
    answer.map(Persons::Said)
}
