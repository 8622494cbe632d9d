//! Sums of every part of a save, in a file beside it: what was cut, changed or mixed with another save is told and not used. The parts
//! of a large file that are read late have sums of their own, so that reading the rest does not wait for them. A sum shows an
//! accident (CRC-32); it is no seal against somebody who may write there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{EVENTS, KeepError};

/// The file.
pub(crate) const SUMS: &str = "sums.txt";
const HEAD: &str = "weft columns 1";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    start: u64,
    length: u64,
    sum: u32,
}

/// The sums of a save, by file; a column of a row group of events stands by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sums(BTreeMap<String, Vec<Part>>);

fn chunk(group: usize, column: usize) -> String {
    format!("{EVENTS}/{group}/{column}")
}

impl Sums {
    /// Of some files of a folder, as they are now.
    pub(crate) fn of(folder: &Path, names: &[&str]) -> Result<Self, KeepError> {
        let mut sums = Self::default();
        for name in names {
            let path = folder.join(name);
            let file = File::open(&path).map_err(KeepError::file(&path))?;
            let length = file.metadata().map_err(KeepError::file(&path))?.len();
            let mut chunks: Vec<(u64, u64, String)> = Vec::new();
            if *name == EVENTS {
                let reader = SerializedFileReader::new(file.try_clone().map_err(KeepError::file(&path))?);
                let reader = reader.map_err(KeepError::parquet(&path))?;
                for (group, row_group) in reader.metadata().row_groups().iter().enumerate() {
                    for (column, meta) in row_group.columns().iter().enumerate() {
                        let (start, length) = meta.byte_range();
                        chunks.push((start, length, chunk(group, column)));
                    }
                }
            }
            chunks.sort_unstable();
            let mut put = |name: &str, start: u64, length: u64| {
                let sum = sum(&file, start, length).map_err(KeepError::file(&path))?;
                sums.0.entry(name.to_owned()).or_default().push(Part { start, length, sum });
                Ok::<(), KeepError>(())
            };
            let mut next = 0;
            for (start, length, chunk) in chunks {
                put(name, next, start.saturating_sub(next))?;
                put(&chunk, start, length)?;
                next = start + length;
            }
            put(name, next, length.saturating_sub(next))?;
        }
        Ok(sums)
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), KeepError> {
        let mut text = format!("{HEAD}\n");
        for (name, parts) in &self.0 {
            for Part { start, length, sum } in parts {
                text.push_str(&format!("{name} {start} {length} {sum:08x}\n"));
            }
        }
        let own = crc32fast::hash(text.as_bytes());
        text.push_str(&format!("end {own:08x}\n"));
        let path = folder.join(SUMS);
        let mut file = super::write::created(&path).map_err(KeepError::file(&path))?;
        file.write_all(text.as_bytes()).map_err(KeepError::file(&path))
    }

    pub(crate) fn read(folder: &Path) -> Result<Self, KeepError> {
        let path = folder.join(SUMS);
        let bytes = std::fs::read(&path).map_err(KeepError::file(&path))?;
        let wrong = || KeepError::wrong(&path, "it was cut or changed, or another Weft wrote it");
        let text = String::from_utf8(bytes).map_err(|_| wrong())?;
        let at = text.rfind("end ").ok_or_else(wrong)?;
        let (body, end) = text.split_at(at);
        if end != format!("end {:08x}\n", crc32fast::hash(body.as_bytes())) {
            return Err(wrong());
        }
        let body = body.strip_prefix(HEAD).and_then(|body| body.strip_prefix('\n')).ok_or_else(wrong)?;
        let mut sums = Self::default();
        for line in body.lines() {
            let mut words = line.split(' ');
            let mut word = || words.next().ok_or_else(wrong);
            let (name, start, length, sum) = (word()?, word()?, word()?, word()?);
            let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
            let (start, length) = (number(start)?, number(length)?);
            let sum = u32::from_str_radix(sum, 16).map_err(|_| wrong())?;
            sums.0.entry(name.to_owned()).or_default().push(Part { start, length, sum });
        }
        Ok(sums)
    }

    /// Whether a file was saved.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A file, as it was saved; the columns of events are looked at by [`Sums::check`] when they are read.
    pub(crate) fn open(&self, folder: &Path, name: &str) -> Result<File, KeepError> {
        let path = folder.join(name);
        let file = File::open(&path).map_err(KeepError::file(&path))?;
        let parts = self.0.get(name).ok_or_else(|| KeepError::wrong(&path, "it was not saved with the others"))?;
        let length = file.metadata().map_err(KeepError::file(&path))?.len();
        if parts.last().is_none_or(|last| last.start + last.length != length) {
            return Err(KeepError::wrong(&path, format!("it has {length} bytes, and was saved with more or fewer")));
        }
        parts.iter().try_for_each(|part| part.check(&path, &file))?;
        Ok(file)
    }

    /// Whether a column of a row group of events reads as it was written. Moves the place at which the file is read.
    pub(crate) fn check(&self, path: &Path, file: &File, group: usize, column: usize) -> Result<(), KeepError> {
        let missing = || KeepError::wrong(path, format!("row group {group} was not saved with the others"));
        let parts = self.0.get(&chunk(group, column)).ok_or_else(missing)?;
        parts.iter().try_for_each(|part| part.check(path, file))
    }
}

impl Part {
    fn check(&self, path: &Path, file: &File) -> Result<(), KeepError> {
        let found = sum(file, self.start, self.length).map_err(KeepError::file(path))?;
        if found == self.sum {
            Ok(())
        } else {
            Err(KeepError::wrong(path, format!("bytes from {} on are not those that were saved", self.start)))
        }
    }
}

fn sum(mut file: &File, start: u64, length: u64) -> std::io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    if length > 0 {
        file.seek(SeekFrom::Start(start))?;
    }
    let mut buffer = vec![0; usize::try_from(length).unwrap_or(usize::MAX).min(1 << 18)];
    let mut left = length;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let read = file.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        hasher.update(&buffer[..read]);
        left -= read as u64;
    }
    Ok(hasher.finalize())
}
