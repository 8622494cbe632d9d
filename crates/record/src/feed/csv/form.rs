//! Code systems whose extracts write codes without their point: `E119` is E11.9. Named, few, and never a guess: a text
//! of another shape stays as it is.

/// A way to write a code as its classification does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// ICD-10: a letter, two digits, point, the rest; the filler `X` of three-character categories falls away.
    Icd10,
    /// OPCS-4: a letter, two digits, point, one digit.
    Opcs4,
}

impl Form {
    /// The words a mapping may use.
    pub(super) const WORDS: &'static str = "icd10, opcs4";

    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "icd10" => Some(Self::Icd10),
            "opcs4" => Some(Self::Opcs4),
            _ => None,
        }
    }

    pub(super) fn write(self, code: &str) -> String {
        let mut signs = code.chars();
        let shape = signs.next().is_some_and(|c| c.is_ascii_uppercase())
            && signs.next().is_some_and(|c| c.is_ascii_digit())
            && signs.next().is_some_and(|c| c.is_ascii_digit());
        let Some((category, rest)) = code.split_at_checked(3).filter(|_| shape) else { return code.to_owned() };
        match (self, rest) {
            (_, "") | (Self::Icd10, "X") => category.to_owned(),
            (_, rest) if rest.chars().all(|c| c.is_ascii_alphanumeric()) => format!("{category}.{rest}"),
            _ => code.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn points_go_where_the_classification_has_them() {
        for (from, to) in
            [("E119", "E11.9"), ("I10X", "I10"), ("R69", "R69"), ("E11.9", "E11.9"), ("?", "?"), ("É11", "É11")]
        {
            assert_eq!(Form::Icd10.write(from), to);
        }
        assert_eq!(Form::Opcs4.write("X352"), "X35.2");
    }
}
