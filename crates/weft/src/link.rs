//! `weft link`: which rows of a file are one person. Reads CSV, writes CSV, and says in its last line, as JSON, what it did. Who is
//! one person is `identity`'s judgement; nothing here changes a record.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use identity::explanation::explain;
use identity::link::{Linkage, Options, Pair, link};
use identity::model::{Judgement, Ruling};
use identity::pattern::wording;
use identity::schema::Schema;
use identity::table::Table;
use serde::Serialize;

use crate::arguments;
use crate::house::now;
use crate::terminal::{self, grouped, remark};

/// What was done.
#[derive(Debug, Serialize)]
struct Report {
    rows: usize,
    set_aside: usize,
    people: usize,
    pairs_compared: u64,
    pairs_passed_over: u64,
    threshold: f32,
    for_review: usize,
    nhs_numbers_not_valid: u64,
    dates_not_usable: u64,
    seconds: f64,
    peak_mb: u64,
}

pub(crate) fn run(task: &arguments::Link) -> anyhow::Result<()> {
    terminal::say(last_line(&linked(task)?)?);
    Ok(())
}

fn last_line(report: &Report) -> anyhow::Result<String> {
    Ok(serde_json::to_string(report)?)
}

fn linked(task: &arguments::Link) -> anyhow::Result<Report> {
    let started = now();
    let options = options(task)?;
    let schema = match &task.columns {
        None => Schema::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Schema::read(&text).with_context(|| format!("{}", path.display()))?
        }
    };
    for output in [Some(&task.output), task.pairs.as_ref()].into_iter().flatten() {
        if task.inputs.contains(output) {
            bail!("{} is an input; write the answer to another file", output.display());
        }
    }
    let mut table = Table::new(schema, !task.no_nhs_number);
    let sizes = task.inputs.iter().map(|path| std::fs::metadata(path).map_or(0, |about| about.len()));
    let bar = terminal::bar(sizes.sum());
    for path in &task.inputs {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        table.read(bar.wrap_read(file)).with_context(|| format!("{}", path.display()))?;
    }
    let linkage = link(&mut table.roll, &options, &mut |stage| bar.set_message(stage));
    bar.set_message("writing");
    let people = write_links(&task.output, &table, &linkage)?;
    if let Some(path) = &task.pairs {
        write_pairs(path, &table, &linkage)?;
    }
    write_aside(&task.output, &table)?;
    bar.finish_and_clear();
    tell(task, &table, &linkage);
    Ok(Report {
        rows: table.roll.len(),
        set_aside: table.aside.len(),
        people,
        pairs_compared: linkage.compared,
        pairs_passed_over: linkage.blocking.capped.iter().map(|capped| capped.pairs).sum(),
        threshold: identity::model::probability(linkage.model.threshold),
        for_review: linkage.unsure.len(),
        nhs_numbers_not_valid: table.unused.nhs_numbers.count,
        dates_not_usable: table.unused.impossible_dates.count + table.unused.unreadable_dates.count,
        seconds: (now().duration_since(started).as_secs_f64() * 100.0).round() / 100.0,
        peak_mb: terminal::peak_megabytes(),
    })
}

