//! What an address says, read so that whatever does not parse gets a page of ours: axum's own extractors answer a bare
//! text in English.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The parameters of a route. Those that cannot be read name nothing: not found.
pub struct Path<T>(pub T);

/// The query of an address. One that cannot be read is a bad request.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if says_control(parts.uri.path()) {
            return Err(Problem::NotFound);
        }
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|path| Self(path.0))
            .map_err(|_| Problem::NotFound)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read_urlencoded(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)
    }
}

/// Reads what a form or a query says. No field of a browser holds the character zero, and PostgreSQL keeps none.
///
/// # Errors
/// [`Problem::BadRequest`].
pub fn read_urlencoded<T: DeserializeOwned>(encoded: &[u8]) -> Result<T, Problem> {
    let zero = encoded.contains(&0) || encoded.windows(3).any(|three| three == b"%00");
    if zero {
        return Err(Problem::BadRequest);
    }
    serde_urlencoded::from_bytes(encoded).map_err(|_| Problem::BadRequest)
}

/// Whether a path holds an encoded control character: ends of lines, the character zero. No address of ours has one.
fn says_control(path: &str) -> bool {
    path.split('%').skip(1).any(|escaped| {
        let digits = escaped.as_bytes();
        matches!(digits.first(), Some(b'0' | b'1'))
            || digits.starts_with(b"7f")
            || digits.starts_with(b"7F")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_seen_in_a_path_and_letters_are_not() {
        for path in ["/a%0a", "/%00", "/a/%1fb", "/%7F", "/%7fx"] {
            assert!(says_control(path), "{path}");
        }
        for path in ["/a", "/%C3%A9", "/%20a", "/%7e", "/100%"] {
            assert!(!says_control(path), "{path}");
        }
    }

    #[test]
    fn a_query_that_says_a_field_twice_or_a_zero_is_not_read() {
        #[derive(serde::Deserialize)]
        struct Asked {
            page: String,
        }
        let read = |text: &str| read_urlencoded::<Asked>(text.as_bytes()).map(|asked| asked.page);
        assert_eq!(read("page=2").unwrap(), "2");
        for text in ["page=1&page=2", "page=%00", "page=\0", "other=1"] {
            assert!(matches!(read(text), Err(Problem::BadRequest)), "{text:?}");
        }
    }
}
