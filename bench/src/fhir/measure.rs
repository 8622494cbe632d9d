//! The measurements themselves, the same for either side: the same requests, the same connections, the same checks.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::Value;

use super::bundles::Bundles;
use super::whole;
use crate::http::Connection;
use crate::latency::{Latencies, Sorted};
use crate::random::Random;

/// Connections that send transactions at once.
const WRITERS: usize = 4;
/// Connections that read at once.
const READERS: usize = 16;
/// The longest that one kind of request is measured, one after the other: the peer looks through everything for each search.
const LONGEST: Duration = Duration::from_secs(10);
/// The size of `$everything` that the goal is about.
const EVERYTHING: usize = 370_000;

/// Whom to ask.
pub(super) struct Target<'t> {
    /// Host and port.
    pub(super) address: &'t str,
    /// As whom, where one has to say.
    pub(super) persona: Option<&'static str>,
    /// Whether it has `$everything`.
    pub(super) everything: bool,
}

/// What was measured.
pub(super) struct Measured {
    pub(super) resources: usize,
    pub(super) ingest: Duration,
    pub(super) ingest_cpu: Duration,
    /// The first read of each person: the look is written and synced before the answer.
    pub(super) first: Sorted,
    /// Reads of people who were looked at a moment ago.
    pub(super) read: Sorted,
    pub(super) reads_a_second: f64,
    pub(super) reads_cpu: Duration,
    pub(super) search: Sorted,
    /// Bytes and times.
    pub(super) everything: Option<(usize, Sorted)>,
    pub(super) peak_megabytes: u64,
}

impl Measured {
    /// Resources a second.
    pub(super) fn rate(&self) -> f64 {
        self.resources as f64 / whole(self.ingest)
    }

    /// The run in a line, for whoever watches.
    pub(super) fn said(&self) -> String {
        format!(
            "{:.0} resources a second; a read {:.3} ms, {:.0} a second by sixteen; a search page {:.3} ms; {} MB",
            self.rate(),
            self.read.within(0.5),
            self.reads_a_second,
            self.search.within(0.5),
            self.peak_megabytes
        )
    }
}

/// One patient of a bundle that was taken in, and something of theirs.
struct Somebody {
    patient: String,
    observation: String,
}

/// All of it, in order.
pub(super) fn all(
    target: &Target<'_>,
    bundles: &Bundles,
    resources: usize,
    seconds: u64,
    cpu: &dyn Fn() -> Duration,
) -> anyhow::Result<Measured> {
    let (copies, resources) = bundles.enough(resources);
    let (before, started) = (cpu(), Instant::now());
    let (people, making) = take_in(target, bundles, copies)?;
    // Copies are made by the same threads between two requests; that time is not the server's.
    let ingest = started.elapsed().saturating_sub(making);
    let ingest_cpu = cpu().saturating_sub(before);
    anyhow::ensure!(people.len() == copies, "{} of {copies} bundles gave a patient with an observation", people.len());

    let mut connection = connect(target)?;
    let paths: Vec<String> = people.iter().map(|one| format!("/fhir/Observation/{}", one.observation)).collect();
    let soon = || Some(Instant::now() + LONGEST);
    let first = timed(&mut connection, paths.iter().map(String::as_str), soon())?;
    let mut random = Random::of(1);
    let read = timed(&mut connection, (0..5_000).filter_map(|_| random.one(&paths)).map(String::as_str), soon())?;
    let (before, started) = (cpu(), Instant::now());
    let count = crowd(target, &paths, Duration::from_secs(seconds))?;
    let reads_a_second = count as f64 / whole(started.elapsed());
    let reads_cpu = cpu().saturating_sub(before);
    let pages: Vec<String> =
        people.iter().map(|one| format!("/fhir/Observation?subject=Patient/{}&_count=20", one.patient)).collect();
    let search = timed(&mut connection, (0..2_000).filter_map(|_| random.one(&pages)).map(String::as_str), soon())?;
    let everything = if target.everything { Some(about_one(&mut connection, &people)?) } else { None };
    Ok(Measured {
        resources,
        ingest,
        ingest_cpu,
        first,
        read,
        reads_a_second,
        reads_cpu,
        search,
        everything,
        peak_megabytes: 0,
    })
}

