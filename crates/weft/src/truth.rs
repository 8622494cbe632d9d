//! The truth of a demonstration's borough, kept beside its data in `truth/` and never fed to the record.

use std::fs::OpenOptions;
use std::io::BufWriter;
use std::path::Path;

use anyhow::Context;
use synthetic::Borough;
use synthetic::truth::Truth;

/// Opens the truth of a data folder to go on writing at its end.
pub(crate) fn append(data: &Path) -> anyhow::Result<Truth> {
    open(&data.join("truth"), true)
}

/// Begins a truth in a folder; what is there is overwritten.
pub(crate) fn begin(folder: &Path) -> anyhow::Result<Truth> {
    open(folder, false)
}

fn open(folder: &Path, append: bool) -> anyhow::Result<Truth> {
    let opened = || {
        std::fs::create_dir_all(folder)?;
        Truth::begin(|name| {
            let path = folder.join(name);
            let new = !append || !path.exists();
            let file = OpenOptions::new().create(true).append(append).write(true).truncate(!append).open(path)?;
            Ok((Box::new(BufWriter::new(file)), new))
        })
    };
    opened().with_context(|| format!("cannot write the truth into {}", folder.display()))
}

/// Writes what is true of the homes.
pub(crate) fn homes(truth: &mut Truth, borough: &Borough) -> anyhow::Result<()> {
    for home in borough.place().care_homes() {
        truth.home(&home.id, &home.practice, borough.alignment(&home.id), borough.settings())?;
    }
    Ok(())
}
