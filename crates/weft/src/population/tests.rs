//! The commands over a small invented population, and over the samples' record.

use std::collections::BTreeMap;
use std::path::Path;

use access::{Role, Subject};
use clap::Parser;
use finding::{Held, Keeper, dispute};
use place::Place;
use place::rounding::Rounded;
use population::rule::Kind;

use crate::arguments::{Arguments, Task};
use crate::house::{House, now};

fn parsed(line: &[&str]) -> anyhow::Result<(crate::settings::Settings, super::Task)> {
    let arguments = Arguments::try_parse_from(line).expect("parses");
    let settings = crate::settings::Settings::gather(&arguments.common)?;
    let Task::Population(task) = arguments.task else { panic!("not of the population") };
    Ok((settings, task))
}

fn population(line: &[&str]) -> anyhow::Result<()> {
    let (settings, task) = parsed(line)?;
    super::run(&settings, &task)
}

/// What `run` says, or why it says nothing.
fn found(line: &[&str]) -> Result<BTreeMap<String, Rounded>, String> {
    let (settings, task) = parsed(line).expect("parses");
    let super::Task::Run(task) = task else { panic!("asks nothing") };
    let found = super::ask::ask(&settings, &task).map_err(|error| format!("{error:#}"))?;
    Ok(found.into_iter().collect())
}

/// Stockport with a register of its own.
fn place(folder: &Path) {
    let built_in = Place::built_in().expect("the built-in place");
    for name in built_in.names() {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, built_in.file(name).expect("a file")).expect("written");
    }
    let rule = "id = \"our-own\"\nversion = \"1\"\ntitle = \"Our own\"\nkind = \"register\"\nsource = \"us\"\nlicence = \"ours\"\n\
                when = { any = [{ sex = \"female\" }, { set = \"register-diabetes\" }] }\n";
    std::fs::create_dir_all(folder.join("finding")).expect("a folder");
    std::fs::write(folder.join("finding/our-own.toml"), rule).expect("written");
}

/// What the server's pages count, of the same record.
fn served(house: &House) -> BTreeMap<String, Rounded> {
    let keeper = Keeper::new(house.store.clone(), house.place.clone(), None);
    let day = super::day(None).expect("a day");
    let counts = move |held: &Held| {
        let standing = held.standing(day);
        let ground = held.ground(&standing, day);
        let whole = ground.overview(&[]).into_iter().filter(|line| line.term.band.is_none());
        let mut counts: BTreeMap<String, Rounded> = whole.map(|line| (line.term.set, line.count)).collect();
        for (set, answer) in held.plan.sets().zip(&standing.answers).filter(|(set, _)| set.kind == Kind::Segments) {
            counts.insert(set.id.clone(), ground.registered(&answer.members));
        }
        counts
    };
    keeper.look(counts).expect("is held").expect("is small")
}

#[test]
fn the_command_says_the_same_number_as_the_server_while_the_server_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, at) = (folder.path().join("data"), folder.path().join("place"));
    place(&at);
    let (data, at) = (data.display().to_string(), at.display().to_string());
    let build = ["weft", "population", "build", "--data", &data, "--place", &at];
    let run = ["weft", "population", "run", "--data", &data, "--place", &at];
    let (settings, _) = parsed(&run).expect("parses");
    // Open for as long as the test runs, as a server has it.
    let house = House::open(&settings).expect("opens");
    crate::import::samples(&house).expect("the samples come in");

    assert!(found(&run).expect_err("nothing is built").contains("weft population build"));
    population(&build).expect("builds");
    let first = found(&run).expect("runs");
    assert_eq!(first, served(&house));
    assert!(matches!(first["our-own"], Rounded::About(_)), "{first:?}");
    assert_eq!(first["register-dementia"], Rounded::Few);

    // A dispute stands at once: it is asked of the record, and the columns stay as they are.
    let keeper = Keeper::new(house.store.clone(), house.place.clone(), None);
    let day = super::day(None).expect("a day");
    let with_dementia = move |held: &Held| -> Vec<uuid::Uuid> {
        let standing = held.standing(day);
        let found = standing.find("register-dementia").expect("is asked");
        found.members.iter().filter(|number| held.lives(*number)).filter_map(|number| held.root(number)).collect()
    };
    for person in keeper.look(with_dementia).expect("is held").expect("is small") {
        let by = Subject {
            id: "nurse".to_owned(),
            name: "Ruth".to_owned(),
            role: Role::DistrictNurse,
            organisation: String::new(),
            own: None,
            teams: Vec::new(),
            assured: true,
        };
        let command = dispute::Command::Say {
            by,
            person,
            instrument: "register-dementia".to_owned(),
            part: "register".to_owned(),
            ground: "miscoded".to_owned(),
            reason: "It was delirium, not dementia".to_owned(),
        };
        house
            .store
            .write(move |write| {
                let id = write.new_id(now());
                write.begin::<dispute::Dispute>(id, command.clone(), None, "nurse", now())
            })
            .map(drop)
            .expect("is disputed");
    }
    let disputed = found(&run).expect("runs, and says that the log has gone on");
    assert_eq!(disputed["register-dementia"], Rounded::Nought);
    assert_eq!(disputed, served(&house));
    population(&build).expect("builds again");
    assert_eq!(found(&run).expect("runs"), disputed);
    let one = [&run[..], &["--rule", "register-dementia", "--slices", "register-dementia"]].concat();
    assert_eq!(found(&one).expect("runs").len(), 1);

    // Columns of another record, and invented ones beside a record, are told for what they are.
    let other = folder.path().join("other").display().to_string();
    let run_other = ["weft", "population", "run", "--data", &other, "--place", &at];
    std::fs::create_dir_all(super::folder(Path::new(&other))).expect("a folder");
    std::fs::rename(super::columns(Path::new(&data)), super::columns(Path::new(&other))).expect("moved");
    assert!(found(&run_other).expect_err("no database").contains("another database"));
    let elsewhere = House::open(&parsed(&run_other).expect("parses").0).expect("opens");
    assert!(found(&run_other).expect_err("an empty database").contains("another database"));
    drop(elsewhere);
    population(&["weft", "population", "build", "--data", &data, "--place", &at, "--people", "100"]).expect("invents");
    let invented = found(&run).expect("runs");
    assert!(invented.contains_key("invented-00") && !invented.contains_key("our-own"));
    population(&build).expect("builds");
    assert_eq!(found(&run).expect("runs"), disputed);
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
