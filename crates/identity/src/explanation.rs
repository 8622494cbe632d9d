//! Why two rows are thought one person or two, field by field. Made from a pattern, the commonness of what is shared and the model:
//! the same again whenever it is asked.

use crate::model::{Class, Judgement, Model, Rates, probability, sum_log2};
use crate::pattern::wording;
use crate::roll::{Roll, Row};

/// What one field says.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The field, in words.
    pub field: String,
    /// How the two stand there, in words.
    pub level: &'static str,
    /// log2 of how much likelier this is of one person than of two strangers.
    pub weight: f32,
}

/// A judgement in its parts. Where nothing is ruled, `before`, the bars and `household` add up to `odds`.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Which learning the weights are of.
    pub model: u32,
    /// The pattern, for the file.
    pub pattern: u64,
    /// log2 odds that two rows drawn at random are one person.
    pub before: f32,
    /// What each field adds. A field that is missing on a side is there with weight 0.
    pub bars: Vec<Bar>,
    /// What is taken off because two people of one household share so much too. Never above 0.
    pub household: f32,
    /// log2 odds.
    pub odds: f32,
    /// The same as a probability.
    pub probability: f32,
    /// What the NHS numbers rule, in words, where they do.
    pub ruling: Option<&'static str>,
}

/// Explains a judgement of two rows.
#[must_use]
pub fn explain(
    model: &Model,
    roll: &Roll,
    rates: &Rates,
    judgement: &Judgement,
    one: &Row,
    other: &Row,
) -> Explanation {
    let evidence = model.evidence(roll, rates, judgement.pattern, one, other);
    let chances = model.chances(&evidence);
    let [person, strangers] = [Class::Person as usize, Class::Strangers as usize];
    let bars = (0..model.fields)
        .map(|field| {
            let (field_name, level) = wording(roll, field, judgement.pattern.level(field));
            Bar { field: field_name.to_owned(), level, weight: evidence[field][person] - evidence[field][strangers] }
        })
        .collect();
    Explanation {
        model: model.version,
        pattern: judgement.pattern.0,
        before: model.shares[person] - model.shares[strangers],
        bars,
        household: chances[strangers] - sum_log2(&chances[1..]),
        odds: judgement.odds,
        probability: probability(judgement.odds),
        ruling: judgement.ruling.map(crate::model::Ruling::wording),
    }
}
