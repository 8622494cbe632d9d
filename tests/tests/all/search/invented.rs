//! Invented resources and queries. A resource says in its own body what the index holds of it, so that these tests need no
//! search parameter of FHIR's; the reader of entries is tested where it stands.

use std::sync::Arc;

use access::Tie;
use fhir::entry::{Entry, Index, half, parameter};
use fhir::query::{By, Comparison, Filter, Include, Prefix, Query, Sort, Text};
use proptest::prelude::*;
use record::views::search::Search;
use serde_json::{Value, json};
use store::resource::resource_id;
use store::{Resource, Store, View};
use uuid::Uuid;
use weft_tests::{Database, Seeded, at};

/// The types: whose class a social worker may see, and one (Observation) that they may not.
pub(super) const KINDS: [&str; 4] = ["Patient", "Observation", "Encounter", "Organization"];
const CODES: [&str; 2] = ["one", "two"];
/// A label that makes an entry sensitive, and one that makes it restricted.
const LABELS: [(&str, &str); 2] =
    [("urn:test:label", "any"), ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "STD")];
const WORDS: [&str; 6] = ["", "ash", "ashworth", "a_h", "ünder", "worth%"];

/// One resource.
#[derive(Debug, Clone)]
pub(super) struct Invented {
    pub(super) kind: usize,
    pub(super) person: usize,
    pub(super) terms: Vec<i64>,
    pub(super) texts: Vec<(usize, usize)>,
    pub(super) dates: Vec<(usize, i64, i64)>,
    pub(super) numbers: Vec<(usize, i64, i64)>,
    pub(super) links: Vec<(usize, usize)>,
    pub(super) present: i64,
    /// How it is labelled: 0 not at all, 1 sensitive, 2 restricted.
    pub(super) label: usize,
}

pub(super) fn resources(most: usize) -> impl Strategy<Value = Vec<Invented>> {
    let few = 0..3_usize;
    let terms = proptest::collection::vec(0..6_i64, few.clone());
    let texts = proptest::collection::vec((0..2_usize, 0..WORDS.len()), few.clone());
    let stretches = || proptest::collection::vec((0..2_usize, 0..12_i64, 1..4_i64), 0..3_usize);
    let links = proptest::collection::vec((0..2_usize, 0..most), 0..4_usize);
    let label = prop_oneof![8 => Just(0_usize), 1 => Just(1), 1 => Just(2)];
    let one = (0..KINDS.len(), 0..3_usize, terms, texts, stretches(), stretches(), links, 0..8_i64, label).prop_map(
        |(kind, person, terms, texts, dates, numbers, links, present, label)| Invented {
            kind,
            person,
            terms,
            texts,
            dates,
            numbers,
            links,
            present,
            label,
        },
    );
    proptest::collection::vec(one, 1..most)
}

/// The source's id of the n-th resource.
pub(super) fn source_id(at: usize) -> String {
    format!("r{at}")
}

impl Invented {
    pub(super) fn kind(&self) -> &'static str {
        KINDS[self.kind]
    }

    /// The body of the n-th resource among these.
    pub(super) fn body(&self, all: &[Self]) -> String {
        let targets: Vec<Value> = self
            .links
            .iter()
            .filter_map(|(code, to)| Some(json!([CODES[*code], all.get(*to)?.kind(), source_id(*to)])))
            .collect();
        let texts: Vec<Value> =
            self.texts.iter().map(|(code, word)| json!([CODES[*code], format!("{}x", WORDS[*word])])).collect();
        let stretches = |of: &[(usize, i64, i64)]| -> Vec<Value> {
            of.iter().map(|(code, low, long)| json!([CODES[*code], low, low + long])).collect()
        };
        let mut body = json!({
            "resourceType": self.kind(), "terms": self.terms, "texts": texts, "dates": stretches(&self.dates),
            "numbers": stretches(&self.numbers), "links": targets, "present": self.present,
        });
        if let Some((system, code)) = self.label.checked_sub(1).and_then(|at| LABELS.get(at)) {
            body["meta"] = json!({"security": [{"system": system, "code": code}]});
        }
        body.to_string()
    }

    pub(super) fn resource(&self, at_place: usize, all: &[Self], people: &[Uuid], feed: &str) -> Resource {
        let body = self.body(all);
        Resource {
            id: resource_id(feed, self.kind(), &source_id(at_place)),
            version: 0,
            person: if self.kind() == "Organization" { Uuid::nil() } else { people[self.person] },
            kind: self.kind().to_owned(),
            feed: feed.to_owned(),
            source_id: source_id(at_place),
            as_of: at(0),
            arrived: at(at_place as i64 / 3),
            message: Uuid::nil(),
            hash: store::blob::sha256(body.as_bytes()),
            seq: 0,
            parsed: None,
            prepared: None,
            body,
        }
    }
}

