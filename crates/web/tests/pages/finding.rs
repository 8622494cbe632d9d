//! Case finding by its pages: a team begins a list, it looks, each person stands there with a reason, and the team decides. What it
//! shows is a look; whose it is not has nothing there.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::hospital::{Patient, adt};
use crate::house::{Answer, House, Visitor};

/// What a practice says of somebody: who they are, and problems by their codes. Flagged: that nobody may be told where they live.
fn told(patient: &Patient, id: &str, flagged: bool, problems: &[(&str, &str)]) -> String {
    let flag =
        r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},"#;
    let flag = if flagged { flag } else { "" };
    let problems: String = problems
        .iter()
        .map(|(code, words)| {
            format!(
                r#",{{"fullUrl":"https://gp.example/fhir/Condition/{code}-{0}","resource":{{"resourceType":"Condition",
                "id":"{code}-{0}","subject":{{"reference":"Patient/{0}"}},"recordedDate":"2026-05-12",
                "code":{{"text":"{words}","coding":[{{"system":"http://snomed.info/sct","code":"{code}"}}]}}}},
                "request":{{"method":"PUT","url":"Condition/{code}-{0}"}}}}"#,
                patient.number
            )
        })
        .collect();
    format!(
        r#"{{"resourceType":"Bundle","type":"transaction","identifier":{{"system":"https://gp.example/export","value":"{id}"}},
        "timestamp":"2026-11-22T06:30:00Z","entry":[
        {{"fullUrl":"https://gp.example/fhir/Patient/{0}","resource":{{"resourceType":"Patient","id":"{0}",{flag}
          "identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{0}"}}],
          "name":[{{"family":"{1}","given":["Jo"]}}],"birthDate":"1940-01-05","gender":"female",
          "address":[{{"line":["{2}"],"city":"Marple","postalCode":"{3}"}}],
          "generalPractitioner":[{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{4}"}}}}]}},
          "request":{{"method":"PUT","url":"Patient/{0}"}}}}{problems}]}}"#,
        patient.number, patient.family, patient.address, patient.postcode, patient.practice,
    )
}

/// Codes of the lists that come with Weft, or with Stockport.
const HEART_FAILURE: (&str, &str) = ("84114007", "Heart failure");

/// What a list needs to say.
pub(crate) const LIST: [(&str, &str); 7] = [
    ("do", "begin"),
    ("title", "Heart failure, and nobody visits"),
    ("rule", "register-heart-failure"),
    ("neighbourhood", "marple"),
    ("reason", "They come to hospital when nobody weighs them"),
    ("offer", "A nurse who visits every week for a month"),
    ("effect", "Fewer urgent contacts in three months"),
];

/// Begins a list and looks; its address.
pub(crate) fn begun(nurse: &Visitor<'_>) -> String {
    let begun = nurse.send("/finding", &LIST);
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let list = begun.location().to_owned();
    let looked = nurse.send(&list, &[("do", "look")]);
    assert_eq!(looked.status, StatusCode::SEE_OTHER, "{}", looked.body);
    list
}

/// The page of the first person on a list.
pub(crate) fn first(list: &str, page: &Answer) -> String {
    format!("{list}/{}", page.between(&format!("href=\"{list}/"), "\""))
}

/// The page of somebody on a list, by the name.
fn case_of(list: &str, page: &Answer, name: &str) -> String {
    let begins = format!("href=\"{list}/");
    let mut links = page.body.split(&begins).filter_map(|rest| rest.split_once('"'));
    let (id, _) = links.find(|(_, rest)| rest.starts_with(&format!(">{name}"))).unwrap();
    format!("{list}/{id}")
}

#[test]
fn a_list_says_why_somebody_is_on_it_and_is_a_look_that_they_can_read() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let page = nurse.get(&list);
    assert!(
        page.body.contains("Margaret Ashworth") && page.body.contains("What this list is not for"),
        "{}",
        page.body
    );
    let row = page.between("Margaret Ashworth</a>", "</tr>");
    assert!(row.to_lowercase().contains("heart failure"), "the reason stands beside the name: {row}");
    house.pass(SignedDuration::from_secs(1));
    let looks = house.sign_in("citizen").get("/me/looks");
    assert!(looks.body.contains("on a list of their desk"), "{}", looks.body);
}

