//! `weft score`: codes of people in, scores out, each with its band, its version, what it rests on and what was missing. Reads and
//! writes files; what a score is, the rules of `population` say. Touches no data folder.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;
use population::code::System;
use population::day::Day;
use population::dispute::{self, Disputes};
use population::input::{self, Manner};
use population::instrument::{Explained, Recalibration};
use population::library::Library;
use population::plan::{Asked, Plan};
use serde_json::json;

use crate::link::whole;
use crate::terminal::{remark, say};

#[derive(Debug, Args)]
pub(crate) struct Score {
    /// The instrument; `weft score --list` names them
    #[arg(value_name = "INSTRUMENT", required_unless_present = "list")]
    pub(crate) instrument: Option<String>,
    /// CSV with a header line: id,code and, where wanted, age,date,system,sex,value,unit,source
    #[arg(value_name = "INPUT.csv", required_unless_present = "list")]
    pub(crate) input: Option<PathBuf>,
    /// File to write id,score,band and everything about them to
    #[arg(long, value_name = "OUT.csv", required_unless_present = "list")]
    pub(crate) output: Option<PathBuf>,
    /// Name the instruments and whether their lists are here
    #[arg(long, conflicts_with_all = ["instrument", "input", "output"])]
    pub(crate) list: bool,
    /// As of this day: what came later is not known [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// System of the codes where the file has no such column
    #[arg(long, value_name = "SYSTEM", default_value = "icd10")]
    pub(crate) system: String,
    /// A folder of further rules (.toml) and lists of codes (.toml, .csv); may be repeated
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
    /// What professionals dispute (CSV: id,instrument,part,ground,reason,date)
    #[arg(long, value_name = "FILE")]
    pub(crate) disputes: Option<PathBuf>,
    /// A recalibration on the place's own people (TOML), without which no probability is given
    #[arg(long, value_name = "FILE")]
    pub(crate) recalibration: Option<PathBuf>,
    /// File to write every score to with every record behind it, a line of JSON each
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
}

pub(crate) fn run(task: &Score) -> anyhow::Result<()> {
    let mut library = Library::shipped()?;
    for folder in &task.rules {
        library.add_folder(folder)?;
    }
    let (Some(instrument), Some(path), Some(output)) = (&task.instrument, &task.input, &task.output) else {
        return list(&library);
    };
    if library.set(instrument).is_none() {
        bail!("there is no instrument `{instrument}`; weft score --list names those there are");
    }
    for written in [Some(output), task.evidence.as_ref()].into_iter().flatten() {
        if written == path {
            bail!("{} is the input; write the answer to another file", written.display());
        }
    }
    let today =
        Day::of(crate::house::now().to_zoned(jiff::tz::TimeZone::system()).date()).context("today is out of range")?;
    let as_of = match task.as_of {
        None => today,
        Some(date) => Day::of(date)
            .filter(|day| *day <= today)
            .with_context(|| format!("--as-of {date} is in the future, or before 1900"))?,
    };
    let system = System::named(&task.system)
        .with_context(|| format!("`{}` is no system of codes; there are {}", task.system, System::words()))?;
    let file = path.display().to_string();
    let source = File::open(path).with_context(|| format!("cannot open {file}"))?;
    let input = input::read(source, Manner { file: &file, system, as_of, today })?;
    let plan = Plan::of(&library, &[instrument], &input.events.codes, &input.events.units)?;
    let frame = plan.on(Asked { as_of, has_days: input.has_days });
    let set = plan.find(instrument).context("the instrument is in its own plan")?;
    let disputes = disputes(task, &plan, &input.ids)?;
    let recalibrations = match &task.recalibration {
        None => Vec::new(),
        Some(path) => vec![Recalibration::read(&path.display().to_string(), &read(path)?)?],
    };
    let mut scores = Vec::with_capacity(input.ids.len());
    for (number, person) in (0u32..).zip(&input.people.list) {
        scores.push(plan.explain(set, &input.events, person, number, &frame, &disputes, &recalibrations)?);
    }
    write_scores(output, &input.ids, &scores)?;
    if let Some(path) = &task.evidence {
        write_evidence(path, &input.ids, &scores)?;
    }
    tell(&input, &scores);
    Ok(())
}

