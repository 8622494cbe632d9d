//! `weft evaluate`: how good a file of links is, where the truth is known. The last line is the result as JSON.

use std::fs::File;
use std::path::Path;

use anyhow::Context;
use identity::evaluation::{Evaluation, Score, evaluate};
use identity::truth::{self, Columns};
use serde_json::json;

use crate::arguments;
use crate::terminal::{remark, say};

pub(crate) fn run(task: &arguments::Evaluate) -> anyhow::Result<()> {
    let open = |path: &Path| File::open(path).with_context(|| format!("cannot open {}", path.display()));
    let links = truth::links(open(&task.links)?).with_context(|| format!("{}", task.links.display()))?;
    let columns = Columns {
        id: task.id_column.clone(),
        person: task.column.clone(),
        household: "true_household".into(),
        twins: "twin_group".into(),
        given_name: "given_name".into(),
    };
    let (mut rows, mut unlinked) = (Vec::new(), 0);
    for path in &task.truth {
        let known = truth::known(open(path)?, &columns, &links, &mut rows);
        unlinked += known.with_context(|| format!("{}", path.display()))?;
    }
    let beyond = (links.len() as u64 + unlinked).saturating_sub(rows.len() as u64);
    for (count, what) in [
        (unlinked, "rows of the truth have no link; each counts as a person by itself"),
        (beyond, "links are of rows that the truth does not have; they do not count"),
    ] {
        if count > 0 {
            remark(format!("{count} {what}"));
        }
    }
    print(&evaluate(&rows), unlinked);
    Ok(())
}

fn print(found: &Evaluation, unlinked: u64) {
    for (what, score) in [("pairs", &found.pairs), ("people", &found.people)] {
        say(format!(
            "{what:<7} precision {:.5}  recall {:.5}  F1 {:.5}   right {}  wrong {}  missed {}",
            score.precision(),
            score.recall(),
            score.f1(),
            score.right,
            score.wrong,
            score.missed
        ));
    }
    for (kind, count) in &found.wrong {
        say(format!("  wrong: {:<15} {count}", kind.wording()));
    }
    let score = |score: &Score| json!({ "precision": score.precision(), "recall": score.recall(), "f1": score.f1(), "right": score.right, "wrong": score.wrong, "missed": score.missed });
    let wrong: serde_json::Map<String, serde_json::Value> =
        found.wrong.iter().map(|(kind, count)| (kind.wording().to_owned(), json!(count))).collect();
    say(
        json!({ "rows": found.rows, "unlinked": unlinked, "pairs": score(&found.pairs), "people": score(&found.people), "wrong": wrong, "largest": found.largest }),
    );
}
