//! The targets, each with its source and scale, beside a count. Must not hide a target that is missed, nor one on which
//! two sources disagree.

use crate::borough::Borough;
use crate::person::Condition;
use crate::roles::CARERS_CODED;

use super::count::Count;
use super::line::{Line, Measure, Scale};

struct Writer<'a> {
    borough: &'a Borough,
    scale: f64,
    years: f64,
    group: &'static str,
    lines: Vec<Line>,
}

pub(super) fn lines(borough: &Borough, count: &Count) -> Vec<Line> {
    let scale = f64::from(borough.settings().people) / fact(borough, "registered-list-apr2020");
    let years = f64::from(borough.settings().history_days) / 365.25;
    let mut writer = Writer { borough, scale, years, group: "", lines: Vec::new() };
    people(&mut writer, count);
    registers(&mut writer, count);
    gradients(&mut writer, count);
    together(&mut writer, count);
    use_of_services(&mut writer, count);
    writer.lines
}

/// Every fact that is asked for here was found when the borough was made; one that is not would show as 0.
fn fact(borough: &Borough, measure: &'static str) -> f64 {
    borough.facts.value(measure).unwrap_or_default()
}

impl Writer<'_> {
    fn add(&mut self, what: &str, source: &str, wanted: f64, got: f64, measure: Measure) {
        let (what, source) = (what.to_owned(), source.to_owned());
        self.lines.push(Line { group: self.group, what, source, wanted, got, measure, note: None });
    }

    fn note(&mut self, note: &str) {
        if let Some(line) = self.lines.last_mut() {
            line.note = Some(note.to_owned());
        }
    }

    fn fact(&mut self, what: &str, measure: &'static str, scale: Scale, got: f64, kind: Measure) {
        let by = match scale {
            Scale::List => self.scale,
            Scale::AsItIs => 1.0,
        };
        let source = self.borough.facts.source(measure).to_owned();
        self.add(what, &source, fact(self.borough, measure) * by, got, kind);
    }

    fn yearly(&mut self, what: &str, measure: &'static str, got: f64) {
        let source = self.borough.facts.source(measure).to_owned();
        self.add(what, &source, fact(self.borough, measure) * self.scale * self.years, got, Measure::Events);
    }
}

