//! The scenes themselves: who asked for what, how long ago, and how far it has come. Every word is invented. Must not know how an act
//! is carried out.

use access::Subject;
use care::ask::{Act, Contact, Ending, Kind, Otherwise, Urgency};
use care::crisis::{Command as Crisis, Measure};
use care::draft::Draft;
use care::episode::{Both, Command as Stay, Outcome, Persons, Reached, Without};
use care::slot::{Disposition, Step as Visit};
use care::triage::{Alternative, Decision, Destination, Level, Owner};
use care::{Team, Words};
use jiff::SignedDuration;
use uuid::Uuid;

use super::Somebody;
use super::acts::{About, Played, Stage, words};
use crate::borough::london;

const DAY: i64 = 1_440;

const fn about(kind: Kind, urgency: Urgency, happened: &'static str, worries: &'static str) -> About {
    let otherwise = match urgency {
        Urgency::TwoHours => Otherwise::Ambulance,
        Urgency::SameDay => Otherwise::EmergencyDepartment,
        _ => Otherwise::Wait,
    };
    About { kind, urgency, happened, worries, otherwise, floor: None }
}

const FALL: About = about(
    Kind::Fall,
    Urgency::TwoHours,
    "Fell in the bathroom and cannot get up; no pain, did not hit her head",
    "Alone, and cold",
);
const CRISIS: About = about(
    Kind::Crisis,
    Urgency::TwoHours,
    "More confused since last night, not eating; her daughter cannot stay another night",
    "That she will be taken to hospital by the morning",
);
const LEGS: About = about(
    Kind::AmbulatoryCare,
    Urgency::SameDay,
    "One leg swollen and red since yesterday; walks with a stick",
    "A clot",
);
const WEAK: About = about(
    Kind::IntermediateCare,
    Urgency::TwoDays,
    "Weak after a chest infection; cannot manage the stairs or a meal",
    "That the next fall is a broken hip",
);
const HOME: About = about(
    Kind::LeavingHospital,
    Urgency::SameDay,
    "Ready to leave hospital, lives alone, needs two visits a day to begin with",
    "That he loses strength with each day on the ward",
);
const ADVICE: About =
    about(Kind::Advice, Urgency::Routine, "Which of her water tablets to leave off in the heat", "Dizzy on standing");

/// Those who are still without a scene.
struct Cast<'p> {
    people: std::slice::Iter<'p, Somebody>,
    all: &'p [Somebody],
}

impl<'p> Cast<'p> {
    /// The next; where the borough is small, from the beginning again.
    fn next(&mut self) -> Option<&'p Somebody> {
        if let Some(one) = self.people.next() {
            return Some(one);
        }
        self.people = self.all.iter();
        self.people.next()
    }
}

/// Plays all of them; how many asks there are then.
pub(super) fn play(stage: &mut Stage<'_, '_>, people: &[Somebody]) -> Played<usize> {
    let mut cast = Cast { people: people.iter(), all: people };
    rooms(stage)?;
    door(stage, &mut cast)?;
    decided(stage, &mut cast)?;
    crises(stage, &mut cast)?;
    stays(stage, &mut cast)?;
    places(stage, &mut cast)?;
    ended(stage, &mut cast)?;
    Ok(stage.count())
}

fn rooms(stage: &mut Stage<'_, '_>) -> Played<()> {
    // The falls service has said nothing: the page shows how that looks.
    for (service, of, told) in [
        ("active-recovery-beds", 60, [(9, 1_500), (4, 300), (6, 14)]),
        ("delirium-beds", 12, [(0, 1_700), (1, 400), (2, 55)]),
        ("recovery-at-home", 180, [(30, 2_000), (22, 800), (19, 340)]),
        ("crisis-response", 40, [(12, 900), (9, 200), (11, 25)]),
        ("transfer-to-assess", 12, [(5, 1_600), (0, 500), (3, 100)]),
    ] {
        if stage.place.service(service).is_none() {
            continue;
        }
        for (free, minutes) in told {
            stage.room(service, free, of, minutes)?;
        }
    }
    Ok(())
}

