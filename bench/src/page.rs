//! The record page under fifty readers at once: first as fast as they can, to see what the machine carries; then at the
//! pace of people, to see how long each waits. Every answer is checked, and every look is counted in the audit afterwards.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::borough::{Borough, PRACTICE, Resident};
use crate::figure::Figure;
use crate::http::Connection;
use crate::import::seconds;
use crate::latency::{Latencies, Sorted};
use crate::pause;
use crate::program::own_cpu;
use crate::random::Random;
use crate::say::tell;
use crate::setting::Setting;

/// Readers at once.
const READERS: usize = 50;
/// Who the readers are: a GP of [`PRACTICE`].
const PERSONA: &str = "gp";
/// Time between two pages of one reader at the pace of people, on average.
const PACE: Duration = Duration::from_millis(200);

/// How readers read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// The next page as soon as one has come.
    Closed,
    /// A page every so often, whether the last came quickly or not.
    People,
}

/// What one way of reading gave.
struct Reading {
    /// From the moment a page was due until its last byte was there.
    times: Sorted,
    /// From the moment it was really asked for: the difference is what the reader itself came late.
    asked: Sorted,
    elapsed: Duration,
    server_cpu: Duration,
    reader_cpu: Duration,
}

/// Both ways.
pub(crate) fn measure(setting: &Setting, borough: &Borough) -> anyhow::Result<Vec<Figure>> {
    let residents: Arc<[Resident]> = borough.residents(PRACTICE)?.into();
    tell(format!("{} of them are on the list of the readers' practice", residents.len()));
    let journal = borough.journal()?;
    anyhow::ensure!(journal == "wal", "the database should keep a write-ahead log, but says {journal}");
    let server = setting.program.serve(&borough.data())?;
    // Once each for both ways: the server lets nobody sign in as often as that within a minute.
    let sessions = (0..READERS).map(|_| session(&server.address)).collect::<anyhow::Result<Vec<String>>>()?;
    let mut figures = Vec::new();
    for pace in [Pace::Closed, Pace::People] {
        tell(match pace {
            Pace::Closed => "50 readers, each asking again at once",
            Pace::People => "50 readers, each opening a page every 200 ms or so",
        });
        let before = borough.looks()?;
        let (own, theirs, started) = (own_cpu(), server.cpu(), Instant::now());
        let (times, asked, pages) =
            read(&server.address, &sessions, &residents, pace, Duration::from_secs(setting.seconds))?;
        let reading = Reading {
            times: times.sorted(),
            asked: asked.sorted(),
            elapsed: started.elapsed(),
            server_cpu: server.cpu().saturating_sub(theirs),
            reader_cpu: own_cpu().saturating_sub(own),
        };
        let looks = borough.looks()? - before;
        anyhow::ensure!(looks == pages, "{pages} pages were shown, but {looks} looks are written down");
        figures.extend(told(&reading, pace, setting, pages));
    }
    let peak = server.peak_megabytes() as f64;
    figures.push(Figure::new("memory of the server after it", peak, "MB", "VmHWM of weft serve").under(300.0));
    Ok(figures)
}

fn told(reading: &Reading, pace: Pace, setting: &Setting, pages: usize) -> Vec<Figure> {
    let Reading { times, asked, elapsed, server_cpu, reader_cpu } = reading;
    let rate = times.count() as f64 / setting.seconds as f64;
    let command = format!("weft serve; 50 connections over {} people, {} s", setting.people, setting.seconds);
    let name = match pace {
        Pace::Closed => "record page, 50 readers without a pause",
        Pace::People => "record page, 50 readers, 250 pages a second",
    };
    let detail = |figure: Figure| {
        figure
            .with("pages", pages)
            .with("looks_written", pages)
            .with("pages_a_second", rate.round())
            .with("p50_ms", times.within(0.5))
            .with("p90_ms", times.within(0.9))
            .with("p99_ms", times.within(0.99))
            .with("max_ms", times.longest())
            .with("p50_from_asking_ms", asked.within(0.5))
            .with("p99_from_asking_ms", asked.within(0.99))
            .with("server_cpu_seconds", seconds(*server_cpu))
            .with("reader_cpu_seconds", seconds(*reader_cpu))
            .with("server_cpu_ms_a_page", (server_cpu.as_secs_f64() * 1e6 / pages.max(1) as f64).round() / 1e3)
            .with("wall_seconds", seconds(*elapsed))
    };
    let (p50, p99) = (times.within(0.5), times.within(0.99));
    match pace {
        Pace::Closed => vec![
            detail(Figure::new(format!("{name}, throughput"), rate, "pages a second", &command)),
            Figure::new(format!("{name}, p50"), p50, "ms", &command),
            Figure::new(format!("{name}, p99"), p99, "ms", &command),
            Figure::new(format!("{name}, longest"), times.longest(), "ms", command),
        ],
        Pace::People => vec![
            detail(Figure::new(format!("{name}, p50"), p50, "ms", &command).under(5.0)),
            Figure::new(format!("{name}, p99"), p99, "ms", command).under(30.0),
        ],
    }
}

