//! The place that the binary carries, another borough in another folder, and each mistake with its file and line.

use super::*;
use crate::{Beside, Era, Format};
use std::collections::BTreeSet;
use std::fs;

mod mistakes;

/// The files of a borough as small as can be.
fn little_borough() -> BTreeMap<&'static str, String> {
    let files = [
        (
            "place.toml",
            r#"id = "littleton"
name = "Littleton"
local_authority = "E08000099"
time_zone = "Europe/London"
introduction = "A borough of one street."
"#,
        ),
        (
            "neighbourhoods.toml",
            r#"[[neighbourhood]]
id = "upper"
name = "Upper End"

[[neighbourhood]]
id = "lower"
name = "Lower End"
"#,
        ),
        (
            "practices.csv",
            "code,name,address,postcode,lon,lat,list_size,aged_18_over,aged_65_over,list_date,status,closed,neighbourhood,neighbourhood_basis
A99001,Upper Surgery,\"1 High Street, Littleton\",ZZ9 9AA,-2.1,53.4,5000,4000,900,2026-04-01,active,,upper,assumed
A99002,Lower Surgery,\"90 High Street, Littleton\",ZZ9 9AB,-2.2,53.5,4000,3000,800,2026-04-01,closed,2026-05-31,lower,published
",
        ),
        (
            "care_homes.csv",
            "id,name,kind,address,postcode,lon,lat,neighbourhood,neighbourhood_basis,practice,practice_basis
rest-house,Rest House,nursing,\"9 High Street, Littleton\",ZZ9 9AA,-2.1,53.4,upper,assumed,A99001,assumed
",
        ),
        (
            "organisations.toml",
            r#"[[organisation]]
id = "hospital"
name = "Littleton Hospital"
ods = "ZZ9"
kind = "hospital"
role = "The hospital."
basis = "invented"

[[organisation.site]]
id = "main"
name = "Main building"
address = "2 High Street, Littleton"
postcode = "ZZ9 9AC"

[[organisation]]
id = "council"
name = "Littleton Council"
kind = "council"
role = "Social care."
from = "1974-04-01"
basis = "invented"
"#,
        ),
        (
            "services.toml",
            r#"[[service]]
id = "help-at-home"
name = "Help at home"
era = "present"
provider = "council"
level = "home"
direction = "both"
hours = "every day 08:00-20:00"
capacity = { number = 5, unit = "people at once" }
minimum_age = 18
basis = "invented"

[[service]]
id = "home-helps"
name = "Home helps"
era = "former"
became = "help-at-home"
provider = "council"
level = "home"
direction = "step-down"
hours = "weekdays 09:00-17:00"
capacity = { number = 2, unit = "people at once" }
minimum_age = 18
conditions = ["fall"]
basis = "invented"
"#,
        ),
        (
            "crisis_conditions.toml",
            r#"[[condition]]
id = "fall"
name = "A fall"
meaning = "Somebody has fallen."
tag = "known"
"#,
        ),
        (
            "residence.toml",
            r#"[[residence]]
id = "zz9"
begins = "ZZ9"
council = "council"
basis = "invented"
"#,
        ),
        (
            "clocks/triage.toml",
            r#"id = "triage"
name = "Triage"
about = "From an ask until somebody looks at it."

[[version]]
version = "2026-1"
rules = "2026"
effective_from = "2026-04-01"
start = ["received"]
stop = ["triaged"]
void = ["withdrawn"]
runs = "every day 08:00-20:00"
within = "15 minutes"
source = "Ours"
tag = "judgement"

[[version]]
version = "2016-1"
rules = "2016"
effective_from = "2016-04-01"
effective_until = "2026-03-31"
start = ["received"]
stop = ["triaged"]
runs = "always"
within = "2 working days"
source = "Ours"
tag = "known"
"#,
        ),
        (
            "areas.csv",
            "code,name,ward_code,ward,neighbourhood,neighbourhood_basis,imd2025_decile,imd2025_rank,imd2025_score,imd2019_decile,imd2019_rank
E01099999,Littleton 001A,E05099999,High,upper,assumed,3,9000,28.5,2,6000
",
        ),
        (
            "feeds.toml",
            r#"[[feed]]
id = "hospital"
name = "The hospital"
organisation = "hospital"
format = "hl7v2"
promise_minutes = 60
verifies_nhs_numbers = true
senders = ["PAS"]

[[feed]]
id = "social-care"
name = "Social care"
organisation = "council"
format = "csv"
mapping = "mappings/social-care.toml"
verifies_nhs_numbers = false
"#,
        ),
        (
            "bank_holidays.toml",
            r#"first_year = 2026
last_year = 2026

[[holiday]]
date = "2026-12-25"
name = "Christmas Day"
"#,
        ),
        ("mappings/social-care.toml", "# The mapping.\n"),
    ];
    files.into_iter().map(|(name, text)| (name, text.to_owned())).collect()
}

