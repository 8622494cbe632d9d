//! Asks: commands that are on the disk when they answer, from fifty people at once; and making every view again from a log of a
//! million events. In this process, on SQLite: what the rules, the log and the views cost, without pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ::access::{Role, Subject};
use anyhow::Context;
use care::age::Age;
use care::ask::{Act, Asker, Command, Consent, Contact, Ending, Kind, Otherwise, Request, Urgency, Visit, Whom};
use care::triage::{Decision, Level, Offer, Triage};
use care::{Team, Words};
use jiff::Timestamp;
use place::Place;
use store::{Entropy, Location, Store, View};
use uuid::Uuid;

use crate::figure::Figure;
use crate::latency::Latencies;
use crate::random::Random;
use crate::say::tell;
use crate::scratch::Scratch;
use crate::setting::Setting;

const COMMAND: &str = "weft-bench care";
const PEOPLE: u64 = 50;
/// How many events the log has that is played again.
const EVENTS: i64 = 1_000_000;
/// How many asks are written in one transaction where only the log is wanted.
const TOGETHER: u64 = 200;

/// Both.
pub(crate) fn measure(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut figures = commands(setting)?;
    figures.extend(replay()?);
    Ok(figures)
}

struct Seeded(Random);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            let number = self.0.next().to_le_bytes();
            part.iter_mut().zip(number).for_each(|(byte, random)| *byte = random);
        }
    }
}

fn open(folder: &Scratch) -> anyhow::Result<Store> {
    let place = Place::built_in()?;
    let views: Vec<Box<dyn View>> =
        record::views(&place).into_iter().chain(::access::views()).chain(care::views()).collect();
    Ok(Store::open(Location::in_folder(folder.path()), views, Box::new(Seeded(Random::of(5))))?)
}

fn commands(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    tell("asks: commands by fifty people at once");
    let folder = Scratch::new("care")?;
    let store = Arc::new(open(&folder)?);
    let (started, length) = (Instant::now(), Duration::from_secs(setting.seconds));
    let next = Arc::new(AtomicU64::new(1));
    let people: Vec<_> = (0..PEOPLE)
        .map(|_| {
            let (store, next) = (store.clone(), next.clone());
            std::thread::spawn(move || -> anyhow::Result<Latencies> {
                let mut times = Latencies::default();
                while started.elapsed() < length {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    for (minute, (by, act)) in way(number)?.into_iter().enumerate() {
                        let asked = Instant::now();
                        let command = Command { by, act };
                        let at = at(number, minute)?;
                        store.write(move |write| care::ask::carry(write, id(number), command.clone(), at))?;
                        times.add(asked.elapsed());
                    }
                }
                Ok(times)
            })
        })
        .collect();
    let mut times = Latencies::default();
    for one in people {
        times.merge(one.join().map_err(|_| anyhow::anyhow!("one of the fifty stopped"))??);
    }
    let taken = started.elapsed().as_secs_f64();
    let times = times.sorted();
    let rate = times.count() as f64 / taken;
    let head = store.read(|tx| store::log::head(tx))?;
    let entries = head.seq as f64 / taken;
    Ok(vec![
        Figure::new("commands to asks, 50 people at once, each synced", rate, "a second", COMMAND)
            .at_least(3_000.0)
            .with("commands", times.count())
            .with("log_entries_a_second", entries),
        Figure::new("wait for one such command, 99 in 100", times.within(0.99), "ms", COMMAND)
            .under(30.0)
            .with("median_ms", times.within(0.5))
            .with("longest_ms", times.longest()),
    ])
}

fn replay() -> anyhow::Result<Vec<Figure>> {
    tell("asks: a log of a million events, played again");
    let folder = Scratch::new("care-replay")?;
    let store = open(&folder)?;
    let mut number = 0;
    while store.read(|tx| store::log::head(tx))?.seq < EVENTS {
        let first = number + 1;
        number += TOGETHER;
        let asks: Vec<(u64, Vec<(Subject, Act)>)> =
            (first..=number).map(|number| Ok((number, way(number)?))).collect::<anyhow::Result<_>>()?;
        store.write(move |write| {
            for (number, way) in asks.clone() {
                for (minute, (by, act)) in way.into_iter().enumerate() {
                    let at = at(number, minute).unwrap_or(Timestamp::UNIX_EPOCH);
                    care::ask::carry(write, id(number), Command { by, act }, at)?;
                }
            }
            Ok::<_, store::Refused<care::ask::Refusal>>(())
        })?;
    }
    let entries = store.read(|tx| store::log::head(tx))?.seq;
    let started = Instant::now();
    let rows = store.replay()?;
    let taken = started.elapsed().as_secs_f64();
    let rows: i64 = rows.iter().map(|(_, rows)| rows).sum();
    // It makes the views once more beside the ones that stand, and compares them row by row.
    let found = store.verify(None)?.findings;
    anyhow::ensure!(found.is_empty(), "the views that were made again are not the views: {found:?}");
    let per_million = taken * EVENTS as f64 / entries as f64;
    Ok(vec![
        Figure::new("every view made again from a million events", per_million, "s", COMMAND)
            .under(20.0)
            .with("events", entries)
            .with("rows", rows)
            .with("asks", number),
    ])
}

