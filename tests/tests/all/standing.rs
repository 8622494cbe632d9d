//! How people stand to readers: the table of relationships says what a plain walk over everything says, whatever the order in
//! which things were told and people were found to be one, and says it again when it is made again.

use std::collections::{BTreeMap, BTreeSet};

use access::sharing::{Choice, Command as Chosen};
use access::tie::{Command, Relationship};
use access::{Class, Classes, Role, Standing, Subject, Tie, Ties};
use place::Place;
use proptest::prelude::*;
use record::person::{Ground, join};
use record::standing::Standings;
use serde_json::{Value, json};
use store::{Resource, Store};
use uuid::Uuid;
use weft_tests::database::property_on_both;
use weft_tests::{Database, at};

const PEOPLE: usize = 4;
const FEEDS: [&str; 4] = ["hospital", "community", "gp", "api"];
/// Each for a reader of its own. The first three practices are of the place; the last is not.
const TEAMS: [&str; 8] = [
    "ods:P88002",
    "ods:P88623",
    "ods:Y99999",
    "neighbourhood:marple",
    "home:bowerfield-house",
    "organisation:stockport-ft",
    "organisation:stockport-council",
    "organisation:practices",
];
const PRACTICES: [&str; 4] = ["P88002", "P88623", "Y99999", ""];

/// Something told or done.
#[derive(Debug, Clone)]
enum Happens {
    /// A source says who somebody is.
    Patient {
        person: usize,
        verified: bool,
        practice: usize,
        home: bool,
        day: i64,
    },
    /// A source says nothing of them any more.
    Gone {
        person: usize,
        day: i64,
    },
    /// A stay, a caseload, a request: with a number of its own, so that it may be told again.
    Told {
        number: usize,
        person: usize,
        feed: usize,
        kind: usize,
        status: usize,
        day: i64,
    },
    Joined {
        person: usize,
        into: usize,
    },
    TakenOn {
        person: usize,
        team: usize,
    },
    /// The relationship that was opened so many before.
    LetGo {
        back: usize,
    },
    Objects {
        person: usize,
    },
    Agrees {
        person: usize,
    },
    Lets {
        person: usize,
        class: bool,
    },
    LetsNoMore {
        person: usize,
    },
}

fn happens() -> impl Strategy<Value = Happens> {
    use Happens as H;
    let person = || 0..PEOPLE;
    prop_oneof![
        3 => (person(), any::<bool>(), 0..PRACTICES.len(), any::<bool>(), 0..5_i64)
            .prop_map(|(person, verified, practice, home, day)| H::Patient { person, verified, practice, home, day }),
        1 => (person(), 0..5_i64).prop_map(|(person, day)| H::Gone { person, day }),
        6 => (0..4_usize, person(), 0..FEEDS.len(), 0..3_usize, 0..3_usize, 0..5_i64)
            .prop_map(|(number, person, feed, kind, status, day)| H::Told { number, person, feed, kind, status, day }),
        2 => (person(), person()).prop_map(|(person, into)| H::Joined { person, into }),
        1 => (person(), 0..TEAMS.len()).prop_map(|(person, team)| H::TakenOn { person, team }),
        1 => (0..3_usize).prop_map(|back| H::LetGo { back }),
        1 => person().prop_map(|person| H::Objects { person }),
        1 => person().prop_map(|person| H::Agrees { person }),
        1 => (person(), any::<bool>()).prop_map(|(person, class)| H::Lets { person, class }),
        1 => person().prop_map(|person| H::LetsNoMore { person }),
    ]
}

fn reader(team: &str) -> Subject {
    Subject {
        id: format!("of {team}"),
        name: "A. Tester".to_owned(),
        role: Role::Gp,
        organisation: String::new(),
        own: None,
        teams: vec![team.to_owned()],
        assured: true,
    }
}

fn citizen(id: &str, own: Option<Uuid>) -> Subject {
    Subject { id: id.to_owned(), role: Role::Citizen, own, teams: Vec::new(), ..reader("") }
}

