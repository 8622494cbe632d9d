//! The benchmarks: measures the `weft` binary against the figures it must reach and prints them as one table, with the
//! machine, the load on it and the command beside each. It runs the binary as anybody would and knows none of its crates
//! but `place`, whose NHS numbers and practices the invented people carry; `access`, whose decisions are too short to be
//! measured from outside; and, for asks, `care` with the `store` and the views of the `record` beneath it.

mod access;
mod borough;
mod build;
mod care;
mod crowd;
mod fhir;
mod figure;
mod floor;
mod http;
mod import;
mod latency;
mod machine;
mod page;
mod pause;
mod program;
mod random;
mod say;
mod scratch;
mod setting;
mod start;

use std::process::ExitCode;

use borough::Borough;
use machine::Machine;
use say::{say, tell};
use setting::{Setting, USAGE};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Measures what was asked for. A goal that is missed is a result, not a failure: a busy machine misses some.
fn run() -> anyhow::Result<()> {
    let Some(setting) = Setting::read(std::env::args().skip(1))? else {
        say(USAGE);
        return Ok(());
    };
    let mut machine = Machine::now(&setting.root, &scratch::home());
    tell(format!("measuring {}", setting.program.path().display()));
    if machine.disk_is_memory() {
        tell("the data goes to memory, not to a disk: a synced commit costs nothing there. Set WEFT_BENCH_DIR");
    }
    let asked = |part: &str| setting.parts.iter().any(|asked| asked == part);
    let mut figures = Vec::new();
    if asked("import") {
        figures.extend(import::measure(&setting)?);
    }
    if asked("real") {
        figures.extend(import::measure_real(&setting)?);
    }
    if asked("page") || asked("start") {
        let borough = Borough::make(&setting)?;
        if asked("start") {
            figures.extend(start::measure(&setting, &borough)?);
        }
        if asked("page") {
            figures.extend(page::measure(&setting, &borough)?);
        }
    }
    if asked("fhir") {
        figures.extend(fhir::measure(&setting)?);
    }
    if asked("access") {
        figures.extend(access::measure()?);
    }
    if asked("care") {
        figures.extend(care::measure(&setting)?);
    }
    if asked("build") {
        figures.extend(build::measure(&setting)?);
    }
    machine.done();
    figure::print(&machine, &figures);
    if setting.save {
        let file = setting.root.join("bench/results").join(format!("{}.jsonl", machine.day()));
        figure::save(&file, &machine, &figures)?;
        tell(format!("{} figures added to bench/results/{}.jsonl", figures.len(), machine.day()));
    }
    Ok(())
}
