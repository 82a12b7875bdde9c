//! The words of expressions: functions, and what is not simulated.

/// Functions: their words, arguments, whether a path may follow at once.
#[rustfmt::skip]
pub(super) const CALLS: &[(&[&str], &str, usize, bool)] = &[
    (&["length"], "length", 0, false), (&["to_number", "tonumber"], "to_number", 0, false),
    (&["map_values", "mapvalues"], "map_values", 1, true), (&["map"], "map", 1, true), (&["filter"], "filter", 1, true),
    (&["pick"], "pick", 1, true), (&["omit"], "omit", 1, true), (&["flatten"], "flatten", 0, true),
    (&["error"], "error", 1, false), (&["sort_keys", "sortKeys", "sortkeys"], "sort_keys", 1, true),
    (&["to_json", "tojson"], "to_json", 0, false), (&["select"], "select", 1, true), (&["has"], "has", 1, false),
    (&["unique_by", "uniqueby"], "unique_by", 1, true), (&["unique"], "unique", 0, true),
    (&["group_by", "groupby"], "group_by", 1, true), (&["not"], "not", 0, false), (&["join"], "join", 1, false),
    (&["sub"], "sub", 1, false), (&["test"], "test", 1, false), (&["sort_by", "sortby"], "sort_by", 1, true),
    (&["sort"], "sort", 0, true), (&["first"], "first", 1, true), (&["reverse"], "reverse", 0, true),
    (&["any_c"], "any_c", 1, false), (&["any"], "any", 0, false), (&["all_c"], "all_c", 1, false), (&["all"], "all", 0, false),
    (&["contains"], "contains", 1, false), (&["split"], "split", 1, true), (&["keys"], "keys", 0, true),
    (&["key"], "key", 0, false), (&["is_key"], "is_key", 0, false), (&["tag", "type"], "tag", 0, false),
    (&["kind"], "kind", 0, false), (&["to_entries", "toEntries", "toentries"], "to_entries", 0, true),
    (&["from_entries", "fromEntries", "fromentries"], "from_entries", 0, false),
    (&["with_entries", "withEntries", "withentries"], "with_entries", 1, false), (&["with"], "with", 1, true),
    (&["del"], "del", 1, false), (&["path"], "path", 0, true), (&["parent"], "parent", 0, true),
    (&["min"], "min", 0, false), (&["max"], "max", 0, false), (&["empty"], "empty", 0, false),
    (&["upcase", "ascii_upcase", "asciiupcase"], "upcase", 0, false),
    (&["downcase", "ascii_downcase", "asciidowncase"], "downcase", 0, false), (&["trim"], "trim", 0, false),
    (&["to_string", "tostring"], "to_string", 0, false),
    (&["document_index", "documentIndex", "documentindex", "di"], "document_index", 0, false),
];

/// Words of yq that are not simulated; they are told from what is no word of it.
#[rustfmt::skip]
pub(super) const MISSING: &[&str] = &[
    "alias", "anchor", "array_to_map", "capture", "column", "comments", "comment", "delpaths", "envsubst", "eval", "explode",
    "file_index", "fileIndex", "fi", "filename", "foot_comment", "footComment", "format_datetime", "from_csv", "from_json", "from_props",
    "from_tsv", "from_unix", "from_xml", "from_yaml", "head_comment", "headComment", "ireduce", "line", "line_comment", "lineComment", "load",
    "load_base64", "load_props", "load_str", "load_xml", "match", "now", "parents", "pivot", "ref", "root", "setpath", "shuffle",
    "split_doc", "splitDoc", "strload", "style", "system", "to_csv", "to_props", "to_tsv", "to_unix", "to_xml", "to_yaml", "tz", "with_dtf",
];
