//! What is to be measured and with what: the words of the command line, understood. Must not measure.

use std::path::PathBuf;

use anyhow::Context;

use crate::program::Program;
use crate::scratch::Scratch;

/// What can be asked for.
pub(crate) const PARTS: [&str; 8] = ["import", "real", "page", "start", "fhir", "access", "care", "build"];

/// How to ask.
pub(crate) const USAGE: &str = "\
Measures Weft against what it must reach.

    cargo run --release -p weft-bench -- [PART].. [OPTION]..

Parts (all, if none is named):
    import    resources a second with synced commits, at growing sizes, beside the floor of bare SQLite
    real      the same for real samples, where WEFT_SHARED_DATA says they are
    page      the record page with 50 readers at once
    start     from starting the program to its first answer
    fhir      the FHIR API: transactions, reads, searches, $everything; beside a peer where npm can install it
    access    decisions: by Cedar, remembered, and as a condition on 10,000 entries
    care      commands to asks by fifty people at once, and every view made again from a million events
    build     a debug rebuild after a page edit; with --cold, a release build from nothing

Options:
    --full        import up to 1,000,000 resources; records of 50 resources for page and start
    --cold        build the release from nothing, too (many minutes)
    --save        append the figures to bench/results/DAY.jsonl
    --people N    how many people page and start have (20000)
    --resources N how many resources fhir takes in (100000; with --full 1000000)
    --seconds N   how long the readers read, in each of the two ways, and how long asks are worked (15)

WEFT_BIN says which binary is measured (else target/release/weft), WEFT_BENCH_DIR where the data goes meanwhile.";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) parts: Vec<String>,
    pub(crate) full: bool,
    pub(crate) cold: bool,
    pub(crate) save: bool,
    pub(crate) people: usize,
    pub(crate) resources: Option<usize>,
    pub(crate) seconds: u64,
    pub(crate) program: Program,
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl Setting {
    /// Understands the words; `None` where only the usage was asked for.
    pub(crate) fn read(words: impl Iterator<Item = String>) -> anyhow::Result<Option<Self>> {
        let root = root()?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let (mut parts, mut full, mut cold, mut save) = (Vec::new(), false, false, false);
        let (mut people, mut seconds, mut resources) = (20_000, 15, None);
        let mut words = words;
        while let Some(word) = words.next() {
            let mut number = || -> anyhow::Result<usize> {
                let value = words.next().with_context(|| format!("{word} needs a number after it"))?;
                let number = value.parse().with_context(|| format!("{word} {value}: that is no number"))?;
                anyhow::ensure!(number > 0, "{word} must be at least 1");
                Ok(number)
            };
            match word.as_str() {
                "--help" | "-h" => return Ok(None),
                "--full" => full = true,
                "--cold" => cold = true,
                "--save" => save = true,
                "--people" => people = number()?,
                "--resources" => resources = Some(number()?),
                "--seconds" => seconds = u64::try_from(number()?)?,
                part if PARTS.contains(&part) => parts.push(part.to_owned()),
                other => anyhow::bail!("there is no {other} to measure\n\n{USAGE}"),
            }
        }
        if parts.is_empty() {
            parts = PARTS.map(str::to_owned).to_vec();
        }
        let program = Program::find(&target)?;
        Ok(Some(Self { parts, full, cold, save, people, resources, seconds, program, root, target }))
    }

    /// A folder for one measurement.
    pub(crate) fn scratch(&self, name: &str) -> anyhow::Result<Scratch> {
        Scratch::new(name)
    }

    /// Resources of each person where their number is not what is measured.
    pub(crate) fn resources_each(&self) -> usize {
        if self.full { 50 } else { 25 }
    }
}

/// The repository: the nearest folder above this one that has these benchmarks in it.
fn root() -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir()?;
    let found = here.ancestors().find(|folder| folder.join("bench/Cargo.toml").is_file());
    found.map(PathBuf::from).context("run this inside the repository")
}
