//! Events of people from a CSV file, for scoring without a record: `id,code` and, where there are, age, sex, date, system, value,
//! unit, source. What cannot be read is told with its line and nothing is scored: a code passed over would be a lower score.

use std::collections::HashMap;
use std::io::Read;

use jiff::civil::Date;

use crate::code::{Codes, System};
use crate::columns::{Event, Events, NO_UNIT};
use crate::day::Day;
use crate::fault::{Fault, Faults};
use crate::people::{People, Person, Sex, born_by};
use crate::words::Words;

/// What a file held.
#[derive(Debug)]
pub struct Input {
    /// Each person's id as it stood there, in the order in which they came.
    pub ids: Vec<String>,
    /// What it said of them.
    pub people: People,
    /// What happened to them. The record of an event is the line it stood on.
    pub events: Events,
    /// Whether it has days.
    pub has_days: bool,
    /// Events after the day that is asked about; they are not known yet.
    pub later: usize,
}

/// How a file is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// What it is called in a complaint.
    pub file: &'a str,
    /// The system of codes where the file has no such column.
    pub system: System,
    /// The day that is asked about.
    pub as_of: Day,
    /// Today: nothing can have happened later.
    pub today: Day,
}

const COLUMNS: [&str; 9] = ["id", "code", "age", "date", "system", "sex", "value", "unit", "source"];
const OLDEST: u8 = 120;
/// More faults than this are not looked for.
const MOST_FAULTS: usize = 1_000;

struct Taking<'a> {
    manner: Manner<'a>,
    at: [Option<usize>; COLUMNS.len()],
    ids: Vec<String>,
    numbers: HashMap<String, u32>,
    people: Vec<Person>,
    ages: Vec<Option<u8>>,
    codes: Codes,
    units: Words,
    sources: Words,
    events: Vec<Event>,
    later: usize,
    faults: Vec<Fault>,
}

/// Reads a file.
pub fn read(source: impl Read, manner: Manner<'_>) -> Result<Input, Faults> {
    let mut reader = csv::ReaderBuilder::new().from_reader(source);
    let headers = reader.headers().map_err(|error| fault(&manner, &error))?.clone();
    let at = COLUMNS.map(|name| {
        headers.iter().position(|header| header.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name))
    });
    for (name, found) in COLUMNS.iter().zip(at).take(2) {
        if found.is_none() {
            return Err(Fault::new(
                manner.file,
                1,
                format!(
                    "there is no column `{name}`; the columns are id, code and, where wanted, {}",
                    COLUMNS[2..].join(", ")
                ),
            )
            .into());
        }
    }
    let mut taking = Taking {
        manner,
        at,
        ids: Vec::new(),
        numbers: HashMap::new(),
        people: Vec::new(),
        ages: Vec::new(),
        codes: Codes::default(),
        units: Words::default(),
        sources: Words::default(),
        events: Vec::new(),
        later: 0,
        faults: Vec::new(),
    };
    for unknown in headers.iter().map(|header| header.trim_start_matches('\u{feff}').trim()) {
        // A misspelt `date` would lift the look-back in silence.
        if !COLUMNS.iter().any(|known| known.eq_ignore_ascii_case(unknown)) {
            taking.faults.push(Fault::new(
                manner.file,
                1,
                format!("`{unknown}` is no column that is known here; there are {}", COLUMNS.join(", ")),
            ));
        }
    }
    let mut row = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => {
                let line = row.position().map_or(0, csv::Position::line);
                if let Err(what) = taking.row(&row, line) {
                    taking.faults.push(Fault::new(manner.file, usize::try_from(line).unwrap_or(0), what));
                }
            }
            Ok(false) => break,
            Err(error) => taking.faults.push(fault(&manner, &error)),
        }
        if taking.faults.len() >= MOST_FAULTS {
            break;
        }
    }
    taking.finish()
}

fn fault(manner: &Manner<'_>, error: &csv::Error) -> Fault {
    let line = error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} fields and the header {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "the text is not UTF-8".to_owned(),
        _ => error.to_string(),
    };
    Fault::new(manner.file, line, what)
}

