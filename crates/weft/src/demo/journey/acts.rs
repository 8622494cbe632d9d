//! How the invented scenes are played: each act by somebody, at a time, by the commands that anybody's pages use. Must not refuse in
//! silence: the first no ends all of it.

use access::Subject;
use care::age::Age;
use care::ask::{self, Act, Asker, Command, Consent, Kind, Otherwise, Request, Urgency, Visit, Whom};
use care::clock::Clocks;
use care::episode::{self, Admission, Episode};
use care::slot::{self, Clinic, Clinics, Slot};
use care::triage::{Decision, Level, Offer, Triage};
use care::{Team, Words, capacity, crisis, views};
use jiff::Timestamp;
use place::Place;
use store::{Refused, Troubled, Write};
use uuid::Uuid;

use super::{Somebody, Staff, ago};

/// Why a scene could not be played.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum NotPlayed {
    /// A rule said no.
    #[error("{0}")]
    Refused(String),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Troubled for NotPlayed {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            Self::Refused(_) => None,
        }
    }
}

impl<R: std::error::Error> From<Refused<R>> for NotPlayed {
    fn from(refused: Refused<R>) -> Self {
        match refused {
            Refused::Rules(refusal) => Self::Refused(refusal.to_string()),
            Refused::Store(error) => Self::Store(error),
        }
    }
}

