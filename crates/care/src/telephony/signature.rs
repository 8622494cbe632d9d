//! Signed messages between Weft and an exchange: HMAC-SHA-256 (RFC 2104) over the time and the body, with a window of time. An
//! old message is refused, so is one that was changed on the way; a copy within the window is known by the signals' own ids.
//! Must not read any clock, nor ever show a key.

use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// How far the two clocks may be apart, and how long a message may be on its way.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(5);
/// The fewest bytes of a key: as many as the hash gives.
pub const SHORTEST_KEY: usize = 32;

/// The key that Weft and an exchange share.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// A key that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key of the exchange is shorter than {SHORTEST_KEY} bytes; make a new one, at random")]
pub struct TooShort;

/// Why a message is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotBelieved {
    /// Something is missing, or not as documented.
    #[error(
        "the headers weft-time (seconds since 1970) and weft-signature (v1= and 64 hexadecimal digits) must be there"
    )]
    Unsigned,
    /// Too old, or from the future.
    #[error("the message was signed more than five minutes from now: sign it anew, and see that the clocks agree")]
    OutOfTime,
    /// Another key, another body, another time.
    #[error("the signature does not fit the message and the key")]
    Wrong,
}

impl Key {
    /// A key of these bytes.
    ///
    /// # Errors
    /// [`TooShort`].
    pub fn new(bytes: Vec<u8>) -> Result<Self, TooShort> {
        if bytes.len() < SHORTEST_KEY { Err(TooShort) } else { Ok(Self(bytes)) }
    }

    fn mac(&self, seconds: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(seconds.to_string().as_bytes());
        mac.update(b".");
        mac.update(body);
        Some(mac)
    }

    /// The two headers of a message: `weft-time` and `weft-signature`.
    #[must_use]
    pub fn sign(&self, body: &[u8], at: Timestamp) -> (String, String) {
        let seconds = at.as_second();
        let bytes = self.mac(seconds, body).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default();
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        (seconds.to_string(), format!("v1={digits}"))
    }

    /// Whether a message is to be believed at a moment. Takes the same time whatever part of a signature is wrong.
    ///
    /// # Errors
    /// [`NotBelieved`].
    pub fn check(&self, time: &str, signature: &str, body: &[u8], now: Timestamp) -> Result<(), NotBelieved> {
        let digits = signature.strip_prefix("v1=").ok_or(NotBelieved::Unsigned)?;
        let bytes = from_hex(digits).filter(|bytes| bytes.len() == 32).ok_or(NotBelieved::Unsigned)?;
        let whole = !time.is_empty() && time.len() <= 12 && time.bytes().all(|byte| byte.is_ascii_digit());
        let seconds: i64 = time.parse().ok().filter(|_| whole).ok_or(NotBelieved::Unsigned)?;
        let signed = Timestamp::from_second(seconds).map_err(|_| NotBelieved::OutOfTime)?;
        if now.duration_since(signed).abs() > WINDOW {
            return Err(NotBelieved::OutOfTime);
        }
        let mac = self.mac(seconds, body).ok_or(NotBelieved::Wrong)?;
        mac.verify_slice(&bytes).map_err(|_| NotBelieved::Wrong)
    }
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| Some((digit(pair.first()?)? << 4) | digit(pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(byte: u8) -> Key {
        Key::new(vec![byte; 32]).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    const NOON: i64 = 1_795_348_800;

    proptest! {
        #[test]
        fn what_was_signed_is_believed_for_five_minutes_either_way_and_nothing_else_is(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            off in -700_i64..700,
            flipped in any::<proptest::sample::Index>(),
        ) {
            let (time, signature) = key(1).sign(&body, at(NOON));
            let heard = key(1).check(&time, &signature, &body, at(NOON + off));
            prop_assert_eq!(heard, if off.abs() <= 300 { Ok(()) } else { Err(NotBelieved::OutOfTime) });
            prop_assert_eq!(key(2).check(&time, &signature, &body, at(NOON)), Err(NotBelieved::Wrong));
            let later = (NOON + 1).to_string();
            prop_assert_eq!(key(1).check(&later, &signature, &body, at(NOON)), Err(NotBelieved::Wrong));
            if !body.is_empty() {
                let mut changed = body.clone();
                changed[flipped.index(body.len())] ^= 1;
                prop_assert_eq!(key(1).check(&time, &signature, &changed, at(NOON)), Err(NotBelieved::Wrong));
            }
        }

        #[test]
        fn whatever_stands_in_the_headers_is_no_fault_of_the_program(time in ".{0,20}", signature in ".{0,80}") {
            prop_assert!(key(1).check(&time, &signature, b"", at(NOON)).is_err());
        }
    }

    #[test]
    fn another_programs_hmac_gives_the_same_signature() {
        // Worked out with Python's hmac module over the bytes `1795348800.{"a":1}` and the key 00 01 02 … 1f.
        let expected = "v1=c45fcdde9f4832742c67056622bcf0ba6f49e986354e1004df59f7604b8aeac4";
        let (time, signature) = Key::new((0..32).collect()).unwrap().sign(br#"{"a":1}"#, at(NOON));
        assert_eq!((time.as_str(), signature.as_str()), ("1795348800", expected));
    }

    #[test]
    fn a_short_key_is_refused_and_no_key_is_ever_printed() {
        assert_eq!(Key::new(vec![7; 31]).unwrap_err(), TooShort);
        assert_eq!(format!("{:?}", key(9)), "Key(..)");
    }
}