/// Writes the files into a new folder.
fn folder_of(files: &BTreeMap<&'static str, String>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn code(text: &str) -> OdsCode {
    OdsCode::parse(text).unwrap()
}

#[test]
fn the_built_in_place_is_stockport_and_has_no_mistake() {
    let place = Place::built_in().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(place.about().id, "stockport");
    let names: Vec<&str> = place.neighbourhoods().iter().map(|neighbourhood| neighbourhood.name.as_str()).collect();
    assert_eq!(
        names,
        ["Cheadle", "Bramhall", "Stepping Hill", "Victoria", "Heatons", "Tame Valley", "Marple", "Werneth"]
    );
    let of_era = |era: Era| place.services().iter().filter(|service| service.era == era).count();
    assert_eq!((of_era(Era::Former), of_era(Era::Present)), (21, 6));
    assert_eq!((place.practices().len(), place.care_homes().len(), place.areas().len()), (37, 65, 191));
    assert_eq!(place.practices().iter().map(|practice| practice.list_size).sum::<u32>(), 316_691);
    assert_eq!(place.calendar().years(), 2015..=2030);
}

#[test]
fn every_neighbourhood_has_practices_and_homes_and_every_present_service_a_past() {
    let place = Place::built_in().unwrap();
    for neighbourhood in place.neighbourhoods() {
        assert!(place.practices_of(&neighbourhood.id).any(Practice::is_active), "{}", neighbourhood.name);
        assert!(place.care_homes_of(&neighbourhood.id).count() > 0, "{}", neighbourhood.name);
        assert!(place.areas().iter().any(|area| area.neighbourhood == neighbourhood.id), "{}", neighbourhood.name);
    }
    let present = place.services().iter().filter(|service| service.era == Era::Present);
    let pasts: usize = present.map(|service| place.former_services_of(&service.id).count().max(1)).sum();
    assert_eq!(pasts, 21);
}

#[test]
fn the_feeds_are_those_of_the_partners() {
    let place = Place::built_in().unwrap();
    let ids: Vec<&str> = place.feeds().iter().map(|feed| feed.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "hospital",
            "gp",
            "gp-extract",
            "community",
            "mental-health",
            "social-care",
            "hospice",
            "hes-apc",
            "hes-ae",
            "api",
            "bars"
        ]
    );
    for feed in place.feeds() {
        assert_eq!(place.mapping(feed).is_some(), feed.format == Format::Csv, "{}", feed.id);
        assert_eq!(feed.pseudonymous, feed.id.starts_with("hes-"), "{}", feed.id);
        assert_eq!(
            feed.promise_minutes.is_none(),
            feed.pseudonymous || ["api", "bars"].contains(&&*feed.id),
            "{}",
            feed.id
        );
    }
    assert!(place.feed("hospital").unwrap().accepts_sender("ANY"));
}

