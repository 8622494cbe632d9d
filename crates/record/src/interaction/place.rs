//! One resource put in its place on the writer's turn: may they, is it the version they have seen, whose is it.

use std::collections::HashMap;

use access::Item;
use fhir::issue::{Code, Issue};
use store::{Resource, Stored, Write};
use uuid::Uuid;

use super::apply::Target;
use super::body::Body;
use super::identity::feed_of;
use super::prepare::judged;
use super::reference::{Around, Neighbours};
use super::session::Session;
use super::settle::{Act, Aim, Planned, Writing};
use super::{Content, Done, Failed, Refusal, is_api, row_id, whose, withheld};
use crate::person::Ground;
use crate::standing::span;
use crate::views;

impl Done {
    pub(super) fn of(status: u16, resource: Resource) -> Self {
        Self {
            status,
            kind: resource.kind.clone(),
            id: Some(super::logical_id(&resource)),
            version: Some((resource.version, resource.arrived)),
            content: if resource.is_deleted() { Content::Nothing } else { Content::Resource(Box::new(resource)) },
            was_read: false,
            issues: Vec::new(),
        }
    }
}

fn refused<T>(status: u16, code: Code, words: impl Into<String>) -> Result<T, Failed> {
    Err(Refusal::new(status, code, words).into())
}

/// The answer to every write that the role does not include, and to one that meets something hidden: it tells nothing more.
fn forbidden<T>() -> Result<T, Failed> {
    refused(403, Code::Forbidden, "your role does not include writing this, or not under this id")
}

