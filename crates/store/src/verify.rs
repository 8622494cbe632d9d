//! Verification: walks the chain, checks every kept message and resource against its hash and against what the log says was
//! written, and makes every view again to compare it with the standing one. Names the first row that does not agree.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::log::{self, Head};
use crate::migration::made_again;
use crate::resource::{self, covering};
use crate::sql::{Param, Row};
use crate::table::{Table, Type};
use crate::tx::Tx;
use crate::view::{self, Views};

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which table.
    pub table: String,
    /// Which row: a sequence number, an id, a key.
    pub row: String,
    /// What is wrong with it.
    pub what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.table, self.row, self.what)
    }
}

/// What was checked and what was found.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// Log entries walked.
    pub entries: i64,
    /// Kept messages checked.
    pub blobs: u64,
    /// Resource versions checked.
    pub resources: u64,
    /// View rows compared.
    pub view_rows: u64,
    /// The end of the chain; keep it elsewhere, and a log cut short will show.
    pub head: Head,
    /// What does not agree, the first of each kind first. Empty: all is well.
    pub findings: Vec<Finding>,
}

/// At most this many findings of one kind are listed; one is enough to know.
const MOST: usize = 20;

pub(crate) fn verify(connection: &mut Connection, views: &Views, kept: &[Head]) -> Result<Verification> {
    connection.begin_read()?;
    let checked = check(connection, views, kept);
    connection.rollback();
    checked
}

fn check(connection: &mut Connection, views: &Views, kept: &[Head]) -> Result<Verification> {
    let mut report = Verification::default();
    let Walked { covers, mut missing } = chain(connection.tx(), views, &mut report, kept)?;
    let broken = crate::blob::broken(connection.tx(), &mut |hash| {
        report.blobs += 1;
        // A name that is no hash is nobody's; the log never speaks of one.
        if let Ok(hash) = <[u8; 32]>::try_from(hash) {
            missing.remove(&hash);
        }
    })?;
    for (hash, seq) in missing.into_iter().take(MOST) {
        report.findings.push(Finding {
            table: "blob".to_owned(),
            row: hex(&hash),
            what: format!("is missing; the log speaks of it (seq {seq})"),
        });
    }
    for hash in broken.into_iter().take(MOST) {
        report.findings.push(Finding {
            table: "blob".to_owned(),
            row: hash,
            what: "the bytes no longer agree with their hash".to_owned(),
        });
    }
    rows(connection.tx(), &mut report, &covers)?;
    match made_again(connection.tx(), views) {
        Ok(mut fresh) => {
            for table in view::tables(views) {
                compare(connection.tx(), fresh.tx(), table, &mut report)?;
            }
        }
        Err(error) => report.findings.push(Finding {
            table: "views".to_owned(),
            row: String::new(),
            what: format!("cannot be made again from the log and the record: {error}"),
        }),
    }
    Ok(report)
}

/// What the log says there should be.
#[derive(Default)]
struct Walked {
    /// By message: where in the log, and the digest of the rows it wrote.
    covers: HashMap<Uuid, (i64, [u8; 32])>,
    /// By hash: a kept message that has not been seen yet, and where in the log it is spoken of.
    missing: BTreeMap<[u8; 32], i64>,
}

/// Heads that were kept elsewhere, held beside the log as it is walked.
struct Kept {
    /// By sequence number: the hashes that were kept of it.
    waiting: BTreeMap<i64, Vec<[u8; 32]>>,
    /// The last head that agreed.
    agreed: i64,
    /// The heads whose row has another hash now: the first, the last, how many, and the last that agreed before them.
    other: Option<(i64, i64, usize, i64)>,
}

impl Kept {
    fn of(heads: &[Head]) -> Self {
        let mut waiting: BTreeMap<i64, Vec<[u8; 32]>> = BTreeMap::new();
        for head in heads.iter().filter(|head| **head != Head::default()) {
            let hashes = waiting.entry(head.seq).or_default();
            if !hashes.contains(&head.hash) {
                hashes.push(head.hash);
            }
        }
        Self { waiting, agreed: 0, other: None }
    }

    fn passes(&mut self, head: Head) {
        for hash in self.waiting.remove(&head.seq).unwrap_or_default() {
            if hash == head.hash {
                self.agreed = head.seq;
            } else {
                let other = self.other.get_or_insert((head.seq, head.seq, 0, self.agreed));
                (other.1, other.2) = (head.seq, other.2 + 1);
            }
        }
    }

