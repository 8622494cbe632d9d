//! Reading sources and record ids of single rows from the disk. The file is held open: another save may take its place while
//! somebody still asks about the rows of this one.

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{AsBytes, DataType, FixedLenByteArray, FixedLenByteArrayType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::sums::Sums;
use super::{GROUP, KeepError};
use crate::columns::Origin;

/// Where sources and record ids are.
#[derive(Clone)]
pub(crate) struct Kept(Arc<Inner>);

struct Inner {
    path: PathBuf,
    sums: Sums,
    open: Mutex<Open>,
}

/// Reader and file move the same place in the file: whoever has the lock has both.
struct Open {
    reader: SerializedFileReader<File>,
    file: File,
    /// Row groups whose sums were looked at.
    sound: BTreeSet<usize>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Kept").field(&self.0.path).finish()
    }
}

pub(crate) const SOURCE: usize = 5;
pub(crate) const RECORD: usize = 6;

impl Kept {
    pub(crate) fn of(path: &Path, file: File, sums: &Sums) -> Result<Self, KeepError> {
        let reader = reader(path, &file)?;
        let open = Mutex::new(Open { reader, file, sound: BTreeSet::new() });
        Ok(Self(Arc::new(Inner { path: path.to_owned(), sums: sums.clone(), open })))
    }

    /// Of rows that stand one after the other.
    pub(crate) fn rows(&self, rows: Range<u32>) -> Result<Vec<Origin>, KeepError> {
        let (mut row, until) = (rows.start as usize, rows.end as usize);
        let mut found = Vec::with_capacity(until.saturating_sub(row));
        while row < until {
            let (group, skip) = (row / GROUP, row % GROUP);
            let some = self.read(group, skip, (until - row).min(GROUP - skip))?;
            if some.is_empty() {
                return Err(KeepError::wrong(&self.0.path, format!("there is no row {row}")));
            }
            row += some.len();
            found.extend(some);
        }
        Ok(found)
    }

    /// Whether all of it reads as it was written. Whoever asks for rows meanwhile waits for no more than a row group.
    pub(crate) fn check(&self) -> Result<(), KeepError> {
        let Inner { path, sums, open } = &*self.0;
        let lock = || open.lock().unwrap_or_else(PoisonError::into_inner);
        let groups = lock().reader.metadata().num_row_groups();
        (0..groups).try_for_each(|group| lock().check(path, sums, group))
    }

    /// Rows of one row group.
    pub(crate) fn read(&self, group: usize, skip: usize, rows: usize) -> Result<Vec<Origin>, KeepError> {
        let Inner { path, sums, open } = &*self.0;
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        open.check(path, sums, group)?;
        let read = || -> Result<Vec<Origin>, ParquetError> {
            let sources = column::<Int32Type>(&open.reader, group, SOURCE, skip, rows)?;
            let records = column::<FixedLenByteArrayType>(&open.reader, group, RECORD, skip, rows)?;
            let origin = |(source, record): (&i32, &FixedLenByteArray)| {
                let bytes: [u8; 16] = record.as_bytes().try_into().unwrap_or_default();
                Origin { source: u16::try_from(*source).unwrap_or(u16::MAX), record: u128::from_be_bytes(bytes) }
            };
            Ok(sources.iter().zip(&records).map(origin).collect())
        };
        read().map_err(KeepError::parquet(path))
    }
}

impl Open {
    fn check(&mut self, path: &Path, sums: &Sums, group: usize) -> Result<(), KeepError> {
        if !self.sound.contains(&group) {
            sums.check(path, &self.file, group, SOURCE)?;
            sums.check(path, &self.file, group, RECORD)?;
            self.sound.insert(group);
        }
        Ok(())
    }
}

/// A reader over a file that stays open; it moves the file's place.
pub(crate) fn reader(path: &Path, file: &File) -> Result<SerializedFileReader<File>, KeepError> {
    let file = file.try_clone().map_err(KeepError::file(path))?;
    SerializedFileReader::new(file).map_err(KeepError::parquet(path))
}

/// Some values of a column without gaps.
pub(crate) fn column<T: DataType>(
    reader: &SerializedFileReader<File>,
    group: usize,
    at: usize,
    skip: usize,
    rows: usize,
) -> Result<Vec<T::T>, ParquetError> {
    let mut column = get_typed_column_reader::<T>(reader.get_row_group(group)?.get_column_reader(at)?);
    if skip > 0 {
        column.skip_records(skip)?;
    }
    let mut values = Vec::new();
    while values.len() < rows {
        if column.read_records(rows - values.len(), None, None, &mut values)?.0 == 0 {
            break;
        }
    }
    Ok(values)
}
