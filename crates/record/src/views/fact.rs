//! Facts, person by person: small rows kept in the order the pages read them, so that one person's record is one range of
//! rows; and the names of practitioners and organisations that facts refer to.

use access::Sensitivity;
use jiff::Timestamp;
use store::table::{Table, Type, column, optional};
use store::{Resource, Result, Row, Sql, Tx, View};
use uuid::Uuid;

use crate::fact::{self, Fact, Kind};

static FACT: Table = Table {
    name: "fact",
    columns: &[
        column("person", Type::Uuid),
        column("kind", Type::Text),
        column("sort", Type::Int),
        column("id", Type::Uuid),
        column("feed", Type::Text),
        optional("happened", Type::Text),
        column("title", Type::Text),
        optional("value", Type::Text),
        optional("detail", Type::Text),
        optional("status", Type::Text),
        column("active", Type::Int),
        optional("code", Type::Text),
        optional("author", Type::Text),
        optional("author_id", Type::Uuid),
        column("as_of", Type::Int),
        column("arrived", Type::Int),
        column("sensitivity", Type::Int),
    ],
    key: &["person", "kind", "sort", "id"],
    clustered: true,
    indexes: &[],
};
static NAMED: Table = Table {
    name: "named",
    columns: &[column("id", Type::Uuid), column("name", Type::Text)],
    key: &["id"],
    clustered: true,
    indexes: &[],
};
static TABLES: &[&Table] = &[&FACT, &NAMED];

static PUT: Sql = Sql::both(
    "INSERT INTO fact (person, kind, sort, id, feed, happened, title, value, detail, status, active, code, author, author_id,
     as_of, arrived, sensitivity)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
);
static TAKE: Sql = Sql::both("DELETE FROM fact WHERE person = $1 AND kind = $2 AND sort = $3 AND id = $4");
static NAME: Sql =
    Sql::both("INSERT INTO named (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name");
static UNNAME: Sql = Sql::both("DELETE FROM named WHERE id = $1");
static OF_PERSON: Sql = Sql::both(
    "SELECT f.kind, f.sort, f.id, f.feed, f.happened, f.title, f.value, f.detail, f.status, f.active, f.code,
            coalesce(f.author, n.name), f.as_of, f.arrived, f.sensitivity
     FROM person AS p JOIN fact AS f ON f.person = p.id LEFT JOIN named AS n ON n.id = f.author_id
     WHERE p.root = $1",
);

/// Every statement, for the test that prepares each against both databases.
pub static STATEMENTS: &[&Sql] = &[&PUT, &TAKE, &NAME, &UNNAME, &OF_PERSON];

/// Where a fact without a time stands: after all others.
const UNDATED: i64 = i64::MIN;

/// Keeps the table of facts.
pub struct Facts;

impl View for Facts {
    fn name(&self) -> &'static str {
        "facts"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn on_resource(&self, tx: &mut dyn Tx, before: Option<&Resource>, now: &Resource) -> Result<()> {
        if let Some(before) = before
            && let Some(fact) = derived(before)?
        {
            tx.execute(
                &TAKE,
                &[before.person.into(), fact.kind.word().into(), fact.sort.unwrap_or(UNDATED).into(), before.id.into()],
            )?;
        }
        if let Some(fact) = derived(now)? {
            let author =
                fact.author_reference.as_ref().map(|(kind, id)| store::resource::resource_id(&now.feed, kind, id));
            tx.execute(
                &PUT,
                &[
                    now.person.into(),
                    fact.kind.word().into(),
                    fact.sort.unwrap_or(UNDATED).into(),
                    now.id.into(),
                    (&now.feed).into(),
                    fact.when.as_ref().into(),
                    (&fact.title).into(),
                    fact.value.as_ref().into(),
                    fact.detail.as_ref().into(),
                    fact.status.as_ref().into(),
                    fact.active.into(),
                    fact.code.as_ref().into(),
                    fact.author.as_ref().into(),
                    author.into(),
                    now.as_of.as_microsecond().into(),
                    now.arrived.as_microsecond().into(),
                    crate::sensitivity::of(&now.kind, now.json()?.as_ref()).number().into(),
                ],
            )?;
        } else if now.is_deleted() {
            tx.execute(&UNNAME, &[now.id.into()])?;
        } else if let Some(name) = fact::reference_name(&now.kind, now.json()?.as_ref()) {
            tx.execute(&NAME, &[now.id.into(), (&name).into()])?;
        } else if before.is_some() {
            // A newer version without a name: the older one's must not outlive it, or the view made again would differ.
            tx.execute(&UNNAME, &[now.id.into()])?;
        }
        Ok(())
    }
}

fn derived(resource: &Resource) -> Result<Option<Fact>> {
    if resource.is_deleted() {
        return Ok(None);
    }
    Ok(fact::derive(&resource.kind, resource.json()?.as_ref()))
}

/// A fact with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The resource behind it.
    pub id: Uuid,
    /// The feed that says it.
    pub feed: String,
    /// What it says. The author's name is filled in where the source only gave a reference.
    pub fact: Fact,
    /// The source's time for it.
    pub as_of: Timestamp,
    /// When it arrived.
    pub arrived: Timestamp,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
}

/// Everything said of a person, the latest first, undated last.
pub(crate) fn of_person(tx: &mut dyn Tx, root: Uuid) -> Result<Vec<Line>> {
    let mut lines = tx.all(&OF_PERSON, &[root.into()], line)?;
    // Ordered here rather than by the database: text ids order differently there, and a person's facts are few.
    lines.sort_by(|one, other| other.fact.sort.cmp(&one.fact.sort).then_with(|| one.id.cmp(&other.id)));
    Ok(lines)
}

fn line(row: &dyn Row) -> Result<Line> {
    let sort = row.int(1)?;
    Ok(Line {
        id: row.uuid(2)?,
        feed: row.string(3)?,
        fact: Fact {
            kind: Kind::from_word(row.text(0)?).unwrap_or(Kind::Other),
            when: row.string_or_null(4)?,
            sort: (sort != UNDATED).then_some(sort),
            title: row.string(5)?,
            value: row.string_or_null(6)?,
            detail: row.string_or_null(7)?,
            status: row.string_or_null(8)?,
            active: row.int(9)? != 0,
            code: row.string_or_null(10)?,
            author: row.string_or_null(11)?,
            author_reference: None,
        },
        as_of: row.time(12)?,
        arrived: row.time(13)?,
        sensitivity: Sensitivity::from_number(row.int(14)?),
    })
}
