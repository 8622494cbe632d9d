//! The demonstration: a borough of invented people whose feeds come in by the same doors as any feed, then the pages. A second
//! start uses what is there; time goes on while it runs, and can be moved on.

mod journey;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::sync_channel;

use anyhow::bail;
use record::views::message::tallies;
use synthetic::message::FEEDS;
use synthetic::{Arrivals, Borough};

use crate::arguments;
use crate::borough::{Kept, later, midnight};
use crate::door;
use crate::house::{House, now};
use crate::import::samples;
use crate::intake::{Intake, spoken};
use crate::serve::{Serving, serve};
use crate::settings::Settings;
use crate::terminal::{FeedBars, grouped, say};
use crate::tide::{Flow, Tide};
use crate::truth;

/// Connections of the hospital while everything is taken in at once. Each waits for the answer to one message at a time, and a
/// commit costs the same pages whether it holds twenty messages or two hundred: many connections fill a commit.
const CONNECTIONS: usize = 160;
/// After so many people everything is waited for and the place is marked, from which an interrupted start goes on.
const MARK: u32 = 2_000;
/// How many people may be made ahead of being taken in.
const AHEAD: usize = 64;

pub(crate) fn run(settings: &Settings, task: &arguments::Demo) -> anyhow::Result<()> {
    let started = now();
    let mut house = House::open(settings)?;
    let empty = house.store.read(|tx| store::log::head(tx))?.seq == 0;
    if empty {
        let at = house.clock.now();
        house.store.write(move |write| access::demonstration::begin(write, at))?;
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, task.port));
    door::demonstration(&house, settings, address, false)?;
    let mut kept = Kept::read(&settings.data)?;
    if let Some(kept) = kept.as_mut().filter(|_| empty) {
        // The folder remembers a borough that the database does not hold (any more): it is made again.
        kept.begin_again();
    }
    match &kept {
        Some(kept) => kept.agrees(task, &settings.data)?,
        None if empty && task.people != Some(0) => kept = Some(Kept::begun(task, started)),
        None if empty => {
            say(
                "Weft demonstration: taking the samples in. The people in them are invented; this is not for live care.",
            );
            samples(&house)?;
        }
        None => without_borough(settings, task)?,
    }
    if let Some(kept) = &mut kept {
        crate::beside::lay(&mut house, settings, kept)?;
        if kept.told < kept.people {
            first(&house, settings, kept)?;
            crate::learn::learn(&house, house.clock.now())?;
            told(&house)?;
        } else {
            say(format!("Weft demonstration: using the data in {}.", settings.data.display()));
        }
        on(&house, settings, kept, task)?;
        journey::begin(&house, kept)?;
        say(format!("In the borough it is {}.", spoken(house.clock.now())));
    } else if task.advance.is_some() {
        bail!("there is no borough in {} whose time could be moved on", settings.data.display());
    }
    crate::indicator::invent(&house)?;
    say(format!("Ready in {:.1} s.", now().duration_since(started).as_secs_f64()));
    if task.no_serve {
        return Ok(());
    }
    let flow = kept.map(|kept| Flow::begin(house.clone(), settings, kept)).transpose()?;
    let serving = Serving {
        listen: address,
        mllp: settings.mllp,
        mllp_feed: "hospital".to_owned(),
        demo_sign_in: true,
        door: door::of(&house, settings, true)?,
        // Beside the data, which is no second place; enough to show how it is done.
        heads: Some((settings.heads.clone().unwrap_or_else(|| settings.data.join("heads")), settings.head_key.clone())),
        tls: settings.tls.clone(),
        rates: settings.rates,
        client_ids: settings.client_ids,
        proxies: settings.proxies.clone(),
        telephony: settings.telephony.clone(),
    };
    let moves = flow.is_some();
    serve(house, &serving, |address| inviting(address, moves))
}

/// Data that no borough was made in: served as it is, unless a borough was asked for.
fn without_borough(settings: &Settings, task: &arguments::Demo) -> anyhow::Result<()> {
    let asked = task.people.is_some_and(|people| people > 0)
        || task.seed.is_some()
        || task.world.is_some()
        || task.today.is_some();
    if asked {
        bail!(
            "the data in {} were taken in without a synthetic borough; give another folder with --data to make one",
            settings.data.display()
        );
    }
    say(format!("Weft demonstration: using the data in {}.", settings.data.display()));
    Ok(())
}

