//! The application: what every handler shares, and the routes; `trouble` says how trouble becomes a page. Rules stand below this crate;
//! a handler asks for a permit, reads, fills a view model and renders.

mod trouble;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use access::Gate;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use jiff::{SignedDuration, Timestamp};
use place::Place;
use record::feeds::Feeds;
use record::person::PersonIndex;
use record::search::Limits;
use record::views::message::{Tally, tallies};
use store::{Dialect, Store, Troubled, Tx};
use tokio::sync::Semaphore;

use self::trouble::problems;
pub(crate) use self::trouble::{Trouble, told};
use crate::choice::Choices;
use crate::desk;
pub use crate::fhir::ADDRESSES;
use crate::live::{self, Live};
use crate::rate::{Buckets, Rates, Turn};
use crate::session::Sessions;
use crate::{assets, fhir, guard, headers, upload};

/// Reads the clock. The binary gives the real one, a test its own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Fills bytes with randomness. The binary gives the operating system's, a test a seed's.
pub type Randomness = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// What the application is made of.
pub struct Parts {
    /// Durable memory.
    pub store: Arc<Store>,
    /// The gate in front of it.
    pub gate: Gate,
    /// The feeds of the place, to replay what is mended.
    pub feeds: Arc<Feeds>,
    /// The place.
    pub place: Arc<Place>,
    /// Who is who, to replay what is mended.
    pub index: Arc<dyn PersonIndex>,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub randomness: Randomness,
    /// The key of the pseudonyms for planning.
    pub pseudonyms: record::pseudonym::Key,
    /// Whether anybody may sign in as one of the demonstration's people.
    pub demo_sign_in: bool,
    /// How everybody else signs in.
    pub door: Door,
    /// How the heads of the log are kept in a second place.
    pub heads: Arc<dyn Fn() -> Heads + Send + Sync>,
    /// How fast anybody may sign in and search.
    pub rates: Rates,
    /// Whether clients of the FHIR API may give ids to what is not there yet ([`record::interaction::Door::client_ids`]).
    pub client_ids: bool,
    /// How consultants are asked for advice.
    pub advice: Arc<Advice>,
    /// Where the population's columns are saved, beside the database and as secret as that; nowhere without.
    pub columns: Option<std::path::PathBuf>,
}

/// How consultants are asked for advice: which specialties have a line, and how the exchange behind the lines is believed.
#[derive(Debug, Default)]
pub struct Advice {
    /// The specialties of the place.
    pub specialties: care::advice::Specialties,
    /// The number of each specialty's line, as people ring it without a screen; never anybody's own.
    pub numbers: std::collections::BTreeMap<String, String>,
    /// The key by which the exchange signs what it tells; without one, nothing it might tell is believed.
    pub exchange: Option<care::telephony::signature::Key>,
}

/// How people sign in, and how long they stay.
#[derive(Clone)]
pub struct Door {
    /// The organisations' own providers.
    pub providers: Option<Arc<sign_in::Providers>>,
    /// How long a session lives unused.
    pub idle: SignedDuration,
    /// How old a sign-in may be when somebody breaks the glass; older, they sign in again first. `None`: as old as a session.
    pub glass: Option<SignedDuration>,
    /// Whether browsers reach this service by TLS, so that cookies are for TLS alone. Said by the configuration (the address),
    /// never by a header of a request.
    pub secure: bool,
}

impl Default for Door {
    /// Nobody's provider; half an hour, as the demonstration has; this machine without TLS.
    fn default() -> Self {
        Self { providers: None, idle: SignedDuration::from_mins(30), glass: None, secure: false }
    }
}

/// How signed heads of the log are kept in a second place: what shows that the log was cut short or written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heads {
    /// No second place was set.
    Nowhere,
    /// Well: the log's length at the last head, and when it was last seen to be so.
    Kept {
        /// How many entries the last head covers.
        seq: i64,
        /// When the log and its head were last seen to agree.
        at: Timestamp,
    },
    /// They cannot be kept.
    Failing {
        /// Since when.
        since: Timestamp,
        /// Why, in a sentence without a path or an address.
        why: String,
    },
    /// The log is not the one whose heads were kept.
    Disagree {
        /// What was found.
        what: String,
    },
}

