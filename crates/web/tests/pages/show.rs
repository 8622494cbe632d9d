//! What the pages show of one person of the samples, as plain text, so that a change of words is seen in review.

use jiff::SignedDuration;

use crate::house::House;

/// What a reader reads: the text of main and of the banner, a line for each element that has any.
pub(crate) fn text(page: &str) -> String {
    let mut shown = String::new();
    let mut rest = page.split_once("</header>").unwrap().1.split_once("<footer").unwrap().0;
    while let Some((before, after)) = rest.split_once('<') {
        shown.push_str(before);
        let (tag, after) = after.split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
        if ["p", "li", "h1", "h2", "h3", "tr", "dt", "div", "section", "summary", "caption", "legend"].contains(&name) {
            shown.push('\n');
        } else if ["th", "td", "dd"].contains(&name) {
            shown.push(' ');
        }
        rest = after;
    }
    let lines = shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n").replace("&#34;", "\"").replace("&#39;", "'")
}

#[test]
fn the_record_the_timeline_and_who_looked() {
    let house = House::open();
    let gp = house.sign_in("gp");
    let id = gp.person("Margaret Ashworth");
    house.pass(SignedDuration::from_mins(12));
    insta::assert_snapshot!("record", text(&gp.get(&format!("/people/{id}")).body));
    insta::assert_snapshot!(
        "timeline",
        text(&gp.get(&format!("/people/{id}/timeline?kind=encounter&kind=allergy")).body)
    );
    insta::assert_snapshot!("who-looked", text(&gp.get(&format!("/people/{id}/access")).body));
}

#[test]
fn the_feeds_and_the_quarantine() {
    let house = House::open();
    let officer = house.sign_in("records-officer");
    insta::assert_snapshot!("feeds", text(&officer.get("/feeds").body));
    insta::assert_snapshot!("quarantine", text(&officer.get("/quarantine").body));
}

#[test]
fn a_feed_past_its_promise_is_said_above_the_record() {
    let house = House::open();
    let id = house.sign_in("gp").person("Margaret Ashworth");
    assert!(!house.sign_in("gp").get(&format!("/people/{id}")).body.contains("has sent nothing since"));
    house.pass(SignedDuration::from_hours(3));
    let gp = house.sign_in("gp");
    let page = gp.get(&format!("/people/{id}")).body;
    let said = page.find("Stepping Hill Hospital: admissions, results and letters has sent nothing since").unwrap();
    assert!(said < page.find("<h1").unwrap(), "above the record");
    assert_eq!(page.matches("has sent nothing since").count(), 1, "the others are within their promises");
    assert!(gp.get("/status").body.contains("1 is down."));
}

#[test]
fn a_mended_message_is_taken_in_and_leaves_the_list() {
    let house = House::open();
    let officer = house.sign_in("records-officer");
    let list = officer.get("/quarantine").body;
    let count = |page: &str| page.matches("href=\"/quarantine/").count();
    let row = list.split("<tr").find(|row| row.contains("Event Start Date")).unwrap();
    let address =
        format!("/quarantine/{}", row.split("href=\"/quarantine/").nth(1).unwrap().split('"').next().unwrap());
    let message = officer.get(&address);
    let raw = message
        .between("id=\"text\"", "</textarea>")
        .split_once('>')
        .unwrap()
        .1
        .replace("&#34;", "\"")
        .replace("&#38;", "&")
        .replace("&#39;", "'");
    assert!(raw.contains("31/02/2026"));
    let right = raw.replace("31/02/2026", "28/02/2026");
    let silent = officer.send(&address, &[("text", &right)]);
    assert!(silent.body.contains("Say in a few words"), "a note is needed");
    let wrong = officer.send(&address, &[("text", &raw.replace("31/02/2026", "32/02/2026")), ("note", "a guess")]);
    assert!(
        wrong.body.contains("still cannot be applied") && wrong.body.contains("32/02/2026"),
        "what was typed is kept"
    );
    assert_eq!(count(&officer.get("/quarantine").body), count(&list));
    let done = officer.send(&address, &[("text", &right), ("note", "the council confirmed the day")]);
    assert!(done.body.contains("replayed and applied"), "{}", done.body);
    house.pass(SignedDuration::from_secs(3));
    assert_eq!(count(&officer.get("/quarantine").body), count(&list) - 1);
    assert!(officer.get("/feeds").body.contains("applied + 0 duplicates + 5 in quarantine"));
    assert!(officer.send(&address, &[("text", &right), ("note", "again")]).body.contains("not in quarantine any more"));
}