/// Takes in the samples of the guided tour, then everything that the borough's services hold.
fn first(house: &House, settings: &Settings, kept: &mut Kept) -> anyhow::Result<()> {
    // The borough's clock shows the real time of day on its first day, and what has arrived since midnight comes after.
    house.clock.set(kept.resumes(now()));
    kept.save(&settings.data)?;
    say(format!(
        "Weft demonstration: making a borough of {} people and taking its feeds in. All of them are invented; this is not for live care.",
        grouped(kept.people.into())
    ));
    let borough = Borough::of(&house.place, kept.settings())?;
    let mut truth =
        if kept.told == 0 { truth::begin(&settings.data.join("truth"))? } else { truth::append(&settings.data)? };
    if kept.told == 0 {
        samples(house)?;
        truth::homes(&mut truth, &borough)?;
    }
    let bars = FeedBars::of(Some(kept.people.into()), &FEEDS);
    let mut intake = Intake::begin(house, CONNECTIONS, bars)?;
    let arrivals = Arrivals::of(&borough);
    for message in arrivals.practices() {
        intake.take(message)?;
    }
    // Its practices are known before any of its people.
    intake.settle()?;
    let from = kept.told;
    std::thread::scope(|scope| {
        let (sender, made) = sync_channel(AHEAD);
        let (borough, arrivals, people) = (&borough, &arrivals, kept.people);
        std::thread::Builder::new().name("borough".to_owned()).spawn_scoped(scope, move || {
            for number in from..people {
                let person = borough.person(number);
                let delivery = arrivals.first(&person);
                // Nobody takes any more: the other side has stopped on an error, and says so.
                if sender.send((person, delivery)).is_err() {
                    break;
                }
            }
        })?;
        for (person, delivery) in made {
            truth.person(&person)?;
            truth.delivery(&delivery)?;
            for message in delivery.messages {
                intake.take(message)?;
            }
            let done = person.number + 1;
            intake.bars().people(done.into());
            if done % MARK == 0 || done == people {
                intake.settle()?;
                truth.flush()?;
                kept.told = done;
                kept.save(&settings.data)?;
            }
        }
        anyhow::Ok(())
    })?;
    intake.end()
}

/// Moves time on: to the day that was asked for, or by so many days; and takes in what has fallen due by now.
fn on(house: &House, settings: &Settings, kept: &mut Kept, task: &arguments::Demo) -> anyhow::Result<()> {
    let mut to = house.clock.now();
    if let Some(today) = task.today.filter(|today| *today > to.to_zoned(crate::borough::london()).date()) {
        let at = Kept { reached: midnight(today), ..kept.clone() };
        to = at.resumes(now());
    }
    if let Some(days) = task.advance {
        to = later(to, days);
    }
    // What little has fallen due since the last start is taken in while the pages are served already.
    if task.advance.is_none() && task.today.is_none() && kept.reached > midnight(kept.first_day) && !task.no_serve {
        return Ok(());
    }
    let borough = Borough::of(&house.place, kept.settings())?;
    let mut tide = Tide::of(house, &settings.data, &borough, kept);
    let bar = indicatif::ProgressBar::no_length();
    let count = tide.skip(to, |at, count| bar.set_message(format!("{}  {count} messages", spoken(at))))?;
    bar.finish_and_clear();
    *kept = tide.kept().clone();
    say(format!("{} messages have arrived up to {}.", grouped(i64::try_from(count).unwrap_or(i64::MAX)), spoken(to)));
    Ok(())
}

/// How the feeds stand, in one sentence.
fn told(house: &House) -> anyhow::Result<()> {
    let at = house.clock.now();
    let (people, resources, stand) = house.store.read(|tx| {
        let people = record::views::person::count(tx)?;
        Ok::<_, store::Error>((people, store::resource::count(tx)?, tallies(tx, at)?))
    })?;
    let sum = |of: fn(&record::views::message::Tally) -> i64| grouped(stand.iter().map(of).sum());
    say(format!(
        "Received {} messages = {} applied + {} duplicates + {} quarantined; {} people, {} resources.",
        sum(|tally| tally.ever.received),
        sum(|tally| tally.ever.applied),
        sum(|tally| tally.ever.duplicates),
        sum(|tally| tally.ever.quarantined),
        grouped(people),
        grouped(resources)
    ));
    Ok(())
}

fn inviting(address: SocketAddr, moves: bool) {
    say(format!("\nOpen  http://{address}  and try three things:"));
    say("  1. Sign in as the GP, find \"Ashworth\", and open Margaret's record: seven sources on one page.");
    say(
        "  2. Look at \"Sources say different things\" there: the hospital knows of an allergy that the practice does not.",
    );
    say("  3. Sign in as the records officer, open Quarantine, mend a message and replay it.");
    if moves {
        say("\nMessages go on arriving while it runs. Ctrl-C stops it, and weft demo --advance 7d lets a week pass.");
    } else {
        say("\nCtrl-C stops it. The data stays for the next start.");
    }
}

#[cfg(test)]
pub(crate) mod tests;
