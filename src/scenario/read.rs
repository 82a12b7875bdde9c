//! The reader: a RON text against the declaration. It never stops at a problem; whatever cannot be read becomes a hole.

use super::model::{LangText, Provenance};
use super::package::Package;
use super::schema::{Field, Need, Shape, Space, Ty, Union, Variant};
use super::value::{Value, What};
use crate::diagnostic::{Code, Diagnostic, SourceSpan};
use crate::stdx::time::Utc;
use crate::stdx::{rational, text, units};
use num_traits::Signed as _;
use ron2::ast::{Expr, MapExpr, StructBody, StructField, TupleElement};
use std::collections::BTreeMap;
use std::ops::Range;

/// A name in the file that must be declared somewhere.
#[derive(Clone, Debug)]
pub struct Use {
    /// Where it must be declared.
    pub space: Space,
    /// The name.
    pub name: String,
    /// Its place.
    pub at: Range<usize>,
}

/// The state of one reading.
pub struct Reader<'p> {
    package: &'p Package,
    file: String,
    source: &'p str,
    /// Problems so far.
    pub problems: Vec<Diagnostic>,
    /// Names that were used.
    pub uses: Vec<Use>,
    /// Whether the text had syntax errors; what may only follow from one is held back.
    pub broken: bool,
    /// While a default is read: the place of the structure that lacks the field.
    inside: Option<Range<usize>>,
}

