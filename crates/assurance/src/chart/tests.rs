//! Everything drawn lies in its box, says what it is, and has its numbers in the table.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::measure::Confidence;
use crate::measure::funnel::{Point, Statistic};
use crate::measure::inequality::{Asked, Group, Scale, Uncertainty, inequality};
use crate::spc;

fn in_the_box(drawing: &Drawing) {
    let inside = |x: f64, y: f64| {
        assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y), "{x} {y}");
    };
    drawing.lines.iter().flat_map(|line| &line.points).for_each(|(x, y)| inside(*x, *y));
    drawing.marks.iter().for_each(|mark| inside(mark.x, mark.y));
    drawing.bars.iter().for_each(|bar| {
        inside(bar.x, bar.y);
        inside(bar.x + bar.width, bar.y + bar.height);
        assert!(bar.width >= 0.0 && bar.height >= 0.0);
    });
    drawing.across.iter().chain(&drawing.up).chain(&drawing.names).for_each(|label| inside(label.x, label.y));
    assert!(!drawing.alternative.is_empty() && !drawing.table.rows().is_empty());
}

fn monthly(values: &[f64]) -> Vec<spc::Observation> {
    let at = |month: usize| date(2016, 4, 1).checked_add(jiff::Span::new().months(month as i64)).unwrap();
    values.iter().enumerate().map(|(month, value)| spc::Observation { at: at(month), value: *value }).collect()
}

#[test]
fn a_control_chart_says_in_words_what_it_shows() {
    let mut values = vec![10.0, 12.0, 11.0, 9.0, 10.0, 12.0, 11.0, 9.0, 10.0, 12.0, 11.0, 9.0, 10.0];
    values.push(40.0);
    let ask = spc::Asked { target: Some(30.0), ..spc::Asked::of(spc::Improvement::Decrease) };
    let chart = spc::chart(&monthly(&values), &ask).unwrap();
    let drawing = control_chart(&chart, "Falls", "falls", ask.target);
    in_the_box(&drawing);
    assert_eq!(
        drawing.alternative,
        "Falls: 14 points from April 2016 to May 2017. The last is 40 falls; the mean is 12.6, with limits from 8.6 to 16.6. \
         14 points are marked. Special cause of a concerning nature, with higher values. The target is 30. The target will be met \
         consistently if nothing changes."
    );
    let last = drawing.marks.last().unwrap();
    assert_eq!((last.shape, last.kind), (Shape::Diamond, "concern"));
    assert_eq!(last.words, "May 2017: 40 falls, above the upper limit");
    assert_eq!(
        drawing.icons.iter().map(|icon| (icon.kind, icon.letter)).collect::<Vec<_>>(),
        [("concern_high", Some('H')), ("consistent_pass", Some('P'))]
    );
}

#[test]
fn a_line_breaks_where_the_limits_begin_anew() {
    let ask = spc::Asked { rebase: vec![date(2016, 7, 1)], ..spc::Asked::of(spc::Improvement::Neutral) };
    let chart = spc::chart(&monthly(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), &ask).unwrap();
    let drawing = control_chart(&chart, "x", "y", None);
    assert_eq!(drawing.lines.iter().filter(|line| line.kind == "values").count(), 2);
    assert!(drawing.alternative.contains("begin anew once"));
}

#[test]
fn a_funnel_names_those_outside() {
    let areas: Vec<(String, Point)> = [("Marple", 50.0, 500.0), ("Bramhall", 45.0, 450.0), ("Heatons", 200.0, 800.0)]
        .map(|(name, events, base)| (name.to_owned(), Point { events, base }))
        .to_vec();
    let proportions = Funnel { title: "Readmitted", statistic: Statistic::Proportion, multiplier: 100.0, unit: "%" };
    let drawing = funnel_chart(&areas, &proportions).unwrap();
    in_the_box(&drawing);
    let rates = Funnel { statistic: Statistic::Rate, multiplier: 1_000.0, unit: " per 1,000", ..proportions };
    let drawn = funnel_chart(&areas, &rates).unwrap();
    in_the_box(&drawn);
    assert!(drawn.lines.iter().all(|line| line.points.len() > 1), "each limit is drawn");
    assert!(drawn.marks[0].words.starts_with("Marple: 100 per 1,000, of 500"), "{}", drawn.marks[0].words);
    assert!(
        drawing.alternative.contains("Heatons (much higher than chance alone would have it)"),
        "{}",
        drawing.alternative
    );
    assert!(funnel_chart(&[], &proportions).is_err());
}

#[test]
fn inequality_is_told_from_end_to_end() {
    let bars: Vec<Bar> = (1..=5)
        .map(|fifth| Bar { name: format!("{fifth}"), population: 100.0, value: 12.0 - f64::from(fifth) })
        .collect();
    let groups: Vec<Group> = bars
        .iter()
        .map(|bar| Group { population: bar.population, value: bar.value, uncertainty: Uncertainty::StandardError(0.1) })
        .collect();
    let ask = Asked {
        scale: Scale::Other,
        transform: false,
        multiplier: 1.0,
        repetitions: 1000,
        seed: 1,
        confidences: vec![Confidence::NINETY_FIVE],
    };
    let drawing = inequality_chart(&bars, &inequality(&groups, &ask).unwrap(), "Admissions", "per 1,000");
    in_the_box(&drawing);
    assert!(drawing.alternative.starts_with("Admissions, per 1,000: 1 11, 2 10, 3 9, 4 8, 5 7. From the most to the least deprived the line changes by -5 (between"), "{}", drawing.alternative);
}

#[test]
fn parts_stand_side_by_side_and_one_that_is_not_shown_says_so() {
    let part = |name: &str, value| Part { name: name.to_owned(), value };
    let parts = [part("Heatons", Some(12.5)), part("Stepping Hill and Hazel Grove", None), part("Marple", Some(0.0))];
    let drawing = part_chart(&parts, Some(10.0), "Falls", "in 100");
    in_the_box(&drawing);
    assert_eq!((drawing.bars.len(), drawing.across.len()), (2, 3));
    assert_eq!(
        drawing.alternative,
        "Falls, in 100: Heatons 12.5, Stepping Hill and Hazel Grove not shown, Marple 0. The whole: 10."
    );
    assert!(
        drawing.table.rows().iter().any(|row| drawing.table.others(&[]).iter().any(|at| row.text(*at) == "not shown"))
    );
    let none = part_chart(&[], None, "x", "y");
    assert!(none.bars.is_empty() && none.table.rows().is_empty() && !none.alternative.is_empty());
}

#[test]
fn numbers_are_written_for_people() {
    assert_eq!(
        [spoken(1234567.891, 1), spoken(-0.01, 1), spoken(100.0, 2), spoken(-1234.5, 1)],
        ["1,234,567.9", "0", "100", "-1,234.5"]
    );
}

proptest! {
    #[test]
    fn any_series_can_be_drawn(values in prop::collection::vec(-1e9f64..1e9, 1..60), target in prop::option::of(-1e9f64..1e9)) {
        let ask = spc::Asked { target, ..spc::Asked::of(spc::Improvement::Increase) };
        let chart = spc::chart(&monthly(&values), &ask).unwrap();
        in_the_box(&control_chart(&chart, "x", "y", target));
    }
}
