//! Searching: the statements on the index give what a plain walk over the same entries gives, on both databases; pages meet
//! each match once; and what a caller may not see decides nothing of what they see.

mod deleting;
mod inference;
mod invented;
mod leak;
mod oracle;
mod paging;
mod plans;
mod policy;
mod sealed;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, LazyLock};

use access::{Asking, Gate, Purpose, Role, Scope, Subject};
use fhir::query::Query;
use proptest::prelude::*;
use record::search::{Found, Limits, Trouble};
use store::Store;
use uuid::Uuid;
use weft_tests::at;
use weft_tests::database::property_on_both;

use invented::{Invented, World};

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn subject(role: Role, own: Option<Uuid>) -> Subject {
    Subject {
        id: role.word().into(),
        name: "A. Tester".into(),
        role,
        organisation: "Test".into(),
        own,
        teams: if role == Role::Citizen { Vec::new() } else { vec![invented::HOLDERS[0].to_owned()] },
        assured: true,
    }
}

thread_local! {
    /// The gates in front of the last few stores: a gate remembers the sittings, so that not every page is a look to keep.
    static GATES: RefCell<VecDeque<(Arc<Store>, Gate)>> = const { RefCell::new(VecDeque::new()) };
}

/// The gate in front of a store.
fn gate(store: &Arc<Store>) -> Gate {
    GATES.with_borrow_mut(|gates| {
        if let Some((_, gate)) = gates.iter().find(|(known, _)| Arc::ptr_eq(known, store)) {
            return gate.clone();
        }
        let gate = Gate::new(store.clone(), Arc::new(Standings));
        gates.push_front((store.clone(), gate.clone()));
        gates.truncate(4);
        gate
    })
}

/// By the tables, with the organisations of the place in the binary.
static STANDINGS: LazyLock<record::standing::Standings> =
    LazyLock::new(|| record::standing::Standings::of(&place::Place::built_in().unwrap()));

/// How people stand, for the gate that opens answers: by the tables, and what comes by `gp` is a district nurse's
/// own, and a GP's own of whoever is registered with them.
struct Standings;

impl access::Standing for Standings {
    fn of(
        &self,
        tx: &mut dyn store::Tx,
        person: Uuid,
        reader: &Subject,
        at: jiff::Timestamp,
    ) -> store::Result<access::Ties> {
        access::Standing::of(&*STANDINGS, tx, person, reader, at)
    }

    fn feeds(&self, reader: &Subject) -> access::Feeds {
        let of = |role| if reader.role == role { vec!["gp".to_owned()] } else { Vec::new() };
        access::Feeds { own: of(Role::DistrictNurse), of_registered: of(Role::Gp) }
    }
}

/// Somebody who searches.
struct Reader {
    subject: Subject,
    purpose: Purpose,
}

impl Reader {
    fn of(role: Role) -> Self {
        Self { subject: subject(role, None), purpose: Purpose::DirectCare }
    }

    fn citizen(own: Uuid) -> Self {
        Self { subject: subject(Role::Citizen, Some(own)), purpose: Purpose::OwnRecord }
    }

    fn asking(&self) -> Asking<'_> {
        Asking { subject: &self.subject, purpose: self.purpose, at: at(5_000) }
    }

    fn scope(&self, store: &Arc<Store>) -> Scope {
        gate(store).scope(&self.asking()).unwrap()
    }

    fn search(&self, store: &Arc<Store>, query: &Query) -> Result<Found, Trouble> {
        self.search_within(store, query, &Limits::default())
    }

    fn search_within(&self, store: &Arc<Store>, query: &Query, limits: &Limits) -> Result<Found, Trouble> {
        let scope = self.scope(store);
        let sealed = store.read(|tx| record::search::search(tx, &scope, query, limits))?;
        let gate = gate(store);
        Ok(wait(gate.open(&self.asking(), access::Action::ReadRecord, sealed)).unwrap())
    }
}

/// Every match, page after page.
fn every_page(reader: &Reader, store: &Arc<Store>, query: &Query) -> Result<Vec<Uuid>, Trouble> {
    let mut query = query.clone();
    let mut all = Vec::new();
    loop {
        let found = reader.search(store, &query)?;
        all.extend(found.resources.iter().map(|resource| resource.id));
        match found.next {
            Some(next) => query.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

fn asked() -> impl Strategy<Value = (Vec<Invented>, Vec<Query>)> {
    (invented::resources(24), proptest::collection::vec(invented::query(), 12))
}

#[test]
fn the_index_answers_as_a_plain_walk_would() {
    property_on_both(24, &asked(), |database, (resources, queries)| {
        let world = World::make(database, &resources);
        let readers = [Reader::of(Role::Gp), Reader::of(Role::SocialWorker), Reader::citizen(world.people[0])];
        for query in &queries {
            for reader in &readers {
                let expected = oracle::matches(&world, &reader.scope(&world.store), query);
                let found = every_page(reader, &world.store, query).unwrap();
                prop_assert_eq!(&found, &expected.matches, "{:?}", query);
                let first = reader.search(&world.store, query).unwrap();
                prop_assert_eq!(first.total, query.total.then_some(expected.matches.len() as u64));
                let mut included: Vec<Uuid> = first.included.iter().map(|resource| resource.id).collect();
                included.sort_unstable();
                let page: Vec<Uuid> = first.resources.iter().map(|resource| resource.id).collect();
                prop_assert_eq!(included, oracle::included(&world, &reader.scope(&world.store), query, &page));
            }
        }
        Ok(())
    });
}
