//! The evidence of a decision about beds, look by look, and how much of it is asked for. Drawn on a scale of powers, because ten times
//! the evidence is one step however much there is already. Must not judge it.

use super::scale::Scale;
use super::{BOTTOM, Drawing, HEIGHT, LEFT, Label, Line, Mark, RIGHT, Shape, TOP, WIDTH, spoken};
use crate::gate::month::Month;
use crate::sheet::Sheet;

/// What one look found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Its month.
    pub month: Month,
    /// The evidence.
    pub evidence: f64,
    /// How many standard errors the latest six months lie below the baseline.
    pub latest: f64,
}

/// The drawing of some looks, the first first; nothing where there is none. `wanted` is the evidence that is asked for.
#[must_use]
pub fn evidence_chart(looks: &[Look], wanted: f64, title: &str) -> Option<Drawing> {
    let (first, last) = (looks.first()?, looks.last()?);
    let height = |evidence: f64| evidence.max(1e-6).log10();
    let up = Scale::holding(
        looks.iter().map(|look| height(look.evidence)).chain([height(wanted), 0.0]),
        HEIGHT - BOTTOM,
        TOP,
    );
    let across = Scale::between(0.0, (looks.len().max(2) - 1) as f64, LEFT, WIDTH - RIGHT);
    let month = |look: &Look| look.month.first_day().strftime("%B %Y").to_string();
    let enough = |look: &Look| look.evidence >= wanted;
    let place = |(at, look): (usize, &Look)| (across.at(at as f64), up.at(height(look.evidence)));
    let mark = |(at, look): (usize, &Look)| {
        let (x, y) = place((at, look));
        let (shape, kind, said) = if enough(look) {
            (Shape::Triangle, "improvement", "enough")
        } else {
            (Shape::Circle, "common", "not enough")
        };
        Mark { x, y, shape, kind, words: format!("{}: {}, {said}", month(look), spoken(look.evidence, 2)) }
    };
    let mut table =
        Sheet::with_header(["look", "evidence", "wanted", "enough", "latest six months, standard errors below"]);
    for look in looks {
        table.push(vec![
            month(look),
            spoken(look.evidence, 3),
            spoken(wanted, 3),
            if enough(look) { "yes" } else { "no" }.to_owned(),
            spoken(look.latest, 2),
        ]);
    }
    let line = up.at(height(wanted));
    let reached = looks.iter().filter(|look| enough(look)).count();
    Some(Drawing {
        title: title.to_owned(),
        alternative: format!(
            "{title}: {} looks from {} to {}. The evidence must reach {}; it did at {reached} of them. At the last it is {}. A number of 1 \
             says nothing either way.",
            looks.len(),
            month(first),
            month(last),
            spoken(wanted, 2),
            spoken(last.evidence, 2)
        ),
        bars: Vec::new(),
        lines: vec![
            Line { kind: "target", points: vec![(LEFT, line), (WIDTH - RIGHT, line)] },
            Line { kind: "values", points: looks.iter().enumerate().map(place).collect() },
        ],
        marks: looks.iter().enumerate().map(mark).collect(),
        across: looks
            .iter()
            .enumerate()
            .step_by(looks.len().div_ceil(8).max(1))
            .map(|(at, look)| Label {
                x: across.at(at as f64),
                y: HEIGHT - BOTTOM + 20.0,
                text: look.month.first_day().strftime("%b %Y").to_string(),
            })
            .collect(),
        up: up
            .ticks()
            .into_iter()
            .map(|(power, y)| Label {
                x: LEFT - 8.0,
                y,
                text: spoken(10.0_f64.powf(power), if power < 1.0 { 2 } else { 0 }),
            })
            .collect(),
        names: vec![Label { x: WIDTH - RIGHT + 8.0, y: line, text: format!("wanted {}", spoken(wanted, 2)) }],
        icons: Vec::new(),
        table,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_look_stands_above_or_below_what_is_wanted_and_is_said_and_tabled() {
        let look = |month: &str, evidence: f64| Look { month: month.parse().unwrap(), evidence, latest: 2.0 };
        let looks = [look("2026-04", 0.4), look("2026-05", 1.9), look("2026-06", 350.0)];
        let drawn = evidence_chart(&looks, 1.95, "Evidence").unwrap();
        let line = drawn.lines[0].points[0].1;
        assert!(drawn.marks[1].y > line && drawn.marks[2].y < line, "up is more");
        assert_eq!(drawn.marks.iter().map(|mark| mark.shape).filter(|shape| *shape == Shape::Triangle).count(), 1);
        assert!(
            drawn.alternative.contains("it did at 1 of them") && drawn.alternative.contains("At the last it is 350")
        );
        assert_eq!(drawn.table.rows().len(), 3);
        assert!(drawn.marks.iter().all(|mark| (TOP..=HEIGHT - BOTTOM).contains(&mark.y)));
        assert_eq!(evidence_chart(&[], 1.95, "Evidence"), None);
        assert!(evidence_chart(&looks[..1], 1.95, "One").unwrap().marks.len() == 1, "one look is drawn, too");
    }
}
