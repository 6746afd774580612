use axum::body::to_bytes;

use super::*;

async fn body(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn a_full_answer_keeps_everything() {
    let response = read(
        br#"{"statusCode":202,"headers":{"a":"1","n":5},
            "cookies":["x=1","y=2"],"body":"aGk=","isBase64Encoded":true}"#,
    )
    .expect("readable");
    assert_eq!(response.status(), 202);
    let headers = response.headers();
    assert_eq!(headers["a"], "1");
    assert_eq!(headers["n"], "5");
    assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
    assert_eq!(body(response).await, "hi");
}

#[tokio::test]
async fn json_without_a_status_code_is_the_body_of_a_200() {
    let response = read(br#"{"hello":"world"}"#).expect("readable");
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(body(response).await, r#"{"hello":"world"}"#);
    assert_eq!(body(read(br#""plain""#).expect("readable")).await, "plain");
    let list = read(br#"[200,null,null,"no response",null]"#).expect("readable");
    assert_eq!(body(list).await, r#"[200,null,null,"no response",null]"#);
}

#[test]
fn what_cannot_be_sent_is_an_error() {
    for payload in [
        &b"not json"[..],
        br#"{"statusCode":99}"#,
        br#"{"statusCode":null}"#,
        br#"{"statusCode":403,"body":{"error":"x"}}"#,
        br#"{"statusCode":200,"headers":{"x-share":1.5}}"#,
        br#"{"statusCode":200,"headers":{"x-none":null}}"#,
        br#"{"statusCode":200,"headers":{"bad name":"x"}}"#,
        br#"{"statusCode":200,"body":"***","isBase64Encoded":true}"#,
    ] {
        assert!(read(payload).is_err(), "{}", String::from_utf8_lossy(payload));
    }
}
