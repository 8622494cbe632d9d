//! Invented columns of any size, the same for the same seed: people of a borough's ages, and events whose codes fall to 64 invented
//! registers as real ones do to real registers, six in a hundred of all. For measuring; nothing about any place can be learnt from them.

use std::path::Path;

use crate::code::{Codes, System};
use crate::columns::{Event, NO_UNIT};
use crate::day::Day;
use crate::keep::{KeepError, Writer};
use crate::people::{People, Person, Sex};
use crate::words::Words;

/// What to invent.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// How many people.
    pub people: u32,
    /// How many events, all together.
    pub events: u64,
    /// What chance begins from.
    pub seed: u64,
    /// The last day.
    pub today: Day,
    /// Names of neighbourhoods.
    pub neighbourhoods: Vec<String>,
}

/// Registers.
pub const REGISTERS: u32 = 64;
/// Codes of each register.
const EACH: u32 = 125;
/// Of those that can end, the last five codes do.
const ENDING: u32 = 5;
/// Codes that occur.
const CODES: u32 = 120_000;
/// Of a hundred thousand events, those whose code is of a register.
const RELEVANT: u64 = 6_100;
const UNITS: [&str; 6] = ["g/L", "g/dL", "mmol/L", "%", "mm[Hg]", "kg"];
const YEARS_OF_EVENTS: u32 = 15;

/// Chance that is a function of its seed (Steele, Lea and Flood 2014, SplitMix64).
#[derive(Debug, Clone)]
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, below: u32) -> u32 {
        (((self.draw() >> 32) * u64::from(below)) >> 32) as u32
    }

    /// From 0 to below 1.
    fn share(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn is(&mut self, in_a_hundred_thousand: u64) -> bool {
        self.draw() % 100_000 < in_a_hundred_thousand
    }
}

/// Invents columns into a folder, telling how many people are done. Gives the number of events.
pub fn build(folder: &Path, wanted: &Wanted, mut done: impl FnMut(u32)) -> Result<u64, KeepError> {
    let mut chance = Chance(wanted.seed);
    let mut codes = Codes::default();
    for code in 0..CODES {
        codes.number(System::Local, &format!("c{code:06}"));
    }
    let sources: Vec<String> =
        (1..=38).map(|number| if number == 38 { "Hospital".into() } else { format!("Practice {number}") }).collect();
    let mut people = People {
        list: Vec::with_capacity(wanted.people as usize),
        ethnicities: Words::of(&["White", "Asian", "Black", "Mixed", "Other", "Not known"].map(String::from)),
        neighbourhoods: Words::of(&wanted.neighbourhoods),
        systems: Words::of(&["EMIS", "SystmOne", "Vision"].map(String::from)),
    };
    let mut shares = Vec::with_capacity(wanted.people as usize);
    for number in 0..wanted.people {
        let (person, age) = person(&mut chance, number, wanted);
        people.list.push(person);
        // The old and the ill have more happen to them.
        shares.push((0.3 + f64::from(age) / 40.0) * (0.2 - (1.0 - chance.share()).ln()));
    }
    let scale = wanted.events as f64 / shares.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let mut writer = Writer::begin(folder)?;
    let (mut due, mut events) = (0.0, Vec::new());
    let mut written = 0u64;
    for (number, (person, share)) in (0u32..).zip(people.list.iter().zip(&shares)) {
        due += share * scale;
        let upto = if number + 1 == wanted.people { wanted.events } else { (due as u64).min(wanted.events) };
        let own = registers(&mut chance, person, wanted.today);
        events.clear();
        events.extend((written..upto).map(|_| event(&mut chance, number, &own, wanted.today)));
        written = upto;
        events.sort_unstable_by_key(|event| (event.day, event.code, event.record));
        writer.person(&events)?;
        done(number + 1);
    }
    writer.finish(&people, &codes, &Words::of(&UNITS.map(String::from)), &Words::of(&sources))
}

