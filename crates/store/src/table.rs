//! Tables as data. From one definition come the words that create a table in each database, the statement that inserts
//! a row, and the ordered walk that `verify`, `backup` and `restore` use; so the two databases cannot drift apart.

use crate::sql::{Dialect, Sql};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A 64-bit whole number.
    Int,
    /// Text, ordered by its bytes in both databases.
    Text,
    /// An id.
    Uuid,
    /// Bytes.
    Bytes,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Type,
    /// Whether it may be empty.
    pub optional: bool,
    /// A condition that every row keeps (an SQL condition that both databases read; it may name other columns), or empty.
    pub check: &'static str,
}

impl Column {
    /// The same column, with a condition that the database itself holds every row to, whoever writes it.
    #[must_use]
    pub const fn checked(self, check: &'static str) -> Self {
        Self { check, ..self }
    }
}

/// A column that must have a value.
#[must_use]
pub const fn column(name: &'static str, holds: Type) -> Column {
    Column { name, holds, optional: false, check: "" }
}

/// A column that may be empty.
#[must_use]
pub const fn optional(name: &'static str, holds: Type) -> Column {
    Column { name, holds, optional: true, check: "" }
}

/// A second way into a table, or a rule that the database keeps.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// Its name, unique in the database.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [&'static str],
    /// Whether two rows may not share them.
    pub unique: bool,
    /// Only rows for which this holds (an SQL condition that both databases read), or empty.
    pub only: &'static str,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// The columns of its key.
    pub key: &'static [&'static str],
    /// Whether SQLite keeps the rows in the order of the key (good for small rows read together).
    pub clustered: bool,
    /// Its indexes.
    pub indexes: &'static [Index],
}

impl Table {
    /// The words that create it.
    #[must_use]
    pub fn definition(&self, dialect: Dialect) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let holds = match (dialect, column.holds) {
                    (Dialect::Sqlite, Type::Int) => "INTEGER",
                    (Dialect::Sqlite, Type::Text) => "TEXT",
                    (Dialect::Sqlite, Type::Uuid | Type::Bytes) => "BLOB",
                    (Dialect::Postgres, Type::Int) => "BIGINT",
                    (Dialect::Postgres, Type::Text) => "TEXT COLLATE \"C\"",
                    (Dialect::Postgres, Type::Uuid) => "UUID",
                    (Dialect::Postgres, Type::Bytes) => "BYTEA",
                };
                let needed = if column.optional { "" } else { " NOT NULL" };
                let check = if column.check.is_empty() { String::new() } else { format!(" CHECK ({})", column.check) };
                format!("  {} {holds}{needed}{check}", column.name)
            })
            .collect();
        let options = match (dialect, self.clustered) {
            (Dialect::Sqlite, true) => " STRICT, WITHOUT ROWID",
            (Dialect::Sqlite, false) => " STRICT",
            (Dialect::Postgres, _) => "",
        };
        let mut words = format!(
            "CREATE TABLE {} (\n{},\n  PRIMARY KEY ({})\n){options};\n",
            self.name,
            columns.join(",\n"),
            self.key.join(", ")
        );
        for index in self.indexes {
            let unique = if index.unique { "UNIQUE " } else { "" };
            let only = if index.only.is_empty() { String::new() } else { format!(" WHERE {}", index.only) };
            words.push_str(&format!(
                "CREATE {unique}INDEX {} ON {} ({}){only};\n",
                index.name,
                self.name,
                index.columns.join(", ")
            ));
        }
        words
    }

    fn names(&self) -> String {
        self.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    /// Inserts one row, all columns in the order of the definition.
    #[must_use]
    pub fn insert(&self) -> Sql {
        let places: Vec<String> = (1..=self.columns.len()).map(|number| format!("${number}")).collect();
        Sql::made(format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.names(), places.join(", ")))
    }

    /// Every row in the order of the key.
    #[must_use]
    pub fn walk(&self) -> Sql {
        Sql::made(format!("SELECT {} FROM {} ORDER BY {}", self.names(), self.name, self.key.join(", ")))
    }

    /// A page of rows in the order of the key: from the beginning, or `after` a key whose values are the first parameters. The
    /// last parameter is the number of rows.
    #[must_use]
    pub fn page(&self, after: bool) -> Sql {
        let key = self.key.join(", ");
        let (condition, limit) = if after {
            let places: Vec<String> = (1..=self.key.len()).map(|number| format!("${number}")).collect();
            (format!(" WHERE ({key}) > ({})", places.join(", ")), self.key.len() + 1)
        } else {
            (String::new(), 1)
        };
        Sql::made(format!("SELECT {} FROM {}{condition} ORDER BY {key} LIMIT ${limit}", self.names(), self.name))
    }

    /// Takes every row out.
    #[must_use]
    pub fn clear(&self) -> Sql {
        Sql::made(format!("DELETE FROM {}", self.name))
    }

    /// How many rows there are.
    #[must_use]
    pub fn count(&self) -> Sql {
        Sql::made(format!("SELECT count(*) FROM {}", self.name))
    }
}
