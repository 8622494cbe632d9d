//! Makes one person from their row of the sheet: dates, names, address, conditions with their onsets, death. Must not
//! need any other person made first.

use jiff::civil::Date;

use crate::address;
use crate::draw::{Draw, Purpose};
use crate::life::day_after;
use crate::life::levels::{GROWTH, MOST_HAZARD};
use crate::names::{self, Tradition};
use crate::person::{Address, Condition, Person, Problem, Sex};
use crate::sheet::{Roof, Row};

use super::Borough;

/// The person of a number that is on the sheet.
pub(super) fn person(borough: &Borough, number: u32) -> Person {
    let row = &borough.sheet.rows[number as usize];
    let roof = borough.sheet.roof(row);
    let seed = borough.settings.seed;
    let born = born(borough, number);
    let name = name(borough, number, born);
    let address = address_of(borough, roof);
    let mut contact = Draw::new(seed, Purpose::Contact, u64::from(number));
    let has_telephone = contact.chance(if row.age < 11 { 0.1 } else { 0.93 });
    let mobile = contact.chance(if row.age < 70 { 0.9 } else { 0.4 });
    let telephone = address::telephone(mobile, &mut contact);
    let practice = borough.place.practices()[usize::from(roof.practice)].code.clone();
    Person {
        number,
        nhs_number: nhs_number(borough, number),
        sex: row.sex,
        born,
        title: name.title,
        given: name.given,
        family: name.family,
        former_family: name.former,
        renamed: name.renamed,
        household: row.household,
        lives_alone: roof.size == 1 && roof.home.is_none(),
        moves: moves(borough, row, roof),
        address,
        telephone: has_telephone.then_some(telephone),
        practice,
        twin: twin(borough, number),
        ethnicity: name.ethnicity,
        problems: problems(borough, number, born),
        frailty: f64::from(row.frailty),
        cares_hours: row.cares_hours,
        carer_coded: row.carer_coded,
        homeless: homeless(borough, row, roof, number),
        social_care: row.social_care,
        mental_health: row.mental_health,
        died: died(borough, number, born).map(|(day, _)| day),
    }
}

/// Since when somebody has had no home of their own, as their practice knows. Nobody publishes how many that is: three in a thousand
/// of those from 18 to 64 is taken, more where it is more deprived.
fn homeless(borough: &Borough, row: &Row, roof: &Roof, number: u32) -> Option<Date> {
    if roof.home.is_some() || !(18..65).contains(&row.age) {
        return None;
    }
    let decile = f64::from(borough.sheet.grounds[usize::from(roof.area)].decile);
    let mut draw = Draw::new(borough.settings.seed, Purpose::Homeless, u64::from(number));
    let is_one = draw.chance(0.003 * (2.2 - 0.24 * decile).max(0.2));
    let ago = 20 + (-(1.0 - draw.unit()).ln() * 400.0) as i64;
    is_one.then(|| day_after(borough.settings.today, -ago.min(5_000)))
}

fn nhs_number(borough: &Borough, number: u32) -> place::NhsNumber {
    // Borough::of has checked that there are enough; the fallback is the last number of all, which no borough reaches.
    match borough.numbers.of(number) {
        Some(nhs_number) => nhs_number,
        None => unreachable!("the borough was made with no more people than numbers"),
    }
}

/// The twin's number, where there is one.
fn twin(borough: &Borough, number: u32) -> Option<u32> {
    let rows = &borough.sheet.rows;
    if rows[number as usize].twin {
        return Some(number - 1);
    }
    rows.get(number as usize + 1).is_some_and(|next| next.twin).then_some(number + 1)
}

/// The birth date: their age on the borough's day, at a chance distance from the birthday; twins share it.
pub(crate) fn born(borough: &Borough, number: u32) -> Date {
    let row = &borough.sheet.rows[number as usize];
    let whose = if row.twin { number - 1 } else { number };
    let mut draw = Draw::new(borough.settings.seed, Purpose::Birth, u64::from(whose));
    let birthday = borough.settings.today.saturating_sub(jiff::Span::new().years(i64::from(row.age)));
    day_after(birthday, -(draw.below(365) as i64))
}

struct Name {
    title: &'static str,
    given: Vec<String>,
    family: String,
    former: Option<String>,
    renamed: Option<Date>,
    ethnicity: &'static str,
}

