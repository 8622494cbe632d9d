//! Learning the weights from a roll without being told who is who. *Strangers* are learnt from pairs drawn at random; *person*,
//! *household* and *twins* by expectation-maximisation (Dempster and others 1977) over the patterns of pairs that share a home,
//! where every pair of a home is seen and nothing was picked by likeness; where people live, from pairs that share both names
//! and the birth date. Pairs are counted by pattern once, so a round costs as many steps as there are patterns.

use std::collections::BTreeMap;

use crate::model::{CLASSES, Class, FLOOR, Model, Rates, Table};
use crate::pattern::{BIRTH, Comparer, FIELDS, GIVEN, HOME, LEVELS, NHS, OTHER, Pattern, SAME, SEX, SURNAME, levels};
use crate::roll::Roll;
use crate::schema::Kind;
use crate::text::{as_index, mix};

/// At most this many pairs are learnt from in each of the three ways.
const MOST_PAIRS: u64 = 300_000;
/// A home that more rows share is no household; people of care homes and hostels would teach what families are not.
const MOST_IN_A_HOUSEHOLD: usize = 14;
const ROUNDS: usize = 120;
/// The most pairs of a household, of all, in which one is named for the other.
const MOST_NAMESAKES: f64 = 0.02;

/// Chances, not logarithms, while learning.
type Chances = [[f64; LEVELS]; FIELDS];
type Counts = BTreeMap<Pattern, f64>;

const PERSON: usize = Class::Person as usize;
const STRANGERS: usize = Class::Strangers as usize;
const HOUSEHOLD: usize = Class::Household as usize;
const TWINS: usize = Class::Twins as usize;

