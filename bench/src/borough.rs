//! A data folder with a borough's people in it, made once by the import of the binary itself, for whatever is measured
//! over it; and what can be seen in its file from outside, reading only.

use std::path::PathBuf;

use anyhow::Context;
use rusqlite::{Connection, OpenFlags};

use crate::crowd::{self, Crowd};
use crate::say::tell;
use crate::scratch::Scratch;
use crate::setting::Setting;

/// The practice that the demonstration's GP works for: its people, and nobody else's, are open to whoever reads here.
pub(crate) const PRACTICE: &str = "P88002";

/// The folder.
#[derive(Debug)]
pub(crate) struct Borough {
    scratch: Scratch,
}

/// Somebody in it, as a page should show them.
#[derive(Debug, Clone)]
pub(crate) struct Resident {
    /// The address of their record.
    pub(crate) page: String,
    /// Their NHS number as people read it; nobody else's page shows it.
    pub(crate) nhs_number: String,
}

impl Borough {
    /// Makes it.
    pub(crate) fn make(setting: &Setting) -> anyhow::Result<Self> {
        let scratch = setting.scratch("borough")?;
        let file = scratch.path().join("people.ndjson");
        tell(format!("a borough of {} people, {} resources each", setting.people, setting.resources_each()));
        crowd::write(&file, Crowd::of(setting.people, setting.resources_each())?)?;
        let borough = Self { scratch };
        setting.program.import(&borough.data(), &[&file])?;
        std::fs::remove_file(&file)?;
        Ok(borough)
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.scratch.path().join("data")
    }

    /// Those on the list of a practice: their records, and nobody else's, are open to its GPs.
    pub(crate) fn residents(&self, practice: &str) -> anyhow::Result<Vec<Resident>> {
        let database = self.open()?;
        let mut statement = database.prepare(
            "SELECT lower(hex(p.root)), d.nhs_number FROM demographic AS d JOIN person AS p ON p.id = d.person
             JOIN standing AS s ON s.person = p.root AND s.tie = 'registration' AND s.holder = 'ods:' || ?1
             WHERE d.nhs_number IS NOT NULL ORDER BY d.nhs_number",
        )?;
        let rows = statement.query_map([practice], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut residents = Vec::new();
        for row in rows {
            let (id, number) = row?;
            let part = |text: &str, from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
            let id = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].map(|(from, to)| part(&id, from, to)).join("-");
            let nhs_number = [(0, 3), (3, 6), (6, 10)].map(|(from, to)| part(&number, from, to)).join(" ");
            residents.push(Resident { page: format!("/people/{id}"), nhs_number });
        }
        anyhow::ensure!(!residents.is_empty(), "nobody in the borough that was made is on the list of {practice}");
        Ok(residents)
    }

    /// How many looks at people are written down by now.
    pub(crate) fn looks(&self) -> anyhow::Result<usize> {
        let count: i64 = self.open()?.query_row("SELECT count(*) FROM look", [], |row| row.get(0))?;
        Ok(usize::try_from(count)?)
    }

    /// How the database keeps its journal, as its file says.
    pub(crate) fn journal(&self) -> anyhow::Result<String> {
        Ok(self.open()?.query_row("PRAGMA journal_mode", [], |row| row.get(0))?)
    }

    fn open(&self) -> anyhow::Result<Connection> {
        let file = self.data().join("weft.db");
        Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .with_context(|| format!("cannot read {}", file.display()))
    }
}
