//! Taking in what a synthetic borough sends: the hospital's messages by MLLP over connections of their own, everything else as
//! an import takes it in. Making messages, understanding them and writing them go on side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use record::feed::RawMessage;
use record::feeds::Reader;
use synthetic::Message;
use synthetic::message::{FEEDS, HOSPITAL};

use crate::house::House;
use crate::import::Import;
use crate::terminal::FeedBars;
use crate::wire::Wire;

/// Takes messages in until it is ended.
pub(crate) struct Intake<'h> {
    import: Import<'h>,
    wire: Wire,
    readers: BTreeMap<&'static str, Arc<Reader>>,
    bars: FeedBars,
}

impl<'h> Intake<'h> {
    /// Opens the door, with some connections for the hospital.
    pub(crate) fn begin(house: &'h House, connections: usize, bars: FeedBars) -> anyhow::Result<Self> {
        let mut readers = BTreeMap::new();
        for feed in FEEDS {
            let reader = house.feeds.get(feed).cloned();
            let reader = reader.with_context(|| {
                format!("this place has no feed {feed}, which the synthetic borough writes; start with --people 0 for the samples alone")
            })?;
            readers.insert(feed, reader);
        }
        Ok(Self {
            import: Import::new(house, indicatif::ProgressBar::hidden()),
            wire: Wire::open(house, HOSPITAL, connections)?,
            readers,
            bars,
        })
    }

    /// Takes a message in; waits where enough is under way.
    pub(crate) fn take(&mut self, message: Message) -> anyhow::Result<()> {
        self.bars.came(message.feed);
        if message.feed == HOSPITAL {
            return self.wire.send(message.person.unwrap_or_default(), message.bytes);
        }
        let reader = self.readers.get(message.feed).cloned();
        let reader = reader.with_context(|| format!("a message came for {}, which is no feed here", message.feed))?;
        self.import.take(&reader, &RawMessage { bytes: message.bytes, line: None })
    }

    /// Waits until everything taken in so far is on the disk.
    pub(crate) fn settle(&mut self) -> anyhow::Result<()> {
        self.wire.settle()?;
        self.import.settle(0)
    }

    /// Waits for what is under way, and shuts the door.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        self.settle()?;
        self.bars.done();
        Ok(())
    }

    /// The bars on the terminal.
    pub(crate) fn bars(&self) -> &FeedBars {
        &self.bars
    }
}

/// A moment as a sentence has it: `22 November 2026, 14:05`.
pub(crate) fn spoken(at: Timestamp) -> String {
    at.to_zoned(crate::borough::london()).strftime("%-d %B %Y, %H:%M").to_string()
}
