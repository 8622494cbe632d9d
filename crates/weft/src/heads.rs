//! Heads of the log, signed and kept in a second place. A chain shows that a row was changed, but not that its end was cut off
//! or that the whole of it was written anew; a head that somebody else keeps does. Each line of the file is one head: how long
//! the log was, its hash, when, and a signature (Ed25519) that only the holder of the key can make. Lines are added, never changed.

mod keeper;
#[cfg(test)]
mod tests;

use std::fs::OpenOptions;
use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use store::Head;

use crate::house::draw;

pub(crate) use keeper::{Keeper, Stands};

/// The first word of each line, and of what is signed: another form would have another.
const FORM: &str = "weft-head-1";

/// A head with when it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) head: Head,
    pub(crate) at: Timestamp,
}

impl Taken {
    fn signed_bytes(&self) -> Vec<u8> {
        let mut bytes = FORM.as_bytes().to_vec();
        bytes.extend(self.head.seq.to_le_bytes());
        bytes.extend(self.head.hash);
        bytes.extend(self.at.as_microsecond().to_le_bytes());
        bytes
    }

    /// The line of the file, without its end.
    fn line(&self, key: &SigningKey) -> String {
        let signature = key.sign(&self.signed_bytes()).to_bytes();
        format!("{FORM} {} {} {:.6} {}", self.head.seq, hex(&self.head.hash), self.at, hex(&signature))
    }

    /// Reads a line and checks its signature; the error says what is wrong with it.
    fn read(line: &str, key: &VerifyingKey) -> Result<Self, &'static str> {
        let words: Vec<&str> = line.split(' ').collect();
        let [FORM, seq, hash, at, signature] = words.as_slice() else {
            return Err("is no head: a line is weft-head-1, a number, a hash, a time and a signature");
        };
        let parse = || {
            let head = Head { seq: seq.parse().ok()?, hash: unhex(hash)? };
            let signature: [u8; 64] = unhex(signature)?;
            Some((Self { head, at: at.parse().ok()? }, Signature::from_bytes(&signature)))
        };
        let (taken, signature) = parse().ok_or("cannot be read: its number, hash, time or signature is none")?;
        key.verify_strict(&taken.signed_bytes(), &signature)
            .map_err(|_| "was not signed with this key, or was changed since")?;
        Ok(taken)
    }
}

/// What a file of heads holds.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// The heads whose signatures are right.
    pub(crate) heads: Vec<Taken>,
    /// What is wrong with the others: the line's number and the words.
    pub(crate) wrong: Vec<(usize, &'static str)>,
}

/// Reads a file of heads.
pub(crate) fn read(file: &Path, key: &VerifyingKey) -> anyhow::Result<Kept> {
    let opened = std::fs::File::open(file).with_context(|| format!("cannot read the heads in {}", file.display()))?;
    let mut kept = Kept::default();
    for (index, line) in std::io::BufReader::new(opened).lines().enumerate() {
        let line = line.with_context(|| format!("cannot read the heads in {}", file.display()))?;
        match Taken::read(line.trim_end(), key) {
            Ok(taken) => {
                // Heads are taken of a log that only grows.
                if kept.heads.last().is_some_and(|last| taken.head.seq < last.head.seq) {
                    kept.wrong.push((index + 1, "is of a shorter log than the head before it"));
                }
                kept.heads.push(taken);
            }
            Err(what) => kept.wrong.push((index + 1, what)),
        }
    }
    Ok(kept)
}

/// Adds a head to the end of a file, and waits until it is on the disk.
fn add(file: &Path, taken: &Taken, key: &SigningKey) -> std::io::Result<()> {
    let mut opened = OpenOptions::new().append(true).create(true).open(file)?;
    opened.write_all(format!("{}\n", taken.line(key)).as_bytes())?;
    opened.sync_data()
}

/// The file in the second place: one for each key, named by the key's beginning.
pub(crate) fn file_in(folder: &Path, key: &VerifyingKey) -> PathBuf {
    let name: String = hex(key.as_bytes()).chars().take(16).collect();
    folder.join(format!("heads-{name}.txt"))
}

/// The key that heads are signed with: the one in the file, or a new one, which only its owner may read.
pub(crate) fn key(file: &Path) -> anyhow::Result<SigningKey> {
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let secret: [u8; 32] = unhex(text.trim())
                .with_context(|| format!("{} holds no key: it is 64 hexadecimal digits", file.display()))?;
            Ok(SigningKey::from_bytes(&secret))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("cannot make the folder {}", folder.display()))?;
            }
            let mut secret = [0; 32];
            draw(&mut secret);
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut opened = options.open(file).with_context(|| format!("cannot keep a key in {}", file.display()))?;
            opened.write_all(format!("{}\n", hex(&secret)).as_bytes())?;
            opened.sync_all()?;
            Ok(SigningKey::from_bytes(&secret))
        }
        Err(error) => Err(error).with_context(|| format!("cannot read the key in {}", file.display())),
    }
}

/// The public half of a key as it is printed.
pub(crate) fn public(key: &VerifyingKey) -> String {
    hex(key.as_bytes())
}

/// The public half of a key as it was printed.
pub(crate) fn published(text: &str) -> anyhow::Result<VerifyingKey> {
    let bytes: [u8; 32] =
        unhex(text.trim()).context("a public key is 64 hexadecimal digits, as `weft serve` prints them")?;
    VerifyingKey::from_bytes(&bytes).context("these digits are no public key")
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.len() == 2 * N && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let bytes: Option<Vec<u8>> =
        (0..N).map(|at| text.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect();
    bytes.filter(|_| digits)?.try_into().ok()
}
