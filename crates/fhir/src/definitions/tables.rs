//! How the definitions lie in memory: shapes by number, and for each a small table from JSON key to element.

use std::collections::HashMap;

use super::shape::{Codes, Shape, Type};
use crate::parameter::Parameter;

/// A shape by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShapeId(pub(crate) u16);

/// Everything that was decoded.
pub(crate) struct Tables {
    pub(crate) types: Vec<Type>,
    pub(crate) by_name: HashMap<&'static str, usize>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) codes: Vec<Codes>,
    pub(crate) parameters: HashMap<&'static str, Vec<Parameter>>,
    pub(crate) compartment: HashMap<&'static str, Vec<&'static str>>,
}

impl Tables {
    /// A shape; a number that no shape has is answered with the first, which is an empty one made for that.
    pub(crate) fn shape(&self, id: ShapeId) -> &Shape {
        self.shapes.get(usize::from(id.0)).unwrap_or(&self.shapes[0])
    }
}

pub(crate) fn tables_of_shape(id: ShapeId) -> &'static Shape {
    super::tables().shape(id)
}

/// JSON keys of one shape, found by hash: this is asked once for every key of every resource validated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    /// A power of two; a place holds an index into `entries` plus one, 0 is empty.
    places: Vec<u8>,
    entries: Vec<(&'static str, u8, u8)>,
}

impl Keys {
    /// Of key, element and type; at most 250 of them (an extension, the widest, has some 55).
    pub(crate) fn new(entries: Vec<(&'static str, u8, u8)>) -> Self {
        let size = (entries.len() * 3).next_power_of_two().max(4);
        let mut places = vec![0; size];
        for (index, (key, _, _)) in entries.iter().enumerate() {
            let mut at = hash(key) & (size - 1);
            while places[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            places[at] = u8::try_from(index + 1).unwrap_or(0);
        }
        Self { places, entries }
    }

    /// Which element and which of its types.
    pub(crate) fn find(&self, key: &str) -> Option<(usize, usize)> {
        let mask = self.places.len().checked_sub(1)?;
        let mut at = hash(key) & mask;
        loop {
            let index = usize::from(*self.places.get(at)?).checked_sub(1)?;
            let (known, element, allowed) = self.entries.get(index)?;
            if *known == key {
                return Some((usize::from(*element), usize::from(*allowed)));
            }
            at = (at + 1) & mask;
        }
    }
}

/// FNV-1a: short keys, no need against an attacker (the table is fixed, and a miss ends at the next empty place).
fn hash(key: &str) -> usize {
    let spread =
        key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    usize::try_from((spread ^ (spread >> 32)) & 0xffff).unwrap_or(0)
}
