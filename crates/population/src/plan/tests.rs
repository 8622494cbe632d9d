//! Shipped instruments by hand: the electronic frailty index at its limits and in both units, NEWS2, LACE, registers, segments.

use crate::dispute::Disputes;
use crate::input::{self, Manner};
use crate::instrument::Explained;
use crate::library::Library;
use crate::{code::System, day::Day};

use super::*;

fn day(text: &str) -> Day {
    Day::of(text.parse().unwrap()).unwrap()
}

/// The answer of an instrument about each person of a text, as of 1 June 2026.
fn explain(library: &Library, instrument: &str, text: &str) -> Vec<Explained> {
    let as_of = day("2026-06-01");
    let input = input::read(text.as_bytes(), Manner { file: "x", system: System::Local, as_of, today: as_of }).unwrap();
    let plan = Plan::of(library, &[instrument], &input.events.codes, &input.events.units).unwrap();
    let frame = plan.on(Asked { as_of, has_days: input.has_days });
    let set = plan.find(instrument).unwrap();
    let one =
        |(number, person)| plan.explain(set, &input.events, person, number, &frame, &Disputes::default(), &[]).unwrap();
    (0..).zip(&input.people.list).map(one).collect()
}

/// What ships, and lists of our own under the names that it needs: each has one code, named after it.
fn with_lists() -> Library {
    let mut library = Library::shipped().unwrap();
    let mut names = std::collections::BTreeSet::new();
    for set in library.sets() {
        names.extend(set.names.iter().filter_map(|(name, _)| match name {
            Name::List(list) if library.list(list).is_none() => Some(list.clone()),
            _ => None,
        }));
    }
    let rows: String =
        names.iter().filter(|name| *name != "efi/medicine").map(|name| format!("{name},local,{name}\n")).collect();
    let medicines: String = (0..9).map(|number| format!("efi/medicine,local,medicine-{number}\n")).collect();
    library.add("own.csv", &format!("list,system,code\n{rows}{medicines}")).unwrap();
    library
}

#[test]
fn the_frailty_index_falls_into_its_bands_at_4_5_8_9_12_and_13_deficits() {
    let library = with_lists();
    let deficits: Vec<String> = library
        .set("efi")
        .unwrap()
        .parts
        .iter()
        .map(|part| part.id.clone())
        .filter(|id| id != "polypharmacy")
        .collect();
    assert_eq!(deficits.len(), 35);
    for (many, value, band) in [
        (0, "0.000", "fit"),
        (4, "0.111", "fit"),
        (5, "0.139", "mild"),
        (8, "0.222", "mild"),
        (9, "0.250", "moderate"),
        (12, "0.333", "moderate"),
        (13, "0.361", "severe"),
        (35, "0.972", "severe"),
    ] {
        let rows: String = deficits.iter().take(many).map(|deficit| format!("a,efi/{deficit},80\n")).collect();
        let found = &explain(&library, "efi", &format!("id,code,age\na,,80\n{rows}"))[0];
        assert_eq!((found.value.as_deref(), found.band.as_deref()), (Some(value), Some(band)), "{many} deficits");
        assert_eq!((found.parts.len(), found.applies), (many, Some(true)));
    }
}

#[test]
fn haemoglobin_counts_by_its_unit_and_without_one_it_is_told_and_not_guessed() {
    let library = with_lists();
    let score = |sex: &str, value: &str, unit: &str| {
        let text = format!("id,code,sex,value,unit\na,efi-values/haemoglobin,{sex},{value},{unit}\n");
        let found = explain(&library, "efi", &text).remove(0);
        (found.parts.len(), found.missing)
    };
    for (sex, value, unit, counts) in [
        ("f", "114.9", "g/L", true),
        ("f", "115", "g/L", false),
        ("f", "11.4", "g/dL", true),
        ("f", "11.5", "g/dL", false),
        ("m", "129", "g/l", true),
        ("m", "130", "g/L", false),
        ("m", "12.9", "g/dL", true),
        ("m", "13", "g/dl", false),
        // A good value in the other unit is neither an illness nor missed in silence.
        ("f", "12.5", "g/dL", false),
        ("f", "125", "g/L", false),
    ] {
        assert_eq!(score(sex, value, unit).0 == 1, counts, "{value} {unit} of {sex}");
    }
    let (parts, missing) = score("f", "11", "");
    assert_eq!(parts, 0);
    assert!(missing.contains(&"efi-values/haemoglobin without a unit".to_owned()), "{missing:?}");
    let (parts, missing) = score("f", "7", "mmol/L");
    assert_eq!(parts, 0);
    assert!(missing.iter().any(|missing| missing.contains("in mmol/L, which the rule cannot read")), "{missing:?}");
    assert_eq!(score("", "80", "g/L").0, 0, "a limit for each sex needs the sex");
}