/// What every handler shares.
#[derive(Clone)]
pub struct State(Arc<Inner>);

struct Inner {
    parts: Parts,
    sessions: Sessions,
    choices: Choices,
    buckets: Buckets,
    tallies: Mutex<Option<(Timestamp, Arc<Vec<Tally>>)>>,
    limits: Limits,
    live: Live,
    /// How many long reads may be under way; see [`AT_ONCE`].
    turns: Arc<Semaphore>,
    population: Arc<finding::Keeper>,
    /// Set once a read has found that the database is inside this process.
    inside: AtomicBool,
}

/// How long a count of the feeds is used again before it is made anew: every page about a person asks for it.
const TALLIES_KEEP: SignedDuration = SignedDuration::from_secs(2);

/// How many reads on threads of their own may be under way: fewer than the store has connections, so that one is always
/// left for the quick reads that the server's own threads do, and a crowd of slow searches stops nobody.
const AT_ONCE: usize = 6;

impl State {
    /// Takes the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let mut limits = Limits::default();
        (parts.randomness)(&mut limits.key);
        let live = Live::new(parts.store.grown(), &*parts.randomness);
        let (sessions, choices, tallies) = (Sessions::default(), Choices::default(), Mutex::default());
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let buckets = Buckets::new(parts.rates);
        let inside = AtomicBool::new(false);
        let population = finding::Keeper::new(parts.store.clone(), parts.place.clone(), parts.columns.clone());
        Self(Arc::new(Inner { parts, sessions, choices, buckets, tallies, limits, live, turns, population, inside }))
    }

    /// Begins to read the population as it was saved, or to build it from the record, on a thread of its own: nobody waits for it.
    pub fn begin_population(&self) {
        self.0.population.begin();
    }

    /// Asks the population as it is after the last commit, on a thread that may wait; `None` while it is being built. Counts are
    /// shown suppressed, and anything of one person only with a permit for them.
    pub(crate) async fn population<T: Send + 'static>(
        &self,
        with: impl FnOnce(&finding::Held) -> T + Send + 'static,
    ) -> Result<Option<T>, Trouble> {
        let inner = self.0.clone();
        let turn = inner.turns.clone().acquire_owned().await;
        let looking = move || {
            let _turn = turn;
            inner.population.look(with)
        };
        match tokio::task::spawn_blocking(looking).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(finding::Trouble::Store(error))) => Err(error.into()),
            Ok(Err(other)) => Err(Trouble::Broken(other.to_string())),
            Err(_) => Err(Trouble::Broken("a look at the population stopped on a fault of the program".to_owned())),
        }
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    pub(crate) fn choices(&self) -> &Choices {
        &self.0.choices
    }

    pub(crate) fn live(&self) -> &Live {
        &self.0.live
    }

    /// The service is told to stop: what is open for as long as somebody looks is closed, so that nobody waits for it.
    pub fn close(&self) {
        self.0.live.close();
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0.parts.clock)()
    }

    /// Takes one of a key's turns.
    ///
    /// # Errors
    /// How long to wait for the next.
    pub(crate) fn take_turn(&self, turn: Turn, key: &[u8]) -> Result<(), SignedDuration> {
        self.0.buckets.take(turn, key, self.now())
    }

    /// Reads on a thread that may wait, so that the server's own threads never do.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut dyn Tx) -> store::Result<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        match self.ask(false, run).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Trouble::Broken("a read stopped on a fault of the program".to_owned())),
        }
    }

    /// What a search may cost.
    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Reads with an error of the reader's own. `quick`: a row or two by their key. On SQLite, which is inside this process,
    /// that is some tens of microseconds, less than handing it to another thread and back, so it is done on the spot; a
    /// server that may keep one waiting is never asked from a thread of the runtime. The outer error: the read panicked.
    pub(crate) async fn ask<T, E>(
        &self,
        quick: bool,
        mut run: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, tokio::task::JoinError>
    where
        T: Send + 'static,
        E: From<store::Error> + Troubled + Send + 'static,
    {
        if quick && self.0.inside.load(Ordering::Relaxed) {
            return Ok(self.0.parts.store.read(run));
        }
        let inner = self.0.clone();
        // Held by the read itself: whoever asked may have gone before it ends.
        let turn = inner.turns.clone().acquire_owned().await;
        let reading = move || {
            let _turn = turn;
            inner.parts.store.read(|tx| {
                inner.inside.store(tx.dialect() == Dialect::Sqlite, Ordering::Relaxed);
                run(tx)
            })
        };
        tokio::task::spawn_blocking(reading).await
    }

    /// How the feeds stand, at most two seconds old. Holds nothing about any person.
    pub(crate) async fn tallies(&self) -> Result<Arc<Vec<Tally>>, Trouble> {
        let now = self.now();
        {
            let kept = self.0.tallies.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((counted, tallies)) = kept.as_ref()
                && now.duration_since(*counted).abs() < TALLIES_KEEP
            {
                return Ok(tallies.clone());
            }
        }
        let counted = Arc::new(self.read(move |tx| tallies(tx, now)).await?);
        *self.0.tallies.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, counted.clone()));
        Ok(counted)
    }
}