/// Reads the entries that a body says it has.
pub(super) fn entries(feed: &str, kind: &str, value: &Value) -> Index {
    let rows = |key: &str| value[key].as_array().cloned().unwrap_or_default();
    let word = |row: &Value, at: usize| row[at].as_str().unwrap().to_owned();
    let mut entries = Vec::new();
    for term in rows("terms") {
        entries.push(Entry::Term(fhir::entry::term(kind, "", "t", &term.to_string())));
    }
    for row in rows("texts") {
        entries.push(Entry::Text { parameter: parameter(kind, &word(&row, 0)), text: word(&row, 1) });
    }
    for row in rows("dates") {
        let (low, high) = (row[1].as_i64().unwrap(), row[2].as_i64().unwrap());
        entries.push(Entry::Date { parameter: parameter(kind, &word(&row, 0)), low, high });
    }
    for row in rows("numbers") {
        let (low, high) = (row[1].as_i64().unwrap(), row[2].as_i64().unwrap());
        entries.push(Entry::Number { parameter: parameter(kind, &word(&row, 0)), low, high });
    }
    for row in rows("links") {
        let target = half(resource_id(feed, &word(&row, 1), &word(&row, 2)).into_bytes());
        entries.push(Entry::Link { parameter: parameter(kind, &word(&row, 0)), target });
    }
    entries.sort_unstable();
    entries.dedup();
    Index { present: value["present"].as_i64().unwrap_or_default(), entries }
}

/// The views of the record, with an index of what bodies say of themselves.
pub(super) fn views() -> Vec<Box<dyn View>> {
    let others = record::views(&place::Place::built_in().unwrap()).into_iter().filter(|view| view.name() != "search");
    let mut views: Vec<Box<dyn View>> = others.chain(access::views()).collect();
    views.push(Box::new(Search::reading(entries)));
    views
}

/// A store with what was invented.
pub(super) struct World {
    pub(super) store: Arc<Store>,
    pub(super) people: Vec<Uuid>,
    pub(super) resources: Vec<Resource>,
    /// How the people stand to readers, and what is sealed: the same as in the tables.
    pub(super) facts: Facts,
    /// Somebody who turned out to be somebody else.
    joined: Option<(usize, usize)>,
}

/// Who holds relationships here: the team of the tests' readers, another, and one reader.
pub(super) const HOLDERS: [&str; 3] = ["organisation:tests", "organisation:others", "reader:citizen"];

/// A relationship: person, tie, holder, classes, from and until (seconds since the beginning).
pub(super) type Held = (usize, Tie, usize, i64, i64, i64);

/// What decides who may see what besides the resources themselves.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) held: Vec<Held>,
    /// Who objects to sharing.
    pub(super) objecting: Vec<usize>,
    /// What is sealed: resource, holder, level (1 shown, 2 hidden, 0 for what is only kept from the person), harmful.
    pub(super) seals: Vec<(usize, usize, i64, bool)>,
}

