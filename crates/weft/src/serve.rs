//! Serving the pages, and HL7 v2 by MLLP where asked, until told to stop; then what is under way is finished.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use record::feed::mllp::CONNECTIONS;
use tokio::net::{TcpListener, TcpStream};

use crate::arguments;
use crate::door;
use crate::heads::{self, Keeper, Stands};
use crate::house::{House, draw};
use crate::lines;
use crate::mllp;
use crate::settings::{Settings, Tls};
use crate::terminal::say;
use crate::tls;

/// How to serve.
pub(crate) struct Serving {
    pub(crate) listen: SocketAddr,
    pub(crate) mllp: Option<SocketAddr>,
    pub(crate) mllp_feed: String,
    pub(crate) demo_sign_in: bool,
    pub(crate) door: web::Door,
    /// The second place for heads of the log, and the file of the key that signs them.
    pub(crate) heads: Option<(PathBuf, PathBuf)>,
    pub(crate) tls: Option<Tls>,
    pub(crate) rates: web::Rates,
    pub(crate) client_ids: bool,
    /// Proxies in front whose word is taken for the address that a request came from.
    pub(crate) proxies: Vec<IpAddr>,
    /// The telephone exchange behind the consultants' lines.
    pub(crate) telephony: Option<lines::Written>,
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
        heads: task
            .heads
            .clone()
            .or_else(|| settings.heads.clone())
            .map(|folder| (folder, task.head_key.clone().unwrap_or_else(|| settings.head_key.clone()))),
        tls: settings.tls.clone(),
        rates: settings.rates,
        client_ids: settings.client_ids,
        proxies: settings.proxies.clone(),
        telephony: settings.telephony.clone(),
    };
    if !serving.demo_sign_in && serving.door.providers.is_none() {
        say("Nobody can sign in yet: weft.toml has no [[sign-in]]. docs/manual/signing-in.md says how to add one.");
    }
    serve(house, &serving, |address| say(format!("Serving on {}://{address}", serving.scheme())))
}

/// Serves until a signal; `ready` is told the address once connections are taken.
pub(crate) fn serve(house: House, serving: &Serving, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    // Read before anything listens: a certificate that cannot be used is told at once.
    let config = match &serving.tls {
        Some(files) => Some(tls::configuration(&files.certificate, &files.key)?),
        None => None,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let door = match serving.mllp {
        None => None,
        Some(address) => {
            let (taken, thread) = mllp::listen(&house, address, &serving.mllp_feed, CONNECTIONS, stop.clone())?;
            say(format!("Taking HL7 v2 in by MLLP on {taken}"));
            Some(thread)
        }
    };
    let (keeper, stands) = keeper(&house, serving)?;
    let (advice, lines) = lines::begin(&house, serving.telephony.as_ref(), serving.demo_sign_in)?;
    let advice = Arc::new(advice);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime for the server")?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(serving.listen).await.with_context(|| {
            format!("cannot listen on {}; is another Weft running? Try another port", serving.listen)
        })?;
        let clock = house.clock.clone();
        let pseudonyms = crate::key::of_project(&house.data, crate::key::PLANNING, draw)?;
        let state = web::State::new(web::Parts {
            pseudonyms,
            store: house.store.clone(),
            gate: house.gate.clone(),
            feeds: house.feeds.clone(),
            place: house.place.clone(),
            index: house.index.clone(),
            clock: Arc::new(move || clock.now()),
            randomness: Arc::new(draw),
            demo_sign_in: serving.demo_sign_in,
            door: serving.door.clone(),
            heads: Arc::new(move || stands.lock().unwrap_or_else(PoisonError::into_inner).clone()),
            rates: serving.rates,
            client_ids: serving.client_ids,
            advice: advice.clone(),
            columns: Some(crate::population::columns(&house.data)),
        });
        state.begin_population();
        let app = web::app(state.clone());
        // A page that follows what it shows would be waited for as long as somebody looks at it.
        let stopping = async move {
            stopped().await;
            state.close();
        };
        let proxies: Arc<[IpAddr]> = serving.proxies.clone().into();
        let app = app.layer(axum::middleware::from_fn_with_state(proxies, told_who_asks));
        let address = listener.local_addr()?;
        let served = match config {
            Some(config) => {
                let listener = tls::Listener::over(listener, config)?;
                ready(address);
                let app = app.into_make_service_with_connect_info::<Caller>();
                axum::serve(listener, app).with_graceful_shutdown(stopping).await
            }
            None => {
                ready(address);
                let app = app.into_make_service_with_connect_info::<Caller>();
                axum::serve(Plain(listener), app).with_graceful_shutdown(stopping).await
            }
        };
        served.context("the server stopped")
    });
    stop.store(true, Ordering::Relaxed);
    if let Some(thread) = door {
        drop(thread.join());
    }
    drop(lines);
    // After everything else has ended, so that the last head is the last.
    drop(keeper);
    served
}

/// Begins to keep heads of the log in the second place. A place or key that cannot be used stops nothing; it is said at every
/// look at the service's health, and to the privacy officer.
fn keeper(house: &House, serving: &Serving) -> anyhow::Result<(Keeper, Stands)> {
    let stands: Stands = Arc::new(Mutex::new(web::Heads::Nowhere));
    let second = serving.heads.as_ref().and_then(|(folder, file)| match heads::key(file) {
        Ok(key) => {
            let public = heads::public(&key.verifying_key());
            say(format!(
                "Signed heads of the log are kept in {}. Their public key, to be kept by somebody else: {public}",
                folder.display()
            ));
            Some((key, folder.clone()))
        }
        Err(error) => {
            tracing::error!(%error, "heads of the log cannot be signed");
            *stands.lock().unwrap_or_else(PoisonError::into_inner) = web::Heads::Failing {
                since: house.clock.now(),
                why: "The key that signs them cannot be used.".to_owned(),
            };
            None
        }
    });
    if serving.heads.is_none() {
        say("No second place for heads of the log is set (--heads): a log cut short or written anew may not show.");
    }
    let keeper = Keeper::begin(house.store.clone(), house.clock.clone(), second, stands.clone())
        .context("heads of the log cannot be kept")?;
    Ok((keeper, stands))
}

impl Serving {
    /// How the pages' addresses begin.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }
}

/// The address at the other end of a connection.
#[derive(Debug, Clone, Copy)]
struct Caller(SocketAddr);

impl Connected<IncomingStream<'_, tls::Listener>> for Caller {
    fn connect_info(stream: IncomingStream<'_, tls::Listener>) -> Self {
        Self(*stream.remote_addr())
    }
}

impl Connected<IncomingStream<'_, Plain>> for Caller {
    fn connect_info(stream: IncomingStream<'_, Plain>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// A listener without TLS. An answer in two packets must not wait for the first to be acknowledged: that would cost a client
/// 40 ms.
struct Plain(TcpListener);

impl Listener for Plain {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        let (stream, from) = Listener::accept(&mut self.0).await;
        drop(stream.set_nodelay(true));
        (stream, from)
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Tells the pages who is at the other end, or behind a proxy whose word is taken.
async fn told_who_asks(
    State(proxies): State<Arc<[IpAddr]>>,
    ConnectInfo(Caller(address)): ConnectInfo<Caller>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = web::Peer::behind(address, request.headers(), &proxies);
    request.extensions_mut().insert(peer);
    next.run(request).await
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
