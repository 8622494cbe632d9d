//! Who lives with whom: households cut from one practice's list, and the residents of its care homes. Must not know
//! streets. The shapes of families (ages of parents, sizes) are our assumptions; the counts of those alone are published.

use crate::census::{OLDEST, Pool};
use crate::draw::Draw;
use crate::person::Sex;

/// Somebody of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) sex: Sex,
    pub(crate) age: u8,
    /// Born on the same day as the member before.
    pub(crate) twin: bool,
}

/// People under one roof.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Household {
    pub(crate) members: Vec<Member>,
    /// The care home, by its place in the list of homes.
    pub(crate) home: Option<u16>,
}

impl Household {
    fn of(member: (Sex, u8)) -> Self {
        Self { members: vec![Member { sex: member.0, age: member.1, twin: false }], home: None }
    }

    fn with(mut self, sex: Sex, age: Option<u8>) -> Self {
        self.members.extend(age.map(|age| Member { sex, age, twin: false }));
        self
    }
}

/// What the households of one practice must come to.
pub(crate) struct Wanted<'a> {
    /// Care homes with their numbers of residents.
    pub(crate) homes: &'a [(u16, u32)],
    /// Residents of homes by the least age of their band, female and male.
    pub(crate) residents: &'a [(u8, [f64; 2])],
    /// The share of those aged 65 and over, outside homes, who live alone.
    pub(crate) alone_old: f64,
    /// The share of adults under 65 who live alone.
    pub(crate) alone_young: f64,
}

/// A child is a twin of the one before with this probability (about 3 in 200 births).
const TWIN: f64 = 0.016;
/// Children live with two adults with this probability (census: about a quarter of families have one parent).
const TWO_PARENTS: f64 = 0.77;
/// Adults of 18 to 25 in a family that still has children.
const GROWN_SIBLING: f64 = 0.16;

/// Cuts one practice's list into households; everybody is in exactly one.
pub(crate) fn households(mut pool: Pool, wanted: &Wanted<'_>, draw: &mut Draw) -> Vec<Household> {
    let mut done = Vec::new();
    let young = f64::from(pool.between(20, 64)) * wanted.alone_young;
    for (home, places) in wanted.homes {
        let members = residents(&mut pool, *places, wanted.residents, draw);
        if !members.is_empty() {
            done.push(Household { members, home: Some(*home) });
        }
    }
    let old = f64::from(pool.between(65, OLDEST as u8)) * wanted.alone_old;
    alone(&mut pool, 65, old, draw, &mut done);
    old_couples(&mut pool, draw, &mut done);
    families(&mut pool, draw, &mut done);
    alone(&mut pool, 20, young, draw, &mut done);
    adults(&mut pool, draw, &mut done);
    done
}

fn residents(pool: &mut Pool, places: u32, bands: &[(u8, [f64; 2])], draw: &mut Draw) -> Vec<Member> {
    let mut members = Vec::new();
    for _ in 0..places {
        let cell = draw.weighted(bands.iter().flat_map(|(_, weights)| *weights));
        let from = bands.get(cell / 2).map_or(85, |(from, _)| *from);
        let sex = Sex::BOTH[cell % 2];
        let wish = from + draw.below(10) as u8;
        let found = [sex, sex.other()]
            .into_iter()
            .find_map(|sex| pool.nearest(sex, wish, 50, OLDEST as u8).map(|age| (sex, age)));
        members.extend(found.map(|(sex, age)| Member { sex, age, twin: false }));
    }
    members
}

/// How much likelier than a man of 65 to 74 somebody is to live alone; from the shape of national tables.
fn alone_weight(sex: Sex, age: u8) -> f64 {
    match (sex, age) {
        (_, ..=64) => 1.0,
        (Sex::Female, ..=74) => 1.35,
        (Sex::Female, ..=84) => 2.1,
        (Sex::Female, _) => 3.0,
        (Sex::Male, ..=74) => 1.0,
        (Sex::Male, ..=84) => 1.25,
        (Sex::Male, _) => 1.9,
    }
}

fn alone(pool: &mut Pool, from: u8, count: f64, draw: &mut Draw, done: &mut Vec<Household>) {
    let to = if from >= 65 { OLDEST as u8 } else { 64 };
    let cells: Vec<(Sex, u8)> = (from..=to).flat_map(|age| Sex::BOTH.map(|sex| (sex, age))).collect();
    let people = f64::from(pool.between(from, to));
    // The fraction is left to chance, so that many small practices come out right together.
    let wanted = (count + draw.unit()).floor().min((people * 0.97).floor());
    let chosen = |scale: f64| -> f64 {
        cells
            .iter()
            .map(|(sex, age)| f64::from(pool.count(*sex, *age)) * (alone_weight(*sex, *age) * scale).min(0.97))
            .sum()
    };
    let (mut low, mut high) = (0.0, 4.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if chosen(middle) < wanted { low = middle } else { high = middle }
    }
    let mut carried = draw.unit() * 0.999;
    let mut left = wanted as u32;
    for (sex, age) in cells {
        carried += f64::from(pool.count(sex, age)) * (alone_weight(sex, age) * high).min(0.97);
        while carried >= 1.0 && left > 0 {
            carried -= 1.0;
            if pool.take(sex, age) {
                left -= 1;
                done.push(Household::of((sex, age)));
            }
        }
    }
}

