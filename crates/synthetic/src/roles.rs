//! Who cares for somebody unpaid, whom the council supports, and whom a mental health service knows. Counts are published;
//! who among the people is likelier is our assumption, kept plain. Must not look at names or dates.

use crate::conditions::scaled_to;
use crate::draw::{Draw, Purpose, pivotal};
use crate::facts::{Error, Facts};
use crate::person::Condition as C;
use crate::settings::Settings;
use crate::sheet::{Row, Sheet};

/// The share of carers whom their practice has coded (Greater Manchester codes 4 in a hundred people, the census finds 9).
pub(crate) const CARERS_CODED: f64 = 0.4;

/// Gives everybody their roles.
pub(crate) fn give(sheet: &mut Sheet, order: &[u32], facts: &Facts, settings: &Settings) -> Result<(), Error> {
    let scale = sheet.rows.len() as f64 / facts.value("registered-list-apr2020")?;
    let mut draw = Draw::new(settings.seed, Purpose::Roles, 0);
    let carers = choose(sheet, order, &mut draw, facts.value("unpaid-carers-census2021")? * scale, carer);
    let bands = [
        (1, 10, facts.value("unpaid-care-1-to-9-hours")?),
        (10, 10, facts.value("unpaid-care-10-to-19-hours")?),
        (20, 15, facts.value("unpaid-care-20-to-34-hours")?),
        (35, 15, facts.value("unpaid-care-35-to-49-hours")?),
        (50, 60, facts.value("unpaid-carers-50h-plus")?),
    ];
    let mut hours: Vec<u8> = Vec::with_capacity(carers.len());
    let counts = crate::draw::shares(carers.len() as u32, &bands.map(|(_, _, people)| people));
    for ((from, width, _), count) in bands.into_iter().zip(counts) {
        hours.extend((0..count).map(|_| from + draw.below(width) as u8));
    }
    draw.shuffle(&mut hours);
    for (number, hours) in carers.iter().zip(hours) {
        sheet.rows[*number as usize].cares_hours = hours;
    }
    // Practices differ in how well they code carers; those who care most are known a little better.
    let practices: Vec<f64> = (0..1 + sheet.roofs.iter().map(|roof| roof.practice).max().unwrap_or_default())
        .map(|_| 0.6 + 0.8 * draw.unit())
        .collect();
    let coding: Vec<f64> = carers
        .iter()
        .map(|number| {
            let row = &sheet.rows[*number as usize];
            practices[usize::from(sheet.roof(row).practice)] * if row.cares_hours >= 35 { 1.6 } else { 1.0 }
        })
        .collect();
    let coding = scaled_to(&coding, CARERS_CODED * carers.len() as f64);
    pivotal(&mut draw, &coding, |place| sheet.rows[carers[place] as usize].carer_coded = true);
    let clients = choose(sheet, order, &mut draw, facts.value("adult-social-care-clients")? * scale, client);
    clients.into_iter().for_each(|number| sheet.rows[number as usize].social_care = true);
    let known = choose(sheet, order, &mut draw, facts.value("mental-health-service-users")? * scale, service_user);
    known.into_iter().for_each(|number| sheet.rows[number as usize].mental_health = true);
    Ok(())
}

fn choose(sheet: &Sheet, order: &[u32], draw: &mut Draw, count: f64, weight: fn(&Sheet, &Row) -> f64) -> Vec<u32> {
    let weights: Vec<f64> = order.iter().map(|number| weight(sheet, &sheet.rows[*number as usize])).collect();
    let probabilities = scaled_to(&weights, count);
    let mut chosen = Vec::new();
    pivotal(draw, &probabilities, |place| chosen.push(order[place]));
    chosen
}

fn carer(sheet: &Sheet, row: &Row) -> f64 {
    let roof = sheet.roof(row);
    if roof.home.is_some() || row.age < 9 {
        return 0.0;
    }
    let age = match row.age {
        ..=17 => 0.12,
        18..=34 => 0.5,
        35..=49 => 1.0,
        50..=64 => 1.7,
        65..=79 => 1.2,
        _ => 0.7,
    };
    let own_roof = roof.first as usize..roof.first as usize + usize::from(roof.size);
    let frail = sheet.rows[own_roof].iter().any(|other| other.frailty > 0.24 && other.frailty > row.frailty);
    age * if row.sex == crate::person::Sex::Female { 1.35 } else { 1.0 } * if frail { 4.0 } else { 1.0 }
}

fn client(sheet: &Sheet, row: &Row) -> f64 {
    if row.age < 18 {
        return 0.0;
    }
    if !sheet.at_home(row) {
        return 40.0;
    }
    let alone = if sheet.roof(row).size == 1 { 1.8 } else { 1.0 };
    let frailty = f64::from(row.frailty);
    let learning = if row.has(C::LearningDisability) { 25.0 } else { 0.0 };
    let mind = if row.has(C::SevereMentalIllness) { 6.0 } else { 0.0 };
    let housebound = if row.has(C::Housebound) { 15.0 } else { 0.0 };
    alone * (0.05 + 120.0 * (frailty - 0.08).max(0.0).powi(2) * 6.0 + learning + mind + housebound)
}

fn service_user(_: &Sheet, row: &Row) -> f64 {
    let severe = if row.has(C::SevereMentalIllness) { 60.0 } else { 0.0 };
    let depression = if row.has(C::Depression) { 5.0 } else { 0.0 };
    let memory = if row.has(C::Dementia) { 18.0 } else { 0.0 };
    let young = if (12..=25).contains(&row.age) { 2.0 } else { 0.0 };
    let any = if row.age >= 5 { 1.0 } else { 0.0 };
    severe + depression + memory + young + any
}