fn person(chance: &mut Chance, number: u32, wanted: &Wanted) -> (Person, u32) {
    let age = match chance.below(100) {
        0..=22 => chance.below(20),
        23..=80 => 20 + chance.below(45),
        81..=96 => 65 + chance.below(20),
        _ => 85 + chance.below(15),
    };
    let days = age * 365 + age / 4 + chance.below(365);
    let ethnicity = match chance.below(100) {
        0..=84 => 0,
        85..=90 => 1,
        91..=92 => 2,
        93..=94 => 3,
        95 => 4,
        _ => 5,
    };
    let system = match chance.below(100) {
        0..=81 => 0,
        82..=88 => 1,
        _ => 2,
    };
    let hoods = u32::try_from(wanted.neighbourhoods.len()).unwrap_or(1).max(1);
    let person = Person {
        id: u128::from(chance.draw()) << 64 | u128::from(number),
        birth: Day(wanted.today.0.saturating_sub(u16::try_from(days).unwrap_or(u16::MAX)).max(1)),
        sex: if chance.below(2) == 0 { Sex::Female } else { Sex::Male },
        ethnicity,
        quintile: u8::try_from(1 + chance.below(5)).unwrap_or(1),
        neighbourhood: u16::try_from(chance.below(hoods)).unwrap_or(0),
        system,
        is_registered: true,
        is_resident: chance.below(100) < 96,
    };
    (person, age)
}

/// The registers that somebody's codes are of: more with age, and some much commoner than others.
fn registers(chance: &mut Chance, person: &Person, today: Day) -> Vec<u32> {
    let age = u32::from(crate::people::age(person.birth, today).unwrap_or(0));
    let many = chance.below(2 + age / 12);
    (0..=many).map(|_| (f64::from(REGISTERS) * chance.share() * chance.share()) as u32).collect()
}

fn event(chance: &mut Chance, person: u32, own: &[u32], today: Day) -> Event {
    let code = if chance.is(RELEVANT) {
        let register = own.get(chance.below(u32::try_from(own.len()).unwrap_or(1)) as usize).copied().unwrap_or(0);
        register * EACH + (f64::from(EACH) * chance.share() * chance.share()) as u32
    } else {
        let others = CODES - REGISTERS * EACH;
        REGISTERS * EACH + (f64::from(others) * chance.share().powi(3)) as u32
    };
    let ago = (f64::from(YEARS_OF_EVENTS * 365) * chance.share() * chance.share()) as u16;
    let (value, unit) = measured(chance, code);
    let source = if chance.below(10) == 0 { 37 } else { u16::try_from(person % 37).unwrap_or(0) };
    let record = u128::from(chance.draw()) << 64 | u128::from(chance.draw());
    Event { person, code, day: Day(today.0 - ago), value, unit, source, record }
}

fn measured(chance: &mut Chance, code: u32) -> (Option<f32>, u8) {
    if code < REGISTERS * EACH {
        if !is_measured(code / EACH) {
            return (None, NO_UNIT);
        }
        let tenths = 700 + chance.below(1_000);
        // A quarter of the laboratories write grams in a decilitre; one in a hundred leaves the unit away.
        return match chance.below(100) {
            0 => (Some(tenths as f32 / 10.0), NO_UNIT),
            1..=25 => (Some(tenths as f32 / 100.0), 1),
            _ => (Some(tenths as f32 / 10.0), 0),
        };
    }
    if code.is_multiple_of(5) {
        (Some(chance.below(4_000) as f32 / 10.0), 2 + (code / 5 % 4) as u8)
    } else {
        (None, NO_UNIT)
    }
}

fn is_measured(register: u32) -> bool {
    register % 16 == 14
}