fn people(w: &mut Writer<'_>, count: &Count) {
    w.group = "People";
    w.fact("registered", "registered-list-apr2020", Scale::List, count.people, Measure::Exact);
    let old: f64 = count.by_age.iter().skip(65).sum();
    w.fact("aged 65 and over", "registered-65-plus-apr2020", Scale::List, old, Measure::People);
    let very_old: f64 = count.by_age.iter().skip(85).sum();
    w.fact("aged 65 and over, in 2016", "aged-65-plus-2016", Scale::List, old, Measure::People);
    w.note("the lists of 2020 are kept, which are larger and older");
    w.fact("aged 85 and over, in 2016", "aged-85-plus-2016", Scale::List, very_old, Measure::People);
    w.note("the census of 2021 and the lists of 2020 are kept");
    let practices = w.borough.place().practices();
    let due = |size: u32, got: u32, scale: f64| (f64::from(size) * scale - f64::from(got)).abs() < 1.0;
    let exact = |place: usize, size: fn(&place::Practice) -> u32| {
        let fits = practices.iter().filter(|p| {
            count.lists.get(p.code.as_str()).is_some_and(|list| due(size(p), list[place], w.scale)) || size(p) == 0
        });
        fits.count() as f64
    };
    let (lists, old_lists) = (exact(0, |p| p.list_size), exact(1, |p| p.aged_65_over));
    let all = practices.len() as f64;
    w.add("practices whose list is their share, to the person", "practices.csv", all, lists, Measure::Exact);
    w.add("practices whose 65 and over are, to the person", "practices.csv", all, old_lists, Measure::Exact);
    let census: f64 = w.borough.facts.ages.iter().flatten().sum();
    for (what, from, to) in [
        ("aged 0 to 4", 0, 4),
        ("aged 5 to 17", 5, 17),
        ("aged 18 to 39", 18, 39),
        ("aged 40 to 64", 40, 64),
        ("aged 85 and over", 85, 120),
    ] {
        let got: f64 = count.by_age.iter().take(to + 1).skip(from).sum();
        let wanted: f64 = w.borough.facts.ages.iter().take(to + 1).skip(from).flatten().sum();
        w.add(what, "Census 2021, share of residents", wanted / census * count.people, got, Measure::People);
        w.note("the lists' three age groups are kept, which are not quite the census's; within a group the census is");
    }
    w.fact("care-home residents", "care-home-residents-2021", Scale::List, count.in_homes, Measure::People);
    let alone = Measure::Share { of: count.at_home_old };
    let source = w.borough.facts.source("pct-65plus-living-alone").to_owned();
    let wanted = fact(w.borough, "pct-65plus-living-alone") / 100.0;
    w.add(
        "of 65 and over outside homes, live alone",
        &source,
        wanted,
        count.alone_old / count.at_home_old.max(1.0),
        alone,
    );
    let wanted =
        w.borough.facts.ethnicity.iter().find(|(c, _)| c.starts_with("White: English")).map_or(0.0, |(_, n)| *n);
    let all: f64 = w.borough.facts.ethnicity.iter().map(|(_, people)| people).sum();
    // People of a household are mostly of one category, so that chance works on households.
    let of = Measure::Share { of: count.people / 2.3 };
    w.add("White British", "Census 2021", wanted / all, count.white_british / count.people, of);
    w.fact("unpaid carers", "unpaid-carers-census2021", Scale::List, count.carers, Measure::People);
    w.fact("unpaid carers, 50 hours and more", "unpaid-carers-50h-plus", Scale::List, count.carers_50, Measure::People);
    let share = count.carers_coded / count.carers.max(1.0);
    w.add(
        "carers whom their practice has coded",
        "4 in 100 coded, 9 in 100 in the census",
        CARERS_CODED,
        share,
        Measure::Share { of: count.carers },
    );
    w.fact(
        "adults with support of the council",
        "adult-social-care-clients",
        Scale::List,
        count.clients,
        Measure::People,
    );
    w.fact(
        "people known to mental health services",
        "mental-health-service-users",
        Scale::List,
        count.known_to_mind,
        Measure::People,
    );
    for (band, (name, wanted)) in
        [("fit", 0.5), ("mildly frail", 0.35), ("moderately frail", 0.12), ("severely frail", 0.03)]
            .into_iter()
            .enumerate()
    {
        let what = format!("of 65 and over, {name}");
        w.add(
            &what,
            "usual shares of the electronic frailty index",
            wanted,
            count.bands[band] / old.max(1.0),
            Measure::Share { of: old },
        );
    }
}

fn registers(w: &mut Writer<'_>, count: &Count) {
    w.group = "Registers (coded)";
    for condition in Condition::ALL {
        let Some((people, coded)) = count.registers.get(&condition) else { continue };
        let (people, coded): (f64, f64) = (people.iter().sum(), coded.iter().sum());
        let counted = match condition {
            Condition::Hypertension => Some("hypertension"),
            Condition::Diabetes => Some("diabetes"),
            Condition::CoronaryHeartDisease => Some("chd"),
            Condition::Dementia => Some("dementia-diagnosed"),
            Condition::Obesity => Some("obesity"),
            Condition::Falls => Some("history-of-fall"),
            _ => None,
        };
        let name = condition.slug().replace('-', " ");
        if let Some(measure) = counted {
            w.fact(&name, measure, Scale::List, coded, Measure::People);
        }
        if let Some(register) = w.borough.facts.register(condition) {
            w.add(
                &name,
                "QOF 2019/20, prevalence in the register's ages",
                register.prevalence * people,
                coded,
                Measure::People,
            );
            if counted.is_some() {
                w.note("the count of the needs assessment (2016) is kept instead");
            }
        }
    }
}

fn gradients(w: &mut Writer<'_>, count: &Count) {
    w.group = "Prevalence, most over least deprived tenth";
    for condition in Condition::ALL {
        let (Some((people, coded)), Some(register)) =
            (count.registers.get(&condition), w.borough.facts.register(condition).cloned())
        else {
            continue;
        };
        let ratio = (coded[1] / people[1].max(1.0)) / (coded[10] / people[10].max(1.0)).max(f64::MIN_POSITIVE);
        let measure =
            Measure::Ratio { above: register.prevalence * people[1], below: register.prevalence * people[10] };
        w.add(
            &condition.slug().replace('-', " "),
            "England, QOF 2019/20 by IMD 2019",
            register.gradient,
            ratio,
            measure,
        );
    }
}

