//! Attachments: pictures, letters and short texts beside a question. Kept as blobs under their hash, byte for byte. What a file is
//! is told by its first bytes and never by its name. Must not keep what nobody can open, nor anything that runs.

use serde::{Deserialize, Serialize};
use store::Blob;

/// The most bytes of one file.
pub const LARGEST: usize = 5 * 1024 * 1024;
/// The most files of one question, replies among them.
pub const MOST: usize = 8;
/// The most bytes of all of them together.
pub const TOGETHER: u64 = 20 * 1024 * 1024;
/// The most characters of a file's name.
const LONGEST_NAME: usize = 100;

/// A file beside a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What its sender called it, without folders.
    pub name: String,
    /// What it is: `image/jpeg`, `image/png`, `application/pdf` or `text/plain`.
    pub media: String,
    /// Its bytes.
    pub size: u64,
    /// The SHA-256 under which the blob is kept, in hexadecimal digits.
    pub hash: String,
}

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing in it.
    #[error("“{0}” is empty; choose the file again")]
    Empty(String),
    /// Too large.
    #[error("“{0}” is larger than 5 MB; send a smaller picture, or the page of the letter that matters")]
    TooLarge(String),
    /// Not of a kind that is taken.
    #[error("“{0}” is not a JPEG or PNG picture, a PDF or plain text; save it as one of these and choose it again")]
    Kind(String),
    /// Too many.
    #[error("a question has at most {MOST} files")]
    TooMany,
    /// Too much.
    #[error("the files of a question have at most 20 MB together")]
    TooMuch,
}

impl Attachment {
    /// Takes a file: what stands in the question, and what is kept.
    ///
    /// # Errors
    /// [`Refused`], with its name.
    pub fn of(name: &str, bytes: &[u8]) -> Result<(Self, Blob), Refused> {
        let name = shown(name);
        if bytes.is_empty() {
            return Err(Refused::Empty(name));
        }
        if bytes.len() > LARGEST {
            return Err(Refused::TooLarge(name));
        }
        let Some(media) = media(bytes) else { return Err(Refused::Kind(name)) };
        let blob = Blob::of(bytes);
        let hash = blob.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok((Self { name, media: media.to_owned(), size, hash }, blob))
    }

    /// The hash as bytes; `None` where it is none.
    #[must_use]
    pub fn digest(&self) -> Option<[u8; 32]> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let pairs = self.hash.as_bytes().chunks(2);
        let bytes: Option<Vec<u8>> =
            pairs.map(|pair| Some((digit(pair.first()?)? << 4) | digit(pair.get(1)?)?)).collect();
        bytes?.try_into().ok()
    }
}

/// Whether some files may stand together.
///
/// # Errors
/// [`Refused::TooMany`] or [`Refused::TooMuch`].
pub fn together<'a>(files: impl Iterator<Item = &'a Attachment>) -> Result<(), Refused> {
    let (mut count, mut size) = (0, 0_u64);
    for file in files {
        count += 1;
        size = size.saturating_add(file.size);
    }
    if count > MOST {
        return Err(Refused::TooMany);
    }
    if size > TOGETHER { Err(Refused::TooMuch) } else { Ok(()) }
}

/// A name without folders and without anything that a page or a file system might take for something else.
fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '.' | '-' | '_' | '(' | ')'))
        .take(LONGEST_NAME)
        .collect();
    let kept = kept.trim().trim_start_matches('.');
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

fn media(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some("image/jpeg");
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if bytes.starts_with(b"%PDF-") {
        return Some("application/pdf");
    }
    let text = std::str::from_utf8(bytes).ok()?;
    // Text that a browser might run (a page, a drawing with a script) is no letter.
    let plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    let marked = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    (text.chars().all(plain) && !marked).then_some("text/plain")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pictures_letters_and_texts_are_taken_and_nothing_else() {
        let media = |bytes: &[u8]| Attachment::of("a", bytes).map(|(file, _)| file.media);
        assert_eq!(media(&[0xFF, 0xD8, 0xFF, 0xE0, 0]).unwrap(), "image/jpeg");
        assert_eq!(media(b"\x89PNG\r\n\x1a\n....").unwrap(), "image/png");
        assert_eq!(media(b"%PDF-1.7\n").unwrap(), "application/pdf");
        assert_eq!(media("Blood pressure 142/80, lying\n".as_bytes()).unwrap(), "text/plain");
        for bad in [&b"MZ\x90\0"[..], b"<html><script>", b"\xEF\xBB\xBF <svg/>", b"PK\x03\x04\x14\0\0\0", b"GIF89a\0\0"]
        {
            assert_eq!(media(bad), Err(Refused::Kind("a".to_owned())), "{bad:?}");
        }
        assert_eq!(media(b""), Err(Refused::Empty("a".to_owned())));
        assert_eq!(media(&vec![b'a'; LARGEST + 1]), Err(Refused::TooLarge("a".to_owned())));
        assert!(media(&vec![b'a'; LARGEST]).is_ok());
    }

    #[test]
    fn a_name_is_shown_without_folders_and_marks() {
        assert_eq!(shown("C:\\Users\\gp\\rash 1.jpg"), "rash 1.jpg");
        assert_eq!(shown("../../etc/passwd"), "passwd");
        assert_eq!(shown("..\u{202e}gpj.exe\"\r\nx"), "gpj.exex");
        assert_eq!(shown("///"), "file");
    }

    proptest! {
        #[test]
        fn what_is_taken_is_found_under_its_hash(bytes in proptest::collection::vec(any::<u8>(), 0..400), name in ".{0,40}") {
            if let Ok((file, blob)) = Attachment::of(&name, &bytes) {
                prop_assert_eq!(file.digest(), Some(blob.hash()));
                prop_assert_eq!(blob.hash(), store::blob::sha256(&bytes));
                prop_assert_eq!(file.size, bytes.len() as u64);
                prop_assert!(!file.name.is_empty() && !file.name.contains(['/', '\\', '"', '\n', '<']));
            }
        }
    }
}
