//! How long 64 registers take, one person, a cohort with its slices, and a cold start; over invented columns in a folder, made if
//! there are none. `cargo bench -p weft-population --bench registers -- FOLDER [people] [events]`

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use population::cohort::Grid;
use population::columns::{Event, NO_UNIT};
use population::day::Day;
use population::dispute::Disputes;
use population::invented::{self, Wanted};
use population::keep;
use population::library::Library;
use population::one::Scratch;
use population::plan::{Asked, Plan};

fn say(figure: &str, value: f64, unit: &str) {
    drop(writeln!(
        std::io::stdout().lock(),
        "{{\"tool\":\"weft\",\"figure\":\"{figure}\",\"value\":{value:.3},\"unit\":\"{unit}\"}}"
    ));
}

fn megabytes(line: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status
        .lines()
        .find_map(|text| text.strip_prefix(line))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    found.unwrap_or_default() / 1024.0
}

/// The middle of an odd number of times, in milliseconds.
fn median(times: usize, mut run: impl FnMut()) -> f64 {
    let mut all: Vec<f64> = (0..times)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all[times / 2]
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let folder = given.next().map_or_else(|| std::env::temp_dir().join("weft-population"), PathBuf::from);
    let people = given.next().map_or(Ok(300_000), |text| text.parse())?;
    let events = given.next().map_or(Ok(u64::from(people) * 150), |text| text.parse())?;
    let today = Day::of(jiff::civil::date(2026, 11, 22)).ok_or("a day")?;
    if !folder.join("sums.txt").exists() {
        let neighbourhoods = (1..=8).map(|number| format!("Neighbourhood {number}")).collect();
        let began = Instant::now();
        invented::build(&folder, &Wanted { people, events, seed: 20_261_122, today, neighbourhoods }, |_| ())?;
        say("build", began.elapsed().as_secs_f64(), "s");
        for (file, text) in invented::rules() {
            std::fs::create_dir_all(folder.join("rules"))?;
            std::fs::write(folder.join("rules").join(file), text)?;
        }
        // A process of its own measures, without the memory of the making.
        return Ok(());
    }
    let began = Instant::now();
    let threads = std::thread::available_parallelism()?.get();
    let (people, mut events) = keep::load(&folder, threads)?;
    say("load", began.elapsed().as_secs_f64(), "s");
    let mut library = Library::default();
    library.add_folder(&folder.join("rules"))?;
    let ids: Vec<String> = library.sets().map(|set| set.id.clone()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let plan = Plan::of(&library, &ids, &events.codes, &events.units)?;
    let frame = plan.on(Asked { as_of: today, has_days: true });
    let gathering = Instant::now();
    let postings = plan.gather_on(&events, threads);
    say("gather", gathering.elapsed().as_secs_f64() * 1e3, "ms");
    let none = Disputes::default();
    let mut standing = plan.everyone(&events, &postings, &people, &frame, &none);
    say("cold start: load, plan, gather, 64 registers once", began.elapsed().as_secs_f64(), "s");
    say("events", events.rows() as f64, "");
    say("events of registers", postings.len() as f64, "");
    say("memory, peak", megabytes("VmHWM:"), "MB");
    say("memory, now", megabytes("VmRSS:"), "MB");
    say(
        "64 registers",
        median(21, || drop(std::hint::black_box(plan.everyone(&events, &postings, &people, &frame, &none)))),
        "ms",
    );
    say(
        "64 registers, gathered anew",
        median(5, || {
            let postings = plan.gather_on(&events, threads);
            drop(std::hint::black_box(plan.everyone(&events, &postings, &people, &frame, &none)));
        }),
        "ms",
    );
    for answer in &standing.answers {
        say(&answer.id, answer.members.count() as f64, "people");
    }
    let mut scratch = Scratch::default();
    let count = u32::try_from(people.len())?;
    let mut times = Vec::new();
    for turn in 0..5_001u32 {
        let person = turn.wrapping_mul(7_919) % count;
        let event = Event {
            person,
            code: turn * 17 % 8_000,
            day: today,
            value: None,
            unit: NO_UNIT,
            source: 0,
            record: u128::from(turn),
        };
        let began = Instant::now();
        events.add(event)?;
        let outcomes = plan.one(&events, &people.list[person as usize], person, &frame, &none, &mut scratch);
        standing.update(person, &outcomes);
        times.push(began.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    say("one person on a new event, p50", times[2_500], "µs");
    say("one person on a new event, p99", times[4_950], "µs");
    let grid = Grid::of(&people, today);
    let base = grid.base(&population::bits::Bits::all(people.len()));
    let largest = standing.answers.iter().max_by_key(|answer| answer.members.count()).ok_or("no register")?;
    let mut cohort = largest.members.clone();
    say(
        "cohort of the largest register with six slices",
        median(21, || drop(std::hint::black_box(grid.slice(&cohort, &base)))),
        "ms",
    );
    cohort = cohort.negated();
    say(
        "cohort of all others with six slices",
        median(21, || drop(std::hint::black_box(grid.slice(&cohort, &base)))),
        "ms",
    );
    Ok(())
}
