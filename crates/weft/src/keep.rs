//! Keeping: verify, backup, restore and replay, with words for the person who runs them.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use store::{Head, Store, Verification};

use crate::arguments;
use crate::house::{House, place_and_feeds, said, views};
use crate::settings::Settings;
use crate::terminal::say;

pub(crate) fn verify(settings: &Settings, task: &arguments::Verify) -> anyhow::Result<ExitCode> {
    let expected = task.head.as_deref().map(head).transpose()?;
    let house = House::open(settings)?;
    let report = house.store.verify(expected)?;
    Ok(tell(&report))
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
    let hash: String = head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}:{hash}", head.seq)
}

fn head(text: &str) -> anyhow::Result<Head> {
    let parse = || {
        let (seq, hex) = text.split_once(':')?;
        let bytes: Option<Vec<u8>> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect();
        Some(Head { seq: seq.parse().ok()?, hash: bytes?.try_into().ok()? })
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
