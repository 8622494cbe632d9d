//! No name and no NHS number in any address: addresses stand in histories and logs.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::House;

/// The addresses a page leads to, in this house.
fn links(page: &str) -> BTreeSet<String> {
    ["href=\"", "action=\""]
        .iter()
        .flat_map(|word| page.split(word).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(|address| address.replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}

fn names_somebody(address: &str) -> bool {
    let lower = address.to_lowercase();
    let digits: String = lower.split(['/', '?', '&', '=', '#']).filter(|part| part.len() != 36).collect();
    let longest = digits.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    longest >= 10 || ["ashworth", "margaret", "harold"].iter().any(|name| lower.contains(name))
}

#[test]
fn the_check_finds_a_name_and_a_number() {
    assert!(names_somebody("/people?name=Ashworth") && names_somebody("/people/9990001006"));
    assert!(!names_somebody("/people/0198f0c2-77aa-7000-8000-000000000001/timeline?kind=result&page=2"));
}

#[test]
fn no_link_of_any_page_names_a_person() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let sent = gp.send("/people", &[("name", "Margaret Ashworth"), ("nhs_number", "999 000 1006")]);
    assert!(!names_somebody(sent.location()), "{}", sent.location());
    let mut seen: BTreeMap<String, usize> = BTreeMap::from([("/people".to_owned(), 0)]);
    let mut open = vec!["/people".to_owned()];
    while let Some(address) = open.pop() {
        let depth = seen[&address];
        let answer = gp.get(&address);
        assert!(!names_somebody(answer.location()), "{address} leads to {}", answer.location());
        for link in links(&answer.body) {
            assert!(!names_somebody(&link), "{address} links to {link}");
            let inside = link.starts_with('/') && !link.starts_with("/assets/") && !link.starts_with("/sign-");
            let link = link.split('#').next().unwrap().to_owned();
            if inside && depth < 3 && seen.len() < 150 && !seen.contains_key(&link) {
                seen.insert(link.clone(), depth + 1);
                open.push(link);
            }
        }
    }
    for part in ["/timeline", "/access", "/feeds", "/quarantine", "/neighbourhoods/", "page=2"] {
        assert!(seen.keys().any(|address| address.contains(part)), "{part} was reached");
    }
}
