//! What the two pages show, from the rules and what they say of everybody: pure, and made fit to be shown before it leaves. Must not know
//! where the population is held, or who asks.

use assurance::chart::{Part as Bar, part_chart, spoken};
use finding::cohort::Asked;
use place::Place;
use place::rounding::Rounded;
use population::cohort::Slice as By;
use population::equity::{Ratio, Told, ToldCell};
use population::explore::{Choice, Ground, Group as Kind, How, Line as Counted, Question, Term, slug};
use population::library::{Among, Expected, Library};
use population::plan::Plan;

use crate::components::Chart;
use crate::desk::feeds::thousands;
use crate::desk::person::capital;
use crate::pages::population::{Answer, Compared, Equity, Explorer, Group, Item, Line, Part, Slice};
use crate::session::Fields;

/// What has its place in every way of looking at a population, before everything else.
pub(in crate::desk) const MIND: [&str; 4] =
    ["register-severe-mental-illness", "register-depression", "register-dementia", "register-learning-disability"];

/// A question as it came, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) question: Question,
    pub(super) wrong: Option<String>,
}

/// What of an address is no part of the question: whose question it was.
pub(super) const COHORT: &str = "cohort";

pub(super) fn read(fields: &Fields) -> Came {
    let mut wrong = None;
    let among = match fields.get("among") {
        "" => Among::Registered,
        word => word.parse().unwrap_or_else(|_| {
            wrong = Some(format!("\u{201c}{word}\u{201d} is nobody among whom people can be counted."));
            Among::Registered
        }),
    };
    let mut terms = Vec::new();
    for (key, value) in fields.0.iter().filter(|(key, _)| key != "among" && key != COHORT) {
        match value.parse::<How>() {
            Ok(how) => terms.push((Term::read(key), how)),
            Err(_) => {
                wrong = Some(format!("\u{201c}{value}\u{201d} is no way to ask for \u{201c}{key}\u{201d}."));
            }
        }
    }
    Came { question: Question { terms, among }, wrong }
}

/// A question as [`read`] takes it: the fields of an address, and of a form that keeps it.
pub(super) fn fields(question: &Question) -> Vec<(String, String)> {
    let terms = question.terms.iter().map(|(term, how)| (term.to_string(), how.to_string()));
    std::iter::once(("among".to_owned(), question.among.to_string())).chain(terms).collect()
}

/// The explorer's page, but for its shell. Without a ground nobody is counted: the question is put together, and no more.
pub(super) fn explored(plan: &Plan, ground: Option<&Ground<'_>>, came: &Came) -> Explorer {
    let choices = plan.choices();
    let question = &came.question;
    let (mut wrong, mut answer) = (came.wrong.clone(), None);
    if wrong.is_none() && !question.terms.is_empty() {
        let answering = match ground {
            Some(ground) => ground.answer(question).map(|told| answered(&told, &choices, question)),
            None => Asked::of(question, plan).map(|_| put_together(&choices, question)),
        };
        match answering {
            Ok(answering) => answer = Some(answering),
            Err(why) => wrong = Some(format!("{}.", capital(&why.to_string()))),
        }
    }
    Explorer {
        counts: ground.is_some(),
        among: question.among.to_string(),
        groups: groups(&choices, question),
        wrong,
        answer,
        ..Explorer::default()
    }
}

/// The headings under which everything stands that can be asked for: the mind first.
pub(in crate::desk) const MIND_HEADING: &str = "Mental health, memory and learning";
const HEADINGS: [(&str, Option<Kind>); 5] = [
    (MIND_HEADING, None),
    ("Registers of diseases", Some(Kind::Register)),
    ("Situations", Some(Kind::List)),
    ("Bands of scores", Some(Kind::Band)),
    ("Segments", Some(Kind::Segment)),
];

/// Whether something stands under a heading: what is of the mind has one of its own and stands under no other.
fn is_under(term: &Term, group: Kind, heading: Option<Kind>) -> bool {
    match (MIND.contains(&term.set.as_str()), heading) {
        (is_mind, None) => is_mind,
        (is_mind, Some(kind)) => !is_mind && group == kind,
    }
}

fn groups(choices: &[Choice], question: &Question) -> Vec<Group> {
    let group = |(heading, kind): (&str, Option<Kind>)| {
        let under = choices.iter().filter(|choice| is_under(&choice.term, choice.group, kind));
        let items: Vec<Item> = under.map(|one| item(one, question)).collect();
        let open = items.iter().any(|item| !item.how.is_empty());
        Group { heading: heading.to_owned(), open, items }
    };
    let mut groups = HEADINGS.map(group).to_vec();
    groups.retain(|group| !group.items.is_empty());
    if question.terms.is_empty()
        && let Some(first) = groups.first_mut()
    {
        first.open = true;
    }
    groups
}

