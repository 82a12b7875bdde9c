//! What `curl -w` prints.

use super::View;
use crate::console::tool::Ctx;

/// What became of a transfer.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub url: String,
    pub method: String,
    pub status: u16,
    pub ms: u64,
    pub redirect: String,
    pub redirects: u32,
    pub content: String,
    pub bytes: u64,
    pub header_bytes: u64,
    pub ip: String,
    pub port: u16,
    pub exit: i32,
    pub error: String,
    pub tls: Option<View>,
}

impl Outcome {
    /// A variable's value; `None` if there is no such.
    fn value(&self, name: &str) -> Option<String> {
        let s = |ms: u64| format!("{}.{:06}", ms / 1000, ms % 1000 * 1000);
        let lookup = self.ms.min(4);
        let connect = if self.status == 0 && self.exit != 60 { 0 } else { (self.ms / 4).max(lookup) };
        let secure = self.url.starts_with("https");
        let tls = if secure && self.status > 0 { (self.ms / 2).max(connect) } else { 0 };
        let scheme = if secure { "HTTPS" } else { "HTTP" };
        Some(match name {
            "http_code" | "response_code" => format!("{:03}", self.status),
            "redirect_url" => self.redirect.clone(),
            "url_effective" | "url" => self.url.clone(),
            "num_redirects" => self.redirects.to_string(),
            "time_total" => s(self.ms),
            "time_namelookup" => {
                if self.exit == 6 {
                    s(0)
                } else {
                    s(lookup)
                }
            }
            "time_connect" => s(connect),
            "time_appconnect" => s(tls),
            "time_pretransfer" => s(tls.max(connect)),
            "time_starttransfer" => {
                if self.status > 0 {
                    s(self.ms)
                } else {
                    s(0)
                }
            }
            "time_redirect" => s(0),
            "size_download" => self.bytes.to_string(),
            "size_header" => self.header_bytes.to_string(),
            "size_upload" | "size_request" => "0".to_owned(),
            "speed_download" => (self.bytes.saturating_mul(1000) / self.ms.max(1)).to_string(),
            "remote_ip" => self.ip.clone(),
            "remote_port" => self.port.to_string(),
            "local_ip" => String::new(),
            "content_type" => self.content.clone(),
            "scheme" => scheme.to_owned(),
            "method" => self.method.clone(),
            "http_version" => if self.status == 0 {
                "0"
            } else if secure {
                "2"
            } else {
                "1.1"
            }
            .to_owned(),
            "ssl_verify_result" => {
                let bad = self.tls.as_ref().is_some_and(|t| !t.problem.is_empty());
                if bad { "1" } else { "0" }.to_owned()
            }
            "exitcode" => self.exit.to_string(),
            "errormsg" => self.error.clone(),
            "num_connects" => u32::from(self.status > 0).to_string(),
            _ => return None,
        })
    }
}

/// The format with its variables and escapes replaced; an unknown variable is told and left out.
pub(super) fn write_out(c: &mut Ctx<'_>, format: &str, o: &Outcome) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(ch) = rest.chars().next() {
        if let Some(inner) = rest.strip_prefix("%{")
            && let Some((name, after)) = inner.split_once('}')
        {
            match o.value(name) {
                Some(v) => out.push_str(&v),
                None => c.p.err.push_str(&format!("curl: unknown --write-out variable: '{name}'\n")),
            }
            rest = after;
            continue;
        }
        let (text, skip) = match rest.get(..2) {
            Some("\\n") => ("\n", 2),
            Some("\\t") => ("\t", 2),
            Some("\\r") => ("", 2),
            Some("%%") => ("%", 2),
            _ => ("", 0),
        };
        if skip > 0 {
            out.push_str(text);
        } else {
            out.push(ch);
        }
        rest = rest.get(skip.max(ch.len_utf8()).min(rest.len())..).unwrap_or_default();
    }
    out
}