fn connect(target: &Target<'_>) -> anyhow::Result<Connection> {
    let mut connection = Connection::open(target.address)?;
    if let Some(persona) = target.persona {
        connection.take_token(persona)?;
    }
    Ok(connection)
}

/// Sends every copy; the people in them, and how long making the copies took on each thread.
fn take_in(target: &Target<'_>, bundles: &Bundles, copies: usize) -> anyhow::Result<(Vec<Somebody>, Duration)> {
    let (next, people, making) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(Duration::ZERO));
    let work = || -> anyhow::Result<()> {
        let mut connection = connect(target)?;
        let mut spent = Duration::ZERO;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= copies {
                break;
            }
            let started = Instant::now();
            let bundle = bundles.copy(number);
            spent += started.elapsed();
            let answer = connection.send("POST", "/fhir", "application/fhir+json", &bundle)?;
            anyhow::ensure!(
                answer.status == 200,
                "a transaction was answered with {}: {}",
                answer.status,
                answer.text().chars().take(500).collect::<String>()
            );
            let somebody = somebody(answer.text())?;
            people.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(somebody);
        }
        *making.lock().unwrap_or_else(std::sync::PoisonError::into_inner) +=
            spent / u32::try_from(WRITERS).unwrap_or(1);
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..WRITERS).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a writer stopped"))))
    })?;
    let people = people.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok((people, making.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)))
}

/// The first patient and the last observation of a transaction's answer.
fn somebody(answer: &str) -> anyhow::Result<Somebody> {
    let answer: Value = serde_json::from_str(answer)?;
    let entries = answer.get("entry").and_then(Value::as_array).context("a transaction's answer has no entries")?;
    let id = |kind: &str, entry: &Value| -> Option<String> {
        let location = entry.pointer("/response/location")?.as_str()?;
        let rest = location.split_once(&format!("{kind}/"))?.1;
        Some(rest.split('/').next().unwrap_or_default().to_owned())
    };
    let patient = entries.iter().find_map(|entry| id("Patient", entry)).context("a bundle gave no patient")?;
    let observation =
        entries.iter().rev().find_map(|entry| id("Observation", entry)).context("a bundle gave no observation")?;
    Ok(Somebody { patient, observation })
}

/// Asks for these one after the other.
fn timed<'p>(
    connection: &mut Connection,
    paths: impl Iterator<Item = &'p str>,
    until: Option<Instant>,
) -> anyhow::Result<Sorted> {
    let mut times = Latencies::default();
    for path in paths {
        if until.is_some_and(|until| Instant::now() >= until) {
            break;
        }
        let started = Instant::now();
        let answer = connection.get_json(path)?;
        anyhow::ensure!(
            answer.status == 200,
            "{} was answered with {}",
            path.split('?').next().unwrap_or_default(),
            answer.status
        );
        times.add(started.elapsed());
    }
    Ok(times.sorted())
}

/// Sixteen connections, each reading at random as fast as it can; how many reads were answered.
fn crowd(target: &Target<'_>, paths: &[String], time: Duration) -> anyhow::Result<usize> {
    let until = Instant::now() + time;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..READERS)
            .map(|reader| {
                scope.spawn(move || -> anyhow::Result<usize> {
                    let mut connection = connect(target)?;
                    let mut random = Random::of(reader as u64 + 2);
                    let endless = std::iter::repeat_with(|| random.one(paths).map_or("", String::as_str));
                    Ok(timed(&mut connection, endless, Some(until))?.count())
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a reader stopped"))))
            .sum()
    })
}

/// `$everything` of whoever's is nearest the size that the goal is about, among the first fifty.
fn about_one(connection: &mut Connection, people: &[Somebody]) -> anyhow::Result<(usize, Sorted)> {
    let mut nearest: Option<(usize, String)> = None;
    for one in people.iter().take(50) {
        let path = format!("/fhir/Patient/{}/$everything", one.patient);
        let size = connection.get_json(&path)?.body.len();
        if nearest.as_ref().is_none_or(|(known, _)| size.abs_diff(EVERYTHING) < known.abs_diff(EVERYTHING)) {
            nearest = Some((size, path));
        }
    }
    let (size, path) = nearest.context("nobody was taken in")?;
    let times = timed(connection, std::iter::repeat_n(path.as_str(), 200), None)?;
    Ok((size, times))
}