type Read = (Latencies, Latencies, usize);

/// Lets all readers read; their times, and how many pages were shown, those before the clock started included.
fn read(
    address: &str,
    sessions: &[String],
    residents: &Arc<[Resident]>,
    pace: Pace,
    time: Duration,
) -> anyhow::Result<Read> {
    // All connect first, then start together.
    let starts = Instant::now() + Duration::from_secs(2);
    let readers: Vec<_> = sessions
        .iter()
        .enumerate()
        .map(|(number, session)| {
            let (address, session, residents) = (address.to_owned(), session.clone(), residents.clone());
            std::thread::spawn(move || {
                let mut connection = Connection::open(&address)?;
                connection.resume(&session);
                reader(&mut connection, &residents, pace, number, starts, starts + time)
            })
        })
        .collect();
    let mut all = (Latencies::default(), Latencies::default(), 0);
    for reader in readers {
        let (times, asked, pages) = reader.join().map_err(|_| anyhow::anyhow!("a reader stopped on a fault"))??;
        all.0.merge(times);
        all.1.merge(asked);
        all.2 += pages;
    }
    Ok(all)
}

/// Somebody signs in.
fn session(address: &str) -> anyhow::Result<String> {
    let mut connection = Connection::open(address)?;
    connection.sign_in(PERSONA)?;
    Ok(connection.session().to_owned())
}

fn reader(
    connection: &mut Connection,
    residents: &[Resident],
    pace: Pace,
    number: usize,
    starts: Instant,
    ends: Instant,
) -> anyhow::Result<Read> {
    let mut random = Random::of(number as u64 + 1);
    let (mut times, mut asked, mut pages) = (Latencies::default(), Latencies::default(), 0);
    // One page before the clock starts, so that connecting is not counted as reading.
    open(connection, random.one(residents).context("nobody to read about")?)?;
    pages += 1;
    let mut due = starts + PACE.mul_f64(fraction(&mut random));
    pause::until(if pace == Pace::Closed { starts } else { due });
    while Instant::now() < ends {
        let resident = random.one(residents).context("nobody to read about")?;
        let now = Instant::now();
        open(connection, resident)?;
        pages += 1;
        asked.add(now.elapsed());
        match pace {
            Pace::Closed => times.add(now.elapsed()),
            Pace::People => {
                // From when it was due: a reader kept waiting by one page is late for the next, and that counts.
                times.add(due.elapsed());
                due += PACE.mul_f64(0.5 + fraction(&mut random));
                pause::until(due);
            }
        }
    }
    Ok((times, asked, pages))
}

/// From 0 to 1.
fn fraction(random: &mut Random) -> f64 {
    random.below(1_000_001) as f64 / 1_000_000.0
}

/// Opens a record and makes sure that it is the right one.
fn open(connection: &mut Connection, resident: &Resident) -> anyhow::Result<()> {
    let answer = connection.get(&resident.page)?;
    anyhow::ensure!(answer.status == 200, "a record page was answered with {}: {}", answer.status, answer.text());
    anyhow::ensure!(answer.text().contains(&resident.nhs_number), "a record page shows somebody else");
    Ok(())
}
