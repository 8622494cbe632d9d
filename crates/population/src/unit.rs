//! Units of measured values and what turns one into another. A unit that a rule cannot turn into its own leaves the value unused
//! and told, never guessed: 12 may be a good haemoglobin in g/dL and would be a fatal one in g/L.

/// Units by the quantity they measure: the word as UCUM writes it, and how many of the first of its kind one of it is.
const KINDS: &[&[(&str, f64)]] = &[
    &[("g/L", 1.0), ("g/dL", 10.0), ("mg/L", 0.001), ("mg/dL", 0.01), ("g%", 10.0)],
    &[("mmol/L", 1.0), ("umol/L", 0.001), ("mol/L", 1000.0), ("nmol/L", 1e-6), ("pmol/L", 1e-9)],
    &[("mL/min/{1.73_m2}", 1.0)],
    &[("m[IU]/L", 1.0), ("u[IU]/mL", 1.0)],
    &[("mm[Hg]", 1.0), ("kPa", 7.500_617)],
    &[("kg", 1.0), ("g", 0.001)],
    &[("m", 1.0), ("cm", 0.01), ("mm", 0.001)],
    &[("kg/m2", 1.0)],
    &[("%", 1.0)],
    &[("Cel", 1.0)],
    &[("/min", 1.0)],
    &[("d", 1.0), ("h", 1.0 / 24.0), ("wk", 7.0)],
    &[("mg/mmol", 1.0), ("g/mol", 1.0)],
    &[("mg/(24.h)", 1.0), ("g/(24.h)", 1000.0)],
    &[("ug/min", 1.0)],
    &[("mmol/mol", 1.0)],
    &[("1", 1.0)],
];

/// Other ways in which the same unit is written.
const ALSO: &[(&str, &str)] = &[
    ("g/l", "g/L"),
    ("gm/L", "g/L"),
    ("g/dl", "g/dL"),
    ("gm/dl", "g/dL"),
    ("mg/l", "mg/L"),
    ("mg/dl", "mg/dL"),
    ("mmol/l", "mmol/L"),
    ("umol/l", "umol/L"),
    ("µmol/L", "umol/L"),
    ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
    ("ml/min/1.73m2", "mL/min/{1.73_m2}"),
    ("mL/min/1.73m^2", "mL/min/{1.73_m2}"),
    ("mU/L", "m[IU]/L"),
    ("mu/L", "m[IU]/L"),
    ("miu/L", "m[IU]/L"),
    ("mIU/L", "m[IU]/L"),
    ("uIU/mL", "u[IU]/mL"),
    ("mmHg", "mm[Hg]"),
    ("mm Hg", "mm[Hg]"),
    ("C", "Cel"),
    ("°C", "Cel"),
    ("bpm", "/min"),
    ("{beats}/min", "/min"),
    ("{breaths}/min", "/min"),
    ("days", "d"),
    ("day", "d"),
    ("mg/24h", "mg/(24.h)"),
    ("{score}", "1"),
    ("{ratio}", "1"),
    ("", "1"),
];

/// The unit as we write it; as it came, where we know no other way.
#[must_use]
pub fn usual(unit: &str) -> &str {
    let unit = unit.trim();
    ALSO.iter().find(|(other, _)| *other == unit).map_or(unit, |(_, usual)| *usual)
}

/// How many of `to` one of `from` is, where both measure the same.
#[must_use]
pub fn factor(from: &str, to: &str) -> Option<f64> {
    let (from, to) = (usual(from), usual(to));
    if from == to {
        return Some(1.0);
    }
    KINDS.iter().find_map(|kind| {
        let of = |unit: &str| kind.iter().find(|(word, _)| *word == unit).map(|(_, size)| *size);
        Some(of(from)? / of(to)?)
    })
}

/// Whether we know it at all.
#[must_use]
pub fn is_known(unit: &str) -> bool {
    KINDS.iter().flat_map(|kind| kind.iter()).any(|(word, _)| *word == usual(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_turned_into_another_of_its_kind_and_into_no_other() {
        assert_eq!(factor("g/dL", "g/L"), Some(10.0));
        assert_eq!(factor("g/l", "g/L"), Some(1.0));
        assert_eq!(factor("umol/L", "mmol/L"), Some(0.001));
        for (from, to) in [("mmol/L", "g/L"), ("", "g/L"), ("%", "mmol/mol"), ("stone", "kg")] {
            assert_eq!(factor(from, to), None, "{from} to {to}");
        }
        assert_eq!(factor("stone", "stone"), Some(1.0), "the same word is the same unit, known or not");
    }
}