fn together(w: &mut Writer<'_>, count: &Count) {
    w.group = "Conditions together";
    let share = |group: &str, place: usize| {
        let sums = count.any.get(group).copied().unwrap_or_default();
        (sums[place] / sums[0].max(1.0), Measure::Share { of: sums[0] })
    };
    let list = count.people;
    let (any, of) = share("all", 1);
    w.add("any long-term condition", "Stockport JSNA 2016 (41%)", 0.41, any, of);
    w.fact("any long-term condition", "registered-with-any-ltc", Scale::List, any * list, Measure::People);
    w.note("41% of the smaller list of 2016; the percentage is kept instead");
    for (what, measure, group, place) in [
        ("any long-term condition, 0 to 4", "pct-any-ltc-age-0-4", "0-4", 1),
        ("any long-term condition, 85 and over", "pct-any-ltc-age-85-plus", "85+", 1),
        ("two or more of eight, about 65", "pct-2plus-key-ltc-age-65", "63-67", 2),
        ("two or more of eight, 85 and over", "pct-2plus-key-ltc-age-85", "85+", 2),
    ] {
        let (got, of) = share(group, place);
        let source = w.borough.facts.source(measure).to_owned();
        w.add(what, &source, fact(w.borough, measure) / 100.0, got, of);
    }
    let (two, of) = share("all", 2);
    w.add("two or more of eight", "Stockport JSNA 2016 (9%)", 0.09, two, of);
    w.fact("two or more of eight", "two-or-more-of-8-key-ltc", Scale::List, two * list, Measure::People);
    w.note("9% of the smaller list of 2016; the percentage is kept instead");
    let coded: f64 = count.registers.get(&Condition::Falls).map_or(0.0, |(_, coded)| coded.iter().sum());
    let of = Measure::Share { of: count.fallen };
    w.add(
        "of those who have fallen, coded",
        "30 to 60% by practice, our middle",
        0.45,
        coded / count.fallen.max(1.0),
        of,
    );
}

fn use_of_services(w: &mut Writer<'_>, count: &Count) {
    w.group = "A year of services, scaled to the days counted";
    let old: f64 = count.by_age.iter().skip(65).sum();
    w.yearly("emergency admissions", "emergency-admissions-per-year", count.emergencies);
    let per_old = |w: &Writer<'_>, measure| fact(w.borough, measure) / 100_000.0 * old * w.years;
    for (what, measure, got) in [
        ("emergency admissions at 65 and over", "emergency-admission-rate-65plus-per-100k", count.old_emergencies),
        ("admissions for falls at 65 and over", "falls-admission-rate-65plus-per-100k", count.old_falls),
    ] {
        let (source, wanted) = (w.borough.facts.source(measure).to_owned(), per_old(w, measure));
        w.add(what, &format!("{source} (rate per 100,000)"), wanted, got, Measure::Events);
    }
    w.yearly("planned admissions", "planned-admissions-per-year", count.planned);
    w.yearly("all admissions", "inpatient-admissions-per-year", count.emergencies + count.planned + count.births);
    w.note("97,000 is 11,000 more than planned and emergency together; births are 3,300, and no source names the rest");
    w.yearly("attendances of the emergency department", "ae-attendances-per-year", count.attendances);
    let source = w.borough.facts.source("pct-ae-admitted").to_owned();
    let admitted = count.admitted / count.attendances.max(1.0);
    w.add(
        "of these, admitted",
        &source,
        fact(w.borough, "pct-ae-admitted") / 100.0,
        admitted,
        Measure::Share { of: count.attendances },
    );
    w.yearly("outpatient appointments kept", "outpatient-attended-per-year", count.outpatient);
    w.yearly("community contacts held", "community-contacts-per-year", count.contacts);
    w.yearly("of these, district nursing", "district-nursing-contacts-per-year", count.nursing);
    w.yearly("people seen by mental health services", "mental-health-service-users", count.seen_by_mind);
    let due = count.due * w.years;
    w.add("deaths", "the age pattern of England and Wales about 2019, rough", due, count.deaths, Measure::Events);
    let born: f64 = count.by_age.first().copied().unwrap_or_default();
    w.add("births", "people under one year on the lists", born * w.years, count.births, Measure::Events);
}
