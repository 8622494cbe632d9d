//! Whether any group is missed: who was found by lists, about whom something was decided and who was taken on, beside everybody
//! registered, by every slice. Everything here has been made fit to be shown to whoever may put any question; there is no way from
//! it to a person. Must not show a count of its own making.

use place::rounding::Rounded;
use population::bits::Bits;
use population::cohort::{Base, Grid, Slice};
use population::day::Day;
use population::equity::{self, Told};

use crate::held::Held;
use crate::views::list::{Listed, State};

/// The steps of some lists, each as it may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Cascade {
    /// Of everybody registered: who was found.
    pub found: Told,
    /// Of everybody registered: about whom it was decided, either way. Who is put off waits still.
    pub decided: Told,
    /// Of everybody registered: who was taken on.
    pub taken: Told,
    /// Of those found: who was taken on.
    pub taken_of_found: Told,
}

/// Everybody registered in a neighbourhood, or in all of them, who may be counted: made once for several lists.
pub struct Registered<'h> {
    held: &'h Held,
    grid: Grid,
    people: Bits,
    base: Base,
}

impl<'h> Registered<'h> {
    /// On a day. `neighbourhood`: its name, as the columns have it; none for the whole place.
    #[must_use]
    pub fn of(held: &'h Held, neighbourhood: Option<&str>, as_of: Day) -> Self {
        let wanted = neighbourhood.map(|name| held.people.neighbourhoods.find(name));
        let mut people = held.counted();
        for (number, person) in (0u32..).zip(&held.people.list) {
            let is_here = wanted.is_none_or(|wanted| wanted == Some(u32::from(person.neighbourhood)));
            if !person.is_registered || !is_here {
                people.put(number, false);
            }
        }
        let grid = Grid::of(&held.people, as_of);
        let base = grid.base(&people);
        Self { held, grid, people, base }
    }

    /// How far people on lists have come. Somebody on several counts once, and by the furthest.
    #[must_use]
    pub fn cascade(&self, listed: &[Listed]) -> Cascade {
        let among = |is_wanted: &dyn Fn(State) -> bool| {
            let mut bits = Bits::none(self.held.people.len());
            let wanted = listed.iter().filter(|one| is_wanted(one.state));
            wanted.filter_map(|one| self.held.number(one.person)).for_each(|number| bits.set(number));
            bits.and(&self.people);
            bits
        };
        let found = among(&|_| true);
        let taken = among(&|state| state == State::Accepted);
        let decided = among(&|state| matches!(state, State::Accepted | State::Declined));
        let told = |cohort: &Bits, base: &Base| equity::told(&self.grid.slice(cohort, base));
        Cascade {
            found: told(&found, &self.base),
            decided: told(&decided, &self.base),
            taken: told(&taken, &self.base),
            taken_of_found: told(&taken, &self.grid.base(&found)),
        }
    }
}

impl Cascade {
    /// True where there are too few found for groups to be told apart.
    #[must_use]
    pub fn is_too_small(&self) -> bool {
        !matches!(self.found.count, Rounded::About(_))
    }
}

/// The groups of whom there are fewer than their ages would lead one to expect, with 95 in 100 certainty and without regard to how
/// many groups are looked at: where the upper limit is below one.
#[must_use]
pub fn fewer(told: &Told) -> Vec<(Slice, String)> {
    let mut fewer = Vec::new();
    for (slice, cells) in &told.slices {
        for cell in cells.iter().flatten() {
            if cell.ratio.is_some_and(|ratio| ratio.upper < 1.0) {
                fewer.push((*slice, cell.name.clone()));
            }
        }
    }
    fewer
}

#[cfg(test)]
mod tests;
