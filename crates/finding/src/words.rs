//! Words that somebody typed to say why: neither nothing nor a novel.

/// The fewest characters.
pub const LEAST: usize = 10;
/// The most.
pub const MOST: usize = 1_000;

/// The words, trimmed; `None` where they are too few or too many.
#[must_use]
pub fn read(words: &str) -> Option<String> {
    let words = words.trim();
    (LEAST..=MOST).contains(&words.chars().count()).then(|| words.to_owned())
}
