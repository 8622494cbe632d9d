//! The repository's samples, cut into messages by the feeds of the built-in place; and taking messages in, as the binary's
//! import does.

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use access::Gate;
use jiff::Timestamp;
use place::Place;
use record::feed::RawMessage;
use record::feeds::{Feeds, Reader};
use record::ingest::{Arrival, Received, receive};
use record::person::exact::Exact;
use record::standing::Standings;
use store::Store;

use crate::entropy::at;

/// One message with the feed that reads it.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The feed.
    pub reader: Arc<Reader>,
    /// The message.
    pub raw: RawMessage,
    /// The file it stands in.
    pub file: PathBuf,
}

/// The exact index of the place in the binary.
pub static INDEX: LazyLock<Exact> = LazyLock::new(|| Exact::of(&feeds()));

/// The feeds of the place in the binary, read once.
static FEEDS: LazyLock<Feeds> =
    LazyLock::new(|| Feeds::of(&Place::built_in().expect("the built-in place")).expect("its feeds"));

/// The feeds of the place in the binary.
#[must_use]
pub fn feeds() -> Feeds {
    FEEDS.clone()
}

/// One feed of the place in the binary.
#[must_use]
pub fn reader(id: &str) -> Arc<Reader> {
    feeds().get(id).unwrap_or_else(|| panic!("there is a feed {id}")).clone()
}

/// A gate in front of a store, with the relationships of the place in the binary.
#[must_use]
pub fn gate(store: &Arc<Store>) -> Gate {
    let place = Place::built_in().expect("the built-in place");
    Gate::new(store.clone(), Arc::new(Standings::of(&place)))
}

/// The repository's folder of samples.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")
}

/// Every message of the repository's samples, file by file in order of name.
#[must_use]
pub fn samples() -> Vec<Sample> {
    of_path(&folder())
}

/// The messages of the people of the demonstration.
#[must_use]
pub fn demo() -> Vec<Sample> {
    of_path(&folder().join("demo"))
}

/// Every message under a path whose feed can be told.
#[must_use]
pub fn of_path(path: &Path) -> Vec<Sample> {
    let feeds = feeds();
    let mut files = Vec::new();
    gather(path, &mut files);
    files.sort();
    let mut samples = Vec::new();
    for file in files {
        each_of_file(&feeds, &file, &mut |sample| samples.push(sample));
    }
    samples
}

/// Hands every message of a file to `each`, where its feed can be told.
pub fn each_of_file(feeds: &Feeds, file: &Path, each: &mut dyn FnMut(Sample)) {
    let mut bytes = BufReader::new(std::fs::File::open(file).expect("a sample opens"));
    let mut first = vec![0; 65_536];
    let length = bytes.read(&mut first).expect("a sample reads");
    first.truncate(length);
    let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
    let Some(reader) = feeds.recognise(&name, &first).cloned() else { return };
    let whole = BufReader::new(std::fs::File::open(file).expect("a sample opens"));
    for raw in reader.messages(&name, Box::new(whole)) {
        each(Sample { reader: reader.clone(), raw: raw.expect("a sample can be cut"), file: file.to_owned() });
    }
}

/// Every file under a path.
pub fn gather(path: &Path, into: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder of samples") {
            gather(&entry.expect("an entry").path(), into);
        }
    } else {
        into.push(path.to_owned());
    }
}

/// Takes one message in.
#[must_use]
pub fn take(store: &Store, reader: &Reader, bytes: &[u8], when: Timestamp) -> Received {
    let raw = RawMessage { bytes: bytes.to_vec(), line: None };
    let arrival = Arrival::of(reader, &raw, when);
    store.write(move |write| receive(write, &*INDEX, &arrival)).expect("the message is kept")
}

/// Takes many in, in order, a second apart; what became of each.
#[must_use]
pub fn take_all(store: &Store, samples: &[Sample]) -> Vec<Received> {
    let mut answers = Vec::with_capacity(samples.len());
    let mut waiting = std::collections::VecDeque::new();
    for (number, sample) in samples.iter().enumerate() {
        let arrival = Arrival::of(&sample.reader, &sample.raw, at(number as i64));
        waiting.push_back(store.submit(move |write| receive(write, &*INDEX, &arrival)));
        if waiting.len() >= 128 {
            let answer: Result<Received, store::Error> = waiting.pop_front().unwrap().blocking_recv().unwrap();
            answers.push(answer.expect("the message is kept"));
        }
    }
    answers.extend(waiting.into_iter().map(|answer| answer.blocking_recv().unwrap().expect("the message is kept")));
    answers
}
