//! Lists: what a reader may see of 10,000 rows, all counted, and the first fifty of a million, by the search of the record itself
//! over a SQLite file that `weft import` has made. In this process and on one thread, so that neither HTTP nor JSON is in it; what
//! is found is held against the policy row by row, as in every search. The look at whoever is on the page is not written: that
//! is one synced write however long the list is, and `page` measures it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use access::{Asking, Gate, Purpose, Role, Scope, Subject};
use anyhow::Context;
use fhir::query::{Query, Summary};
use jiff::Timestamp;
use place::Place;
use record::search::{Limits, search};
use record::standing::Standings;
use store::{Entropy, Location, Store};

use crate::borough::PRACTICE;
use crate::crowd::{self, Crowd};
use crate::figure::Figure;
use crate::latency::Latencies;
use crate::program::own_cpu;
use crate::say::tell;
use crate::scratch::Scratch;
use crate::setting::Setting;

/// Rows of one person in the long list.
const EACH: usize = 50;
/// Rows of the short list.
const SHORT: usize = 10_000;
/// Rows on a page.
const PAGE: u32 = 50;
/// How often each question is asked.
const TIMES: usize = 40;

/// Whoever asks.
struct Reader {
    /// What part of the people is tied to them.
    sees: &'static str,
    scope: Scope,
}

/// Both lists, for a reader who sees everybody and for one who sees few.
pub(crate) fn measure(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let scratch;
    let folder = match &setting.keep {
        Some(folder) => folder.as_path(),
        None => {
            scratch = setting.scratch("list")?;
            scratch.path()
        }
    };
    let people = (setting.rows / EACH).max(1);
    let data = folder.join(format!("list-{}", setting.rows));
    if !data.join("weft.db").is_file() {
        make(setting, &data, people)?;
    }
    let place = Place::built_in().context("the place's files cannot be used")?;
    let views = record::views(&place).into_iter().chain(access::views()).collect();
    let store = Store::open(Location::in_folder(&data), views, Box::new(Nothing))?;
    for view in store.remade() {
        tell(format!("the view {view} was made again, since it has changed"));
    }
    let store = Arc::new(store);
    let gate = Gate::new(store.clone(), Arc::new(Standings::of(&place)));

    let everybody = place.neighbourhoods().iter().map(|one| format!("neighbourhood:{}", one.id)).collect();
    let readers = [reader(&gate, "all", everybody)?, reader(&gate, "a practice's", vec![format!("ods:{PRACTICE}")])?];
    let mut figures = Vec::new();
    for reader in &readers {
        figures.extend(short(&store, reader, people)?);
        figures.extend(long(&store, reader, setting.rows)?);
    }
    Ok(figures)
}

/// Takes the people in, as anybody would. Under its own name only when all of them are there.
fn make(setting: &Setting, data: &Path, people: usize) -> anyhow::Result<()> {
    let scratch: Scratch = setting.scratch("list-people")?;
    let file = scratch.path().join("people.ndjson");
    let part = data.with_extension("part");
    if part.exists() {
        std::fs::remove_dir_all(&part)?;
    }
    tell(format!("a list of {} rows of {people} people, made once", people * EACH));
    crowd::write(&file, Crowd::measured(people, EACH, people.div_ceil(SHORT))?)?;
    setting.program.import(&part, &[&file])?;
    std::fs::rename(&part, data).with_context(|| format!("cannot name the list {}", data.display()))
}

/// Nothing is written here, so nothing has to be drawn.
struct Nothing;

impl Entropy for Nothing {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

fn reader(gate: &Gate, sees: &'static str, teams: Vec<String>) -> anyhow::Result<Reader> {
    let subject = Subject {
        id: "bench|reader".to_owned(),
        name: "A Reader".to_owned(),
        role: Role::Gp,
        organisation: String::new(),
        own: None,
        teams,
        assured: true,
    };
    // Later than the import, whenever that was: a relationship has to have begun.
    let at: Timestamp = "2100-01-01T00:00:00Z".parse()?;
    let scope = gate.scope(&Asking { subject: &subject, purpose: Purpose::DirectCare, at })?;
    Ok(Reader { sees, scope })
}

/// Asks so often, and says how long it took, what it cost, and the answer.
fn asked<T>(
    store: &Store,
    reader: &Reader,
    query: &Query,
    told: impl Fn(&record::search::Found) -> T,
) -> anyhow::Result<Asked<T>> {
    let limits = Limits::default();
    let once = || store.read(|tx| search(tx, &reader.scope, query, &limits));
    // Once before the clock starts: the file is in the system's cache then, as on a server that has been asked before.
    let sealed = once()?;
    let mut answer = None;
    let sealed = sealed.map(|found| answer = Some(told(&found)));
    let about = sealed.people().len();
    let mut times = Latencies::default();
    let cpu = own_cpu();
    for _ in 0..TIMES {
        let started = Instant::now();
        once()?;
        times.add(started.elapsed());
    }
    let cpu = own_cpu().saturating_sub(cpu) / u32::try_from(TIMES)?;
    let times = times.sorted();
    Ok(Asked { p50: times.within(0.5), longest: times.longest(), cpu, about, answer: answer.context("no answer")? })
}

struct Asked<T> {
    p50: f64,
    longest: f64,
    cpu: Duration,
    about: usize,
    answer: T,
}

impl<T> Asked<T> {
    fn figure(&self, name: String, goal: f64) -> Figure {
        Figure::new(name, self.p50, "ms", "weft-bench list")
            .under(goal)
            .with("longest_ms", self.longest)
            .with("cpu_ms", self.cpu.as_secs_f64() * 1e3)
            .with("people_on_the_page", self.about)
            .with("times", TIMES)
    }
}

/// All that is visible of 10,000 rows, counted.
fn short(store: &Store, reader: &Reader, people: usize) -> anyhow::Result<Vec<Figure>> {
    let query = Query { kind: "Condition".to_owned(), summary: Summary::Count, ..Query::default() };
    let asked = asked(store, reader, &query, |found| found.total)?;
    let rows = people / people.div_ceil(SHORT);
    let visible = asked.answer.context("there was no total")?;
    let name = format!("a list of {rows} rows, {} people visible: {visible} rows", reader.sees);
    Ok(vec![asked.figure(name, 15.0).with("visible", visible).with("rows", rows)])
}

/// The first page of the visible, as they came and newest first.
fn long(store: &Store, reader: &Reader, rows: usize) -> anyhow::Result<Vec<Figure>> {
    let query = Query { kind: "Observation".to_owned(), count: Some(PAGE), ..Query::default() };
    let asked = asked(store, reader, &query, |found| found.resources.len())?;
    anyhow::ensure!(asked.answer == PAGE as usize, "{} rows came in place of {PAGE}", asked.answer);
    let name = format!("the first {PAGE} visible of {rows} rows, {} people visible", reader.sees);
    Ok(vec![asked.figure(name, 5.0)])
}
