//! Files as people hand them in.

use super::*;

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn counts_and_their_ready_made_differences_give_the_same_figures() {
    let counts = file("month,y,c0,c1\n1,100,50,200\n2,90,60,60\n");
    let found = figures(counts.path()).unwrap();
    assert!(found[0].abs() < 1e-12 && (found[1] - 1.5_f64.ln()).abs() < 1e-12, "{found:?}");
    let ready = file("y,logdiff\n5,0.25\n0,-1\n");
    assert_eq!(figures(ready.path()).unwrap(), [0.25, -1.0]);
}

#[test]
fn a_month_without_a_count_is_refused_with_its_line() {
    for wrong in ["0", "-3", "", "many", "NaN"] {
        let counts = file(&format!("y,c0\n100,50\n{wrong},60\n"));
        let said = figures(counts.path()).unwrap_err().to_string();
        assert!(said.contains("line 3"), "{said}");
    }
    let said = figures(file("a,b\n1,2\n").path()).unwrap_err().to_string();
    assert!(said.contains("column y"), "{said}");
}

#[test]
fn a_grid_is_one_by_name_or_a_file() {
    assert_eq!(grid(None, Grid::robust(0.5)).unwrap(), Grid::robust(0.5));
    assert_eq!(grid(Some("plain"), Grid::robust(0.5)).unwrap().memories().len(), 19);
    let written = file("phi,lambda\n0.4,1\n");
    assert_eq!(grid(written.path().to_str(), Grid::plain()).unwrap().memories().len(), 1);
    assert!(grid(Some("nowhere.csv"), Grid::plain()).is_err());
}

#[test]
fn the_example_protocol_of_the_manual_is_sound() {
    let manual = include_str!("../../../../docs/manual/bed-gate.md");
    let from = manual.find("```json\n").unwrap() + "```json\n".len();
    let text = &manual[from..from + manual[from..].find("```").unwrap()];
    let mut protocol: Protocol = serde_json::from_str(text).unwrap();
    // The manual shows two of the 39 other areas that there must be.
    protocol.placebos = (0..39).map(|area| format!("P{area:02}")).collect();
    assert_eq!(protocol.faults(), []);
}

/// A demonstration with its decision: its protocol, and the months last looked at and next to look at.
fn demonstration(settings: &Settings) -> (Protocol, Month, Month) {
    let house = House::open(settings).unwrap();
    crate::indicator::invent(&house).unwrap();
    drop(house);
    let decision = told(settings);
    let last = decision.looks().last().unwrap().0.month;
    (decision.frozen().unwrap().protocol.clone(), last, last.plus(1))
}

fn told(settings: &Settings) -> Decision {
    let house = House::open(settings).unwrap();
    let rows = house.store.read(|tx| assurance::views::gate::all(tx)).unwrap();
    let id = rows[0].id;
    let entries = house.store.read(move |tx| store::log::stream(tx, id)).unwrap();
    store::aggregate::load::<Decision>(&entries).unwrap().0
}

/// `weft gate look` with these counts.
fn looked(settings: &Settings, title: &str, month: Month, lines: &str, reason: Option<&str>) -> Result<(), String> {
    let counts = file(&format!("series,month,count,complete\n{lines}"));
    let task = GateLook {
        title: title.to_owned(),
        month,
        figures: Some(counts.path().to_owned()),
        reason: reason.map(str::to_owned),
        posts: None,
        posts_for: Vec::new(),
        balancing: None,
        by: "R. Okafor".to_owned(),
    };
    look(settings, &task).map_err(|error| format!("{error:#}"))
}

/// A line for every series of the protocol but one.
fn counts(protocol: &Protocol, month: Month, but: &str) -> String {
    let mut series: Vec<&String> = protocol.series().collect();
    series.sort_unstable();
    series.dedup();
    series.iter().filter(|one| ***one != *but).map(|one| format!("{one},{month},2400,1000\n")).collect()
}

#[test]
fn counts_that_cannot_be_and_a_restated_month_without_a_reason_are_refused_and_nothing_of_them_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let settings = crate::demo::tests::settings(folder.path());
    let (protocol, last, next) = demonstration(&settings);
    let good = counts(&protocol, next, "");
    let of = |line: &str| {
        looked(&settings, &protocol.title, next, &format!("{}{line}", counts(&protocol, next, "stockport")), None)
    };
    for (line, why) in [
        (format!("stockport,{next},0,1000\n"), "a count of 0 cannot be used"),
        (format!("stockport,{next},-7,1000\n"), "a count of -7 cannot be used"),
        (format!("stockport,{},7,1000\n", next.plus(24)), "is not over yet"),
        (format!("stockport,{last},7,1000\n"), "was reported before, now 7. Say why"),
    ] {
        let said = of(&line).unwrap_err();
        assert!(said.contains(why), "{line}: {said}");
    }
    assert_eq!(told(&settings).looks().last().unwrap().0.month, last, "no look was made of a part");
    let before = told(&settings).looks().len();
    let restated = format!("{good}stockport,{last},2007,1000\n");
    looked(&settings, &protocol.title, next, &restated, Some("late returns")).unwrap();
    assert_eq!(told(&settings).looks().len(), before + 1, "the new look, and every other made again in its place");
    let house = House::open(&settings).unwrap();
    let id = stream(&protocol.title);
    let kept = house.store.read(move |tx| assurance::views::gate::restated(tx, id)).unwrap();
    assert!(kept.iter().any(|row| row.became == 2_007 && row.reason == "late returns"), "as it was and as it is");
}

#[test]
fn a_month_that_is_missing_from_one_series_closes_the_gate_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let settings = crate::demo::tests::settings(folder.path());
    let (protocol, _, next) = demonstration(&settings);
    looked(&settings, &protocol.title, next, &counts(&protocol, next, "comparator03"), None).unwrap();
    let decision = told(&settings);
    let (look, _) = decision.looks().last().unwrap();
    let quality = look.states.iter().find(|state| state.gate == assurance::gate::refusal::Gate::G2).unwrap();
    assert_eq!(quality.standing, Standing::Unmet);
    assert!(quality.sentence.contains("comparator03"), "{}", quality.sentence);
}

#[test]
fn a_protocol_that_is_amended_begins_a_new_clock_or_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let settings = crate::demo::tests::settings(folder.path());
    let (mut protocol, ..) = demonstration(&settings);
    let amend = |protocol: &Protocol, reason: &str| {
        let written = file(&serde_json::to_string(protocol).unwrap());
        let task = GateRegister {
            protocol: written.path().to_owned(),
            amend: Some(reason.to_owned()),
            by: "R. Okafor".to_owned(),
        };
        register(&settings, &task).map_err(|error| format!("{error:#}"))
    };
    // One matrix, so that the threshold is found at once.
    protocol.grid = Grid::independent();
    assert!(amend(&protocol, "one matrix").unwrap_err().contains("has begun"));
    let months = protocol.start.since(protocol.baseline);
    protocol.start = protocol.start.plus(36);
    protocol.baseline = protocol.start.plus(-months);
    assert!(amend(&protocol, " ").unwrap_err().contains("say why"));
    amend(&protocol, "the staff come later").unwrap();
    let decision = told(&settings);
    assert_eq!((decision.frozen().unwrap().clock, decision.looks().len()), (2, 0));
}
