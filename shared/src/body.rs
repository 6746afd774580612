//! Unpacking a request's body, within caps on what travels and on what comes out.

use std::{borrow::Cow, io::Read};

use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};

use crate::{
    config::{ConfigError, Env},
    entry::EntryError,
};

/// Caps in bytes.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// As it travels.
    pub compressed: usize,
    /// After decompression.
    pub decompressed: usize,
}

impl BodyLimits {
    /// `MAX_BODY_BYTES` (6 MiB; Lambda's own limit on the event is hardly above)
    /// and `MAX_DECOMPRESSED_BYTES` (10 MiB).
    ///
    /// # Errors
    /// When one of them is no number.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        Ok(Self {
            compressed: env.parsed_or("MAX_BODY_BYTES", 6 * 1024 * 1024)?,
            decompressed: env.parsed_or("MAX_DECOMPRESSED_BYTES", 10 * 1024 * 1024)?,
        })
    }
}

/// The body's bytes, decompressed where `Content-Encoding` says gzip.
///
/// A gzip bomb costs at most the cap: decompression stops there.
///
/// # Errors
/// When it is over a cap, is not gzip although it should be, or is packed in
/// another way.
pub fn unpack<'a>(
    headers: &HeaderMap,
    body: &'a [u8],
    limits: BodyLimits,
) -> Result<Cow<'a, [u8]>, EntryError> {
    if body.len() > limits.compressed {
        return Err(EntryError::BodyTooLarge {
            what: "transmitted",
            limit: limits.compressed,
        });
    }
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .map(|value| value.as_bytes().to_ascii_lowercase());
    match encoding.as_deref() {
        None | Some(b"" | b"identity") if body.len() > limits.decompressed => Err(EntryError::BodyTooLarge {
            what: "plain",
            limit: limits.decompressed,
        }),
        None | Some(b"" | b"identity") => Ok(Cow::Borrowed(body)),
        Some(b"gzip" | b"x-gzip") => gunzip(body, limits.decompressed).map(Cow::Owned),
        Some(_) => Err(EntryError::UnsupportedEncoding),
    }
}

fn gunzip(body: &[u8], limit: usize) -> Result<Vec<u8>, EntryError> {
    let mut plain = Vec::with_capacity((body.len() * 4).min(limit));
    let one_too_many = limit as u64 + 1;
    let mut decoder = MultiGzDecoder::new(body).take(one_too_many);
    decoder.read_to_end(&mut plain).map_err(|_| EntryError::NotGzip)?;
    if plain.len() > limit {
        return Err(EntryError::BodyTooLarge {
            what: "decompressed",
            limit,
        });
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use http::HeaderValue;
    use proptest::prelude::*;
    use std::io::Write;

    const LIMITS: BodyLimits = BodyLimits {
        compressed: 10_000,
        decompressed: 20_000,
    };

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn encoding(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(value))])
    }

    fn tag(headers: &HeaderMap, body: &[u8]) -> &'static str {
        unpack(headers, body, LIMITS).expect_err("refused").kind().0
    }

    #[test]
    fn a_bomb_a_cut_and_a_lie_are_told_apart() {
        let bomb = gzip(&vec![b'1'; 1_000_000]);
        assert!(bomb.len() < LIMITS.compressed);
        assert_eq!(tag(&encoding("gzip"), &bomb), "body-too-large");
        let whole = gzip(b"[1, 2, 3]");
        for cut in 0..whole.len() {
            assert_eq!(tag(&encoding("gzip"), &whole[..cut]), "not-gzip", "cut at {cut}");
        }
        assert_eq!(tag(&encoding("gzip"), b"[1, 2, 3]"), "not-gzip");
        assert_eq!(tag(&encoding("br"), b"[1, 2, 3]"), "unsupported-encoding");
        assert_eq!(tag(&HeaderMap::new(), &[b'1'; 10_001]), "body-too-large");
    }

    #[test]
    fn members_that_follow_each_other_are_one_body() {
        let body = [gzip(b"[1,"), gzip(b"2]")].concat();
        assert_eq!(
            &*unpack(&encoding("GZIP"), &body, LIMITS).expect("gzip"),
            b"[1,2]"
        );
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_out(plain in prop::collection::vec(any::<u8>(), 0..5_000)) {
            let packed = gzip(&plain);
            prop_assert_eq!(&*unpack(&encoding("gzip"), &packed, LIMITS).expect("gzip"), &plain[..]);
            prop_assert_eq!(&*unpack(&HeaderMap::new(), &plain, LIMITS).expect("plain"), &plain[..]);
        }
    }
}
