//! The truth of a borough, written beside what its services send and never fed to the record: whose each local id is, what
//! each service has wrong, which messages are odd, and what is true of people whether or not anybody has coded it. Five CSV
//! files; each of them is written as it comes, so that a borough of any size needs no memory.

use std::io::{self, Write};

use jiff::civil::Date;
use place::{OdsCode, Slug};

use crate::message::{Delivery, Held, KnownAs, Naming, Odd, Oddity};
use crate::person::{Person, Sex};
use crate::settings::{Settings, World};

/// The files of a truth, in the order in which they are opened.
pub const FILES: [&str; 5] = ["people.csv", "conditions.csv", "ids.csv", "odd.csv", "homes.csv"];

/// The header of each file.
const HEADERS: [&[&str]; 5] = [
    &[
        "person",
        "nhs_number",
        "sex",
        "born",
        "died",
        "practice",
        "area",
        "imd_decile",
        "neighbourhood",
        "household",
        "lives_alone",
        "care_home",
        "frailty",
        "cares_hours",
        "carer_coded",
        "social_care",
        "mental_health",
        "twin",
        "moved",
        "moved_to",
        "homeless_since",
    ],
    &["person", "condition", "since", "coded"],
    &["feed", "local", "person", "nhs_number", "nhs_number_of", "name", "birth_date", "merged_into"],
    &["feed", "message", "person", "sent", "what", "kind"],
    &["care_home", "practice", "aligned_from", "world", "effect_on_emergency_admissions"],
];

/// A truth being written.
pub struct Truth {
    files: Vec<csv::Writer<Box<dyn Write + Send>>>,
}

impl Truth {
    /// Opens every file; `headed` says whether a file is new and wants its header, `open` gives where it is written.
    ///
    /// # Errors
    /// What opening or writing reports.
    pub fn begin(mut open: impl FnMut(&str) -> io::Result<(Box<dyn Write + Send>, bool)>) -> io::Result<Self> {
        let mut files = Vec::with_capacity(FILES.len());
        for (name, header) in FILES.iter().zip(HEADERS) {
            let (file, new) = open(name)?;
            let mut file = csv::Writer::from_writer(file);
            if new {
                file.write_record(header)?;
            }
            files.push(file);
        }
        Ok(Self { files })
    }

    fn line<I: IntoIterator<Item = T>, T: AsRef<[u8]>>(&mut self, file: usize, line: I) -> io::Result<()> {
        match self.files.get_mut(file) {
            Some(file) => Ok(file.write_record(line)?),
            None => Ok(()),
        }
    }

    /// Writes a person and their conditions.
    ///
    /// # Errors
    /// What writing reports.
    pub fn person(&mut self, person: &Person) -> io::Result<()> {
        let number = person.number.to_string();
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let moved = person.moves.as_ref();
        self.line(
            0,
            [
                number.as_str(),
                person.nhs_number.as_str(),
                match person.sex {
                    Sex::Female => "female",
                    Sex::Male => "male",
                },
                &person.born.to_string(),
                &date(person.died),
                person.practice.as_str(),
                &person.address.area,
                &person.address.imd_decile.to_string(),
                &person.address.neighbourhood,
                &person.household.to_string(),
                yes(person.lives_alone),
                person.address.care_home.as_deref().unwrap_or_default(),
                &format!("{:.4}", person.frailty),
                &person.cares_hours.to_string(),
                yes(person.carer_coded),
                yes(person.social_care),
                yes(person.mental_health),
                &person.twin.map(|twin| twin.to_string()).unwrap_or_default(),
                &date(moved.map(|(day, _)| *day)),
                moved.map_or("", |(_, to)| to.postcode.as_str()),
                &date(person.homeless),
            ],
        )?;
        for problem in &person.problems {
            let since = problem.since.to_string();
            self.line(1, [number.as_str(), problem.condition.slug(), &since, yes(problem.coded)])?;
        }
        Ok(())
    }

    /// Writes what is known of a delivery: ids and odd messages. An id may stand more than once, each time the same.
    ///
    /// # Errors
    /// What writing reports.
    pub fn delivery(&mut self, delivery: &Delivery) -> io::Result<()> {
        for known in &delivery.known {
            self.known(known)?;
        }
        for odd in &delivery.odd {
            self.odd(odd)?;
        }
        Ok(())
    }

    fn known(&mut self, known: &KnownAs) -> io::Result<()> {
        let (held, whose) = match known.held {
            Held::Right => ("right", Some(known.person)),
            Held::Missing => ("missing", None),
            Held::Others(other) => ("another's", Some(other)),
            Held::Twins(twin) => ("twin's", Some(twin)),
            Held::Swapped => ("digits swapped", None),
            Held::Mistyped => ("mistyped", None),
        };
        let naming = match known.naming {
            Naming::AsRegistered => "right",
            Naming::Former => "former",
            Naming::Short => "short",
            Naming::Slip => "misspelt",
        };
        self.line(
            2,
            [
                known.feed,
                &known.local,
                &known.person.to_string(),
                held,
                &whose.map(|whose| whose.to_string()).unwrap_or_default(),
                naming,
                if known.birth_swapped { "day and month swapped" } else { "right" },
                known.merged_into.as_deref().unwrap_or_default(),
            ],
        )
    }

    fn odd(&mut self, odd: &Odd) -> io::Result<()> {
        let (what, kind) = match odd.oddity {
            Oddity::Late(days) => ("late", format!("{days} days")),
            Oddity::Repeated => ("repeated", String::new()),
            Oddity::Broken(kind) => ("broken", kind.word().to_owned()),
            Oddity::Mended => ("mended", String::new()),
            Oddity::LeftOpen => ("left open", String::new()),
        };
        self.line(3, [odd.feed, &odd.name, &odd.person.to_string(), &odd.sent.to_string(), what, &kind])
    }

    /// Writes one care home: from when on its practice is aligned with it, where it is, and what that does in this world.
    ///
    /// # Errors
    /// What writing reports.
    pub fn home(
        &mut self,
        home: &Slug,
        practice: &OdsCode,
        aligned: Option<Date>,
        settings: &Settings,
    ) -> io::Result<()> {
        let (world, effect) = match settings.world {
            World::Effect => ("effect", "-0.10"),
            World::Null => ("null", "0"),
            World::Harm => ("harm", "+0.011"),
        };
        let aligned = aligned.map(|date| date.to_string()).unwrap_or_default();
        self.line(4, [&**home, practice.as_str(), &aligned, world, effect])
    }

    /// Writes out what is held back.
    ///
    /// # Errors
    /// What writing reports.
    pub fn flush(&mut self) -> io::Result<()> {
        self.files.iter_mut().try_for_each(csv::Writer::flush)
    }
}

impl std::fmt::Debug for Truth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Truth(…)")
    }
}

fn yes(it_is: bool) -> &'static str {
    if it_is { "yes" } else { "no" }
}