/// The invented registers' lists and rules as files: name and text. Ten in sixteen ask whether a code was ever recorded; the others
/// look back, end, count different codes, read the latest value in its unit, or put conditions together.
#[must_use]
pub fn rules() -> Vec<(String, String)> {
    let head = |id: &str| format!("id = \"{id}\"\nversion = \"1\"\nsource = \"invented\"\nlicence = \"Apache-2.0\"\n");
    let listed =
        |codes: std::ops::Range<u32>| codes.map(|code| format!("\"c{code:06}\"")).collect::<Vec<_>>().join(", ");
    let mut lists = format!("{}system = \"local\"\n\n[codes]\n", head("invented"));
    let mut files = Vec::new();
    for register in 0..REGISTERS {
        let first = register * EACH;
        let ending = if register % 16 == 12 { ENDING } else { 0 };
        lists.push_str(&format!("r{register} = [{}]\n", listed(first..first + EACH - ending)));
        if ending > 0 {
            lists.push_str(&format!("r{register}-ended = [{}]\n", listed(first + EACH - ending..first + EACH)));
        }
        let list = format!("list = \"invented/r{register}\"");
        let when = match register % 16 {
            10 | 11 => format!("{{ {list}, within = \"2y\" }}"),
            12 => format!("{{ {list}, resolved_by = \"invented/r{register}-ended\" }}"),
            13 => format!("{{ {list}, within = \"24m\", at_least = 2, counting = \"codes\" }}"),
            14 => format!("{{ {list}, pick = \"latest\", value = {{ below = 115, unit = \"g/L\" }} }}"),
            15 => format!(
                "{{ all = [{{ age = {{ from = 65 }} }}, {{ {list} }}, {{ not = {{ set = \"invented-{:02}\" }} }}] }}",
                register - 1
            ),
            _ => format!("{{ {list} }}"),
        };
        let id = format!("invented-{register:02}");
        files.push((
            format!("{id}.toml"),
            format!("{}title = \"Invented register {register}\"\nkind = \"register\"\nwhen = {when}\n", head(&id)),
        ));
    }
    files.push(("invented.toml".into(), lists));
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispute::Disputes;
    use crate::library::Library;
    use crate::one::Scratch;
    use crate::plan::{Asked, Plan};

    fn wanted(seed: u64) -> Wanted {
        let today = Day::of(jiff::civil::date(2026, 11, 22)).unwrap();
        Wanted { people: 500, events: 60_000, seed, today, neighbourhoods: vec!["Here".into(), "There".into()] }
    }

    #[test]
    fn the_same_seed_gives_the_same_columns_and_all_registers_find_whom_they_should() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        let mut told = 0;
        assert_eq!(build(&one, &wanted(7), |done| told = done).unwrap(), 60_000);
        assert_eq!(told, 500);
        build(&other, &wanted(7), |_| ()).unwrap();
        let bytes = |folder: &Path| std::fs::read(folder.join("events.parquet")).unwrap();
        assert!(bytes(&one) == bytes(&other), "one seed made two files");
        build(&other, &wanted(8), |_| ()).unwrap();
        assert!(bytes(&one) != bytes(&other), "two seeds made one file");

        let (people, events) = crate::keep::load(&one, 2).unwrap();
        assert_eq!((people.len(), events.rows()), (500, 60_000));
        let mut library = Library::default();
        for (file, text) in rules() {
            library.add(&file, &text).unwrap();
        }
        let ids: Vec<String> = library.sets().map(|set| set.id.clone()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert_eq!(ids.len(), REGISTERS as usize);
        let plan = Plan::of(&library, &ids, &events.codes, &events.units).unwrap();
        let frame = plan.on(Asked { as_of: wanted(7).today, has_days: true });
        let postings = plan.gather(&events);
        let share = postings.len() as f64 / events.rows() as f64;
        assert!((0.055..0.067).contains(&share), "{share}");
        let standing = plan.everyone(&events, &postings, &people, &frame, &Disputes::default());
        let mut scratch = Scratch::default();
        for (number, person) in (0..).zip(&people.list) {
            let outcomes = plan.one(&events, person, number, &frame, &Disputes::default(), &mut scratch);
            for (answer, outcome) in standing.answers.iter().zip(outcomes) {
                assert_eq!(answer.members.has(number), outcome.is_in, "{}", answer.id);
            }
        }
        let found: Vec<u64> = standing.answers.iter().map(|answer| answer.members.count()).collect();
        assert!(found.iter().filter(|count| **count > 0).count() > 50, "{found:?}");
    }
}
