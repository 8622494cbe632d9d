//! The bed gate at the terminal: register a protocol, look at a month, prove the gate on invented worlds, and work out the evidence
//! in a file. Rules are `assurance`'s; here are only files, the clock, and what is printed.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use assurance::gate::book::Figure;
use assurance::gate::calibrate::calibrate;
use assurance::gate::capacity::Post;
use assurance::gate::decision::{Command, Decision, Refusal};
use assurance::gate::design::Design;
use assurance::gate::evidence::{Direction, Evidence};
use assurance::gate::grid::Grid;
use assurance::gate::month::Month;
use assurance::gate::placebo::{self, Placebo};
use assurance::gate::protocol::Protocol;
use assurance::gate::prove::{self, Battery, Proof};
use assurance::gate::refusal::Standing;
use assurance::gate::world::BATTERY;
use assurance::views::gate::stream;
use store::write::Refused;

use crate::arguments::{GateEvidence, GateLook, GateProve, GateRegister, GateTask};
use crate::house::{House, now};
use crate::settings::Settings;
use crate::terminal::say;

pub(crate) fn run(settings: &Settings, task: &GateTask) -> anyhow::Result<ExitCode> {
    match task {
        GateTask::Register(task) => register(settings, task)?,
        GateTask::Look(task) => look(settings, task)?,
        GateTask::Prove(task) => return prove(task),
        GateTask::Evidence(task) => evidence(task)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn text(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn register(settings: &Settings, task: &GateRegister) -> anyhow::Result<()> {
    let protocol: Protocol = serde_json::from_str(&text(&task.protocol)?)
        .with_context(|| format!("{} is no protocol (docs/manual/bed-gate.md shows one)", task.protocol.display()))?;
    let faults = protocol.faults();
    if !faults.is_empty() {
        let list: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        bail!("the protocol cannot be registered:{}", list.concat());
    }
    let calibration = calibrate(&protocol.evidence()?, protocol.plan, threads())?;
    let house = House::open(settings)?;
    let (at, id, by) = (house.clock.now(), stream(&protocol.title), task.by.clone());
    let (title, paths) = (protocol.title.clone(), protocol.plan.paths);
    let command = match &task.amend {
        Some(reason) => {
            let reason = reason.clone();
            Command::Amend { by: by.clone(), reason, protocol: Box::new(protocol), calibration }
        }
        None => Command::Register { by: by.clone(), protocol: Box::new(protocol), calibration },
    };
    let decision = execute(&house, id, command, &by, at)?;
    let frozen = decision.frozen().context("the protocol was not kept")?;
    say(format!("Registered \"{title}\" (clock {}): {id}", frozen.clock));
    say(format!("Frozen as {}", frozen.hash));
    say(format!(
        "The evidence must reach {:.3}, from {paths} simulated paths for each of {} matrices; the first month that counts is {}.",
        frozen.calibration.log_threshold.exp(),
        frozen.protocol.grid.memories().len(),
        frozen.protocol.start
    ));
    Ok(())
}

fn execute(house: &House, id: uuid::Uuid, command: Command, by: &str, at: jiff::Timestamp) -> anyhow::Result<Decision> {
    let by = by.to_owned();
    Ok(house.store.write(move |write| -> Result<Decision, Refused<Refusal>> {
        write.execute::<Decision>(id, command.clone(), &by, at)
    })?)
}

/// Everything that is handed in together is taken in together, or none of it, and the month is looked at.
fn look(settings: &Settings, task: &GateLook) -> anyhow::Result<()> {
    let by = task.by.clone();
    let mut commands = Vec::new();
    if let Some(file) = &task.figures {
        let figures: Vec<Figure> = rows(file, "series,month,count,complete")?;
        commands.push(Command::Report { by: by.clone(), figures, reason: task.reason.clone() });
    }
    if let Some(file) = &task.posts {
        let posts: Vec<Post> = rows(file, "person,role,employer,wte_hundredths,from,until,on_duty,from_hospital")?;
        // The people of the three months before, so that one list is enough for a first look.
        let months = if task.posts_for.is_empty() { vec![task.month] } else { task.posts_for.clone() };
        for month in months {
            commands.push(Command::CountCapacity { by: by.clone(), month, posts: posts.clone() });
        }
    }
    if let Some(file) = &task.balancing {
        for Balance { name, month, worst } in rows(file, "name,month,worst")? {
            commands.push(Command::ReportBalance { by: by.clone(), name, month, worst });
        }
    }
    commands.push(Command::Look { by: by.clone(), month: task.month });
    let house = House::open(settings)?;
    let (at, id) = (house.clock.now(), stream(&task.title));
    let decision = house.store.write(move |write| -> Result<Option<Decision>, Refused<Refusal>> {
        let mut last = None;
        for command in &commands {
            last = Some(write.execute::<Decision>(id, command.clone(), &by, at)?);
        }
        Ok(last)
    })?;
    let decision = decision.context("nothing was looked at")?;
    let (look, hash) = decision.looks().last().context("the look was not kept")?;
    say(format!("{} ({}, month {} since the start), kept as {hash}", task.title, look.month, look.number));
    for state in decision.states(at) {
        let mark = match state.standing {
            Standing::Met => "yes    ",
            Standing::Unmet => "no     ",
            Standing::NotYet => "not yet",
        };
        say(format!("\n{} {mark} {}\n   {}", state.gate, state.gate.question(), state.sentence));
        if let Some(change) = &state.would_change {
            say(format!("   What would change it: {change}"));
        }
    }
    say(format!("\nMay the beds go? {}", decision.answer(at).1));
    Ok(())
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Balance {
    name: String,
    month: Month,
    worst: f64,
}

fn rows<T: serde::de::DeserializeOwned>(file: &Path, columns: &str) -> anyhow::Result<Vec<T>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    let rows: Result<Vec<T>, _> = reader.deserialize().collect();
    rows.with_context(|| format!("{} is no table with the columns {columns}", file.display()))
}

fn prove(task: &GateProve) -> anyhow::Result<ExitCode> {
    let started = now();
    let threads = task.threads.unwrap_or_else(threads);
    let standard = Battery::standard();
    let mut battery = Battery { worlds: task.worlds, baseline: task.baseline, ..standard };
    battery.plan.paths = task.paths;
    battery.grid = grid(task.grid.as_deref(), Grid::robust(0.5))?;
    let proof = prove::prove(&battery, &BATTERY, threads)?;
    say(table(&battery, &proof));
    if let Some(file) = &task.areas {
        let areas = placebo::read(&text(file)?).map_err(|wrong| anyhow::anyhow!("{}: {wrong}", file.display()))?;
        let standard = Placebo::standard();
        let mut plan = standard.plan;
        plan.paths = task.paths;
        let report = placebo::placebo(&Placebo { plan, ..standard }, &areas, threads)?;
        say(real(&report));
    }
    say(format!("\n{:.1} s on {threads} threads.", now().duration_since(started).as_secs_f64()));
    let broken = proof.broken();
    if broken.is_empty() {
        say(format!("The promise holds: no scenario without an effect is above {:.1}%.", 100.0 * proof.most()));
        return Ok(ExitCode::SUCCESS);
    }
    for outcome in broken {
        say(format!(
            "BROKEN: \"{}\" shows an effect in {:.1}% of worlds that have none; the most is {:.1}%.",
            outcome.scenario,
            100.0 * outcome.evidence,
            100.0 * proof.most()
        ));
    }
    Ok(ExitCode::FAILURE)
}

fn table(battery: &Battery, proof: &Proof) -> String {
    let mut lines = vec![
        format!(
            "{} worlds a scenario; {} months of baseline, the last {} left out; looks in months {} to {}; {} matrices, {} paths each: \
             the evidence must reach {:.3}.",
            proof.worlds,
            battery.baseline,
            battery.wash_out,
            battery.plan.first,
            battery.plan.last,
            battery.grid.memories().len(),
            battery.plan.paths,
            proof.calibration.log_threshold.exp()
        ),
        "Per cent of worlds: in which the evidence alone was enough at any look; which passed evidence, latest months and three looks in a \
         row by month 14, 18, 24 (latest months 2.5 standard errors down; in brackets 2.0)."
            .to_owned(),
        String::new(),
        format!("{:<8} {:<40} {:>8}  {:>28}", "", "scenario", "evidence", "by month 14 / 18 / 24"),
    ];
    for outcome in &proof.outcomes {
        let kind = format!("{:?}", outcome.kind).to_lowercase();
        let cells: Vec<String> = outcome
            .passed
            .iter()
            .zip(&outcome.passed_gently)
            .map(|(strict, gentle)| format!("{:5.1} ({:5.1})", 100.0 * strict, 100.0 * gentle))
            .collect();
        lines.push(format!(
            "{kind:<8} {:<40} {:>8.1}  {}",
            outcome.scenario,
            100.0 * outcome.evidence,
            cells.join("  ")
        ));
    }
    lines.join("\n")
}

fn real(report: &placebo::Report) -> String {
    let many = report.areas.len();
    let share = |areas: &[&str]| {
        let names = if areas.is_empty() { String::new() } else { format!(" ({})", areas.join(", ")) };
        format!("{} of {many}, {:.1}%{names}", areas.len(), 100.0 * areas.len() as f64 / many.max(1) as f64)
    };
    format!(
        "\nReal areas where nothing was done, each beside the {} nearest in size; the evidence must reach {:.3}. {} areas were left out, \
         with a month missing or under {}.\nAt any look in months {} to {}: {}\nAt each of the last three: {}\nAt the last: {}",
        placebo::NEAREST,
        report.calibration.log_threshold.exp(),
        report.incomplete,
        placebo::LEAST_COUNT,
        report.calibration.plan.first,
        report.calibration.plan.last,
        share(&report.at_any_look()),
        share(&report.at_the_last_three()),
        share(&report.at_the_last())
    )
}

fn grid(named: Option<&str>, otherwise: Grid) -> anyhow::Result<Grid> {
    match named {
        None => Ok(otherwise),
        Some("robust") => Ok(Grid::robust(0.5)),
        Some("bounded") => Ok(Grid::bounded(0.5)),
        Some("plain") => Ok(Grid::plain()),
        Some("independent") => Ok(Grid::independent()),
        Some(file) => Grid::read(&text(Path::new(file))?).with_context(|| format!("{file} cannot be used")),
    }
}

fn evidence(task: &GateEvidence) -> anyhow::Result<()> {
    let figures = figures(&task.input)?;
    let Some(horizon) = figures.len().checked_sub(task.baseline).filter(|months| *months > 0) else {
        bail!("{} has {} months and none after a baseline of {}", task.input.display(), figures.len(), task.baseline);
    };
    let design = Design::new(task.baseline, task.wash_out, horizon, &[])?;
    let design = if task.trend { design.with_trend() } else { design };
    let figures: Vec<f64> = design.months().iter().map(|month| figures[*month]).collect();
    let evidence = Evidence::new(design, grid(task.grid.as_deref(), Grid::robust(0.5))?, Direction::Fall)?;
    say("look,log_e,step,standard_error");
    for finding in evidence.looks(&figures) {
        say(format!("{},{:.10},{:.10},{:.10}", finding.look, finding.log_e, finding.step, finding.standard_error));
    }
    Ok(())
}

/// The logarithm of the first column less the mean of the others' logarithms; a column `logdiff`, where there is one, is what it
/// says and is taken as it is.
fn figures(file: &Path) -> anyhow::Result<Vec<f64>> {
    let mut reader = csv::Reader::from_path(file).with_context(|| format!("cannot read {}", file.display()))?;
    let headers = reader.headers()?.clone();
    let ready = headers.iter().position(|header| header == "logdiff");
    let area = headers.iter().position(|header| header == "y");
    let comparators: Vec<usize> = headers
        .iter()
        .enumerate()
        .filter(|(_, header)| {
            header.strip_prefix('c').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        })
        .map(|(at, _)| at)
        .collect();
    if ready.is_none() && area.is_none() {
        bail!("{} needs a column y (counts), with c0, c1, … for the comparators, or a column logdiff", file.display());
    }
    let mut figures = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record?;
        let number = |column: usize| {
            record.get(column).and_then(|cell| cell.trim().parse::<f64>().ok()).filter(|value| value.is_finite())
        };
        let log = |column: usize| number(column).filter(|count| *count > 0.0).map(f64::ln);
        let own = || {
            let logs: Option<Vec<f64>> = comparators.iter().map(|column| log(*column)).collect();
            let mean = logs.map(|logs| logs.iter().sum::<f64>() / logs.len().max(1) as f64);
            Some(log(area?)? - mean?)
        };
        let figure = match ready {
            Some(column) => number(column),
            None => own(),
        };
        let wrong = || {
            format!(
                "{}, line {}: a count is missing, zero, below zero or no number; every month needs one above zero",
                file.display(),
                at + 2
            )
        };
        figures.push(figure.with_context(wrong)?);
    }
    Ok(figures)
}

#[cfg(test)]
mod tests;
