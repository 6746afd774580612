use super::*;
use http::HeaderValue;
use proptest::prelude::*;

const RING: &str = "local:2a9f26e7bb2f1a0d4a6b3b4a7e8c3a52cbd0cc0f5b2f8b4b1f7c2a0f0e0d0c0b";

fn ring() -> KeyRing {
    let hex = |key: &str| -> String { Sha256::digest(key).iter().map(|b| format!("{b:02x}")).collect() };
    format!("old:{}, new:{}", hex("old-key"), hex("next-key"))
        .parse()
        .expect("a ring")
}

fn headers(name: &'static str, value: &str) -> HeaderMap {
    let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header");
    HeaderMap::from_iter([(http::HeaderName::from_static(name), value)])
}

#[test]
fn each_way_to_send_a_key_lets_in() {
    let basic = format!("Basic {}", BASE64_STANDARD.encode("any:next-key"));
    for (name, value) in [
        ("x-api-key", "next-key"),
        ("authorization", "Bearer next-key"),
        ("authorization", "bearer  next-key"),
        ("authorization", basic.as_str()),
    ] {
        assert_eq!(
            ring().authenticate(&headers(name, value)),
            Ok("new"),
            "{name}: {value}"
        );
    }
}

#[test]
fn rotation_lets_both_keys_in_under_their_own_ids() {
    assert_eq!(ring().authenticate(&headers("x-api-key", "old-key")), Ok("old"));
    assert_eq!(ring().authenticate(&headers("x-api-key", "next-key")), Ok("new"));
}

#[test]
fn a_password_may_hold_colons() {
    let ring: KeyRing = format!("a:{:x}", Sha256::digest("b:c")).parse().expect("a ring");
    let basic = format!("Basic {}", BASE64_STANDARD.encode("user:b:c"));
    assert_eq!(ring.authenticate(&headers("authorization", &basic)), Ok("a"));
}

#[test]
fn no_key_and_a_wrong_key_are_told_apart() {
    assert_eq!(ring().authenticate(&HeaderMap::new()), Err(Unauthorized::Missing));
    for (name, value, expected) in [
        ("x-api-key", "", Unauthorized::Unknown),
        ("x-api-key", "next-key ", Unauthorized::Unknown),
        ("authorization", "Bearer wrong", Unauthorized::Unknown),
        ("authorization", "Digest next-key", Unauthorized::Missing),
        ("authorization", "Basic %%%", Unauthorized::Missing),
        ("authorization", "Basic", Unauthorized::Missing),
    ] {
        assert_eq!(
            ring().authenticate(&headers(name, value)),
            Err(expected),
            "{name}: {value}"
        );
    }
}

#[test]
fn a_bad_entry_is_named_by_its_place_and_never_shown() {
    for text in [
        "",
        "x",
        "x:abc",
        "x:zz",
        &format!("x:{}", "+f".repeat(32)),
        &format!("{RING},"),
        &format!("{RING},é:{}", "a".repeat(64)),
    ] {
        let error = text.parse::<KeyRing>().expect_err("not a ring");
        assert_eq!(
            error.entry,
            if text.starts_with("local") { 2 } else { 1 },
            "{text}"
        );
        assert!(!error.to_string().contains("2a9f26"));
    }
}

#[test]
fn debug_shows_ids_only() {
    assert_eq!(format!("{:?}", ring()), r#"["old", "new"]"#);
}

proptest! {
    #[test]
    fn no_header_value_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = HeaderValue::from_bytes(&bytes) {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
            let _ = ring().authenticate(&headers);
        }
    }

    #[test]
    fn no_ring_text_panics(text in "\\PC{0,80}") {
        let _ = text.parse::<KeyRing>();
    }
}
