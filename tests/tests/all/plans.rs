//! No list of a desk is read by walking a whole table: with three hundred thousand people that would be seconds.

use store::Dialect;
use weft_tests::Database;

#[test]
fn every_question_of_the_desks_goes_by_an_index() {
    let database = Database::sqlite();
    drop(database.open());
    let connection = rusqlite::Connection::open(database.file()).unwrap();
    let statements = [
        record::views::happening::STATEMENTS,
        record::views::belonging::STATEMENTS,
        access::views::look::STATEMENTS,
        access::views::oversight::STATEMENTS,
    ]
    .concat();
    let mut asked = 0;
    for sql in statements {
        let words = sql.text(Dialect::Sqlite);
        // The counts of practices are one row a practice, and all of them are wanted.
        if !words.trim_start().starts_with("SELECT") || words.contains("belonging_count") {
            continue;
        }
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {words}")).unwrap();
        let steps: Vec<String> =
            plan.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<rusqlite::Result<_>>().unwrap();
        assert!(
            steps.iter().all(|step| !step.starts_with("SCAN") && !step.contains("TEMP B-TREE")),
            "{words}\n{steps:?}"
        );
        asked += 1;
    }
    assert!(asked > 10, "{asked}");
}
