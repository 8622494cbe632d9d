//! Reading columns back, on as many threads as there are cores, with every number looked at: a file that was cut or changed is
//! told, and nothing of it is used.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{AsBytes, BoolType, ByteArray, ByteArrayType, FixedLenByteArrayType, FloatType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;

use super::row::{Kept, column, reader};
use super::sums::Sums;
use super::{CODES, EPOCH, EVENTS, GROUP, KeepError, NOTE, PEOPLE, WORDS};
use crate::code::{Codes, System};
use crate::columns::{self, Events, NO_UNIT, Origin, Values};
use crate::day::Day;
use crate::people::{People, Person, Sex};
use crate::words::Words;

/// Everybody and everything that happened to them.
pub type Loaded = (People, Events);

/// Loads what was saved in a folder.
pub fn load(folder: &Path, threads: usize) -> Result<Loaded, KeepError> {
    Saved::open(folder)?.load(threads)
}

/// One save in a folder. What another save puts in its place meanwhile is not mixed with it, but refused.
#[derive(Debug)]
pub struct Saved {
    folder: PathBuf,
    sums: Sums,
}

impl Saved {
    /// What stands in a folder.
    pub fn open(folder: &Path) -> Result<Self, KeepError> {
        Ok(Self { folder: folder.to_owned(), sums: Sums::read(folder)? })
    }

    /// What whoever saved it wrote beside it, where they did.
    pub fn note(&self) -> Result<Option<String>, KeepError> {
        if !self.sums.has(NOTE) {
            return Ok(None);
        }
        let path = self.folder.join(NOTE);
        let mut file = self.sums.open(&self.folder, NOTE)?;
        let mut text = String::new();
        std::io::Seek::rewind(&mut file).map_err(KeepError::file(&path))?;
        file.read_to_string(&mut text).map_err(KeepError::file(&path))?;
        Ok(Some(text))
    }

    /// True where something else stands in the folder by now.
    #[must_use]
    pub fn is_past(&self) -> bool {
        Sums::read(&self.folder).is_ok_and(|sums| sums != self.sums)
    }

    /// Reads it, on so many threads.
    pub fn load(&self, threads: usize) -> Result<Loaded, KeepError> {
        let (codes, words, list) = std::thread::scope(|scope| {
            let list = scope.spawn(|| people(&self.table(PEOPLE)?));
            let read = || Ok::<_, KeepError>((codes(&self.table(CODES)?)?, words(&self.table(WORDS)?)?));
            let read = read();
            let list = list.join();
            read.map(|(codes, words)| (codes, words, list))
        })?;
        let place = self.folder.join(PEOPLE);
        let [units, sources, ethnicities, neighbourhoods, systems] = words;
        let ended = |_| KeepError::wrong(&place, "a thread that read it ended before its time");
        let (list, counts) = list.map_err(ended)??;
        let people = People { list, ethnicities, neighbourhoods, systems };
        check_people(&place, &people)?;
        let path = self.folder.join(EVENTS);
        let mut starts = Vec::with_capacity(counts.len() + 1);
        let mut sum = 0u32;
        starts.push(0);
        for count in counts {
            sum = sum.checked_add(count).ok_or_else(|| KeepError::wrong(&path, "more events than can be numbered"))?;
            starts.push(sum);
        }
        let file = self.sums.open(&self.folder, EVENTS)?;
        let groups = check_groups(&path, &reader(&path, &file)?, &starts)?;
        let limits = Limits { saved: self, path: &path, codes: codes.len(), units: units.list().len() };
        let columns = limits.events(&starts, groups, threads)?;
        let origins = columns::Origins::Kept(Kept::of(&path, file, &self.sums)?);
        Ok((people, Events::from_columns((codes, units, sources), starts, columns, origins)))
    }

    fn table(&self, name: &str) -> Result<TableOf, KeepError> {
        let path = self.folder.join(name);
        let file = self.sums.open(&self.folder, name)?;
        let reader = reader(&path, &file)?;
        Ok(TableOf { path, reader })
    }
}

type Columns = (Vec<u32>, Vec<u16>, Values);

