//! The consultants' lines while the service runs: which exchange is behind them, the thread that keeps calls going, and in a
//! demonstration a rota of invented consultants. Must not be waited for by any page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use access::{Role, Subject};
use anyhow::{Context, bail};
use care::advice::{Specialties, Specialty};
use care::call::drive::Driver;
use care::rota::hours::{Edge, day, moment};
use care::rota::{Command, Draft, Entry, Rota, stream};
use care::telephony::Telephony;
use care::telephony::signature::Key;
use care::telephony::simulated::{Does, Manner, Simulated};
use jiff::{Span, Timestamp};
use serde::Deserialize;
use store::Refused;

use crate::exchange::Exchange;
use crate::house::House;

/// How often calls are moved on: a ring ends at most so much later than its seconds.
const EVERY: Duration = Duration::from_millis(250);
/// For how many days ahead a demonstration has a rota.
const AHEAD: i32 = 60;

/// `[telephony]`: where a real exchange takes orders, where its key is, and the numbers of the lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    /// Where it takes orders.
    pub(crate) orders: String,
    /// The name of the environment variable that holds the shared key, in hexadecimal digits.
    pub(crate) key: String,
    /// The number of each specialty's line; never anybody's own.
    #[serde(default)]
    pub(crate) numbers: BTreeMap<String, String>,
}

/// The lines as they run. Dropped: calls are no longer moved on, and wait for the next start.
pub(crate) struct Lines {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Begins: what the pages need of the lines, and the thread that keeps calls going.
pub(crate) fn begin(house: &House, written: Option<&Written>, demo: bool) -> anyhow::Result<(web::Advice, Lines)> {
    let specialties = match house.place.file("advice.toml") {
        Some(text) => Specialties::read(text).context("the place's lines cannot be used")?,
        None => Specialties::default(),
    };
    let (exchange, key): (Option<Arc<dyn Telephony>>, Option<Key>) = match written {
        Some(written) => {
            let key = key(&std::env::var(&written.key).unwrap_or_default())
                .with_context(|| format!("the key of the exchange in the environment variable {}", written.key))?;
            let exchange = Exchange::at(&written.orders, key.clone(), house.clock.clone())?;
            (Some(Arc::new(exchange)), Some(key))
        }
        None if demo => {
            invented(house, &specialties)?;
            (Some(Arc::new(exchange())), None)
        }
        None => (None, None),
    };
    let numbers = written.map(|written| written.numbers.clone()).unwrap_or_default();
    let lines = match exchange {
        Some(exchange) => driven(house, exchange)?,
        None => Lines { stop: None, thread: None },
    };
    Ok((web::Advice { specialties, numbers, exchange: key }, lines))
}

/// The exchange of a demonstration. On the line of endocrinology it goes as in Stockport in 2016: the first on the rota lets it ring,
/// the second, as whom a visitor can sign in, picks up after six seconds, so that somebody answers within 25.
fn exchange() -> Simulated {
    let exchange = Simulated::new(1, Manner { again_every: 5, late_by: 1 });
    exchange.always("invented|endocrinology-0", Does::LetsItRing);
    exchange.always("persona|consultant", Does::PicksUp { after: 6, talk: 240 });
    exchange
}

/// A key of 64 or more hexadecimal digits.
fn key(digits: &str) -> anyhow::Result<Key> {
    let digits = digits.trim();
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        bail!("it is not of hexadecimal digits, two a byte");
    }
    let pairs = (0..digits.len()).step_by(2).filter_map(|at| digits.get(at..at + 2));
    let bytes: Result<Vec<u8>, _> = pairs.map(|pair| u8::from_str_radix(pair, 16)).collect();
    Ok(Key::new(bytes?)?)
}

fn driven(house: &House, exchange: Arc<dyn Telephony>) -> anyhow::Result<Lines> {
    let (store, clock) = (house.store.clone(), house.clock.clone());
    let (stop, stopped) = channel::<()>();
    let thread = std::thread::Builder::new().name("lines".to_owned()).spawn(move || {
        let mut driver = Driver::default();
        while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            if let Err(error) = driver.step(&store, exchange.as_ref(), clock.now()) {
                tracing::warn!(%error, "calls could not be moved on; it is tried again");
            }
        }
    })?;
    Ok(Lines { stop: Some(stop), thread: Some(thread) })
}

