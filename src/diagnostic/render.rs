//! Diagnostics in words: a terminal's text with the line and its label, JSON for tools, and the reference page.

use super::{Code, Diagnostic, Severity};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;
use std::fmt::Write as _;

/// Text for a terminal without colour: `error[WOM0002]: …`, the place, the line with its label, the help.
///
/// `source_of` gives the text of a file by the path that the diagnostic shows; without it only the place is printed.
pub fn to_text<'a>(diagnostics: &[Diagnostic], source_of: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut out = String::new();
    for d in diagnostics {
        match source_of(&d.file) {
            Some(source) => out.push_str(&with_source(d, source)),
            None => {
                let (word, id, place) = (d.severity.word(), d.code.id(), d.place());
                let _ = write!(out, "{word}[{id}]: {}\n --> {place}\n  = {}", d.message, d.label);
                if let Some(help) = &d.help {
                    let _ = write!(out, "\n  = help: {help}");
                }
            }
        }
        out.push_str("\n\n");
    }
    out
}

fn with_source(d: &Diagnostic, source: &str) -> String {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    // Only the line itself is shown: a missing field's span is its parent's first line, never a screenful.
    let line_end = source.get(d.span.start..).and_then(|t| t.find('\n')).map_or(source.len(), |n| d.span.start + n);
    let end = d.span.end.min(line_end).max(d.span.start);
    let snippet = Snippet::source(source)
        .path(d.file.as_str())
        .annotation(AnnotationKind::Primary.span(d.span.start..end).label(d.label.as_str()));
    let mut group = level.primary_title(d.message.as_str()).id(d.code.id()).element(snippet);
    if let Some(help) = &d.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::plain().render(&[group])
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'static str,
    severity: &'static str,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: &'a str,
    label: &'a str,
    help: Option<&'a str>,
}

/// A JSON array of `{code, severity, file, line, column, end_line, end_column, message, label, help}`.
pub fn to_json(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<Line<'_>> = diagnostics
        .iter()
        .map(|d| Line {
            code: d.code.id(),
            severity: d.severity.word(),
            file: &d.file,
            line: d.span.line,
            column: d.span.column,
            end_line: d.span.end_line,
            end_column: d.span.end_column,
            message: &d.message,
            label: &d.label,
            help: d.help.as_deref(),
        })
        .collect();
    serde_json::to_string_pretty(&lines).unwrap_or_else(|_| "[]".to_owned())
}

/// The page `docs/diagnostics.md`.
pub fn reference() -> String {
    let mut out = String::from(
        "# Diagnostics\n\nGenerated from the list in the program; `wheel docs docs` writes it again.\n\n\
         `wheel validate [PATH…]` reports every problem of a scenario in one pass, with file, line, column (counted in\n\
         characters) and a fix; `--format json` prints the same as an array of objects with `code`, `severity`, `file`,\n\
         `line`, `column`, `end_line`, `end_column`, `message`, `label` and `help`. It exits with 1 if there is an error.\n",
    );
    for code in Code::ALL {
        let _ = write!(
            out,
            "\n## {}: {}\n\n*{}* · {}\n",
            code.id(),
            code.title(),
            code.severity().word(),
            code.explanation()
        );
    }
    out
}
