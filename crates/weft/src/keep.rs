//! Keeping: verify, backup, restore and replay, with words for the person who runs them.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use store::{Finding, Head, Store, Verification};

use crate::arguments;
use crate::heads::{self, hex, unhex};
use crate::house::{House, place_and_feeds, said, views};
use crate::settings::Settings;
use crate::terminal::say;

pub(crate) fn verify(settings: &Settings, task: &arguments::Verify) -> anyhow::Result<ExitCode> {
    let mut expected: Vec<Head> = task.head.as_deref().map(head).transpose()?.into_iter().collect();
    let mut wrong = Vec::new();
    if let (Some(file), Some(key)) = (&task.heads, &task.key) {
        let kept = heads::read(file, &heads::published(key)?)?;
        say(format!("Read {} heads whose signatures are right.", kept.heads.len()));
        if kept.heads.is_empty() {
            wrong.push(finding(file, "holds no head that was signed with this key, so it proves nothing".to_owned()));
        }
        wrong.extend(kept.wrong.iter().map(|(line, what)| finding(file, format!("line {line} {what}"))));
        expected.extend(kept.heads.iter().map(|taken| taken.head));
    }
    let house = House::open(settings)?;
    let mut report = house.store.verify_against(&expected)?;
    report.findings.extend(wrong);
    Ok(tell(&report))
}

fn finding(file: &Path, what: String) -> Finding {
    Finding { table: "heads".to_owned(), row: file.display().to_string(), what }
}

fn tell(report: &Verification) -> ExitCode {
    say(format!(
        "Checked {} log entries, {} kept messages, {} resource versions and {} view rows.",
        report.entries, report.blobs, report.resources, report.view_rows
    ));
    say(format!("Head: {}", spoken(report.head)));
    if report.findings.is_empty() {
        say("Everything agrees.");
        return ExitCode::SUCCESS;
    }
    for finding in &report.findings {
        say(format!("DOES NOT AGREE: {finding}"));
    }
    ExitCode::FAILURE
}

fn spoken(head: Head) -> String {
    format!("{}:{}", head.seq, hex(&head.hash))
}

fn head(text: &str) -> anyhow::Result<Head> {
    let parse = || {
        let (seq, hash) = text.split_once(':')?;
        Some(Head { seq: seq.parse().ok()?, hash: unhex(hash)? })
    };
    parse().context("a head is written as SEQ:HASH, as `weft verify` prints it")
}

pub(crate) fn backup(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    let house = House::open(settings)?;
    let copied = house.store.backup(file).context("the backup was not made")?;
    say(format!("Backed up {} to {}.", said(settings), file.display()));
    say(format!("Head: {}", spoken(copied.head)));
    Ok(())
}

pub(crate) fn restore(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&settings.data)?;
    let (place, _) = place_and_feeds(settings)?;
    let copied = Store::restore(file, &settings.location, views(&place)).context("nothing was restored")?;
    say(format!("Restored {} rows into {}.", copied.rows, said(settings)));
    let house = House::open(settings)?;
    Ok(tell(&house.store.verify(Some(copied.head))?))
}

pub(crate) fn replay(settings: &Settings) -> anyhow::Result<()> {
    let house = House::open(settings)?;
    for (table, rows) in house.store.replay()? {
        say(format!("{table:20} {rows:>10} rows"));
    }
    Ok(())
}
