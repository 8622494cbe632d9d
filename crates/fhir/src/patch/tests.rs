//! RFC 6902's own examples (its appendix A, in our words) and what a resource adds to them.

use serde_json::json;

use super::*;

/// A resource with some content, patched; the content afterwards, or the words of the refusal.
fn patched(content: Value, patch: Value) -> Result<Value, String> {
    let resource = json!({"resourceType": "Basic", "id": "b", "meta": {"versionId": "1"}, "x": content});
    match apply(&resource, &patch) {
        Ok(value) => Ok(value["x"].clone()),
        Err(issues) => Err(issues.iter().map(|issue| issue.words.as_str()).collect::<Vec<_>>().join(" / ")),
    }
}

#[test]
fn what_the_operations_do() {
    for (content, patch, expected) in [
        (
            json!({"foo": "bar"}),
            json!([{"op": "add", "path": "/x/baz", "value": "qux"}]),
            json!({"foo": "bar", "baz": "qux"}),
        ),
        (
            json!({"foo": ["bar", "baz"]}),
            json!([{"op": "add", "path": "/x/foo/1", "value": "qux"}]),
            json!({"foo": ["bar", "qux", "baz"]}),
        ),
        (
            json!({"foo": ["bar"]}),
            json!([{"op": "add", "path": "/x/foo/-", "value": ["abc"]}]),
            json!({"foo": ["bar", ["abc"]]}),
        ),
        (json!({"baz": 1, "foo": 2}), json!([{"op": "remove", "path": "/x/baz"}]), json!({"foo": 2})),
        (json!({"foo": ["a", "b", "c"]}), json!([{"op": "remove", "path": "/x/foo/1"}]), json!({"foo": ["a", "c"]})),
        (json!({"baz": "qux"}), json!([{"op": "replace", "path": "/x/baz", "value": "boo"}]), json!({"baz": "boo"})),
        (
            json!({"foo": {"w": 1}, "q": {}}),
            json!([{"op": "move", "from": "/x/foo/w", "path": "/x/q/t"}]),
            json!({"foo": {}, "q": {"t": 1}}),
        ),
        (
            json!({"foo": ["a", "g", "c", "e"]}),
            json!([{"op": "move", "from": "/x/foo/1", "path": "/x/foo/3"}]),
            json!({"foo": ["a", "c", "e", "g"]}),
        ),
        (json!({"a": 1}), json!([{"op": "copy", "from": "/x/a", "path": "/x/b"}]), json!({"a": 1, "b": 1})),
        (
            json!({"a~b": 1, "c/d": 2}),
            json!([{"op": "test", "path": "/x/a~0b", "value": 1}, {"op": "remove", "path": "/x/c~1d"}]),
            json!({"a~b": 1}),
        ),
        (json!({"a": null}), json!([{"op": "test", "path": "/x/a", "value": null}]), json!({"a": null})),
        (json!(1), json!([]), json!(1)),
        (json!({"a": 1}), json!([{"op": "add", "path": "/x/a", "value": 2, "comment": "ignored"}]), json!({"a": 2})),
    ] {
        assert_eq!(patched(content, patch.clone()), Ok(expected), "{patch}");
    }
}

#[test]
fn what_cannot_be_done_says_which_operation_and_why() {
    for (patch, words) in [
        (json!({}), "a JSON Patch is a list"),
        (json!([1]), "operation 0: an operation is an object"),
        (json!([{"op": "spoil", "path": "/x"}]), "there is no `spoil`; `op` is one of add, remove"),
        (json!([{"op": "add", "path": "/x/a"}]), "operation 0: `add` needs `value`"),
        (json!([{"op": "remove"}]), "`remove` needs `path`"),
        (json!([{"op": "copy", "path": "/x/a"}]), "`copy` needs `from`"),
        (json!([{"op": "remove", "path": "x/a"}]), "is a JSON pointer"),
        (json!([{"op": "remove", "path": 3}]), "`path` is text"),
        (
            json!([{"op": "add", "path": "/x/b", "value": 1}, {"op": "test", "path": "/x/b", "value": 2}]),
            "operation 1: the value at `/x/b` is not",
        ),
        (json!([{"op": "remove", "path": "/x/none"}]), "no such place as `/x/none`"),
        (json!([{"op": "replace", "path": "/x/none", "value": 1}]), "no such place"),
        (json!([{"op": "add", "path": "/x/none/deep", "value": 1}]), "no such place"),
        (json!([{"op": "add", "path": "/x/a/9", "value": 1}]), "no such place"),
        (json!([{"op": "add", "path": "/x/a/01", "value": 1}]), "no such place"),
        (json!([{"op": "move", "from": "/x/none", "path": "/x/b"}]), "operation 0"),
        (json!([{"op": "move", "from": "/x", "path": "/x/a/0"}]), "operation 0"),
        (json!([{"op": "replace", "path": "/id", "value": "c"}]), "may not change `id`"),
        (json!([{"op": "remove", "path": "/resourceType"}]), "may not change `resourceType`"),
        (json!([{"op": "replace", "path": "/meta/versionId", "value": "9"}]), "`meta.versionId`"),
        (json!([{"op": "remove", "path": "/meta"}]), "`meta.versionId`"),
        (json!([{"op": "replace", "path": "", "value": []}]), "must leave a resource"),
    ] {
        let words_said = patched(json!({"a": [1]}), patch.clone()).unwrap_err();
        assert!(words_said.contains(words), "{patch}: {words_said}");
    }
}

#[test]
fn numbers_keep_their_digits_and_copies_do_not_explode() {
    let resource: Value = serde_json::from_str(r#"{"resourceType": "Basic", "x": 1.10}"#).unwrap();
    let patch: Value = serde_json::from_str(r#"[{"op": "add", "path": "/y", "value": 2.50}]"#).unwrap();
    assert_eq!(apply(&resource, &patch).unwrap().to_string(), r#"{"resourceType":"Basic","x":1.10,"y":2.50}"#);
    let doubling = json!({"op": "copy", "from": "/x", "path": "/x/-"});
    let bomb = Value::Array(vec![doubling; 40]);
    let said = apply(&json!({"resourceType": "Basic", "x": [1]}), &bomb).unwrap_err();
    assert!(said[0].words.contains("too large"), "{said:?}");
}

proptest::proptest! {
    #[test]
    fn no_pointer_makes_it_panic(path in "[/~a-z0-9-]{0,12}", op in "add|remove|replace|move|copy|test") {
        let _ = patched(serde_json::json!({"a": [1, {"b": 2}]}), serde_json::json!([{"op": op, "path": path, "from": "/x/a", "value": 1}]));
    }
}
