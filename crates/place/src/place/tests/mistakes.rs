//! Each mistake that a person can make in a folder, with the sentence that they are told.

use super::*;
use proptest::prelude::*;

/// What is said of the little borough when `from` in `file` is written as `to`.
fn told(file: &'static str, from: &str, to: &str) -> String {
    let mut files = little_borough();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    Place::from_folder(folder_of(&files).path()).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn each_mistake_names_its_file_and_line_and_what_to_do() {
    let cases = [
        (
            "services.toml",
            "[\"fall\"]",
            "[\"flood\"]",
            "services.toml:24: conditions: \"flood\" is not in crisis_conditions.toml; use one of fall",
        ),
        (
            "clocks/triage.toml",
            "id = \"triage\"",
            "id = \"triaged\"",
            "clocks/triage.toml:1: id: \"triaged\" is not the name of the file; call one as the other",
        ),
        (
            "clocks/triage.toml",
            "15 minutes",
            "15 minuets",
            "clocks/triage.toml:13: within: \"15 minuets\" is no length of time; write 40 seconds, 15 minutes, 2 hours, 1 day, 7 working days or 18 weeks",
        ),
        (
            "clocks/triage.toml",
            "every day 08:00-20:00",
            "weekdays 08:00-20:00",
            "clocks/triage.toml:12: runs: \"weekdays 08:00-20:00\" are not hours; write always, every day 08:00-22:00, working days or working days 09:00-17:00",
        ),
        (
            "clocks/triage.toml",
            "[\"withdrawn\"]",
            "[\"triaged\"]",
            "clocks/triage.toml:11: void: \"triaged\" stands under stop already; a word does one thing to a clock",
        ),
        (
            "clocks/triage.toml",
            "2026-03-31",
            "2026-04-01",
            "clocks/triage.toml:21: effective_until: 2016-1 still holds on 2026-04-01, when 2026-1 begins; end it the day before",
        ),
        (
            "clocks/triage.toml",
            "2026-03-31",
            "2016-03-31",
            "clocks/triage.toml:21: effective_until: it is before effective_from; correct one",
        ),
        (
            "clocks/triage.toml",
            "void = [\"withdrawn\"]",
            "pause = [\"asked\"]",
            "clocks/triage.toml:11: pause: a clock that waits must be able to go on, and the other way round; give pause and resume",
        ),
        (
            "clocks/triage.toml",
            "start = [\"received\"]",
            "start = []",
            "clocks/triage.toml:9: start: no word is given; a clock that nothing starts or stops tells nothing",
        ),
        (
            "clocks/triage.toml",
            "runs = \"always\"",
            "runs = \"working days\"",
            "clocks/triage.toml:24: runs: a clock of days runs always; write \"7 working days\" to leave weekends out",
        ),
        (
            "clocks/triage.toml",
            "tag = \"known\"",
            "share = 101\ntag = \"known\"",
            "clocks/triage.toml:27: share: write how many of a hundred are to be in time, 1 to 100, or leave it out",
        ),
        (
            "clocks/triage.toml",
            "tag = \"known\"",
            "warn_at = 100\ntag = \"known\"",
            "clocks/triage.toml:27: warn_at: write the hundredths of its time at which it warns, 1 to 99",
        ),
        (
            "clocks/triage.toml",
            "\"2016-1\"",
            "\"2026-1\"",
            "clocks/triage.toml:18: the version \"2026-1\" is already on line 6; each may stand once, so remove or rename one",
        ),
        (
            "place.toml",
            "E08000099",
            "Littleton",
            "place.toml:3: local_authority: \"Littleton\" is not an ONS code; write it as E08000007",
        ),
        (
            "place.toml",
            "Europe/London",
            "Europe/Londinium",
            "place.toml:4: time_zone: \"Europe/Londinium\" is not known; for England write Europe/London",
        ),
        ("place.toml", "A borough of one street.", " ", "place.toml:5: introduction: this is empty; fill it in"),
        (
            "neighbourhoods.toml",
            "\"lower\"",
            "\"upper\"",
            "neighbourhoods.toml:6: the id \"upper\" is already on line 2; each may stand once, so remove or rename one\npractices.csv:3: neighbourhood: \"lower\" is not in neighbourhoods.toml; use one of upper",
        ),
        (
            "practices.csv",
            "active,,upper",
            "active,,uper",
            "practices.csv:2: neighbourhood: \"uper\" is not in neighbourhoods.toml; use one of lower, upper",
        ),
        (
            "practices.csv",
            "A99002,",
            "A99001,",
            "practices.csv:3: the code \"A99001\" is already on line 2; each may stand once, so remove or rename one",
        ),
        (
            "practices.csv",
            "A99002,",
            "A99-2,",
            "practices.csv:3: code: \"A99-2\" is not an ODS code; it has 3 to 10 capital letters and digits, such as P88002 or RWJ",
        ),
        (
            "practices.csv",
            "2026-05-31",
            "2026-05-32",
            "practices.csv:3: closed: \"2026-05-32\" is not a date; write it as 2016-04-25",
        ),
        (
            "practices.csv",
            "2026-05-31",
            "",
            "practices.csv:3: status and closed disagree; a closed practice has the day on which it closed, another has none",
        ),
        (
            "practices.csv",
            "5000",
            "five thousand",
            "practices.csv:2: list_size: \"five thousand\" is not a whole number",
        ),
        (
            "practices.csv",
            "5000",
            "500",
            "practices.csv:2: the ages do not fit: aged_65_over is part of aged_18_over, and that of list_size; check the three",
        ),
        (
            "practices.csv",
            "-2.1,53.4",
            "53.4,-2.1",
            "practices.csv:2: lon 53.4 and lat -2.1 are not in Britain; lon is the small one, such as -2.13, lat such as 53.38",
        ),
        ("practices.csv", "ZZ9 9AB", "ZZ9", "practices.csv:3: postcode: this is not a postcode; write it as SK2 7JE"),
        ("practices.csv", "Lower Surgery", "", "practices.csv:3: name: this is empty; fill it in"),
        (
            "practices.csv",
            "active",
            "open",
            "practices.csv:2: status: unknown variant `open`, expected one of `active`, `dormant`, `closed`",
        ),
        (
            "practices.csv",
            "\"1 High Street, Littleton\"",
            "1 High Street, Littleton",
            "practices.csv:2: the row has 15 values and the first line names 14 columns; add or remove commas, or quote a value that has one",
        ),
        (
            "care_homes.csv",
            "A99001",
            "A99009",
            "care_homes.csv:2: practice: \"A99009\" is not in practices.csv; use one of A99001, A99002",
        ),
        (
            "care_homes.csv",
            "A99001",
            "A99002",
            "care_homes.csv:2: practice: A99002 does not see people any more; name an active practice",
        ),
        (
            "organisations.toml",
            "basis = \"invented\"",
            "basis = \"guessed\"",
            "organisations.toml:7: basis: unknown variant `guessed`, expected one of `published`, `assumed`, `invented`",
        ),
        (
            "organisations.toml",
            "from = \"1974-04-01\"",
            "from = 1974-04-01",
            "organisations.toml:20: from: invalid type: map, expected a date in quotes, such as \"2016-04-25\"",
        ),
        (
            "organisations.toml",
            "from = \"1974-04-01\"",
            "until = \"1974-03-31\"\nfrom = \"1974-04-01\"",
            "organisations.toml:20: until: 1974-03-31 is before its first day 1974-04-01; correct one",
        ),
        (
            "organisations.toml",
            "from = \"1974-04-01\"",
            "successor = \"nobody\"",
            "organisations.toml:20: successor: \"nobody\" is not in organisations.toml; use one of council, hospital",
        ),
        (
            "organisations.toml",
            "from = \"1974-04-01\"",
            "ods = \"ZZ9\"",
            "organisations.toml:20: ods: ZZ9 stands already at \"hospital\"; a code belongs to one",
        ),
        (
            "organisations.toml",
            "postcode = \"ZZ9 9AC\"",
            "postcode = \"ZZ9 9AC\"\nlat = 53.4",
            "organisations.toml:2: the site \"main\" has one of lon and lat; give both or neither",
        ),
        (
            "services.toml",
            "became = \"help-at-home\"",
            "became = \"help-at-hand\"",
            "services.toml:17: became: \"help-at-hand\" is not in services.toml; use one of help-at-home, home-helps",
        ),
        (
            "services.toml",
            "became = \"help-at-home\"",
            "became = \"home-helps\"",
            "services.toml:17: became: \"home-helps\" is itself a former service; name the present one",
        ),
        (
            "services.toml",
            "became = \"help-at-home\"\n",
            "",
            "services.toml:14: became: a former service names the present one that it became; add it",
        ),
        (
            "services.toml",
            "provider = \"council\"",
            "provider = \"council\"\nbecame = \"home-helps\"",
            "services.toml:6: became: a present service has not become another; remove it, or call the service former",
        ),
        (
            "services.toml",
            "provider = \"council\"",
            "provider = \"counsel\"",
            "services.toml:5: provider: \"counsel\" is not in organisations.toml; use one of council, hospital",
        ),
        (
            "services.toml",
            "weekdays 09:00-17:00",
            "weekdays 9-5",
            "services.toml:21: hours: \"weekdays 9-5\" are not hours; write always, every day 08:00-22:00 or weekdays 09:00-17:00",
        ),
        ("services.toml", "minimum_age = 18\n", "", "services.toml:1: missing field `minimum_age`; add it"),
        ("areas.csv", "assumed,3,", "assumed,11,", "areas.csv:2: imd2025_decile: 11 is not a decile; write 1 to 10"),
        ("areas.csv", "28.5", "NaN", "areas.csv:2: imd2025_score: \"NaN\" is not a number"),
        (
            "feeds.toml",
            "mappings/social-care.toml",
            "mappings/care.toml",
            "feeds.toml:15: mapping: there is no file \"mappings/care.toml\" in the folder; add it or correct the name",
        ),
        (
            "feeds.toml",
            "mapping = \"mappings/social-care.toml\"\n",
            "",
            "feeds.toml:14: mapping: a csv feed names the file that says what its columns mean; add it",
        ),
        ("feeds.toml", "\"hl7v2\"", "\"fhir\"", "feeds.toml:8: senders: only an hl7v2 feed has them; remove them"),
        (
            "feeds.toml",
            "senders = [\"PAS\"]",
            "mapping = \"mappings/social-care.toml\"",
            "feeds.toml:8: mapping: only a csv feed has one; remove it",
        ),
        (
            "feeds.toml",
            "organisation = \"hospital\"",
            "organisation = \"hostel\"",
            "feeds.toml:4: organisation: \"hostel\" is not in organisations.toml; use one of council, hospital",
        ),
        (
            "feeds.toml",
            "promise_minutes = 60",
            "promise_minutes = 0",
            "feeds.toml:6: promise_minutes: nought would always be broken; leave it out to promise nothing",
        ),
        (
            "feeds.toml",
            "id = \"social-care\"",
            "id = \"Social Care\"",
            "feeds.toml:11: id: \"Social Care\" is not a short name; use 1 to 64 lower-case letters, digits and single hyphens, such as stepping-hill",
        ),
        (
            "bank_holidays.toml",
            "2026-12-25",
            "2026-12-26",
            "bank_holidays.toml:5: date: 2026-12-26 is on a weekend; give the substitute day on which work stops",
        ),
        (
            "bank_holidays.toml",
            "last_year = 2026",
            "last_year = 2027",
            "bank_holidays.toml:2: no bank holiday of 2027 is listed; add them, or narrow the years",
        ),
        (
            "bank_holidays.toml",
            "last_year = 2026",
            "last_year = 2025",
            "bank_holidays.toml:2: last_year: it is before first_year; correct one\nbank_holidays.toml:5: date: 2026-12-25 is outside 2026 to 2025; widen the years or remove it",
        ),
    ];
    for (file, from, to, expected) in cases {
        assert_eq!(told(file, from, to), expected, "{file}: {from} -> {to}");
    }
}

#[test]
fn an_unknown_field_or_column_is_named_with_those_that_are_known() {
    let field = told("feeds.toml", "promise_minutes", "promise_hours");
    assert!(field.starts_with("feeds.toml:6: unknown field `promise_hours`, expected one of `id`, `name`"), "{field}");
    let top = told("neighbourhoods.toml", "[[neighbourhood]]", "colour = \"red\"\n[[neighbourhood]]");
    assert!(top.starts_with("neighbourhoods.toml:1: unknown field `colour`"), "{top}");
    let columns = told("practices.csv", "list_size", "patients");
    let lines: Vec<&str> = columns.lines().collect();
    assert_eq!(lines.len(), 2, "{columns}");
    assert!(lines[0].starts_with("practices.csv:1: the column \"list_size\" is missing; add it"));
    assert!(
        lines[1].starts_with("practices.csv:1: the column \"patients\" is not known; remove it (known: code, name")
    );
    let twice = told("areas.csv", "ward_code,ward", "ward,ward");
    assert!(twice.contains("areas.csv:1: the column \"ward\" stands twice; remove one"), "{twice}");
}

#[test]
fn a_missing_or_empty_file_is_told_once() {
    let mut clockless = little_borough();
    clockless.remove("clocks/triage.toml");
    let told_of = Place::from_folder(folder_of(&clockless).path()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(told_of, "clocks/: there is no clock; add a file for each, such as clocks/crisis-response.toml");
    for name in little_borough().into_keys().filter(|name| !name.contains('/')) {
        let mut files = little_borough();
        files.remove(name);
        let missing = Place::from_folder(folder_of(&files).path()).map(|_| ()).unwrap_err();
        assert_eq!(missing.to_string(), format!("{name}: the file is missing; add it to the folder"));
        files.insert(name, " \n".to_owned());
        let empty = Place::from_folder(folder_of(&files).path()).map(|_| ()).unwrap_err().to_string();
        assert!(empty.starts_with(&format!("{name}: the file is empty; ")) && empty.lines().count() == 1, "{empty}");
    }
    let header_only =
        told("areas.csv", "E01099999,Littleton 001A,E05099999,High,upper,assumed,3,9000,28.5,2,6000\n", "");
    assert_eq!(header_only, "areas.csv: the file has no entries; add at least one");
    let no_list = told("neighbourhoods.toml", "[[neighbourhood]]", "[neighbourhood]");
    assert!(no_list.starts_with("neighbourhoods.toml:"), "{no_list}");
}

#[test]
fn all_mistakes_are_told_at_once_and_none_hides_another() {
    let mut files = little_borough();
    let mut change = |file: &'static str, from: &str, to: &str| {
        let text = files.get_mut(file).unwrap();
        *text = text.replacen(from, to, 1);
    };
    change("practices.csv", "5000", "many");
    change("practices.csv", "closed,2026-05-31,lower", "closed,2026-05-31,nowhere");
    change("care_homes.csv", "A99001", "A99009");
    change("services.toml", "era = \"present\"", "era = \"future\"");
    change("feeds.toml", "format = \"hl7v2\"", "format = ");
    let told = Place::from_folder(folder_of(&files).path()).map(|_| ()).unwrap_err();
    let places: Vec<(&str, Option<u64>)> = told.list().iter().map(|p| (p.file.as_str(), p.line)).collect();
    let expected = [
        ("care_homes.csv", Some(2)),
        ("feeds.toml", Some(5)),
        ("practices.csv", Some(2)),
        ("practices.csv", Some(3)),
        ("services.toml", Some(4)),
    ];
    assert_eq!(places, expected, "{told}");
}

#[test]
fn a_folder_or_file_that_cannot_be_read_is_named() {
    let folder = folder_of(&little_borough());
    fs::write(folder.path().join("mappings/odd.toml"), [0xff, 0xfe]).unwrap();
    let told = Place::from_folder(folder.path()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(told, "mappings/odd.toml: this is not UTF-8 text; save it as UTF-8");
    let nowhere = folder.path().join("nowhere");
    let told = Place::from_folder(&nowhere).map(|_| ()).unwrap_err().to_string();
    assert!(told.contains("nowhere: the folder of the place cannot be read"), "{told}");
}

/// Files in memory, for mutations too many to write to disk.
struct Held(BTreeMap<&'static str, String>);

impl Files for Held {
    fn text(&self, name: &str) -> Option<std::borrow::Cow<'_, str>> {
        self.0.get(name).map(|text| text.as_str().into())
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().map(|name| (*name).to_owned()).collect()
    }
}

proptest! {
    /// Whatever is done to a file, the answer is a place or a list of problems in known files, never a crash.
    #[test]
    fn a_mutated_file_is_read_or_complained_of(which in 0usize..9, at in 0usize..2000, cut in 0usize..40, put in "[ -~\\n\"]{0,12}") {
        let mut files = little_borough();
        let text = files.values_mut().nth(which).unwrap();
        let start = at % text.len();
        let end = (start + cut).min(text.len());
        text.replace_range(start..end, &put);
        if let Err(problems) = Place::read(&Held(files)) {
            prop_assert!(!problems.list().is_empty());
            for problem in problems.list() {
                prop_assert!(little_borough().contains_key(problem.file.as_str()), "{}", problem);
                prop_assert!(problem.line != Some(0), "{}", problem);
            }
        }
    }
}

#[test]
fn each_mistake_in_a_list_of_postcodes_names_its_line() {
    let said = |more: &[(&'static str, &str)]| {
        let mut files = little_borough();
        files.extend(more.iter().map(|(name, text)| (*name, (*text).to_owned())));
        Place::from_folder(folder_of(&files).path()).map(|_| ()).unwrap_err().to_string()
    };
    let listed = |rows: &str| said(&[("postcodes.csv", &format!("postcode,area\n{rows}"))]);
    assert_eq!(
        listed("ZZ9 9AA,E01099999\nZZ9 9AB,E01000001\n"),
        "postcodes.csv:3: area: \"E01000001\" is not in areas.csv; list postcodes of the place's own areas alone"
    );
    assert_eq!(listed("ZZ9 9A,E01099999\n"), "postcodes.csv:2: postcode: this is not a postcode; write it as SK2 7JE");
    assert_eq!(
        listed("ZZ9 9AA,E01099999\nZZ9 9AB,E01099999\nzz99aa,E01099999\n"),
        "postcodes.csv:4: postcode: it stands already in postcodes.csv, line 2; a postcode lies in one area, so remove one"
    );
    let both = "postcode,area\nZZ9 9AA,E01099999\n";
    assert_eq!(
        said(&[("postcodes.csv", both), ("invented_postcodes.csv", both)]),
        "invented_postcodes.csv:2: postcode: it stands already in postcodes.csv, line 2; a postcode lies in one area, so remove one"
    );
    assert_eq!(listed(""), "postcodes.csv: the file has no entries; add at least one");
    assert!(
        said(&[("postcodes.csv", "pcds,lsoa21\nZZ9 9AA,E01099999\n")])
            .contains("postcodes.csv:1: the column \"area\" is missing")
    );
}

#[test]
fn a_system_names_practices_and_feeds_that_are_there_and_each_once() {
    let said = |text: &str| {
        let mut files = little_borough();
        files.insert("systems.toml", text.to_owned());
        Place::from_folder(folder_of(&files).path()).map(|_| ()).unwrap_err().to_string()
    };
    let system =
        |id: &str, rest: &str| format!("[[system]]\nid = \"{id}\"\nname = \"{id}\"\nbasis = \"invented\"\n{rest}\n");
    assert!(
        said(&system("one", "practices = [\"A99003\"]"))
            .starts_with("systems.toml:5: practices: \"A99003\" is not in practices.csv")
    );
    assert!(said(&system("one", "feeds = [\"gp\"]")).starts_with("systems.toml:5: feeds: \"gp\" is not in feeds.toml"));
    let twice = system("one", "practices = [\"A99001\"]") + &system("two", "practices = [\"A99001\"]");
    assert!(said(&twice).contains("A99001 stands already at \"one\"; it records in one system, so remove one"));
}