/// Row groups are full but the last, and hold the people that they should.
fn check_groups(path: &Path, reader: &SerializedFileReader<File>, starts: &[u32]) -> Result<usize, KeepError> {
    let metadata = reader.metadata();
    let rows = starts.last().copied().unwrap_or(0) as usize;
    let found = metadata.file_metadata().num_rows();
    if usize::try_from(found) != Ok(rows) {
        return Err(KeepError::wrong(path, format!("it has {found} rows, and its people have {rows} events")));
    }
    for (at, group) in metadata.row_groups().iter().enumerate() {
        let here = rows.saturating_sub(at * GROUP).min(GROUP);
        let (first, last) = (at * GROUP, at * GROUP + here.saturating_sub(1));
        let person = |row: usize| starts.partition_point(|start| *start as usize <= row) as i64 - 1;
        let has = match group.column(0).statistics() {
            Some(Statistics::Int32(found)) => {
                found.min_opt().map(|v| i64::from(*v)).zip(found.max_opt().map(|v| i64::from(*v)))
            }
            _ => None,
        };
        let is_as_it_should =
            usize::try_from(group.num_rows()) == Ok(here) && (here == 0 || has == Some((person(first), person(last))));
        if !is_as_it_should {
            return Err(KeepError::wrong(path, format!("row group {at} does not hold the people that it should")));
        }
    }
    Ok(if rows == 0 { 0 } else { metadata.num_row_groups() })
}

struct Part<'a> {
    group: usize,
    code: &'a mut [u32],
    day: &'a mut [u16],
    rows: Vec<u32>,
    values: Vec<f32>,
    units: Vec<u8>,
}

struct Limits<'a> {
    saved: &'a Saved,
    path: &'a Path,
    codes: usize,
    units: usize,
}

/// Columns of events that are held: code, day, value, unit.
const HELD: std::ops::RangeInclusive<usize> = 1..=4;

impl Limits<'_> {
    fn events(&self, starts: &[u32], groups: usize, threads: usize) -> Result<Columns, KeepError> {
        let path = self.path;
        let rows = starts.last().map_or(0, |rows| *rows as usize);
        let (mut code, mut day) = (vec![0u32; rows], vec![0u16; rows]);
        let mut parts: Vec<Part<'_>> = code
            .chunks_mut(GROUP)
            .zip(day.chunks_mut(GROUP))
            .enumerate()
            .map(|(group, (code, day))| Part {
                group,
                code,
                day,
                rows: Vec::new(),
                values: Vec::new(),
                units: Vec::new(),
            })
            .collect();
        debug_assert_eq!(parts.len(), groups);
        let share = parts.len().div_ceil(threads.max(1)).max(1);
        let read = std::thread::scope(|scope| {
            let all: Vec<_> = parts.chunks_mut(share).map(|parts| scope.spawn(|| self.read(parts))).collect();
            let ended = || KeepError::wrong(path, "a thread that read it ended before its time");
            all.into_iter().map(|thread| thread.join().map_err(|_| ended())?).collect::<Result<Vec<()>, KeepError>>()
        });
        read?;
        let mut values = Values::with_rows(rows);
        for Part { group, rows, values: found, units, .. } in parts {
            values.append(group * GROUP, &rows, &found, &units);
        }
        values.finish();
        Ok((code, day, values))
    }

    fn read(&self, parts: &mut [Part<'_>]) -> Result<(), KeepError> {
        let file = self.saved.sums.open(&self.saved.folder, EVENTS)?;
        let reader = reader(self.path, &file)?;
        let mut numbers = Vec::new();
        let mut levels = Vec::new();
        for part in parts {
            for column in HELD {
                self.saved.sums.check(self.path, &file, part.group, column)?;
            }
            self.part(&reader, part, &mut numbers, &mut levels)?;
        }
        Ok(())
    }

    fn part(
        &self,
        reader: &SerializedFileReader<File>,
        part: &mut Part<'_>,
        numbers: &mut Vec<i32>,
        levels: &mut Vec<i16>,
    ) -> Result<(), KeepError> {
        let wrong = || KeepError::parquet(self.path);
        let rows = part.code.len();
        let not = |row: usize, what: &str| {
            KeepError::wrong(self.path, format!("row {row} of row group {} has {what}", part.group))
        };
        whole(reader, part.group, 1, rows, numbers).map_err(wrong())?;
        for (row, (code, number)) in part.code.iter_mut().zip(numbers.iter()).enumerate() {
            *code = u32::try_from(*number)
                .ok()
                .filter(|number| (*number as usize) < self.codes)
                .ok_or_else(|| not(row, "a code that nobody knows"))?;
        }
        whole(reader, part.group, 2, rows, numbers).map_err(wrong())?;
        for (row, (day, number)) in part.day.iter_mut().zip(numbers.iter()).enumerate() {
            let days = number.checked_add(EPOCH).and_then(|days| u16::try_from(days).ok());
            *day = days.filter(|day| *day > 0).ok_or_else(|| not(row, "a day outside 1900 to 2079"))?;
        }
        gapped::<FloatType>(reader, part.group, 3, rows, levels, &mut part.values).map_err(wrong())?;
        part.rows = (0u32..).zip(levels.iter()).filter(|(_, level)| **level > 0).map(|(row, _)| row).collect();
        if part.values.iter().any(|value| value.is_nan()) || part.values.len() != part.rows.len() {
            return Err(not(0, "a value that is no number"));
        }
        numbers.clear();
        gapped::<Int32Type>(reader, part.group, 4, rows, levels, numbers).map_err(wrong())?;
        for number in numbers.iter() {
            let unit = u8::try_from(*number).ok().filter(|unit| *unit == NO_UNIT || usize::from(*unit) < self.units);
            part.units.push(unit.ok_or_else(|| not(0, "a unit that nobody knows"))?);
        }
        if part.units.len() != part.values.len() {
            Err(not(0, "values and units that do not go together"))
        } else {
            Ok(())
        }
    }
}

