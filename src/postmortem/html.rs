//! A document as one HTML file that needs nothing beside it: style and pictures are inside, no script, nothing is fetched.

use super::document::{Block, Document, Line, Span};

/// Dark is the room that it was played in, light is for paper.
const STYLE: &str = "
:root{--ink:#0E1116;--panel:#151A21;--line:#2A3340;--text:#E6EAF0;--muted:#93A0B0;--yours:#37C2B1;--theirs:#9A86F5;
--amber:#F2A93B;--critical:#F0593E;--side:#7A8696;--grid:#1B222C}
@media print,(prefers-color-scheme:light){:root{--ink:#FFFFFF;--panel:#F5F7FA;--line:#C6CED8;--text:#141A22;--muted:#4D5A6A;
--yours:#0A7569;--theirs:#5B45C9;--amber:#8F5600;--critical:#B3261E;--side:#5F6B7B;--grid:#E9EDF2}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1280px;padding:32px 24px 64px;background:var(--ink);color:var(--text);
font:16px/1.5 Pretendard,system-ui,'Noto Sans KR',sans-serif}
h1{font-size:28px;line-height:1.25;margin:0}
h2{font-size:20px;margin:40px 0 8px;padding-top:16px;border-top:1px solid var(--line)}
header p,nav,.note{color:var(--muted)}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin:16px 0;font-size:14px}
a{color:inherit}
blockquote{margin:16px 0;padding:4px 16px;border-left:3px solid var(--amber);color:var(--text)}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums;margin:12px 0}
th{color:var(--muted);font-weight:600;text-align:left;white-space:nowrap}
th,td{padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:target td{background:var(--panel)}
.fact{font-size:12px;padding:1px 6px;border:1px solid var(--line);border-radius:4px;color:var(--muted);text-decoration:none;white-space:nowrap}
.wide{overflow-x:auto}
svg{display:block;width:100%;height:auto;margin:12px 0}
svg text{font-family:Pretendard,system-ui,'Noto Sans KR',sans-serif;fill:var(--text);font-variant-numeric:tabular-nums}
figure{margin:0}
:lang(ko){word-break:keep-all;overflow-wrap:break-word}
@media screen and (max-width:900px){body{padding:20px 14px 48px}figure{overflow-x:auto}svg{min-width:1040px}
.wide table{min-width:760px}}
";

/// Writes a document as HTML.
pub fn write(d: &Document) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<p>{}</p>\n</header>\n<nav>\n",
        d.lang,
        escaped(&d.subtitle),
        title = escaped(&d.title),
    );
    for s in &d.sections {
        out.push_str(&format!("<a href=\"#{}\">{}</a>\n", s.id, escaped(&s.head)));
    }
    out.push_str(&format!("</nav>\n<main>\n<blockquote>{}</blockquote>\n", escaped(&d.opening)));
    // A chip leads to the first row that a fact has.
    let mut anchored = std::collections::BTreeSet::new();
    for s in &d.sections {
        for b in &s.blocks {
            if let Block::Table { rows, .. } = b {
                anchored.extend(rows.iter().filter_map(|r| r.fact));
            }
        }
    }
    let known = anchored.clone();
    let words = |l: &Line| line(l, &known);
    for s in &d.sections {
        out.push_str(&format!("<section id=\"{}\">\n<h2>{}</h2>\n", s.id, escaped(&s.head)));
        for b in &s.blocks {
            match b {
                Block::Paragraph(l) => out.push_str(&format!("<p>{}</p>\n", words(l))),
                Block::Bullets(items) if items.is_empty() => {}
                Block::Bullets(items) => {
                    out.push_str("<ul>\n");
                    for item in items {
                        out.push_str(&format!("<li>{}</li>\n", words(item)));
                    }
                    out.push_str("</ul>\n");
                }
                Block::Table { head, rows } => {
                    out.push_str("<div class=\"wide\">\n<table>\n<thead><tr>");
                    for h in head {
                        out.push_str(&format!("<th scope=\"col\">{}</th>", escaped(h)));
                    }
                    out.push_str("</tr></thead>\n<tbody>\n");
                    for row in rows {
                        match row.fact.filter(|f| anchored.remove(f)) {
                            Some(f) => out.push_str(&format!("<tr id=\"f{f}\">")),
                            None => out.push_str("<tr>"),
                        }
                        for c in &row.cells {
                            out.push_str(&format!("<td>{}</td>", words(c)));
                        }
                        out.push_str("</tr>\n");
                    }
                    out.push_str("</tbody>\n</table>\n</div>\n");
                }
                Block::Picture { svg, alt } => {
                    out.push_str(&format!("<figure role=\"img\" aria-label=\"{}\">\n{svg}</figure>\n", escaped(alt)));
                }
            }
        }
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn line(l: &Line, known: &std::collections::BTreeSet<crate::fact::FactId>) -> String {
    let mut out = String::new();
    for span in l {
        match span {
            Span::Text(t) => out.push_str(&escaped(t)),
            Span::Strong(t) => out.push_str(&format!("<strong>{}</strong>", escaped(t))),
            Span::Fact(id) if known.contains(id) => {
                out.push_str(&format!("<a class=\"fact\" href=\"#f{id}\">#{id}</a>"));
            }
            Span::Fact(id) => out.push_str(&format!("<span class=\"fact\">#{id}</span>")),
            // Only addresses of the web become links: anything else is shown as words.
            Span::Link(words, to) if to.starts_with("https://") || to.starts_with("http://") => {
                out.push_str(&format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escaped(to), escaped(words)));
            }
            Span::Link(words, to) => out.push_str(&format!("{} ({})", escaped(words), escaped(to))),
        }
    }
    out
}

/// Words that cannot turn into markup.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What XML cannot hold has no place in a page either.
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{FFFD}'),
            _ => out.push(c),
        }
    }
    out
}