impl From<episode::NotDone> for NotPlayed {
    fn from(refusal: episode::NotDone) -> Self {
        match refusal {
            episode::NotDone::Store(error) => Self::Store(error),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<slot::NotBooked> for NotPlayed {
    fn from(refusal: slot::NotBooked) -> Self {
        match refusal {
            slot::NotBooked::Slot(slot::NotHeld::Store(error)) => Self::Store(error),
            other => Self::Refused(other.to_string()),
        }
    }
}

pub(super) type Played<T> = Result<T, NotPlayed>;

/// The id of an invented ask by its number.
pub(super) fn id(number: usize) -> Uuid {
    ask::id_of("demonstration", "scene", &number.to_string())
}

/// Words that are there: the scenes' own.
pub(super) fn words(text: &str) -> Played<Words> {
    Words::try_from(text).map_err(|error| NotPlayed::Refused(format!("{error}: {text}")))
}

fn team(word: &str) -> Played<Team> {
    Team::try_from(word.to_owned()).map_err(|error| NotPlayed::Refused(error.to_string()))
}

/// What an ask is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) kind: Kind,
    pub(super) urgency: Urgency,
    pub(super) happened: &'static str,
    pub(super) worries: &'static str,
    pub(super) otherwise: Otherwise,
    pub(super) floor: Option<i64>,
}

/// Where scenes are played.
pub(super) struct Stage<'s, 'w> {
    pub(super) write: &'s mut Write<'w>,
    pub(super) place: &'s Place,
    pub(super) staff: &'s Staff,
    pub(super) now: Timestamp,
    asks: usize,
}

impl<'s, 'w> Stage<'s, 'w> {
    pub(super) fn new(write: &'s mut Write<'w>, place: &'s Place, staff: &'s Staff, now: Timestamp) -> Self {
        Self { write, place, staff, now, asks: 0 }
    }

    pub(super) fn count(&self) -> usize {
        self.asks
    }

    /// The next id of an ask.
    pub(super) fn next(&mut self) -> Uuid {
        self.asks += 1;
        id(self.asks - 1)
    }

    pub(super) fn at(&self, minutes: i64) -> Timestamp {
        ago(self.now, minutes)
    }

    /// Somebody does something to an ask, so many minutes ago.
    pub(super) fn act(&mut self, ask: Uuid, by: &Subject, act: Act, minutes: i64) -> Played<()> {
        let at = self.at(minutes);
        care::carry::carry(self.write, self.place, ask, Command { by: by.clone(), act }, at)?;
        Ok(())
    }

    /// Somebody asks for help for somebody: their GP where that is the demonstration's, else whoever rang the single point of access.
    pub(super) fn asked(&mut self, somebody: Option<&Somebody>, about: About, minutes: i64) -> Played<Uuid> {
        let ask = self.next();
        let gp = somebody.is_some_and(|one| one.of_the_gp);
        let by = if gp { self.staff.gp.clone() } else { self.staff.desk.clone() };
        let whom = match somebody {
            Some(one) => Whom {
                person: one.root,
                described: None,
                age: Age::Known { years: one.years, source: "the record".to_owned() },
            },
            None => Whom {
                person: ask::nobody_of(ask),
                described: Some(words(
                    "A woman of about 80 in a blue coat, found at the bus stop in Bramhall; says she is Peggy",
                )?),
                age: Age::Estimated { years: 80, source: "the caller".to_owned() },
            },
        };
        let asked_by = Asker {
            name: words(if gp { "Dr Priya Nair" } else { "Pat Neighbour" })?,
            relation: words(if gp {
                "GP (invented for the demonstration)"
            } else {
                "Neighbour (invented for the demonstration)"
            })?,
            call_back: words(if gp { "01632 960018" } else { "01632 960044" })?,
            team: if gp { Some(team("ods:P88002")?) } else { None },
        };
        let visit = Visit {
            alone: Some(true),
            door: Some(words("Key safe to the left; the practice has the number")?),
            on_floor_since: about.floor.map(|minutes| self.at(minutes)),
            ..Visit::default()
        };
        let request = Request {
            whom,
            kind: about.kind,
            asked_by,
            asked_for: Team::single_point_of_access(),
            urgency: about.urgency,
            happened: words(about.happened)?,
            worries: words(about.worries)?,
            otherwise: about.otherwise,
            consent: Consent::Agrees {},
            visit,
        };
        self.act(ask, &by, Act::Submit(Box::new(request)), minutes)?;
        Ok(ask)
    }

    /// The single point of access picks it up, and a clinician begins to decide.
    pub(super) fn triaging(&mut self, ask: Uuid, minutes: i64) -> Played<()> {
        let (desk, nurse) = (self.staff.desk.clone(), self.staff.nurse.clone());
        self.act(ask, &desk, Act::Receive, minutes)?;
        self.act(ask, &nurse, Act::StartTriage, minutes - 2)
    }

    pub(super) fn decided(&mut self, ask: Uuid, decision: Decision, urgency: Urgency, minutes: i64) -> Played<()> {
        let offers = match &decision {
            Decision::Accepted { service, level } => vec![Offer {
                service: service.clone(),
                level: *level,
                fit: "It stood first in this invented scene.".to_owned(),
                free: None,
                observed_at: None,
                travel_minutes: None,
                clock_left: None,
            }],
            _ => Vec::new(),
        };
        let because = words("Invented for the demonstration")?;
        let triage = Triage { decision, urgency, because, offers, overridden: None };
        let nurse = self.staff.nurse.clone();
        self.act(ask, &nurse, Act::Decide { triage: Box::new(triage), warm: false }, minutes)
    }

    /// It is decided for a service.
    pub(super) fn sent_to(
        &mut self,
        ask: Uuid,
        service: &str,
        level: Level,
        urgency: Urgency,
        minutes: i64,
    ) -> Played<()> {
        let service = team(&format!("service:{service}"))?;
        self.decided(ask, Decision::Accepted { service, level }, urgency, minutes)
    }

    /// The crisis response of an ask that crisis response has taken, with its condition named; begun here where nothing has begun one.
    pub(super) fn response(&mut self, ask: Uuid, somebody: &Somebody, condition: &str, minutes: i64) -> Played<Uuid> {
        if let Some(open) = views::crisis::open_for(self.write.tx(), ask)? {
            // It began with the ask; which condition it is, somebody of the team says.
            let (name, at) = (crisis::Command::Name { condition: condition.to_owned() }, self.at(minutes));
            crisis::accept(self.write, self.place, open, name, "system:demonstration", at)?;
            return Ok(open);
        }
        let id = ask::id_of("demonstration", "response", &ask.to_string());
        let command = crisis::Command::Accept {
            ask,
            person: somebody.root,
            condition: condition.to_owned(),
            received: self.at(minutes + 4),
        };
        let at = self.at(minutes);
        crisis::accept(self.write, self.place, id, command, "system:demonstration", at)?;
        Ok(id)
    }

    pub(super) fn crisis(
        &mut self,
        response: Uuid,
        by: &Subject,
        command: crisis::Command,
        minutes: i64,
    ) -> Played<()> {
        let at = self.at(minutes);
        self.write.execute::<crisis::Response>(response, command, &by.actor(), at)?;
        Ok(())
    }

    /// The stay that was taken with an ask.
    pub(super) fn stay(&mut self, ask: Uuid) -> Played<Uuid> {
        let stays = views::episode::of_ask(self.write.tx(), ask)?;
        stays.last().map(|stay| stay.id).ok_or_else(|| NotPlayed::Refused("no stay was taken with the ask".to_owned()))
    }

    /// Somebody is admitted, so many days ago.
    pub(super) fn admit(&mut self, stay: Uuid, by: &Subject, goals: &[&str], days: i64) -> Played<()> {
        let at = self.at(days * 1_440);
        let clocks = Clocks::of(self.place).map_err(|error| NotPlayed::Refused(error.to_string()))?;
        let cap = episode::cap(&clocks, at).ok_or_else(|| NotPlayed::Refused("no rule for a stay".to_owned()))?;
        let goals = goals.iter().map(|goal| words(goal)).collect::<Played<Vec<_>>>()?;
        let step = care::service::Step::Up;
        let how = Admission { step, goals, at, cap, contact: ask::Contact::Attendance };
        episode::carry_admission(self.write, by, stay, how, at)?;
        Ok(())
    }

    pub(super) fn in_stay(&mut self, stay: Uuid, by: &Subject, command: episode::Command, minutes: i64) -> Played<()> {
        let at = self.at(minutes);
        self.write.execute::<Episode>(stay, command, &by.actor(), at)?;
        Ok(())
    }

    /// The first same-day clinic of the place.
    pub(super) fn clinic(&self) -> Played<Option<Clinic>> {
        let clinics = Clinics::of(self.place).map_err(|error| NotPlayed::Refused(error.to_string()))?;
        Ok(clinics.all().first().cloned())
    }

    pub(super) fn book(&mut self, clinic: &Clinic, ask: Uuid, slot: Uuid, at: Timestamp) -> Played<()> {
        let nurse = self.staff.nurse.clone();
        slot::carry_booking(self.write, &nurse, clinic, (ask, slot), at)?;
        Ok(())
    }

    pub(super) fn visit(&mut self, slot: Uuid, step: slot::Step, at: Timestamp) -> Played<()> {
        let unit = self.staff.unit.clone();
        slot::carry_visit(self.write, &unit, slot, slot::Command::Visit { step, at }, at)?;
        Ok(())
    }

    pub(super) fn opened(
        &mut self,
        clinic: &Clinic,
        place: &str,
        starts: Timestamp,
        ends: Timestamp,
        at: Timestamp,
    ) -> Played<Uuid> {
        let (service, place) = (clinic.id.to_string(), place.to_owned());
        let command = slot::Command::Open { service, place, starts, ends };
        slot::open(self.write, command, "system:demonstration", at).map_err(|error| slot::NotBooked::from(error).into())
    }

    pub(super) fn free(&mut self, slot: Uuid, because: &str, at: Timestamp) -> Played<()> {
        self.write.execute::<Slot>(slot, slot::Command::Free(words(because)?), "system:demonstration", at)?;
        Ok(())
    }

    /// How much room a service has, so many minutes ago.
    pub(super) fn room(&mut self, service: &str, free: u32, of: u32, minutes: i64) -> Played<()> {
        let at = self.at(minutes);
        let source = "invented for the demonstration".to_owned();
        let figure = capacity::Observe { service: service.to_owned(), free, of: Some(of), observed_at: at, source };
        capacity::observe(self.write, self.place, figure, "system:demonstration", at)?;
        Ok(())
    }
}
