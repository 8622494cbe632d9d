//! No search walks a table from end to end: SQLite's own plan of every statement says so.

use access::Role;
use fhir::entry::{parameter, term};
use fhir::query::{By, Comparison, Filter, Include, Prefix, Query, Sort, Text};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use record::search::Limits;
use store::{Dialect, Param, Row, Sql, Tx};
use weft_tests::Database;

use super::Reader;
use super::invented::{self, World};

/// A transaction that writes down every statement it runs.
struct Watched<'t> {
    inner: &'t mut dyn Tx,
    statements: Vec<String>,
}

impl Tx for Watched<'_> {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn execute(&mut self, sql: &Sql, params: &[Param<'_>]) -> store::Result<u64> {
        self.inner.execute(sql, params)
    }

    fn query(
        &mut self,
        sql: &Sql,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Row) -> store::Result<()>,
    ) -> store::Result<()> {
        self.statements.push(sql.text(Dialect::Sqlite).to_owned());
        self.inner.query(sql, params, each)
    }

    fn run_script(&mut self, text: &str) -> store::Result<()> {
        self.inner.run_script(text)
    }
}

fn statements(world: &World, reader: &Reader, query: &Query) -> Vec<String> {
    let scope = reader.scope(&world.store);
    world
        .store
        .read(|tx| {
            let mut watched = Watched { inner: tx, statements: Vec::new() };
            record::search::search(&mut watched, &scope, query, &Limits::default()).map(|_| watched.statements)
        })
        .unwrap()
}

fn steps(connection: &rusqlite::Connection, statement: &str) -> Vec<String> {
    let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    plan.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<rusqlite::Result<_>>().unwrap()
}

/// What a plan may walk: a set that an index gave, or the parts of a statement itself. Tables go by `r0…`, `t`, `p`, `d`.
fn walks(step: &str) -> bool {
    let parts = ["SCAN b", "SCAN c", "SCAN m", "SCAN d", "SCAN CONSTANT", "SCAN (subquery"];
    let walks = step.starts_with("SCAN") && !parts.iter().any(|part| step.starts_with(part));
    walks || step.contains("AUTOMATIC") || step.starts_with("SCAN d USING")
}

#[test]
fn every_statement_of_a_search_goes_by_an_index() {
    let database = Database::sqlite();
    let mut runner = TestRunner::deterministic();
    let resources = invented::resources(24).new_tree(&mut runner).unwrap().current();
    let world = World::make(&database, &resources);
    let connection = rusqlite::Connection::open(database.file()).unwrap();
    let readers = [Reader::of(Role::Gp), Reader::of(Role::SocialWorker), Reader::citizen(world.people[0])];
    let mut asked = 0;
    for _ in 0..60 {
        let query = invented::query().new_tree(&mut runner).unwrap().current();
        for reader in &readers {
            for statement in statements(&world, reader, &query) {
                let steps = steps(&connection, &statement);
                assert!(!steps.iter().any(|step| walks(step)), "{query:?}\n{statement}\n{steps:#?}");
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "{asked}");
}

#[test]
fn common_searches_use_the_index_made_for_them() {
    let database = Database::sqlite();
    let mut runner = TestRunner::deterministic();
    let resources = invented::resources(24).new_tree(&mut runner).unwrap().current();
    let world = World::crowded(&database).filled(&resources);
    let connection = rusqlite::Connection::open(database.file()).unwrap();
    let gp = Reader::of(Role::Gp);
    let filter = |filter: Filter| Query { filters: vec![filter], ..query() };
    let code = term("Observation", "", "t", "1");
    let one = parameter("Observation", "one");
    let asked = Comparison { prefix: Prefix::Ge, low: 3, high: 4 };
    let patient = ("Patient".to_owned(), world.resources[0].id.hyphenated().to_string());
    let back = Include { kind: "Encounter".into(), code: "one".into(), target: None, iterate: false };
    let cases = [
        (filter(Filter::Terms { any: vec![code], not: false }), "d USING PRIMARY KEY (term=?", false),
        (
            filter(Filter::Link { parameter: one, any: vec![patient.clone()] }),
            "search_link_to (parameter=? AND target=?",
            false,
        ),
        (filter(Filter::Date { parameter: one, any: vec![asked] }), "search_date_high (parameter=? AND high>?)", true),
        (filter(Filter::Number { any: vec![(one, asked)] }), "search_number_high (parameter=? AND high>?)", true),
        (
            filter(Filter::Text { parameter: one, any: vec![Text::Starts("ash".into())] }),
            "search_text_found (parameter=? AND text>? AND text<?)",
            true,
        ),
        (filter(Filter::Updated(vec![asked])), "resource_type (type=? AND arrived>?)", true),
        (query(), "r0 USING PRIMARY KEY (kind=?", false),
        (Query { revinclude: vec![back], ..query() }, "search_link_to (parameter=? AND target=?", false),
        (
            filter(Filter::Has {
                kind: "Encounter".into(),
                parameter: parameter("Encounter", "one"),
                filter: Box::new(Filter::Missing { bit: 0, missing: false }),
            }),
            "search_link_to (parameter=? AND target=?",
            false,
        ),
        (
            filter(Filter::Chain {
                parameter: one,
                kind: "Patient".into(),
                filter: Box::new(Filter::Missing { bit: 0, missing: false }),
            }),
            "search_resource_half (half=? AND kind=?)",
            false,
        ),
        (
            Query {
                filters: vec![
                    Filter::Terms { any: vec![code], not: false },
                    Filter::Date { parameter: one, any: vec![asked] },
                    Filter::Number { any: vec![(one, asked), (parameter("Observation", "two"), asked)] },
                    Filter::Text { parameter: one, any: vec![Text::Contains("ash".into())] },
                ],
                // Few have the term: it is walked, and the others are looked up in the few rows of one resource.
                ..query()
            },
            "t EXISTS USING PRIMARY KEY (seq=?)",
            false,
        ),
        (
            Query {
                sort: vec![Sort { by: By::Date(one), descending: true }],
                ..filter(Filter::Terms { any: vec![code], not: false })
            },
            "t USING PRIMARY KEY (seq=?)",
            true,
        ),
    ];
    for (query, wanted, sorts) in cases {
        let statements = statements(&world, &gp, &query);
        let steps: Vec<String> = statements.iter().flat_map(|statement| steps(&connection, statement)).collect();
        assert!(steps.iter().any(|step| step.contains(wanted)), "{wanted}\n{statements:#?}\n{steps:#?}");
        let sorted = steps.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
        assert_eq!(sorted, sorts, "{wanted}\n{statements:#?}\n{steps:#?}");
    }
}

fn query() -> Query {
    Query { kind: "Observation".to_owned(), ..Query::default() }
}
