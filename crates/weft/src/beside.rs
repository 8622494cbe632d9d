//! What a demonstration adds to its place: the postcodes of its invented streets with the areas in which it has them, kept beside the
//! data so that every command over the same data folder knows them. Must never be asked where the data are anybody's.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use place::postcodes::INVENTED;
use place::{Beside, BuiltIn, Folder, Place, Postcode};
use synthetic::Borough;

use crate::borough::Kept;
use crate::house::{House, place_and_feeds};
use crate::settings::Settings;

/// The folder in a data folder whose files are read beside those of the place.
fn folder(data: &Path) -> PathBuf {
    data.join("demonstration")
}

/// The place of the settings, with what stands beside it in the data folder.
pub(crate) fn place(settings: &Settings) -> anyhow::Result<Place> {
    let more = folder(&settings.data);
    let read = match &settings.place {
        None if !more.is_dir() => Place::built_in(),
        Some(own) if !more.is_dir() => Place::from_folder(own),
        None => Folder::open(&more).and_then(|more| Place::read(&Beside::of(&BuiltIn, more)?)),
        Some(own) => Folder::open(own).and_then(|own| Place::read(&Beside::of(&own, Folder::open(&more)?)?)),
    };
    read.context("the place's files cannot be used")
}

/// Writes the postcodes of a borough, where they are not there yet, and has the house know them.
pub(crate) fn lay(house: &mut House, settings: &Settings, kept: &Kept) -> anyhow::Result<()> {
    let folder = folder(&settings.data);
    let file = folder.join(INVENTED);
    if file.is_file() {
        if kept.told > 0 {
            return Ok(());
        }
        // What is left of a borough that is made again, or of another.
        std::fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        know(house, settings)?;
    }
    let borough = Borough::of(&house.place, kept.settings())?;
    let text = text(&house.place, &borough);
    let new = folder.join(format!(".{INVENTED}.new"));
    // Whole or not at all: half a list would be people of whom nothing is known.
    let written = std::fs::create_dir_all(&folder).and_then(|()| {
        let mut to = std::fs::File::create(&new)?;
        to.write_all(text.as_bytes())?;
        to.sync_all()?;
        std::fs::rename(&new, &file)
    });
    written.with_context(|| format!("cannot keep the demonstration's postcodes in {}", file.display()))?;
    know(house, settings)
}

fn know(house: &mut House, settings: &Settings) -> anyhow::Result<()> {
    let (place, feeds) = place_and_feeds(settings)?;
    (house.place, house.feeds) = (place.into(), feeds.into());
    Ok(())
}

/// Where the people of the samples live, whose streets are no borough's.
const OF_SAMPLES: [&str; 12] = [
    "SK2 5XX", "SK3 9XX", "SK4 4XX", "SK5 6XX", "SK5 7XX", "SK6 1XX", "SK6 2XX", "SK6 4XX", "SK6 6XX", "SK7 2XX",
    "SK7 4XX", "SK8 1XX",
];

/// The list as it is kept. A postcode that the place's own list has stays with that list.
fn text(place: &Place, borough: &Borough) -> String {
    let mut text = String::from("postcode,area\n");
    let mut all = borough.postcodes();
    for postcode in OF_SAMPLES {
        // In the first area of their sector.
        let sector = postcode.trim_end_matches("XX");
        let near = all.range(sector.to_owned()..).next().filter(|(other, _)| other.starts_with(sector));
        if let Some(area) = near.map(|(_, area)| area.clone()) {
            all.insert(postcode.to_owned(), area);
        }
    }
    for (postcode, area) in all {
        if Postcode::parse(&postcode).is_ok_and(|postcode| place.area_of(&postcode).is_none()) {
            text.push_str(&format!("{postcode},{area}\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
