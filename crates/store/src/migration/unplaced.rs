//! Step 2: every resource gets its place in the order of arrival. The tables as step 1 made them stand here for its checksum;
//! nothing else may use them.

use crate::table::{Column, Index, Table, Type, column};

const COLUMNS: &[Column] = &[
    column("id", Type::Uuid),
    column("version", Type::Int),
    column("person", Type::Uuid),
    column("type", Type::Text),
    column("feed", Type::Text),
    column("source_id", Type::Text),
    column("as_of", Type::Int),
    column("arrived", Type::Int),
    column("message", Type::Uuid),
    column("body", Type::Text),
    column("hash", Type::Bytes),
];

/// `resource` as it was.
pub(super) static RESOURCE: Table = Table {
    name: "resource",
    columns: COLUMNS,
    key: &["id"],
    clustered: false,
    indexes: &[Index { name: "resource_person", columns: &["person", "type"], unique: false, only: "" }],
};

/// `resource_history` as it was.
pub(super) static HISTORY: Table =
    Table { name: "resource_history", columns: COLUMNS, key: &["id", "version"], clustered: false, indexes: &[] };

/// Puts the old tables aside.
pub(super) static BEFORE: &[&str] = &[
    "DROP INDEX resource_person",
    "ALTER TABLE resource RENAME TO resource_unplaced",
    "ALTER TABLE resource_history RENAME TO resource_history_unplaced",
];

/// Fills the new tables. Nobody wrote down what arrived first where two came in one microsecond; the id decides then. An older
/// version without a current one cannot be, but if it is, it stays for `verify` to find.
pub(super) static AFTER: &[&str] = &[
    "WITH came (id, at) AS (
       SELECT id, min(arrived) FROM
         (SELECT id, arrived FROM resource_unplaced UNION ALL SELECT id, arrived FROM resource_history_unplaced) AS v
       GROUP BY id
     )
     INSERT INTO resource (id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq)
     SELECT r.id, r.version, r.person, r.type, r.feed, r.source_id, r.as_of, r.arrived, r.message, r.body, r.hash,
            row_number() OVER (ORDER BY c.at, r.id)
     FROM resource_unplaced AS r JOIN came AS c ON c.id = r.id ORDER BY c.at, r.id",
    "INSERT INTO resource_history (id, version, person, type, feed, source_id, as_of, arrived, message, body, hash, seq)
     SELECT h.id, h.version, h.person, h.type, h.feed, h.source_id, h.as_of, h.arrived, h.message, h.body, h.hash,
            coalesce(r.seq, 0)
     FROM resource_history_unplaced AS h LEFT JOIN resource AS r ON r.id = h.id",
    "DROP TABLE resource_unplaced",
    "DROP TABLE resource_history_unplaced",
];
