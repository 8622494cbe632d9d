//! The clocks of a place: each file read, and its versions held against one another. Must not repair anything.

use crate::clock::{Clock, ClockVersion, FOLDER};
use crate::rows::{Document, Row, Table, words};
use crate::{Files, Problems, Slug};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What stands above the versions in a clock's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: Slug,
    #[serde(deserialize_with = "words")]
    name: String,
    #[serde(deserialize_with = "words")]
    about: String,
}

/// Every clock that could be read.
pub(super) fn read(files: &dyn Files, problems: &mut Problems) -> Vec<Clock> {
    let mut names = files.names();
    // What lies in a folder below is not a clock: its test vectors, say.
    names.retain(|name| name.strip_prefix(FOLDER).is_some_and(|rest| rest.ends_with(".toml") && !rest.contains('/')));
    names.sort();
    if names.is_empty() {
        problems.add(FOLDER, None, "there is no clock; add a file for each, such as clocks/crisis-response.toml");
    }
    names.iter().filter_map(|name| one(files, name, problems)).collect()
}

fn one(files: &dyn Files, file: &str, problems: &mut Problems) -> Option<Clock> {
    let text = Document::text(files, file, problems)?;
    let mut document = Document::parse(file, &text, problems)?;
    let versions: Table<ClockVersion> = document.list("version", "version", problems);
    let head: Row<Head> = document.rest(problems)?;
    let Head { id, name, about } = &head.value;
    if format!("{FOLDER}{id}.toml") != file {
        let message = format!("id: \"{id}\" is not the name of the file; call one as the other");
        problems.add(file, head.line_of("id"), message);
    }
    for row in &versions.rows {
        version(file, row, problems);
    }
    let mut rows: Vec<_> = versions.rows.iter().collect();
    rows.sort_by_key(|row| row.value.effective_from);
    for pair in rows.windows(2) {
        let [earlier, later] = pair else { continue };
        if earlier.value.holds_on(later.value.effective_from) {
            let message = format!(
                "effective_until: {} still holds on {}, when {} begins; end it the day before",
                earlier.value.version, later.value.effective_from, later.value.version
            );
            problems.add(file, earlier.line_of("effective_until"), message);
        }
    }
    let (id, name, about) = (id.clone(), name.clone(), about.clone());
    let mut versions = versions.into_values();
    versions.sort_by_key(|version| version.effective_from);
    Some(Clock { id, name, about, versions })
}

fn version(file: &str, row: &Row<ClockVersion>, problems: &mut Problems) {
    let version = &row.value;
    let mut complain =
        |field: &str, message: &str| problems.add(file, row.line_of(field), format!("{field}: {message}"));
    for (field, words) in [("start", &version.start), ("stop", &version.stop)] {
        if words.is_empty() {
            complain(field, "no word is given; a clock that nothing starts or stops tells nothing");
        }
    }
    if version.pause.is_empty() != version.resume.is_empty() {
        complain("pause", "a clock that waits must be able to go on, and the other way round; give pause and resume");
    }
    let mut roles: BTreeMap<&Slug, &str> = BTreeMap::new();
    for (field, words) in [
        ("start", &version.start),
        ("stop", &version.stop),
        ("pause", &version.pause),
        ("resume", &version.resume),
        ("void", &version.void),
    ] {
        for word in words {
            if let Some(other) = roles.insert(word, field) {
                complain(field, &format!("\"{word}\" stands under {other} already; a word does one thing to a clock"));
            }
        }
    }
    if version.effective_until.is_some_and(|last| last < version.effective_from) {
        complain("effective_until", "it is before effective_from; correct one");
    }
    if !(1..=99).contains(&version.warn_at) {
        complain("warn_at", "write the hundredths of its time at which it warns, 1 to 99");
    }
    if version.share.is_some_and(|share| !(1..=100).contains(&share)) {
        complain("share", "write how many of a hundred are to be in time, 1 to 100, or leave it out");
    }
    let restricted = version.runs.working_days || version.runs.between.is_some();
    if version.within.unit.is_of_days() && restricted {
        complain("runs", "a clock of days runs always; write \"7 working days\" to leave weekends out");
    }
}
