//! Blobs: the bytes of messages exactly as they came, kept once under their SHA-256. Kept compressed; what comes out is
//! checked against its hash, so a changed blob cannot be read as if nothing had happened.

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::sql::Sql;
use crate::table::{Table, Type, column};
use crate::tx::Tx;

/// The blobs' table. `body` is an LZ4 block with its length before it.
pub static BLOB: Table = Table {
    name: "blob",
    columns: &[column("hash", Type::Bytes), column("size", Type::Int), column("body", Type::Bytes)],
    key: &["hash"],
    clustered: false,
    indexes: &[],
};

static PUT: Sql = Sql::both("INSERT INTO blob (hash, size, body) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING");
static GET: Sql = Sql::both("SELECT body FROM blob WHERE hash = $1");
static ALL: Sql = Sql::both("SELECT hash, body FROM blob");

pub(crate) static STATEMENTS: &[&Sql] = &[&PUT, &GET, &ALL];

/// A blob ready to be kept: hashed and compressed outside the transaction, because that is most of its cost.
#[derive(Debug, Clone)]
pub struct Blob {
    hash: [u8; 32],
    size: i64,
    body: Vec<u8>,
}

impl Blob {
    /// Hashes and compresses some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { hash: sha256(bytes), size: bytes.len() as i64, body: lz4_flex::compress_prepend_size(bytes) }
    }

    /// Its name: the SHA-256 of the bytes as they came.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }
}

/// The SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(crate) fn put(tx: &mut dyn Tx, blob: &Blob) -> Result<()> {
    tx.execute(&PUT, &[(&blob.hash).into(), blob.size.into(), blob.body.as_slice().into()])?;
    Ok(())
}

/// The bytes under a hash, as they came.
///
/// # Errors
/// Where there is no such blob, or it no longer agrees with its hash.
pub fn get(tx: &mut dyn Tx, hash: &[u8; 32]) -> Result<Vec<u8>> {
    let bytes = tx
        .first(&GET, &[hash.into()], |row| unpack(row.bytes(0)?))?
        .ok_or_else(|| Error::Corrupt("a kept message is missing".to_owned()))?;
    if sha256(&bytes) == *hash {
        Ok(bytes)
    } else {
        Err(Error::Corrupt("a kept message no longer agrees with its hash".to_owned()))
    }
}

/// The hashes (hex) of blobs that no longer agree with their bytes; every hash there is goes to `seen`.
pub(crate) fn broken(tx: &mut dyn Tx, seen: &mut dyn FnMut(&[u8])) -> Result<Vec<String>> {
    let mut found = Vec::new();
    tx.query(&ALL, &[], &mut |row| {
        let hash = row.bytes(0)?;
        seen(hash);
        let stands = row.bytes(1).and_then(unpack).is_ok_and(|bytes| sha256(&bytes) == *hash);
        if !stands {
            found.push(crate::verify::hex(hash));
        }
        Ok(())
    })?;
    Ok(found)
}

fn unpack(body: &[u8]) -> Result<Vec<u8>> {
    lz4_flex::decompress_size_prepended(body)
        .map_err(|_| Error::Corrupt("a kept message cannot be unpacked".to_owned()))
}
