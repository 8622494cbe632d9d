//! One value of a CSV row, read as the field wants it. Exists because a complaint must name its column, which the csv
//! crate's own reader forgets for the checks of our types.

use serde::de::value::{Error, MapAccessDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::str::FromStr;

/// Reads one row by its column names.
pub(super) fn read_row<T: DeserializeOwned>(columns: &[&str], values: &csv::StringRecord) -> Result<T, Error> {
    let cells = Cells { left: columns.iter().copied().zip(values), next: None };
    T::deserialize(MapAccessDeserializer::new(cells))
}

struct Cells<'a, I: Iterator<Item = (&'a str, &'a str)>> {
    left: I,
    next: Option<(&'a str, &'a str)>,
}

impl<'de, 'a, I: Iterator<Item = (&'a str, &'a str)>> MapAccess<'de> for Cells<'a, I> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.next = self.left.next();
        self.next.map(|(column, _)| seed.deserialize(column.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (column, text) =
            self.next.take().ok_or_else(|| Error::custom("a value was asked for before its column"))?;
        seed.deserialize(Cell(text)).map_err(|error| Error::custom(format!("{column}: {error}")))
    }
}

/// The columns that a row of this type has, in order, as its fields are declared.
pub(super) fn columns_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut columns = Columns(&[]);
    // The asking itself always ends in an error: there is no row to read yet.
    let _ = T::deserialize(&mut columns);
    columns.0
}

struct Columns(&'static [&'static str]);

impl<'de> Deserializer<'de> for &mut Columns {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("only a row has columns"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.0 = fields;
        Err(Error::custom("only the columns were asked for"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Cell<'a>(&'a str);

impl Cell<'_> {
    fn number<T: FromStr>(&self, what: &str) -> Result<T, Error> {
        self.0.parse().map_err(|_| Error::custom(format!("\"{}\" is not {what}", self.0)))
    }
}

impl<'de> Deserializer<'de> for Cell<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u8(self.number("a whole number from 0 to 255")?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u32(self.number("a whole number")?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let number: f64 = self.number("a number")?;
        // Rust reads "inf" and "NaN" as numbers; a person who wrote them meant something else.
        if number.is_finite() {
            visitor.visit_f64(number)
        } else {
            Err(Error::custom(format!("\"{}\" is not a number", self.0)))
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u16 u64 u128 f32 char str string bytes byte_buf unit unit_struct newtype_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}