/// At the door: being written, sent, waiting too long, picked up, being decided, a question asked.
fn door(stage: &mut Stage<'_, '_>, cast: &mut Cast<'_>) -> Played<()> {
    let (desk, nurse) = (stage.staff.desk.clone(), stage.staff.nurse.clone());
    let ask = stage.next();
    let typed = [("happened", "Rang off in the middle: fell again, third time this we"), ("kind", "fall")];
    let fields = typed.map(|(name, text)| (name.to_owned(), text.to_owned()));
    stage.act(ask, &desk, Act::Draft(Draft::of(cast.next().map(|one| one.root), fields)), 20)?;
    stage.asked(cast.next(), CRISIS, 6)?;
    stage.asked(cast.next(), FALL, 24)?;
    stage.asked(None, about(Kind::Other, Urgency::SameDay, "Lost and cold; nobody knows her", "Dementia"), 15)?;
    let ask = stage.asked(cast.next(), WEAK, 50)?;
    stage.act(ask, &desk, Act::Receive, 40)?;
    let ask = stage.asked(cast.next(), LEGS, 45)?;
    stage.triaging(ask, 30)?;
    let ask = stage.asked(cast.next(), HOME, 120)?;
    stage.triaging(ask, 110)?;
    let question = words("Has anybody looked at the stairs at home?")?;
    stage.act(ask, &nurse, Act::AskMore { question }, 90)
}

/// Decided: advice, another, a decline with an alternative, and one that waits for a service to take it.
fn decided(stage: &mut Stage<'_, '_>, cast: &mut Cast<'_>) -> Played<()> {
    let nurse = stage.staff.nurse.clone();
    let ask = stage.asked(cast.next(), ADVICE, 200)?;
    stage.triaging(ask, 190)?;
    let advice = words("Leave the second one off for a week and weigh her every morning")?;
    stage.decided(ask, Decision::AdviceOnly { advice }, Urgency::Routine, 180)?;
    let told = Act::Answer {
        to: words("Pat")?,
        how: words("On the line")?,
        words: words("What to leave off, and when to ring")?,
    };
    stage.act(ask, &nurse, told, 175)?;

    let ask = stage.asked(
        cast.next(),
        about(Kind::SocialCare, Urgency::Routine, "Needs a rail at the back door", "A fall"),
        3_000,
    )?;
    stage.triaging(ask, 2_900)?;
    let to = Destination {
        team: None,
        name: words("The council\u{2019}s contact centre")?,
        contact: words("0161 496 0002")?,
    };
    stage.decided(ask, Decision::Redirected { to, why: words("A rail is theirs to fit")? }, Urgency::Routine, 2_800)?;

    let ask = stage.asked(cast.next(), WEAK, 400)?;
    stage.triaging(ask, 390)?;
    let decision = Decision::Declined {
        reason: words("No bed is needed for this")?,
        alternative: Alternative {
            what: words("A therapist at home twice a week")?,
            how: words("The team rings her today")?,
        },
        owner: Owner { team: team("neighbourhood:marple")?, name: words("Megan Holroyd")? },
    };
    stage.decided(ask, decision, Urgency::TwoDays, 380)?;

    let ask = stage.asked(cast.next(), CRISIS, 30)?;
    stage.triaging(ask, 26)?;
    stage.sent_to(ask, "crisis-response", Level::Home7Day, Urgency::TwoHours, 20)
}

fn team(word: &str) -> Played<Team> {
    Team::try_from(word.to_owned()).map_err(|error| super::acts::NotPlayed::Refused(error.to_string()))
}

/// Crisis responses from nobody assigned to being made safe, each for an ask that the team has taken.
fn crises(stage: &mut Stage<'_, '_>, cast: &mut Cast<'_>) -> Played<()> {
    let crisis = stage.staff.crisis.clone();
    let fallen = About { floor: Some(70), ..FALL };
    for (number, (about, condition, minutes)) in [
        (fallen, "fall", 40),
        (CRISIS, "confusion", 75),
        (CRISIS, "frailty", 95),
        (CRISIS, "carer-breakdown", 110),
        (FALL, "fall", 300),
        (CRISIS, "confusion", 1_500),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(somebody) = cast.next() else { return Ok(()) };
        let ask = stage.asked(Some(somebody), about, minutes)?;
        stage.triaging(ask, minutes - 4)?;
        stage.sent_to(ask, "crisis-response", Level::Home7Day, Urgency::TwoHours, minutes - 8)?;
        stage.act(ask, &crisis, Act::AcceptHop, minutes - 10)?;
        let response = stage.response(ask, somebody, condition, minutes - 10)?;
        let steps = [
            Crisis::Assign { responder: words("Joel Harding")?, equipment: Some(words("Raiser")?) },
            Crisis::SetOff(stage.at(minutes - 18)),
            Crisis::Arrive(stage.at(minutes - 35)),
            Crisis::Measure { measure: Measure::News2, value: 3, at: stage.at(minutes - 45) },
            Crisis::Stabilise {
                at: stage.at(minutes - 60),
                plan: words("Fluids, a second look tonight, a commode upstairs")?,
            },
        ];
        for (step, command) in steps.into_iter().take(number).enumerate() {
            let after = [14, 18, 35, 45, 60].get(step).copied().unwrap_or(60);
            stage.crisis(response, &crisis, command, minutes - after)?;
            if step == 2 {
                let seen = Act::StartContact { when: stage.at(minutes - after), contact: Contact::Visit };
                stage.act(ask, &crisis, seen, minutes - after)?;
            }
        }
    }
    Ok(())
}