fn id(number: u64) -> Uuid {
    Uuid::from_u128(0xA5 << 64 | u128::from(number))
}

fn at(number: u64, minute: usize) -> anyhow::Result<Timestamp> {
    let second = 1_795_000_000 + i64::try_from(number)? + 60 * i64::try_from(minute)?;
    Ok(Timestamp::from_second(second)?)
}

fn words(text: &str) -> anyhow::Result<Words> {
    Words::try_from(text).context("words of the benchmark")
}

fn team(word: &str) -> anyhow::Result<Team> {
    Team::try_from(word.to_owned()).context("a team of the benchmark")
}

fn somebody(id: &str, role: Role, team: &str) -> Subject {
    Subject {
        id: format!("bench|{id}"),
        name: "Somebody Invented".to_owned(),
        role,
        organisation: "An organisation".to_owned(),
        own: None,
        teams: vec![team.to_owned()],
        assured: true,
    }
}

/// The whole way of one ask, nine commands.
fn way(number: u64) -> anyhow::Result<Vec<(Subject, Act)>> {
    let (practice, door, service) = ("ods:P88002", "desk:single-point-of-access", "service:crisis-response");
    let gp = somebody("gp", Role::Gp, practice);
    let coordinator = somebody("coordinator", Role::Coordinator, door);
    let triager = somebody("triager", Role::DistrictNurse, door);
    let responder = somebody("responder", Role::Therapist, service);
    let age = Age::Known { years: 84, source: "the record".to_owned() };
    let request = Request {
        whom: Whom { person: Uuid::from_u128(u128::from(number % 50_000) + 1), described: None, age: age.clone() },
        kind: Kind::Crisis,
        asked_by: Asker {
            name: words("Dr Invented")?,
            relation: words("GP")?,
            call_back: words("0161 496 0000")?,
            team: Some(team(practice)?),
        },
        asked_for: team(door)?,
        urgency: Urgency::TwoHours,
        happened: words("Found on the floor by a neighbour, cannot get up alone")?,
        worries: words("She has been on the floor for an hour and is cold; her son is on his way")?,
        otherwise: Otherwise::Ambulance,
        consent: Consent::Agrees {},
        visit: Visit::default(),
    };
    let offer = |service: &str| -> anyhow::Result<Offer> {
        Ok(Offer {
            service: team(service)?,
            level: Level::Home7Day,
            fit: "comes within two hours".to_owned(),
            free: Some(2),
            observed_at: Some(at(number, 0)?),
            travel_minutes: Some(9),
            clock_left: Some(95),
        })
    };
    let triage = Triage {
        decision: Decision::Accepted { service: team(service)?, level: Level::Home7Day },
        urgency: Urgency::TwoHours,
        because: words("Needs somebody with a raiser now")?,
        offers: vec![offer(service)?, offer("service:falls")?, offer("service:active-recovery")?],
        overridden: None,
    };
    let contact = Act::StartContact { when: at(number, 5)?, contact: Contact::Visit };
    let outcome = Act::RecordOutcome { ending: Ending::HelpedAtHome, words: words("Up, fed and warm")? };
    let answer =
        Act::Answer { to: words("Dr Invented")?, how: words("on the line")?, words: words("Somebody is on the way")? };
    Ok(vec![
        (gp, Act::Submit(Box::new(request))),
        (coordinator, Act::Receive),
        (triager.clone(), Act::StartTriage),
        (triager.clone(), Act::Decide { triage: Box::new(triage), warm: true }),
        (triager, answer),
        (responder.clone(), Act::AcceptHop),
        (responder.clone(), contact),
        (responder.clone(), outcome),
        (responder, Act::Close { age, redirected: None }),
    ])
}
