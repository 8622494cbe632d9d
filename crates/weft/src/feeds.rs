//! `weft feeds`: how each feed stands, on the terminal.

use jiff::Timestamp;
use record::views::message::{Tally, tallies};

use crate::house::House;
use crate::settings::Settings;
use crate::terminal::say;

pub(crate) fn run(settings: &Settings) -> anyhow::Result<()> {
    let house = House::open(settings)?;
    let now = house.clock.now();
    let stand = house.store.read(|tx| tallies(tx, now))?;
    say(format!(
        "{:16} {:>9} = {:>9} + {:>10} + {:>11}  last message",
        "feed", "received", "applied", "duplicates", "quarantined"
    ));
    for reader in house.feeds.all() {
        let feed = reader.feed();
        match stand.iter().find(|tally| tally.feed == *feed.id) {
            None => say(format!("{:16} {:>9}", feed.id.to_string(), "nothing yet")),
            Some(tally) => say(line(tally, now)),
        }
    }
    for tally in stand.iter().filter(|tally| house.feeds.get(&tally.feed).is_none()) {
        say(format!("{}  (no longer a feed of this place)", line(tally, now)));
    }
    Ok(())
}

fn line(tally: &Tally, now: Timestamp) -> String {
    let ever = tally.ever;
    format!(
        "{:16} {:>9} = {:>9} + {:>10} + {:>11}  {}",
        tally.feed,
        ever.received,
        ever.applied,
        ever.duplicates,
        ever.quarantined,
        web::words::ago(tally.last_received, now)
    )
}
