//! Which columns a file has and what they mean. The usual ones are known by their names; a small TOML says what any others are.

use serde::Deserialize;

/// At most this many columns beside the usual ones.
pub const MOST_OTHERS: usize = 5;

/// How a column beside the usual ones is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A number given to one person, such as a social security number: slips are forgiven, sharing one means much.
    Identifier,
    /// A word or a line of an address: likeness counts.
    Text,
    /// A short code or a house number: the same, one slip apart, or different.
    Code,
}

/// A column beside the usual ones.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// Its name in the header.
    pub column: String,
    /// How it is compared.
    pub kind: Kind,
    /// True where it belongs to the address, so that people of one household share it.
    #[serde(default)]
    pub of_address: bool,
}

/// The names of the columns. What is not said has its usual name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "snake_case")]
pub struct Schema {
    /// What the row is called: must be there, and only once for each row.
    pub unique_id: String,
    /// Ten digits with a valid check digit.
    pub nhs_number: String,
    /// First names.
    pub given_name: String,
    /// Last name.
    pub surname: String,
    /// `m`, `f`, `male`, `female`, `1` or `2`.
    pub sex: String,
    /// Date of birth.
    pub dob: String,
    /// The line of the address that tells one home of a postcode from another.
    pub address_1: String,
    /// Postcode.
    pub postcode: String,
    /// A mark (`1`, `true`, `yes`, `s`) that the person's address is withheld: it then takes no part in anything.
    pub withheld: String,
    /// Any others.
    pub other: Vec<Other>,
}

impl Default for Schema {
    fn default() -> Self {
        let own = |name: &str| name.to_owned();
        Self {
            unique_id: own("unique_id"),
            nhs_number: own("nhs_number"),
            given_name: own("given_name"),
            surname: own("surname"),
            sex: own("sex"),
            dob: own("dob"),
            address_1: own("address_1"),
            postcode: own("postcode"),
            withheld: own("withheld"),
            other: Vec::new(),
        }
    }
}

/// Why a description of columns cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It is not the TOML it should be.
    #[error("the columns are not described as they should be: {0}")]
    Shape(#[from] toml::de::Error),
    /// More columns than are compared.
    #[error(
        "{0} columns are described beside the usual ones; at most {MOST_OTHERS} are compared. Leave out those that say least"
    )]
    TooMany(usize),
}

impl Schema {
    /// Reads a description.
    ///
    /// # Errors
    /// [`SchemaError`] where it is not TOML, names a key nobody knows, or describes too many columns.
    pub fn read(text: &str) -> Result<Self, SchemaError> {
        let schema: Self = toml::from_str(text)?;
        if schema.other.len() > MOST_OTHERS { Err(SchemaError::TooMany(schema.other.len())) } else { Ok(schema) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_has_its_usual_name() {
        let text = "unique_id = 'rec_id'\n[[other]]\ncolumn = 'suburb'\nkind = 'text'\nof_address = true\n";
        let schema = Schema::read(text).expect("reads");
        assert_eq!((schema.unique_id.as_str(), schema.surname.as_str()), ("rec_id", "surname"));
        assert_eq!(schema.other[0].kind, Kind::Text);
    }

    #[test]
    fn a_key_nobody_knows_and_too_many_columns_are_refused() {
        let error = Schema::read("sirname = 'x'").expect_err("refused").to_string();
        assert!(error.contains("sirname"), "{error}");
        let many = "[[other]]\ncolumn = 'a'\nkind = 'text'\n".repeat(6);
        assert!(matches!(Schema::read(&many), Err(SchemaError::TooMany(6))));
    }
}
