//! Reading sources and record ids of single rows from the disk.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{AsBytes, DataType, FixedLenByteArrayType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{GROUP, KeepError};
use crate::columns::Origin;

/// Where sources and record ids are.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) path: PathBuf,
}

pub(crate) const SOURCE: usize = 5;
pub(crate) const RECORD: usize = 6;

impl Kept {
    pub(crate) fn origin(&self, row: u32) -> Result<Origin, KeepError> {
        let (group, skip) = (row as usize / GROUP, row as usize % GROUP);
        let found = self.read(group, skip, 1)?;
        found.first().copied().ok_or_else(|| KeepError::wrong(&self.path, format!("there is no row {row}")))
    }

    /// Rows of one row group.
    pub(crate) fn read(&self, group: usize, skip: usize, rows: usize) -> Result<Vec<Origin>, KeepError> {
        let reader = open(&self.path)?;
        let read = || -> Result<Vec<Origin>, ParquetError> {
            let sources = column::<Int32Type>(&reader, group, SOURCE, skip, rows)?;
            let records = column::<FixedLenByteArrayType>(&reader, group, RECORD, skip, rows)?;
            let origin = |(source, record): (&i32, &parquet::data_type::FixedLenByteArray)| {
                let bytes: [u8; 16] = record.as_bytes().try_into().unwrap_or_default();
                Origin { source: u16::try_from(*source).unwrap_or(u16::MAX), record: u128::from_be_bytes(bytes) }
            };
            Ok(sources.iter().zip(&records).map(origin).collect())
        };
        read().map_err(KeepError::parquet(&self.path))
    }
}

pub(crate) fn open(path: &Path) -> Result<SerializedFileReader<File>, KeepError> {
    let file = File::open(path).map_err(KeepError::file(path))?;
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