/// A whole column of a row group without gaps, into a vector that is used again.
fn whole(
    reader: &SerializedFileReader<File>,
    group: usize,
    at: usize,
    rows: usize,
    values: &mut Vec<i32>,
) -> Result<(), ParquetError> {
    let mut column = get_typed_column_reader::<Int32Type>(reader.get_row_group(group)?.get_column_reader(at)?);
    values.clear();
    while values.len() < rows {
        if column.read_records(rows - values.len(), None, None, values)?.0 == 0 {
            return Err(ParquetError::General(format!(
                "column {at} of row group {group} ends after {} rows",
                values.len()
            )));
        }
    }
    Ok(())
}

/// A whole column of a row group with gaps: 0 in `levels` for each gap.
fn gapped<T: parquet::data_type::DataType>(
    reader: &SerializedFileReader<File>,
    group: usize,
    at: usize,
    rows: usize,
    levels: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Result<(), ParquetError> {
    let mut column = get_typed_column_reader::<T>(reader.get_row_group(group)?.get_column_reader(at)?);
    levels.clear();
    while levels.len() < rows {
        if column.read_records(rows - levels.len(), Some(levels), None, values)?.0 == 0 {
            return Err(ParquetError::General(format!(
                "column {at} of row group {group} ends after {} rows",
                levels.len()
            )));
        }
    }
    Ok(())
}

/// Columns of a small table, its row groups one after the other.
struct TableOf {
    path: PathBuf,
    reader: SerializedFileReader<File>,
}

impl TableOf {
    fn column<T: parquet::data_type::DataType>(&self, at: usize) -> Result<Vec<T::T>, KeepError> {
        let mut all = Vec::new();
        for group in 0..self.reader.metadata().num_row_groups() {
            let rows = usize::try_from(self.reader.metadata().row_group(group).num_rows()).unwrap_or(0);
            all.extend(column::<T>(&self.reader, group, at, 0, rows).map_err(KeepError::parquet(&self.path))?);
        }
        Ok(all)
    }

    fn texts(&self, at: usize) -> Result<Vec<String>, KeepError> {
        let text = |bytes: ByteArray| bytes.as_utf8().map(ToOwned::to_owned).map_err(KeepError::parquet(&self.path));
        self.column::<ByteArrayType>(at)?.into_iter().map(text).collect()
    }

    fn numbers<N: TryFrom<i32>>(&self, at: usize) -> Result<Vec<N>, KeepError> {
        let wrong = |number: i32| KeepError::wrong(&self.path, format!("{number} cannot stand in column {at}"));
        self.column::<Int32Type>(at)?.into_iter().map(|number| N::try_from(number).map_err(|_| wrong(number))).collect()
    }
}

fn codes(table: &TableOf) -> Result<Codes, KeepError> {
    let path = &table.path;
    let mut codes = Codes::default();
    for (at, (system, text)) in table.texts(1)?.iter().zip(table.texts(2)?).enumerate() {
        let known = System::named(system).ok_or_else(|| KeepError::wrong(path, format!("`{system}` is no system")))?;
        if codes.number(known, &text) as usize != at {
            return Err(KeepError::wrong(path, format!("`{text}` stands there twice")));
        }
    }
    Ok(codes)
}

fn words(table: &TableOf) -> Result<[Words; 5], KeepError> {
    let path = &table.path;
    let mut all: [Words; 5] = Default::default();
    let kinds = ["unit", "source", "ethnicity", "neighbourhood", "system"];
    for ((kind, number), word) in table.texts(0)?.iter().zip(table.numbers::<u32>(1)?).zip(table.texts(2)?) {
        let words = kinds.iter().position(|known| known == kind).map(|at| &mut all[at]);
        if words.is_none_or(|words| words.number(&word) != number) {
            return Err(KeepError::wrong(path, format!("`{word}` is not {kind} {number}")));
        }
    }
    Ok(all)
}

fn people(table: &TableOf) -> Result<(Vec<Person>, Vec<u32>), KeepError> {
    let path = &table.path;
    let ids = table.column::<FixedLenByteArrayType>(1)?;
    let mut births = Vec::new();
    for group in 0..table.reader.metadata().num_row_groups() {
        let rows = usize::try_from(table.reader.metadata().row_group(group).num_rows()).unwrap_or(0);
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        gapped::<Int32Type>(&table.reader, group, 2, rows, &mut levels, &mut values)
            .map_err(KeepError::parquet(path))?;
        let mut values = values.into_iter();
        for level in levels {
            let day = if level > 0 { values.next().and_then(|days| u16::try_from(days + EPOCH).ok()) } else { Some(0) };
            births.push(Day(day.ok_or_else(|| KeepError::wrong(path, "a birth outside 1900 to 2079"))?));
        }
    }
    let sexes = table.texts(3)?;
    let (ethnicity, quintile) = (table.numbers::<u16>(4)?, table.numbers::<u8>(5)?);
    let (neighbourhood, system) = (table.numbers::<u16>(6)?, table.numbers::<u16>(7)?);
    let (registered, resident) = (table.column::<BoolType>(8)?, table.column::<BoolType>(9)?);
    let counts = table.numbers::<u32>(10)?;
    let mut list = Vec::with_capacity(ids.len());
    for (at, id) in ids.iter().enumerate() {
        let id = u128::from_be_bytes(
            id.as_bytes().try_into().map_err(|_| KeepError::wrong(path, "an id that has not 16 bytes"))?,
        );
        let sex = Sex::read(&sexes[at]).ok_or_else(|| KeepError::wrong(path, format!("`{}` is no sex", sexes[at])))?;
        list.push(Person {
            id,
            birth: births[at],
            sex,
            ethnicity: ethnicity[at],
            quintile: quintile[at],
            neighbourhood: neighbourhood[at],
            system: system[at],
            is_registered: registered[at],
            is_resident: resident[at],
        });
    }
    Ok((list, counts))
}

fn check_people(path: &Path, people: &People) -> Result<(), KeepError> {
    let known = |number: u16, words: &Words| usize::from(number) < words.list().len().max(1);
    let wrong = people.list.iter().position(|person| {
        person.quintile > 5
            || !known(person.ethnicity, &people.ethnicities)
            || !known(person.neighbourhood, &people.neighbourhoods)
            || !known(person.system, &people.systems)
    });
    wrong.map_or(Ok(()), |at| Err(KeepError::wrong(path, format!("row {at} has a number that means nothing"))))
}

/// Sources and record ids row after row: each row group is read once.
#[derive(Debug)]
pub struct Origins<'a> {
    kept: Option<&'a Kept>,
    group: usize,
    rows: Vec<Origin>,
}

impl<'a> Origins<'a> {
    pub(crate) fn of(kept: Option<&'a Kept>) -> Self {
        Self { kept, group: usize::MAX, rows: Vec::new() }
    }

    pub(crate) fn at(&mut self, row: u32) -> Result<Origin, KeepError> {
        let Some(kept) = self.kept else { return Ok(Origin { source: 0, record: 0 }) };
        let group = row as usize / GROUP;
        if group != self.group {
            self.rows = kept.read(group, 0, GROUP)?;
            self.group = group;
        }
        let found = self.rows.get(row as usize % GROUP).copied();
        found.ok_or_else(|| KeepError::NotKept(format!("there is no row {row} in the saved columns")))
    }
}
