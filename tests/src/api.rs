//! The FHIR API without HTTP, for tests: somebody signed in who asks and is answered, looks written down and all.

use std::cell::RefCell;
use std::sync::Arc;

use access::{Action, Asking, Gate, Purpose, Role, Scope, Sealed, Subject};
use jiff::Timestamp;
use record::interaction::{self, Body, Content, Do, Done, Door, Failed, History, Prepared, Read, Request, Task, Which};
use record::search::Found;
use serde_json::Value;
use store::{Resource, Store, Tx};
use uuid::Uuid;

use crate::entropy::{Seeded, at};
use crate::samples::INDEX;

/// Where the API of the tests stands.
pub const BASE: &str = "https://weft.example/fhir";

/// Somebody signed in to the API.
pub struct Api {
    /// The store behind it.
    pub store: Arc<Store>,
    /// The gate in front of it.
    pub gate: Gate,
    subject: Subject,
    /// Whether it may give ids to what is not there yet, as these tests do to name things.
    pub client_ids: bool,
    clock: RefCell<(i64, Seeded)>,
}

impl Api {
    /// A general practitioner over an open store.
    #[must_use]
    pub fn of(store: Store) -> Self {
        let store = Arc::new(store);
        Self::over(&store, Role::Gp)
    }

    /// Somebody over a store that others use, too.
    #[must_use]
    pub fn over(store: &Arc<Store>, role: Role) -> Self {
        let subject = Subject {
            id: format!("test-{}", role.word()),
            name: "Somebody Testing".to_owned(),
            role,
            organisation: "The tests".to_owned(),
            own: None,
            teams: vec!["ods:P88002".to_owned()],
            assured: true,
        };
        let seed = role.word().bytes().map(u64::from).sum();
        let gate = crate::samples::gate(store);
        Self { store: store.clone(), gate, subject, client_ids: true, clock: RefCell::new((0, Seeded::new(seed))) }
    }

    /// The same somebody, who acts for another organisation or team.
    #[must_use]
    pub fn acting_for(mut self, team: &str) -> Self {
        self.subject.teams = vec![team.to_owned()];
        self
    }

    /// The moment of the next request: ten milliseconds after the last.
    fn moment(&self) -> Timestamp {
        let mut clock = self.clock.borrow_mut();
        clock.0 += 1;
        at(0) + jiff::SignedDuration::from_millis(10 * clock.0)
    }

    /// The door for one request.
    #[must_use]
    pub fn door(&self) -> Door {
        let at = self.moment();
        let mut clock = self.clock.borrow_mut();
        let seed = Uuid::from_u64_pair(clock.1.number(), clock.1.number());
        Door {
            subject: self.subject.clone(),
            purpose: Purpose::DirectCare,
            at,
            seed,
            base: BASE.to_owned(),
            limits: record::search::Limits::default(),
            index: Arc::new(INDEX.clone()),
            client_ids: self.client_ids,
        }
    }