#[test]
fn who_is_taken_on_comes_onto_the_teams_caseload_by_one_press() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let case = first(&list, &nurse.get(&list));
    let page = nurse.get(&case);
    assert!(page.body.contains("weft-person") || page.body.contains("NHS number"), "the page shows whose it is");
    assert!(page.body.contains("taken apart for this person"));
    let done = nurse.send(&case, &[("do", "accept")]);
    assert_eq!(done.location(), format!("{list}?done=accept"));
    let page = house.sign_in("therapist").get(&list);
    assert!(page.body.contains("On your team\u{2019}s caseload. Taken on by Ruth Oyelaran"), "{}", page.body);
    let again = nurse.send(&case, &[("do", "accept")]);
    assert!(again.body.contains("This person has been taken on from this list already."), "{}", again.body);
}

#[test]
fn declining_wants_a_reason_and_later_wants_a_day() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let case = first(&list, &nurse.get(&list));
    assert!(nurse.send(&case, &[("do", "decline"), ("reason", "no")]).body.contains("Say why they are not taken on"));
    assert!(nurse.send(&case, &[("do", "later"), ("until", "2026-11-22")]).body.contains("Choose a day after today"));
    assert!(nurse.send(&case, &[("do", "later"), ("until", "soon")]).body.contains("Give the day as"));
    nurse.send(&case, &[("do", "later"), ("until", "2026-11-25")]);
    assert!(nurse.get(&list).body.contains("Put off until 25 November 2026 by Ruth Oyelaran"));
    // When the day has come they are to be decided about again.
    house.pass(SignedDuration::from_hours(24 * 3));
    let nurse = house.sign_in("district-nurse");
    let waiting = nurse.get(&list);
    assert!(waiting.between("To decide</h2>", "<h2").contains("Put off until 25 November 2026"), "{}", waiting.body);
    nurse.send(&case, &[("do", "decline"), ("reason", "Already with the heart failure nurse")]);
    let page = nurse.get(&list);
    assert!(page.body.contains("Already with the heart failure nurse") && page.body.contains("What came after"));
    assert!(page.body.contains("do not say what the list achieved"));
}

#[test]
fn a_list_is_its_neighbourhood_teams_and_nobody_elses() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let case = first(&list, &nurse.get(&list));
    for (persona, status) in [
        ("consultant", StatusCode::NOT_FOUND),
        ("receptionist", StatusCode::NOT_FOUND),
        ("citizen", StatusCode::FORBIDDEN),
        ("analyst", StatusCode::FORBIDDEN),
        ("commissioner", StatusCode::FORBIDDEN),
    ] {
        for address in ["/finding", &list, &case] {
            let answer = house.sign_in(persona).get(address);
            assert_eq!(answer.status, status, "{persona} {address}");
            assert!(!answer.body.contains("Margaret Ashworth") || persona == "citizen", "{persona} {address}");
        }
    }
    let elsewhere: Vec<(&str, &str)> =
        LIST.iter().map(|(name, value)| (*name, if *name == "neighbourhood" { "victoria" } else { *value })).collect();
    assert!(nurse.send("/finding", &elsewhere).body.contains("Choose one of your own neighbourhoods."));
}

#[test]
fn a_list_that_does_not_say_what_it_offers_is_not_begun() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let without = |field: &str| -> Answer {
        let fields: Vec<(&str, &str)> =
            LIST.iter().map(|(name, value)| (*name, if *name == field { "" } else { *value })).collect();
        nurse.send("/finding", &fields)
    };
    for (field, words) in [
        ("title", "what the list is called"),
        ("rule", "Choose the rule by which people are found."),
        ("reason", "why people are looked for"),
        ("offer", "what they are offered"),
        ("effect", "what should change by it"),
    ] {
        assert!(without(field).body.contains(words), "{field}");
    }
    assert!(nurse.get("/finding").body.contains("Your team has no list yet."));
}

#[test]
fn each_rule_says_what_it_is_not_for_and_where_it_comes_from_before_it_is_chosen() {
    let house = House::open();
    let page = house.sign_in("district-nurse").get("/finding");
    for heading in ["Mental health, memory and learning", "Situations", "Diseases", "Scores, from so many points on"] {
        assert!(page.body.contains(heading), "{heading}");
    }
    let (carers, falls) =
        (page.between("value=\"list-carers\"", "</div></div>"), page.between("value=\"list-falls\"", "(list-falls@1)"));
    assert!(carers.contains("Not for finding every carer") && carers.contains("(list-carers@2)"), "{carers}");
    assert!(falls.contains("NICE NG249"), "{falls}");
    assert!(page.between("value=\"hfrs\"", "(hfrs@").contains("say below from how many points on"));
    // What cannot be used here says what is missing.
    let missing = page.between("Rules that nobody can be found by here, and what is missing", "</table>");
    assert!(missing.contains("lists of codes are not here"), "{missing}");
}