fn options(task: &arguments::Link) -> anyhow::Result<Options> {
    if let Some(threshold) = task.threshold
        && !(threshold > 0.0 && threshold < 1.0)
    {
        bail!("--threshold is a probability between 0 and 1, such as 0.95; this is {threshold}");
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(16);
    Ok(Options { threshold: task.threshold, threads, ..Options::default() })
}

/// What somebody should know before they trust the answer, on standard error. No values of any person.
fn tell(task: &arguments::Link, table: &Table, linkage: &Linkage) {
    for row in table.aside.iter().take(5) {
        let column = row.column.as_ref().map_or_else(String::new, |column| format!(", column {column}"));
        remark(format!("line {}{column}: set aside: {}", row.line, row.why));
    }
    if !table.aside.is_empty() {
        let path = beside(&task.output, "set-aside.csv");
        remark(format!("{} rows were set aside; they are listed in {}", table.aside.len(), path.display()));
    }
    let unused = table.unused;
    let (number, birth) = (&table.roll.schema.nhs_number, &table.roll.schema.dob);
    for (found, column, what) in [
        (unused.nhs_numbers, number, "NHS numbers are not valid and were taken as not given"),
        (unused.impossible_dates, birth, "dates of birth are in no calendar; their digits were compared"),
        (unused.unreadable_dates, birth, "dates of birth could not be read and were taken as not given"),
    ] {
        if found.count > 0 {
            let grouped = grouped(i64::try_from(found.count).unwrap_or(i64::MAX));
            remark(format!("{grouped} {what} (the first: line {}, column {column})", found.first_line));
        }
    }
    for (rule, capped) in linkage.blocking.rules().iter().zip(&linkage.blocking.capped) {
        if capped.keys > 0 {
            remark(format!(
                "{} rows share one of {} values of {rule} and were not compared for that alone ({} pairs)",
                capped.rows, capped.keys, capped.pairs
            ));
        }
    }
}

/// A file that is there whole or not at all.
pub(crate) fn whole(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let partial = beside(path, "part");
    let attempt = || -> anyhow::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(&partial)?);
        write(&mut file)?;
        file.flush()?;
        std::fs::rename(&partial, path)?;
        Ok(())
    };
    attempt()
        .inspect_err(|_| drop(std::fs::remove_file(&partial)))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

/// Gives back how many people there are.
fn write_links(path: &Path, table: &Table, linkage: &Linkage) -> anyhow::Result<usize> {
    let mut people = 0;
    whole(path, |file| {
        writeln!(file, "unique_id,person_id")?;
        for (row, person) in (0u32..).zip(&linkage.people) {
            people += usize::from(row == *person);
            write_value(file, table.id(row))?;
            file.write_all(b",")?;
            write_value(file, table.id(*person))?;
            file.write_all(b"\n")?;
        }
        Ok(())
    })?;
    Ok(people)
}

/// A value of a CSV file, quoted where it has to be.
fn write_value(file: &mut impl Write, value: &str) -> std::io::Result<()> {
    if value.contains(['"', ',', '\n', '\r']) {
        write!(file, "\"{}\"", value.replace('"', "\"\""))
    } else {
        file.write_all(value.as_bytes())
    }
}

/// Each pair that was kept, with what every field said of it.
fn write_pairs(path: &Path, table: &Table, linkage: &Linkage) -> anyhow::Result<()> {
    let (roll, model) = (&table.roll, &linkage.model);
    whole(path, |file| {
        write!(file, "one,other,probability,odds,together,ruling,before,household")?;
        for field in 0..model.fields {
            let (name, _) = wording(roll, field, 0);
            write!(file, ",{name},{name} weight")?;
        }
        writeln!(file)?;
        for Pair { one, other, odds, pattern } in &linkage.pairs {
            let judgement = Judgement { pattern: *pattern, odds: *odds, ruling: Ruling::of(*pattern) };
            let rows = (&roll.rows()[*one as usize], &roll.rows()[*other as usize]);
            let explained = explain(model, roll, &linkage.rates, &judgement, rows.0, rows.1);
            write_value(file, table.id(*one))?;
            file.write_all(b",")?;
            write_value(file, table.id(*other))?;
            let together = linkage.people[*one as usize] == linkage.people[*other as usize];
            write!(file, ",{:.6},{:.3},{together},", explained.probability, explained.odds)?;
            write_value(file, explained.ruling.unwrap_or_default())?;
            write!(file, ",{:.3},{:.3}", explained.before, explained.household)?;
            for bar in &explained.bars {
                file.write_all(b",")?;
                write_value(file, bar.level)?;
                write!(file, ",{:.3}", bar.weight)?;
            }
            writeln!(file)?;
        }
        Ok(())
    })
}

/// Rows that were set aside, by line; none, and the file of an earlier run goes.
fn write_aside(output: &Path, table: &Table) -> anyhow::Result<()> {
    let path = beside(output, "set-aside.csv");
    if table.aside.is_empty() {
        return match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", path.display()))
            }
            _ => Ok(()),
        };
    }
    whole(&path, |file| {
        writeln!(file, "line,column,why")?;
        for row in &table.aside {
            write!(file, "{},", row.line)?;
            write_value(file, row.column.as_deref().unwrap_or_default())?;
            file.write_all(b",")?;
            write_value(file, &row.why.to_string())?;
            writeln!(file)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