impl Session<'_> {
    /// A failure within the resource, with its place as the request has it.
    fn inside(&self, failed: Failed, kind: &str) -> Failed {
        match failed {
            Failed::Refused { refusal, task } => {
                let place = if self.prepared.bundle { "resource" } else { kind };
                Failed::Refused { refusal: refusal.within(place), task }
            }
            other => other,
        }
    }

    /// Does one change; what is withheld does not leave by its answer.
    pub(super) fn change(
        &mut self,
        write: &mut Write<'_>,
        writing: &Writing,
        target: Target,
        found: &HashMap<String, String>,
    ) -> Result<Done, Failed> {
        let mut done = self.changed(write, writing, target, found)?;
        if let Content::Resource(resource) = &mut done.content {
            withheld::one(write.tx(), resource)?;
        }
        Ok(done)
    }

    fn changed(
        &mut self,
        write: &mut Write<'_>,
        writing: &Writing,
        target: Target,
        found: &HashMap<String, String>,
    ) -> Result<Done, Failed> {
        if let Some(instead) = target.instead {
            let root = self.sight.root(write.tx(), instead.person)?;
            self.shown.push(root);
            return Ok(Done::of(200, *instead));
        }
        let Some(id) = target.id.clone() else {
            return match writing.act {
                Act::Delete => Ok(nothing(writing)),
                _ => refused(404, Code::NotFound, "nothing answers the search, so there is nothing to change"),
            };
        };
        match &writing.act {
            Act::Delete => self.delete(write, writing, &id),
            Act::Patch(patch) => self.patch(write, writing, &id, patch),
            Act::Create | Act::Update => {
                let again;
                let planned = match (&writing.planned, &writing.draft) {
                    // Settled for this very id, and nothing it refers to has moved.
                    (Some(planned), None) => planned,
                    (_, Some(draft)) => {
                        let names = &self.names;
                        let name = |entry: usize| names.get(entry).cloned().flatten();
                        let settled = draft.clone().settle(&writing.kind, &id, &name, found);
                        again = settled.map_err(|refusal| self.inside(refusal.into(), &writing.kind))?;
                        &again
                    }
                    (None, None) => return refused(400, Code::Required, "the resource is missing; send it"),
                };
                let new = matches!(writing.aim, Aim::New(_));
                let standing = if new { None } else { store::resource::current(write.tx(), planned.id)? };
                if !self.door.client_ids && gives_id(writing, &target) {
                    self.known(write, standing.as_ref())?;
                }
                let taken = standing.as_ref().is_some_and(|standing| !standing.is_deleted());
                if target.unanswered && taken {
                    let words = "nothing answers the search, and the id sent belongs to another resource; send another id, or none";
                    return refused(409, Code::Conflict, words);
                }
                self.put(write, planned, standing, writing.if_match)
            }
        }
    }

    /// Refuses an id that the client gives to what is not there for it: in the same words whether it is hidden or free.
    fn known(&mut self, write: &mut Write<'_>, standing: Option<&Resource>) -> Result<(), Failed> {
        let seen = match standing {
            Some(standing) => self.sight.sees(write.tx(), standing)?.is_some(),
            None => false,
        };
        if seen { Ok(()) } else { refused(405, Code::NotSupported, NOT_YOURS_TO_NAME) }
    }

    /// What stands under an id, if they may change it. `None`: nothing stands there (or something deleted, which comes with it).
    fn changeable(
        &mut self,
        write: &mut Write<'_>,
        standing: Option<Resource>,
        kind: &str,
    ) -> Result<Option<Resource>, Failed> {
        let Some(standing) = standing else { return Ok(None) };
        if self.sight.sees(write.tx(), &standing)?.is_none() {
            return forbidden();
        }
        if standing.kind != kind {
            return refused(409, Code::Conflict, "this id belongs to a resource of another type; choose another id");
        }
        if !is_api(&standing.feed) {
            let words = format!(
                "this resource is the word of the source {}, which alone can change it; ask that source, or write one of your own",
                standing.feed
            );
            return refused(403, Code::Forbidden, words);
        }
        if !self.sight.may_change(write.tx(), &standing)? {
            return forbidden();
        }
        Ok(Some(standing))
    }

    fn put(
        &mut self,
        write: &mut Write<'_>,
        planned: &Planned,
        standing: Option<Resource>,
        if_match: Option<i64>,
    ) -> Result<Done, Failed> {
        let standing = self.changeable(write, standing, &planned.kind)?;
        if !self.scope.may_ever_write(planned.class) {
            return forbidden();
        }
        unchanged_since(standing.as_ref(), if_match)?;
        let again = withheld::kept(write.tx(), standing.as_ref(), planned)?;
        let planned = again.as_ref().unwrap_or(planned);
        let person = whose::leaf(write, self, planned).map_err(|failed| self.inside(failed, &planned.kind))?;
        let alive = standing.as_ref().filter(|standing| !standing.is_deleted());
        // An entry stays the word of those who wrote it first, whoever changes it.
        let feed = alive.map_or_else(|| feed_of(&self.door.subject), |alive| alive.feed.clone());
        let leaf_root = root(write, person)?;
        let ties = self.sight.ties(write.tx(), leaf_root)?;
        let item = Item {
            sensitivity: crate::sensitivity::of(&planned.kind, &planned.value),
            ours: self.scope.feeds().ours(&feed, &ties, planned.class),
            ..Item::of(planned.class)
        };
        // Somebody of whom nothing is here yet stands in no relationship: the Patient that says who they are is what says
        // where they are registered, so for them it is asked once that stands.
        let first = planned.kind == "Patient" && !views::interaction::is_known(write.tx(), person, planned.id)?;
        if !first && !self.sight.may_write(write.tx(), person, &item)? {
            return forbidden();
        }
        if planned.kind == "RelatedPerson" {
            let root = root(write, person)?;
            withheld::no_relative(write.tx(), &planned.kind, root)?;
        }
        if let Some(alive) = alive {
            let (was, is) = (root(write, alive.person)?, root(write, person)?);
            if was != is && !was.is_nil() {
                let words =
                    "this would move the resource to another person; delete it here and create it under the right one";
                return refused(422, Code::BusinessRule, words);
            }
            if alive.hash == planned.hash && alive.person == person {
                // The same words again are no new version.
                return Ok(Done::of(200, alive.clone()));
            }
        }
        let status = if alive.is_some() { 200 } else { 201 };
        let resource = Resource {
            id: planned.id,
            version: 0,
            person,
            kind: planned.kind.clone(),
            feed,
            source_id: planned.logical.clone(),
            as_of: standing.as_ref().map_or(self.at, |standing| standing.as_of.max(self.at)),
            arrived: self.at,
            message: self.message,
            body: planned.text.clone(),
            hash: planned.hash,
            seq: 0,
            parsed: Some(planned.value.clone()),
            prepared: Some(planned.prepared.clone()),
        };
        let stored = self.store(write, resource)?;
        if first && standing.is_none() {
            whose::taken_on(write, self, person)?;
        }
        if planned.kind == "Patient" && !self.sight.may_write(write.tx(), person, &item)? {
            return forbidden();
        }
        Ok(Done::of(status, stored))
    }

    fn store(&mut self, write: &mut Write<'_>, mut resource: Resource) -> Result<Resource, Failed> {
        match write.put_resource(&mut resource)? {
            Stored::Current => {
                if resource.kind == "Patient" || span::ties(&resource.kind) {
                    self.sight.forget();
                }
                self.rows.push(resource.digest());
                self.people.push(resource.person);
                if resource.kind == "Patient" {
                    let (actor, at) = (self.actor.clone(), self.at);
                    self.door.index.settle(write, &[resource.person], Ground::Weights, &actor, at)?;
                }
                Ok(resource)
            }
            Stored::Late | Stored::Same => {
                Err(store::Error::Corrupt("a write by the API did not become the current version".to_owned()).into())
            }
        }
    }

    fn patch(
        &mut self,
        write: &mut Write<'_>,
        writing: &Writing,
        id: &str,
        patch: &super::Patch,
    ) -> Result<Done, Failed> {
        let gone = || refused(404, Code::NotFound, "there is no such resource");
        let standing = store::resource::current(write.tx(), row_id(&writing.kind, id))?;
        let Some(standing) = standing.filter(|standing| standing.kind == writing.kind) else { return gone() };
        let Some(root) = self.sight.sees(write.tx(), &standing)? else { return gone() };
        if standing.is_deleted() {
            return refused(410, Code::Deleted, "this resource has been deleted; there is nothing to change");
        }
        // A patch is of what its sender can read: a test of it must not tell what is withheld.
        let mut read = standing.clone();
        withheld::one(write.tx(), &mut read)?;
        let value = fhir::patch::apply(read.json()?.as_ref(), patch);
        let value = value.map_err(|issues| Refusal { status: 422, issues })?;
        let kept = |name: &str, word: &str| value.get(name).and_then(serde_json::Value::as_str) == Some(word);
        if !kept("id", id) || !kept("resourceType", &writing.kind) {
            return refused(422, Code::BusinessRule, "a patch cannot change what a resource is or its id");
        }
        let around = Around {
            neighbours: &Neighbours::default(),
            full_url: None,
            reading: self.door.reading(),
            transaction: false,
        };
        let draft = judged(Body::made(value), &around)?;
        let planned = draft.settle(&writing.kind, id, &|_| None, &HashMap::new())?;
        self.shown.push(root);
        self.put(write, &planned, Some(standing), writing.if_match)
    }

    fn delete(&mut self, write: &mut Write<'_>, writing: &Writing, id: &str) -> Result<Done, Failed> {
        let standing = store::resource::current(write.tx(), row_id(&writing.kind, id))?;
        if let Some(standing) = &standing
            && self.sight.sees(write.tx(), standing)?.is_none()
        {
            // As if there were nothing: that something is there is theirs to know who may see it.
            return Ok(nothing(writing));
        }
        let Some(standing) = self.changeable(write, standing, &writing.kind)? else { return Ok(nothing(writing)) };
        unchanged_since(Some(&standing), writing.if_match)?;
        if standing.is_deleted() {
            return Ok(Done { status: 204, ..Done::of(204, standing) });
        }
        if standing.kind == "Patient" && views::interaction::others_of(write.tx(), standing.person, standing.id)? > 0 {
            let words = "there are still resources about this patient; delete those first, so that none is left without its person";
            return refused(409, Code::Conflict, words);
        }
        let gone = Resource {
            as_of: standing.as_of.max(self.at),
            arrived: self.at,
            message: self.message,
            body: String::new(),
            hash: store::blob::sha256(b""),
            version: 0,
            parsed: None,
            prepared: None,
            ..standing
        };
        self.leaves.remove(id);
        self.store(write, gone).map(|stored| Done::of(204, stored))
    }
}

