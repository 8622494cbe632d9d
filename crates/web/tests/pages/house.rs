//! A house for one test: a store of its own with the demonstration's people in it, a clock that the test moves, randomness
//! from a seed, and a store that refuses to write when told to.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use access::Gate;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use place::Place;
use record::feeds::Feeds;
use record::ingest::{Arrival, receive};
use record::linkage::Weighed;
use store::{Entry, Location, Store, Table, View};
use tower::ServiceExt as _;
use uuid::Uuid;

/// The moment at which every test begins.
pub(crate) const START: &str = "2026-11-22T09:30:00Z";

/// The demonstration's people who work here.
pub(crate) const STAFF: [&str; 21] = [
    "gp",
    "district-nurse",
    "social-worker",
    "consultant",
    "therapist",
    "coordinator",
    "triage-nurse",
    "crisis-responder",
    "recovery-therapist",
    "ambulatory-nurse",
    "care-home-manager",
    "receptionist",
    "records-officer",
    "identity-steward",
    "second-steward",
    "privacy-officer",
    "analyst",
    "commissioner",
    "councillor",
    "hospital-director",
    "community-director",
];

/// All of the demonstration's people.
pub(crate) fn everybody() -> Vec<&'static str> {
    STAFF.into_iter().chain(["citizen", "carer"]).collect()
}

pub(crate) struct House {
    pub(crate) store: Arc<Store>,
    app: Router,
    /// What every handler of the application shares.
    pub(crate) state: web::State,
    clock: Arc<AtomicI64>,
    /// True: the disk is full.
    pub(crate) full: Arc<AtomicBool>,
    /// What the next start draws its randomness from.
    starts: AtomicU64,
    /// How the heads of the log are kept.
    pub(crate) heads: Arc<Mutex<web::Heads>>,
    feeds: Arc<Feeds>,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// What stands between the first `before` and the next `after`.
    pub(crate) fn between<'a>(&'a self, before: &str, after: &str) -> &'a str {
        let (_, rest) = self.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.body));
        rest.split_once(after).unwrap().0
    }
}

struct Seeded(AtomicU64);

impl Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let state = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed >> 56) as u8;
        }
    }
}

impl store::Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        Seeded::fill(self, bytes);
    }
}

/// Stands in for a disk without room.
struct Full(Arc<AtomicBool>);

impl View for Full {
    fn name(&self) -> &'static str {
        "full"
    }

    fn tables(&self) -> &'static [&'static Table] {
        &[]
    }

    fn on_event(&self, _: &mut dyn store::Tx, _: &Entry) -> store::Result<()> {
        if self.0.load(Ordering::Relaxed) { Err(store::Error::Full("no room".to_owned())) } else { Ok(()) }
    }
}

/// The key of the tests' exchange.
pub(crate) const EXCHANGE: [u8; 32] = [9; 32];

/// The lines of the place, with an exchange that is believed.
fn advice(place: &Place) -> web::Advice {
    let specialties = care::advice::Specialties::read(place.file("advice.toml").unwrap()).unwrap();
    let numbers = [("endocrinology".to_owned(), "01632 960200".to_owned())].into();
    let exchange = Some(care::telephony::signature::Key::new(EXCHANGE.to_vec()).unwrap());
    web::Advice { specialties, numbers, exchange }
}

/// What the application over a store shares, as a start of the server makes it.
fn shared(
    store: &Arc<Store>,
    clock: &Arc<AtomicI64>,
    heads: &Arc<Mutex<web::Heads>>,
    seed: u64,
    door: web::Door,
    rates: web::Rates,
) -> web::State {
    let told = heads.clone();
    let place = Arc::new(Place::built_in().unwrap());
    let (hand, random) = (clock.clone(), Seeded(AtomicU64::new(seed)));
    let feeds = Feeds::of(&place).unwrap();
    let index = Arc::new(Weighed::of(&feeds));
    web::State::new(web::Parts {
        store: store.clone(),
        gate: Gate::new(store.clone(), Arc::new(record::standing::Standings::of(&place))),
        feeds: Arc::new(feeds),
        place: place.clone(),
        index,
        clock: Arc::new(move || Timestamp::from_microsecond(hand.load(Ordering::Relaxed)).unwrap()),
        randomness: Arc::new(move |bytes| random.fill(bytes)),
        pseudonyms: record::pseudonym::Key::new([5; 32]),
        demo_sign_in: true,
        heads: Arc::new(move || told.lock().unwrap().clone()),
        door,
        rates,
        client_ids: false,
        advice: Arc::new(advice(&place)),
        columns: None,
    })
}

