//! An invented decision: twenty beds, a fall that is real because it was put there, and looks that first say NO.

use jiff::{SignedDuration, Timestamp};
use store::Write;

use super::{INVENTED, SEED, after, latest, tell};
use crate::gate::beds::{Demand, Reserve};
use crate::gate::book::Figure;
use crate::gate::calibrate::{Calibration, Plan};
use crate::gate::capacity::{Line, Post};
use crate::gate::decision::{Command, Decision};
use crate::gate::draw::Draw;
use crate::gate::grid::Grid;
use crate::gate::month::Month;
use crate::gate::protocol::{Balancing, Compared, Protocol, Side};
use crate::views::gate::stream;

/// Months of baseline.
const BASELINE: i32 = 60;
/// Months since the start that have been looked at.
const LOOKED: i32 = 15;
const BY: &str = "persona|analyst";
const READMITTED: &str = "readmission within 30 days, per cent";

/// The threshold for this plan and grid, as `weft gate register` finds it; it depends on no figure and no date.
pub(super) const THRESHOLD: &str = include_str!("threshold.json");

fn named(word: &str, from: i32, many: i32) -> Vec<String> {
    (from..from + many).map(|number| format!("{word}{number:02}")).collect()
}

/// The protocol, with this first month that counts.
pub(super) fn protocol(start: Month) -> Protocol {
    let side = |members: [&str; 2]| Side { members: members.map(|who| format!("persona|{who}")).to_vec(), quorum: 2 };
    let demand = |month: u32| {
        // Winter asks for more.
        let mean = [352.0, 350.0, 345.0, 338.0, 332.0, 328.0, 325.0, 322.0, 328.0, 336.0, 344.0, 350.0]
            [(month as usize - 1) % 12];
        Demand { month, mean, high: mean + 28.0, share: 0.75 }
    };
    Protocol {
        title: format!("Twenty beds on ward A4 {INVENTED}"),
        beds: 20,
        beds_now: 395,
        population: "people registered with the borough's practices".to_owned(),
        outcome: Compared {
            name: "emergency admissions, 65 and over".to_owned(),
            area: "stockport".to_owned(),
            comparators: named("comparator", 1, 8),
        },
        second: Compared {
            name: "emergency bed-days, 65 and over".to_owned(),
            area: "stockport-days".to_owned(),
            comparators: named("comparator-days", 1, 3),
        },
        placebos: named("area", 1, 39),
        baseline: start.plus(-BASELINE),
        start,
        wash_out: 4,
        breaks: Vec::new(),
        grid: Grid::robust(0.5),
        plan: Plan { first: 12, last: 24, alpha: 0.025, paths: 20_000, seed: SEED },
        latest: 2.5,
        in_a_row: 3,
        completeness: 980,
        capacity: vec![
            Line { role: "community nurses".to_owned(), people: 4, wte_hundredths: 360 },
            Line { role: "therapists".to_owned(), people: 2, wte_hundredths: 180 },
        ],
        demand: (1..=12).map(demand).collect(),
        reserves: vec![Reserve { name: "Healthier Together".to_owned(), beds: 5 }],
        balancing: vec![Balancing { name: READMITTED.to_owned(), margin: 0.5 }],
        commissioners: side(["commissioner", "councillor"]),
        providers: side(["hospital-director", "community-director"]),
        publication_days: 28,
        reopen_at: 20.0,
    }
}

/// Figures of every series, from one month of the protocol to another: the area falls by a fifth from the start.
fn figures(protocol: &Protocol, months: std::ops::Range<i32>) -> Vec<Figure> {
    let mut all = Vec::new();
    let mut seen: Vec<&String> = Vec::new();
    for series in protocol.series() {
        if seen.contains(&series) {
            continue;
        }
        seen.push(series);
        let mut draw = Draw::new(SEED, 11, seen.len() as u64);
        for at in 0..BASELINE + LOOKED {
            let month = protocol.baseline.plus(at);
            let season = 1.0 + 0.08 * (f64::from(month.of_year()) / 12.0 * std::f64::consts::TAU).cos();
            let mut mean = 2_500.0 * season * (1.0 + 0.02 * draw.normal());
            if series.starts_with("stockport") && at >= BASELINE {
                mean *= 0.8;
            }
            let count = draw.count(mean) as i64;
            if months.contains(&at) {
                all.push(Figure { series: series.clone(), month, count, complete: 1_000 });
            }
        }
    }
    all
}

fn posts(protocol: &Protocol) -> Vec<Post> {
    let one = |role: &str, number: u32| Post {
        person: format!("{role} {number}"),
        role: role.to_owned(),
        employer: if number.is_multiple_of(2) { "Viaduct Health" } else { "Stockport NHS Foundation Trust" }.to_owned(),
        wte_hundredths: 90,
        from: protocol.start.plus(-6).first_day(),
        until: None,
        on_duty: true,
        from_hospital: false,
    };
    protocol.capacity.iter().flat_map(|line| (0..line.people).map(|number| one(&line.role, number))).collect()
}

/// The decision up to a moment: looks of the months 12 to 15, the first three NO, the last public since 29 days or more.
pub(super) fn begin(write: &mut Write<'_>, now: Timestamp) -> store::Result<()> {
    let until = latest(now - SignedDuration::from_hours(24 * 32));
    let protocol = protocol(until.plus(1 - LOOKED));
    let id = stream(&protocol.title);
    let calibration: Calibration = serde_json::from_str(THRESHOLD)
        .map_err(|error| store::Error::Corrupt(format!("the demonstration's threshold cannot be read: {error}")))?;
    let by = || BY.to_owned();
    let registered = after(protocol.start.plus(-2), 4);
    let register = Command::Register { by: by(), protocol: Box::new(protocol.clone()), calibration };
    tell::<Decision>(write, id, register, registered)?;
    let mut from = 0;
    for look in 12..=LOOKED {
        let (upto, month) = (BASELINE + look, protocol.start.plus(look - 1));
        let at = after(month, 10);
        let figures = figures(&protocol, from..upto);
        tell::<Decision>(write, id, Command::Report { by: by(), figures, reason: None }, at)?;
        if look == 14 {
            restate(write, id, &protocol, at)?;
        }
        let counted = if from == 0 { [-3, -2, -1, 9, 10, 11].to_vec() } else { vec![look - 1] };
        for month in counted {
            let count = Command::CountCapacity { by: by(), month: protocol.start.plus(month), posts: posts(&protocol) };
            tell::<Decision>(write, id, count, at)?;
        }
        let balance = Command::ReportBalance { by: by(), name: READMITTED.to_owned(), month, worst: 0.3 };
        tell::<Decision>(write, id, balance, at)?;
        tell::<Decision>(write, id, Command::Look { by: by(), month }, at)?;
        tell::<Decision>(write, id, Command::Publish { by: by() }, after(month, 11))?;
        from = upto;
    }
    Ok(())
}

/// A month that was reported too low at first.
fn restate(write: &mut Write<'_>, id: uuid::Uuid, protocol: &Protocol, at: Timestamp) -> store::Result<()> {
    let mut late = figures(protocol, BASELINE + 11..BASELINE + 12);
    late.retain(|figure| figure.series == protocol.outcome.area);
    late.iter_mut().for_each(|figure| figure.count += 23);
    let reason = Some(format!("23 admissions to hospitals elsewhere were returned late {INVENTED}"));
    tell::<Decision>(write, id, Command::Report { by: BY.to_owned(), figures: late, reason }, at).map(|_| ())
}