#[test]
fn every_situation_begins_a_list_and_its_reason_reads_as_a_sentence() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let patient = Patient::new(40, "Wainwright", "P88006");
    let problems = [
        ("224484003", "Looks after somebody at home"),
        ("32911000", "Has nowhere to live"),
        ("160689007", "Does not leave the house"),
        ("103735009", "Palliative care"),
        ("10007009", "Learning disability"),
        ("1086471000000103", "Bipolar disorder"),
        HEART_FAILURE,
    ];
    house.tell("a.json", &told(&patient, "situations", false, &problems));
    for (number, came) in ["20261105080000", "20261112080000", "20261119080000"].into_iter().enumerate() {
        let left = came.replace("080000", "110000");
        house.tell(&format!("{number}.hl7"), &adt("A03", "E", &patient, came, &left, "Fell at home"));
    }
    for (rule, reason) in [
        ("list-carers", "Looks after somebody at home (12 May 2026)."),
        ("list-homeless", "Has nowhere to live (12 May 2026)."),
        ("list-housebound", "Does not leave the house (12 May 2026)."),
        ("register-palliative-care", "Palliative care (12 May 2026)."),
        ("register-learning-disability", "Learning disability (12 May 2026)."),
        ("register-severe-mental-illness", "Bipolar disorder (12 May 2026)."),
        ("list-falls", "3 times: 19 November 2026, 12 November 2026 and 5 November 2026."),
        // Three attendances, and the condition beside them.
        ("list-frequent-contact", "Heart failure (12 May 2026)"),
    ] {
        let fields: Vec<(&str, &str)> =
            LIST.iter().map(|(name, value)| (*name, if *name == "rule" { rule } else { *value })).collect();
        let list = nurse.send("/finding", &fields).location().to_owned();
        assert_eq!(nurse.send(&list, &[("do", "look")]).status, StatusCode::SEE_OTHER, "{rule}");
        let page = nurse.get(&list);
        assert!(page.body.contains("Jo Wainwright"), "{rule}: {}", page.body);
        let row = page.between("Jo Wainwright</a>", "</tr>");
        assert!(row.contains(reason), "{rule}: {row}");
        if rule == "list-frequent-contact" {
            assert!(row.contains("Emergency attendance, Fell at home, 3 times: 19 November 2026"), "{row}");
        }
    }
}

#[test]
fn a_gp_reads_the_neighbourhoods_lists_and_sees_their_own_people_on_them_alone() {
    let house = House::open();
    house.tell("a.json", &told(&Patient::new(41, "Elsewhere", "P88006"), "gp", false, &[HEART_FAILURE]));
    let (nurse, gp) = (house.sign_in("district-nurse"), house.sign_in("gp"));
    let home = gp.get("/");
    assert!(home.body.contains("href=\"/finding\"") && nurse.get("/").body.contains("href=\"/finding\""));
    assert!(gp.get("/finding").body.contains("The neighbourhood team has no list yet."));
    let list = begun(&nurse);
    let (team, page) = (nurse.get(&list), gp.get(&list));
    assert!(team.body.contains("Elsewhere") && team.body.contains("Margaret Ashworth"), "{}", team.body);
    assert!(page.body.contains("Margaret Ashworth") && !page.body.contains("Elsewhere"), "{}", page.body);
    for words in ["Look again", "What came after", "Is any group missed?", "would come next"] {
        assert!(!page.body.contains(words), "what rests on everybody is the team\u{2019}s: {words}");
    }
    let other = case_of(&list, &team, "Jo Elsewhere");
    assert_eq!(gp.get(&other).status, StatusCode::NOT_FOUND);
    for deed in [vec![("do", "decline"), ("reason", "She has moved away, I think")], vec![("do", "accept")]] {
        assert_eq!(gp.send(&other, &deed).status, StatusCode::NOT_FOUND, "{deed:?}");
    }
    // Their own they can decide against or put off, and taking on is the team's.
    let case = first(&list, &page);
    let own = gp.get(&case);
    assert!(own.body.contains("Ask for help for this person") && !own.body.contains("Take them on<"), "{}", own.body);
    let accepted = gp.send(&case, &[("do", "accept")]);
    assert!(
        accepted.body.contains("Only somebody of the neighbourhood\u{2019}s own team takes people onto its caseload")
    );
    assert!(gp.send(&list, &[("do", "look")]).body.contains("Only somebody of the neighbourhood"));
    assert!(gp.send("/finding", &LIST).body.contains("Choose one of your own neighbourhoods."));
    let declined = gp.send(&case, &[("do", "decline"), ("reason", "She is with the hospital\u{2019}s heart team")]);
    assert_eq!(declined.status, StatusCode::SEE_OTHER, "{}", declined.body);
    assert!(nurse.get(&list).body.contains("Not taken on, Dr Priya Nair"));
}

