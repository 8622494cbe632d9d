//! The wiring: the place, its feeds, the store with every crate's views, the gate in front of it, and the two things that
//! only the binary may touch, the clock and the system's randomness.

use std::sync::Arc;

use access::Gate;
use anyhow::Context;
use jiff::Timestamp;
use place::Place;
use record::feeds::Feeds;
use record::linkage::Weighed;
use record::person::PersonIndex;
use store::{Entropy, Store, View};

use crate::borough::Kept;
use crate::clock::Clock;
use crate::settings::Settings;

/// Everything, opened. A copy is the same house.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) place: Arc<Place>,
    pub(crate) feeds: Arc<Feeds>,
    pub(crate) store: Arc<Store>,
    pub(crate) gate: Gate,
    pub(crate) index: Arc<dyn PersonIndex>,
    /// Where keys are kept.
    pub(crate) data: std::path::PathBuf,
    /// The time here: in a demonstration, the borough's.
    pub(crate) clock: Arc<Clock>,
}

impl House {
    pub(crate) fn open(settings: &Settings) -> anyhow::Result<Self> {
        access::policy::check().context("nobody could be shown anything")?;
        let (place, feeds) = place_and_feeds(settings)?;
        std::fs::create_dir_all(&settings.data)
            .with_context(|| format!("cannot make the data folder {}", settings.data.display()))?;
        let store = Store::open(settings.location.clone(), views(&place), Box::new(System))
            .with_context(|| format!("cannot open the database ({})", said(settings)))?;
        for view in store.remade() {
            tracing::info!(view, "made again from the log and the record");
        }
        let store = Arc::new(store);
        let index = Arc::new(Weighed::of(&feeds));
        let standing = Arc::new(record::standing::Standings::of(&place));
        let clock = Clock::default();
        if let Some(kept) = Kept::read(&settings.data)? {
            clock.set(kept.resumes(now()));
        }
        Ok(Self {
            place: Arc::new(place),
            feeds: Arc::new(feeds),
            gate: Gate::new(store.clone(), standing),
            store,
            index,
            clock: Arc::new(clock),
            data: settings.data.clone(),
        })
    }
}

pub(crate) fn place_and_feeds(settings: &Settings) -> anyhow::Result<(Place, Feeds)> {
    let place = crate::beside::place(settings)?;
    let feeds = Feeds::of(&place).context("the place's feeds cannot be used")?;
    Ok((place, feeds))
}

/// Where the database is, without a password in it.
pub(crate) fn said(settings: &Settings) -> String {
    match &settings.location {
        store::Location::File(path) => path.display().to_string(),
        store::Location::Server(url) => {
            url.rsplit_once('@').map_or_else(|| url.clone(), |(_, host)| format!("postgres://{host}"))
        }
    }
}

/// Every crate's views, for the organisations of a place.
pub(crate) fn views(place: &Place) -> Vec<Box<dyn View>> {
    record::views(place)
        .into_iter()
        .chain(access::views())
        .chain(care::views())
        .chain(assurance::views())
        .chain(finding::views())
        .collect()
}

/// The time.
pub(crate) fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the binary is where the clock is read")]
    Timestamp::now()
}

/// The operating system's randomness.
pub(crate) struct System;

impl Entropy for System {
    fn fill(&mut self, bytes: &mut [u8]) {
        draw(bytes);
    }
}

/// Fills bytes from the operating system; without randomness nothing here is safe, so the process ends.
pub(crate) fn draw(bytes: &mut [u8]) {
    #[expect(clippy::disallowed_methods, reason = "the binary is where randomness is drawn")]
    let drawn = getrandom::fill(bytes);
    if drawn.is_err() {
        tracing::error!("the operating system gives no randomness");
        std::process::abort();
    }
}
