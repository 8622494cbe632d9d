//! What the demonstration in a data folder was made from, and how far its time has come: `borough.toml` in the folder. While
//! nothing runs the borough's clock stands still; it goes on at the next start, at the real time of day.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use synthetic::World;

use crate::arguments;
use crate::terminal::grouped;

/// The file's name.
const FILE: &str = "borough.toml";
/// How many people a demonstration has unless it is told otherwise.
pub(crate) const PEOPLE: u32 = 20_000;

/// What is kept of a borough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub(crate) people: u32,
    pub(crate) seed: u64,
    pub(crate) world: arguments::World,
    /// The day on which its feeds were first connected.
    pub(crate) first_day: Date,
    /// How many of its people have been told of.
    pub(crate) told: u32,
    /// The borough's clock: every message that arrives by then has been fed.
    pub(crate) reached: Timestamp,
}

impl Kept {
    /// What was kept in a folder, if it holds a borough.
    pub(crate) fn read(data: &Path) -> anyhow::Result<Option<Self>> {
        let file = file(data);
        if !file.is_file() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let kept = toml::from_str(&text).with_context(|| format!("{} cannot be used", file.display()))?;
        Ok(Some(kept))
    }

    /// Keeps it: the old file stays whole until the new one is.
    pub(crate) fn save(&self, data: &Path) -> anyhow::Result<()> {
        let (file, beside) = (file(data), data.join("borough.toml.new"));
        let words = "# What the demonstration in this folder was made from. Weft keeps this file; delete the folder to begin again.\n";
        let text = format!("{words}{}", toml::to_string(self)?);
        std::fs::write(&beside, text)
            .and_then(|()| std::fs::rename(&beside, &file))
            .with_context(|| format!("cannot keep {}", file.display()))
    }

    /// A borough that is about to be made.
    pub(crate) fn begun(task: &arguments::Demo, real: Timestamp) -> Self {
        let first_day = task.today.unwrap_or_else(|| real.to_zoned(london()).date());
        Self {
            people: task.people.unwrap_or(PEOPLE),
            seed: task.seed.unwrap_or(1),
            world: task.world.unwrap_or_default(),
            first_day,
            told: 0,
            reached: midnight(first_day),
        }
    }

    /// Back to the morning of the first day, with nobody told of.
    pub(crate) fn begin_again(&mut self) {
        (self.told, self.reached) = (0, midnight(self.first_day));
    }

    /// Refuses to take one borough for another.
    pub(crate) fn agrees(&self, task: &arguments::Demo, data: &Path) -> anyhow::Result<()> {
        let other = task.people.is_some_and(|people| people != self.people)
            || task.seed.is_some_and(|seed| seed != self.seed)
            || task.world.is_some_and(|world| world != self.world);
        if other {
            bail!(
                "{} holds a borough of {} people (seed {}, world {}), which is not the one that was asked for. Leave \
                 --people, --seed and --world away to use it; give another folder with --data; or delete this one to begin again",
                data.display(),
                grouped(self.people.into()),
                self.seed,
                self.world
            );
        }
        let reached = self.reached.to_zoned(london()).date();
        if let Some(today) = task.today.filter(|today| *today < reached) {
            bail!(
                "the borough in {} has come to {reached}, and its time does not go back to {today}; give another folder with --data",
                data.display()
            );
        }
        Ok(())
    }

    /// What the generator makes it from.
    pub(crate) fn settings(&self) -> synthetic::Settings {
        let settings = synthetic::Settings::new(self.people, self.seed, self.first_day);
        synthetic::Settings { world: self.world.into(), ..settings }
    }

    /// What the borough's clock shows when it goes on: the first moment, not before the one it reached, that has the real
    /// time of day.
    pub(crate) fn resumes(&self, real: Timestamp) -> Timestamp {
        let time = real.to_zoned(london()).time();
        let reached = self.reached.to_zoned(london()).date();
        let on = |day: Date| day.to_datetime(time).to_zoned(london()).map(|zoned| zoned.timestamp());
        let today = on(reached).ok().filter(|at| *at >= self.reached);
        let tomorrow = || reached.tomorrow().and_then(on).ok();
        today.or_else(tomorrow).unwrap_or(self.reached)
    }
}

impl From<arguments::World> for World {
    fn from(world: arguments::World) -> Self {
        match world {
            arguments::World::Effect => Self::Effect,
            arguments::World::Null => Self::Null,
            arguments::World::Harm => Self::Harm,
        }
    }
}

/// The beginning of a day in the borough.
pub(crate) fn midnight(day: Date) -> Timestamp {
    day.to_zoned(london()).map(|zoned| zoned.timestamp()).unwrap_or_default()
}

/// The same time of day, some days later.
pub(crate) fn later(at: Timestamp, days: i64) -> Timestamp {
    at.to_zoned(london()).checked_add(Span::new().days(days)).map_or(at, |zoned| zoned.timestamp())
}

/// The borough's zone.
pub(crate) fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

fn file(data: &Path) -> PathBuf {
    data.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn kept() -> Kept {
        let task = arguments::Demo { today: Some(date(2026, 11, 1)), ..arguments::Demo::default() };
        Kept { reached: "2026-11-01T15:00:00Z".parse().unwrap(), ..Kept::begun(&task, Timestamp::UNIX_EPOCH) }
    }

    #[test]
    fn what_was_kept_is_read_again() {
        let folder = std::env::temp_dir().join(format!("weft-borough-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(Kept::read(&folder).unwrap(), None);
        kept().save(&folder).unwrap();
        assert_eq!(Kept::read(&folder).unwrap(), Some(kept()));
        std::fs::write(folder.join(FILE), "peple = 3\n").unwrap();
        assert!(Kept::read(&folder).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_clock_goes_on_at_the_real_time_of_day_and_never_back() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(kept().resumes(at("2027-02-03T16:30:00Z")), at("2026-11-01T16:30:00Z"));
        assert_eq!(kept().resumes(at("2027-02-03T09:00:00Z")), at("2026-11-02T09:00:00Z"));
        assert_eq!(later(at("2026-10-24T12:00:00Z"), 1), at("2026-10-25T13:00:00Z"), "the clocks go back that night");
    }

    #[test]
    fn another_borough_is_refused_with_what_to_do() {
        let asked = |task: arguments::Demo| kept().agrees(&task, Path::new("data")).map_err(|error| error.to_string());
        assert_eq!(asked(arguments::Demo::default()), Ok(()));
        assert_eq!(asked(arguments::Demo { people: Some(20_000), ..Default::default() }), Ok(()));
        let refusal = asked(arguments::Demo { people: Some(300), ..Default::default() }).unwrap_err();
        assert!(refusal.contains("20,000 people") && refusal.contains("--data"), "{refusal}");
        assert!(asked(arguments::Demo { seed: Some(2), ..Default::default() }).is_err());
        assert!(asked(arguments::Demo { today: Some(date(2026, 10, 1)), ..Default::default() }).is_err());
        assert!(asked(arguments::Demo { today: Some(date(2026, 12, 1)), ..Default::default() }).is_ok());
    }
}