fn item(choice: &Choice, question: &Question) -> Item {
    let how = question.terms.iter().find(|(term, _)| *term == choice.term).map(|(_, how)| how.to_string());
    let age = choice
        .age_from
        .map_or_else(String::new, |age| format!("; says something from {age}, and is given to everybody"));
    let unverified = if choice.unverified.is_some() { "; not checked against its source" } else { "" };
    Item {
        term: choice.term.to_string(),
        title: choice.title.clone(),
        note: format!("{}{age}{unverified}", choice.instrument),
        how: how.unwrap_or_default(),
    }
}

fn answered(told: &Told, choices: &[Choice], question: &Question) -> Answer {
    Answer { sentence: sentence(told), slices: slices(told), ..put_together(choices, question) }
}

/// A question in words, without an answer.
fn put_together(choices: &[Choice], question: &Question) -> Answer {
    let mut unverified: Vec<String> = choices
        .iter()
        .filter(|choice| question.terms.iter().any(|(term, _)| *term == choice.term))
        .filter_map(|choice| choice.unverified.as_ref().map(|what| format!("{}: {what}", choice.instrument)))
        .collect();
    unverified.dedup();
    let sentence = "The cohort, as you have put it together".to_owned();
    Answer { sentence, asked: in_words(question, choices), unverified, slices: Vec::new() }
}

/// What a term is called; one that is not here by its id.
pub(crate) fn called(term: &Term, choices: &[Choice]) -> String {
    let found = choices.iter().find(|choice| choice.term == *term);
    found.map_or_else(|| term.to_string(), |choice| choice.title.clone())
}

/// What is asked, in words: how, and what.
pub(crate) fn in_words(question: &Question, choices: &[Choice]) -> Vec<(String, String)> {
    let of = |wanted: How, words: &str| {
        let terms = question.terms.iter().filter(|(_, how)| *how == wanted);
        let names: Vec<String> = terms.map(|(term, _)| called(term, choices)).collect();
        (!names.is_empty()).then(|| (words.to_owned(), names.join("; ")))
    };
    let among = match question.among {
        Among::Registered => "Registered with a practice here",
        Among::Resident => "Living in the borough",
    };
    let asked = [
        of(How::All, "Everybody has"),
        of(How::Any, "Everybody has at least one of"),
        of(How::Not, "And not"),
        Some(("Among".to_owned(), among.to_owned())),
    ];
    asked.into_iter().flatten().collect()
}

pub(super) fn sentence(told: &Told) -> String {
    let of = match told.of {
        Rounded::About(of) => format!("about {} people", number(of)),
        Rounded::Nought | Rounded::Few => return "There are too few people here to count them.".to_owned(),
    };
    match (told.count, told.percent) {
        (Rounded::Nought, _) => format!("Nobody of {of}."),
        (Rounded::Few, _) => format!("1 to 7 of {of}."),
        (Rounded::About(count), percent) => {
            let share = percent.map_or_else(String::new, |percent| format!(": {} in 100", spoken(percent, 1)));
            format!("About {} of {of}{share}.", number(count))
        }
    }
}

pub(super) fn number(count: u64) -> String {
    thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(in crate::desk) fn said(count: Rounded) -> String {
    match count {
        Rounded::Nought => "0".to_owned(),
        Rounded::Few => "1 to 7".to_owned(),
        Rounded::About(count) => number(count),
    }
}

pub(in crate::desk) fn share(percent: Option<f64>) -> String {
    percent.map_or_else(|| "Not shown".to_owned(), |percent| spoken(percent, 1))
}

pub(super) fn ratio(ratio: Option<Ratio>) -> String {
    ratio.map_or_else(
        || "Not shown".to_owned(),
        |ratio| format!("{:.2} ({:.2} to {:.2})", ratio.value, ratio.lower, ratio.upper),
    )
}

fn slices(told: &Told) -> Vec<Slice> {
    told.slices.iter().map(|(by, cells)| slice(*by, cells.as_deref(), told.percent)).collect()
}

/// The ends of the fifths say which end they are.
fn name(by: By, cell: &str) -> String {
    match (by, cell) {
        (By::Deprivation, "1") => "1, most deprived".to_owned(),
        (By::Deprivation, "5") => "5, least deprived".to_owned(),
        _ => cell.to_owned(),
    }
}

/// The chart's sentence sets a name beside its value: a bare number there would read as another value.
fn bar(by: By, cell: &str) -> String {
    if by == By::Deprivation && cell != "not known" { format!("fifth {cell}") } else { cell.to_owned() }
}

/// The cells of a slice, or why there are none to show.
pub(super) fn told_cells(cells: Option<&[ToldCell]>) -> Result<&[ToldCell], &'static str> {
    match cells {
        None => Err("Not shown: with its total, somebody could be found in it."),
        Some(cells) if cells.iter().all(|cell| cell.name == "not known") => Err("It is not known of anybody here."),
        Some(cells) => Ok(cells),
    }
}

