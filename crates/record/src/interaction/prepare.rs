//! Everything of a request that can be done before the writer's turn: resources validated, ids given, references rewritten,
//! texts hashed. Pure: it knows no database, so what depends on one (a conditional operation) is left open for [`super::apply`].

use std::collections::HashMap;

use fhir::issue::{Code, Issue, Severity};
use sha2::{Digest, Sha256};
use store::Blob;

use super::body::Body;
use super::reference::{self, Around, Mentions, Neighbours, To};
use super::settle::{Act, Aim, Draft, Step, Writing};
use super::{Do, Door, Failed, Refusal, Request, Task, Which, bundle, sound_id};
use crate::sensitivity;

/// Types that are no resources to keep.
const NOT_KEPT: [&str; 4] = ["AuditEvent", "Bundle", "OperationOutcome", "Parameters"];

/// A request ready to be written.
#[derive(Debug)]
pub struct Prepared {
    pub(super) blob: Blob,
    pub(super) size: u64,
    /// What its searches may cost.
    pub(super) limits: crate::search::Limits,
    /// What a person would call the message.
    pub(super) kind: String,
    pub(super) whole: bool,
    pub(super) bundle: bool,
    /// It holds something that the law restricts, whether it is taken in or not.
    pub(super) restricted: bool,
    pub(super) steps: Vec<Result<Step, Refusal>>,
    /// `Type/id` of what each entry makes or changes, as far as it is known before the writer's turn.
    pub(super) names: Vec<Option<String>>,
}

impl Prepared {
    /// Prepares a request.
    ///
    /// # Errors
    /// For a transaction or a single task: everything that is wrong with it. What is wrong in a batch waits for its turn.
    pub fn of(request: Request, door: &Door) -> Result<Self, Failed> {
        let Request { raw, whole, bundle, tasks } = request;
        let kind = match tasks.as_slice() {
            [Ok(task)] if !bundle => format!("{} {}", verb(&task.interaction), task.kind),
            _ if whole => "transaction".to_owned(),
            _ => "batch".to_owned(),
        };
        let transaction = whole && bundle;
        let restricted = tasks.iter().flatten().any(is_restricted);
        let mut plan = Plan { door, transaction, neighbours: Neighbours::default(), ids: Vec::new(), open: Vec::new() };
        let tasks: Vec<Result<Task, Refusal>> =
            tasks.into_iter().enumerate().map(|(entry, task)| plan.name(entry, task)).collect();
        let steps: Vec<Result<Step, Refusal>> =
            tasks.into_iter().enumerate().map(|(entry, task)| plan.step(entry, task?, bundle)).collect();
        if transaction {
            bundle::all_or_first(&steps)?;
        } else if whole && let Some(Err(refusal)) = steps.first() {
            return Err(refusal.clone().into());
        }
        // What has no body (a delete) is kept as the words that asked for it.
        let raw = if raw.is_empty() { kind.as_bytes() } else { &raw };
        let (blob, size) = (Blob::of(raw), raw.len() as u64);
        let names = plan.ids.iter().map(|id| id.as_ref().map(|(kind, id)| format!("{kind}/{id}"))).collect();
        Ok(Self { blob, size, limits: door.limits, kind, whole, bundle, restricted, steps, names })
    }

    /// True where nothing is asked to be written: [`super::answer`] serves it without the writer.
    #[must_use]
    pub fn reads_only(&self) -> bool {
        self.steps.iter().all(|step| !matches!(step, Ok(Step::Write(_))))
    }

    /// How many things are asked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// True where nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Whether what is sent holds something that the law restricts.
fn is_restricted(task: &Task) -> bool {
    let sent = task
        .body
        .as_ref()
        .is_some_and(|body| sensitivity::of(&task.kind, body.value()) == access::Sensitivity::Restricted);
    sent || matches!(&task.interaction, Do::Patch { patch, .. } if sensitivity::is_barred_anywhere(patch))
}

fn verb(interaction: &Do) -> &'static str {
    match interaction {
        Do::Create { .. } => "create",
        Do::Update { .. } => "update",
        Do::Patch { .. } => "patch",
        Do::Delete { .. } => "delete",
        Do::Read { .. } => "read",
        Do::Search { .. } => "search",
    }
}