    /// What was found, once the log has ended at `end`.
    fn findings(self, end: i64) -> Vec<Finding> {
        let tell = |seq: i64, what: String| Finding { table: "log".to_owned(), row: format!("seq {seq}"), what };
        let several = |count: usize| if count == 1 { "a head".to_owned() } else { format!("each of {count} heads") };
        let mut findings = Vec::new();
        if let Some((first, last, count, agreed)) = self.other {
            let before = match agreed {
                0 => "no head before it agrees either, so this may be another log altogether".to_owned(),
                seq => format!("the last head that agrees is that of seq {seq}"),
            };
            findings.push(tell(
                first,
                format!(
                    "{} that was kept elsewhere, up to seq {last}, is no longer in the log: what stands here was written anew; {before}",
                    several(count)
                ),
            ));
        }
        let missing: usize = self.waiting.values().map(Vec::len).sum();
        if let (Some((first, _)), Some((last, _))) = (self.waiting.first_key_value(), self.waiting.last_key_value()) {
            findings.push(tell(
                *first,
                format!(
                    "{} that was kept elsewhere, up to seq {last}, is no longer in the log, which ends at seq {end}: it was cut short",
                    several(missing)
                ),
            ));
        }
        findings
    }
}

/// Walks the chain; returns what the log says there should be.
fn chain(tx: &mut dyn Tx, views: &Views, report: &mut Verification, kept: &[Head]) -> Result<Walked> {
    let mut says = Walked::default();
    let mut before = Head::default();
    let mut versions: HashMap<Uuid, i64> = HashMap::new();
    let mut findings = Vec::new();
    let mut kept = Kept::of(kept);
    let walked = log::walk(tx, i64::MIN, &mut |_, entry| {
        let mut wrong = |what: String| {
            if findings.len() < MOST {
                findings.push(Finding { table: "log".to_owned(), row: format!("seq {}", entry.seq), what });
            }
        };
        if entry.seq != before.seq + 1 {
            wrong(format!("rows are missing or out of place before it (the one before is {})", before.seq));
        } else if entry.chained(&before.hash) != entry.hash {
            wrong("the row or one before it was changed: its hash does not follow".to_owned());
        }
        let version = versions.entry(entry.stream).or_default();
        *version += 1;
        if *version != entry.version {
            wrong(format!("it should be version {version} of its stream"));
        }
        if let Some(digest) = entry.covers {
            says.covers.insert(entry.stream, (entry.seq, digest));
        }
        for view in views.iter() {
            // An entry that a view cannot read is told where the views are made again.
            says.missing.extend(view.keeps(&entry).unwrap_or_default().into_iter().map(|hash| (hash, entry.seq)));
        }
        before = Head { seq: entry.seq, hash: entry.hash };
        kept.passes(before);
        report.entries += 1;
        Ok(())
    });
    match walked {
        Err(Error::Corrupt(words)) => findings.push(Finding {
            table: "log".to_owned(),
            row: format!("seq {}", log::first_unreadable(tx, before.seq + 1)?),
            what: format!("the row cannot be read, nor what comes after it: {words}"),
        }),
        other => other?,
    }
    findings.extend(kept.findings(before.seq));
    report.head = before;
    report.findings.append(&mut findings);
    Ok(says)
}

fn rows(tx: &mut dyn Tx, report: &mut Verification, covers: &HashMap<Uuid, (i64, [u8; 32])>) -> Result<()> {
    let mut written: HashMap<Uuid, Vec<[u8; 32]>> = HashMap::new();
    let mut findings = Vec::new();
    resource::walk_versions(tx, &mut |resource| {
        report.resources += 1;
        let resource = match resource {
            Ok(resource) => resource,
            Err((id, error)) => {
                if findings.len() < MOST {
                    findings.push(Finding {
                        table: "resource".to_owned(),
                        row: id.map_or_else(|| "(no id)".to_owned(), |id| id.to_string()),
                        what: format!("the row cannot be read: {error}"),
                    });
                }
                return Ok(());
            }
        };
        if crate::blob::sha256(resource.body.as_bytes()) != resource.hash && findings.len() < MOST {
            findings.push(Finding {
                table: "resource".to_owned(),
                row: format!("{} version {}", resource.id, resource.version),
                what: "the text no longer agrees with its hash".to_owned(),
            });
        }
        written.entry(resource.message).or_default().push(resource.digest());
        Ok(())
    })?;
    for (message, (seq, digest)) in covers {
        if covering(written.remove(message).unwrap_or_default()) != Some(*digest) && findings.len() < MOST {
            findings.push(Finding {
                table: "resource".to_owned(),
                row: format!("of message {message} (log seq {seq})"),
                what: "its resources are not those that the log says it wrote: one was changed, added or taken out"
                    .to_owned(),
            });
        }
    }
    for message in written.keys().take(MOST) {
        findings.push(Finding {
            table: "resource".to_owned(),
            row: format!("of message {message}"),
            what: "the log knows of no message that wrote it".to_owned(),
        });
    }
    for (id, version) in resource::out_of_place(tx)? {
        findings.push(Finding {
            table: "resource_history".to_owned(),
            row: format!("{id} version {version}"),
            what: "its place in the order of arrival is not that of the current version".to_owned(),
        });
    }
    report.findings.append(&mut findings);
    Ok(())
}