fn slice(by: By, cells: Option<&[ToldCell]>, whole: Option<f64>) -> Slice {
    let (heading, of_ages) = (format!("By {}", by.word()), by == By::Age);
    let empty = |note: &str| Slice { heading: heading.clone(), of_ages, note: note.to_owned(), ..Slice::default() };
    let cells = match told_cells(cells) {
        Ok(cells) => cells,
        Err(why) => return empty(why),
    };
    let parts: Vec<Part> = cells
        .iter()
        .map(|cell| Part {
            name: name(by, &cell.name),
            count: said(cell.count),
            of: said(cell.of),
            crude: share(cell.percent),
            standardised: share(cell.standardised),
            ratio: ratio(cell.ratio),
        })
        .collect();
    let bars: Vec<Bar> = cells
        .iter()
        .map(|cell| Bar { name: bar(by, &cell.name), value: if of_ages { cell.percent } else { cell.standardised } })
        .collect();
    let unit = if of_ages { "in 100" } else { "in 100, ages alike" };
    let chart = bars
        .iter()
        .any(|bar| bar.value.is_some())
        .then(|| Chart::new(&slug(&heading), part_chart(&bars, whole, &heading, unit)));
    let note = if by == By::System {
        "Practices record the same thing differently by system: a difference here may be the recording."
    } else {
        ""
    };
    Slice { heading, of_ages, chart, parts, note: note.to_owned() }
}

/// The equity page, but for its shell; nothing where what is asked for is not there.
pub(super) fn compared(plan: &Plan, ground: &Ground<'_>, expected: &[Expected], of: &str) -> Option<Equity> {
    let counted = ground.overview(expected);
    let heap = |(heading, kind): (&str, Option<Kind>)| {
        let mut lines: Vec<&Counted> = counted.iter().filter(|line| is_under(&line.term, line.group, kind)).collect();
        // Bands and segments stand in the order of their rules.
        if !matches!(kind, Some(Kind::Band | Kind::Segment)) {
            let mind = |line: &Counted| MIND.iter().position(|wanted| *wanted == line.term.set);
            lines.sort_by_key(|line| (mind(line), line.gap.is_none(), line.title.clone()));
        }
        let expects = !matches!(kind, Some(Kind::Band | Kind::Segment));
        Compared { heading: heading.to_owned(), expects, lines: lines.into_iter().map(line).collect() }
    };
    let mut groups = HEADINGS.map(heap).to_vec();
    groups.retain(|group| !group.lines.is_empty());
    let mut view = Equity { groups, ..Equity::default() };
    if !of.is_empty() {
        let choices = plan.choices();
        let term = Term::read(of);
        view.title = choices.iter().find(|choice| choice.term == term)?.title.clone();
        let question = Question { terms: vec![(term, How::All)], among: Among::Registered };
        view.answer = Some(answered(&ground.answer(&question).ok()?, &choices, &question));
    }
    Some(view)
}

fn line(line: &Counted) -> Line {
    let gap = line.gap.as_ref();
    Line {
        title: line.title.clone(),
        href: format!("/population/equity?of={}", line.term),
        count: said(line.count),
        percent: share(line.percent),
        expected: gap.map_or_else(|| "Nothing is known".to_owned(), |gap| format!("About {}", said(gap.expected))),
        source: line.expected.as_ref().map_or_else(String::new, |expected| expected.source.clone()),
        found: gap.map_or_else(String::new, |gap| {
            gap.found.map_or_else(|| "Not shown".to_owned(), |found| spoken(100.0 * found, 0))
        }),
        fifths: match line.most_deprived.zip(line.least_deprived) {
            Some((most, least)) => format!("{} and {}", spoken(most, 1), spoken(least, 1)),
            None => "Not shown".to_owned(),
        },
    }
}

pub(super) fn left_out(people: u64) -> String {
    match Rounded::of(people) {
        Rounded::Nought => String::new(),
        Rounded::Few => "1 to 7 people are left out: they refuse planning or object to sharing.".to_owned(),
        Rounded::About(people) => {
            format!("About {} people are left out: they refuse planning or object to sharing.", number(people))
        }
    }
}

/// By what people are told to live here and how deprived that is; or that nobody knows, and why.
pub(super) fn lived(place: &Place) -> String {
    if place.postcodes() == 0 {
        return "Deprivation is not known, and nobody is counted as living in the borough, because the place has no list of postcodes."
            .to_owned();
    }
    let invented =
        if place.has_invented_postcodes() { " Postcodes and areas of the demonstration are invented." } else { "" };
    format!(
        "Deprivation is that of the small area of somebody\u{2019}s home: fifths of England by the Index of Multiple Deprivation 2025, 1 the \
         most deprived. It is not known of people without a fixed address, or who ask that nobody be told where they live, or whose \
         postcode is not on the place\u{2019}s list; they are not counted as living in the borough.{invented}"
    )
}

pub(super) fn without_lists(library: &Library) -> String {
    let missing = library.sets().filter(|set| !library.missing(set).is_empty());
    let titles: Vec<&str> = missing.map(|set| set.title.as_str()).collect();
    if titles.is_empty() {
        return String::new();
    }
    format!("Not offered, because their lists of codes are not here: {}.", titles.join("; "))
}
