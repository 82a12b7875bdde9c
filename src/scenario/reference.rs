//! The reference page of the format, made from the declaration that the reader uses.

use super::schema::{Field, Need, Shape, Ty, Union};
use super::table::SCENARIO;
use super::vocabulary::VOCABULARY;
use std::fmt::Write as _;

/// A part of the page.
enum Part {
    Shape(&'static Shape),
    Union(&'static Union),
}

/// The page `docs/scenario-format.md`.
pub fn format_reference() -> String {
    let mut out = String::from(
        "# Scenario format\n\nGenerated from the declaration that the reader uses; `wheel docs docs` writes it again.\n\n\
         A scenario is a folder `scenarios/<slug>/`: `scenario.ron` (this page), texts beside it, `sources.md`, and the\n\
         walkthroughs `reference.wom`, `better.wom` and `nobody.wom`. The text is RON: structures `( field: value )`, variants\n\
         `Name(…)`, lists `[…]`, maps `{ \"id\": value }`, comments `//`. Quantities are strings with units and are read exactly.\n\
         Nothing unknown is ignored. `wheel validate` reports every problem of a file at once (see `diagnostics.md`).\n\n\
         ## Values\n\n| type | written | means |\n|---|---|---|\n",
    );
    for (ty, means) in VALUES {
        let _ = writeln!(out, "| {} | `{}` | {means} |", ty.noun(), ty.example());
    }
    out.push_str("\n## What a story may need\n\n| thing | where | example |\n|---|---|---|\n");
    for (thing, ty, example) in VOCABULARY {
        let _ = writeln!(out, "| {thing} | {} | `{example}` |", ty.noun());
    }
    let mut parts: Vec<Part> = Vec::new();
    collect_shape(&SCENARIO, &mut parts);
    for part in &parts {
        match part {
            Part::Shape(s) => {
                let _ = write!(out, "\n## {}\n\n{}\n\n", s.name, s.doc);
                table(&mut out, s.fields);
            }
            Part::Union(u) => {
                let _ = write!(out, "\n## {}\n\n{}\n\n| variant | means | fields |\n|---|---|---|\n", u.name, u.doc);
                for v in u.all() {
                    let _ = writeln!(out, "| `{}` | {} | {} |", v.example(), v.doc, fields_in_line(v.tuple, v.fields));
                }
            }
        }
    }
    out
}

const VALUES: &[(Ty, &str)] = &[
    (Ty::Offset, "counted from T0, negative before it; units `d` `h` `m` `s`, larger first"),
    (Ty::Span, "units `d` `h` `m` `s`, larger first"),
    (Ty::Micros, "`us`, `ms`, `s`, `m`"),
    (Ty::Bytes, "`B`, `kB` `MB` `GB` `TB` (powers of 1000), `KiB` `MiB` `GiB` `TiB` (powers of 1024)"),
    (Ty::Rate, "`/s`, `/m` or `/h`; may be a fraction"),
    (Ty::Share, "a fraction or decimal from 0 to 1"),
    (Ty::Exact, "a fraction or decimal, not negative"),
    (Ty::Utc, "a moment in UTC"),
    (
        Ty::Fact,
        "`\"<source> <row>\"`, `\"derived <source> <how>\"` or `\"invented\"`: every fact says where it comes from",
    ),
    (Ty::Lang, "also `File(\"name\")` for `name.en.md` and `name.ko.md`, or one string for both languages"),
    (Ty::Doc, "also `File(\"name\")` for the text of that file of the package"),
];

fn table(out: &mut String, fields: &[Field]) {
    out.push_str("| field | type | default | means | example |\n|---|---|---|---|---|\n");
    for f in fields {
        let _ = writeln!(out, "| `{}` | {} | {} | {} | `{}` |", f.name, f.ty.noun(), default(f), f.doc, sample(f));
    }
}

/// A whole structure as an example would be a screenful; the link in the type column says it better.
fn sample(f: &Field) -> String {
    let text = f.sample();
    if text.chars().count() > 90 { "…".into() } else { text }
}

fn default(f: &Field) -> String {
    match f.need {
        Need::Required => "needed".into(),
        Need::Optional => "absent".into(),
        Need::Default(ron) => format!("`{ron}`"),
    }
}

fn fields_in_line(tuple: bool, fields: &[Field]) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|f| {
            let name = if tuple { String::new() } else { format!("`{}`: ", f.name) };
            let default = if matches!(f.need, Need::Required) { String::new() } else { format!(" ({})", default(f)) };
            format!("{name}{}{default}: {}", f.ty.noun(), f.doc)
        })
        .collect();
    parts.join("<br>")
}

fn collect_shape(shape: &'static Shape, parts: &mut Vec<Part>) {
    if parts.iter().any(|p| matches!(p, Part::Shape(s) if std::ptr::eq(*s, shape))) {
        return;
    }
    parts.push(Part::Shape(shape));
    shape.fields.iter().for_each(|f| collect(f.ty, parts));
}

fn collect(ty: Ty, parts: &mut Vec<Part>) {
    match ty {
        Ty::List(ty) | Ty::Some(ty) | Ty::Map(ty) => collect(*ty, parts),
        Ty::Struct(shape) => collect_shape(shape, parts),
        Ty::OneOf(union) => collect_union(union, parts),
        _ => {}
    }
}

fn collect_union(union: &'static Union, parts: &mut Vec<Part>) {
    if parts.iter().any(|p| matches!(p, Part::Union(u) if std::ptr::eq(*u, union))) {
        return;
    }
    parts.push(Part::Union(union));
    union.all().flat_map(|v| v.fields).for_each(|f| collect(f.ty, parts));
}

/// Every field of the format with its owner's name, for the test that examples and defaults can be read.
pub fn all_fields() -> Vec<(String, &'static Field)> {
    let mut parts = Vec::new();
    collect_shape(&SCENARIO, &mut parts);
    let mut out = Vec::new();
    for part in parts {
        match part {
            Part::Shape(s) => out.extend(s.fields.iter().map(|f| (s.name.to_owned(), f))),
            Part::Union(u) => {
                for v in u.all() {
                    out.extend(v.fields.iter().map(|f| (format!("{}::{}", u.name, v.name), f)));
                }
            }
        }
    }
    out
}
