//! How kubectl writes ages, quantities, tables.

/// A duration as kubectl prints ages: `87s`, `5m3s`, `3h12m`, `3d4h`, `41d`.
pub(super) fn age(s: u64) -> String {
    let two = |a: u64, x: &str, b: u64, y: &str| if b == 0 { format!("{a}{x}") } else { format!("{a}{x}{b}{y}") };
    let (m, h, d) = (s / 60, s / 3_600, s / 86_400);
    match s {
        0..=119 => format!("{s}s"),
        _ if m < 10 => two(m, "m", s % 60, "s"),
        _ if m < 180 => format!("{m}m"),
        _ if h < 8 => two(h, "h", m % 60, "m"),
        _ if h < 48 => format!("{h}h"),
        _ if h < 192 => two(d, "d", h % 24, "h"),
        _ if d < 730 => format!("{d}d"),
        _ => two(d / 365, "y", d % 365, "d"),
    }
}

/// Cores as a quantity: `500m`, `2`.
pub(super) fn cores(c: f64) -> String {
    let milli = (c * 1_000.0).round().max(0.0) as u64;
    if milli.is_multiple_of(1_000) { (milli / 1_000).to_string() } else { format!("{milli}m") }
}

/// Bytes as a quantity: `512Mi`, `1Gi`.
pub(super) fn bytes(b: u64) -> String {
    match b {
        0 => "0".to_owned(),
        b if b.is_multiple_of(1 << 30) => format!("{}Gi", b >> 30),
        b if b.is_multiple_of(1 << 20) => format!("{}Mi", b >> 20),
        b if b.is_multiple_of(1 << 10) => format!("{}Ki", b >> 10),
        b => b.to_string(),
    }
}

/// Thousandths of a core from a quantity.
pub(super) fn read_cores(text: &str) -> Option<u64> {
    match text.strip_suffix('m') {
        Some(n) => n.parse().ok(),
        None => text.parse::<f64>().ok().filter(|c| (0.0..100_000.0).contains(c)).map(|c| (c * 1_000.0) as u64),
    }
}

/// Bytes from a quantity.
pub(super) fn read_bytes(text: &str) -> Option<u64> {
    let at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (n, unit) = text.split_at_checked(at)?;
    let scale: u64 = match unit {
        "" => 1,
        "k" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        "Ti" => 1 << 40,
        _ => return None,
    };
    n.parse::<u64>().ok()?.checked_mul(scale)
}

/// Rows under their columns: each as wide as its longest cell and three blanks, six at least; the last one as it is.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(|c| (width(c) + 3).max(6)).collect();
    let mut out = String::new();
    for r in rows {
        for (i, cell) in r.iter().enumerate() {
            out.push_str(cell);
            if i + 1 < r.len() {
                let pad = widths.get(i).copied().unwrap_or(6).saturating_sub(cell.chars().count());
                out.extend(std::iter::repeat_n(' ', pad));
            }
        }
        out.push('\n');
    }
    out
}

/// Whether labels fit a selector such as `app=api,tier!=db` or `app in (a,b)`; the error is kubectl's.
pub(super) fn selects(selector: &str, labels: &dyn Fn(&str) -> Option<String>) -> Result<bool, String> {
    let mut parts: Vec<String> = Vec::new();
    let mut depth = 0;
    for c in selector.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        match parts.last_mut() {
            _ if c == ',' && depth == 0 => parts.push(String::new()),
            Some(last) => last.push(c),
            None => parts.push(c.to_string()),
        }
    }
    for part in parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()) {
        let list = |text: &str| -> Vec<String> {
            text.trim().trim_matches(['(', ')']).split(',').map(|v| v.trim().to_owned()).collect()
        };
        let fits = if let Some((k, v)) = part.split_once("!=") {
            labels(k.trim()).as_deref() != Some(v.trim())
        } else if let Some((k, v)) = part.split_once("==").or_else(|| part.split_once('=')) {
            labels(k.trim()).as_deref() == Some(v.trim())
        } else if let Some((k, v)) = part.split_once(" notin ") {
            labels(k.trim()).is_none_or(|x| !list(v).contains(&x))
        } else if let Some((k, v)) = part.split_once(" in ") {
            labels(k.trim()).is_some_and(|x| list(v).contains(&x))
        } else if part.contains(char::is_whitespace) {
            let what = part.split_whitespace().nth(1).unwrap_or_default();
            return Err(format!(
                "error: unable to parse requirement: found '{what}', expected: in, notin, =, ==, !=, gt, lt"
            ));
        } else if let Some(k) = part.strip_prefix('!') {
            labels(k).is_none()
        } else {
            labels(part).is_some()
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A moment as descriptions write it: `Thu, 20 Jul 2023 12:25:41 +0000`.
pub(super) trait Moment {
    /// As text.
    fn moment(self) -> String;
}

impl Moment for crate::stdx::time::Utc {
    fn moment(self) -> String {
        self.http().replace("GMT", "+0000")
    }
}