/// What is believed before anything was seen, and as much as some tens of pairs: level by level, the first is "missing".
fn beliefs() -> [Chances; CLASSES] {
    let mut person = [[1.0, 0.95, 0.03, 0.01, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0]; FIELDS];
    person[GIVEN] = [1.0, 0.86, 0.04, 0.04, 0.01, 0.01, 0.01, 0.01, 0.01, 0.005];
    person[SURNAME] = [1.0, 0.89, 0.001, 0.03, 0.01, 0.001, 0.01, 0.005, 0.05, 0.005];
    person[BIRTH] = [1.0, 0.95, 0.005, 0.02, 0.005, 0.005, 0.002, 0.001, 0.00001, 0.0];
    person[SEX] = [1.0, 0.99, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    person[HOME] = [1.0, 0.7, 0.03, 0.03, 0.02, 0.002, 0.003, 0.02, 0.18, 0.01];
    person[NHS] = [1.0, 0.99, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let mut strangers = [[1.0, 0.01, 0.01, 0.02, 0.96, 0.0, 0.0, 0.0, 0.0, 0.0]; FIELDS];
    strangers[GIVEN] = [1.0, 0.005, 0.002, 0.0005, 0.0005, 0.0005, 0.005, 0.05, 0.93, 0.00001];
    strangers[SURNAME] = [1.0, 0.002, 0.00001, 0.0005, 0.0005, 0.0001, 0.003, 0.05, 0.94, 0.00001];
    strangers[BIRTH] = [1.0, 0.00003, 0.00002, 0.0003, 0.0001, 0.002, 0.0005, 0.4, 0.6, 0.0];
    strangers[SEX] = [1.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    strangers[HOME] = [1.0, 0.000_005, 0.000_001, 0.00001, 0.000_001, 0.0001, 0.000_01, 0.08, 0.91, 0.01];
    strangers[NHS] = [1.0, 0.000_001, 0.999_999, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let mut household = strangers;
    household[GIVEN][SAME] = 0.015;
    household[SURNAME] = [1.0, 0.7, 0.00001, 0.01, 0.01, 0.0001, 0.01, 0.02, 0.25, 0.00001];
    household[BIRTH] = [1.0, 0.0003, 0.0002, 0.003, 0.0005, 0.01, 0.001, 0.5, 0.48, 0.0];
    household[HOME] = person[HOME];
    household[NHS] = [1.0, 0.001, 0.999, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let mut twins = household;
    // Parents like names that begin alike.
    twins[GIVEN] = [1.0, 0.0002, 0.001, 0.001, 0.0005, 0.002, 0.04, 0.15, 0.80, 0.00001];
    twins[SURNAME] = person[SURNAME];
    twins[BIRTH] = person[BIRTH];
    twins[SEX] = [1.0, 0.65, 0.35, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    twins[NHS] = [1.0, 0.01, 0.99, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    [person, strangers, household, twins]
}

/// The patterns of some pairs, how many there were, and the share of all such pairs that was looked at.
struct Sample {
    counts: Counts,
    share: f64,
}

impl Sample {
    /// Every pair of rows that share a key, for a share of the keys.
    fn of_blocks(roll: &Roll, most_rows: usize, key: impl Fn(usize) -> u64) -> Self {
        let mut keyed: Vec<(u64, u32)> =
            (0..roll.len()).zip(0u32..).map(|(at, row)| (key(at), row)).filter(|(key, _)| *key != 0).collect();
        keyed.sort_unstable();
        let blocks =
            || keyed.chunk_by(|one, other| one.0 == other.0).filter(|block| (2..=most_rows).contains(&block.len()));
        let pairs: u64 = blocks().map(|block| (block.len() * (block.len() - 1) / 2) as u64).sum();
        let every = pairs.div_ceil(MOST_PAIRS).max(1);
        let mut comparer = Comparer::default();
        let mut counts = Counts::new();
        for block in blocks().filter(|block| mix(block[0].0).is_multiple_of(every)) {
            for (at, (_, one)) in block.iter().enumerate() {
                for (_, other) in &block[at + 1..] {
                    let pattern = comparer.compare(roll, &roll.rows()[*one as usize], &roll.rows()[*other as usize]);
                    *counts.entry(pattern).or_default() += 1.0;
                }
            }
        }
        Self { counts, share: 1.0 / real(every) }
    }

    /// Pairs drawn at random (always the same ones), but for those that are plainly one person.
    fn at_random(roll: &Roll) -> Self {
        let mut comparer = Comparer::default();
        let mut counts = Counts::new();
        let rows = roll.rows();
        let there_are = (rows.len() as u64).saturating_mul((rows.len() as u64).saturating_sub(1));
        for draw in 0..MOST_PAIRS.min(there_are.saturating_mul(2)) {
            let drawn = mix(draw.wrapping_mul(0x2545_f491_4f6c_dd1d));
            let (one, other) = (as_index(drawn >> 32) % rows.len(), as_index(drawn & 0xffff_ffff) % rows.len());
            if one == other {
                continue;
            }
            let pattern = comparer.compare(roll, &rows[one], &rows[other]);
            let same = [GIVEN, SURNAME, BIRTH, HOME].iter().filter(|field| pattern.is(**field, SAME)).count();
            if same < 2 {
                *counts.entry(pattern).or_default() += 1.0;
            }
        }
        Self { counts, share: 1.0 }
    }

    fn total(&self) -> f64 {
        self.counts.values().sum()
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs stay far below 2^53")]
const fn real(count: u64) -> f64 {
    count as f64
}

/// Believed chances and seen counts together; `strength` is how many pairs the belief is worth.
fn blend(belief: &[f64; LEVELS], seen: &[f64; LEVELS], field: usize, strength: f64) -> [f64; LEVELS] {
    let mut blended = [1.0; LEVELS];
    let levels = 1..=levels(field);
    let believed: f64 = levels.clone().map(|level| belief[level]).sum();
    let total: f64 = levels.clone().map(|level| seen[level]).sum::<f64>() + strength;
    for level in levels {
        blended[level] = (seen[level] + strength * belief[level] / believed) / total;
    }
    blended
}

/// One class's expected counts of levels.
fn tally<'a>(weighted: impl Iterator<Item = (&'a Pattern, f64)>) -> [[f64; LEVELS]; FIELDS] {
    let mut seen = [[0.0; LEVELS]; FIELDS];
    for (pattern, weight) in weighted {
        for (field, levels) in seen.iter_mut().enumerate() {
            levels[pattern.level(field)] += weight;
        }
    }
    seen
}

/// The chance of each class for each pattern, by the classes' shares and the chances of some fields.
fn expect<const N: usize>(
    pattern: Pattern,
    classes: [usize; N],
    shares: &[f64; N],
    chances: &[Chances; CLASSES],
    fields: &[usize],
) -> [f64; N] {
    let mut of = *shares;
    for (chance, class) in of.iter_mut().zip(classes) {
        for field in fields {
            *chance *= chances[class][*field][pattern.level(*field)].max(1e-12);
        }
    }
    let sum: f64 = of.iter().sum::<f64>().max(1e-300);
    of.map(|chance| chance / sum)
}

/// The largest share that households can have of the pairs of one home. Two people are plainly two where given name and birth date
/// are both far apart. Where few pairs are so, and no more than chance would give with each apart now and then, there are no
/// households in this roll, and likeness must not invent them.
fn most_households(homes: &Sample) -> f64 {
    let total = homes.total().max(1.0);
    let share = |is: &dyn Fn(&Pattern) -> bool| {
        homes.counts.iter().filter(|(pattern, _)| is(pattern)).map(|(_, count)| count).sum::<f64>() / total
    };
    let other_name = |pattern: &Pattern| pattern.level(GIVEN) == 8;
    let other_birth = |pattern: &Pattern| matches!(pattern.level(BIRTH), 7 | 8);
    let plain = share(&|pattern| other_name(pattern) && other_birth(pattern));
    // Two standard errors off: a handful of pairs is no evidence.
    let together = plain - share(&other_name) * share(&other_birth) - 2.0 * (plain / total).sqrt();
    let most = if plain < 0.1 { together * 1.3 } else { plain * 1.5 };
    most.clamp(1e-4, 0.9)
}

/// Learns from a counted roll. The threshold of the result is that of even odds; [`crate::link`] chooses a better one.
#[must_use]
pub fn learn(roll: &Roll) -> Model {
    let beliefs = beliefs();
    let mut chances = beliefs;
    let fields = OTHER + roll.schema.other.len();
    let rows = roll.rows();
    let others = || OTHER..fields;
    let of_address = |field: usize| roll.schema.other[field - OTHER].of_address;

    // A house number of its own column is part of what makes a home.
    let numbers: Vec<usize> = (0..)
        .zip(&roll.schema.other)
        .filter(|(_, other)| other.of_address && other.kind == Kind::Code)
        .map(|(at, _)| at)
        .collect();

    // Strangers.
    let random = Sample::at_random(roll);
    let seen = tally(random.counts.iter().map(|(pattern, count)| (pattern, *count)));
    for field in 0..fields {
        chances[STRANGERS][field] = blend(&beliefs[STRANGERS][field], &seen[field], field, 20.0);
    }

    // Where one person lives, by their rows: pairs that share names and birth date are one person but for a few.
    let named = Sample::of_blocks(roll, 60, |at| {
        let row = &rows[at];
        let given = row.given != 0 && row.surname != 0 && row.birth.0 != 0;
        if given { mix(u64::from(row.given) << 32 | u64::from(row.surname)) ^ u64::from(row.birth.0) } else { 0 }
    });
    let mut session = vec![HOME];
    session.extend(others());
    let mut shares = [0.95, 0.05];
    for _ in 0..ROUNDS {
        let of = |pattern: &Pattern| expect(*pattern, [PERSON, STRANGERS], &shares, &chances, &session)[0];
        let weighted: Vec<(&Pattern, f64)> =
            named.counts.iter().map(|(pattern, count)| (pattern, count * of(pattern))).collect();
        let persons: f64 = weighted.iter().map(|(_, weight)| weight).sum();
        let seen = tally(weighted.into_iter());
        for field in &session {
            chances[PERSON][*field] = blend(&beliefs[PERSON][*field], &seen[*field], *field, 10.0);
        }
        let share = ((persons + 9.0) / (named.total() + 10.0)).min(0.999);
        shares = [share, 1.0 - share];
    }
    let seen = tally(named.counts.iter().map(|(pattern, count)| {
        (pattern, count * expect(*pattern, [PERSON, STRANGERS], &shares, &chances, &session)[0])
    }));
    let persons_named: f64 = seen[HOME].iter().sum::<f64>().max(1.0);
    let same_number: f64 =
        numbers.iter().map(|number| 1.0 - seen[OTHER + number][2..].iter().sum::<f64>() / persons_named).product();
    let at_home = seen[HOME][SAME] / persons_named * same_number;
    chances[HOUSEHOLD][HOME] = chances[PERSON][HOME];
    chances[TWINS][HOME] = chances[PERSON][HOME];
    for field in others() {
        let from = if of_address(field) { chances[PERSON][field] } else { chances[STRANGERS][field] };
        chances[HOUSEHOLD][field] = from;
        chances[TWINS][field] = from;
    }

    // Everything else, by the pairs of one home.
    let homes = Sample::of_blocks(roll, MOST_IN_A_HOUSEHOLD, |at| match rows[at].home() {
        0 => 0,
        home => numbers.iter().fold(home, |key, number| mix(key ^ mix(u64::from(rows[at].others[*number])))),
    });
    let mut session = vec![GIVEN, SURNAME, BIRTH, SEX, NHS];
    session.extend(others().filter(|field| !of_address(*field)));
    let classes = [PERSON, HOUSEHOLD, TWINS];
    let most = most_households(&homes);
    let named_apart = [7, 8].map(|level| {
        let is = |pattern: &Pattern| pattern.is(GIVEN, SAME) && pattern.is(BIRTH, level);
        homes.counts.iter().filter(|(pattern, _)| is(pattern)).map(|(_, count)| count).sum::<f64>()
    });
    let mut shares = [1.0 - most * 1.01, most, most * 0.01];
    for _ in 0..ROUNDS {
        let of: Vec<(&Pattern, f64, [f64; 3])> = homes
            .counts
            .iter()
            .map(|(pattern, count)| (pattern, *count, expect(*pattern, classes, &shares, &chances, &session)))
            .collect();
        let mut sums = [0.0; 3];
        for (place, class) in classes.into_iter().enumerate() {
            let seen = tally(of.iter().map(|(pattern, count, of)| (*pattern, count * of[place])));
            sums[place] += of.iter().map(|(_, count, of)| count * of[place]).sum::<f64>();
            for field in &session {
                let strength = match (class, *field) {
                    (TWINS, SURNAME | BIRTH) => continue,
                    (TWINS, _) => 200.0,
                    _ => 20.0,
                };
                chances[class][*field] = blend(&beliefs[class][*field], &seen[*field], *field, strength);
            }
        }
        // Twins are born on one day and have one surname; what of these differs in their rows are slips, as with one person.
        chances[TWINS][SURNAME] = chances[PERSON][SURNAME];
        chances[TWINS][BIRTH] = chances[PERSON][BIRTH];
        // Nobody gives two children one name.
        chances[TWINS][GIVEN][SAME] = beliefs[TWINS][GIVEN][SAME];
        // Of two in a household at most two in a hundred share a given name. Fathers and sons of one name would otherwise
        // teach that a person's birth date may be a generation out: only what households cannot explain may teach that.
        let namesakes = &mut chances[HOUSEHOLD][GIVEN][SAME];
        *namesakes = namesakes.min(MOST_NAMESAKES);
        let slip = chances[PERSON][BIRTH][3];
        for (level, share, named) in [(7, 10.0, named_apart[0]), (8, 50.0, named_apart[1])] {
            let explained = MOST_NAMESAKES * sums[1] * chances[HOUSEHOLD][BIRTH][level];
            let left = (named - explained).max(0.0) / sums[0].max(1.0);
            let chance = &mut chances[PERSON][BIRTH][level];
            *chance = chance.min(left.max(slip / share));
        }
        let sum: f64 = sums.iter().sum::<f64>().max(1.0);
        let household = (sums[1] / sum).clamp(1e-6, most);
        let twins = (sums[2] / sum).clamp(1e-8, household / 12.0);
        shares = [1.0 - household - twins, household, twins];
    }

    // How many pairs there are of each kind.
    let pairs = real(rows.len() as u64) * real(rows.len().saturating_sub(1) as u64) / 2.0;
    let in_homes = homes.total() / homes.share;
    let found: [f64; 3] = if in_homes > 100.0 && at_home > 0.02 {
        shares.map(|share| share * in_homes / at_home)
    } else {
        let both = [GIVEN, SURNAME, BIRTH].iter().map(|field| chances[PERSON][*field][SAME]).product::<f64>();
        [persons_named / named.share / both, 1.0, 0.01]
    };
    let mut of_all = [0.0; CLASSES];
    for (class, found) in classes.into_iter().zip(found) {
        of_all[class] = (found.max(0.5) / pairs.max(1.0)).min(0.2);
    }
    of_all[STRANGERS] = 1.0 - of_all.iter().sum::<f64>();

    let commonness: f64 = (0u32..)
        .take(roll.names.len())
        .skip(1)
        .map(|id| (f64::from(roll.names.known(id).as_given) / f64::from(roll.counted.max(1))).powi(2))
        .sum();
    Model {
        version: 1,
        fields,
        tables: chances.map(|of| logarithms(&of, fields)),
        shares: of_all.map(logarithm),
        namesakes: narrow((chances[HOUSEHOLD][GIVEN][SAME] - commonness).max(0.0005)),
        threshold: 0.0,
    }
}

fn logarithms(chances: &Chances, fields: usize) -> Table {
    let mut table = [[0.0; LEVELS]; FIELDS];
    for (field, of) in table.iter_mut().enumerate().take(fields) {
        for (level, log) in of.iter_mut().enumerate().skip(1) {
            *log = if level <= levels(field) { logarithm(chances[field][level]) } else { 0.0 };
        }
    }
    // Two exchanged names are weighed once, as the given name.
    table[SURNAME][9] = 0.0;
    table
}

fn logarithm(chance: f64) -> f32 {
    narrow(chance.max(1e-300).log2()).max(FLOOR)
}

#[expect(clippy::cast_possible_truncation, reason = "a chance needs no more digits")]
const fn narrow(chance: f64) -> f32 {
    chance as f32
}

/// The rates that go with a model of this roll.
#[must_use]
pub fn rates(roll: &Roll) -> Rates {
    Rates::of(roll)
}