/// The most digits in a row that a telephone number's own signs do not break; a row of noughts is a filler, no number.
fn longest_number(text: &str) -> usize {
    let runs = text.split(|c: char| !(c.is_ascii_digit() || " -+()".contains(c)));
    let digits = runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>());
    digits.filter(|digits| digits.chars().any(|digit| digit != '0')).map(|digits| digits.len()).max().unwrap_or(0)
}

#[test]
fn no_file_has_anything_like_a_telephone_number() {
    assert_eq!(longest_number("ring (0161) 496-0000 now, or 1614960000"), 11);
    assert_eq!(longest_number("-2.13202,53.383778,0000000000"), 6);
    let mut seen = 0;
    for name in BuiltIn.names() {
        for (at, line) in BuiltIn.text(&name).unwrap().lines().enumerate() {
            assert!(longest_number(line) < 10, "{name}:{}: {line}", at + 1);
            assert!(!line.to_lowercase().contains("telephone,"), "{name}:{}", at + 1);
            seen += 1;
        }
    }
    assert!(seen > 500);
}

#[test]
fn finds_by_code_and_name() {
    let place = Place::built_in().unwrap();
    assert_eq!(place.practice(&code("P88632")).unwrap().name, "Stockport Medical Group");
    assert_eq!(place.neighbourhood_of_practice(&code("P88026")).unwrap().name, "Heatons");
    assert!(place.neighbourhood_of_practice(&code("Z99999")).is_none());
    assert_eq!(place.organisation_by_code(&code("RWJ")).unwrap().id, "stockport-ft");
    assert_eq!(place.organisation_by_code(&code("rwj09")).unwrap().id, "stockport-ft");
    let ccg = place.organisation("stockport-ccg").unwrap();
    assert!(ccg.stood_on(jiff::civil::date(2016, 5, 1)) && !ccg.stood_on(jiff::civil::date(2022, 7, 1)));
    assert_eq!(place.present_service("reablement").unwrap().id, "recovery-at-home");
    assert_eq!(place.present_service("delirium-beds").unwrap().id, "delirium-beds");
    assert!(place.area("E01005743").is_some() && place.area("E01000001").is_none());
    assert!(place.file("SOURCES.md").unwrap().contains("Open Government Licence"));
    let homes: usize = place.practices().iter().map(|p| place.care_homes_of_practice(&p.code).count()).sum();
    assert_eq!(homes, place.care_homes().len());
}