impl<'p> Reader<'p> {
    /// A reader of `scenario.ron` of a package.
    pub fn new(package: &'p Package, source: &'p str) -> Reader<'p> {
        Reader {
            package,
            file: package.shown("scenario.ron"),
            source,
            problems: Vec::new(),
            uses: Vec::new(),
            broken: false,
            inside: None,
        }
    }

    /// Whether the package has this file.
    pub fn has_file(&self, name: &str) -> bool {
        self.package.files.contains_key(name)
    }

    /// The path of a file, as diagnostics show it.
    pub fn shown(&self, name: &str) -> String {
        self.package.shown(name)
    }

    /// Reports a problem.
    pub fn report(&mut self, code: Code, at: &Range<usize>, message: String, label: String, help: Option<String>) {
        let mut d = Diagnostic::new(code, &self.file, self.source, at.clone(), message, label);
        d.help = help;
        self.problems.push(d);
    }

    /// Reads the whole text.
    pub fn document(&mut self, shape: &'static Shape) -> Value {
        let source = self.source;
        let (document, errors) = ron2::ast::parse_document_lossy(source);
        self.broken = !errors.is_empty();
        let mut line = 0;
        for e in &errors {
            let at = e.span().start_offset..e.span().end_offset;
            let here = SourceSpan::of(source, at.clone()).line;
            // One slip makes the parser stumble several times on its line; the first time is the one to read.
            if here != line {
                let help = e.suggestion().map(|s| s.to_string());
                self.report(Code::Syntax, &at, format!("the text is not RON: {}", e.kind()), "here".into(), help);
            }
            line = here;
        }
        match &document.value {
            Some(expr) => self.read(expr, Ty::Struct(shape)),
            None => {
                if !self.broken {
                    self.report(
                        Code::Syntax,
                        &(0..0),
                        "the file is empty".into(),
                        "expected `Scenario(…)`".into(),
                        None,
                    );
                }
                Value::hole(0..0)
            }
        }
    }

    fn place(&self, expr: &Expr<'_>) -> Range<usize> {
        self.inside.clone().unwrap_or(expr.span().start_offset..expr.span().end_offset)
    }

    fn wrong(&mut self, at: &Range<usize>, ty: Ty, expr: &Expr<'_>) -> Value {
        let help = match expr {
            Expr::Option(o) if o.value.is_some() => "write the value itself, without `Some(…)`".to_owned(),
            Expr::Option(_) => "leave the field out".to_owned(),
            _ => format!("for example {}", ty.example()),
        };
        let message = format!("expected {}, found {}", ty.noun(), found(expr));
        self.report(Code::WrongType, at, message, format!("expected {}", ty.noun()), Some(help));
        Value::hole(at.clone())
    }

    fn read(&mut self, expr: &Expr<'_>, ty: Ty) -> Value {
        let at = self.place(expr);
        if matches!(expr, Expr::Error(_)) {
            return Value::hole(at);
        }
        match ty {
            Ty::Struct(shape) => self.structure(expr, shape, at),
            Ty::OneOf(union) => self.variant(expr, union, at),
            Ty::List(item) => match expr {
                Expr::Seq(seq) => {
                    let items = seq.items.iter().map(|i| self.read(&i.expr, *item)).collect();
                    Value { at, what: What::List(items) }
                }
                _ => self.wrong(&at, ty, expr),
            },
            Ty::Some(item) => match expr {
                Expr::Seq(_) => self.read(expr, Ty::List(item)),
                _ => {
                    let one = self.read(expr, *item);
                    Value { at, what: What::List(vec![one]) }
                }
            },
            Ty::Map(item) => match expr {
                Expr::Map(map) => {
                    let entries = self.entries(map, *item);
                    Value { at, what: What::Map(entries) }
                }
                _ => self.wrong(&at, ty, expr),
            },
            Ty::Lang => self.lang(expr, at),
            Ty::Doc if file_name(expr).is_some() => {
                let name = file_name(expr).unwrap_or_default();
                let text = self.file_text(&name, &at);
                Value { at, what: What::Text(text) }
            }
            Ty::Int(lo, hi) => match expr {
                Expr::Number(n) => match n.raw.replace('_', "").parse::<i64>() {
                    Ok(v) if (lo..=hi).contains(&v) => Value { at, what: What::Int(v) },
                    Ok(v) => {
                        let label = format!("from {lo} to {hi}");
                        self.report(Code::OutOfRange, &at, format!("{v} is out of range"), label, None);
                        Value::hole(at)
                    }
                    Err(_) => self.wrong(&at, ty, expr),
                },
                _ => self.wrong(&at, ty, expr),
            },
            Ty::Bool => match expr {
                Expr::Bool(b) => Value { at, what: What::Bool(b.value) },
                _ => self.wrong(&at, ty, expr),
            },
            _ => match expr {
                Expr::String(s) => self.scalar(&s.value, ty, at),
                _ => self.wrong(&at, ty, expr),
            },
        }
    }

    /// A quantity, name or word written as a string.
    fn scalar(&mut self, s: &str, ty: Ty, at: Range<usize>) -> Value {
        let what = match ty {
            Ty::Offset => units::offset(s).map(What::Offset),
            Ty::Span => units::span(s).map(What::Span),
            Ty::Bytes => units::bytes(s).map(What::Amount),
            Ty::Micros => units::micros(s).map(What::Amount),
            Ty::Rate => units::rate(s).map(What::Ratio),
            Ty::Share => units::share(s).map(What::Ratio),
            Ty::Exact => rational::parse(s).filter(|r| !r.is_negative()).map(What::Ratio),
            Ty::Utc => Utc::parse(s).map(What::Utc),
            Ty::Fact => return self.fact(s, at),
            Ty::Name(space) => {
                self.uses.push(Use { space, name: s.to_owned(), at: at.clone() });
                Some(What::Name(s.to_owned()))
            }
            Ty::Word(words) => {
                if !words.contains(&s) {
                    let help = suggest(s, words.iter().copied());
                    self.report(
                        Code::UnknownVariant,
                        &at,
                        format!("unknown word `{s}`"),
                        "not in the list".into(),
                        help,
                    );
                    return Value::hole(at);
                }
                Some(What::Text(s.to_owned()))
            }
            _ => Some(What::Text(s.to_owned())),
        };
        match what {
            Some(what) => Value { at, what },
            None => {
                let message = format!("`{s}` is not a {}", ty.noun());
                let help = format!("for example {}", ty.example());
                self.report(Code::BadUnit, &at, message, format!("expected {}", ty.noun()), Some(help));
                Value::hole(at)
            }
        }
    }

    fn fact(&mut self, s: &str, at: Range<usize>) -> Value {
        let (first, rest) = s.split_once(' ').unwrap_or((s, ""));
        let what = match (first, rest.trim()) {
            ("invented", "") => Provenance::Invented,
            ("derived", how) if !how.is_empty() => {
                let source = how.split(' ').next().unwrap_or_default();
                self.uses.push(Use { space: Space::Source, name: source.to_owned(), at: at.clone() });
                Provenance::Derived(how.to_owned())
            }
            (_, "") => {
                let help = Some("`\"<source> <row>\"`, `\"derived <source> <how>\"` or `\"invented\"`".to_owned());
                let message = format!("`{s}` does not say where the fact comes from");
                self.report(Code::MissingProvenance, &at, message, "expected a source and its row".into(), help);
                return Value::hole(at);
            }
            (source, row) => {
                self.uses.push(Use { space: Space::Source, name: source.to_owned(), at: at.clone() });
                Provenance::Source { source: source.to_owned(), row: row.to_owned() }
            }
        };
        Value { at, what: What::Fact(what) }
    }

    fn file_text(&mut self, name: &str, at: &Range<usize>) -> String {
        if let Some(text) = self.package.files.get(name) {
            return text.clone();
        }
        let help = text::nearest(name, self.package.files.keys().map(String::as_str))
            .map_or_else(|| format!("add {}", self.package.shown(name)), |n| format!("did you mean `{n}`?"));
        let message = format!("the package has no file `{name}`");
        self.report(Code::MissingFile, at, message, format!("`{name}` is not there"), Some(help));
        String::new()
    }

    fn lang(&mut self, expr: &Expr<'_>, at: Range<usize>) -> Value {
        let mut lang = LangText::default();
        if let Some(name) = file_name(expr) {
            lang.en = self.file_text(&format!("{name}.en.md"), &at);
            lang.ko = self.file_text(&format!("{name}.ko.md"), &at);
            return Value { at, what: What::Lang(lang) };
        }
        match expr {
            Expr::String(s) => lang.en = s.value.clone(),
            Expr::Map(map) => {
                let mut seen = (false, false);
                for (key, place, value) in self.entries(map, Ty::Text) {
                    match key.as_str() {
                        "en" => (lang.en, seen.0) = (value.text(), true),
                        "ko" => (lang.ko, seen.1) = (value.text(), true),
                        _ => {
                            let message = format!("unknown language `{key}`");
                            let help = Some("languages: `en`, `ko`".to_owned());
                            self.report(
                                Code::UnknownField,
                                &place,
                                message,
                                "not a language of the catalogue".into(),
                                help,
                            );
                        }
                    }
                }
                if !seen.0 && !self.broken {
                    let message = "text without English".to_owned();
                    self.report(Code::MissingField, &at, message, "`\"en\"` is missing".into(), None);
                }
                if seen.0 && !seen.1 {
                    let message = "text without Korean".to_owned();
                    self.report(Code::MissingTranslation, &at, message, "`\"ko\"` is missing".into(), None);
                }
            }
            _ => return self.wrong(&at, Ty::Lang, expr),
        }
        Value { at, what: What::Lang(lang) }
    }

    fn entries(&mut self, map: &MapExpr<'_>, item: Ty) -> Vec<(String, Range<usize>, Value)> {
        let mut entries: Vec<(String, Range<usize>, Value)> = Vec::new();
        for e in &map.entries {
            let place = self.place(&e.key);
            let key = match &e.key {
                Expr::String(s) => s.value.clone(),
                Expr::Error(_) => continue,
                other => {
                    self.wrong(&place, Ty::Text, other);
                    continue;
                }
            };
            let value = self.read(&e.value, item);
            if entries.iter().any(|(k, _, _)| *k == key) {
                let message = format!("`{key}` is written twice");
                self.report(Code::DuplicateKey, &place, message, "the second one".into(), None);
            } else {
                entries.push((key, place, value));
            }
        }
        entries
    }

    fn structure(&mut self, expr: &Expr<'_>, shape: &'static Shape, at: Range<usize>) -> Value {
        let none: &[StructField<'_>] = &[];
        let fields = match expr {
            Expr::AnonStruct(s) => s.fields.as_slice(),
            Expr::Unit(_) => none,
            Expr::Struct(s) if s.name.name == shape.name => match &s.body {
                Some(StructBody::Fields(f)) => f.fields.as_slice(),
                Some(StructBody::Tuple(t)) if t.elements.is_empty() => none,
                _ => return self.wrong(&at, Ty::Struct(shape), expr),
            },
            _ => return self.wrong(&at, Ty::Struct(shape), expr),
        };
        // A missing field is reported at the head of its structure, which is where it would be added.
        let head = match expr {
            Expr::Struct(s) => s.name.span.start_offset..s.name.span.end_offset,
            _ => at.start..at.start + 1,
        };
        let fields = self.fields(fields, shape.fields, &head, shape.name);
        Value { at, what: What::Record(shape.name, fields) }
    }

    fn fields(
        &mut self,
        given: &[StructField<'_>],
        declared: &'static [Field],
        head: &Range<usize>,
        owner: &'static str,
    ) -> Vec<(&'static str, Value)> {
        let mut read: Vec<(&'static str, Value)> = Vec::new();
        for f in given {
            let place = self.inside.clone().unwrap_or(f.name.span.start_offset..f.name.span.end_offset);
            let name = f.name.name.as_ref();
            let Some(field) = declared.iter().find(|d| d.name == name) else {
                let help = suggest(name, declared.iter().map(|d| d.name));
                let message = format!("unknown field `{name}` in `{owner}`");
                self.report(Code::UnknownField, &place, message, format!("`{owner}` has no such field"), help);
                continue;
            };
            let value = self.read(&f.value, field.ty);
            if read.iter().any(|(n, _)| *n == field.name) {
                let message = format!("field `{name}` is written twice");
                self.report(Code::DuplicateKey, &place, message, "the second one".into(), None);
            } else {
                read.push((field.name, value));
            }
        }
        self.fill(&mut read, declared, head, owner);
        read
    }

    /// Adds defaults, reports what is missing.
    fn fill(
        &mut self,
        read: &mut Vec<(&'static str, Value)>,
        declared: &'static [Field],
        head: &Range<usize>,
        owner: &'static str,
    ) {
        for field in declared {
            if read.iter().any(|(n, _)| *n == field.name) {
                continue;
            }
            match field.need {
                Need::Optional => {}
                Need::Default(ron) => {
                    if let Some(value) = self.default(ron, field.ty, head) {
                        read.push((field.name, value));
                    }
                }
                Need::Required if self.broken => {}
                Need::Required => {
                    let at = self.inside.clone().unwrap_or(head.clone());
                    let fact = matches!(field.ty, Ty::Fact);
                    let code = if fact { Code::MissingProvenance } else { Code::MissingField };
                    let message = format!("`{owner}` lacks the field `{}`", field.name);
                    let label = format!("add `{}: {}`", field.name, field.sample());
                    self.report(code, &at, message, label, Some(field.doc.to_owned()));
                }
            }
        }
    }

    fn default(&mut self, ron: &str, ty: Ty, head: &Range<usize>) -> Option<Value> {
        let document = ron2::ast::parse_document(ron).ok()?;
        let before = self.inside.clone();
        self.inside.get_or_insert(head.clone());
        let value = document.value.as_ref().map(|expr| self.read(expr, ty));
        self.inside = before;
        value
    }

    fn variant(&mut self, expr: &Expr<'_>, union: &'static Union, at: Range<usize>) -> Value {
        let Expr::Struct(s) = expr else {
            return self.wrong(&at, Ty::OneOf(union), expr);
        };
        let head = self.inside.clone().unwrap_or(s.name.span.start_offset..s.name.span.end_offset);
        let name = s.name.name.as_ref();
        let Some(variant) = union.all().find(|v| v.name == name) else {
            let help = suggest(name, union.all().map(|v| v.name));
            let message = format!("unknown {} `{name}`", union.name);
            self.report(Code::UnknownVariant, &head, message, format!("not a {}", union.name), help);
            return Value::hole(at);
        };
        let fields = match &s.body {
            None => self.fields(&[], variant.fields, &head, variant.name),
            Some(StructBody::Fields(f)) if !variant.tuple => {
                self.fields(&f.fields, variant.fields, &head, variant.name)
            }
            Some(StructBody::Tuple(t)) if variant.tuple => self.positions(&t.elements, variant, &head),
            Some(StructBody::Tuple(t)) if t.elements.is_empty() => {
                self.fields(&[], variant.fields, &head, variant.name)
            }
            Some(_) => {
                let how = if variant.tuple { "by position" } else { "by name" };
                let message = format!("the fields of `{}` are written {how}", variant.name);
                let help = Some(format!("for example {}", variant.example()));
                self.report(Code::WrongType, &at, message, format!("expected {}", variant.example()), help);
                return Value::hole(at);
            }
        };
        Value { at, what: What::Record(variant.name, fields) }
    }

    fn positions(
        &mut self,
        given: &[TupleElement<'_>],
        variant: &'static Variant,
        head: &Range<usize>,
    ) -> Vec<(&'static str, Value)> {
        let mut read = Vec::new();
        for (i, element) in given.iter().enumerate() {
            match variant.fields.get(i) {
                Some(field) => {
                    let value = self.read(&element.expr, field.ty);
                    read.push((field.name, value));
                }
                None => {
                    let at = self.place(&element.expr);
                    let message = format!("`{}` takes {} value(s)", variant.name, variant.fields.len());
                    self.report(Code::WrongType, &at, message, "one too many".into(), None);
                }
            }
        }
        self.fill(&mut read, variant.fields, head, variant.name);
        read
    }
}

/// The name in `File("name")`.
fn file_name(expr: &Expr<'_>) -> Option<String> {
    let Expr::Struct(s) = expr else { return None };
    let Some(StructBody::Tuple(body)) = &s.body else { return None };
    match (s.name.name.as_ref(), body.elements.as_slice()) {
        ("File", [one]) => match &one.expr {
            Expr::String(name) => Some(name.value.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// What an expression is, in an author's words.
fn found(expr: &Expr<'_>) -> String {
    match expr {
        Expr::Unit(_) => "`()`".into(),
        Expr::Bool(b) => format!("`{}`", b.value),
        Expr::Char(_) | Expr::Byte(_) => "a character".into(),
        Expr::Number(n) => format!("the number {}", n.raw),
        Expr::String(_) => "a text".into(),
        Expr::Bytes(_) => "bytes".into(),
        Expr::Option(_) => "an option".into(),
        Expr::Seq(_) => "a list".into(),
        Expr::Map(_) => "a map".into(),
        Expr::Tuple(_) => "a tuple".into(),
        Expr::AnonStruct(_) => "a structure".into(),
        Expr::Struct(s) => format!("`{}`", s.name.name),
        Expr::Error(_) => "something that is not RON".into(),
    }
}

/// "did you mean", or the whole list if nothing is near.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let all: Vec<&str> = candidates.into_iter().collect();
    if all.is_empty() {
        return None;
    }
    Some(match text::nearest(word, all.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of: {}", all.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ")),
    })
}

/// Reads an example or default of the declaration by itself: the problems of its form, names left unchecked.
pub fn problems_of_example(ron: &str, ty: Ty) -> Vec<String> {
    alone(ron, ty).1
}

/// Reads a value that stands by itself, names left unchecked.
///
/// # Errors
/// The first problem of its form.
pub fn value_of(ron: &str, ty: Ty) -> Result<Value, String> {
    match alone(ron, ty) {
        (Some(value), problems) if problems.is_empty() => Ok(value),
        (_, problems) => Err(problems.into_iter().next().unwrap_or_else(|| "nothing to read".to_owned())),
    }
}

fn alone(ron: &str, ty: Ty) -> (Option<Value>, Vec<String>) {
    let package = Package { files: BTreeMap::new(), ..Package::default() };
    let mut reader = Reader::new(&package, ron);
    let value = match ron2::ast::parse_document(ron) {
        Ok(document) => document.value.as_ref().map(|expr| reader.read(expr, ty)),
        Err(e) => return (None, vec![e.to_string()]),
    };
    let problems = reader.problems.iter().filter(|d| d.code != Code::MissingFile).map(|d| d.message.clone());
    (value, problems.collect())
}
