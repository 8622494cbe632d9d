//! The FHIR API side by side with a peer, `@medplum/fhir-router`'s in-memory repository, on the same bundles and by the same
//! client, run after run in turn: taking transactions in, reading, a page of a search, everything about somebody, memory.
//! The peer keeps no disk, no history, no index, no audit and no access rules, so it is measured to be near a floor, not as an equal.

mod bundles;
mod measure;
mod peer;

use std::time::Duration;

use anyhow::Context;

use crate::crowd::{self, Crowd};
use crate::figure::Figure;
use crate::import::seconds;
use crate::say::tell;
use crate::setting::Setting;
use bundles::Bundles;
use measure::{Measured, Target};
use peer::Peer;

/// How often each side is measured, in turn.
const RUNS: usize = 3;
/// Resources of each run beside the peer, which holds all of them in one process's memory.
const BESIDE: usize = 20_000;
/// Resources of the run of Weft alone.
const ALONE: usize = 100_000;

/// Everything that is asked of the API.
pub(crate) fn measure(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let bundles = Bundles::gather(setting)?;
    tell(format!(
        "{} bundles with {} resources, numbered anew as often as needed",
        bundles.count(),
        bundles.resources()
    ));
    let mut figures = Vec::new();
    let beside = setting.resources.unwrap_or(BESIDE).min(BESIDE);
    match Peer::install(&setting.root) {
        Ok(()) => {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            for run in 1..=RUNS {
                tell(format!("run {run} of {RUNS}: {beside} resources into Weft, then into the peer"));
                ours.push(weft(setting, &bundles, beside)?);
                theirs.push(peer(setting, &bundles, beside)?);
            }
            figures.extend(beside_each_other(&median(ours)?, &median(theirs)?));
        }
        Err(error) => tell(format!("the peer is left out: {error:#}")),
    }
    let alone = setting.resources.unwrap_or(if setting.full { 1_000_000 } else { ALONE });
    tell(format!("{alone} resources into Weft alone"));
    figures.extend(told(&weft(setting, &bundles, alone)?, alone));
    Ok(figures)
}

fn weft(setting: &Setting, bundles: &Bundles, resources: usize) -> anyhow::Result<Measured> {
    let scratch = setting.scratch("fhir")?;
    let data = scratch.path().join("data");
    // The demonstration's sign-in is only for data that were said to be invented before the first of them came.
    let first = scratch.path().join("first.ndjson");
    crowd::write(&first, Crowd::of(1, 1)?)?;
    setting.program.import(&data, &[&first])?;
    let server = setting.program.serve(&data)?;
    let target = Target { address: &server.address, persona: Some("gp"), everything: true };
    let mut measured = measure::all(&target, bundles, resources, setting.seconds, &|| server.cpu())?;
    measured.peak_megabytes = server.peak_megabytes();
    tell(format!("Weft: {}", measured.said()));
    Ok(measured)
}

fn peer(setting: &Setting, bundles: &Bundles, resources: usize) -> anyhow::Result<Measured> {
    let peer = Peer::start(&setting.root)?;
    let target = Target { address: &peer.address, persona: None, everything: false };
    let mut measured = measure::all(&target, bundles, resources, setting.seconds, &|| peer.cpu())?;
    measured.peak_megabytes = peer.peak_megabytes();
    tell(format!("the peer: {}", measured.said()));
    Ok(measured)
}

/// The run in the middle, by its rate of ingest.
fn median(mut runs: Vec<Measured>) -> anyhow::Result<Measured> {
    runs.sort_by(|a, b| a.rate().total_cmp(&b.rate()));
    let middle = runs.len() / 2;
    runs.into_iter().nth(middle).context("nothing was measured")
}

/// Both, and how many times the peer's figure ours is.
fn beside_each_other(ours: &Measured, theirs: &Measured) -> Vec<Figure> {
    let pair = |name: &str, mine: f64, other: f64, unit: &'static str| {
        let command = "weft serve and bench/fhir/peer.mjs, in turn; median of three runs";
        let name = format!("{name}: Weft beside the peer's {other:.2}");
        Figure::new(name, mine, unit, command).with("peer", other).with("ratio", mine / other.max(1e-9))
    };
    let cpu = |measured: &Measured| seconds(measured.ingest_cpu);
    vec![
        pair("transactions", ours.rate(), theirs.rate(), "resources a second")
            .with("cpu_seconds", cpu(ours))
            .with("peer_cpu_seconds", cpu(theirs)),
        pair("read, p50 on one connection", ours.read.within(0.5), theirs.read.within(0.5), "ms"),
        pair("reads on sixteen connections", ours.reads_a_second, theirs.reads_a_second, "a second"),
        pair("search page of 20, p50", ours.search.within(0.5), theirs.search.within(0.5), "ms")
            .with("p99_ms", ours.search.within(0.99))
            .with("peer_p99_ms", theirs.search.within(0.99)),
        pair("memory", ours.peak_megabytes as f64, theirs.peak_megabytes as f64, "MB"),
    ]
}

/// Weft alone, against what it must reach.
fn told(measured: &Measured, resources: usize) -> Vec<Figure> {
    let command = format!("weft serve; transactions over HTTP, {resources} resources");
    let figure = |name: &str, value: f64, unit: &'static str| {
        Figure::new(format!("FHIR API, {name}"), value, unit, command.clone())
    };
    let mut figures = vec![
        figure("transactions, four connections", measured.rate(), "resources a second")
            .at_least(5_000.0)
            .with("seconds", seconds(measured.ingest))
            .with("cpu_seconds", seconds(measured.ingest_cpu)),
        figure("read within a sitting, one connection, p50", measured.read.within(0.5), "ms")
            .under(0.2)
            .with("p99_ms", measured.read.within(0.99)),
        figure("first read of somebody (its look is synced), one connection, p50", measured.first.within(0.5), "ms")
            .with("p99_ms", measured.first.within(0.99))
            .with("reads", measured.first.count()),
        figure("reads within a sitting, sixteen connections", measured.reads_a_second, "a second")
            .at_least(15_000.0)
            .with("cpu_seconds", seconds(measured.reads_cpu)),
        figure("search page of 20, p50", measured.search.within(0.5), "ms").under(1.0),
        figure("search page of 20, p99", measured.search.within(0.99), "ms").under(5.0),
        figure("memory", measured.peak_megabytes as f64, "MB").under(300.0),
    ];
    if let Some((bytes, times)) = &measured.everything {
        let name = format!("everything about one person, {} kB, p50", bytes / 1_000);
        figures.push(figure(&name, times.within(0.5), "ms").under(8.0).with("p99_ms", times.within(0.99)));
    }
    figures
}

/// A time that cannot be nought, to divide by.
fn whole(time: Duration) -> f64 {
    time.as_secs_f64().max(1e-6)
}
