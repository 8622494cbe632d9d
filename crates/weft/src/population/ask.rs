//! Asking the columns of a data folder: every rule of everybody, as the server asks it. Of a record's columns the rules, the disputes
//! that stand and who may be counted are the record's and the place's; of invented ones they are the invented.

use std::path::Path;

use anyhow::{Context, bail};
use finding::{NotUsed, Saved};
use place::rounding::Rounded;
use population::bits::Bits;
use population::columns::Events;
use population::day::Day;
use population::dispute::Disputes;
use population::equity::Told;
use population::everyone::Standing;
use population::explore::{Ground, How, Question, Term};
use population::library::{Among, Expected, Library};
use population::one::Scratch;
use population::people::People;
use population::plan::{Asked, Plan};
use population::rule::Kind;

use super::{Run, columns, day, folder, milliseconds, record, told, whole};
use crate::house::now;
use crate::settings::Settings;
use crate::terminal::{self, grouped, remark, say};

/// A register or a segmentation, and how many of those who are registered here and may be counted it finds.
pub(super) type Found = Vec<(String, Rounded)>;

pub(super) fn ask(settings: &Settings, task: &Run) -> anyhow::Result<Found> {
    let place = columns(&settings.data);
    let build = format!("weft population build --data {}", settings.data.display());
    if !place.is_dir() {
        bail!("{} has no columns; build them with: {build}", folder(&settings.data).display());
    }
    let as_of = day(task.as_of)?;
    let threads = finding::threads();
    let began = now();
    let unusable = || format!("the columns in {} cannot be used; build them again with: {build}", place.display());
    let saved = told("columns read from the disk", || Saved::load(&place, threads).with_context(unusable))?;
    let house = record(settings)?;
    if !saved.is_of_a_record() {
        if house.is_some() {
            remark(format!(
                "These people are invented, and are not those of the record in {}; for those: {build}",
                settings.data.display()
            ));
        }
        return invented(saved, &folder(&settings.data), task, as_of);
    }
    let Some(house) = house else { return Err(NotUsed::OtherRecord(1)).with_context(unusable) };
    let behind = saved.behind(&house.store, &house.place).with_context(unusable)?;
    if behind > 0 {
        remark(format!(
            "The record's log has {} entries that came after these columns; what they say is not counted. For that: {build}",
            grouped(behind)
        ));
    }
    let held = told("rules made ready, their events gathered", || {
        Ok(saved.held(&house.store, &house.place, &task.rule, threads)?)
    })?;
    told_of_lists(&held.library, held.plan.sets().count(), task, "in the place's folder `finding`");
    say(format!("{:<44} {:>10.1} ms", "from the disk to ready", milliseconds(began)));
    let standing = told("everything asked of everybody", || Ok(held.standing(as_of)))?;
    let ground = told("everybody put into six slices", || Ok(held.ground(&standing, as_of)))?;
    let (people, events, plan) = (&held.people, &held.events, &held.plan);
    answer(&Asking { people, events, plan, standing: &standing, ground, gathered: held.gathered() }, task, as_of)
}

/// Rule sets whose lists are not here.
fn told_of_lists(library: &Library, asked: usize, task: &Run, place: &str) {
    let left = library.sets().count().saturating_sub(asked);
    if task.rule.is_empty() && left > 0 {
        remark(format!("{left} rule sets need lists that are not {place} and are not asked"));
    }
}

/// Invented people, by the rules that come with Weft and those beside the columns.
fn invented(saved: Saved, folder: &Path, task: &Run, as_of: Day) -> anyhow::Result<Found> {
    let began = now();
    let (people, events) = saved.into_parts();
    let mut library = Library::shipped()?;
    let rules = folder.join("rules");
    if rules.is_dir() {
        library.add_folder(&rules)?;
    }
    let mut ids: Vec<&str> = task.rule.iter().map(String::as_str).collect();
    if ids.is_empty() {
        ids = library.sets().filter(|set| library.missing(set).is_empty()).map(|set| set.id.as_str()).collect();
    }
    told_of_lists(&library, ids.len(), task, &format!("in {}", rules.display()));
    let plan = told("rules made ready", || Ok(Plan::of(&library, &ids, &events.codes, &events.units)?))?;
    let postings = told("their events gathered", || Ok(plan.gather_on(&events, finding::threads())))?;
    say(format!("{:<44} {:>10.1} ms", "from what was read to ready", milliseconds(began)));
    let frame = plan.on(Asked { as_of, has_days: true });
    let none = Disputes::default();
    let standing =
        told("everything asked of everybody", || Ok(plan.everyone(&events, &postings, &people, &frame, &none)))?;
    let everybody = Bits::all(people.len());
    let ground =
        told("everybody put into six slices", || Ok(Ground::of(&plan, &standing, &people, &everybody, as_of)))?;
    let gathered = postings.len();
    answer(
        &Asking { people: &people, events: &events, plan: &plan, standing: &standing, ground, gathered },
        task,
        as_of,
    )
}

