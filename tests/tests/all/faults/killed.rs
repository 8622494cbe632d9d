//! `kill -9` in the middle of an import, again and again. The child is this same test in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use record::ingest::{Arrival, Received, receive};
use store::{Location, Store};
use weft_tests::database::views;
use weft_tests::samples::{Sample, folder, of_path, take_all};
use weft_tests::{Database, Seeded, at, outside};

/// Tells the child which database is its own, and with which message it begins.
const CHILD: &str = "WEFT_TEST_KILLED_CHILD";

/// Messages of every format, small and large.
fn messages() -> Vec<Sample> {
    let mut messages = of_path(&folder().join("demo"));
    messages.extend(of_path(&folder().join("hl7v2")));
    messages.extend(of_path(&folder().join("broken")));
    // The large ones between the small ones, or the first kills would all fall into them.
    Seeded::new(3).shuffle(&mut messages);
    messages
}

#[test]
fn killed_in_the_middle_on_sqlite() {
    killed(Some(Database::sqlite()), 12, "faults::killed::killed_in_the_middle_on_sqlite");
}

#[test]
fn killed_in_the_middle_on_postgresql() {
    killed(Database::postgres(), 6, "faults::killed::killed_in_the_middle_on_postgresql");
}

fn killed(database: Option<Database>, kills: usize, name: &str) {
    if let Ok(told) = std::env::var(CHILD) {
        return child(&told);
    }
    let Some(database) = database else { return };
    let messages = messages();
    let mut seeded = Seeded::new(41);
    let mut acknowledged: Vec<(usize, String)> = Vec::new();
    let mut in_the_middle = 0;
    for kill in 0..kills {
        // All before it has been acknowledged, so that the order of arrival is that of an import in peace.
        let begin = acknowledged.iter().map(|(number, _)| number + 1).max().unwrap_or(0).saturating_sub(10);
        let (acks, whole) = run_and_kill(&database, begin, 12 + seeded.below(messages.len() / kills), name);
        in_the_middle += usize::from(!whole);
        acknowledged.extend(acks);
        let store = database.open();
        let report = store.verify(None).unwrap();
        assert!(report.findings.is_empty(), "after kill {kill}: {:?}", report.findings);
        let missing: Vec<_> = acknowledged
            .iter()
            .filter(|(_, id)| {
                let id = id.parse().unwrap();
                store.read(|tx| record::views::message::one(tx, id)).unwrap().is_none()
            })
            .collect();
        assert!(missing.is_empty(), "after kill {kill} these acknowledged messages are gone: {missing:?}");
    }
    assert!(in_the_middle * 2 > kills, "only {in_the_middle} kills came before the end");
    assert!(acknowledged.len() > 5 * kills);
    // Run to the end, it holds what an import in peace holds.
    let store = database.open();
    let _ = take_all(&store, &messages);
    let other = Database::sqlite();
    let peace = other.open();
    let _ = take_all(&peace, &messages);
    assert!(store.verify(None).unwrap().findings.is_empty());
    for table in
        outside::view_tables().into_iter().filter(|table| ["fact", "named", "demographic"].contains(&table.name))
    {
        let without = [
            "fact.person",
            "fact.arrived",
            "fact.as_of",
            "demographic.person",
            "demographic.arrived",
            "demographic.as_of",
        ];
        assert_eq!(
            outside::dump(&store, &[table], &without),
            outside::dump(&peace, &[table], &without),
            "{}",
            table.name
        );
    }
    let applied = |store: &Store| {
        let tallies = store.read(|tx| record::views::message::tallies(tx, at(0))).unwrap();
        tallies.into_iter().map(|tally| (tally.feed, tally.ever.applied, tally.ever.quarantined)).collect::<Vec<_>>()
    };
    assert_eq!(applied(&store), applied(&peace), "each message was applied or put aside exactly once");
}

/// Runs the child and kills it after so many acknowledgements; what it acknowledged, and whether it came to its end.
fn run_and_kill(database: &Database, begin: usize, after: usize, name: &str) -> (Vec<(usize, String)>, bool) {
    let address = match database.location() {
        Location::File(file) => file.display().to_string(),
        Location::Server(url) => url,
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(CHILD, format!("{begin} {address}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    let mut whole = false;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let mut words = line.split(' ').skip_while(|word| *word != "ack");
        if let (Some(_), Some(number), Some(id)) = (words.next(), words.next(), words.next()) {
            // The last line may have been cut by the kill.
            if let (Ok(number), 36) = (number.parse(), id.len()) {
                acknowledged.push((number, id.to_owned()));
            }
        }
        whole |= line.contains("the end");
        if acknowledged.len() == after {
            // SIGKILL: nothing of the child runs any more. What it had said by then is still read above.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    (acknowledged, whole)
}

/// Takes messages in, many in flight, and says so of each only after the store has.
fn child(told: &str) {
    let (begin, address) = told.split_once(' ').unwrap();
    let begin: usize = begin.parse().unwrap();
    let location =
        if address.contains("://") { Location::Server(address.to_owned()) } else { Location::File(address.into()) };
    let seed = u64::from(std::process::id());
    let store = Store::open(location, views(), Box::new(Seeded::new(seed))).unwrap();
    let messages = messages();
    let mut out = std::io::stdout();
    let mut waiting = std::collections::VecDeque::new();
    for (number, sample) in messages.iter().enumerate().skip(begin) {
        let arrival = Arrival::of(&sample.reader, &sample.raw, at(number as i64));
        waiting.push_back((number, store.submit(move |write| receive(write, &*weft_tests::samples::INDEX, &arrival))));
        let full = waiting.len() >= 24;
        while waiting.len() >= if full { 8 } else { 24 } {
            acknowledge(&mut out, waiting.pop_front());
        }
    }
    while !waiting.is_empty() {
        acknowledge(&mut out, waiting.pop_front());
    }
    writeln!(out, "the end").unwrap();
}

type Answer = tokio::sync::oneshot::Receiver<Result<Received, store::Error>>;

fn acknowledge(out: &mut std::io::Stdout, waiting: Option<(usize, Answer)>) {
    let (number, answer) = waiting.unwrap();
    let received = answer.blocking_recv().unwrap().unwrap();
    writeln!(out, "ack {number} {}", received.message).unwrap();
    out.flush().unwrap();
}
