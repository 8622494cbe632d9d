//! `weft indicator`: which indicators there are and how far each has come, and figures to take in from a file. Rules are
//! `assurance`'s; here are only the file, the clock, and what is printed.

use anyhow::{Context, bail};
use assurance::demonstration;
use assurance::indicator::{Definition, Figures, FiguresRefusal, Report, of_csv, of_place};
use assurance::views::{gate, indicator as kept};
use store::write::Refused;

use crate::arguments::{IndicatorReport, IndicatorTask};
use crate::house::House;
use crate::settings::Settings;
use crate::terminal::say;

pub(crate) fn run(settings: &Settings, task: &IndicatorTask) -> anyhow::Result<()> {
    match task {
        IndicatorTask::List => list(settings),
        IndicatorTask::Report(task) => report(settings, task),
    }
}

fn list(settings: &Settings) -> anyhow::Result<()> {
    let house = House::open(settings)?;
    for definition in of_place(&house.place)? {
        let (id, edition) = (definition.id.clone(), definition.edition);
        let (figures, life) = house
            .store
            .read(|tx| Ok::<_, store::Error>((kept::figures(tx, &id, edition)?, kept::life(tx, &id, edition)?.0)))?;
        let months = figures.months(None, figures.revision());
        let until = match (months.keys().next(), months.keys().next_back()) {
            (Some(from), Some(until)) => format!("{from} to {until}"),
            _ => "no figures".to_owned(),
        };
        let national = if definition.national { ", the nation's" } else { "" };
        say(format!("{:36} edition {edition}, {}{national}; {until}", definition.id.to_string(), life.stage.words()));
    }
    Ok(())
}

fn report(settings: &Settings, task: &IndicatorReport) -> anyhow::Result<()> {
    let house = House::open(settings)?;
    let mut all = of_place(&house.place)?.into_iter();
    let Some(definition) = all.find(|one| *one.id == *task.indicator) else {
        bail!("there is no indicator \"{}\"; `weft indicator list` names them", task.indicator)
    };
    let text = std::fs::read_to_string(&task.input).with_context(|| format!("cannot read {}", task.input.display()))?;
    let figures = of_csv(&text).map_err(|why| anyhow::anyhow!("{}: {why}", task.input.display()))?;
    let many = figures.len();
    taken(
        &house,
        &definition,
        &task.by,
        Report { by: task.by.clone(), definition: definition.clone(), figures, reason: task.reason.clone() },
    )?;
    say(format!("{many} figures of \"{}\" are kept.", definition.title));
    Ok(())
}

fn taken(house: &House, definition: &Definition, by: &str, report: Report) -> anyhow::Result<Figures> {
    let (at, by) = (house.clock.now(), by.to_owned());
    let id = kept::figures_stream(&definition.id, definition.edition);
    Ok(house.store.write(move |write| -> Result<Figures, Refused<FiguresRefusal>> {
        write.execute::<Figures>(id, report.clone(), &by, at)
    })?)
}

/// Invents the demonstration's figures, decision and challenges, where there are none yet.
pub(crate) fn invent(house: &House) -> anyhow::Result<()> {
    if !house.store.read(|tx| gate::all(tx))?.is_empty() {
        return Ok(());
    }
    let definitions = of_place(&house.place)?;
    let names: Vec<String> = house.place.neighbourhoods().iter().map(|one| one.name.clone()).collect();
    let now = house.clock.now();
    Ok(house.store.write(move |write| demonstration::begin(write, &definitions, &names, now))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_taken_in_whole_or_refused_with_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let settings = crate::demo::tests::settings(folder.path());
        let input = folder.path().join("figures.csv");
        let ask = |text: &str, indicator: &str, reason: Option<&str>| {
            std::fs::write(&input, text).unwrap();
            let (indicator, reason) = (indicator.to_owned(), reason.map(str::to_owned));
            let task = IndicatorReport { indicator, input: input.clone(), reason, by: "R. Okafor".to_owned() };
            run(&settings, &IndicatorTask::Report(task)).map_err(|error| format!("{error:#}"))
        };
        let first = "month,numerator,denominator\n2024-01,90,100\n2024-02,91,100\n";
        ask(first, "four-hours", None).unwrap();
        assert!(ask(first, "five-hours", None).unwrap_err().contains("no indicator"));
        assert!(ask("month\n", "four-hours", None).unwrap_err().contains("figures.csv"));
        let changed = "month,numerator,denominator\n2024-02,95,100\n";
        assert!(ask(changed, "four-hours", None).unwrap_err().contains("Say why"));
        ask(changed, "four-hours", Some("late returns")).unwrap();
        let house = House::open(&settings).unwrap();
        let figures = house.store.read(|tx| kept::figures(tx, "four-hours", 1)).unwrap();
        assert_eq!((figures.revision(), figures.restated().len()), (2, 1));
        run(&settings, &IndicatorTask::List).unwrap();
    }
}
