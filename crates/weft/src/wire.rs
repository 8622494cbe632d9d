//! The hospital's side of the wire: messages go out over real connections by MLLP to the same door as any hospital's, one
//! person's always over the same connection, so that they keep their order. A message is gone from here once it is answered.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context, bail};
use record::feed::mllp;

use crate::house::House;

/// How many messages wait before a connection: room for somebody with a long year in hospital, so that the others need not
/// wait behind them.
const WAITING: usize = 64;

/// Open connections to a listener of our own.
pub(crate) struct Wire {
    lanes: Vec<Lane>,
    under_way: Arc<UnderWay>,
    stop: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

struct Lane {
    sender: Option<SyncSender<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

/// What has been handed over and not been answered, and the first thing that went wrong.
#[derive(Default)]
struct UnderWay {
    state: Mutex<(usize, Option<String>)>,
    changed: Condvar,
}

impl UnderWay {
    fn change(&self, change: impl FnOnce(&mut (usize, Option<String>))) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

impl Wire {
    /// Opens some connections to a listener for a feed.
    pub(crate) fn open(house: &House, feed: &str, connections: usize) -> anyhow::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (address, listener) = crate::mllp::listen(house, anywhere, feed, connections, stop.clone())?;
        let under_way = Arc::new(UnderWay::default());
        let mut wire = Self { lanes: Vec::new(), under_way, stop, listener: Some(listener) };
        for _ in 0..connections {
            let stream = TcpStream::connect(address).context("cannot reach our own door for HL7 v2")?;
            stream.set_nodelay(true)?;
            let (sender, waiting) = sync_channel(WAITING);
            let under_way = wire.under_way.clone();
            let thread = std::thread::Builder::new()
                .name("hospital".to_owned())
                .spawn(move || converse(stream, &waiting, &under_way))?;
            wire.lanes.push(Lane { sender: Some(sender), thread: Some(thread) });
        }
        Ok(wire)
    }

    /// Hands a message over; waits where the connection has enough to do. `of` tells which connection.
    pub(crate) fn send(&self, of: u32, message: Vec<u8>) -> anyhow::Result<()> {
        let lane = self.lanes.get(of as usize % self.lanes.len().max(1));
        let Some(sender) = lane.and_then(|lane| lane.sender.as_ref()) else { bail!("no connection is open") };
        self.under_way.change(|state| state.0 += 1);
        if sender.send(message).is_err() {
            return self.settle();
        }
        Ok(())
    }

    /// Waits until everything is answered.
    pub(crate) fn settle(&self) -> anyhow::Result<()> {
        let mut state = self.under_way.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.0 > 0 && state.1.is_none() {
            state = self.under_way.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        match &state.1 {
            Some(trouble) => bail!("the hospital's messages could not be sent: {trouble}"),
            None => Ok(()),
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        for lane in &mut self.lanes {
            drop(lane.sender.take());
        }
        for lane in &mut self.lanes {
            drop(lane.thread.take().map(JoinHandle::join));
        }
        self.stop.store(true, Ordering::Relaxed);
        drop(self.listener.take().map(JoinHandle::join));
    }
}

/// Sends what waits, each once the one before is answered; ends when nothing more can come, or at the first trouble.
fn converse(mut stream: TcpStream, waiting: &Receiver<Vec<u8>>, under_way: &UnderWay) {
    while let Ok(message) = waiting.recv() {
        let trouble = match mllp::send(&mut stream, &message) {
            // AA is taken in, AE is in quarantine: both are safe.
            Ok(answer) if holds(&answer, b"MSA|AA") || holds(&answer, b"MSA|AE") => None,
            Ok(_) => Some("the door could not store one".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        let failed = trouble.is_some();
        under_way.change(|state| {
            state.0 -= 1;
            state.1 = state.1.take().or(trouble);
        });
        if failed {
            return;
        }
    }
}

fn holds(answer: &[u8], words: &[u8]) -> bool {
    answer.windows(words.len()).any(|window| window == words)
}