/// What somebody should know before they trust the answer.
fn tell(input: &input::Input, scores: &[Explained]) {
    if !input.has_days {
        remark("the input has no dates: every code counts, however far back the instrument looks");
    }
    if input.later > 0 {
        remark(format!("{} rows are later than the day asked about and were not known on it", input.later));
    }
    let without = scores.iter().filter(|score| score.value.is_none()).count();
    if without > 0 {
        remark(format!(
            "{without} people have no score: something that it needs is missing, and the column `missing` says what"
        ));
    }
    let beyond = scores.iter().filter(|score| score.applies != Some(true)).count();
    if beyond > 0 {
        remark(format!("{beyond} people are not of the age that the instrument is for, or their age is not known"));
    }
}

fn list(library: &Library) -> anyhow::Result<()> {
    for set in library.sets() {
        let missing = library.missing(set).len();
        let standing = match missing {
            _ if set.logistic.is_some() => "only with a recalibration".to_owned(),
            0 => "ready".to_owned(),
            missing => format!("needs {missing} lists from the place"),
        };
        say(format!("{:<36} {:<9} {:<8} {:<28} {}", set.id, set.kind.word(), set.version, standing, set.title));
        if let Some(what) = &set.unverified {
            say(format!("{:<36} unverified: {what}", ""));
        }
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn disputes(task: &Score, plan: &Plan, ids: &[String]) -> anyhow::Result<Disputes> {
    let Some(path) = &task.disputes else { return Ok(Disputes::default()) };
    let numbers: HashMap<&str, u32> = ids.iter().map(String::as_str).zip(0u32..).collect();
    let disputes = dispute::from_csv(&path.display().to_string(), &read(path)?, |id| numbers.get(id).copied())?;
    Disputes::of_plan(plan, disputes).with_context(|| format!("{}", path.display()))
}

const COLUMNS: [&str; 13] = [
    "id",
    "score",
    "band",
    "instrument",
    "code_lists",
    "as_of",
    "look_back",
    "applies",
    "missing",
    "not_for",
    "unverified",
    "calibrated_on",
    "because",
];

fn write_scores(path: &Path, ids: &[String], scores: &[Explained]) -> anyhow::Result<()> {
    whole(path, |file| {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(COLUMNS)?;
        for (id, score) in ids.iter().zip(scores) {
            let applies = score.applies.map_or("age not known", |applies| if applies { "yes" } else { "no" });
            let because: Vec<String> = score.parts.iter().map(because).collect();
            writer.write_record([
                id,
                score.value.as_deref().unwrap_or_default(),
                score.band.as_deref().unwrap_or_default(),
                &score.instrument,
                &score.lists_hash,
                &score.as_of.to_string(),
                &score.look_back,
                applies,
                &score.missing.join("; "),
                &score.not_for.join("; "),
                score.unverified.as_deref().unwrap_or_default(),
                score.calibrated_on.as_deref().unwrap_or_default(),
                &because.join("; "),
            ])?;
        }
        writer.flush()?;
        Ok(())
    })
}

/// A part in one line: `Dementia (icd10 F00, 2024-03-01, line 12)`.
fn because(part: &population::instrument::Found) -> String {
    let entries: Vec<String> = part
        .evidence
        .iter()
        .map(|entry| {
            let day = entry.day.date().map_or(String::new(), |date| format!(" {date}"));
            format!("{}{day} line {}", entry.code, entry.record)
        })
        .collect();
    let standing = match (&part.disputed, part.counts) {
        (Some(why), _) => format!(" [disputed: {why}]"),
        (None, false) => " [does not count beside a worse one]".into(),
        (None, true) => String::new(),
    };
    format!("{} ({}){standing}", part.label, entries.join(", "))
}

fn write_evidence(path: &Path, ids: &[String], scores: &[Explained]) -> anyhow::Result<()> {
    whole(path, |file| {
        for (id, score) in ids.iter().zip(scores) {
            let parts: Vec<_> = score.parts.iter().map(|part| {
                let evidence: Vec<_> = part.evidence.iter().map(|entry| {
                    json!({ "code": entry.code, "date": entry.day.to_string(), "value": entry.value, "source": entry.source, "line": entry.record.to_string() })
                }).collect();
                json!({ "part": part.part, "label": part.label, "points": part.points.to_string(), "counts": part.counts, "disputed": part.disputed, "evidence": evidence })
            }).collect();
            let line = json!({
                "id": id, "instrument": score.instrument, "value": score.value, "band": score.band, "rules": score.rules_hash,
                "code_lists": score.lists_hash, "as_of": score.as_of.to_string(), "look_back": score.look_back, "applies": score.applies,
                "missing": score.missing, "not_for": score.not_for, "unverified": score.unverified, "calibrated_on": score.calibrated_on, "parts": parts,
            });
            writeln!(file, "{line}")?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