/// What is known of the whole request while its parts are prepared.
struct Plan<'a> {
    door: &'a Door,
    transaction: bool,
    neighbours: Neighbours,
    /// Type and id of what each entry makes or changes.
    ids: Vec<Option<(String, String)>>,
    /// Entries whose id only the database knows.
    open: Vec<bool>,
}

impl Plan<'_> {
    /// Gives an entry its id, and notes what its neighbours call it.
    fn name(&mut self, entry: usize, task: Result<Task, Refusal>) -> Result<Task, Refusal> {
        self.ids.push(None);
        self.open.push(false);
        let task = task?;
        let own = task.body.as_ref().and_then(Body::id).map(str::to_owned);
        let (id, open) = match &task.interaction {
            Do::Create { if_none_exist } => (Some(self.fresh(entry)), if_none_exist.is_some()),
            Do::Update { which: Which::Id(id), .. } | Do::Patch { which: Which::Id(id), .. } => {
                (Some(id.clone()), false)
            }
            Do::Update { which: Which::Matching(_), .. } => (Some(own.unwrap_or_else(|| self.fresh(entry))), true),
            Do::Patch { .. } => (None, true),
            Do::Delete { .. } | Do::Read { .. } | Do::Search { .. } => (None, false),
        };
        if let Some(id) = id
            && let (Some(named), Some(opened)) = (self.ids.last_mut(), self.open.last_mut())
        {
            *named = Some((task.kind.clone(), id));
            *opened = open;
            if self.transaction
                && let Some(url) = &task.full_url
                && !self.neighbours.add(url, entry)
            {
                let words = "another entry has this fullUrl already; give each entry its own";
                return Err(Refusal { status: 400, issues: vec![Issue::error(Code::Duplicate, words).at("fullUrl")] });
            }
        }
        Ok(task)
    }

    /// The id of what an entry creates: in order of time, and as unlikely to be guessed as the request's own number.
    fn fresh(&self, entry: usize) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"weft-entry-1");
        hasher.update(self.door.seed.as_bytes());
        hasher.update((entry as u64).to_le_bytes());
        let digest: [u8; 32] = hasher.finalize().into();
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        store::aggregate::uuid_v7(self.door.at, random).hyphenated().to_string()
    }

    fn step(&self, entry: usize, task: Task, in_bundle: bool) -> Result<Step, Refusal> {
        let Task { interaction, kind, body, full_url } = task;
        if NOT_KEPT.contains(&kind.as_str()) {
            let words = match kind.as_str() {
                "AuditEvent" => "an AuditEvent cannot be written, and is read and searched by itself: Weft writes one for every look".to_owned(),
                _ => format!("a {kind} is not kept as a resource here"),
            };
            return Err(Refusal::new(400, Code::NotSupported, words));
        }
        let planned = self.ids.get(entry).and_then(Option::as_ref).map(|(_, id)| id.clone()).unwrap_or_default();
        let aim = |which, otherwise| match which {
            Which::Id(id) => Aim::Id(id),
            Which::Matching(query) => Aim::Matching(query, otherwise),
        };
        let (act, aim, if_match) = match interaction {
            Do::Read { id, version } => return Ok(Step::Read { kind, id, version }),
            Do::Search { query } => return Ok(Step::Search { query }),
            Do::Delete { which, if_match } => (Act::Delete, aim(which, None), if_match),
            Do::Patch { which, patch, if_match } => (Act::Patch(patch), aim(which, None), if_match),
            Do::Create { if_none_exist: None } => (Act::Create, Aim::New(planned.clone()), None),
            Do::Create { if_none_exist: Some(query) } => {
                (Act::Create, Aim::Matching(query, Some(planned.clone())), None)
            }
            Do::Update { which, if_match } => (Act::Update, aim(which, Some(planned.clone())), if_match),
        };
        if let Aim::Id(id) = &aim
            && !sound_id(id)
        {
            return Err(Refusal::new(
                400,
                Code::Value,
                "the id is not one as FHIR writes it: 1 to 64 letters, digits, '-' and '.'",
            ));
        }
        let inside = if in_bundle { "resource" } else { kind.as_str() }.to_owned();
        let mut writing = Writing { kind, act, aim, if_match, planned: None, draft: None };
        if matches!(writing.act, Act::Create | Act::Update) {
            let body = body.ok_or_else(|| Refusal::new(400, Code::Required, "the resource is missing; send it"))?;
            let draft = self.draft(&writing, body, full_url.as_deref()).map_err(|refusal| refusal.within(&inside))?;
            if self.stays_open(&writing.aim, &draft.mentions) {
                writing.draft = Some(draft.clone());
            }
            let name = |entry: usize| {
                let (kind, id) = self.ids.get(entry)?.as_ref()?;
                Some(format!("{kind}/{id}"))
            };
            // An open reference cannot say yet whose the resource is; then the writer settles it.
            let settled = draft.settle(&writing.kind, &planned, &name, &HashMap::new());
            writing.planned = match settled {
                Err(_) if writing.draft.is_some() => None,
                settled => Some(settled.map_err(|refusal| refusal.within(&inside))?),
            };
        }
        Ok(Step::Write(Box::new(writing)))
    }

    /// Whether the resource may have to be settled again once the database has spoken.
    fn stays_open(&self, aim: &Aim, mentions: &Mentions) -> bool {
        matches!(aim, Aim::Matching(..))
            || mentions.iter().any(|(_, to)| match to {
                To::Entry(entry) => self.open.get(*entry).copied().unwrap_or_default(),
                To::Search(_) => true,
                To::Local(_) => false,
            })
    }

    /// Checks a resource by itself: its type, its id, its elements, its references.
    fn draft(&self, writing: &Writing, body: Body, full_url: Option<&str>) -> Result<Draft, Refusal> {
        let kind = writing.kind.as_str();
        match body.kind() {
            Some(said) if said == kind => {}
            Some(_) => {
                let words = format!("the resource is not a {kind}, which the url asks for; send it to its own type");
                return Err(Refusal {
                    status: 400,
                    issues: vec![Issue::error(Code::Invalid, words).at("resourceType")],
                });
            }
            None => {
                let words = "the resource does not say what it is; send it with its resourceType";
                return Err(Refusal {
                    status: 400,
                    issues: vec![Issue::error(Code::Required, words).at("resourceType")],
                });
            }
        }
        if let (Act::Update, Aim::Id(id)) = (&writing.act, &writing.aim)
            && body.id() != Some(id)
        {
            let words = "the resource's id must be there and be the id in the url";
            return Err(Refusal { status: 400, issues: vec![Issue::error(Code::Invalid, words).at("id")] });
        }
        let around = Around {
            neighbours: &self.neighbours,
            full_url,
            reading: self.door.reading(),
            transaction: self.transaction,
        };
        judged(body, &around)
    }
}