#[test]
fn five_different_medicines_in_a_year_are_a_deficit_and_five_boxes_of_one_are_not() {
    let library = with_lists();
    let score = |codes: &[(u8, &str)]| {
        let rows: String = codes.iter().map(|(code, day)| format!("a,medicine-{code},80,{day}\n")).collect();
        explain(&library, "efi", &format!("id,code,age,date\n{rows}")).remove(0).parts.len()
    };
    let on = "2026-05-01";
    assert_eq!(score(&[(0, on), (1, on), (2, on), (3, on), (4, on)]), 1);
    assert_eq!(score(&[(0, on), (1, on), (2, on), (3, on), (3, on)]), 0);
    assert_eq!(score(&[(0, on), (1, on), (2, on), (3, on), (4, "2025-06-01")]), 0, "a year ago to the day is outside");
    assert_eq!(score(&[(0, on), (1, on), (2, on), (3, on), (4, "2025-06-02")]), 1);
}

/// Respiration, saturation, on oxygen, systolic, pulse, consciousness, temperature.
fn news2(row: (u32, u32, bool, u32, u32, &str, &str), scale2: bool) -> String {
    let (respiration, saturation, oxygen, systolic, pulse, consciousness, temperature) = row;
    let mut text = String::from("id,code,age,value,unit\n");
    for (code, value, unit) in [
        ("respiration", respiration.to_string(), "/min"),
        ("oxygen-saturation", saturation.to_string(), "%"),
        ("systolic", systolic.to_string(), "mmHg"),
        ("pulse", pulse.to_string(), "/min"),
        ("temperature", temperature.to_owned(), "Cel"),
        (if oxygen { "on-oxygen" } else { "on-air" }, String::new(), ""),
        (consciousness, String::new(), ""),
    ] {
        text.push_str(&format!("a,{code},70,{value},{unit}\n"));
    }
    if scale2 {
        text.push_str("a,oxygen-scale-2,70,,\n");
    }
    text
}

#[test]
fn news2_adds_up_its_chart_and_knows_a_single_three() {
    let library = with_lists();
    for (row, scale2, value, band) in [
        ((16, 97, false, 120, 70, "alert", "37.0"), false, "0", "low"),
        ((25, 97, false, 120, 70, "alert", "37.0"), false, "3", "low-medium"),
        ((21, 95, false, 120, 91, "alert", "37.0"), false, "4", "low"),
        ((21, 95, false, 120, 111, "alert", "37.0"), false, "5", "medium"),
        ((8, 91, true, 90, 131, "unresponsive", "35.0"), false, "20", "high"),
        ((20, 96, false, 111, 90, "alert", "36.1"), false, "0", "low"),
        ((9, 92, false, 219, 50, "alert", "38.1"), false, "5", "medium"),
        ((16, 97, false, 220, 70, "alert", "39.1"), false, "5", "medium"),
        ((16, 90, false, 120, 70, "alert", "37.0"), true, "0", "low"),
        ((16, 97, true, 120, 70, "alert", "37.0"), true, "5", "medium"),
        ((16, 97, false, 120, 70, "alert", "37.0"), true, "0", "low"),
        ((16, 83, false, 120, 70, "new-confusion", "37.0"), true, "6", "medium"),
    ] {
        let found = &explain(&library, "news2", &news2(row, scale2))[0];
        assert_eq!((found.value.as_deref(), found.band.as_deref()), (Some(value), Some(band)), "{row:?}");
    }
}