/// Invented relationships, objections and seals.
pub(super) fn facts(most: usize) -> impl Strategy<Value = Facts> {
    let classes = prop_oneof![3 => Just(-1_i64), 1 => 0..0x1_FFFF_i64];
    let tie = prop::sample::select(Tie::ALL.into_iter().filter(|tie| *tie != Tie::Own).collect::<Vec<_>>());
    let span = (prop_oneof![5 => Just(0_i64), 1 => Just(6_000)], prop_oneof![5 => Just(9_000_i64), 1 => Just(5_000)]);
    let held = (0..3_usize, tie, 0..HOLDERS.len(), classes, span).prop_map(
        |(person, tie, holder, classes, (since, until))| {
            // Only a proxy may see some classes and not others; who somebody is, always.
            (person, tie, holder, if tie == Tie::Proxy { classes | 1 } else { -1 }, since, until)
        },
    );
    let seal = (0..most, 0..HOLDERS.len(), 0..3_i64, any::<bool>());
    (
        proptest::collection::vec(held, 0..6),
        proptest::collection::vec(0..3_usize, 0..2),
        proptest::collection::vec(seal, 0..6),
    )
        .prop_map(|(held, objecting, seals)| Facts { held, objecting, seals })
}

impl Facts {
    /// Everybody is asked about of the tests' team.
    fn asked() -> Self {
        let held = (0..3).map(|person| (person, Tie::Ask, 0, -1, 0, i64::from(u32::MAX))).collect();
        Self { held, ..Self::default() }
    }
}

impl World {
    /// Three people whom the tests' team has been asked to help.
    pub(super) fn empty(database: &Database) -> Self {
        let mut world = Self::bare(database);
        let people = world.people.clone();
        let by = super::subject(access::Role::Gp, None);
        world
            .store
            .write(move |write| {
                for person in &people {
                    let (until, because) = (at(i64::from(u32::MAX)), "asked".to_owned());
                    let (by, holder) = (by.clone(), HOLDERS[0].to_owned());
                    let command =
                        access::tie::Command::Open { by, person: *person, tie: Tie::Ask, holder, until, because };
                    access::tie::open(write, command, "test", at(0)).unwrap();
                }
                Ok::<_, store::Error>(())
            })
            .unwrap();
        world.facts = Facts::asked();
        world
    }

    /// The same, and the team has so many other people that none of it is looked up person by person.
    pub(super) fn crowded(database: &Database) -> Self {
        let world = Self::empty(database);
        let mut words = String::new();
        for at in 1..=600_u128 {
            let id = Uuid::from_u128(at << 64);
            let id = match database.dialect() {
                store::Dialect::Sqlite => format!("x'{}'", id.simple()),
                store::Dialect::Postgres => format!("'{id}'"),
            };
            words.push_str(&format!(
                "INSERT INTO standing (person, tie, holder, source, classes, since, until, leaf)
                 VALUES ({id}, 'ask', '{}', {id}, -1, 0, 1, {id});",
                HOLDERS[0]
            ));
        }
        weft_tests::outside::run(database, &format!("BEGIN;{words}COMMIT;"));
        world
    }

    /// The same with these relationships and seals and no others, said to the tables themselves; the seals are on what these
    /// resources will be.
    pub(super) fn standing(database: &Database, all: &[Invented], facts: &Facts) -> Self {
        let mut world = Self::bare(database);
        let id = |id: Uuid| match database.dialect() {
            store::Dialect::Sqlite => format!("x'{}'", id.simple()),
            store::Dialect::Postgres => format!("'{id}'"),
        };
        let micros = |seconds: i64| at(seconds).as_microsecond();
        let mut words = String::new();
        let source = |at: usize| id(Uuid::from_u128(at as u128 + 1));
        for (at, (person, tie, holder, classes, since, until)) in facts.held.iter().enumerate() {
            let (person, holder, tie) = (id(world.people[*person]), HOLDERS[*holder], tie.word());
            let (since, until, source) = (micros(*since), micros(*until), source(at));
            words.push_str(&format!(
                "INSERT INTO standing (person, tie, holder, source, classes, since, until, leaf)
                 VALUES ({person}, '{tie}', '{holder}', {source}, {classes}, {since}, {until}, {person});"
            ));
        }
        for person in &facts.objecting {
            let person = id(world.people[*person]);
            words.push_str(&format!(
                "INSERT INTO standing (person, tie, holder, source, classes, since, until, leaf)
                 VALUES ({person}, 'objection', '', {person}, -1, 0, {}, {person});",
                i64::MAX
            ));
        }
        for (at, (resource, holder, level, harmful)) in facts.seals.iter().enumerate() {
            let Some(sealed) = all.get(*resource) else { continue };
            let sealed = resource_id("gp", sealed.kind(), &source_id(*resource));
            let (half, sealed, nobody) = (half(sealed.into_bytes()), id(sealed), id(Uuid::nil()));
            let (holder, harmful, source) = (HOLDERS[*holder], i64::from(*harmful), source(at));
            words.push_str(&format!(
                "INSERT INTO seal (resource, half, person, holder, level, harmful, wish, at, source)
                 VALUES ({sealed}, {half}, {nobody}, '{holder}', {level}, {harmful}, 0, 0, {source}) ON CONFLICT DO NOTHING;"
            ));
        }
        weft_tests::outside::run(database, &words);
        world.facts = facts.clone();
        world.facts.seals.clear();
        for seal in &facts.seals {
            // The table holds one row for each resource, holder and kind: the first.
            let same = |other: &&(usize, usize, i64, bool)| (other.0, other.1, other.3) == (seal.0, seal.1, seal.3);
            if !world.facts.seals.iter().any(|other| same(&other)) {
                world.facts.seals.push(*seal);
            }
        }
        world
    }