impl Taking<'_> {
    fn row(&mut self, row: &csv::StringRecord, line: u64) -> Result<(), String> {
        let cell = |column: usize| self.at[column].and_then(|at| row.get(at)).unwrap_or_default().trim();
        let id = cell(0);
        if id.is_empty() {
            return Err("there is no id".into());
        }
        let age = match cell(2) {
            "" => None,
            text => Some(
                text.parse::<u8>()
                    .ok()
                    .filter(|age| *age <= OLDEST)
                    .ok_or(format!("`{text}` is no age from 0 to {OLDEST}"))?,
            ),
        };
        let sex = Sex::read(cell(5))
            .ok_or_else(|| format!("`{}` is no sex; write female, male, other or nothing", cell(5)))?;
        let day = match (self.at[3].is_some(), cell(3)) {
            (false, _) => Day::NONE,
            (true, "") => return Err("there is no date; a file with the column `date` needs one in every row".into()),
            (true, text) => date(text, self.manner.today)?,
        };
        let system = match cell(4) {
            "" if self.at[4].is_some() => return Err("there is no system of codes".into()),
            "" => self.manner.system,
            word => System::named(word)
                .ok_or_else(|| format!("`{word}` is no system of codes; there are {}", System::words()))?,
        };
        let value = match cell(6) {
            "" => None,
            text => Some(
                text.parse::<f32>().ok().filter(|value| value.is_finite()).ok_or(format!("`{text}` is no value"))?,
            ),
        };
        let code = cell(1);
        // A row without a code is a person about whom nothing is recorded: they still get their row.
        let clean = if code.is_empty() { None } else { Some(system.clean(code).map_err(|error| error.to_string())?) };
        let (unit, source) = (cell(7).to_owned(), cell(8).to_owned());
        let person = self.person(id, age, sex)?;
        let Some(clean) = clean else { return Ok(()) };
        if day > self.manner.as_of {
            self.later += 1;
            return Ok(());
        }
        let unit = match (unit.as_str(), value) {
            ("", _) | (_, None) => NO_UNIT,
            (unit, Some(_)) => u8::try_from(self.units.number(crate::unit::usual(unit)))
                .ok()
                .filter(|unit| *unit != NO_UNIT)
                .ok_or("there are more than 255 different units")?,
        };
        let source =
            u16::try_from(self.sources.number(&source)).map_err(|_| "there are more than 65,536 different sources")?;
        let code = self.codes.number(system, &clean);
        self.events.push(Event { person, code, day, value, unit, source, record: u128::from(line) });
        Ok(())
    }

    fn person(&mut self, id: &str, age: Option<u8>, sex: Sex) -> Result<u32, String> {
        let number = match self.numbers.get(id) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.ids.len()).map_err(|_| "there are more people than can be numbered")?;
                self.numbers.insert(id.to_owned(), number);
                self.ids.push(id.to_owned());
                self.people.push(Person { id: u128::from(number), ..Person::default() });
                self.ages.push(None);
                number
            }
        };
        let (person, known) = (&mut self.people[number as usize], &mut self.ages[number as usize]);
        match (age, *known) {
            (Some(age), Some(other)) if age != other => return Err(format!("the age is {age} here and {other} above")),
            (Some(age), None) => {
                *known = Some(age);
                person.birth = born_by(self.manner.as_of, age);
            }
            _ => {}
        }
        match (sex, person.sex) {
            (Sex::Unknown, _) => {}
            (sex, Sex::Unknown) => person.sex = sex,
            (sex, other) if sex != other => {
                return Err(format!("the sex is {} here and {} above", sex.word(), other.word()));
            }
            _ => {}
        }
        Ok(number)
    }

    fn finish(self) -> Result<Input, Faults> {
        if !self.faults.is_empty() {
            return Err(Faults(self.faults));
        }
        let people = People { list: self.people, ..People::default() };
        let has_days = self.at[3].is_some();
        let events = Events::of(people.len(), self.codes, self.units, self.sources, self.events)
            .map_err(|error| Fault::new(self.manner.file, 1, error.to_string()))?;
        Ok(Input { ids: self.ids, people, events, has_days, later: self.later })
    }
}

/// `2026-11-22` or `22/11/2026`, not later than today.
fn date(text: &str, today: Day) -> Result<Day, String> {
    let english = || Date::strptime("%d/%m/%Y", text);
    let date = text
        .parse::<Date>()
        .or_else(|_| english())
        .map_err(|_| format!("`{text}` is no date; write 2026-11-22 or 22/11/2026"))?;
    let day = Day::of(date).ok_or_else(|| format!("{date} is outside 1900 to 2079"))?;
    if day > today { Err(format!("{date} is in the future; today is {today}")) } else { Ok(day) }
}

#[cfg(test)]
mod tests;
