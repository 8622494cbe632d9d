//! A table pasted into a page, and a measure worked out of it: every method of the command line within reach of whoever signs in.
//! Keeps nothing, and reads nothing but what was pasted. Must not work out anything itself.

use assurance::chart::control_chart;
use assurance::measure::{Confidence, inequality};
use assurance::sheet::{self, Sheet, SheetError};
use assurance::spc;
use axum::response::Html;

use super::Page;
use super::deed::{line, lines};
use crate::components::Chart;
use crate::layout::Section;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::deed::{Came, Deed};
use crate::pages::method::View;
use crate::session::{Fields, Sent, Who};

/// The most rows that are shown.
const ROWS: usize = 200;
/// How many times each group is drawn for the limits of an index of inequality.
const DRAWS: usize = 10_000;

/// Word, what it is, and what it reads.
const METHODS: [(&str, &str, &str); 11] = [
    ("rate", "Rates", "numerator, denominator"),
    ("proportion", "Proportions", "numerator, denominator"),
    ("mean", "Means", "x"),
    ("dsr", "Directly standardised rates", "area, ageband, count, pop, stdpop"),
    ("isr", "Indirectly standardised rates", "area, count, pop, refcount, refpop"),
    ("smr", "Observed over expected (standardised ratios)", "area, count, pop, refcount, refpop"),
    ("years-lost", "Years of life lost to 75", "ageband, deaths, pop, stdpop"),
    (
        "life-expectancy",
        "Life expectancy, and healthy life expectancy",
        "startage, population, deaths; healthy, respondents",
    ),
    ("sii", "Slope and relative index of inequality", "quantile, population, value, se"),
    ("funnel", "Funnel of proportions", "area, numerator, denominator"),
    ("spc", "Control chart", "x (a date), y"),
];

fn form(who: &Who, sent: Option<&Fields>) -> Deed {
    let offered = METHODS.map(|(word, name, reads)| Offered {
        value: word.to_owned(),
        text: format!("{name}: {reads}"),
        hint: None,
    });
    let better = [("decrease", "Less is better"), ("increase", "More is better"), ("neutral", "Neither")];
    let better = better.map(|(value, text)| Offered { value: value.to_owned(), text: text.to_owned(), hint: None });
    let fields = vec![
        Field::new("method", "What is to be worked out, and from which columns?", Kind::Select(offered.to_vec())),
        lines("table", "The table, as CSV. The first line names the columns", 10),
        line("multiplier", "Per how many? Empty for the usual", "")
            .helped("As 1000 or 100000; of a control chart it is the target"),
        Field::new("better", "Which way is better, for a control chart?", Kind::Select(better.to_vec())),
    ];
    let mut deed = Deed::new("work", "Work a measure out", "", "Work it out").asking(fields);
    (deed.action, deed.token) = ("/methods".to_owned(), who.token().to_owned());
    for field in deed.fields.iter_mut().filter(|_| sent.is_some()) {
        field.values = sent.map(|sent| sent.whole(&field.name).to_owned()).into_iter().collect();
    }
    deed
}

pub(crate) async fn page(who: Who) -> Page {
    Ok(Html(view(&who, None).to_string()))
}

fn view(who: &Who, sent: Option<&Fields>) -> View {
    View { shell: who.shell("Work a measure out", Section::Measures), form: form(who, sent), ..View::default() }
}

pub(crate) async fn work(Sent { who, fields }: Sent) -> Page {
    let mut view = view(&who, Some(&fields));
    match worked(&fields) {
        Err(why) => view.came = Came { done: None, refused: Some(why) },
        Ok((table, chart)) => {
            let columns = table.others(&[]);
            let header = columns.iter().map(|column| table.name(*column).to_owned()).collect();
            let row = |row: &sheet::Row| columns.iter().map(|column| row.text(*column).to_owned()).collect();
            view.more = table.rows().len().saturating_sub(ROWS);
            view.result = Some((header, table.rows().iter().take(ROWS).map(row).collect()));
            (view.chart, view.text) = (chart, table.to_csv());
        }
    }
    Ok(Html(view.to_string()))
}

fn worked(fields: &Fields) -> Result<(Sheet, Option<Chart>), String> {
    let said = |error: SheetError| error.to_string();
    let word = fields.get("method");
    let name = METHODS.iter().find(|(known, ..)| *known == word).ok_or("Choose what is to be worked out.")?.1;
    let multiplier: Option<f64> = match fields.get("multiplier") {
        "" => None,
        number => Some(
            number.parse().ok().filter(|number: &f64| number.is_finite()).ok_or("Give per how many as a number.")?,
        ),
    };
    let input = Sheet::read("The table", fields.whole("table").trim().as_bytes()).map_err(said)?;
    let confidences = vec![Confidence::NINETY_FIVE, Confidence::NINETY_NINE_POINT_EIGHT];
    let standard = |usual: f64| sheet::standard::Asked {
        multiplier: multiplier.unwrap_or(usual),
        confidences: confidences.clone(),
        by: Vec::new(),
        standard: None,
    };
    let rate = |kind| sheet::rate::Asked { kind, multiplier, confidences: confidences.clone(), by: Vec::new() };
    let mut chart = None;
    let table = match word {
        "rate" => sheet::rate::rates(&input, &rate(sheet::rate::Kind::Rate)),
        "proportion" => sheet::rate::rates(&input, &rate(sheet::rate::Kind::Proportion)),
        "mean" => sheet::rate::means(&input, &[], &confidences),
        "dsr" => sheet::standard::direct(&input, &standard(100_000.0)),
        "isr" => sheet::standard::indirect(&input, None, sheet::standard::Form::Rate, &standard(100_000.0)),
        "smr" => sheet::standard::indirect(&input, None, sheet::standard::Form::Ratio, &standard(100.0)),
        "years-lost" => sheet::standard::years_lost(&input, &standard(100_000.0), 75.0),
        "life-expectancy" => sheet::life::expectations(&input, &[], &[], &confidences),
        "sii" => {
            let asked = inequality::Asked {
                scale: inequality::Scale::Other,
                transform: false,
                multiplier: multiplier.unwrap_or(1.0),
                repetitions: DRAWS,
                seed: 1,
                confidences: confidences.clone(),
            };
            sheet::inequality::indices(&input, &asked, &[])
        }
        "funnel" => {
            let asked = sheet::funnel::Asked {
                kind: sheet::funnel::Kind::Proportion,
                multiplier: multiplier.unwrap_or(100.0),
                years: 1.0,
            };
            sheet::funnel::points(&input, &asked)
        }
        _ => {
            let improvement = match fields.get("better") {
                "increase" => spc::Improvement::Increase,
                "neutral" => spc::Improvement::Neutral,
                _ => spc::Improvement::Decrease,
            };
            let asked = spc::Asked { target: multiplier, ..spc::Asked::of(improvement) };
            sheet::spc::spc(&input, &asked).map(|(drawn, table)| {
                chart = Some(Chart::new("drawn", control_chart(&drawn, name, "", multiplier)));
                table
            })
        }
    };
    Ok((table.map_err(said)?, chart))
}
