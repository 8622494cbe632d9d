//! HL7 v2 from the wire: each message is taken in by the same door as any file, and acknowledged only once it is on the disk.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use record::feed::hl7v2::{Outcome as Answer, acknowledge};
use record::feed::{RawMessage, mllp};
use record::ingest::{Arrival, Outcome, receive};

use crate::house::House;

/// Listens on `address` for the feed `feed` until `stop`, to at most `most` connections at once; returns the address it took and its thread.
pub(crate) fn listen(
    house: &House,
    address: SocketAddr,
    feed: &str,
    most: usize,
    stop: Arc<AtomicBool>,
) -> anyhow::Result<(SocketAddr, std::thread::JoinHandle<()>)> {
    let reader =
        house.feeds.get(feed).cloned().with_context(|| format!("there is no feed {feed} for MLLP to bring"))?;
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen for HL7 v2 on {address}"))?;
    let taken = listener.local_addr()?;
    let (store, index, clock) = (house.store.clone(), house.index.clone(), house.clock.clone());
    let handle: Arc<mllp::Handle> = Arc::new(move |bytes: &[u8]| {
        let at = clock.now();
        let arrival = Arrival::of(&reader, &RawMessage { bytes: bytes.to_vec(), line: None }, at);
        let index = index.clone();
        match store.write(move |write| receive(write, index.as_ref(), &arrival)) {
            Ok(received) => match received.outcome {
                Outcome::Applied(_) | Outcome::Duplicate(_) => acknowledge(bytes, Answer::Accepted, Some(at)),
                Outcome::Quarantined(reason) => acknowledge(bytes, Answer::Quarantined(&reason.code), Some(at)),
            },
            Err(error) => {
                tracing::error!(%error, "a message from the wire could not be kept; its sender was told to send it again");
                acknowledge(bytes, Answer::NotStored, Some(at))
            }
        }
    });
    let thread = std::thread::Builder::new().name("mllp-door".to_owned()).spawn(move || {
        if let Err(error) = mllp::serve(&listener, most, &stop, &handle) {
            tracing::error!(%error, "the door for HL7 v2 has closed");
        }
    })?;
    Ok((taken, thread))
}
