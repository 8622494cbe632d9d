//! The steps in words: what is too small says so, and who is found less is named.

use population::equity::Ratio;

use super::*;

fn cell(name: &str, count: u64, of: u64, upper: f64) -> ToldCell {
    let ratio = Ratio { value: upper - 0.2, lower: upper - 0.4, upper };
    let (count, of) = (Rounded::of(count), Rounded::of(of));
    ToldCell { name: name.to_owned(), count, of, percent: Some(4.0), standardised: Some(3.5), ratio: Some(ratio) }
}

fn told(count: u64, cells: Option<Vec<ToldCell>>) -> Told {
    let hidden = (By::Ethnicity, None);
    let (count, of) = (Rounded::of(count), Rounded::of(2_000));
    Told { count, of, percent: Some(3.0), slices: vec![(By::Deprivation, cells), (By::Neighbourhood, None), hidden] }
}

fn steps(found: u64) -> Steps {
    let cells =
        |upper| Some(vec![cell("1", 20, 1_000, upper), cell("5", 40, 1_000, 1.4), cell("not known", 3, 90, 0.5)]);
    Steps {
        found: told(found, cells(0.8)),
        decided: told(30, cells(1.1)),
        taken: told(4, None),
        taken_of_found: told(4, cells(1.1)),
    }
}

#[test]
fn a_group_that_is_found_less_is_named_and_whose_group_is_not_known_is_none() {
    let view = shown(&steps(60), &[By::Neighbourhood]);
    assert_eq!(
        view.sentence,
        "Of about 2,000 people registered here: about 60 found, about 30 decided about, 1 to 7 taken on."
    );
    assert_eq!(
        view.fewer,
        ["Found less than their ages would lead one to expect, by deprivation: 1, the most deprived fifth."]
    );
    let headings: Vec<&str> = view.slices.iter().map(|slice| slice.heading.as_str()).collect();
    assert_eq!(headings, ["By deprivation", "By ethnicity"]);
    let row = &view.slices[0].rows[0];
    assert_eq!(row.name, "1, the most deprived fifth");
    assert_eq!((row.found.as_str(), row.decided.as_str(), row.taken.as_str()), ("20", "20", "Not shown"));
    assert!(view.slices[1].rows.is_empty() && view.slices[1].note.starts_with("Not shown"));
}

#[test]
fn what_is_too_small_says_so_and_shows_no_group() {
    for found in [0, 7] {
        let view = shown(&steps(found), &[]);
        assert!(view.slices.is_empty() && view.fewer.is_empty() && view.note.contains("too few"), "{found}");
    }
    assert!(shown(&steps(0), &[]).sentence.contains("nobody found"));
}