    /// Three people who stand to nobody.
    fn bare(database: &Database) -> Self {
        // The same ids in every world.
        let opened = Store::open(database.location(), views(), Box::new(Seeded::new(42)));
        let store = Arc::new(opened.unwrap());
        let people = ["p0", "p1", "p2"].map(|local| {
            let found = store.write(move |write| record::person::leaf(write, "gp", local, "test", at(0)));
            found.unwrap().0
        });
        Self { store, people: people.to_vec(), resources: Vec::new(), facts: Facts::default(), joined: None }
    }

    pub(super) fn make(database: &Database, all: &[Invented]) -> Self {
        let world = Self::empty(database);
        world.filled(all)
    }

    /// The same with these resources.
    pub(super) fn filled(mut self, all: &[Invented]) -> Self {
        let world = &mut self;
        for (at, invented) in all.iter().enumerate() {
            world.put(invented.resource(at, all, &world.people, "gp"));
        }
        self
    }

    /// It turns out that one person is another.
    pub(super) fn join(&mut self, one: usize, into: usize) {
        let (prior, surviving) = (self.people[one], self.people[into]);
        let ground = record::person::Ground::Source;
        let store = &self.store;
        let joined: store::Result<()> =
            store.write(move |write| record::person::join(write, prior, surviving, ground, "test", at(0)));
        joined.unwrap();
        self.joined = Some((one, into));
    }

    /// Who somebody has turned out to be.
    pub(super) fn whose(&self, person: usize) -> usize {
        self.joined.filter(|(one, _)| *one == person).map_or(person, |(_, into)| into)
    }

    pub(super) fn put(&mut self, resource: Resource) {
        let put = resource.clone();
        let stored = self.store.write(move |write| {
            let mut resource = put.clone();
            write.put_resource(&mut resource)?;
            Ok::<_, store::Error>(resource)
        });
        self.resources.push(stored.unwrap());
    }
}

fn comparison() -> impl Strategy<Value = Comparison> {
    let prefixes =
        [Prefix::Eq, Prefix::Ne, Prefix::Gt, Prefix::Lt, Prefix::Ge, Prefix::Le, Prefix::Sa, Prefix::Eb, Prefix::Ap];
    (prop::sample::select(prefixes.to_vec()), 0..14_i64, 1..5_i64).prop_map(|(prefix, low, long)| Comparison {
        prefix,
        low,
        high: low + long,
    })
}

fn some<T: std::fmt::Debug + Clone + 'static>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    proptest::collection::vec(of, 1..3)
}

