//! Import: how fast messages go in with every commit synced, whether that stays so as the data grows, and how it compares
//! with the floor of what SQLite itself can do with the same texts.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;

use crate::crowd::{self, Crowd};
use crate::figure::Figure;
use crate::floor;
use crate::program::Imported;
use crate::say::tell;
use crate::setting::Setting;

/// Resources of one person in an import.
const EACH: usize = 50;
/// How many messages share a sync in the floor: as many as an import of Weft has on their way.
const TOGETHER: usize = 128;

/// One size.
struct Run {
    resources: usize,
    rate: f64,
}

/// All sizes, then what only shows across them.
pub(crate) fn measure(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let mut runs = Vec::new();
    let mut sizes = vec![20_000, 100_000, 300_000];
    if setting.full {
        sizes.push(1_000_000);
    }
    for size in sizes {
        let people = size / EACH;
        let scratch = setting.scratch("import")?;
        let file = scratch.path().join(format!("people-{people}.ndjson"));
        tell(format!("writing {size} resources of {people} people"));
        let written = crowd::write(&file, Crowd::of(people, EACH)?)?;
        tell(format!("importing them ({} MB)", written.bytes / 1_000_000));
        let imported = setting.program.import(&scratch.path().join("data"), &[&file])?;
        let report = Report::read(&imported)?;
        anyhow::ensure!(
            report.resources == written.resources && report.people == written.people && report.applied == people,
            "{} people with {} resources went in, but Weft counts {report:?}",
            written.people,
            written.resources
        );
        let rate = written.resources as f64 / report.seconds;
        let command = format!("weft import --data DIR people-{people}.ndjson");
        let mut figure = Figure::new(format!("import of {size} resources"), rate, "resources a second", &command)
            .at_least(5_000.0)
            .with("seconds", report.seconds)
            .with("wall_seconds", seconds(imported.wall))
            .with("cpu_seconds", seconds(imported.cpu))
            .with("cpu_microseconds_a_resource", (imported.cpu.as_micros() as f64 / written.resources as f64).round())
            .with("peak_mb", report.peak_mb)
            .with("source_bytes", written.bytes)
            .with("data_bytes", folder_size(&scratch.path().join("data")));
        // Side by side with the floor while that is quick; what it says does not change with size.
        if size <= 100_000 {
            tell("the same texts into bare SQLite, a sync for each message");
            let single = floor::fill(&scratch.path().join("floor-1.db"), people, EACH, 1)?;
            tell(format!("and a sync for {TOGETHER} messages"));
            let grouped = floor::fill(&scratch.path().join("floor-128.db"), people, EACH, TOGETHER)?;
            let floor = size as f64 / grouped.as_secs_f64();
            figure = figure
                .with("floor_rate_sync_each_message", (size as f64 / single.as_secs_f64()).round())
                .with("floor_rate_sync_each_128_messages", floor.round());
            let name = format!("import of {size} against the floor of bare SQLite");
            figures.push(figure);
            figures.push(Figure::new(name, rate / floor, "of the floor's rate", "in-process rusqlite, same texts"));
        } else {
            figures.push(figure);
        }
        figures
            .push(Figure::new(format!("memory, import of {size}"), report.peak_mb as f64, "MB", command).under(300.0));
        runs.push(Run { resources: size, rate });
    }
    figures.extend(linearity(&runs));
    Ok(figures)
}

/// The rate at the largest size over that at the smallest: 1 is linear; less means that growth makes it slower.
fn linearity(runs: &[Run]) -> Option<Figure> {
    let (first, last) = (runs.first()?, runs.last()?);
    let name = format!("import, rate at {} over rate at {}", last.resources, first.resources);
    Some(Figure::new(name, last.rate / first.rate, "(1 is linear)", "from the rows above").at_least(0.8))
}

/// Real samples, where `WEFT_SHARED_DATA` says that they are.
pub(crate) fn measure_real(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        tell("WEFT_SHARED_DATA is not set, so the real samples are left out");
        return Ok(Vec::new());
    };
    let mut figures = Vec::new();
    for (name, part) in [
        ("16 Synthea records of 2019 (FHIR)", "clinical/synthea"),
        ("HL7 v2 test messages", "clinical/hl7v2"),
        ("Artificial HES, admissions", "clinical/artificial_hes_apc_0102_truncated.csv"),
        ("Artificial HES, emergency", "clinical/artificial_hes_ae_0708_truncated.csv"),
    ] {
        let path = Path::new(&shared).join(part);
        if !path.exists() {
            tell(format!("there is no {part} in WEFT_SHARED_DATA, so it is left out"));
            continue;
        }
        let scratch = setting.scratch("real")?;
        let imported = setting.program.import(&scratch.path().join("data"), &[&path])?;
        let report = Report::read(&imported)?;
        anyhow::ensure!(
            report.received == report.applied + report.duplicates + report.quarantined,
            "received is not applied + duplicates + quarantined: {report:?}"
        );
        let rate = report.resources as f64 / report.seconds.max(0.001);
        let file = part.rsplit('/').next().unwrap_or(part);
        let figure = Figure::new(
            format!("import of {name}"),
            rate,
            "resources a second",
            format!("weft import --data DIR {file}"),
        );
        figures.push(
            figure
                .with("resources", report.resources)
                .with("messages", report.received)
                .with("applied", report.applied)
                .with("duplicates", report.duplicates)
                .with("quarantined", report.quarantined)
                .with("seconds", report.seconds)
                .with("cpu_seconds", seconds(imported.cpu))
                .with("peak_mb", report.peak_mb),
        );
    }
    Ok(figures)
}

/// The last line of an import.
#[derive(Debug)]
struct Report {
    received: usize,
    applied: usize,
    duplicates: usize,
    quarantined: usize,
    people: usize,
    resources: usize,
    seconds: f64,
    peak_mb: u64,
}

impl Report {
    fn read(imported: &Imported) -> anyhow::Result<Self> {
        let report = &imported.report;
        let count = |name: &str| -> anyhow::Result<usize> {
            let value = report.get(name).and_then(serde_json::Value::as_u64);
            let value = value.with_context(|| format!("the report of the import has no {name}: {report}"))?;
            Ok(usize::try_from(value)?)
        };
        Ok(Self {
            received: count("received")?,
            applied: count("applied")?,
            duplicates: count("duplicates")?,
            quarantined: count("quarantined")?,
            people: count("people")?,
            resources: count("resources")?,
            seconds: report.get("seconds").and_then(serde_json::Value::as_f64).context("the report has no seconds")?,
            peak_mb: report.get("peak_mb").and_then(serde_json::Value::as_u64).unwrap_or_default(),
        })
    }
}

/// Seconds with three decimals.
pub(crate) fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000.0).round() / 1_000.0
}

fn folder_size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|about| about.len()).sum()
}