struct Asking<'a> {
    people: &'a People,
    events: &'a Events,
    plan: &'a Plan,
    standing: &'a Standing,
    ground: Ground<'a>,
    gathered: usize,
}

fn answer(asking: &Asking<'_>, task: &Run, as_of: Day) -> anyhow::Result<Found> {
    let Asking { people, events, plan, standing, ground, gathered } = asking;
    let (frame, none, mut scratch) =
        (plan.on(Asked { as_of, has_days: true }), Disputes::default(), Scratch::default());
    if let Some(person) = people.list.first() {
        told("everything asked of one person", || Ok(plan.one(events, person, 0, &frame, &none, &mut scratch)))?;
    }
    let registers = plan.sets().zip(&standing.answers).filter(|(set, _)| set.kind == Kind::Register);
    if let Some((largest, _)) = registers.max_by_key(|(_, answer)| answer.members.count()) {
        told("the largest counted by six slices", || Ok(ground.answer(&question(&largest.id))?))?;
    }
    say(format!(
        "{} people, {} events, {} of them of these rules; {} MB at most",
        grouped(whole(people.len())),
        grouped(whole(events.rows())),
        grouped(whole(*gathered)),
        terminal::peak_megabytes()
    ));
    if standing.unusable > 0 {
        let unusable = grouped(i64::try_from(standing.unusable).unwrap_or(i64::MAX));
        remark(format!(
            "{unusable} values could not be used: no number, or a unit that the rule cannot turn into its own"
        ));
    }
    let mut found = Found::new();
    for (answer, set) in standing.answers.iter().zip(plan.sets()).filter(|(_, set)| set.kind != Kind::Score) {
        let count = ground.registered(&answer.members);
        if task.slices.is_none() {
            say(format!("{:<36} {:>10}  {}", answer.id, said(count), set.title));
        }
        found.push((answer.id.clone(), count));
    }
    if let Some(id) = &task.slices {
        let told = ground.answer(&question(id)).with_context(|| format!("`{id}` is no register that was asked"))?;
        slices(&told);
        if let Some(share) = task.expected {
            gap(ground, id, share)?;
        }
    }
    Ok(found)
}

fn question(id: &str) -> Question {
    Question { terms: vec![(Term { set: id.to_owned(), band: None }, How::All)], among: Among::Registered }
}

/// What is coded beside what is known from elsewhere.
fn gap(ground: &Ground<'_>, id: &str, share: f64) -> anyhow::Result<()> {
    let (set, source) = (id.to_owned(), "--expected".to_owned());
    let expected = Expected { set, share, among: Among::Registered, age_from: 0, source };
    let line = ground.overview(&[expected]).into_iter().find(|line| line.term.band.is_none() && line.term.set == id);
    let gap = line.and_then(|line| line.gap);
    let gap = gap.context("--expected is a share above 0 and at most 1, such as 0.094")?;
    if let Some((found, not_coded)) = gap.found.zip(gap.not_coded) {
        say(format!("{:.0} in 100 of those expected are coded; {} may not be", 100.0 * found, said(not_coded)));
    }
    Ok(())
}

/// A cohort by its slices, as it may be shown.
fn slices(told: &Told) {
    say(format!("{} of {} people", said(told.count), said(told.of)));
    say(format!(
        "{:<16} {:<24} {:>9} {:>9} {:>10} {:>13}  {}",
        "", "", "count", "percent", "at one age", "to expected", "95 in 100"
    ));
    for (slice, cells) in &told.slices {
        let Some(cells) = cells else {
            say(format!("{:<16} not shown: somebody could be found in it", slice.word()));
            continue;
        };
        for cell in cells {
            let count = said(cell.count);
            let percent = |share: Option<f64>| share.map_or(String::new(), |share| format!("{share:.2}"));
            let ratio = cell.ratio.map_or(String::new(), |ratio| {
                format!("{:>13.2}  {:.2} to {:.2}", ratio.value, ratio.lower, ratio.upper)
            });
            let (crude, standard) = (percent(cell.percent), percent(cell.standardised));
            say(format!("{:<16} {:<24} {count:>9} {crude:>9} {standard:>10} {ratio}", slice.word(), cell.name)
                .trim_end());
        }
    }
}

/// A count as it may be shown.
fn said(count: Rounded) -> String {
    match count {
        Rounded::Nought => "0".into(),
        Rounded::Few => "1 to 7".into(),
        Rounded::About(count) => grouped(i64::try_from(count).unwrap_or(i64::MAX)),
    }
}