/// What a household shares: its ethnic category (most often), tradition and family name.
fn shared_name(borough: &Borough, roof: &Roof, row: &Row, number: u32) -> (usize, Tradition, Draw) {
    let whose = if roof.home.is_some() { (1 << 40) + u64::from(number) } else { u64::from(row.household) };
    let head = if roof.home.is_some() { row } else { &borough.sheet.rows[roof.first as usize] };
    let mut draw = Draw::new(borough.settings.seed, Purpose::Household, whose);
    let others = match head.age {
        65.. => 0.45,
        45..=64 => 0.8,
        _ => 1.35,
    };
    let weights = borough
        .facts
        .ethnicity
        .iter()
        .map(|(category, people)| people * if category.starts_with("White: English") { 1.0 } else { others });
    let category = draw.weighted(weights);
    let ethnicity = borough.facts.ethnicity.get(category).map_or("", |(category, _)| category.as_str());
    let tradition = names::tradition(ethnicity, &mut draw);
    (category, tradition, draw)
}

fn name(borough: &Borough, number: u32, born: Date) -> Name {
    let rows = &borough.sheet.rows;
    let row = &rows[number as usize];
    let roof = borough.sheet.roof(row);
    let (category, tradition, mut household) = shared_name(borough, roof, row, number);
    let mut draw = Draw::new(borough.settings.seed, Purpose::Name, u64::from(number));
    let head = &rows[roof.first as usize];
    let in_home = roof.home.is_some();
    let gap = i32::from(head.age) - i32::from(row.age);
    let partner = !in_home && number == roof.first + 1 && row.sex != head.sex && gap.abs() < 16;
    let child = row.age < 18 || gap.abs() >= 17;
    let name_shared = in_home || number == roof.first || child || (partner && draw.chance(0.8));
    let gendered = Some(row.sex);
    let shared = names::family(tradition, gendered, &mut household);
    let own = names::family(tradition, gendered, &mut draw);
    let given = names::given(tradition, row.sex, born.year(), &mut draw);
    let family = if name_shared { shared } else { own.clone() };
    // Mostly women take a partner's name: the partner beside the head, the head beside hers, or a widow.
    let wed = row.sex == Sex::Female
        && row.age >= 20
        && match (in_home, number == roof.first) {
            (false, false) => partner && name_shared,
            (false, true) => {
                rows.get(number as usize + 1).is_some_and(|next| {
                    next.household == row.household
                        && next.sex == Sex::Male
                        && (i32::from(next.age) - i32::from(row.age)).abs() < 16
                }) || (row.age >= 60 && draw.chance(0.75))
            }
            (true, _) => draw.chance(0.8),
        };
    let changed = wed && draw.chance(if row.age >= 50 { 0.93 } else { 0.75 });
    let at_age = 21.0 + (draw.normal().abs() * 5.5);
    let day = day_after(born, (at_age * 365.25) as i64);
    let soon = day_after(borough.settings.today, 365);
    let renamed = (changed && day <= soon).then_some(day);
    let doctor = row.age >= 25 && draw.chance(0.008);
    let title = match (row.sex, row.age) {
        _ if doctor => "Dr",
        (Sex::Female, ..=17) => "Miss",
        (Sex::Female, _) if renamed.is_some_and(|day| day <= borough.settings.today) => "Mrs",
        (Sex::Female, _) => {
            if draw.chance(0.5) {
                "Ms"
            } else {
                "Miss"
            }
        }
        (Sex::Male, ..=15) => "Master",
        (Sex::Male, _) => "Mr",
    };
    let former =
        renamed.is_some().then(|| if name_shared { own } else { names::family(tradition, gendered, &mut draw) });
    let former = former.filter(|former| *former != family);
    Name {
        title,
        given,
        renamed: former.as_ref().and(renamed),
        former,
        family,
        ethnicity: CATEGORIES.get(category).copied().unwrap_or(""),
    }
}

/// The categories of the census, in the order of the place's file.
const CATEGORIES: [&str; 19] = [
    "Asian, Asian British or Asian Welsh: Bangladeshi",
    "Asian, Asian British or Asian Welsh: Chinese",
    "Asian, Asian British or Asian Welsh: Indian",
    "Asian, Asian British or Asian Welsh: Pakistani",
    "Asian, Asian British or Asian Welsh: Other Asian",
    "Black, Black British, Black Welsh, Caribbean or African: African",
    "Black, Black British, Black Welsh, Caribbean or African: Caribbean",
    "Black, Black British, Black Welsh, Caribbean or African: Other Black",
    "Mixed or Multiple ethnic groups: White and Asian",
    "Mixed or Multiple ethnic groups: White and Black African",
    "Mixed or Multiple ethnic groups: White and Black Caribbean",
    "Mixed or Multiple ethnic groups: Other Mixed or Multiple ethnic groups",
    "White: English, Welsh, Scottish, Northern Irish or British",
    "White: Irish",
    "White: Gypsy or Irish Traveller",
    "White: Roma",
    "White: Other White",
    "Other ethnic group: Arab",
    "Other ethnic group: Any other ethnic group",
];