/// A resource whose elements and references are as R4 has them. Places are within the resource: `birthDate`.
pub(super) fn judged(body: Body, around: &Around<'_>) -> Result<Draft, Refusal> {
    if sensitivity::is_barred(body.kind().unwrap_or_default(), body.value()) {
        let words = "the law lets few people see what this says, and it does not carry the mark that sharing it is lawful, so it \
                     is not taken in; leave it out, or send it with that mark";
        return Err(Refusal::new(422, Code::BusinessRule, words));
    }
    let (mentions, found) = around.mentions(body.value());
    let mut issues = match reference::stand_ins(body.value(), &mentions) {
        Some(value) => fhir::validate::resource(&value),
        None => fhir::validate::resource(body.value()),
    };
    issues.retain(|issue| issue.severity == Severity::Error);
    let kind = body.kind().unwrap_or_default();
    for issue in &mut issues {
        issue.at = issue.at.take().and_then(|at| {
            let inside = at.strip_prefix(kind).map(|rest| rest.trim_start_matches('.').to_owned()).unwrap_or(at);
            (!inside.is_empty()).then_some(inside)
        });
    }
    // What the definitions say of a reference already is not said twice.
    let new: Vec<Issue> = found.into_iter().filter(|one| !issues.iter().any(|known| known.at == one.at)).collect();
    issues.extend(new);
    if issues.is_empty() { Ok(Draft { body, mentions }) } else { Err(Refusal { status: 422, issues }.bounded()) }
}
