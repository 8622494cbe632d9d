//! Who hears of what: on a database, event by event.

use std::sync::atomic::{AtomicU64, Ordering};

use access::Subject;
use store::{Entropy, Location, Store};

use super::*;
use crate::ask::tests::{CRISIS, DOOR, at, coordinator, gp, person, request, responder, submit, team, triager, words};
use crate::ask::{Act, Command};
use crate::draft::Draft;

struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed) as u8);
    }
}

fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let views = access::views().into_iter().chain(crate::views()).collect();
    let entropy = Box::new(Counting(AtomicU64::new(1)));
    (Store::open(Location::in_folder(folder.path()), views, entropy).unwrap(), folder)
}

const ASK: Uuid = Uuid::from_u128(5);

/// Does something to the ask; what its last entry has changed.
fn topics(store: &Store, by: Subject, act: Act, minute: i64) -> BTreeSet<Topic> {
    let command = Command { by, act };
    store
        .write(move |write| {
            write.execute::<Ask>(ASK, command.clone(), "test", at(minute)).map(|_| ()).map_err(
                |refused| match refused {
                    store::Refused::Rules(refusal) => store::Error::Backend(refusal.to_string()),
                    store::Refused::Store(error) => error,
                },
            )
        })
        .unwrap();
    store
        .read(|tx| {
            let version = log::stream(tx, ASK)?.last().unwrap().version;
            of(tx, &Mark { kind: "ask".to_owned(), stream: ASK, version })
        })
        .unwrap()
}

fn holders(topics: &BTreeSet<Topic>) -> Vec<&str> {
    let holder = |topic: &Topic| match topic {
        Topic::Asks(holder) => Some(holder.clone()),
        _ => None,
    };
    let mut holders: Vec<&str> = Vec::new();
    for word in topics.iter().filter_map(holder) {
        holders.extend(
            [PRACTICE, DOOR, CRISIS, "reader:gp", "reader:coordinator", "reader:triager"]
                .iter()
                .find(|one| **one == word),
        );
        assert!(!word.starts_with("home:"), "{word}");
    }
    holders
}

const PRACTICE: &str = "ods:P88002";

#[test]
fn whoever_has_a_part_in_an_ask_before_or_after_hears_of_it_and_nobody_else() {
    let (store, _folder) = store();
    let draft = Draft::of(None, [("happened".to_owned(), "she fe".to_owned())]);
    let heard = topics(&store, gp(), Act::Draft(draft), 0);
    assert!(heard.is_empty(), "a draft is nobody's but its author's: {heard:?}");

    let heard = topics(&store, gp(), submit(request()), 1);
    assert!(heard.contains(&Topic::Ask(ASK)) && heard.contains(&Topic::Person(person())));
    assert_eq!(holders(&heard), [DOOR, PRACTICE, "reader:gp"]);

    let heard = topics(&store, coordinator(), Act::Receive, 2);
    assert_eq!(holders(&heard), [DOOR, PRACTICE, "reader:coordinator", "reader:gp"]);

    topics(&store, triager(), Act::StartTriage, 3);
    let offer = Act::OfferHop { to: team(CRISIS), note: words("Today"), warm: false };
    let heard = topics(&store, triager(), offer, 4);
    assert_eq!(holders(&heard), [DOOR, PRACTICE, "reader:gp", "reader:triager", CRISIS]);

    // Who gives it back hears of that once more, and then of nothing.
    let back = Act::ReturnHop { because: words("Full") };
    let heard = topics(&store, responder(), back, 5);
    assert!(holders(&heard).contains(&CRISIS));
    let heard = topics(&store, triager(), Act::AddWords { words: words("Still waiting") }, 6);
    assert!(!holders(&heard).contains(&CRISIS), "{heard:?}");
    assert!(holders(&heard).contains(&DOOR));
}

#[test]
fn what_no_page_follows_changes_none() {
    let (store, _folder) = store();
    for kind in ["look", "session", "message", "person", "relationship"] {
        let mark = Mark { kind: kind.to_owned(), stream: ASK, version: 1 };
        assert!(store.read(|tx| of(tx, &mark)).unwrap().is_empty(), "{kind}");
    }
}