#[test]
fn news2_is_what_a_published_example_says_and_nothing_between_two_bands_is_passed_over() {
    let library = with_lists();
    let score = |row, scale2| explain(&library, "news2", &news2(row, scale2)).remove(0).value;
    // cliot 1.0.0 (CRAN), example 1 of news2_score: somebody with COPD, on scale 2.
    assert_eq!(score((22, 90, true, 130, 80, "alert", "37.0"), true).as_deref(), Some("4"));
    // A rate of 8.5 lies between "8 or fewer" and "9 to 11", and would count nothing where only whole numbers were thought of.
    for (code, value, counts) in [
        ("respiration,70,16", "respiration,70,8.5", "3"),
        ("respiration,70,16", "respiration,70,24.5", "3"),
        ("oxygen-saturation,70,97", "oxygen-saturation,70,95.5", "1"),
        ("oxygen-saturation,70,97", "oxygen-saturation,70,91.4", "3"),
        ("systolic,70,120", "systolic,70,100.5", "2"),
        ("systolic,70,120", "systolic,70,219.5", "3"),
        ("pulse,70,70", "pulse,70,40.5", "3"),
        ("pulse,70,70", "pulse,70,110.5", "2"),
        ("temperature,70,37.0", "temperature,70,35.05", "3"),
        ("temperature,70,37.0", "temperature,70,38.04", "1"),
    ] {
        let text = news2((16, 97, false, 120, 70, "alert", "37.0"), false);
        assert!(text.contains(code), "{code}");
        let found = explain(&library, "news2", &text.replace(code, value)).remove(0);
        assert_eq!(found.value.as_deref(), Some(counts), "{value}");
    }
}

#[test]
fn of_several_observations_on_a_day_the_worst_of_each_kind_counts_once() {
    let library = with_lists();
    let mut text = news2((16, 97, false, 120, 70, "alert", "37.0"), false);
    text.push_str("a,respiration,70,8,/min\na,respiration,70,22,/min\na,respiration,70,25,/min\na,pulse,70,95,/min\n");
    let found = explain(&library, "news2", &text).remove(0);
    assert_eq!((found.value.as_deref(), found.band.as_deref()), (Some("4"), Some("low-medium")));
}

#[test]
fn what_no_body_can_show_is_no_observation() {
    let library = with_lists();
    let text = news2((16, 97, false, 120, 70, "alert", "37.0"), false);
    for (is, was, missing) in [
        ("oxygen-saturation,70,970,", "oxygen-saturation,70,97,", "oxygen saturation"),
        ("temperature,70,370,", "temperature,70,37.0,", "temperature"),
    ] {
        let found = explain(&library, "news2", &text.replace(was, is)).remove(0);
        assert_eq!(found.value, None, "{is}");
        assert!(found.missing.contains(&missing.to_owned()), "{:?}", found.missing);
    }
}

/// The general weights of Payne and others 2020, as two public programs carry them.
const CAMBRIDGE: [(&str, &str); 20] = [
    ("hypertension", "0.08"),
    ("anxiety-or-depression", "0.5"),
    ("painful-condition", "0.92"),
    ("hearing-loss", "0.09"),
    ("irritable-bowel", "0.21"),
    ("asthma", "0.19"),
    ("diabetes", "0.75"),
    ("chd", "0.49"),
    ("ckd", "0.53"),
    ("atrial-fibrillation", "1.34"),
    ("constipation", "1.12"),
    ("stroke-tia", "0.8"),
    ("copd", "1.46"),
    ("connective-tissue-disorder", "0.43"),
    ("cancer-last-5y", "1.53"),
    ("alcohol-problems", "0.65"),
    ("heart-failure", "1.18"),
    ("dementia", "2.5"),
    ("psychosis-bipolar", "0.64"),
    ("epilepsy", "0.92"),
];