#[test]
fn whose_address_is_withheld_is_on_no_list_and_drops_off_one_at_once() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let patient = Patient::new(42, "Hidden", "P88006");
    house.tell("a.json", &told(&patient, "open", false, &[HEART_FAILURE]));
    let list = begun(&nurse);
    let page = nurse.get(&list);
    let case = case_of(&list, &page, "Jo Hidden");
    assert_eq!(nurse.get(&case).status, StatusCode::OK);
    assert!(page.body.contains("People whose address is withheld are on no list"), "said whether there are any or not");
    // A source asks for silence; nobody has looked again.
    house.pass(SignedDuration::from_mins(11));
    house.tell("b.json", &told(&patient, "flagged", true, &[HEART_FAILURE]));
    for persona in ["district-nurse", "therapist", "gp"] {
        let visitor = house.sign_in(persona);
        assert!(!visitor.get(&list).body.contains("Hidden"), "{persona}");
        assert_eq!(visitor.get(&case).status, StatusCode::NOT_FOUND, "{persona}");
    }
    let nurse = house.sign_in("district-nurse");
    assert_eq!(nurse.send(&case, &[("do", "accept")]).status, StatusCode::NOT_FOUND);
    nurse.send(&list, &[("do", "look")]);
    let again = nurse.get(&list);
    assert!(!again.body.contains("Hidden") && again.body.contains("Margaret Ashworth"));
}

#[test]
fn a_list_says_whether_a_group_is_missed_and_what_came_where_no_list_looks_or_that_it_cannot() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let list = begun(&nurse);
    let page = nurse.get(&list);
    assert!(page.between("Is any group missed?", "</details>").contains("people"), "{}", page.body);
    let compared = nurse.get(&format!("{list}?compare=yes"));
    assert!(compared.body.contains("Nothing to compare before 20 February 2027"), "{}", compared.body);
    house.pass(SignedDuration::from_hours(24 * 91));
    let compared = house.sign_in("district-nurse").get(&format!("{list}?compare=yes"));
    assert!(compared.body.contains("fewer than eight people as of the first look"), "{}", compared.body);
}

#[test]
fn whoever_plans_reads_how_far_lists_have_come_and_nobodys_name_nor_a_teams_words() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let page = house.sign_in("analyst").get("/population/equity");
    assert!(page.body.contains("No list has looked for anybody yet."), "{}", page.body);
    assert_eq!(house.sign_in("analyst").get("/population/equity?finding=all").status, StatusCode::NOT_FOUND);
    let list = begun(&nurse);
    nurse.send(&first(&list, &nurse.get(&list)), &[("do", "accept")]);
    for persona in ["analyst", "commissioner"] {
        let planner = house.sign_in(persona);
        for address in [
            "/population/equity",
            "/population/equity?finding=all",
            "/population/equity?finding=register-heart-failure",
        ] {
            let page = planner.get(address);
            assert_eq!(page.status, StatusCode::OK, "{persona} {address}");
            for hidden in ["Ashworth", "nobody visits", "weighs them", "visits every week", list.as_str()] {
                assert!(!page.body.contains(hidden), "{persona} {address}: {hidden}");
            }
            let row = page.between("finding=register-heart-failure\">", "</tr>");
            assert!(row.contains("1 to 7"), "{row}");
        }
        let page = planner.get("/population/equity?finding=register-heart-failure");
        assert!(page.body.contains("too few to say whether any group is missed"), "{}", page.body);
        assert_eq!(planner.get("/population/equity?finding=nothing").status, StatusCode::NOT_FOUND);
    }
}
