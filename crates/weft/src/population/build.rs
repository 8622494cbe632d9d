//! Building the columns of a data folder: of its record, or invented. Both lie in the same place, and whoever asks them is told which
//! they are.

use anyhow::Context;
use population::invented::{self, Wanted};

use super::{Build, columns, day, folder, milliseconds, record, whole};
use crate::house::{House, now};
use crate::settings::Settings;
use crate::terminal::{self, grouped, remark, say};

/// How many people are invented where nobody says.
const PEOPLE: u32 = 300_000;

pub(super) fn build(settings: &Settings, task: &Build) -> anyhow::Result<()> {
    let asked =
        task.invented || task.people.is_some() || task.events.is_some() || task.seed.is_some() || task.today.is_some();
    match record(settings)? {
        Some(house) if !asked => of_record(settings, &house),
        Some(_) => {
            remark(format!(
                "{} holds a record; the invented columns take the place of its own until those are built again.",
                settings.data.display()
            ));
            invent(settings, task)
        }
        None => {
            if !asked {
                remark(format!("{} holds no record: people are invented.", settings.data.display()));
            }
            invent(settings, task)
        }
    }
}

/// From the record, which is only read; a server may run over it.
fn of_record(settings: &Settings, house: &House) -> anyhow::Result<()> {
    let place = columns(&settings.data);
    let people = house.store.read(|tx| record::views::person::count(tx))?;
    let bars = terminal::FeedBars::of(u64::try_from(people).ok(), &[]);
    let began = now();
    let built = finding::saved::build(&house.store, &house.place, &place, &mut |done| bars.people(done));
    bars.done();
    let built = built.with_context(|| format!("the columns were not built in {}", place.display()))?;
    let seconds = milliseconds(began) / 1e3;
    say(format!(
        "{} events of {} people in the record up to entry {} of its log, in {} ({seconds:.1} s; {} MB at most)",
        grouped(i64::try_from(built.events).unwrap_or(i64::MAX)),
        grouped(whole(built.people)),
        grouped(built.upto),
        place.display(),
        terminal::peak_megabytes()
    ));
    say("The folder is as secret as the database: nobody but its owner can read it.");
    Ok(())
}

fn invent(settings: &Settings, task: &Build) -> anyhow::Result<()> {
    let (place, _) = crate::house::place_and_feeds(settings)?;
    let neighbourhoods = place.neighbourhoods().iter().map(|neighbourhood| neighbourhood.name.clone()).collect();
    let people = task.people.unwrap_or(PEOPLE);
    let events = task.events.unwrap_or(u64::from(people) * 150);
    let wanted = Wanted { people, events, seed: task.seed.unwrap_or(1), today: day(task.today)?, neighbourhoods };
    let folder = folder(&settings.data);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let bars = terminal::FeedBars::of(Some(u64::from(people)), &[]);
    let began = now();
    let written = invented::build(&columns(&settings.data), &wanted, |done| {
        if done % 1_000 == 0 {
            bars.people(u64::from(done));
        }
    });
    bars.done();
    let written = written?;
    let rules = folder.join("rules");
    std::fs::create_dir_all(&rules).with_context(|| format!("cannot make {}", rules.display()))?;
    for (file, text) in invented::rules() {
        let path = rules.join(file);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    say(format!(
        "{} events of {} invented people in {} ({:.1} s); nobody in them is real",
        grouped(i64::try_from(written).unwrap_or(i64::MAX)),
        grouped(i64::from(people)),
        folder.display(),
        milliseconds(began) / 1e3
    ));
    Ok(())
}
