//! The commands over a small invented population.

use clap::Parser;

use crate::arguments::{Arguments, Task};

fn population(line: &[&str]) -> anyhow::Result<()> {
    let arguments = Arguments::try_parse_from(line).expect("parses");
    let settings = crate::settings::Settings::gather(&arguments.common)?;
    let Task::Population(task) = arguments.task else { panic!("not of the population") };
    super::run(&settings, &task)
}

#[test]
fn a_population_is_built_and_its_rules_are_asked_of_everybody() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().display().to_string();
    let without = population(&["weft", "population", "run", "--data", &data]).expect_err("there is nothing yet");
    assert!(without.to_string().contains("weft population build"), "{without}");
    population(&["weft", "population", "build", "--data", &data, "--people", "300", "--events", "30000"])
        .expect("builds");
    population(&["weft", "population", "run", "--data", &data]).expect("runs");
    population(&["weft", "population", "run", "--data", &data, "--as-of", "2020-02-29", "--rule", "invented-12"])
        .expect("runs");
    assert!(
        population(&["weft", "population", "run", "--data", &data, "--rule", "efi"]).is_err(),
        "its lists are not here"
    );
    assert!(
        population(&["weft", "population", "run", "--data", &data, "--as-of", "2079-01-01"]).is_err(),
        "in the future"
    );
}
