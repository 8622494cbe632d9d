//! Files that are not as they should be: refused with the line and the column, or the row set aside and counted.

use proptest::prelude::*;

use crate::link::{Options, link};
use crate::schema::Schema;
use crate::table::{Aside, Table, TableError};

const HEADER: &str = "unique_id,given_name,surname,sex,dob,address_1,postcode,nhs_number\n";

fn read(bytes: &[u8]) -> Result<Table, TableError> {
    let mut table = Table::new(Schema::default(), true);
    table.read(bytes).map(|()| table)
}

fn refused(bytes: &[u8]) -> String {
    read(bytes).err().map(|error| error.to_string()).unwrap_or_else(|| panic!("it was read"))
}

#[test]
fn a_missing_column_is_named_with_those_there_are() {
    let error = refused(b"id,given_name,surname,dob\n1,a,b,1950-01-02\n");
    assert!(error.contains("line 1") && error.contains("`unique_id`") && error.contains("id, given_name"), "{error}");
    let error = refused(b"unique_id,postcode\n1,sk1 1aa\n");
    assert!(error.contains("given_name") && error.contains("at least two"), "{error}");
    assert!(refused(b"unique_id,dob,surname,dob\n").contains("two columns named `dob`"));
    assert!(matches!(read(b""), Err(TableError::Empty)));
    let schema = Schema::read("surname = 'family'").expect("reads");
    let error = Table::new(schema, true).read(HEADER.as_bytes()).expect_err("refused").to_string();
    assert!(error.contains("`family`"), "{error}");
}

#[test]
fn an_open_quotation_mark_is_found_by_its_line() {
    let text = format!(
        "{HEADER}1,ann,lee,f,1950-01-02,1 a road,sk1 1aa,\n2,\"ann,lee,f,1950-01-02,,,\n3,bob,lee,m,1950-01-02,,,\n4,bob,lee,m,1950-01-02,,,\n"
    );
    let error = refused(text.as_bytes());
    assert!(error.contains("line 3, column given_name") && error.contains("quotation mark"), "{error}");
}

#[test]
fn rows_that_cannot_be_read_are_set_aside_with_line_and_column() {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend(b"1,ann,lee,f,1950-01-02,1 a road,sk1 1aa,\n");
    bytes.extend(b"2,an\xff,lee,f,1950-01-02,,,\n");
    bytes.extend(format!("3,{},lee,f,1950-01-02,,,\n", "a".repeat(10_000)).bytes());
    bytes.extend(b"1,bob,lee,m,1950-01-02,,,\n");
    bytes.extend(b"4,bob,lee\n");
    bytes.extend(b" ,bob,lee,m,1950-01-02,,,\n");
    bytes.extend(b"5,bob,lee,m,1950-01-02,,,\n");
    let table = read(&bytes).expect("reads");
    assert_eq!(table.roll.len(), 2);
    let aside: Vec<(u64, Option<&str>, &Aside)> =
        table.aside.iter().map(|row| (row.line, row.column.as_deref(), &row.why)).collect();
    let expected = [
        (3, Some("given_name"), Aside::NotUtf8),
        (4, Some("given_name"), Aside::TooLong(10_000)),
        (5, Some("unique_id"), Aside::IdTwice(2)),
        (6, None, Aside::Width { found: 3, expected: 8 }),
        (7, Some("unique_id"), Aside::NoId),
    ];
    assert_eq!(aside, expected.each_ref().map(|(line, column, why)| (*line, *column, why)));
}

#[test]
fn values_that_cannot_be_used_are_counted_and_their_rows_kept() {
    let rows = "1,ann,lee,f,2017-02-31,,,\n2,ann,lee,f,soon,,,\n3,ann,lee,f,1950-01-02,,,1234567890\n";
    let table = read(format!("{HEADER}{rows}").as_bytes()).expect("reads");
    assert_eq!((table.roll.len(), table.aside.len()), (3, 0));
    let unused = table.unused;
    let found = [unused.impossible_dates, unused.unreadable_dates, unused.nhs_numbers];
    assert_eq!(found.map(|tally| (tally.count, tally.first_line)), [(1, 2), (1, 3), (1, 4)]);
}

#[test]
fn a_mark_at_the_beginning_and_lines_of_windows_make_no_difference() {
    let text = format!("\u{feff}{}1,ann,lee,f,1950-01-02,,,\r\n", HEADER.replace('\n', "\r\n"));
    let table = read(text.as_bytes()).expect("reads");
    assert_eq!((table.id(0), table.roll.len()), ("1", 1));
}

#[test]
fn no_rows_or_one_row_or_all_the_same_are_linked_without_a_fault() {
    for (count, people) in [(0, 0), (1, 1), (1_500, 1_500)] {
        let rows: String = (0..count).map(|id| format!("{id},,,,,,,\n")).collect();
        let mut table = read(format!("{HEADER}{rows}").as_bytes()).expect("reads");
        let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
        let distinct: std::collections::BTreeSet<u32> = linkage.people.iter().copied().collect();
        assert_eq!(distinct.len(), people, "rows that say nothing are joined to nobody");
    }
    let rows: String = (0..1_500).map(|id| format!("{id},ann,lee,f,1950-01-02,1 a road,sk1 1aa,\n")).collect();
    let mut table = read(format!("{HEADER}{rows}").as_bytes()).expect("reads");
    let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
    assert!(linkage.blocking.capped.iter().any(|capped| capped.rows == 1_500), "what was passed over is counted");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_are_too_odd_to_be_read_or_refused(rows in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = HEADER.as_bytes().to_vec();
        bytes.extend(&rows);
        if let Ok(mut table) = read(&bytes) {
            let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
            prop_assert_eq!(linkage.people.len(), table.roll.len());
        }
    }

    #[test]
    fn every_row_is_either_read_or_set_aside(rows in prop::collection::vec("[a-c\"\n,é]{0,12}", 0..12)) {
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        if let Ok(table) = read(format!("{HEADER}{text}").as_bytes()) {
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
            reader.set_headers(csv::StringRecord::new());
            let records = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes()).into_byte_records().count();
            prop_assert_eq!(table.roll.len() + table.aside.len(), records);
        }
    }
}
