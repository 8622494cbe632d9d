//! The body of a request, read to its end: up to ten megabytes are kept, and a larger one is taken off the wire (so that the
//! sender hears why) and refused. Must not understand what is in it.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use fhir::issue::{Code, Issue};

use super::answer::Refusal;

/// The most a body may hold: ten megabytes.
pub(super) const MOST: usize = 10 * 1024 * 1024;
/// The most that is taken off the wire before the connection is given up.
const DRAINED: usize = 16 * MOST;

/// All of it.
pub(super) async fn whole(mut body: Body) -> Result<Bytes, Refusal> {
    let (mut first, mut rest, mut length) = (Bytes::new(), Vec::new(), 0_usize);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(frame) = frame else {
            return Err(Refusal::bad(Code::Incomplete, "The body of the request ended before it was whole."));
        };
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > DRAINED {
            break;
        }
        if length > MOST {
            rest = Vec::new();
        } else if first.is_empty() {
            // Small bodies come in one piece, which is then not copied.
            first = data;
        } else {
            if rest.is_empty() {
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&data);
        }
    }
    if length > MOST {
        let words = "The body is larger than 10 MB. Nothing of it was taken; send it as several smaller ones.";
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Issue::error(Code::TooLong, words)));
    }
    Ok(if rest.is_empty() { first } else { rest.into() })
}

/// Takes a body off the wire that nobody will look at, so that the sender hears why.
pub(super) async fn drain(body: Body) {
    drop(whole(body).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: Body) -> Result<Bytes, Refusal> {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(whole(body))
    }

    #[test]
    fn up_to_the_limit_and_not_a_byte_more() {
        assert_eq!(read(Body::from("abc")).unwrap(), "abc");
        assert!(read(Body::empty()).unwrap().is_empty());
        assert_eq!(read(Body::from(vec![b' '; MOST])).unwrap().len(), MOST);
        assert_eq!(read(Body::from(vec![b' '; MOST + 1])).unwrap_err().status, StatusCode::PAYLOAD_TOO_LARGE);
    }
}
