//! Serving the pages, and HL7 v2 by MLLP where asked, until told to stop; then what is under way is finished.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use axum::serve::ListenerExt as _;
use record::feed::mllp::CONNECTIONS;

use crate::arguments;
use crate::door;
use crate::house::{House, draw};
use crate::mllp;
use crate::settings::Settings;
use crate::terminal::say;

/// How to serve.
pub(crate) struct Serving {
    pub(crate) listen: SocketAddr,
    pub(crate) mllp: Option<SocketAddr>,
    pub(crate) mllp_feed: String,
    pub(crate) demo_sign_in: bool,
    pub(crate) door: web::Door,
}

pub(crate) fn run(settings: &Settings, task: &arguments::Serve) -> anyhow::Result<()> {
    let house = House::open(settings)?;
    let listen = task.listen.or(settings.listen).unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)));
    if task.demo_sign_in {
        door::demonstration(&house, settings, listen, task.demo_beyond_this_machine)?;
    }
    let serving = Serving {
        listen,
        mllp: task.mllp.or(settings.mllp),
        mllp_feed: task.mllp_feed.clone(),
        demo_sign_in: task.demo_sign_in,
        door: door::of(&house, settings, task.demo_sign_in)?,
    };
    if !serving.demo_sign_in && serving.door.providers.is_none() {
        say("Nobody can sign in yet: weft.toml has no [[sign-in]]. docs/manual/signing-in.md says how to add one.");
    }
    serve(house, &serving, |address| say(format!("Serving on http://{address}")))
}

/// Serves until a signal; `ready` is told the address once connections are taken.
pub(crate) fn serve(house: House, serving: &Serving, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let door = match serving.mllp {
        None => None,
        Some(address) => {
            let (taken, thread) = mllp::listen(&house, address, &serving.mllp_feed, CONNECTIONS, stop.clone())?;
            say(format!("Taking HL7 v2 in by MLLP on {taken}"));
            Some(thread)
        }
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime for the server")?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(serving.listen).await.with_context(|| {
            format!("cannot listen on {}; is another Weft running? Try another port", serving.listen)
        })?;
        let clock = house.clock.clone();
        let app = web::app(web::State::new(web::Parts {
            store: house.store.clone(),
            gate: house.gate.clone(),
            feeds: house.feeds.clone(),
            place: house.place.clone(),
            index: house.index.clone(),
            clock: Arc::new(move || clock.now()),
            randomness: Arc::new(draw),
            demo_sign_in: serving.demo_sign_in,
            door: serving.door.clone(),
        }));
        ready(listener.local_addr()?);
        // An answer in two packets must not wait for the first to be acknowledged: that would cost a client 40 ms.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        axum::serve(listener, app).with_graceful_shutdown(stopped()).await.context("the server stopped")
    });
    stop.store(true, Ordering::Relaxed);
    if let Some(thread) = door {
        drop(thread.join());
    }
    served
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    drop(interrupt.await);
}
