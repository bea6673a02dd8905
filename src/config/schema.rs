use serde_json::{Map, Value, json};

use crate::config::keys::{Absent, Key, TABLES, Table};
use crate::config::kind::Kind;

/// The JSON Schema of feeds.toml (draft 2020-12), for editors that complete and check it while it is written.
pub fn json_schema() -> Value {
    let tables: Map<String, Value> = TABLES.iter().map(|table| (table.name.to_owned(), table_schema(table))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "feeds.toml of kliping",
        "type": "object",
        "additionalProperties": false,
        "properties": tables,
    })
}

fn table_schema(table: &Table) -> Value {
    let known = || table.keys.iter().filter(|key| key.absent != Absent::NotYet);
    let properties: Map<String, Value> = known().map(|key| (key.name.to_owned(), key_schema(key))).collect();
    let required: Vec<&str> = known().filter(|key| key.absent == Absent::Required).map(|key| key.name).collect();
    let mut one = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !required.is_empty() {
        one["required"] = json!(required);
    }
    let mut schema = if table.many { json!({ "type": "array", "items": one }) } else { one };
    schema["description"] = json!(table.about);
    schema
}

fn key_schema(key: &Key) -> Value {
    let mut schema = kind_schema(&key.kind);
    schema["description"] = json!(key.about);
    if let Absent::Default(written) = key.absent {
        // The defaults are of the few forms that TOML and JSON write alike.
        schema["default"] = serde_json::from_str(written).unwrap_or(Value::Null);
    }
    schema
}

fn kind_schema(kind: &Kind) -> Value {
    const ID: &str = "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$";
    match kind {
        Kind::Text
        | Kind::Contact
        | Kind::Zone
        | Kind::Cron
        | Kind::Listen
        | Kind::Path
        | Kind::File
        | Kind::Charset
        | Kind::Selector
        | Kind::UserAgent => {
            json!({ "type": "string", "minLength": 1 })
        }
        Kind::Id => json!({ "type": "string", "pattern": ID }),
        Kind::Address => json!({ "type": "string", "format": "uri", "pattern": "^https?://" }),
        Kind::Hub => json!({ "type": "string", "pattern": "^(https?://.*|own|none)$" }),
        Kind::Language => json!({ "type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$" }),
        Kind::Duration { .. } => json!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$" }),
        Kind::Size { .. } => json!({ "type": "string", "pattern": "^[0-9]+([kKmMgG]i?)?[bB]$" }),
        Kind::Count { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Choice { words } => json!({ "type": "string", "enum": words }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string", "minLength": 1 } }),
        Kind::Ids => json!({ "type": "array", "items": { "type": "string", "pattern": ID } }),
    }
}

#[cfg(test)]
mod tests {
    use super::json_schema;

    #[test]
    fn the_schema_knows_what_may_and_what_must_be_written() {
        let schema = json_schema();
        let source = &schema["properties"]["source"]["items"];
        assert_eq!(source["required"], serde_json::json!(["id", "title", "url"]));
        assert_eq!(source["additionalProperties"], false);
        assert_eq!(
            source["properties"]["kind"]["enum"],
            serde_json::json!(["feed", "page", "sitemap", "wordpress", "file"])
        );
        assert_eq!(
            schema["properties"]["store"]["properties"].get("url"),
            None,
            "what this version cannot do is not offered"
        );
        let fetch = &schema["properties"]["fetch"]["properties"];
        assert_eq!(fetch["timeout"]["default"], "30s");
        assert_eq!(fetch["concurrency"]["maximum"], 256);
        let described = |table: &serde_json::Value| {
            table["properties"].as_object().unwrap().values().all(|key| key["description"].is_string())
        };
        assert!(described(source) && described(&schema["properties"]["fetch"]));
    }
}
