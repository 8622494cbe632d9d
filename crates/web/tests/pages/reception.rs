//! Reception sees who comes and when, and nothing of why: a crawler in its role walks every route, follows every link and asks
//! the API for everything, and not one word of anybody's care comes back.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use store::Sql;

use crate::house::{House, Visitor};

/// What the facts of everybody say: the words that reception must never read.
static SAID: Sql = Sql::both("SELECT title, value, detail, code FROM fact");
static PEOPLE: Sql = Sql::both("SELECT id FROM person");
/// Who people are and who works where: that is reception's to know.
static KNOWN: Sql = Sql::both(
    "SELECT body FROM resource WHERE type IN ('Patient', 'Practitioner', 'PractitionerRole', 'Organization', 'Location')",
);
static RESOURCES: Sql = Sql::both("SELECT type, id FROM resource");

/// Words that mean something: parts of what is said, long enough not to stand on a page by chance.
fn words(house: &House) -> BTreeSet<String> {
    let said = house
        .store
        .read(|tx| {
            tx.all(&SAID, &[], |row| (0..4).map(|column| row.string_or_null(column)).collect::<store::Result<Vec<_>>>())
        })
        .unwrap();
    let parts = said.into_iter().flatten().flatten();
    let parts = parts.flat_map(|text| {
        // Codes stand as `system|code`; the code is what gives away.
        text.split(BETWEEN).map(|part| part.trim().to_lowercase()).collect::<Vec<_>>()
    });
    // A telephone number may be the person's own, which reception needs.
    let said = |part: &String| part.chars().filter(|letter| letter.is_alphabetic()).count() >= 3;
    let codes = |part: &String| part.chars().count() >= 6 && !part.starts_with("http") && !part.contains(' ');
    parts.filter(|part| said(part) && part.chars().count() >= 6 || codes(part)).collect()
}

/// What stands between the parts of what is said: no word that is looked for has one of these in it.
const BETWEEN: [char; 4] = ['|', '\n', ';', ','];

/// Texts in small letters, each piece of them once: pages are much alike, and a word that stands in one of them stands in a piece.
fn pieces(texts: impl Iterator<Item = impl AsRef<str>>) -> String {
    let (mut seen, mut all) = (HashSet::new(), String::new());
    for text in texts {
        for piece in text.as_ref().to_lowercase().split(BETWEEN) {
            if !seen.contains(piece) {
                seen.insert(piece.to_owned());
                all.push_str(piece);
                all.push('\n');
            }
        }
    }
    all
}

fn links(page: &str) -> BTreeSet<String> {
    let found = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let found = found.map(|link| link.replace("&#38;", "&").replace("&amp;", "&"));
    found
        .map(|link| link.split('#').next().unwrap_or_default().to_owned())
        .filter(|link| link.starts_with('/'))
        .collect()
}