fn filter(kind: &'static str, depth: u32) -> BoxedStrategy<Filter> {
    let code = || prop::sample::select(CODES.to_vec()).prop_map(move |code| parameter(kind, code));
    let text = prop_oneof![
        prop::sample::select(WORDS.to_vec()).prop_map(|word| Text::Starts(word.to_owned())),
        prop::sample::select(WORDS.to_vec()).prop_map(|word| Text::Contains(word.to_owned())),
    ];
    let term = (0..7_i64).prop_map(move |term| fhir::entry::term(kind, "", "t", &term.to_string()));
    let id = (0..24_usize, 0..KINDS.len()).prop_map(|(at, kind)| {
        (KINDS[kind].to_owned(), resource_id("gp", KINDS[kind], &source_id(at)).hyphenated().to_string())
    });
    let own_id = (0..24_usize).prop_map(move |at| resource_id("gp", kind, &source_id(at)).hyphenated().to_string());
    let moment = (comparison()).prop_map(|asked| Comparison {
        low: at(asked.low).as_microsecond(),
        high: at(asked.high).as_microsecond(),
        ..asked
    });
    let flat = prop_oneof![
        4 => (proptest::collection::vec(term, 0..4), any::<bool>()).prop_map(|(any, not)| Filter::Terms { any, not }),
        2 => (code(), some(text)).prop_map(|(parameter, any)| Filter::Text { parameter, any }),
        2 => (code(), some(comparison())).prop_map(|(parameter, any)| Filter::Date { parameter, any }),
        2 => some((code(), comparison())).prop_map(|any| Filter::Number { any }),
        2 => (code(), some(id)).prop_map(|(parameter, any)| Filter::Link { parameter, any }),
        1 => (0..3_u8, any::<bool>()).prop_map(|(bit, missing)| Filter::Missing { bit, missing }),
        1 => proptest::collection::vec(own_id, 1..6).prop_map(Filter::Ids),
        1 => some(moment).prop_map(Filter::Updated),
    ];
    if depth == 0 {
        return flat.boxed();
    }
    let chain = prop::sample::select(KINDS.to_vec()).prop_flat_map(move |there| {
        let chained = (prop::sample::select(CODES.to_vec()), filter(there, depth - 1), any::<bool>());
        chained.prop_map(move |(code, inner, backwards)| {
            let (kind_there, filter) = (there.to_owned(), Box::new(inner));
            if backwards {
                Filter::Has { kind: kind_there, parameter: parameter(there, code), filter }
            } else {
                Filter::Chain { parameter: parameter(kind, code), kind: kind_there, filter }
            }
        })
    });
    prop_oneof![
        3 => flat,
        3 => chain,
        1 => proptest::collection::vec(filter(kind, depth - 1), 1..4).prop_map(Filter::Any),
    ]
    .boxed()
}

fn include() -> impl Strategy<Value = Include> {
    let target = prop::option::of(prop::sample::select(KINDS.to_vec()).prop_map(str::to_owned));
    (prop::sample::select(KINDS.to_vec()), prop::sample::select(CODES.to_vec()), target, any::<bool>()).prop_map(
        |(kind, code, target, iterate)| Include { kind: kind.to_owned(), code: code.to_owned(), target, iterate },
    )
}

pub(super) fn query() -> impl Strategy<Value = Query> {
    prop::sample::select(KINDS.to_vec()).prop_flat_map(|kind| {
        let by = prop_oneof![
            Just(By::Updated),
            Just(By::Id),
            prop::sample::select(CODES.to_vec()).prop_map(move |code| By::Date(parameter(kind, code))),
            prop::sample::select(CODES.to_vec()).prop_map(move |code| By::Text(parameter(kind, code))),
            prop::sample::select(CODES.to_vec()).prop_map(move |code| By::Number(parameter(kind, code))),
        ];
        let sort = (by, any::<bool>()).prop_map(|(by, descending)| Sort { by, descending });
        (
            proptest::collection::vec(filter(kind, 2), 0..3),
            prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(sort, 1..3)],
            1..6_u32,
            any::<bool>(),
            proptest::collection::vec(include(), 0..2),
            proptest::collection::vec(include(), 0..2),
        )
            .prop_map(move |(filters, sort, count, total, include, revinclude)| Query {
                kind: kind.to_owned(),
                filters,
                sort,
                count: Some(count),
                total,
                include,
                revinclude,
                ..Query::default()
            })
    })
}