    fn asking(&self) -> Asking<'_> {
        Asking { subject: &self.subject, purpose: Purpose::DirectCare, at: self.moment() }
    }

    /// What they may find.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.gate.scope(&self.asking()).expect("the role reads records")
    }

    /// Opens an answer; the look is on the disk then.
    pub fn open<T>(&self, sealed: Sealed<T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(self.gate.open(&self.asking(), Action::ReadRecord, sealed)).expect("the look is kept")
    }

    /// Prepares and does a request.
    ///
    /// # Errors
    /// Why not.
    pub fn request(&self, request: Request, door: Door) -> Result<Vec<Done>, Failed> {
        let prepared = Prepared::of(request, &door)?;
        let scope = self.scope();
        let sealed = if prepared.reads_only() {
            self.store.read(|tx| interaction::answer(tx, &scope, &prepared))?
        } else {
            self.store.write(move |write| interaction::apply(write, &door, &scope, &prepared))?
        };
        Ok(self.open(sealed))
    }

    /// Sends a Bundle.
    ///
    /// # Errors
    /// Why not.
    pub fn bundle(&self, bundle: &Value) -> Result<Vec<Done>, Failed> {
        self.bytes(bundle.to_string().as_bytes())
    }

    /// Sends the bytes of a Bundle.
    ///
    /// # Errors
    /// Why not.
    pub fn bytes(&self, bytes: &[u8]) -> Result<Vec<Done>, Failed> {
        let door = self.door();
        self.request(Request::bundle(bytes, &door)?, door)
    }

    /// Asks for one thing.
    ///
    /// # Errors
    /// Why not.
    pub fn one(&self, kind: &str, interaction: Do, body: Option<&Value>) -> Result<Done, Failed> {
        let raw = body.map(ToString::to_string).unwrap_or_default();
        let body = body.map(|_| Body::parse(raw.as_bytes())).transpose()?;
        let task = Task { interaction, kind: kind.to_owned(), body, full_url: None };
        let mut done = self.request(Request::one(task, raw.as_bytes()), self.door())?;
        Ok(done.remove(0))
    }

    /// Creates a resource.
    ///
    /// # Errors
    /// Why not.
    pub fn create(&self, body: &Value) -> Result<Done, Failed> {
        self.one(body["resourceType"].as_str().unwrap_or_default(), Do::Create { if_none_exist: None }, Some(body))
    }

    /// Puts a resource under its own id.
    ///
    /// # Errors
    /// Why not.
    pub fn put(&self, body: &Value, if_match: Option<i64>) -> Result<Done, Failed> {
        let which = Which::Id(body["id"].as_str().unwrap_or_default().to_owned());
        self.one(body["resourceType"].as_str().unwrap_or_default(), Do::Update { which, if_match }, Some(body))
    }

    /// Deletes a resource.
    ///
    /// # Errors
    /// Why not.
    pub fn delete(&self, kind: &str, id: &str, if_match: Option<i64>) -> Result<Done, Failed> {
        self.one(kind, Do::Delete { which: Which::Id(id.to_owned()), if_match }, None)
    }

    /// Patches a resource.
    ///
    /// # Errors
    /// Why not.
    pub fn patch(&self, kind: &str, id: &str, patch: &Value, if_match: Option<i64>) -> Result<Done, Failed> {
        let which = Which::Id(id.to_owned());
        self.one(kind, Do::Patch { which, patch: patch.clone(), if_match }, None)
    }

    /// Reads on a snapshot and opens the answer.
    pub fn look<T>(&self, ask: impl Fn(&mut dyn Tx, &Scope) -> Result<Sealed<T>, Failed>) -> Result<T, Failed> {
        let scope = self.scope();
        let sealed = self.store.read(|tx| ask(tx, &scope))?;
        Ok(self.open(sealed))
    }

    /// Reads one resource.
    #[must_use]
    pub fn read(&self, kind: &str, id: &str) -> Read {
        self.look(|tx, scope| Ok(interaction::read(tx, scope, kind, id)?)).expect("the database answers")
    }

    /// What is sent of one resource that has to be there.
    #[must_use]
    pub fn shown(&self, kind: &str, id: &str) -> Value {
        match self.read(kind, id) {
            Read::Found(resource) => sent(&resource),
            other => panic!("{kind}/{id}: {other:?}"),
        }
    }

    /// The history of one resource, all of it.
    #[must_use]
    pub fn history(&self, kind: &str, id: &str) -> Option<History> {
        let all = |tx: &mut dyn Tx, scope: &Scope| interaction::history(tx, scope, kind, Some(id), None, 1_000, None);
        self.look(all).expect("the database answers")
    }

    /// Everything about a patient, on one page.
    #[must_use]
    pub fn everything(&self, id: &str) -> Option<Found> {
        self.look(|tx, scope| interaction::everything(tx, scope, id, &interaction::Everything::default()))
            .expect("the database answers")
    }
}

/// What is sent of a resource, as a client parses it.
#[must_use]
pub fn sent(resource: &Resource) -> Value {
    serde_json::from_str(&interaction::served(resource)).expect("what is sent is JSON")
}

/// The id of what was made.
#[must_use]
pub fn id(done: &Done) -> String {
    done.id.clone().expect("it has an id")
}

/// The resource an answer shows.
#[must_use]
pub fn resource(done: &Done) -> Value {
    match &done.content {
        Content::Resource(resource) => sent(resource),
        other => panic!("{other:?}"),
    }
}

/// The status, and the place and words of the first issue, of a refusal.
#[must_use]
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, Failed>) -> (u16, String, String) {
    match outcome {
        Err(Failed::Refused { refusal, .. }) => {
            let issue = refusal.issues.first().expect("a refusal says why").clone();
            (refusal.status, issue.at.unwrap_or_default(), issue.words)
        }
        other => panic!("it should have been refused: {other:?}"),
    }
}
