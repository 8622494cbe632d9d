//! Decisions: one asked for the first time and one remembered, what is left of the policies for a kind of question, and a
//! condition asked of ten thousand entries in memory. In this process, without a server: what it costs, not what it keeps waiting.

use std::time::{Duration, Instant};

use ::access::{
    Action, Class, Classes, Item, Level, Purpose, Role, Seal, Sensitivity, Subject, Tie, Ties, judge, rules,
};
use serde_json::json;

use crate::figure::Figure;
use crate::program::own_cpu;
use crate::say::tell;

const COMMAND: &str = "weft-bench access";
const ENTRIES: usize = 10_000;
/// How often what takes nanoseconds is done.
const REPEATS: usize = 100;

/// All of them.
pub(crate) fn measure() -> anyhow::Result<Vec<Figure>> {
    tell("decisions");
    ::access::policy::check()?;
    let mut figures = Vec::new();

    // Made before anything else is asked: every kind of question for the first time.
    let readers = Role::ALL.map(reader);
    let kinds = readers.iter().flat_map(|reader| {
        Action::ALL
            .into_iter()
            .flat_map(move |action| Purpose::ALL.into_iter().map(move |purpose| (reader, action, purpose)))
    });
    let (mut made, taken) =
        timed(|| kinds.map(|(reader, action, purpose)| rules::of(reader, action, purpose)).collect::<Vec<_>>());
    made.retain(|rules| !rules.is_nothing());
    let kinds = Role::ALL.len() * Action::ALL.len() * Purpose::ALL.len();
    figures.push(figure("rules made from the policies, one kind of question", &taken, kinds));

    let gp = reader(Role::Gp);
    let questions = questions();
    let ask = || questions.iter().filter(|(item, ties)| decided(&gp, item, ties) == Level::Full).count();
    // Each by itself first: of so many new questions one is put to Cedar, too, and takes far longer.
    let mut times = Vec::with_capacity(questions.len());
    let (open, taken) = timed(|| {
        let each = questions.iter().filter(|(item, ties)| {
            let started = Instant::now();
            let level = decided(&gp, item, ties);
            times.push(started.elapsed().as_secs_f64() * 1e6);
            level == Level::Full
        });
        each.count()
    });
    times.sort_by(f64::total_cmp);
    let of_all = |share: usize| times.get(times.len() * share / 1_000).or(times.last()).copied().unwrap_or_default();
    let mut new = figure("one decision, never asked before", &taken, questions.len()).under(30.0);
    for (name, share) in [("p50_us", 500), ("p99_us", 990), ("longest_us", 1_000)] {
        new.detail.insert(name.to_owned(), json!(of_all(share)));
    }
    figures.push(new);
    let (again, taken) = timed(|| (0..REPEATS).map(|_| ask()).sum::<usize>());
    anyhow::ensure!(again == open * REPEATS, "what is remembered is not what was decided");
    figures.push(figure("one decision, remembered", &taken, questions.len() * REPEATS).under(30.0));

    let rules = rules::of(&gp, Action::ReadRecord, Purpose::DirectCare);
    let entries: Vec<&(Item, Ties)> = questions.iter().cycle().take(ENTRIES).collect();
    let hold = || entries.iter().filter(|(item, ties)| rules.full.holds(item, ties)).count();
    let (seen, taken) = timed(|| (0..REPEATS).map(|_| hold()).sum::<usize>());
    let mut held = figure("a condition asked of 10,000 entries in memory", &taken, REPEATS);
    held.detail.insert("visible".to_owned(), json!(seen / REPEATS));
    figures.push(held);
    anyhow::ensure!(::access::policy::alarms() == 0, "a policy could not be evaluated");
    Ok(figures)
}

/// How long something took, by the clock and of the processor.
struct Taken {
    wall: Duration,
    cpu: Duration,
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Taken) {
    let (cpu, started) = (own_cpu(), Instant::now());
    let done = work();
    (done, Taken { wall: started.elapsed(), cpu: own_cpu().saturating_sub(cpu) })
}

fn figure(name: &str, taken: &Taken, times: usize) -> Figure {
    let each = |time: Duration| time.as_secs_f64() * 1e6 / times as f64;
    let mut figure = Figure::new(name, each(taken.wall), "µs", COMMAND);
    figure.detail.insert("cpu_us".to_owned(), json!(each(taken.cpu)));
    figure.detail.insert("times".to_owned(), json!(times));
    figure
}

fn reader(role: Role) -> Subject {
    Subject {
        id: "bench|reader".to_owned(),
        name: "A Reader".to_owned(),
        role,
        organisation: String::new(),
        own: None,
        teams: Vec::new(),
        assured: true,
    }
}

fn decided(reader: &Subject, item: &Item, ties: &Ties) -> Level {
    judge(reader, Action::ReadRecord, Purpose::DirectCare, item, ties).level
}

/// Different questions about entries of every class, with no tie and with each.
fn questions() -> Vec<(Item, Ties)> {
    let mut questions = Vec::new();
    let standings = Tie::ALL.map(|tie| Ties::none().with(tie, Classes::ALL)).into_iter().chain([Ties::none()]);
    for ties in standings {
        for class in Class::ALL {
            for seal in Seal::ALL {
                for sensitivity in Sensitivity::ALL {
                    questions.push((Item { seal, sensitivity, ..Item::of(class) }, ties));
                }
            }
        }
    }
    questions
}
