//! Forms that carry files (`multipart/form-data`, RFC 7578 over RFC 2046): the whole body, cut at its boundary. What a file is
//! called is its sender's word and is shown as such; what it is, nobody believes of its sender. Must not keep anything, nor read
//! more than a page has said that it takes.
//!
//! Written here because the library for it brings four packages for a stream that we have whole in any case.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::app::{State, Trouble};
use crate::session::{Fields, Who};

/// The most bytes of a form with files: all the files of a question, and what is typed beside them.
pub(crate) const MOST: usize = 21 * 1024 * 1024;
/// The most parts of one form.
const PARTS: usize = 100;
/// The most bytes of the head of one part.
const HEAD: usize = 4 * 1024;

/// A file that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// What its sender calls it.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// A form with files, from a page of the sender's own session: its token is checked before any handler sees it.
pub(crate) struct SentWithFiles {
    pub(crate) who: Who,
    pub(crate) fields: Fields,
    pub(crate) files: Vec<File>,
}

const TOO_LARGE: Trouble = Trouble::BadRequest(
    "The files have more than 20 MB together. Go back: what you typed is still there. Send smaller pictures, or fewer.",
);
const UNREADABLE: Trouble =
    Trouble::BadRequest("The form did not arrive whole. Go back: what you typed is still there. Send it once more.");

impl FromRequest<State> for SentWithFiles {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, state).await.map_err(IntoResponse::into_response)?;
        let Some(boundary) = boundary(&parts.headers) else {
            let plain = Request::from_parts(parts, body);
            let axum::Form(fields) =
                axum::Form::from_request(plain, state).await.map_err(IntoResponse::into_response)?;
            let fields = Fields(fields);
            who.check(&fields).map_err(IntoResponse::into_response)?;
            return Ok(Self { who, fields, files: Vec::new() });
        };
        let body: Bytes = to_bytes(body, MOST).await.map_err(|_| TOO_LARGE.into_response())?;
        let (fields, files) = read(&body, &boundary).ok_or_else(|| UNREADABLE.into_response())?;
        let fields = Fields(fields);
        who.check(&fields).map_err(IntoResponse::into_response)?;
        Ok(Self { who, fields, files })
    }
}

/// The boundary of a form with files; `None` of any other.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (media, parameters) = kind.split_once(';')?;
    if !media.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let found = parameters.split(';').find_map(|one| {
        let (name, value) = one.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
    })?;
    (1..=70).contains(&found.len()).then_some(found)
}

type Read = (Vec<(String, String)>, Vec<File>);

/// The fields and files of a body; `None` where it is not whole, or is no such form.
fn read(body: &[u8], boundary: &str) -> Option<Read> {
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    let between = format!("\r\n--{boundary}");
    // The first boundary stands at the beginning of a line, too: at the very beginning.
    let mut rest = body.strip_prefix(between.get(2..)?.as_bytes())?;
    for _ in 0..=PARTS {
        if rest.starts_with(b"--") {
            return Some((fields, files));
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head = rest.get(..find(rest.get(..HEAD.min(rest.len()))?, b"\r\n\r\n")?)?;
        let content = rest.get(head.len() + 4..)?;
        let end = find(content, between.as_bytes())?;
        let (name, file) = named(std::str::from_utf8(head).ok()?)?;
        let bytes = content.get(..end)?;
        match file {
            None => fields.push((name, String::from_utf8(bytes.to_vec()).ok()?)),
            // What a browser sends where no file was chosen.
            Some(file) if file.is_empty() && bytes.is_empty() => {}
            Some(file) => files.push(File { name: file, bytes: bytes.to_vec() }),
        }
        rest = content.get(end + between.len()..)?;
    }
    None
}

/// Where some bytes first stand in others.
fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        let at = from + within.get(from..)?.iter().position(|byte| *byte == first)?;
        if within.get(at..)?.starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The name of a field, and of the file if it is one.
fn named(head: &str) -> Option<(String, Option<String>)> {
    let line = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let mut rest = line.trim().strip_prefix("form-data")?;
    let (mut name, mut file) = (None, None);
    while let Some(next) = rest.trim_start().strip_prefix(';') {
        let (key, value) = next.split_once('=')?;
        // Browsers write the quotes of a name as %22, so the next quote is the end.
        let (value, after) = value.strip_prefix('"')?.split_once('"')?;
        let value = value.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
        match key.trim() {
            "name" => name = Some(value),
            "filename" => file = Some(value),
            _ => {}
        }
        rest = after;
    }
    rest.trim().is_empty().then_some((name?, file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A form as a browser writes it.
    fn written(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, file, bytes) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: image/png")).unwrap_or_default();
            body.extend(format!("--weft\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--weft--\r\n");
        body
    }

    #[test]
    fn a_form_is_read_as_it_was_written_and_a_file_that_was_not_chosen_is_none() {
        let body = written(&[
            ("question", None, "Why is é\r\nthere?".as_bytes()),
            ("files", Some("rash 1.png"), b"\x89PNG\r\n--wef\r\n\0"),
            ("files", Some(""), b""),
            ("files", Some("a%22b.txt"), b""),
        ]);
        let (fields, files) = read(&body, "weft").unwrap();
        assert_eq!(fields, [("question".to_owned(), "Why is é\r\nthere?".to_owned())]);
        let named: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(named, ["rash 1.png", "a\"b.txt"]);
        assert_eq!(files[0].bytes, b"\x89PNG\r\n--wef\r\n\0");
        assert_eq!(read(b"--weft--\r\n", "weft"), Some((Vec::new(), Vec::new())));
    }

    #[test]
    fn a_form_that_is_cut_short_at_any_place_is_no_form() {
        let body = written(&[("a", None, b"1"), ("files", Some("x.png"), b"\x89PNG")]);
        let whole = body.len() - "--\r\n".len();
        for end in 0..whole {
            assert_eq!(read(&body[..end], "weft"), None, "{end}");
        }
        let many: Vec<(&str, Option<&str>, &[u8])> = vec![("a", None, b"1"); PARTS + 1];
        assert_eq!(read(&written(&many), "weft"), None, "too many parts");
    }

    #[test]
    fn only_a_form_with_files_has_a_boundary() {
        let of = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            boundary(&headers)
        };
        assert_eq!(of("multipart/form-data; boundary=weft").as_deref(), Some("weft"));
        assert_eq!(of("Multipart/Form-Data; charset=utf-8; boundary=\"we ft\"").as_deref(), Some("we ft"));
        for none in
            ["application/x-www-form-urlencoded", "multipart/mixed; boundary=a", "multipart/form-data; boundary="]
        {
            assert_eq!(of(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn whatever_bytes_a_file_has_come_out_as_they_went_in(bytes in proptest::collection::vec(any::<u8>(), 0..600), typed in "\\PC{0,60}") {
            prop_assume!(find(&bytes, b"\r\n--weft").is_none() && !bytes.starts_with(b"--weft"));
            let body = written(&[("typed", None, typed.as_bytes()), ("files", Some("f"), &bytes)]);
            let (fields, files) = read(&body, "weft").unwrap();
            prop_assert_eq!(&fields[0].1, &typed);
            prop_assert_eq!(&files[0].bytes, &bytes);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut body = b"--weft\r\nContent-Disposition: form-data".to_vec();
            body.extend(&bytes);
            let _ = read(&bytes, "weft");
            let _ = read(&body, "weft");
        }
    }
}
