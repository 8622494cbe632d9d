//! A whole decision through the store and back out of its tables.

use store::write::Refused;
use store::{Entropy, Location, Store};

use super::*;
use crate::gate::decision::Refusal;
use crate::gate::decision::tests::story;

struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(self.0);
        self.0 = self.0.wrapping_add(1);
    }
}

fn told(folder: &std::path::Path) -> (Store, Uuid) {
    let store = Store::open(Location::in_folder(folder), crate::views(), Box::new(Counting(1))).unwrap();
    let id = stream("Twenty beds");
    for (command, at) in story() {
        let told = store.write(move |write| -> Result<Decision, Refused<Refusal>> {
            write.execute::<Decision>(id, command.clone(), "test", at)
        });
        assert!(matches!(told, Ok(_) | Err(Refused::Rules(Refusal::Reversed))), "{:?}", told.err());
    }
    (store, id)
}

#[test]
fn a_decision_is_kept_whole_and_read_back_in_every_form_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let (store, id) = told(folder.path());
    let row = store.read(|tx| one(tx, id)).unwrap().unwrap();
    assert_eq!((row.stage.as_str(), row.clock, row.released, row.beds), ("reversed", 1, 0, 20), "{row:?}");
    assert!(row.answer.starts_with("NO: harm was seen"), "{}", row.answer);
    assert_eq!(store.read(|tx| all(tx)).unwrap(), [row]);

    let looks = store.read(|tx| looks(tx, id)).unwrap();
    let [then, now] = looks.as_slice() else { panic!("{looks:?}") };
    assert_eq!((then.instead_of.as_ref(), now.instead_of.as_ref()), (None, Some(&then.hash)));
    assert_eq!(then.month, now.month);
    assert_ne!(then.look.inputs, now.look.inputs);
    assert!(
        then.published.is_none() && now.published.is_some(),
        "the look that was made public is the one that stands"
    );

    let restated = store.read(|tx| restated(tx, id)).unwrap();
    assert_eq!(restated.len(), 1);
    assert_eq!((restated[0].became - restated[0].was, restated[0].reason.as_str()), (3, "late returns"));
    let signed = store.read(|tx| signed(tx, id)).unwrap();
    assert_eq!(signed.len(), 4);
    assert!(signed.iter().all(|signature| signature.look == now.hash));
    let harm = store.read(|tx| harm(tx, id)).unwrap();
    let (last, before) = harm.split_last().unwrap();
    assert!(last.reopened && before.iter().all(|row| !row.reopened), "{harm:?}");
}

#[test]
fn the_tables_are_made_again_from_the_log_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (store, id) = told(folder.path());
    let read = || {
        let of = |tx: &mut dyn Tx| {
            Ok::<_, store::Error>((one(tx, id)?, looks(tx, id)?, restated(tx, id)?, signed(tx, id)?, harm(tx, id)?))
        };
        store.read(of).unwrap()
    };
    let before = read();
    assert!(store.verify(None).unwrap().findings.is_empty());
    store.replay().unwrap();
    assert_eq!(read(), before);
}

#[test]
fn a_decision_cannot_be_begun_twice_under_one_name() {
    assert_eq!(stream("Twenty beds"), stream("Twenty beds"));
    assert_ne!(stream("Twenty beds"), stream("Thirty beds"));
}
