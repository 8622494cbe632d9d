//! Writing: a folder beside the place, filled, and put in its place at the end.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::Encoding;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::sums::Sums;
use super::{CODES, EPOCH, EVENTS, GROUP, KeepError, NOTE, PEOPLE, WORDS};
use crate::code::Codes;
use crate::columns::{ColumnsError, Event, Events, Origins};
use crate::day::Day;
use crate::people::People;
use crate::words::Words;

type Out = SerializedFileWriter<BufWriter<File>>;
type Group<'a> = SerializedRowGroupWriter<'a, BufWriter<File>>;

const EVENTS_SCHEMA: &str = "message events {
    required int32 person; required int32 code; required int32 day (DATE); optional float value; optional int32 unit;
    required int32 source; required fixed_len_byte_array(16) record (UUID); }";
const CODES_SCHEMA: &str =
    "message codes { required int32 code; required binary system (UTF8); required binary text (UTF8); }";
const WORDS_SCHEMA: &str =
    "message words { required binary kind (UTF8); required int32 number; required binary word (UTF8); }";
const PEOPLE_SCHEMA: &str = "message people {
    required int32 person; required fixed_len_byte_array(16) id (UUID); optional int32 birth (DATE); required binary sex (UTF8);
    required int32 ethnicity; required int32 quintile; required int32 neighbourhood; required int32 system;
    required boolean registered; required boolean resident; required int32 events; }";

/// Takes events person by person, in the order of people, and writes them. Of two that write to one place the second is refused.
pub struct Writer {
    folder: PathBuf,
    partial: PathBuf,
    out: Out,
    rows: Vec<Event>,
    counts: Vec<u32>,
    written: u64,
    note: Option<String>,
    /// The folder around, locked for as long as this writes.
    _turn: File,
}