#[test]
fn the_cambridge_score_has_the_published_weights_and_asks_what_its_authors_ask() {
    let library = with_lists();
    let set = library.set("cambridge-multimorbidity").unwrap();
    let weights: Vec<(String, String)> =
        set.parts.iter().map(|part| (part.id.clone(), part.points.to_string())).collect();
    let expected: Vec<(String, String)> = CAMBRIDGE.map(|(part, weight)| (part.into(), weight.into())).to_vec();
    assert_eq!(weights, expected);
    let parts = |rows: &[(&str, u8, &str)]| -> Vec<String> {
        let rows: String = rows
            .iter()
            .flat_map(|(list, times, day)| (0..*times).map(move |_| format!("a,cms/{list},60,{day},,\n")))
            .collect();
        let found = explain(&library, "cambridge-multimorbidity", &format!("id,code,age,date,value,unit\n{rows}"));
        found[0].parts.iter().map(|part| part.part.clone()).collect()
    };
    let (now, long_ago) = ("2026-05-01", "2010-05-01");
    assert_eq!(parts(&[("anxiolytic", 4, now)]), ["anxiety-or-depression"]);
    assert_eq!(
        parts(&[("anxiolytic", 2, now), ("antidepressant", 2, now)]),
        [""; 0],
        "two and two are not four of one"
    );
    assert_eq!(parts(&[("lithium", 1, long_ago)]), ["psychosis-bipolar"]);
    assert_eq!(parts(&[("cancer", 1, now)]), ["cancer-last-5y"]);
    assert_eq!(parts(&[("cancer", 1, now), ("cancer", 1, long_ago)]), [""; 0], "first recorded sixteen years ago");
    assert_eq!(parts(&[("asthma", 1, long_ago)]), [""; 0]);
    assert_eq!(parts(&[("asthma", 1, long_ago), ("asthma-medicine", 1, now)]), ["asthma"]);
    let epilepsy = [("epilepsy", 1, long_ago), ("epilepsy-or-pain-medicine", 4, now)];
    assert_eq!(parts(&epilepsy[1..]), ["painful-condition"]);
    assert_eq!(parts(&epilepsy), [""; 0], "a medicine for epilepsy is not for pain where there is epilepsy");
    let kidney = |values: &[(&str, &str)]| {
        let rows: String =
            values.iter().map(|(value, day)| format!("a,cms/egfr,60,{day},{value},mL/min/{{1.73_m2}}\n")).collect();
        let found = explain(&library, "cambridge-multimorbidity", &format!("id,code,age,date,value,unit\n{rows}"));
        found[0].value.clone().unwrap() == "0.53"
    };
    assert!(kidney(&[("59", now)]));
    assert!(!kidney(&[("60", now)]));
    assert!(kidney(&[("59", now), ("45", "2026-03-01"), ("90", long_ago)]));
    assert!(!kidney(&[("59", now), ("61", "2026-03-01")]), "the better of the two decides");
    assert!(!kidney(&[("45", "2026-03-01"), ("61", now)]));
}

#[test]
fn a_score_whose_inputs_are_missing_is_not_given() {
    let library = with_lists();
    let text =
        news2((16, 97, false, 120, 70, "alert", "37.0"), false).replace("a,pulse,70,70,/min\n", "").replace("mmHg", "");
    let found = &explain(&library, "news2", &text)[0];
    assert_eq!((found.value.as_deref(), found.band.as_deref()), (None, None));
    assert!(
        found.missing.contains(&"pulse".to_owned()) && found.missing.contains(&"systolic blood pressure".to_owned()),
        "{:?}",
        found.missing
    );
    assert!(found.missing.contains(&"systolic without a unit".to_owned()), "{:?}", found.missing);
}

#[test]
fn lace_adds_days_emergency_conditions_and_visits() {
    let library = with_lists();
    let score = |days: u32, emergency: bool, charlson: u32, visits: usize| {
        let how = if emergency { "emergency-admission" } else { "planned-admission" };
        let visits = "a,emergency-department-visit,,,2026-05-20\n".repeat(visits);
        let text = format!(
            "id,code,value,unit,date\na,length-of-stay,{days},d,2026-06-01\na,{how},,,2026-06-01\na,lace-charlson,{charlson},,2026-06-01\n{visits}"
        );
        let found = explain(&library, "lace", &text).remove(0);
        (found.value.unwrap(), found.band.unwrap())
    };
    for (days, emergency, charlson, visits, value, band) in [
        (0, false, 0, 0, "0", "not high"),
        (1, true, 1, 0, "5", "not high"),
        (6, true, 2, 1, "10", "high"),
        (13, false, 3, 4, "12", "high"),
        (14, true, 4, 9, "19", "high"),
        // cliot 1.0.0 (CRAN), both examples of lace_readmission_index.
        (5, true, 5, 2, "14", "high"),
        (2, false, 0, 0, "2", "not high"),
    ] {
        assert_eq!(score(days, emergency, charlson, visits), (value.into(), band.into()));
    }
}