/// Gives every line a rota of invented consultants for the days ahead, where there is none.
fn invented(house: &House, specialties: &Specialties) -> anyhow::Result<()> {
    let now = house.clock.now();
    for specialty in specialties.all() {
        let today = day(now);
        let until = today.checked_add(Span::new().days(AHEAD))?;
        let calendar = Box::new(house.place.calendar().clone());
        let half = today.checked_add(Span::new().days(AHEAD / 2))?;
        let kept = house.store.read(|tx| store::log::stream(tx, stream(&specialty.id)))?;
        let (rota, _) = store::aggregate::load::<Rota>(&kept)?;
        if rota.versions().last().is_some_and(|last| last.until >= half) {
            continue;
        }
        let (by, team) = (clerk(specialty), specialty.team.clone());
        let draft = draft(specialty, today, until, now)?;
        let outcome = house.store.write(move |write| {
            let id = stream(&draft.specialty);
            let written = Command::Draft { by: by.clone(), team: team.clone(), draft: draft.clone() };
            write.execute::<Rota>(id, written, "system:demonstration", now)?;
            let published = Command::Publish { by: by.clone(), team: team.clone(), calendar: calendar.clone() };
            write.execute::<Rota>(id, published, "system:demonstration", now).map(|_| ())
        });
        match outcome {
            Ok(()) => {}
            Err(Refused::Rules(refusal)) => tracing::warn!(%refusal, "an invented rota was refused"),
            Err(Refused::Store(error)) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whoever writes the invented rotas.
fn clerk(specialty: &Specialty) -> Subject {
    Subject {
        id: "demonstration|rota".to_owned(),
        name: "Rota of the demonstration".to_owned(),
        role: Role::Consultant,
        organisation: "Stepping Hill Hospital".to_owned(),
        own: None,
        teams: vec![specialty.team.word().to_owned()],
        assured: true,
    }
}

/// Two invented consultants of the specialty and, second, the one of the demonstration's personas, on every day and all day.
fn draft(
    specialty: &Specialty,
    from: jiff::civil::Date,
    until: jiff::civil::Date,
    now: Timestamp,
) -> anyhow::Result<Draft> {
    let begins = moment(from.to_datetime(jiff::civil::Time::midnight()), Edge::From);
    let ends = moment(until.tomorrow()?.to_datetime(jiff::civil::Time::midnight()), Edge::Until);
    let names = match specialty.id.as_str() {
        "endocrinology" => ["Dr Judith Marlowe", "Dr Imran Sayeed"],
        "haematology" => ["Dr Colette Prentice", "Dr Tunde Afolabi"],
        _ => ["Dr Harriet Quill", "Dr Stefan Brodie"],
    };
    let mut people: Vec<(String, String)> = names
        .iter()
        .enumerate()
        .map(|(n, name)| (format!("invented|{}-{n}", specialty.id), (*name).to_owned()))
        .collect();
    // Second, so that whoever tries the line sees it go on once.
    people.insert(1, ("persona|consultant".to_owned(), "Dr Ewan Tarrant".to_owned()));
    let entry = |(order, (reader, name))| Entry { reader, name, from: begins.min(now), until: ends, order };
    let entries = (1..).zip(people).map(entry).collect();
    Ok(Draft { specialty: specialty.id.to_string(), from, until, covered: specialty.covered.clone(), entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_of_hexadecimal_digits_and_long_enough() {
        assert!(key(&"ab".repeat(32)).is_ok());
        for wrong in ["", "abc", &"ab".repeat(31), &"xy".repeat(32), &format!("{}é", "a".repeat(62))] {
            assert!(key(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_invented_rota_of_every_line_of_the_place_can_be_published_on_any_day() {
        let place = place::Place::built_in().unwrap();
        let specialties = Specialties::read(place.file("advice.toml").unwrap()).unwrap();
        let now: Timestamp = "2026-11-22T09:30:00Z".parse().unwrap();
        assert!(!specialties.all().is_empty());
        for specialty in specialties.all() {
            let until = day(now).checked_add(Span::new().days(AHEAD)).unwrap();
            let draft = draft(specialty, day(now), until, now).unwrap();
            let mut rota = Rota::default();
            let (by, team) = (clerk(specialty), specialty.team.clone());
            use store::Aggregate as _;
            for command in [
                Command::Draft { by: by.clone(), team: team.clone(), draft },
                Command::Publish { by, team, calendar: Box::new(place.calendar().clone()) },
            ] {
                rota.decide(command, now).unwrap().iter().for_each(|event| rota.apply(event));
            }
            assert_eq!(rota.on(now).len(), 3, "{}", specialty.name);
        }
    }
}
