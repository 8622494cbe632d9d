//! `weft codes`: lists of codes for rules, out of the release of SNOMED CT that a place holds a licence for. Reads the release where
//! it lies, writes one file of lists, and keeps nothing of it.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use population::release::{Made, Release, Table, Wanted};

use crate::link::whole;
use crate::terminal::{grouped, remark, say};

#[derive(Debug, Args)]
pub(crate) struct Codes {
    /// Which lists are wanted (TOML: each [[list]] with its name and refsets, codes, beneath, without, without_beneath)
    #[arg(value_name = "WANTED.toml")]
    pub(crate) wanted: PathBuf,
    /// A folder of a release in Release Format 2, unpacked; may be repeated (clinical, drugs, primary care reference sets)
    #[arg(long, value_name = "DIR", required = true)]
    pub(crate) release: Vec<PathBuf>,
    /// File of lists to write, for the `finding` folder of a place or for --rules
    #[arg(long, value_name = "LISTS.csv")]
    pub(crate) output: PathBuf,
}

pub(crate) fn run(task: &Codes) -> anyhow::Result<()> {
    let name = task.wanted.display().to_string();
    let text = std::fs::read_to_string(&task.wanted).with_context(|| format!("cannot read {name}"))?;
    let wanted = Wanted::read(&name, &text)?;
    let mut release = Release::default();
    for folder in &task.release {
        let mut tables = Vec::new();
        tables_of(folder, &mut tables)?;
        if tables.is_empty() {
            bail!(
                "{} has no snapshot table (a .txt file with Snapshot in its name); unpack the release and name its folder",
                folder.display()
            );
        }
        tables.sort();
        for path in tables {
            let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
            let (table, rows) = release.take(&path.display().to_string(), BufReader::with_capacity(1 << 20, file))?;
            let what = match table {
                Table::Concepts => "concepts",
                Table::Relationships => "relationships",
                Table::Members => "members of reference sets",
                Table::Other => continue,
            };
            remark(format!("{}: {} {what}", path.display(), grouped(i64::try_from(rows).unwrap_or(i64::MAX))));
        }
    }
    if release.is_empty() {
        bail!("no folder has a table of members of reference sets or of relationships with an active row");
    }
    let lists = release.lists(&wanted)?;
    write(&task.output, &lists)?;
    for list in &lists {
        say(format!("{:<40} {:>8} codes", list.name, grouped(i64::try_from(list.codes.len()).unwrap_or(i64::MAX))));
    }
    Ok(())
}

/// Every snapshot table in a folder and the folders in it.
fn tables_of(folder: &Path, tables: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read the folder {}", folder.display()))?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        // A link could lead round in a circle.
        if entry.file_type().with_context(|| format!("cannot look at {}", path.display()))?.is_dir() {
            tables_of(&path, tables)?;
        } else if name.contains("Snapshot") && path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("txt")) {
            tables.push(path);
        }
    }
    Ok(())
}

fn write(path: &Path, lists: &[Made]) -> anyhow::Result<()> {
    whole(path, |file| {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(["list", "system", "code", "from"])?;
        for list in lists {
            for (code, from) in &list.codes {
                writer.write_record([list.name.as_str(), "snomed", &code.to_string(), from])?;
            }
        }
        writer.flush()?;
        Ok(())
    })
}

#[cfg(test)]
mod tests;