fn address_of(borough: &Borough, roof: &Roof) -> Address {
    let ground = &borough.sheet.grounds[usize::from(roof.area)];
    let home = roof.home.and_then(|home| borough.place.care_homes().get(usize::from(home)));
    home.map_or_else(
        || address::house(ground, u32::from(roof.house)),
        |home| address::care_home(home, ground, &borough.place),
    )
}

/// Whether the household moves, when and where to: the young more often; most stay in their neighbourhood.
fn moves(borough: &Borough, row: &Row, roof: &Roof) -> Option<(Date, Address)> {
    if roof.home.is_some() {
        return None;
    }
    let mut draw = Draw::new(borough.settings.seed, Purpose::Household, (1 << 41) + u64::from(row.household));
    let head = borough.sheet.rows[roof.first as usize].age;
    let a_year = match head {
        ..=34 => 0.2,
        35..=64 => 0.07,
        _ => 0.03,
    };
    if !draw.chance(2.0 * a_year) {
        return None;
    }
    let day = day_after(borough.settings.today, draw.below(731) as i64 - 365);
    let grounds = &borough.sheet.grounds;
    let here = &grounds[usize::from(roof.area)];
    let near = draw.chance(0.6);
    let there: Vec<usize> =
        (0..grounds.len()).filter(|area| !near || grounds[*area].neighbourhood == here.neighbourhood).collect();
    let ground = &grounds[draw.pick(&there).copied().unwrap_or_default()];
    Some((day, address::elsewhere(ground, &mut draw)))
}

fn problems(borough: &Borough, number: u32, born: Date) -> Vec<Problem> {
    let row = &borough.sheet.rows[number as usize];
    if row.conditions == 0 {
        return Vec::new();
    }
    let mut draw = Draw::new(borough.settings.seed, Purpose::Onset, u64::from(number));
    let lived = i64::from(row.age) * 365 + 1;
    Condition::ALL
        .into_iter()
        .filter(|condition| row.has(*condition))
        .map(|condition| {
            let years = match condition {
                Condition::PalliativeCare => 0.8,
                Condition::Dementia | Condition::Housebound => 2.8,
                Condition::Falls => 3.0,
                _ => 8.0,
            };
            let ago = (-(1.0 - draw.unit()).ln() * years * 365.0) as i64 + 1;
            let part = draw.unit();
            let ago = match condition {
                Condition::LearningDisability => (lived - 400).max(1),
                _ if ago >= lived => (part * lived as f64) as i64,
                _ => ago,
            };
            let since = day_after(borough.settings.today, -ago.max(1)).max(born);
            Problem { condition, since, coded: row.coded & condition.bit() != 0 }
        })
        .collect()
}

/// The yearly hazard of dying by age and sex: a straight line in the logarithm through England and Wales of about 2019 (a man of
/// 67 dies with a probability of 0.0155 in a year, of 87 with 0.13; a woman with 0.010 and 0.10), from general knowledge.
pub(crate) fn national_hazard(sex: Sex, age: u8) -> f64 {
    let age = f64::from(age);
    match sex {
        Sex::Male => (-11.3 + 0.1065 * age).exp() + 0.0005,
        Sex::Female => (-12.3 + 0.115 * age).exp() + 0.0003,
    }
}

/// The yearly hazard of dying, but for what the borough's level corrects: the national age pattern, steeper with frailty.
pub(crate) fn hazard(row: &Row, in_home: bool) -> (f64, f64) {
    let national = national_hazard(row.sex, row.age);
    let palliative = if row.has(Condition::PalliativeCare) { 9.0 } else { 1.0 };
    let home = if in_home { 1.6 } else { 1.0 };
    (national, (4.0 * f64::from(row.frailty)).exp() * palliative * home)
}

/// The day somebody dies, and whether in hospital: within ten years of the first day, or not told.
pub(crate) fn died(borough: &Borough, number: u32, born: Date) -> Option<(Date, Option<u16>)> {
    let row = &borough.sheet.rows[number as usize];
    let (national, own) = hazard(row, !borough.sheet.at_home(row));
    let level = borough.levels.dying[usize::from(row.age >= 65)];
    let hazard = (national * own * level).min(MOST_HAZARD);
    let mut draw = Draw::new(borough.settings.seed, Purpose::Death, u64::from(number));
    let years = (1.0 - GROWTH * (1.0 - draw.unit()).ln() / hazard).ln() / GROWTH;
    let first = borough.settings.history_start().max(born);
    let last_days = draw.chance(0.45).then(|| 1 + (4.0 * (0.9 * draw.normal()).exp()).min(25.0) as u16);
    (years < 10.0).then(|| (day_after(first, 1 + (years * 365.25) as i64), last_days))
}