#[test]
fn a_register_ends_with_a_later_resolving_code_and_begins_again_after_it() {
    let library = Library::shipped().unwrap();
    let list = |name: &str| library.list(&format!("primary-care-2021/{name}")).unwrap().codes[0].2.clone();
    let (asthma, resolved) = (list("asthma"), list("asthma-resolved"));
    let is_in = |entries: &[(&str, &str)]| {
        let rows: String = entries.iter().map(|(code, day)| format!("a,{code},snomed,{day}\n")).collect();
        explain(&library, "register-asthma", &format!("id,code,system,date\n{rows}"))[0].value.as_deref() == Some("1")
    };
    assert!(is_in(&[(&asthma, "2020-01-01")]));
    assert!(!is_in(&[(&asthma, "2020-01-01"), (&resolved, "2021-01-01")]));
    assert!(is_in(&[(&asthma, "2020-01-01"), (&resolved, "2021-01-01"), (&asthma, "2022-01-01")]));
    assert!(is_in(&[(&asthma, "2020-01-01"), (&resolved, "2020-01-01")]), "on one day nobody is taken off in silence");
}

#[test]
fn everybody_is_in_exactly_one_segment_the_first_that_is_so() {
    let library = with_lists();
    let code = |name: &str| library.list(&format!("primary-care-2021/{name}")).unwrap().codes[0].2.clone();
    let text = format!(
        "id,code,system,age\na,,snomed,30\nb,{0},snomed,50\nc,{0},snomed,70\nc,{1},snomed,70\nd,place/smoker,local,30\ne,,snomed,\n",
        code("hypertension"),
        code("palliative-care")
    );
    let found: Vec<Option<String>> = explain(&library, "segments", &text).into_iter().map(|found| found.band).collect();
    let expected = ["Live well", "Stay well", "Die well", "Be well", "Live well"].map(|band| Some(band.to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn frequent_contact_is_three_days_in_thirty_with_a_named_condition() {
    let library = with_lists();
    let copd = library.list("primary-care-2021/copd").unwrap().codes[0].2.clone();
    let is_in = |days: &[&str], condition: bool| {
        let mut rows: String = days.iter().map(|day| format!("a,place/urgent-contact,local,{day}\n")).collect();
        if condition {
            rows.push_str(&format!("a,{copd},snomed,2019-01-01\n"));
        }
        explain(&library, "list-frequent-contact", &format!("id,code,system,date\n{rows}"))[0].value.as_deref()
            == Some("1")
    };
    assert!(is_in(&["2026-05-10", "2026-05-20", "2026-05-30"], true));
    assert!(!is_in(&["2026-05-10", "2026-05-20", "2026-05-30"], false));
    assert!(!is_in(&["2026-05-20", "2026-05-20", "2026-05-30"], true), "twice on a day is one contact");
    assert!(!is_in(&["2026-04-30", "2026-05-20", "2026-05-30"], true));
}

#[test]
fn whoever_lived_in_a_way_that_is_over_is_on_the_list_until_then_and_again_when_it_is_written_down_again() {
    let library = with_lists();
    for (list, code) in
        [("list-carers", "place/carer"), ("list-homeless", "place/homeless"), ("list-housebound", "place/housebound")]
    {
        let over = System::Local.over(code);
        let text = format!(
            "id,code,date\n\
             stands,{code},2024-03-01\n\
             over,{code},2024-03-01\nover,{over},2025-01-01\n\
             again,{code},2024-03-01\nagain,{over},2025-01-01\nagain,{code},2025-06-01\n\
             same-day,{code},2025-01-01\nsame-day,{over},2025-01-01\n\
             another,{code},2024-03-01\nanother,over:local:something-else,2025-01-01\n"
        );
        let found: Vec<Option<String>> = explain(&library, list, &text).into_iter().map(|one| one.value).collect();
        let expected = ["1", "0", "1", "1", "1"].map(|value| Some(value.to_owned()));
        assert_eq!(found, expected, "{list}");
    }
}

#[test]
fn what_was_recorded_counts_in_a_history_whatever_is_said_to_be_over() {
    let library = with_lists();
    let text = "id,code,system,date\na,35489007,snomed,2024-03-01\na,over:snomed:35489007,local,2025-01-01\n";
    let before = "id,code,system,date\na,35489007,snomed,2024-03-01\n";
    for set in ["register-depression", "charlson-1987"] {
        let value = |text: &str| explain(&library, set, text).remove(0).value;
        assert_eq!(value(text), value(before), "{set}");
    }
}