/// A form's most bytes; a mended message has a limit of its own.
const FORM: usize = 64 * 1024;
const MENDED: usize = 8 * 1024 * 1024;

/// Every page of the application.
pub fn app(state: State) -> Router {
    let refused = state.clone();
    // Programs are told what is wrong as an OperationOutcome, so these stand outside the pages' own refusals.
    let api = Router::new()
        .route("/fhir", any(fhir::front))
        .route("/fhir/", any(fhir::answer))
        .route("/fhir/{*address}", any(fhir::answer))
        .layer(from_fn(fhir::steady))
        .with_state(state.clone());
    Router::new()
        .route("/", get(desk::door::home))
        .route("/sign-in", post(desk::door::sign_in))
        .route("/sign-in/role", post(desk::sign_in::choose))
        .route("/sign-in/{provider}", get(desk::sign_in::begin))
        .route("/sign-in/{provider}/return", get(desk::sign_in::finish))
        .route("/sign-in/{provider}/logout", post(desk::sign_in::logout))
        .route("/sign-out", post(desk::door::sign_out))
        .route("/sessions", get(desk::sessions::page).post(desk::sessions::end))
        .route("/signed-out", get(desk::door::signed_out))
        .route("/lists/{list}", get(desk::home::list))
        .route("/me", get(desk::me::page))
        .route("/me/looks", get(desk::me::looks).post(desk::questions::ask))
        .route("/me/sharing", get(desk::sharing::page).post(desk::sharing::change))
        .route("/me/sharing/people", post(desk::sharing::let_in))
        .route("/me/proxy", get(desk::proxy::list))
        .route("/me/proxy/{id}", get(desk::proxy::page))
        .route("/privacy/questions", get(desk::questions::list))
        .route("/privacy/questions/{id}", get(desk::questions::page).post(desk::questions::answer))
        .route("/asks", get(desk::ask::lists))
        .route("/asks/new", get(desk::find::page_to_ask).post(desk::find::ask_to_ask))
        .route("/asks/new/unknown", get(desk::ask::door::for_nobody))
        .route("/asks/new/form", post(desk::ask::door::send))
        .route("/asks/draft/{id}", get(desk::ask::door::draft_page).post(desk::ask::door::keep_draft))
        .route("/asks/{id}", get(desk::ask::page))
        .route("/asks/{id}/triage", get(desk::ask::triage::page).post(desk::ask::triage::choose))
        .route("/asks/{id}/{deed}", get(desk::ask::work::page).post(desk::ask::work::act))
        .route("/board/crisis", get(desk::crisis::board::page))
        .route("/board/falls", get(desk::crisis::board::falls))
        .route("/crisis/{id}", get(desk::crisis::page))
        .route("/crisis/{id}/{deed}", get(desk::crisis::question).post(desk::crisis::answer))
        .route("/falls/{id}", get(desk::fall::page))
        .route("/falls/{id}/{deed}", get(desk::fall::question).post(desk::fall::answer))
        .route("/asks/{id}/slots", get(desk::slot::for_ask).post(desk::slot::book))
        .route("/slots", get(desk::slot::board))
        .route("/slots/new", get(desk::slot::publish_page).post(desk::slot::publish))
        .route("/slots/{id}", get(desk::slot::page))
        .route("/slots/{id}/{deed}", get(desk::slot::ask).post(desk::slot::act))
        .route("/services", get(desk::services::list))
        .route("/services/{code}", get(desk::services::page).post(desk::services::tell))
        .route("/stays", get(desk::stay::list))
        .route("/stays/{id}", get(desk::stay::page))
        .route("/stays/{id}/{deed}", get(desk::stay::ask).post(desk::stay::act))
        .route("/people/{id}/asks", get(desk::ask::of_somebody))
        .route("/people/{id}/asks/new", get(desk::ask::door::for_person))
        .route("/me/asks", get(desk::ask::mine))
        .route("/people", get(desk::find::page).post(desk::find::ask))
        .route("/people/{id}", get(desk::record::page))
        .route("/people/{id}/timeline", get(desk::timeline::page))
        .route("/finding", get(desk::finding::home).post(desk::finding::begin))
        .route("/finding/{id}", get(desk::finding::list::page).post(desk::finding::list::press))
        .route("/finding/{id}/{person}", get(desk::finding::case::page).post(desk::finding::case::press))
        .route("/people/{id}/scores", get(desk::score::list))
        .route("/people/{id}/scores/{instrument}", get(desk::score::page).post(desk::score::press))
        .route("/people/{id}/access", get(desk::looks::page))
        .route("/people/{id}/glass", get(desk::glass::page).post(desk::glass::ask))
        .route("/people/{id}/glass/close", post(desk::glass::close))
        .route("/people/{id}/seal/{entry}", get(desk::seal::page).post(desk::seal::ask))
        .route("/privacy/glass", get(desk::glass::list))
        .route("/privacy/glass/{id}", get(desk::glass::review_page).post(desk::glass::review))
        .route("/pseudonyms", get(desk::pseudonyms::page))
        .route("/pseudonyms.csv", get(desk::pseudonyms::file))
        .route("/pseudonyms/requests", get(desk::back::asked::page).post(desk::back::asked::press))
        .route("/privacy/requests", get(desk::back::answer::list))
        .route("/privacy/requests/{id}", get(desk::back::answer::page).post(desk::back::answer::press))
        .route("/handed", get(desk::back::handed::home))
        .route("/handed/{id}", get(desk::back::handed::page).post(desk::back::handed::press))
        .route("/back", get(desk::back::lead::page).post(desk::back::lead::ask))
        .route("/population", get(desk::population::explorer))
        .route("/population/equity", get(desk::population::equity))
        .route("/feeds", get(desk::feeds::page))
        .route("/quarantine", get(desk::quarantine::list))
        .route(
            "/quarantine/{id}",
            get(desk::quarantine::message).post(desk::quarantine::mend).layer(DefaultBodyLimit::max(MENDED)),
        )
        .route("/identity", get(desk::identity::list))
        .route("/identity/{id}", get(desk::identity::pair).post(desk::identity::decide))
        .route("/privacy", get(desk::privacy::home))
        .route("/privacy/rules", get(desk::rules::page))
        .route("/privacy/looks", get(desk::privacy::looks).post(desk::privacy::ask))
        .route("/privacy/looks.csv", get(desk::privacy::export))
        .route("/privacy/patterns/{id}", get(desk::privacy::pattern).post(desk::privacy::review))
        .route("/neighbourhoods", get(desk::neighbourhoods::list))
        .route("/neighbourhoods/{id}", get(desk::neighbourhoods::one))
        .route("/measures", get(desk::measure::list))
        .route("/measures/{id}", get(desk::measure::page).post(desk::measure::press))
        .route("/measures/{id}/{table}", get(desk::measure::table))
        .route("/methods", get(desk::method::page).post(desk::method::work))
        .route("/clocks", get(desk::clock::list))
        .route("/clocks/{id}", get(desk::clock::page))
        .route("/clocks/{id}/{month}", get(desk::clock::month))
        .route("/gate", get(desk::gate::list).post(desk::gate::register))
        .route("/gate/{id}/evidence.csv", get(desk::gate::evidence_file))
        .route("/gate/{id}", get(desk::gate::page).post(desk::gate::press))
        .route("/challenges", get(desk::challenge::list).post(desk::challenge::charter))
        .route("/challenges/{id}", get(desk::challenge::page).post(desk::challenge::press))
        .route("/challenges/{id}/weeks.csv", get(desk::challenge::weeks))
        .route("/public", get(desk::public::page))
        .route("/public/measures", get(desk::measure::public_list))
        .route("/public/measures/{id}", get(desk::measure::public_page))
        .route("/public/measures/{id}/{table}", get(desk::measure::public_table))
        .route("/public/clocks", get(desk::clock::public_list))
        .route("/public/clocks/{id}", get(desk::clock::public_page))
        .route("/public/clocks/{id}/{month}", get(desk::clock::public_file))
        .route("/public/gate", get(desk::gate::public_list))
        .route("/public/gate/{id}", get(desk::gate::public_page))
        .route("/public/gate/{id}/evidence.csv", get(desk::gate::public_evidence_file))
        .route("/public/challenges", get(desk::challenge::public_list))
        .route("/public/challenges/{id}", get(desk::challenge::public_page))
        .route("/public/challenges/{id}/weeks.csv", get(desk::challenge::public_weeks))
        .route("/public/challenges/{id}/pack.md", get(desk::challenge::pack))
        .route("/about", get(desk::about::page))
        .route("/status", get(desk::about::status))
        .route("/advice", get(desk::advice::home))
        .route("/advice/rota", get(desk::advice::rota::home))
        .route("/advice/rota/{specialty}", get(desk::advice::rota::page).post(desk::advice::rota::press))
        .route("/advice/general", get(desk::advice::general).post(desk::advice::begin_general))
        .route("/advice/calls/{id}", get(desk::advice::call::page).post(desk::advice::call::press))
        .route(
            "/advice/questions/{id}",
            get(desk::advice::written::page)
                .post(desk::advice::written::press)
                .layer(DefaultBodyLimit::max(upload::MOST)),
        )
        .route("/advice/questions/{id}/files/{number}", get(desk::advice::written::file))
        .route("/people/{id}/advice", get(desk::advice::page).post(desk::advice::begin))
        .route(
            "/people/{id}/advice/{specialty}",
            get(desk::advice::written::write)
                .post(desk::advice::written::send)
                .layer(DefaultBodyLimit::max(upload::MOST)),
        )
        .route("/live/{page}/{proof}", get(live::follow))
        .route("/telephony/signals", post(desk::telephony::hear))
        .fallback(|| async { Trouble::NotFound })
        .layer(DefaultBodyLimit::max(FORM))
        .with_state(state)
        .layer(from_fn(guard::same_origin))
        .layer(from_fn_with_state(refused.clone(), guard::sign_in_turns))
        .merge(assets::router())
        .layer(from_fn(guard::steady))
        .layer(from_fn_with_state(refused, problems))
        .merge(api)
        .layer(from_fn(guard::short_address))
        .layer(from_fn(headers::secure))
}