fn patient(verified: bool, practice: usize, home: bool, number: usize) -> Value {
    let mut patient = json!({"resourceType": "Patient", "name": [{"family": "Ashworth", "given": ["Margaret"]}]});
    if verified {
        let system = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
        let status =
            json!([{"url": system, "valueCodeableConcept": {"coding": [{"code": "number-present-and-verified"}]}}]);
        let nhs = ["9990001006", "9990002371"][number % 2];
        patient["identifier"] =
            json!([{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": nhs, "extension": status}]);
    }
    if !PRACTICES[practice].is_empty() {
        let code = json!({"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": PRACTICES[practice]});
        patient["generalPractitioner"] = json!([{"identifier": code}]);
    }
    if home {
        patient["address"] = json!([{"line": ["1 Broadwood Close"], "postalCode": "SK12 2NJ"}]);
    }
    patient
}

/// What is told, and the tie it opens if any.
fn told(kind: usize, status: usize) -> (&'static str, Value, Option<Tie>) {
    let (name, words, tie) = [
        ("Encounter", ["in-progress", "planned", "cancelled"], Tie::Episode),
        ("CareTeam", ["active", "proposed", "entered-in-error"], Tie::Caseload),
        ("ServiceRequest", ["active", "completed", "revoked"], Tie::Ask),
    ][kind];
    (name, json!({"resourceType": name, "status": words[status]}), (status == 0).then_some(tie))
}

/// Everything that happened, and what follows from it, said plainly.
#[derive(Default)]
struct Plain {
    /// Whose each leaf is now.
    roots: BTreeMap<Uuid, Uuid>,
    /// What stands of each resource: its leaf, its feed, its time, and what it is.
    resources: BTreeMap<Uuid, (Uuid, usize, i64, What)>,
    /// Open caseloads: the leaf, the team.
    caseloads: BTreeMap<Uuid, (Uuid, usize)>,
    /// Leaves whose roots object; what their roots have let the one proxy see.
    objects: Vec<Uuid>,
    lets: Vec<(Uuid, Classes)>,
}

#[derive(Clone)]
enum What {
    Patient { verified: bool, practice: usize, home: bool },
    Tie(Option<Tie>),
    Nothing,
}

impl Plain {
    fn root(&self, leaf: Uuid) -> Uuid {
        self.roots[&leaf]
    }

    /// How a root stands to a team.
    fn ties(&self, root: Uuid, team: &str) -> Ties {
        let mut ties = Ties::none();
        let mut hold = |tie| ties = ties.with(tie, Classes::ALL);
        let patients = self.resources.iter().filter_map(|(id, (leaf, _, time, what))| match what {
            What::Patient { verified, practice, home } if self.root(*leaf) == root => {
                Some(((*verified, *time, *id), *practice, *home))
            }
            _ => None,
        });
        if let Some((_, practice, home)) = patients.max_by_key(|(order, ..)| *order) {
            if team == format!("ods:{}", PRACTICES[practice]) {
                hold(Tie::Registration);
            }
            if team == "neighbourhood:marple" && ["P88002", "P88623"].contains(&PRACTICES[practice]) {
                hold(Tie::Neighbourhood);
            }
            if team == "home:bowerfield-house" && home {
                hold(Tie::Residence);
            }
        }
        for (leaf, feed, _, what) in self.resources.values() {
            if let What::Tie(Some(tie)) = what
                && self.root(*leaf) == root
                && team == "organisation:stockport-ft"
                && ["hospital", "community"].contains(&FEEDS[*feed])
            {
                hold(*tie);
            }
        }
        for (leaf, holder) in self.caseloads.values() {
            if self.root(*leaf) == root && TEAMS[*holder] == team {
                hold(Tie::Caseload);
            }
        }
        if self.objects.iter().any(|leaf| self.root(*leaf) == root) { ties.objecting() } else { ties }
    }
}

fn put(store: &Store, resource: &Resource) -> bool {
    let resource = resource.clone();
    let stored = store.write(move |write| write.put_resource(&mut resource.clone()));
    stored.unwrap() == store::Stored::Current
}

fn resource(id: u128, leaf: Uuid, kind: &str, feed: &str, day: i64, body: &Value) -> Resource {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    Resource {
        id: Uuid::from_u128(id),
        version: 0,
        person: leaf,
        kind: kind.to_owned(),
        feed: feed.to_owned(),
        source_id: id.to_string(),
        as_of: at(day * 86_400),
        arrived: at(0),
        message: Uuid::nil(),
        hash: store::blob::sha256(body.as_bytes()),
        seq: 0,
        parsed: None,
        prepared: None,
        body,
    }
}

/// Does one thing to the store and to the plain account of it.
fn act(store: &Store, plain: &mut Plain, leaves: &[Uuid], opened: &mut Vec<Uuid>, moment: i64, what: &Happens) {
    let now = at(moment);
    let stands = |plain: &mut Plain, id: u128, leaf, feed, kind: &str, day, body: &Value, what| {
        let feed_name = FEEDS[feed];
        if put(store, &resource(id, leaf, kind, feed_name, day, body)) {
            plain.resources.insert(Uuid::from_u128(id), (leaf, feed, day, what));
        }
    };
    let choose = |plain: &Plain, person: usize, choice: Choice| {
        let root = plain.root(leaves[person]);
        let command = Chosen { by: citizen("themselves", Some(root)), person: root, choice };
        let known_as = leaves.iter().copied().filter(|leaf| plain.root(*leaf) == root).collect::<Vec<_>>();
        // What was so already is no matter.
        let done = store.write(move |write| match access::sharing::choose(write, &command, &known_as, "test", now) {
            Ok(()) | Err(store::Refused::Rules(_)) => Ok::<_, store::Error>(()),
            Err(store::Refused::Store(error)) => Err(error),
        });
        done.unwrap();
        root
    };
    match *what {
        Happens::Patient { person, verified, practice, home, day } => {
            let (body, id) = (patient(verified, practice, home, person), 100 + person as u128);
            let what = What::Patient { verified, practice, home };
            stands(plain, id, leaves[person], 2, "Patient", day, &body, what);
        }
        Happens::Gone { person, day } => {
            stands(plain, 100 + person as u128, leaves[person], 2, "Patient", day, &Value::Null, What::Nothing);
        }
        Happens::Told { number, person, feed, kind, status, day } => {
            let (name, body, tie) = told(kind, status);
            let id = (200 + 100 * kind + 10 * feed + number) as u128;
            stands(plain, id, leaves[person], feed, name, day, &body, What::Tie(tie));
        }
        Happens::Joined { person, into } => {
            let (prior, surviving) = (leaves[person], leaves[into]);
            store.write(move |write| join(write, prior, surviving, Ground::Source, "test", now)).unwrap();
            let (from, to) = (plain.root(prior), plain.root(surviving));
            plain.roots.values_mut().filter(|root| **root == from).for_each(|root| *root = to);
        }
        Happens::TakenOn { person, team } => {
            let (root, by) = (plain.root(leaves[person]), reader(TEAMS[team]));
            let (holder, because) = (TEAMS[team].to_owned(), "after a visit".to_owned());
            let open = Command::Open { by, person: root, tie: Tie::Caseload, holder, until: at(90 * 86_400), because };
            let id = store.write(move |write| match access::tie::open(write, open.clone(), "test", now) {
                Ok(id) => Ok(id),
                Err(refused) => panic!("{refused:?}"),
            });
            let id = id.map_err(|error: store::Error| error).unwrap();
            opened.push(id);
            plain.caseloads.insert(id, (root, team));
        }
        Happens::LetGo { back } => {
            let Some(id) = opened.iter().rev().nth(back).copied() else { return };
            let Some((_, team)) = plain.caseloads.remove(&id) else { return };
            let (by, because) = (reader(TEAMS[team]), "all is done".to_owned());
            let close = Command::Close { by, because };
            store.write(move |write| write.execute::<Relationship>(id, close.clone(), "test", now)).unwrap();
        }
        Happens::Objects { person } => {
            let root = choose(plain, person, Choice::Object(String::new()));
            plain.objects.push(root);
        }
        Happens::Agrees { person } => {
            let root = choose(plain, person, Choice::WithdrawObjection);
            let roots = plain.roots.clone();
            plain.objects.retain(|leaf| roots[leaf] != root);
        }
        Happens::Lets { person, class } => {
            let class = if class { Class::Medicine } else { Class::Plan };
            let classes = Classes::of([Class::Identity, class]);
            let (reader, name) = ("reader:daughter".to_owned(), "Ruth".to_owned());
            let until = jiff::civil::date(2027, 3, 1);
            let root = choose(plain, person, Choice::AllowProxy { reader, name, classes, until, born: None });
            let roots = plain.roots.clone();
            plain.lets.retain(|(leaf, _)| roots[leaf] != root);
            plain.lets.push((root, classes));
        }
        Happens::LetsNoMore { person } => {
            let root = choose(plain, person, Choice::EndProxy("reader:daughter".to_owned()));
            let roots = plain.roots.clone();
            plain.lets.retain(|(leaf, _)| roots[leaf] != root);
        }
    }
}

#[test]
fn relationships_follow_what_is_told_in_whatever_order_and_are_the_same_when_made_again() {
    property_on_both(60, &proptest::collection::vec(happens(), 1..24), |database, story| {
        let store = database.open();
        let standings = Standings::of(&Place::built_in().unwrap());
        let leaves: Vec<Uuid> = (0..PEOPLE)
            .map(|person| {
                let local = person.to_string();
                store.write(move |write| record::person::leaf(write, "gp", &local, "test", at(0))).unwrap().0
            })
            .collect();
        let mut plain = Plain { roots: leaves.iter().map(|leaf| (*leaf, *leaf)).collect(), ..Plain::default() };
        let mut opened = Vec::new();
        for (moment, what) in story.iter().enumerate() {
            act(&store, &mut plain, &leaves, &mut opened, 1 + moment as i64, what);
        }
        // After everything, and before anything has run out.
        let now = at(6 * 86_400);
        let roots: BTreeSet<Uuid> = plain.roots.values().copied().collect();
        for root in roots {
            for team in TEAMS {
                let found = store.read(|tx| standings.of(tx, root, &reader(team), now)).unwrap();
                prop_assert_eq!(found, plain.ties(root, team), "{} {:?}", team, story);
            }
            let let_in = plain.lets.iter().find(|(leaf, _)| plain.root(*leaf) == root);
            let found = store.read(|tx| standings.of(tx, root, &citizen("daughter", None), now)).unwrap();
            prop_assert_eq!(found.classes(Tie::Proxy), let_in.map(|(_, classes)| *classes).unwrap_or_default());
        }
        for leaf in &leaves {
            let own = store.read(|tx| standings.of(tx, plain.root(*leaf), &citizen("own", Some(*leaf)), now)).unwrap();
            prop_assert!(own.has(Tie::Own, Class::Problem), "whoever was joined is still themselves");
        }
        // The resources here came by no message; of everything else the database agrees with itself.
        let mut findings = store.verify(None).unwrap().findings;
        findings.retain(|finding| finding.table != "resource");
        prop_assert_eq!(findings, Vec::new(), "{:?}", story);
        Ok(())
    });
}

#[test]
fn a_relationship_begins_and_ends_with_its_time() {
    let database = Database::sqlite();
    let store = database.open();
    let standings = Standings::of(&Place::built_in().unwrap());
    let leaf = store.write(|write| record::person::leaf(write, "hospital", "1", "test", at(0))).unwrap().0;
    let day = 86_400;
    let stay = json!({"resourceType": "Encounter", "status": "finished",
        "period": {"start": at(day).to_string(), "end": at(2 * day).to_string()}});
    assert!(put(&store, &resource(1, leaf, "Encounter", "hospital", 2, &stay)));
    let ward = reader("organisation:stockport-ft");
    let tied = |seconds: i64| {
        let ties = store.read(|tx| standings.of(tx, leaf, &ward, at(seconds))).unwrap();
        ties.has(Tie::Episode, Class::Problem)
    };
    assert_eq!([0, day - 1, day, 2 * day, 32 * day, 33 * day].map(tied), [false, false, true, true, true, false]);
}

#[test]
fn what_comes_from_ones_own_organisation_is_ones_own() {
    let standings = Standings::of(&Place::built_in().unwrap());
    let feeds = |team: &str| standings.feeds(&reader(team));
    assert_eq!(feeds("organisation:stockport-ft").own, ["community", "hospital", "api:organisation:stockport-ft"]);
    assert_eq!(feeds("organisation:stockport-council").own, ["social-care", "api:organisation:stockport-council"]);
    assert_eq!(feeds("ods:P88002").own, ["api:ods:P88002"]);
    assert_eq!(feeds("ods:P88002").of_registered, ["gp", "gp-extract"]);
    for nobody in
        ["neighbourhood:marple", "organisation:practices", "organisation:nhs-england", "home:bowerfield-house"]
    {
        assert_eq!(feeds(nobody).own, [format!("api:{nobody}")]);
        assert!(feeds(nobody).of_registered.is_empty(), "{nobody}");
    }
    // What practices send is a reader's own where the person is registered with theirs, whoever else they act for.
    let mut both = reader("ods:P88002");
    both.teams.push("neighbourhood:marple".to_owned());
    let feeds = standings.feeds(&both);
    let registered = Ties::none().with(Tie::Registration, Classes::ALL);
    let known = Ties::none().with(Tie::Neighbourhood, Classes::ALL).with(Tie::Booking, Classes::ALL);
    assert!(feeds.ours("gp", &registered, Class::Problem) && !feeds.ours("gp", &known, Class::Problem));
    assert!(!feeds.ours("hospital", &registered, Class::Problem));
    assert!(feeds.ours("api:neighbourhood:marple", &Ties::none(), Class::Problem));
    assert!(
        !feeds.ours("api:ods:P88014", &registered, Class::Problem) && !feeds.ours("api", &registered, Class::Problem)
    );
}

#[test]
fn a_place_that_changes_has_its_relationships_made_again() {
    let version = |place: &Place| {
        let views = record::views(place);
        views.iter().find(|view| view.name() == "standing").unwrap().version()
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../places/stockport");
    let changed = tempfile::tempdir().unwrap();
    copy(&folder, changed.path());
    let same = version(&Place::from_folder(changed.path()).unwrap());
    assert_eq!(same, version(&Place::built_in().unwrap()));
    let file = changed.path().join("practices.csv");
    let words = std::fs::read_to_string(&file).unwrap();
    let line = words.lines().find(|line| line.starts_with("P88002,")).unwrap();
    std::fs::write(&file, words.replace(line, &line.replace(",marple,", ",cheadle,"))).unwrap();
    match Place::from_folder(changed.path()) {
        Ok(place) => assert_ne!(version(&place), same),
        Err(problems) => panic!("{problems}"),
    }
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&there).unwrap();
            copy(&entry.path(), &there);
        } else {
            std::fs::copy(entry.path(), there).unwrap();
        }
    }
}