/// Compares a standing table with the one made again, row by row in the order of the key. Neither is held whole: the one made
/// again is read a page at a time while the standing one streams by.
fn compare(standing: &mut dyn Tx, fresh: &mut dyn Tx, table: &Table, report: &mut Verification) -> Result<()> {
    let mut expected = Pages::new(table);
    let mut next = expected.next(fresh)?;
    let mut found = Vec::new();
    let mut tell = |key: Vec<Value>, what: &str| {
        if found.len() < MOST {
            let row = key.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            found.push(Finding { table: table.name.to_owned(), row, what: what.to_owned() });
        }
    };
    standing.query(&table.walk(), &[], &mut |row| {
        let row = values(row, table);
        let key = key_of(&row, table);
        report.view_rows += 1;
        loop {
            match next.take() {
                Some(wanted) if wanted == row => {
                    next = expected.next(fresh)?;
                    return Ok(());
                }
                // A row of the rebuilt table that the standing one has passed is missing there.
                Some(wanted) if key_of(&wanted, table) < key => {
                    tell(key_of(&wanted, table), "is missing");
                    next = expected.next(fresh)?;
                }
                Some(wanted) if key_of(&wanted, table) == key => {
                    tell(key, "differs from what the log and the record say");
                    next = expected.next(fresh)?;
                    return Ok(());
                }
                later => {
                    next = later;
                    tell(key, "has no ground in the log or the record");
                    return Ok(());
                }
            }
        }
    })?;
    while let Some(missing) = next.take() {
        tell(key_of(&missing, table), "is missing");
        next = expected.next(fresh)?;
    }
    report.findings.append(&mut found);
    Ok(())
}

/// A value of a row, ordered as both databases order it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Empty,
    Int(i64),
    Text(String),
    Uuid(Uuid),
    Bytes(Vec<u8>),
    Unreadable(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("(empty)"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Text(text) | Self::Unreadable(text) => f.write_str(text),
            Self::Uuid(id) => write!(f, "{id}"),
            Self::Bytes(bytes) => f.write_str(&hex(bytes)),
        }
    }
}

impl Value {
    fn param(&self) -> Param<'_> {
        match self {
            Self::Empty | Self::Unreadable(_) => Param::Null,
            Self::Int(number) => Param::Int(*number),
            Self::Text(text) => Param::Text(text),
            Self::Uuid(id) => Param::Uuid(*id),
            Self::Bytes(bytes) => Param::Bytes(bytes),
        }
    }
}

/// Rows in a page of the table made again.
const PAGE: i64 = 1_000;

/// Reads a table in the order of its key, a page at a time.
struct Pages<'t> {
    table: &'t Table,
    page: std::vec::IntoIter<Vec<Value>>,
    after: Option<Vec<Value>>,
    done: bool,
}

impl<'t> Pages<'t> {
    fn new(table: &'t Table) -> Self {
        Self { table, page: Vec::new().into_iter(), after: None, done: false }
    }

    fn next(&mut self, tx: &mut dyn Tx) -> Result<Option<Vec<Value>>> {
        if self.page.len() == 0 && !self.done {
            let mut params: Vec<Param<'_>> = self.after.iter().flatten().map(Value::param).collect();
            params.push(PAGE.into());
            let page = tx.all(&self.table.page(self.after.is_some()), &params, |row| Ok(values(row, self.table)))?;
            self.done = page.len() < usize::try_from(PAGE).unwrap_or_default();
            self.after = page.last().map(|row| key_of(row, self.table));
            self.page = page.into_iter();
        }
        Ok(self.page.next())
    }
}

fn values(row: &dyn Row, table: &Table) -> Vec<Value> {
    let of = |index: usize, holds: Type| -> Result<Option<Value>> {
        Ok(match holds {
            Type::Int => row.int_or_null(index)?.map(Value::Int),
            Type::Text => row.string_or_null(index)?.map(Value::Text),
            Type::Uuid => row.uuid_or_null(index)?.map(Value::Uuid),
            Type::Bytes => row.bytes_or_null(index)?.map(|bytes| Value::Bytes(bytes.to_vec())),
        })
    };
    let columns = table.columns.iter().enumerate();
    // What cannot be read agrees with nothing, and is found like any other difference.
    let read = columns.map(|(index, column)| {
        of(index, column.holds).unwrap_or_else(|error| Some(Value::Unreadable(error.to_string())))
    });
    read.map(|value| value.unwrap_or(Value::Empty)).collect()
}

fn key_of(row: &[Value], table: &Table) -> Vec<Value> {
    table
        .key
        .iter()
        .filter_map(|name| table.columns.iter().position(|column| column.name == *name))
        .filter_map(|index| row.get(index).cloned())
        .collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
