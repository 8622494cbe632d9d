//! Chart: a drawing of `assurance` as SVG, with the same in a sentence and the numbers in a table behind it. Works without scripts and
//! in black and white: a mark means something by its shape, a line by its dashes.

use super::{Cell, Column, Details, Html, Table};
use askama::Template;
use askama::filters::HtmlSafe;
use assurance::chart::{Drawing, HEIGHT, Line, Mark, Shape, WIDTH};

/// A drawing on a page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    /// Tells this drawing from others on the page.
    pub id: String,
    /// What is drawn.
    pub drawing: Drawing,
    /// Its numbers as a file; empty where there is none.
    pub file: String,
}

impl HtmlSafe for Chart {}

impl Chart {
    /// A drawing by this id.
    #[must_use]
    pub fn new(id: &str, drawing: Drawing) -> Self {
        Self { id: id.to_owned(), drawing, file: String::new() }
    }

    /// With its numbers as a file at this address.
    #[must_use]
    pub fn as_file(self, address: &str) -> Self {
        Self { file: address.to_owned(), ..self }
    }

    fn size(&self) -> String {
        format!("0 0 {WIDTH} {HEIGHT}")
    }

    fn points(&self, line: &Line) -> String {
        line.points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
    }

    /// The outline of a mark.
    fn outline(&self, mark: &Mark) -> String {
        let (x, y) = (mark.x, mark.y);
        match mark.shape {
            Shape::Circle => {
                format!("M{:.1} {y:.1}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", x - 4.5)
            }
            Shape::Triangle => format!("M{x:.1} {:.1}l7 12h-14z", y - 7.5),
            Shape::Diamond => format!("M{x:.1} {:.1}l7 7l-7 7l-7 -7z", y - 7.0),
            Shape::Square => format!("M{:.1} {:.1}h10v10h-10z", x - 5.0, y - 5.0),
        }
    }

    /// The numbers, behind a press.
    fn numbers(&self) -> Html {
        let sheet = &self.drawing.table;
        let columns = sheet.others(&[]);
        let table = Table {
            caption: self.drawing.title.as_str().into(),
            columns: columns.iter().map(|column| Column::new(sheet.name(*column))).collect(),
            rows: sheet
                .rows()
                .iter()
                .map(|row| columns.iter().map(|column| Cell::from(row.text(*column))).collect())
                .collect(),
            first_cell_is_header: true,
            responsive: true,
            ..Table::default()
        };
        Html::of(&Details::new("The numbers behind this chart", Html::of(&table)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use assurance::spc;
    use jiff::civil::date;

    #[test]
    fn a_chart_is_drawn_said_and_tabled() {
        let values = [10.0, 12.0, 11.0, 9.0, 40.0];
        let observations: Vec<spc::Observation> = values
            .iter()
            .zip(1_i8..)
            .map(|(value, month)| spc::Observation { at: date(2016, month, 1), value: *value })
            .collect();
        let ask = spc::Asked { target: Some(30.0), ..spc::Asked::of(spc::Improvement::Decrease) };
        let chart = spc::chart(&observations, &ask).unwrap();
        let drawing = assurance::chart::control_chart(&chart, "Falls <in> homes", "falls", ask.target);
        let html = Chart::new("falls", drawing).to_string();
        assert_eq!(html.matches("<path").count(), 5);
        assert!(html.contains("weft-chart__mark--concern") && html.contains("above the upper limit"));
        assert!(html.contains("Falls &#60;in&#62; homes") && !html.contains("<in>"));
        assert!(html.contains("aria-labelledby=\"falls-title falls-words\"") && html.contains("<table"));
        assert!(!html.contains("style="));
        insta::assert_snapshot!("chart", html);
    }
}