/// Another start of the server over a house's data.
pub(crate) struct Again<'h> {
    house: &'h House,
    app: Router,
}

impl Again<'_> {
    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.house.runtime.block_on(answered(&self.app, request))
    }
}

async fn answered(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

impl House {
    /// With the people of the demonstration and the broken rows.
    pub(crate) fn open() -> Self {
        let house = Self::empty();
        for folder in ["demo/gp", "demo", "broken"] {
            house.take_in(folder);
        }
        house
    }

    pub(crate) fn empty() -> Self {
        Self::limited(web::Rates { sign_in: 0, search: 0 })
    }

    /// Nobody, and the demonstration's measures, decision about beds and challenges.
    pub(crate) fn with_measures() -> Self {
        let house = Self::empty();
        let place = Place::built_in().unwrap();
        let definitions = assurance::indicator::of_place(&place).unwrap();
        let names: Vec<String> = place.neighbourhoods().iter().map(|one| one.name.clone()).collect();
        let now = house.now();
        house.store.write(move |write| assurance::demonstration::begin(write, &definitions, &names, now)).unwrap();
        house
    }

    /// Where there is a limit on how fast anybody may sign in and search.
    pub(crate) fn limited(rates: web::Rates) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let full = Arc::new(AtomicBool::new(false));
        let place = Arc::new(Place::built_in().unwrap());
        let views: Vec<Box<dyn View>> = record::views(&place)
            .into_iter()
            .chain(access::views())
            .chain(care::views())
            .chain(assurance::views())
            .chain(finding::views())
            .chain([Box::new(Full(full.clone())) as _])
            .collect();
        let entropy = Box::new(Seeded(AtomicU64::new(7)));
        let store = Arc::new(Store::open(Location::in_folder(folder.path()), views, entropy).unwrap());
        let clock = Arc::new(AtomicI64::new(START.parse::<Timestamp>().unwrap().as_microsecond()));
        let heads = Arc::new(Mutex::new(web::Heads::Kept { seq: 1, at: START.parse().unwrap() }));
        let state = shared(&store, &clock, &heads, 11, web::Door::default(), rates);
        let app = web::app(state.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (feeds, starts) = (Arc::new(Feeds::of(&place).unwrap()), AtomicU64::new(1_000));
        Self { store, app, state, clock, full, heads, starts, feeds, runtime, _folder: folder }
    }

    /// Takes in what a source says, as a file of this name would be.
    pub(crate) fn tell(&self, name: &str, words: &str) {
        self.take(name, words.as_bytes());
    }

    fn take_in(&self, folder: &str) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(folder);
        let mut files: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for path in files.iter().filter(|path| path.is_file()) {
            self.take(&path.file_name().unwrap().to_string_lossy(), &std::fs::read(path).unwrap());
        }
    }

    fn take(&self, name: &str, bytes: &[u8]) {
        let index = Arc::new(Weighed::of(&self.feeds));
        let Some(reader) = self.feeds.recognise(name, bytes) else { return };
        let answers: Vec<_> = reader
            .messages(name, Box::new(bytes))
            .map(|raw| {
                // A moment apart, so that their order is theirs and not that of their ids.
                self.pass(SignedDuration::from_millis(1));
                let arrival = Arrival::of(reader, &raw.unwrap(), self.now());
                let index = index.clone();
                self.store.submit(move |write| receive(write, index.as_ref(), &arrival))
            })
            .collect();
        for answer in answers {
            answer.blocking_recv().unwrap().unwrap();
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.clock.load(Ordering::Relaxed)).unwrap()
    }

    pub(crate) fn pass(&self, time: SignedDuration) {
        self.clock.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::Relaxed);
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(answered(&self.app, request))
    }

    /// The answers to requests that all arrive before any is answered.
    pub(crate) fn at_once(&self, requests: Vec<Request<Body>>) -> Vec<Answer> {
        self.runtime.block_on(async {
            let app = &self.app;
            let under_way: Vec<_> = requests
                .into_iter()
                .map(|request| {
                    let app = app.clone();
                    tokio::spawn(async move { answered(&app, request).await })
                })
                .collect();
            let mut answers = Vec::new();
            for one in under_way {
                answers.push(one.await.unwrap());
            }
            answers
        })
    }

    /// Runs what waits for something, on the runtime of the house's own requests.
    pub(crate) fn run<T>(&self, waiting: impl Future<Output = T>) -> T {
        self.runtime.block_on(waiting)
    }

    /// The answer to a request as it begins, with its body unread.
    pub(crate) fn begun(&self, request: Request<Body>) -> axum::response::Response {
        self.runtime.block_on(self.app.clone().oneshot(request)).unwrap()
    }

    /// The server started again, or a second one beside it.
    pub(crate) fn again(&self, door: web::Door) -> Again<'_> {
        let seed = self.starts.fetch_add(1, Ordering::Relaxed);
        Again {
            house: self,
            app: web::app(shared(
                &self.store,
                &self.clock,
                &self.heads,
                seed,
                door,
                web::Rates { sign_in: 0, search: 0 },
            )),
        }
    }

    pub(crate) fn anybody(&self) -> Visitor<'_> {
        Visitor { house: self, cookie: String::new() }
    }

    /// Signs in as one of the demonstration's people.
    pub(crate) fn sign_in(&self, persona: &str) -> Visitor<'_> {
        let answer = self.anybody().post("/sign-in", &[("persona", persona)]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{persona}");
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        Visitor { house: self, cookie: cookie.split_once(';').unwrap().0.to_owned() }
    }

    /// The place of the last entry of the log.
    pub(crate) fn head(&self) -> i64 {
        self.store.read(|tx| store::log::head(tx)).unwrap().seq
    }

    /// How many things have happened: messages and looks, and whatever people did; not who came and went.
    pub(crate) fn happened(&self) -> i64 {
        self.happened_after(0)
    }

    /// How many of them after an entry of the log.
    pub(crate) fn happened_after(&self, head: i64) -> i64 {
        let mut count = 0;
        let walked = self.store.read(|tx| {
            count = 0;
            store::log::walk(tx, head + 1, &mut |_, entry| {
                count += i64::from(entry.kind != "session");
                Ok(())
            })
        });
        walked.unwrap();
        count
    }
}