const NOT_YOURS_TO_NAME: &str = "there is no such resource to change, and ids are given here: create it with POST";

/// Whether an update names the resource by an id of the client's own.
fn gives_id(writing: &Writing, target: &Target) -> bool {
    match writing.aim {
        Aim::New(_) => false,
        Aim::Id(_) => true,
        Aim::Matching(..) => {
            let own = writing.draft.as_ref().is_some_and(|draft| draft.body.id().is_some());
            target.unanswered && matches!(writing.act, Act::Update) && own
        }
    }
}

fn root(write: &mut Write<'_>, leaf: Uuid) -> Result<Uuid, Failed> {
    Ok(if leaf.is_nil() { leaf } else { views::person::root(write.tx(), leaf)? })
}

/// A deletion of what is not there.
fn nothing(writing: &Writing) -> Done {
    Done {
        status: 204,
        kind: writing.kind.clone(),
        id: None,
        version: None,
        content: Content::Nothing,
        was_read: false,
        issues: Vec::new(),
    }
}

/// Refuses a change to another version than the one the client has seen.
fn unchanged_since(standing: Option<&Resource>, if_match: Option<i64>) -> Result<(), Failed> {
    let (Some(wanted), now) = (if_match, standing.map(|standing| standing.version)) else { return Ok(()) };
    if now == Some(wanted) {
        return Ok(());
    }
    let words = match now {
        Some(now) => format!(
            "somebody has changed this resource: it is at version {now} and you have seen {wanted}; read it again"
        ),
        None => "there is no version to match; leave If-Match out to create it".to_owned(),
    };
    Err(Refusal { status: 412, issues: vec![Issue::error(Code::Conflict, words)] }.into())
}
