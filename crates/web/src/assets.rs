//! Serves the bundle that the build script made: style sheets, scripts and icons under addresses that carry the hash of
//! their content, so that a browser may keep them for ever. Must not read the disk or serve anything else.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// One bundled file.
#[derive(Debug)]
pub struct Asset {
    /// Its path, hash included: `/assets/weft.0a1b2c3d4e5f.css`.
    pub address: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub plain: &'static [u8],
    /// The same, compressed with gzip.
    pub gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Every bundled file.
#[must_use]
pub fn all() -> &'static [Asset] {
    TABLE
}

/// The route of the assets, to merge into the application's router.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = TABLE.iter().find(|asset| asset.address.strip_prefix("/assets/") == Some(name.as_str())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let packed = accepts_gzip(&headers) && asset.gzip.len() < asset.plain.len();
    let mut response = if packed { asset.gzip } else { asset.plain }.into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if packed {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// True if the browser takes gzip; `gzip;q=0` is a refusal.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|one| {
            let mut parts = one.split(';').map(str::trim);
            let refused =
                one.split(';').skip(1).any(|part| matches!(part.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case("gzip")) && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    fn ask(address: &str, encoding: Option<&str>) -> Response {
        let mut request = Request::builder().uri(address);
        if let Some(encoding) = encoding {
            request = request.header(header::ACCEPT_ENCODING, encoding);
        }
        let request = request.body(Body::empty()).unwrap();
        let answer = router::<()>().oneshot(request);
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(answer).unwrap()
    }

    #[test]
    fn a_known_file_is_kept_for_ever_and_compressed_when_wanted() {
        let plain = ask(address::WEFT_CSS, None);
        assert_eq!(plain.status(), StatusCode::OK);
        assert_eq!(plain.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(plain.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        let packed = ask(address::NHSUK_FRONTEND_CSS, Some("br, gzip"));
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
        let refused = ask(address::NHSUK_FRONTEND_CSS, Some("gzip;q=0, br"));
        assert!(!refused.headers().contains_key(header::CONTENT_ENCODING));
    }

    #[test]
    fn anything_else_is_not_found() {
        assert_eq!(ask("/assets/weft.css", None).status(), StatusCode::NOT_FOUND);
        assert_eq!(ask("/assets/..%2FCargo.toml", None).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn no_file_calls_another_host_or_names_a_file_that_is_not_bundled() {
        for asset in all().iter().filter(|asset| asset.content_type.starts_with("text/css")) {
            let css = std::str::from_utf8(asset.plain).unwrap();
            assert!(!css.contains("@font-face"), "{} still has fonts", asset.address);
            for target in css.split("url(").skip(1).filter_map(|after| after.split(')').next()) {
                assert!(all().iter().any(|other| other.address == target), "{} points at {target}", asset.address);
            }
        }
    }
}
