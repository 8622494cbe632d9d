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
