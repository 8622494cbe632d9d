//! Base64 as JSON Web Tokens write it (no padding, `-` and `_`), and as HTTP's Basic writes it. Must not accept what has two
//! spellings: a token is what was signed, letter by letter.

const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as a part of a token.
pub(crate) fn url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut word = 0_u32;
        for (place, byte) in chunk.iter().enumerate() {
            word |= u32::from(*byte) << (16 - 8 * place);
        }
        for place in 0..=chunk.len() {
            let index = (word >> (18 - 6 * place)) & 63;
            text.push(char::from(URL[index as usize]));
        }
    }
    text
}

/// Bytes as HTTP's Basic writes them.
pub(crate) fn padded(bytes: &[u8]) -> String {
    let mut text = url(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// The bytes of a part of a token; `None` where it is none.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let letters = text.as_bytes();
    if letters.len() % 4 == 1 {
        return None;
    }
    for chunk in letters.chunks(4) {
        let mut word = 0_u32;
        for (place, letter) in chunk.iter().enumerate() {
            let value = URL.iter().position(|known| known == letter)?;
            word |= u32::try_from(value).ok()? << (18 - 6 * place);
        }
        let [_, first, second, third] = word.to_be_bytes();
        let kept = chunk.len() - 1;
        bytes.extend([first, second, third].iter().take(kept));
        // Bits beyond the last byte are nobody's; two texts must not be the same bytes.
        if [first, second, third].iter().skip(kept).any(|rest| *rest != 0) {
            return None;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else_is() {
        for length in 0..40_u8 {
            let given: Vec<u8> = (0..length).map(|number| number.wrapping_mul(37) ^ length).collect();
            assert_eq!(bytes(&url(&given)).as_deref(), Some(given.as_slice()), "{length}");
        }
        for (plain, coded) in [("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            assert_eq!(url(plain.as_bytes()), coded);
        }
        assert_eq!(padded(b"fo\xff\xfe"), "Zm///g==");
        for wrong in ["A", "Zg==", "Zh", "Zm9=", "Z g", "Zm9v\n", "+/8A"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }
}