#[test]
fn another_borough_is_another_folder() {
    let folder = folder_of(&little_borough());
    fs::write(folder.path().join(".hidden"), [0xff]).unwrap();
    let place = Place::from_folder(folder.path()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(place.about().name, "Littleton");
    assert_eq!(place.neighbourhood_of_practice(&code("A99001")).unwrap().name, "Upper End");
    let feed = place.feed("social-care").unwrap();
    assert_eq!(place.mapping(feed), Some("# The mapping.\n"));
    assert!(!place.feed("hospital").unwrap().accepts_sender("OTHER"));
    assert_eq!(place.calendar().holiday(jiff::civil::date(2026, 12, 25)), Some("Christmas Day"));
    assert_eq!(place.organisations()[0].sites[0].name, "Main building");
}

#[test]
fn a_postcode_lies_in_the_area_that_its_list_says_and_in_no_other() {
    let mut files = little_borough();
    let without = Place::from_folder(folder_of(&files).path()).unwrap();
    let postcode = |text: &str| Postcode::parse(text).unwrap();
    assert_eq!(
        (without.postcodes(), without.area_of(&postcode("ZZ9 9AA"))),
        (0, None),
        "a place without a list knows nothing"
    );
    files.insert("postcodes.csv", "postcode,area\nZZ9 9AA,E01099999\nzz99ab,E01099999\n".to_owned());
    let place = Place::from_folder(folder_of(&files).path()).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(!place.has_invented_postcodes());
    for (text, area) in [
        ("ZZ9 9AA", Some("E01099999")),
        ("zz9 9ab", Some("E01099999")),
        ("ZZ9 9AC", None),
        ("ZZ99 3VZ", None),
        ("Z9 9AA", None),
    ] {
        assert_eq!(place.area_of(&postcode(text)).map(|area| area.code.as_str()), area, "{text}");
    }
    let area = place.area_of(&postcode("ZZ9 9AA")).unwrap();
    assert_eq!(area.quintile(), 2, "by 2025, where its tenth is the third");
}

#[test]
fn a_demonstration_adds_files_to_its_place_and_puts_none_in_place_of_another() {
    let (borough, beside) = (folder_of(&little_borough()), tempfile::tempdir().unwrap());
    fs::write(beside.path().join("invented_postcodes.csv"), "postcode,area\nZZ9 9CC,E01099999\n").unwrap();
    let own = Folder::open(borough.path()).unwrap();
    let read = || Beside::of(&own, Folder::open(beside.path())?).and_then(|files| Place::read(&files));
    let place = read().unwrap_or_else(|problems| panic!("{problems}"));
    assert!(place.has_invented_postcodes() && place.area_of(&Postcode::parse("ZZ9 9CC").unwrap()).is_some());
    assert!(place.names().any(|name| name == "invented_postcodes.csv"), "it is a file of the place like any other");
    fs::write(beside.path().join("practices.csv"), "").unwrap();
    let said = read().unwrap_err().to_string();
    assert_eq!(
        said,
        "practices.csv: this file beside the data is in the place's own folder too; remove one of the two"
    );
}

#[test]
fn a_person_is_recorded_in_the_system_of_their_practice_else_of_the_feed() {
    let mut files = little_borough();
    let feed = "[[feed]]\nid = \"gp\"\nname = \"Practices\"\norganisation = \"practices\"\nformat = \"fhir\"\nverifies_nhs_numbers = true\n";
    files.get_mut("feeds.toml").unwrap().push_str(feed);
    let practices = "[[organisation]]\nid = \"practices\"\nname = \"Practices\"\nkind = \"general-practice\"\nrole = \"All.\"\nbasis = \"invented\"\n";
    files.get_mut("organisations.toml").unwrap().push_str(practices);
    let systems = "[[system]]\nid = \"one\"\nname = \"One\"\nbasis = \"invented\"\npractices = [\"A99001\"]\n
[[system]]\nid = \"two\"\nname = \"Two\"\nbasis = \"invented\"\nfeeds = [\"gp\"]\n";
    files.insert("systems.toml", systems.to_owned());
    let place = Place::from_folder(folder_of(&files).path()).unwrap_or_else(|problems| panic!("{problems}"));
    let system = |practice: &str, feed: &str| place.system_of(&code(practice), feed).map(|system| system.name.as_str());
    assert_eq!(system("A99001", "gp"), Some("One"), "the practice's own, whoever brings it");
    assert_eq!(system("A99002", "gp"), Some("Two"));
    assert_eq!(system("A99002", "hospital"), None);
    assert!(place.is_of_practices("gp") && !place.is_of_practices("hospital") && !place.is_of_practices("none"));
}

#[test]
fn every_practice_of_the_demonstration_records_in_one_of_two_invented_systems() {
    let place = Place::built_in().unwrap();
    for practice in place.practices() {
        let system = place.system_of(&practice.code, "gp").unwrap_or_else(|| panic!("{}", practice.code));
        assert!(system.name.ends_with("(invented)") && system.basis == crate::Basis::Invented, "{}", system.name);
    }
    assert_eq!(place.systems().len(), 2);
}

#[test]
fn a_folder_saved_elsewhere_reads_the_same() {
    let mut files = little_borough();
    for text in files.values_mut() {
        *text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    }
    let folder = folder_of(&files);
    let place = Place::from_folder(folder.path()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(place.practices().len(), 2);
}

#[test]
fn the_built_in_place_has_the_files_of_its_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../places/stockport");
    let on_disk: BTreeSet<String> = Folder::open(&root).unwrap().names().into_iter().collect();
    assert_eq!(on_disk, BuiltIn.names().into_iter().collect());
}