/// An ask that a service has taken, so many days ago, and its stay.
fn taken(
    stage: &mut Stage<'_, '_>,
    cast: &mut Cast<'_>,
    (about, service, by): (About, &str, &Subject),
    days: i64,
) -> Played<Option<(Uuid, Uuid)>> {
    let Some(somebody) = cast.next() else { return Ok(None) };
    let before = days * DAY + 240;
    let ask = stage.asked(Some(somebody), about, before)?;
    stage.triaging(ask, before - 20)?;
    stage.sent_to(ask, service, Level::IntermediateNearby, about.urgency, before - 40)?;
    stage.act(ask, by, Act::AcceptHop, before - 60)?;
    Ok(Some((ask, stage.stay(ask)?)))
}

/// Stays: expected, in their first days, long, over their length, interrupted, ended with both answers or with one missing.
fn stays(stage: &mut Stage<'_, '_>, cast: &mut Cast<'_>) -> Played<()> {
    let (beds, home, delirium) = (stage.staff.beds.clone(), stage.staff.home.clone(), stage.staff.delirium.clone());
    let in_beds = "active-recovery-beds";
    for about in [WEAK, HOME] {
        taken(stage, cast, (about, in_beds, &beds), 0)?;
    }
    let goals = ["Walk to the bus stop and back", "Make her own breakfast"];
    let looked = || {
        Ok::<_, super::acts::NotPlayed>(Stay::Review {
            words: words("Up the stairs with one rail")?,
            by: "Siobhan Keogh".to_owned(),
        })
    };
    for (service, by, about, days) in [
        (in_beds, &beds, WEAK, 3),
        (in_beds, &beds, HOME, 12),
        (in_beds, &beds, WEAK, 38),
        (in_beds, &beds, HOME, 47),
        ("recovery-at-home", &home, HOME, 9),
        ("recovery-at-home", &home, WEAK, 20),
        ("delirium-beds", &delirium, CRISIS, 5),
    ] {
        let Some((_, stay)) = taken(stage, cast, (about, service, by), days)? else { return Ok(()) };
        stage.admit(stay, by, &goals, days)?;
        stage.in_stay(stay, by, looked()?, (days / 2) * DAY)?;
        if days > 10 {
            stage.in_stay(stay, by, Stay::JudgeGoal { goal: 1, reached: Reached::Partly }, DAY)?;
        }
    }
    if let Some((_, stay)) = taken(stage, cast, (WEAK, in_beds, &beds), 15)? {
        stage.admit(stay, &beds, &goals, 15)?;
        let at = stage.at(2 * DAY);
        stage.in_stay(stay, &beds, Stay::Interrupt(at), 2 * DAY)?;
    }
    let daughter = Persons::SaidFor { answer: Without::Nothing, by: words("her daughter Anne")? };
    for person in [daughter, Persons::NotAsked(words("Left early in the morning")?)] {
        if let Some((ask, stay)) = taken(stage, cast, (HOME, in_beds, &beds), 25)? {
            stage.admit(stay, &beds, &goals, 25)?;
            let said = Both::of(Without::Hospital, &beds.id, &beds.name, person);
            let said = said.map_err(|error| super::acts::NotPlayed::Refused(error.to_string()))?;
            let at = stage.at(3 * DAY);
            let day = at.to_zoned(london()).date();
            let goals = vec![Reached::Yes, Reached::Partly];
            let end = Stay::End { at, day, outcome: Outcome::HomeWithSupport, goals, said };
            stage.in_stay(stay, &beds, end, 3 * DAY)?;
            stage.act(ask, &beds, outcome(Ending::HelpedAtHome, "Home with two visits a day")?, 3 * DAY - 30)?;
        }
    }
    Ok(())
}

fn outcome(ending: Ending, said: &str) -> Played<Act> {
    Ok(Act::RecordOutcome { ending, words: words(said)? })
}

