//! The messages of a synthetic borough as files: what `weft import` takes in, and the truth beside it, which it must not.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use synthetic::message::{HOSPITAL, PRACTICE};
use synthetic::{Arrivals, Borough, Message};

use crate::arguments;
use crate::borough::london;
use crate::house::{now, place_and_feeds};
use crate::settings::Settings;
use crate::terminal::{FeedBars, grouped, say};
use crate::truth;

pub(crate) fn run(settings: &Settings, task: &arguments::Synthesise) -> anyhow::Result<()> {
    let started = now();
    let (place, _) = place_and_feeds(settings)?;
    let today = task.today.unwrap_or_else(|| started.to_zoned(london()).date());
    let made_from = synthetic::Settings::new(task.people, task.seed, today);
    let made_from = synthetic::Settings { world: task.world.into(), ..made_from };
    let borough = Borough::of(&place, made_from)?;
    if let Some(out) = &task.out {
        let messages = write(&borough, out)?;
        say(format!(
            "Wrote {} messages about {} people into {} in {:.1} s; the truth about them is in {}.",
            grouped(messages),
            grouped(task.people.into()),
            out.join("feeds").display(),
            now().duration_since(started).as_secs_f64(),
            out.join("truth").display()
        ));
    }
    if task.report {
        say(synthetic::report::calibration(&borough));
    }
    Ok(())
}

fn write(borough: &Borough, out: &Path) -> anyhow::Result<i64> {
    let mut files = Files { folder: out.join("feeds"), open: BTreeMap::new() };
    let mut truth = truth::begin(&out.join("truth"))?;
    truth::homes(&mut truth, borough)?;
    let arrivals = Arrivals::of(borough);
    let bars = FeedBars::of(Some(borough.settings().people.into()), &[]);
    let mut count = 0;
    for message in arrivals.practices() {
        files.write("gp/practices.ndjson", &message)?;
        count += 1;
    }
    for person in borough.people() {
        let delivery = arrivals.first(&person);
        truth.person(&person)?;
        truth.delivery(&delivery)?;
        for message in &delivery.messages {
            let name = match message.feed {
                PRACTICE => format!("gp/{}.ndjson", person.practice),
                HOSPITAL => "hospital.hl7".to_owned(),
                feed => format!("{feed}.csv"),
            };
            files.write(&name, message)?;
            count += 1;
        }
        bars.people(u64::from(person.number) + 1);
    }
    bars.done();
    truth.flush()?;
    files.flush()?;
    Ok(count)
}

/// The files of the feeds, each opened when its first message comes.
struct Files {
    folder: PathBuf,
    open: BTreeMap<String, BufWriter<File>>,
}

impl Files {
    fn write(&mut self, name: &str, message: &Message) -> anyhow::Result<()> {
        let new = !self.open.contains_key(name);
        if new {
            let path = self.folder.join(name);
            let opened = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| File::create(&path));
            let file = opened.with_context(|| format!("cannot write {}", path.display()))?;
            self.open.insert(name.to_owned(), BufWriter::with_capacity(64 * 1024, file));
        }
        let Some(file) = self.open.get_mut(name) else { return Ok(()) };
        let row = match message.bytes.iter().position(|byte| *byte == b'\n') {
            // A row carries its header; a file has it once.
            Some(end) if name.ends_with(".csv") && !new => message.bytes.get(end + 1..).unwrap_or_default(),
            _ => &message.bytes,
        };
        file.write_all(row)?;
        file.write_all(b"\n")?;
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.open.values_mut().try_for_each(Write::flush)?)
    }
}
