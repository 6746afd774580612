//! The examples of the documents are answered, and as they say.

mod support;

use serde_json::Value;
use support::solved;

fn document(name: &str) -> String {
    let path = format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the file")
}

/// The body of the first call of the API in a document.
fn example(document: &str) -> Value {
    let (_, call) = document.split_once("/data/agents/actions -H").expect("a call");
    let (_, body) = call.split_once("-d '").expect("a body");
    serde_json::from_str(body.split('\'').next().expect("its end")).expect("JSON")
}

/// Whether `told` says nothing that is not so; it may leave things out.
fn holds(told: &Value, so: &Value) -> bool {
    match (told, so) {
        (Value::Object(told), Value::Object(so)) => told
            .iter()
            .all(|(name, told)| so.get(name).is_some_and(|so| holds(told, so))),
        (Value::Array(told), Value::Array(so)) => {
            told.len() == so.len() && told.iter().zip(so).all(|(told, so)| holds(told, so))
        }
        (told, so) => told == so,
    }
}

#[tokio::test]
async fn the_readme_s_call_is_answered() {
    let answer = solved(&example(&document("README.md"))).await;
    assert_eq!(answer["routes"][0]["steps"].as_array().map(Vec::len), Some(5));
}

/// What any solver has to answer: one order is left, and the past is what it was.
#[tokio::test]
async fn the_reference_s_example_is_answered_as_it_says() {
    let text = document("docs/ACTIONS.md");
    let answer = solved(&example(&text)).await;
    let (_, told) = text.split_once("```json\n").expect("an answer");
    let told: Value = serde_json::from_str(told.split("```").next().expect("its end")).expect("JSON");
    for part in [
        "/code",
        "/unassigned",
        "/routes",
        "/totals",
        "/recorded",
        "/history/actual",
        "/history/delivered",
    ] {
        let (told, so) = (told.pointer(part), answer.pointer(part));
        assert!(holds(told.expect(part), so.expect(part)), "{part}: {so:?}");
    }
    if answer["history"]["proof"]["status"] == "optimal" {
        assert!(holds(&told["history"], &answer["history"]), "{answer}");
    }
}