impl Writer {
    /// Begins to fill a folder; what was there stays until the end.
    pub fn begin(folder: &Path) -> Result<Self, KeepError> {
        let around = folder.parent().filter(|around| !around.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(around).map_err(KeepError::file(around))?;
        let turn = turn(around)?;
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let partial = folder.with_file_name(name);
        if partial.exists() {
            std::fs::remove_dir_all(&partial).map_err(KeepError::file(&partial))?;
        }
        closed().create(&partial).map_err(KeepError::file(&partial))?;
        let out = open(&partial, EVENTS, EVENTS_SCHEMA)?;
        Ok(Self {
            folder: folder.to_owned(),
            partial,
            out,
            rows: Vec::with_capacity(GROUP),
            counts: Vec::new(),
            written: 0,
            note: None,
            _turn: turn,
        })
    }

    /// What is to stand beside the columns.
    pub fn note(&mut self, text: String) {
        self.note = Some(text);
    }

    /// Everything about the next person, by day.
    pub fn person(&mut self, events: &[Event]) -> Result<(), KeepError> {
        let number = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        if let Some(event) = events.iter().find(|event| event.day == Day::NONE || event.person != number) {
            return Err(KeepError::NotKept(format!(
                "an event of person {} on day {} cannot be kept as person {number}'s",
                event.person, event.day.0
            )));
        }
        self.counts.push(u32::try_from(events.len()).unwrap_or(u32::MAX));
        let mut left = events;
        while !left.is_empty() {
            let (now, later) = left.split_at(left.len().min(GROUP - self.rows.len()));
            self.rows.extend_from_slice(now);
            left = later;
            if self.rows.len() == GROUP {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), KeepError> {
        let path = self.partial.join(EVENTS);
        let wrong = || KeepError::parquet(&path);
        let rows = &self.rows;
        let whole = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let mut group = self.out.next_row_group().map_err(wrong())?;
        let column = |of: fn(&Event) -> u32| rows.iter().map(|event| whole(of(event))).collect::<Vec<i32>>();
        let put = |group: &mut Group<'_>, values: &[i32]| column_of::<Int32Type>(group, values, None).map_err(wrong());
        put(&mut group, &column(|event| event.person))?;
        put(&mut group, &column(|event| event.code))?;
        put(&mut group, &rows.iter().map(|event| i32::from(event.day.0) - EPOCH).collect::<Vec<_>>())?;
        let levels: Vec<i16> = rows.iter().map(|event| i16::from(event.value.is_some())).collect();
        let values: Vec<f32> = rows.iter().filter_map(|event| event.value).collect();
        column_of::<FloatType>(&mut group, &values, Some(&levels)).map_err(wrong())?;
        let units: Vec<i32> =
            rows.iter().filter(|event| event.value.is_some()).map(|event| i32::from(event.unit)).collect();
        column_of::<Int32Type>(&mut group, &units, Some(&levels)).map_err(wrong())?;
        put(&mut group, &column(|event| u32::from(event.source)))?;
        let ids = ids(rows.iter().map(|event| event.record));
        column_of::<FixedLenByteArrayType>(&mut group, &ids, None).map_err(wrong())?;
        group.close().map_err(wrong())?;
        self.written += rows.len() as u64;
        self.rows.clear();
        Ok(())
    }

    /// The rest, and into its place.
    pub fn finish(mut self, people: &People, codes: &Codes, units: &Words, sources: &Words) -> Result<u64, KeepError> {
        if self.counts.len() != people.len() {
            return Err(KeepError::NotKept(format!(
                "{} people were written, and there are {}",
                self.counts.len(),
                people.len()
            )));
        }
        self.flush()?;
        let path = self.partial.join(EVENTS);
        self.out.finish().map_err(KeepError::parquet(&path))?;
        write_codes(&self.partial, codes)?;
        write_words(&self.partial, people, units, sources)?;
        write_people(&self.partial, people, &self.counts)?;
        let mut names = vec![EVENTS, CODES, WORDS, PEOPLE];
        if let Some(note) = &self.note {
            let path = self.partial.join(NOTE);
            let write = || created(&path)?.write_all(note.as_bytes());
            write().map_err(KeepError::file(&path))?;
            names.push(NOTE);
        }
        // Whatever the disk makes of them afterwards, a save that is not what it was is told by its sums.
        Sums::of(&self.partial, &names)?.write(&self.partial)?;
        let mut name = self.folder.file_name().unwrap_or_default().to_owned();
        name.push(".old");
        let old = self.folder.with_file_name(name);
        if old.exists() {
            std::fs::remove_dir_all(&old).map_err(KeepError::file(&old))?;
        }
        if self.folder.exists() {
            std::fs::rename(&self.folder, &old).map_err(KeepError::file(&self.folder))?;
        }
        std::fs::rename(&self.partial, &self.folder).map_err(KeepError::file(&self.folder))?;
        if old.exists() {
            std::fs::remove_dir_all(&old).map_err(KeepError::file(&old))?;
        }
        Ok(self.written)
    }
}

/// One writer at a time, of all programs: the folder around is locked until the file is dropped.
fn turn(around: &Path) -> Result<File, KeepError> {
    let file = File::open(around).map_err(KeepError::file(around))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(KeepError::Busy { path: around.to_owned() }),
        Err(TryLockError::Error(why)) => Err(KeepError::file(around)(why)),
    }
}

/// Makes folders that nobody but their owner can look into.
fn closed() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// A new file that nobody but its owner can read.
pub(crate) fn created(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Saves columns with everything that came since, and what is to stand beside them.
pub fn save(folder: &Path, events: &Events, people: &People, note: Option<String>) -> Result<u64, ColumnsError> {
    let mut writer = Writer::begin(folder)?;
    writer.note = note;
    let kept = match &events.origins {
        Origins::Kept(kept) => Some(kept),
        Origins::Held(_) => None,
    };
    let mut origins = super::Origins::of(kept);
    for person in 0..people.len() {
        let person = u32::try_from(person).unwrap_or(u32::MAX);
        writer.person(&events.whole(person, &mut origins)?)?;
    }
    Ok(writer.finish(people, &events.codes, &events.units, &events.sources)?)
}

fn open(folder: &Path, name: &str, schema: &str) -> Result<Out, KeepError> {
    let path = folder.join(name);
    let schema = parse_message_type(schema).map_err(KeepError::parquet(&path))?;
    let column = |name: &str| ColumnPath::from(name);
    let properties = WriterProperties::builder()
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_data_page_row_count_limit(1 << 16)
        .set_column_dictionary_enabled(column("person"), false)
        .set_column_encoding(column("person"), Encoding::DELTA_BINARY_PACKED)
        // Codes are as good as random within a person: packing would save a third and cost more to undo than reading it does.
        .set_column_dictionary_enabled(column("code"), false)
        .set_column_encoding(column("code"), Encoding::PLAIN)
        .set_column_dictionary_enabled(column("day"), false)
        .set_column_encoding(column("day"), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(column("value"), false)
        .set_column_dictionary_enabled(column("record"), false)
        .set_column_statistics_enabled(column("record"), EnabledStatistics::None)
        .build();
    let file = created(&path).map_err(KeepError::file(&path))?;
    let writer = BufWriter::with_capacity(1 << 20, file);
    SerializedFileWriter::new(writer, Arc::new(schema), Arc::new(properties)).map_err(KeepError::parquet(&path))
}

fn column_of<T: DataType>(
    group: &mut Group<'_>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), parquet::errors::ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(parquet::errors::ParquetError::General("more columns than the schema has".into()));
    };
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}

/// Ids as sixteen bytes each, all out of one piece of memory.
fn ids(ids: impl Iterator<Item = u128>) -> Vec<FixedLenByteArray> {
    let bytes: Vec<u8> = ids.flat_map(u128::to_be_bytes).collect();
    let all = ByteArray::from(bytes);
    (0..all.len() / 16).map(|at| FixedLenByteArray::from(all.slice(at * 16, 16))).collect()
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<ByteArray> {
    texts.map(ByteArray::from).collect()
}

fn numbers(count: usize) -> Vec<i32> {
    (0..i32::try_from(count).unwrap_or(i32::MAX)).collect()
}

fn table(
    folder: &Path,
    name: &str,
    schema: &str,
    fill: impl FnOnce(&mut Group<'_>) -> Result<(), parquet::errors::ParquetError>,
) -> Result<(), KeepError> {
    let path = folder.join(name);
    let mut out = open(folder, name, schema)?;
    let write = || {
        let mut group = out.next_row_group()?;
        fill(&mut group)?;
        group.close()?;
        out.finish()?;
        Ok(())
    };
    write().map_err(KeepError::parquet(&path))
}

fn write_codes(folder: &Path, codes: &Codes) -> Result<(), KeepError> {
    table(folder, CODES, CODES_SCHEMA, |group| {
        column_of::<Int32Type>(group, &numbers(codes.len()), None)?;
        column_of::<ByteArrayType>(group, &texts(codes.iter().map(|(system, _)| system.word())), None)?;
        column_of::<ByteArrayType>(group, &texts(codes.iter().map(|(_, code)| code)), None)
    })
}

fn write_words(folder: &Path, people: &People, units: &Words, sources: &Words) -> Result<(), KeepError> {
    let kinds: [(&str, &Words); 5] = [
        ("unit", units),
        ("source", sources),
        ("ethnicity", &people.ethnicities),
        ("neighbourhood", &people.neighbourhoods),
        ("system", &people.systems),
    ];
    table(folder, WORDS, WORDS_SCHEMA, |group| {
        let each =
            || kinds.iter().flat_map(|(kind, words)| words.list().iter().map(move |word| (*kind, word.as_str())));
        column_of::<ByteArrayType>(group, &texts(each().map(|(kind, _)| kind)), None)?;
        let numbered: Vec<i32> = kinds.iter().flat_map(|(_, words)| numbers(words.list().len())).collect();
        column_of::<Int32Type>(group, &numbered, None)?;
        column_of::<ByteArrayType>(group, &texts(each().map(|(_, word)| word)), None)
    })
}

fn write_people(folder: &Path, people: &People, counts: &[u32]) -> Result<(), KeepError> {
    let list = &people.list;
    table(folder, PEOPLE, PEOPLE_SCHEMA, |group| {
        let put = |group: &mut Group<'_>, of: &dyn Fn(usize) -> i32| {
            column_of::<Int32Type>(group, &(0..list.len()).map(of).collect::<Vec<_>>(), None)
        };
        column_of::<Int32Type>(group, &numbers(list.len()), None)?;
        column_of::<FixedLenByteArrayType>(group, &ids(list.iter().map(|person| person.id)), None)?;
        let levels: Vec<i16> = list.iter().map(|person| i16::from(person.birth != Day::NONE)).collect();
        let known = list.iter().filter(|person| person.birth != Day::NONE);
        let births: Vec<i32> = known.map(|person| i32::from(person.birth.0) - EPOCH).collect();
        column_of::<Int32Type>(group, &births, Some(&levels))?;
        column_of::<ByteArrayType>(group, &texts(list.iter().map(|person| person.sex.word())), None)?;
        put(group, &|at| i32::from(list[at].ethnicity))?;
        put(group, &|at| i32::from(list[at].quintile))?;
        put(group, &|at| i32::from(list[at].neighbourhood))?;
        put(group, &|at| i32::from(list[at].system))?;
        column_of::<BoolType>(group, &list.iter().map(|person| person.is_registered).collect::<Vec<_>>(), None)?;
        column_of::<BoolType>(group, &list.iter().map(|person| person.is_resident).collect::<Vec<_>>(), None)?;
        put(group, &|at| i32::try_from(counts[at]).unwrap_or(i32::MAX))
    })
}