/// Somebody with a browser.
pub(crate) struct Visitor<'h> {
    house: &'h House,
    cookie: String,
}

impl Visitor<'_> {
    pub(crate) fn request(&self, method: &str, address: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(address);
        if self.cookie.is_empty() { request } else { request.header(header::COOKIE, &self.cookie) }
    }

    pub(crate) fn get(&self, address: &str) -> Answer {
        self.house.send(self.request("GET", address).body(Body::empty()).unwrap())
    }

    /// A form, as it is: without a token unless it is among the fields.
    pub(crate) fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.request("POST", address);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.house.send(request.body(Body::from(form(fields))).unwrap())
    }

    /// The token of the session, from a page that everybody may see.
    pub(crate) fn token(&self) -> String {
        self.get("/about").between("name=\"token\" value=\"", "\"").to_owned()
    }

    /// A form with the session's token.
    pub(crate) fn send(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token();
        let mut all = vec![("token", token.as_str())];
        all.extend(fields);
        self.post(address, &all)
    }

    /// A form with the session's token and files: name, bytes.
    pub(crate) fn send_files(&self, address: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let token = self.token();
        let mut body = Vec::new();
        for (name, value) in [("token", token.as_str())].iter().chain(fields) {
            let head = format!("--weft\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(head.bytes());
        }
        for (name, bytes) in files {
            let head = format!("--weft\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n");
            body.extend(head.bytes());
            body.extend(b"Content-Type: application/x-whatever\r\n\r\n");
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--weft--\r\n");
        let request = self.request("POST", address);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=weft");
        self.house.send(request.body(Body::from(body)).unwrap())
    }

    /// Looks for somebody by name; the page of who was found.
    pub(crate) fn find(&self, name: &str) -> Answer {
        assert_eq!(self.send("/people", &[("name", name)]).location(), "/people");
        self.get("/people")
    }

    /// The id of the one person of that name.
    pub(crate) fn person(&self, name: &str) -> Uuid {
        let found = self.find(name);
        let at = found.between("<h3 class=\"nhsuk-heading-s weft-tight\"><a href=\"/people/", "\"");
        at.split('/').next().unwrap().parse().unwrap()
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect::<String>()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect::<Vec<_>>().join("&")
}
