//! Taking files in. One thread reads and understands messages, the store's writer commits them, many to a sync; the last
//! line on standard output is the result as JSON. Taking the same files in again changes nothing.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use indicatif::ProgressBar;
use jiff::Timestamp;
use record::feed::RawMessage;
use record::feeds::Reader;
use record::ingest::{Arrival, Outcome, Received, receive};
use record::views::person;
use serde::Serialize;

use crate::arguments;
use crate::house::{House, now};
use crate::samples::SAMPLES;
use crate::settings::Settings;
use crate::terminal;

/// How many messages may be on their way to the disk; bounds memory, and is enough to fill a commit.
const IN_FLIGHT: usize = 128;
/// And how many bytes of them.
const IN_FLIGHT_BYTES: usize = 16 * 1024 * 1024;

/// What an import did.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) received: u64,
    pub(crate) applied: u64,
    pub(crate) duplicates: u64,
    pub(crate) quarantined: u64,
    /// Files or parts of files that could not be read at all; each has its line on standard error.
    pub(crate) unreadable: u64,
    /// People known after it.
    pub(crate) people: i64,
    /// Resources (current versions) known after it.
    pub(crate) resources: i64,
    pub(crate) seconds: f64,
    pub(crate) peak_mb: u64,
}

pub(crate) fn run(settings: &Settings, task: &arguments::Import) -> anyhow::Result<ExitCode> {
    let house = House::open(settings)?;
    if task.invented && !house.store.read(|tx| access::demonstration::is_one(tx))? {
        let at = now();
        let begun = house.store.write(move |write| access::demonstration::begin(write, at));
        begun
            .context("--invented: only an empty database can be marked as invented; give another folder with --data")?;
    }
    let report = files(&house, &task.paths, task.feed.as_deref())?;
    terminal::say(serde_json::to_string(&report)?);
    Ok(if report.unreadable == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Takes files and folders in.
pub(crate) fn files(house: &House, paths: &[PathBuf], feed: Option<&str>) -> anyhow::Result<Report> {
    let named = match feed {
        None => None,
        Some(id) => {
            let known =
                || house.feeds.all().iter().map(|reader| reader.feed().id.to_string()).collect::<Vec<_>>().join(", ");
            Some(
                house
                    .feeds
                    .get(id)
                    .cloned()
                    .with_context(|| format!("there is no feed {id}; this place has {}", known()))?,
            )
        }
    };
    let mut all = Vec::new();
    for path in paths {
        gather(path, &mut all).with_context(|| format!("cannot read {}", path.display()))?;
    }
    let started = now();
    let bytes = all.iter().filter_map(|path| path.metadata().ok()).map(|about| about.len()).sum();
    let bar = terminal::bar(bytes);
    let mut import = Import::new(house, bar);
    for path in &all {
        import.file(path, named.as_ref())?;
    }
    import.end(started)
}

/// Takes the samples inside the binary in.
pub(crate) fn samples(house: &House) -> anyhow::Result<Report> {
    let started = now();
    let bar = terminal::bar(SAMPLES.iter().map(|(_, bytes)| bytes.len() as u64).sum());
    let mut import = Import::new(house, bar);
    for (path, bytes) in SAMPLES {
        let name = path.rsplit('/').next().unwrap_or(path);
        let reader = house.feeds.recognise(name, bytes).cloned();
        match reader {
            Some(reader) => import.stream(Path::new(path), name, &reader, Box::new(*bytes))?,
            // Another borough may not have every feed of the samples.
            None => import.unreadable(Path::new(path), "this place has no feed for it"),
        }
    }
    import.end(started)
}

/// All files under a path, in order of name; what is not a feed's file (a note, a licence) is left alone.
fn gather(path: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        path.metadata()?;
        into.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for entry in entries {
        let feeds = ["json", "ndjson", "jsonl", "hl7", "csv"];
        if entry.is_dir()
            || entry
                .extension()
                .is_some_and(|extension| feeds.iter().any(|known| extension.eq_ignore_ascii_case(known)))
        {
            gather(&entry, into)?;
        }
    }
    Ok(())
}

type Answer = tokio::sync::oneshot::Receiver<Result<Received, store::Error>>;

pub(crate) struct Import<'h> {
    house: &'h House,
    report: Report,
    /// Size and answer of each message on its way; and the message itself, so that this thread, which made it, takes it
    /// apart again, and the writer's, which has more to do, does not.
    waiting: VecDeque<(usize, Answer, Arc<Arrival>)>,
    waiting_bytes: usize,
    bar: ProgressBar,
}

impl<'h> Import<'h> {
    pub(crate) fn new(house: &'h House, bar: ProgressBar) -> Self {
        Self { house, report: Report::default(), waiting: VecDeque::new(), waiting_bytes: 0, bar }
    }

    /// Waits for what is on its way, and counts.
    fn end(mut self, started: Timestamp) -> anyhow::Result<Report> {
        self.settle(0)?;
        self.bar.finish_and_clear();
        let mut report = self.report;
        (report.people, report.resources) =
            self.house.store.read(|tx| Ok::<_, store::Error>((person::count(tx)?, store::resource::count(tx)?)))?;
        report.seconds = (now().duration_since(started).as_secs_f64() * 1000.0).round() / 1000.0;
        report.peak_mb = terminal::peak_megabytes();
        Ok(report)
    }

    fn file(&mut self, path: &Path, named: Option<&Arc<Reader>>) -> anyhow::Result<()> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut first = vec![0; 64 * 1024];
        let reader = File::open(path).and_then(|mut file| {
            let length = file.read(&mut first)?;
            first.truncate(length);
            File::open(path)
        });
        let file = match reader {
            Ok(file) => file,
            Err(error) => {
                self.unreadable(path, &error.to_string());
                return Ok(());
            }
        };
        let Some(reader) = named.cloned().or_else(|| self.house.feeds.recognise(&name, &first).cloned()) else {
            self.unreadable(path, "it cannot be told which feed this file belongs to; say --feed");
            return Ok(());
        };
        self.bar.set_message(name.clone());
        self.stream(path, &name, &reader, Box::new(BufReader::with_capacity(256 * 1024, file)))
    }

    fn stream(
        &mut self,
        path: &Path,
        name: &str,
        reader: &Arc<Reader>,
        bytes: Box<dyn BufRead + '_>,
    ) -> anyhow::Result<()> {
        for message in reader.messages(name, bytes) {
            let raw = match message {
                Ok(raw) => raw,
                Err(error) => {
                    self.unreadable(path, &error.to_string());
                    continue;
                }
            };
            self.bar.inc(raw.bytes.len() as u64);
            self.take(reader, &raw)?;
        }
        Ok(())
    }

    /// Understands one message here and hands it to the writer; waits where enough is on its way.
    pub(crate) fn take(&mut self, reader: &Arc<Reader>, raw: &RawMessage) -> anyhow::Result<()> {
        let bytes = raw.bytes.len();
        let arrival = Arc::new(Arrival::of(reader, raw, self.house.clock.now()));
        let (index, shared) = (self.house.index.clone(), arrival.clone());
        let answer = self.house.store.submit(move |write| receive(write, index.as_ref(), &shared));
        self.report.received += 1;
        self.waiting.push_back((bytes, answer, arrival));
        self.waiting_bytes += bytes;
        self.settle(IN_FLIGHT)
    }

    fn unreadable(&mut self, path: &Path, why: &str) {
        self.report.unreadable += 1;
        self.bar.suspend(|| terminal::remark(format!("weft: {}: {why}", path.display())));
    }

    /// Waits until at most `most` messages are on their way.
    pub(crate) fn settle(&mut self, most: usize) -> anyhow::Result<()> {
        while self.waiting.len() > most
            || (self.waiting_bytes > IN_FLIGHT_BYTES && self.waiting.len() > 1)
            || (most == 0 && !self.waiting.is_empty())
        {
            let Some((bytes, answer, _arrival)) = self.waiting.pop_front() else { break };
            self.waiting_bytes -= bytes;
            let received =
                answer.blocking_recv().context("the store was shut")?.context("a message could not be kept")?;
            match received.outcome {
                Outcome::Applied(_) => self.report.applied += 1,
                Outcome::Duplicate(_) => self.report.duplicates += 1,
                Outcome::Quarantined(_) => self.report.quarantined += 1,
            }
        }
        Ok(())
    }
}
