//! The columns of a record as they are saved beside its database: written person by person, read again at the next start, and used
//! only where they are certainly of this record. A note beside them says up to which entry of its log they are, by what rules they
//! were made, and what else is held. Must not use what does not fit: whoever asks is told why, and it is built anew.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use place::Place;
use population::columns::{ColumnsError, Events};
use population::keep::{self, KeepError, Writer};
use population::people::People;
use record::whole;
use serde::{Deserialize, Serialize};
use store::{Head, Store};
use uuid::Uuid;

use crate::held::{Columns, Gathered, Held, library};
use crate::keeper::{Trouble, everybody};
use crate::left::{LeftOut, Reason};
use crate::views::dispute;

/// Counted up by whoever changes how a record becomes events in a place whose text is not among [`rules`].
const FORMAT: u32 = 1;

/// Why saved columns are not used.
#[derive(Debug, thiserror::Error)]
pub enum NotUsed {
    /// There are none.
    #[error("there are none in {0}")]
    Nothing(String),
    /// The files are not what was saved.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The note cannot be read, or does not go with them.
    #[error("the note beside the columns cannot be used: {0}")]
    Note(String),
    /// Something in them that is read late was found damaged.
    #[error("a part of them that is read when it is needed was found damaged")]
    Damaged,
    /// They were made of no record.
    #[error("they were made of no record, but invented")]
    Invented,
    /// They were made by other rules.
    #[error("they were made for a place, or by a version of Weft, that reads records in another way")]
    OtherRules,
    /// They are of another database.
    #[error(
        "they are of another database, or of this one as it was before a restore: entry {0} of its log is not the same here"
    )]
    OtherRecord(i64),
    /// Too much has come since.
    #[error(
        "{0} entries have come since they were saved, and building them anew is quicker than bringing them in step"
    )]
    Behind(i64),
    /// The database says no.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What stands beside the columns.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Note {
    /// By what rules they were made.
    rules: String,
    /// Everything up to this entry of the log is in them.
    upto: i64,
    /// Nothing of an entry after this one is, and its hash, which no other record has there.
    seen: i64,
    hash: String,
    /// Who has died, or is named by no source.
    not_living: Vec<u32>,
    /// What could not be used: the reason, and how often of whom.
    left_out: Vec<(Reason, Vec<(u32, u64)>)>,
    /// Whose something done here is.
    done: Vec<(Uuid, u32)>,
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What decides how a record becomes columns: the place's files, but for the rules that are asked of them, and the text of the
/// program where it reads a record.
fn rules(place: &Place) -> String {
    let mut all = format!("{FORMAT}\n");
    let own =
        [include_str!("coded.rs"), include_str!("done.rs"), include_str!("held/gathered.rs"), include_str!("make.rs")];
    for text in own.iter().chain(whole::MEANING).chain(population::MEANING) {
        all.push_str(&hex(&store::blob::sha256(text.as_bytes())));
    }
    for name in place.names().filter(|name| !name.starts_with("finding/")) {
        let text = place.file(name).unwrap_or_default();
        all.push_str(&format!("\n{name} {}", hex(&store::blob::sha256(text.as_bytes()))));
    }
    hex(&store::blob::sha256(all.as_bytes()))
}

impl Note {
    fn of(
        place: &Place,
        (upto, seen): (i64, Head),
        living: &[bool],
        left_of: &HashMap<u32, LeftOut>,
        done: &HashMap<Uuid, u32>,
    ) -> Self {
        let mut left_out: BTreeMap<&Reason, Vec<(u32, u64)>> = BTreeMap::new();
        for (number, left) in left_of {
            left.iter().for_each(|(reason, count)| left_out.entry(reason).or_default().push((*number, count)));
        }
        left_out.values_mut().for_each(|all| all.sort_unstable());
        let mut done: Vec<(Uuid, u32)> = done.iter().map(|(record, number)| (*record, *number)).collect();
        done.sort_unstable();
        let not_living = (0u32..).zip(living).filter(|(_, lives)| !**lives).map(|(number, _)| number);
        Self {
            rules: rules(place),
            upto,
            seen: seen.seq,
            hash: hex(&seen.hash),
            not_living: not_living.collect(),
            left_out: left_out.into_iter().map(|(reason, all)| (reason.clone(), all)).collect(),
            done,
        }
    }

    fn text(&self) -> Result<String, KeepError> {
        serde_json::to_string(self).map_err(|error| KeepError::NotKept(format!("the note cannot be written: {error}")))
    }
}

/// What a build came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// How many people.
    pub people: usize,
    /// How many events of theirs.
    pub events: u64,
    /// Up to which entry of the log.
    pub upto: i64,
}

/// Builds the columns of a record into a folder, holding no more than one person's events and a part of a file at a time; tells how
/// many people are done. What stands in the folder stays until the end.
///
/// # Errors
/// What the database or the disk says.
pub fn build(store: &Store, place: &Place, folder: &Path, tell: &mut dyn FnMut(u64)) -> Result<Built, Trouble> {
    let upto = store.read(|tx| store::log::head(tx))?.seq;
    let mut gathered = Gathered { writer: Some(Writer::begin(folder)?), ..Gathered::default() };
    everybody(store, place, &mut gathered, tell)?;
    let seen = store.read(|tx| store::log::head(tx))?;
    let Gathered { codes, units, sources, writer, people, living, left_of, done, .. } = gathered;
    let Some(mut writer) = writer else { return Err(KeepError::NotKept("nothing was written".to_owned()).into()) };
    writer.note(Note::of(place, (upto, seen), &living, &left_of, &done).text()?);
    let events = writer.finish(&people, &codes, &units, &sources)?;
    Ok(Built { people: people.len(), events, upto })
}