fn old_couples(pool: &mut Pool, draw: &mut Draw, done: &mut Vec<Household>) {
    while let Some((sex, age)) = pool.oldest(65, OLDEST as u8) {
        pool.take(sex, age);
        let wish = if sex == Sex::Male { age.saturating_sub(2 + draw.below(3) as u8) } else { age.saturating_sub(1) };
        let partner = pool.nearest(sex.other(), wish, age.saturating_sub(9).max(58), OLDEST as u8);
        let mut household = Household::of((sex, age)).with(sex.other(), partner);
        if partner.is_none() {
            // A brother, sister or friend; else a son or daughter, and perhaps theirs.
            let friend = draw.chance(0.4).then(|| pool.nearest(sex, age, 65, OLDEST as u8)).flatten();
            household = household.with(sex, friend);
            if friend.is_none() {
                let child = Sex::BOTH[draw.below(2)];
                let found = pool.nearest(child, age.saturating_sub(28), 30, 64);
                household = household.with(child, found);
                if let Some(found) = found
                    && draw.chance(0.5)
                {
                    let other = pool.nearest(child.other(), found, 30, 64);
                    household = household.with(child.other(), other);
                }
            }
        }
        settle(household, done);
    }
}

/// Adds a household; somebody left over who should not be alone joins the one before.
fn settle(household: Household, done: &mut Vec<Household>) {
    let shared = |other: &&mut Household| other.home.is_none() && other.members.len() > 1;
    if let [single] = household.members.as_slice()
        && let Some(other) = done.iter_mut().rev().find(shared)
    {
        other.members.push(*single);
    } else {
        done.push(household);
    }
}

fn families(pool: &mut Pool, draw: &mut Draw, done: &mut Vec<Household>) {
    while let Some((sex, age)) = pool.oldest(0, 17) {
        pool.take(sex, age);
        let mut children = vec![Member { sex, age, twin: false }];
        let size = [1, 2, 3, 4][draw.weighted([0.40, 0.42, 0.14, 0.04])];
        let mut youngest = age;
        if draw.chance(TWIN)
            && let Some(sex) = Sex::BOTH.into_iter().find(|sex| pool.take(*sex, age))
        {
            children.push(Member { sex, age, twin: true });
        }
        while children.len() < size && youngest >= 2 {
            let wish = youngest.saturating_sub(2 + draw.below(3) as u8);
            let sex = Sex::BOTH[draw.below(2)];
            let Some(age) = pool.nearest(sex, wish, youngest.saturating_sub(6), youngest - 2) else { break };
            youngest = age;
            children.push(Member { sex, age, twin: false });
        }
        let mother = (f64::from(age) + 30.0 + 5.0 * draw.normal()).clamp(f64::from(age) + 17.0, f64::from(age) + 45.0);
        let mother = pool.nearest(Sex::Female, mother as u8, 18, 62);
        let mut household = Household::default().with(Sex::Female, mother);
        if mother.is_none() || draw.chance(TWO_PARENTS) {
            let wish = mother.map_or(age + 32, |mother| mother + draw.below(5) as u8);
            let father = pool.nearest(Sex::Male, wish, 18, 64);
            household = household.with(Sex::Male, father);
        }
        if mother.is_some_and(|mother| mother >= 38) && draw.chance(GROWN_SIBLING) {
            let grown = Sex::BOTH[draw.below(2)];
            let found = pool.nearest(grown, 19, 18, 25);
            household = household.with(grown, found);
        }
        if household.members.is_empty() {
            match done.iter_mut().rev().find(|other| other.home.is_none()) {
                Some(other) => other.members.append(&mut children),
                None => done.push(Household { members: children, home: None }),
            }
        } else {
            household.members.append(&mut children);
            done.push(household);
        }
    }
}

fn adults(pool: &mut Pool, draw: &mut Draw, done: &mut Vec<Household>) {
    while let Some((sex, age)) = pool.oldest(0, OLDEST as u8) {
        pool.take(sex, age);
        let mut household = Household::of((sex, age));
        if age >= 24 && draw.chance(0.9) {
            let wish = if sex == Sex::Male { age.saturating_sub(2) } else { age };
            let partner = pool.nearest(sex.other(), wish, age.saturating_sub(9).max(18), 64);
            household = household.with(sex.other(), partner);
        }
        if age >= 43 && draw.chance(0.45) {
            let grown = Sex::BOTH[draw.below(2)];
            let found = pool.nearest(grown, age - 28, 18, 30);
            household = household.with(grown, found);
        }
        if household.members.len() == 1 {
            // People who share a house.
            for _ in 0..=draw.below(2) {
                let other = Sex::BOTH[draw.below(2)];
                let found = pool.nearest(other, age, 18, 64);
                household = household.with(other, found);
            }
        }
        settle(household, done);
    }
}
