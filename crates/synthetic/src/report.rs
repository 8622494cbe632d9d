//! The calibration report: what the borough comes to, beside what is published, computed from the people and events as
//! anybody else would see them. Must not look at the sheet or the levels, so that a mistake there shows.

mod count;
mod line;
mod lines;

pub use line::{Line, Measure, Scale};

use std::fmt;

use crate::borough::Borough;

/// A borough beside the published facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// People in the borough.
    pub people: u32,
    /// The seed.
    pub seed: u64,
    /// Days of history that were counted.
    pub days: u16,
    /// The targets, in groups.
    pub lines: Vec<Line>,
}

/// Makes everybody and their history once, and sets the sums beside the published facts.
#[must_use]
pub fn calibration(borough: &Borough) -> Report {
    let count = count::Count::of(borough);
    let settings = borough.settings();
    Report {
        people: settings.people,
        seed: settings.seed,
        days: settings.history_days,
        lines: lines::lines(borough, &count),
    }
}

impl Report {
    /// The targets that are missed, without those that only compare one source with another.
    pub fn outside(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.note.is_none() && !line.within())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Calibration of {} people, seed {}, {} days of history.", self.people, self.seed, self.days)?;
        writeln!(
            f,
            "Counts are scaled by the people over the registered list of April 2020 (316,691), whatever the year of"
        )?;
        writeln!(
            f,
            "their source; percentages and rates are not. A count over 1,000 may be 2% off, a smaller one or a count of"
        )?;
        writeln!(
            f,
            "events as far as chance would take it in 99 of 100 boroughs (Poisson); ratios 0.05 or their chance."
        )?;
        let mut group = "";
        for line in &self.lines {
            if line.group != group {
                group = line.group;
                writeln!(f, "\n{group:<52}{:>12}{:>12}{:>8}  {:<8} source", "wanted", "got", "ratio", "")?;
            }
            let mark = match (line.note.is_some(), line.within()) {
                (true, _) => "compare",
                (false, true) => "ok",
                (false, false) => "OUTSIDE",
            };
            let (wanted, got) = (line.shown(line.wanted), line.shown(line.got));
            writeln!(f, "{:<52}{wanted:>12}{got:>12}{:>8.3}  {mark:<8} {}", line.what, line.ratio(), line.source)?;
            if let Some(note) = &line.note {
                writeln!(f, "    {note}")?;
            }
        }
        let outside = self.outside().count();
        let judged = self.lines.iter().filter(|line| line.note.is_none()).count();
        writeln!(f, "\n{outside} of {judged} targets are outside their tolerance.")?;
        writeln!(
            f,
            "Everybody registered lives in the borough here; in truth some 13,000 registered people live elsewhere and some"
        )?;
        writeln!(
            f,
            "11,000 residents are registered elsewhere. Small areas are taken as equally large, for no table of registered"
        )?;
        writeln!(
            f,
            "people by area could be had. Nobody joins or leaves the lists: who dies in the history is still counted."
        )
    }
}