/// Saves columns that are held.
pub(crate) fn write(place: &Place, folder: &Path, columns: &Columns) -> Result<u64, ColumnsError> {
    let Columns { people, events, living, left_of, done, upto, seen } = columns;
    let note = Note::of(place, (*upto, *seen), living, left_of, done).text()?;
    keep::save(folder, events, people, Some(note))
}

/// Columns as they were saved.
#[derive(Debug)]
pub struct Saved {
    people: People,
    events: Events,
    note: Option<Note>,
}

impl Saved {
    /// Reads what is saved in a folder, on so many threads. Where another save takes its place meanwhile, that one is read.
    ///
    /// # Errors
    /// [`NotUsed`].
    pub fn load(folder: &Path, threads: usize) -> Result<Self, NotUsed> {
        if !folder.is_dir() {
            return Err(NotUsed::Nothing(folder.display().to_string()));
        }
        let read = |saved: &keep::Saved| Ok::<_, KeepError>((saved.note()?, saved.load(threads)?));
        let mut saved = keep::Saved::open(folder)?;
        let (note, (people, events)) = match read(&saved) {
            Err(_) if saved.is_past() => {
                saved = keep::Saved::open(folder)?;
                read(&saved)?
            }
            other => other?,
        };
        let note = note.map(|note| serde_json::from_str(&note)).transpose();
        let saved = Self { people, events, note: note.map_err(|error| NotUsed::Note(error.to_string()))? };
        saved.check()?;
        Ok(saved)
    }

    /// Nobody twice, and nobody who is not there.
    fn check(&self) -> Result<(), NotUsed> {
        let Some(note) = &self.note else { return Ok(()) };
        let many = self.people.len();
        let ids: std::collections::HashSet<u128> = self.people.list.iter().map(|person| person.id).collect();
        if ids.len() != many {
            return Err(NotUsed::Note("somebody stands in the columns twice".to_owned()));
        }
        let left = note.left_out.iter().flat_map(|(_, all)| all).map(|(number, _)| number);
        let mut numbers = note.not_living.iter().chain(left).chain(note.done.iter().map(|(_, number)| number));
        match numbers.find(|number| **number as usize >= many) {
            Some(number) => Err(NotUsed::Note(format!("it speaks of person {number}, and there are {many}"))),
            None => Ok(()),
        }
    }

    /// Made of a record, not invented.
    #[must_use]
    pub fn is_of_a_record(&self) -> bool {
        self.note.is_some()
    }

    /// People and events without anything else.
    #[must_use]
    pub fn into_parts(self) -> (People, Events) {
        (self.people, self.events)
    }

    /// How many entries have come since, where these columns are of this record.
    ///
    /// # Errors
    /// [`NotUsed`].
    pub fn behind(&self, store: &Store, place: &Place) -> Result<i64, NotUsed> {
        let note = self.note.as_ref().ok_or(NotUsed::Invented)?;
        if note.rules != rules(place) {
            return Err(NotUsed::OtherRules);
        }
        let (head, hash) =
            store.read(|tx| Ok::<_, store::Error>((store::log::head(tx)?, store::log::hash_at(tx, note.seen)?)))?;
        // Of a log without an entry there is nothing to hold, and nothing is held.
        let is_same = note.seen == 0 || hash.is_some_and(|hash| hex(&hash) == note.hash);
        if is_same { Ok(head.seq - note.upto) } else { Err(NotUsed::OtherRecord(note.seen)) }
    }

    /// The population as it was when they were saved, with the place's rules, and with the choices and disputes of now; of some
    /// rules alone where any are named.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn held(self, store: &Store, place: &Place, only: &[String], threads: usize) -> Result<Held, Trouble> {
        let Self { people, events, note } = self;
        let Some(note) = note else { return Err(KeepError::NotKept(NotUsed::Invented.to_string()).into()) };
        let mut living = vec![true; people.len()];
        for number in &note.not_living {
            if let Some(lives) = living.get_mut(*number as usize) {
                *lives = false;
            }
        }
        let mut left_of: HashMap<u32, LeftOut> = HashMap::new();
        for (reason, all) in note.left_out {
            for (number, count) in all {
                left_of.entry(number).or_default().count_more(reason.clone(), count);
            }
        }
        let mut seen = Head { seq: note.seen, hash: [0; 32] };
        for (at, byte) in seen.hash.iter_mut().enumerate() {
            *byte =
                note.hash.get(at * 2..at * 2 + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).unwrap_or_default();
        }
        let done = note.done.into_iter().collect();
        let columns = Columns { people, events, living, left_of, done, upto: note.upto, seen };
        let (choices, disputes) = store.read(|tx| Ok::<_, store::Error>((whole::choices(tx)?, dispute::all(tx)?)))?;
        Ok(Held::made(columns, library(place)?, only, choices, disputes, threads)?)
    }
}
