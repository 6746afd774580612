//! SAM's `Globals`, merged into the resources they speak of.

use serde_json::{Map, Value};

use super::intrinsics::intrinsic;

/// Sections of `Globals` that matter here, and the type that each applies to.
const SECTIONS: [(&str, &str); 2] = [
    ("Function", "AWS::Serverless::Function"),
    ("HttpApi", "AWS::Serverless::HttpApi"),
];

/// Gives every resource its type's global properties.
pub(super) fn apply(globals: &Value, resources: &mut Map<String, Value>) {
    for (section, resource_type) in SECTIONS {
        let Some(defaults) = globals.get(section) else {
            continue;
        };
        for resource in resources.values_mut() {
            if resource.get("Type").and_then(Value::as_str) != Some(resource_type) {
                continue;
            }
            if let Some(resource) = resource.as_object_mut() {
                let own = resource.remove("Properties").unwrap_or(Value::Null);
                resource.insert("Properties".into(), merge(defaults.clone(), own));
            }
        }
    }
}

/// SAM's own rules: maps are merged, lists are joined with the global items
/// first, anything else (an intrinsic function too) is replaced by the
/// resource's own.
fn merge(global: Value, own: Value) -> Value {
    let replaced = intrinsic(&global).is_some() || intrinsic(&own).is_some();
    match (global, own) {
        (global, Value::Null) => global,
        (Value::Object(mut merged), Value::Object(own)) if !replaced => {
            for (key, value) in own {
                let value = match merged.remove(&key) {
                    Some(global) => merge(global, value),
                    None => value,
                };
                merged.insert(key, value);
            }
            merged.into()
        }
        (Value::Array(mut joined), Value::Array(own)) => {
            joined.extend(own);
            joined.into()
        }
        (_, own) => own,
    }
}