/// Everything a role is sent: by every route, with every id there is, by every link from there, and by the API.
pub(crate) fn everything(house: &House, visitor: &Visitor<'_>) -> Vec<(String, String)> {
    let ids: Vec<String> = house.store.read(|tx| tx.all(&PEOPLE, &[], |row| Ok(row.uuid(0)?.to_string()))).unwrap();
    let resources: Vec<(String, String)> =
        house.store.read(|tx| tx.all(&RESOURCES, &[], |row| Ok((row.string(0)?, row.uuid(1)?.to_string())))).unwrap();
    let mut open: BTreeSet<String> = BTreeSet::new();
    for (method, path, _) in web::route::ROUTES {
        if *method == "GET" {
            let fill = |id: &str| {
                path.replace("{id}", id).replace("{list}", "in-hospital").replace("{specialty}", "endocrinology")
            };
            // An id of a person leads to a person; to an ask, a stay or a measure it leads nowhere, and links are followed there.
            let many = if path.starts_with("/people/") { 40 } else { 2 };
            match path.contains("{id}") {
                true => open.extend(ids.iter().take(many).map(|id| fill(id))),
                false => drop(open.insert(fill(""))),
            }
        }
    }
    let types: BTreeSet<&String> = resources.iter().map(|(kind, _)| kind).collect();
    for kind in types {
        open.insert(format!("/fhir/{kind}?_count=1000&_include=*&_revinclude=*"));
        open.insert(format!("/fhir/{kind}?_count=1000"));
        open.insert(format!("/fhir/{kind}/_history?_count=1000"));
    }
    for (kind, id) in &resources {
        open.insert(format!("/fhir/{kind}/{id}"));
        open.insert(format!("/fhir/{kind}/{id}/_history"));
        if kind == "Patient" {
            open.insert(format!("/fhir/Patient/{id}/$everything"));
        }
    }
    let mut seen = BTreeSet::new();
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    let mut sent = Vec::new();
    while let Some(address) = open.pop_first() {
        // A calendar goes on for ever: of what differs in its question alone, a dozen are enough.
        if let Some((path, _)) = address.split_once('?').filter(|_| !address.starts_with("/fhir/")) {
            let times = asked.entry(path.to_owned()).or_insert(0);
            *times += 1;
            if *times > 12 {
                continue;
            }
        }
        if seen.len() > 6_000 || !seen.insert(address.clone()) || address.starts_with("/assets/") {
            continue;
        }
        let answer = visitor.get(&address);
        if !address.starts_with("/fhir/") {
            open.extend(links(&answer.body).into_iter().filter(|link| !seen.contains(link)));
        }
        sent.push((address, format!("{} {}", answer.location(), answer.body)));
    }
    for name in ["Ashworth", "Margaret", "Harold", "a"] {
        let page = visitor.find(name);
        sent.push((format!("found by {name}"), page.body));
    }
    sent
}

#[test]
fn no_word_of_anybodys_care_reaches_reception_by_any_way() {
    let (house, empty) = (House::open(), House::empty());
    let words = words(&house);
    assert!(words.len() > 100, "the samples say something: {}", words.len());
    // What stands on the pages in any case: their own headings and help.
    let (reception, nobody) = (house.sign_in("receptionist"), empty.sign_in("receptionist"));
    let shown = everything(&empty, &nobody).into_iter().map(|(_, body)| body);
    let known = house.store.read(|tx| tx.all(&KNOWN, &[], |row| row.string(0))).unwrap();
    let own = pieces(shown.chain(known));
    let is_known = |word: &&String| own.contains(word.as_str()) || word.split(' ').all(|part| own.contains(part));
    let secret: Vec<&String> = words.iter().filter(|word| !is_known(word)).collect();
    assert!(secret.len() > 100, "{}", secret.len());
    let sent = everything(&house, &reception);
    assert!(sent.len() > 300, "the crawler went somewhere: {}", sent.len());
    let all = pieces(sent.iter().map(|(_, body)| body));
    let heard: Vec<_> = secret.iter().filter(|word| all.contains(word.as_str())).collect();
    let mut told = Vec::new();
    for (address, body) in sent.iter().filter(|_| !heard.is_empty()) {
        let body = body.to_lowercase();
        told.extend(heard.iter().filter(|word| body.contains(word.as_str())).map(|word| format!("{address}: {word}")));
    }
    let distinct: BTreeSet<&str> = told.iter().filter_map(|line| line.rsplit(": ").next()).collect();
    let first: Vec<&String> = told.iter().take(20).collect();
    assert!(told.is_empty(), "{} told: {distinct:#?}; the first: {first:#?}", told.len());
    // The same crawler as a GP is told plenty, or it would prove nothing.
    let gp = house.sign_in("gp");
    let heard = pieces(everything(&house, &gp).into_iter().map(|(_, body)| body));
    let known = secret.iter().filter(|word| heard.contains(word.as_str())).count();
    // Less than half: of the people of other practices a GP is told nothing either.
    assert!(known * 3 > secret.len(), "{known} of {}", secret.len());
}