/// Same-day places of today and tomorrow, some of them booked, with visits as far as the hour allows.
fn places(stage: &mut Stage<'_, '_>, cast: &mut Cast<'_>) -> Played<()> {
    let Some(clinic) = stage.clinic()? else { return Ok(()) };
    let Some((from, until)) = clinic.hours.between else { return Ok(()) };
    let (nurse, unit) = (stage.staff.nurse.clone(), stage.staff.unit.clone());
    let today = stage.now.to_zoned(london()).date();
    let published = stage.at(DAY);
    let mut slots = Vec::new();
    for day in [Some(today), today.tomorrow().ok()].into_iter().flatten() {
        for (starts, ends) in clinic.times(day, from, until, &london()) {
            for place in &clinic.places {
                // In the first minutes of a day yesterday's hour is not long enough ago for what begins at once.
                if starts > published {
                    slots.push((stage.opened(&clinic, place, starts, ends, published)?, starts));
                }
            }
        }
    }
    // Booked four hours ago at the latest, or an hour before the place begins.
    let wanted: Vec<(Uuid, jiff::Timestamp)> = slots.iter().copied().step_by(9).take(11).collect();
    for (number, (slot, starts)) in wanted.into_iter().enumerate() {
        let booked =
            starts.min(stage.now).checked_sub(SignedDuration::from_hours(2)).unwrap_or(stage.now).max(published);
        let before = (stage.now.duration_since(booked).as_mins()).max(0);
        let ask = stage.asked(cast.next(), LEGS, before + 30)?;
        stage.triaging(ask, before + 20)?;
        stage.book(&clinic, ask, slot, booked)?;
        if number % 5 == 4 {
            // Booked, and nobody of the unit has taken the ask yet.
            continue;
        }
        stage.act(ask, &unit, Act::AcceptHop, (before - 20).max(0))?;
        let begun = stage.now.duration_since(starts).as_mins();
        let at = |minutes: i64| starts.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(starts);
        if number % 4 == 3 && begun > 25 {
            stage.visit(slot, Visit::DidNotAttend, at(20))?;
            continue;
        }
        for (step, minutes) in
            [(Visit::Arrived, 2), (Visit::Initial, 12), (Visit::Senior, 45), (Visit::Disposed(Disposition::Home), 80)]
        {
            if begun > minutes {
                stage.visit(slot, step, at(minutes))?;
            }
        }
    }
    // One was booked and given back.
    if let Some((slot, _)) = slots.last().copied() {
        let ask = stage.asked(cast.next(), LEGS, 90)?;
        stage.triaging(ask, 80)?;
        let (booked, back) = (stage.at(70), stage.at(50));
        stage.book(&clinic, ask, slot, booked)?;
        stage.free(slot, "She would rather come tomorrow", back)?;
        stage.act(ask, &nurse, Act::TakeBackHop { because: words("She would rather come tomorrow")? }, 50)?;
    }
    Ok(())
}

/// The ends: closed, finished and not yet answered, taken back, not reached, died.
fn ended(stage: &mut Stage<'_, '_>, cast: &mut Cast<'_>) -> Played<()> {
    let (desk, nurse) = (stage.staff.desk.clone(), stage.staff.nurse.clone());
    let told = |said: &str| -> Played<Act> {
        Ok(Act::Answer { to: words("Pat")?, how: words("On the line")?, words: words(said)? })
    };
    let advised = |stage: &mut Stage<'_, '_>, cast: &mut Cast<'_>, minutes: i64| -> Played<Uuid> {
        let ask = stage.asked(cast.next(), ADVICE, minutes)?;
        stage.triaging(ask, minutes - 20)?;
        let advice: Words = words("Ring the practice for a blood test this week")?;
        stage.decided(ask, Decision::AdviceOnly { advice }, Urgency::Routine, minutes - 40)?;
        Ok(ask)
    };
    let ask = advised(stage, cast, 2 * DAY)?;
    stage.act(ask, &nurse, told("A blood test first")?, 2 * DAY - 50)?;
    stage.act(ask, &nurse, outcome(Ending::AdviceGiven, "They ring the practice")?, 2 * DAY - 60)?;
    let age = care::age::Age::Known { years: 80, source: "the record".to_owned() };
    stage.act(ask, &nurse, Act::Close { age, redirected: None }, 2 * DAY - 70)?;

    let ask = advised(stage, cast, DAY)?;
    stage.act(ask, &nurse, outcome(Ending::AdviceGiven, "They ring the practice")?, DAY - 60)?;

    let ask = stage.asked(cast.next(), WEAK, 700)?;
    stage.act(ask, &desk, Act::Receive, 690)?;
    stage.act(ask, &desk, Act::Withdraw { because: words("Her son has come to stay; she wishes it so")? }, 600)?;

    let ask = stage.asked(cast.next(), WEAK, 1_000)?;
    stage.triaging(ask, 980)?;
    stage.act(ask, &nurse, Act::CannotContact { tried: words("Rang at nine, eleven and two; no answer")? }, 700)?;

    let ask = stage.asked(cast.next(), CRISIS, 3 * DAY)?;
    stage.triaging(ask, 3 * DAY - 10)?;
    stage.act(ask, &nurse, Act::NoteDeath { source: words("Her GP rang")? }, 3 * DAY - 100)
}
