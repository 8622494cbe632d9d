//! Weft on the command line: reads the clock and the operating system's randomness, wires the crates together, and prints.
//! Rules live below; nothing here decides anything about care.

mod arguments;
mod beside;
mod borough;
mod clock;
mod codes;
mod demo;
mod door;
mod evaluate;
mod exchange;
mod feeds;
mod gate;
mod heads;
mod house;
mod import;
mod indicator;
mod intake;
mod keep;
mod key;
mod learn;
mod lines;
mod link;
mod measure;
mod mllp;
mod person;
mod population;
mod postcodes;
mod samples;
mod score;
mod serve;
mod settings;
mod synthesise;
mod terminal;
mod tide;
mod tls;
mod truth;
mod wire;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Task};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    terminal::start_logging(arguments.log.as_deref());
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            terminal::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = settings::Settings::gather(&arguments.common)?;
    match arguments.task {
        Task::Demo(task) => demo::run(&settings, &task)?,
        Task::Synthesise(task) => synthesise::run(&settings, &task)?,
        Task::Serve(task) => serve::run(&settings, &task)?,
        Task::Import(task) => return import::run(&settings, &task),
        Task::Feeds => feeds::run(&settings)?,
        Task::Person(task) => person::run(&settings, &task)?,
        Task::Verify(task) => return keep::verify(&settings, &task),
        Task::Backup(task) => keep::backup(&settings, &task.file)?,
        Task::Restore(task) => return keep::restore(&settings, &task.file),
        Task::Replay => keep::replay(&settings)?,
        Task::Measure(task) => measure::run(&task)?,
        Task::Gate(task) => return gate::run(&settings, &task),
        Task::Indicator(task) => indicator::run(&settings, &task)?,
        Task::Learn => learn::run(&settings)?,
        Task::Link(task) => link::run(&task)?,
        Task::Evaluate(task) => evaluate::run(&task)?,
        Task::Score(task) => score::run(&task)?,
        Task::Place(task) => postcodes::run(&settings, &task)?,
        Task::Codes(task) => codes::run(&task)?,
        Task::Population(task) => population::run(&settings, &task)?,
    }
    Ok(ExitCode::SUCCESS)
}
