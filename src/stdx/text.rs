//! Text helpers: the nearest name for "did you mean", padding by display width, figures for reading.

use unicode_width::UnicodeWidthStr as _;

/// The candidate nearest to `word`, if it is near enough to be what was meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1) + 1;
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(&word.to_lowercase(), &c.to_lowercase()), c))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, c)| (*d, c.len()))
        .map(|(_, c)| c)
}

/// Pads on the right to `width` terminal columns (a Hangul syllable takes two).
pub fn pad(text: &str, width: usize) -> String {
    let have = text.width();
    format!("{text}{}", " ".repeat(width.saturating_sub(have)))
}

/// A figure for reading: three significant digits, with K, M, G from 1000 on, without zeros that say nothing: `4.71K`, `0.03`, `999`.
pub fn compact(value: f64) -> String {
    let (v, suffix) = match value.abs() {
        a if a >= 999.5e6 => (value / 1e9, "G"),
        a if a >= 999.5e3 => (value / 1e6, "M"),
        a if a >= 999.5 => (value / 1e3, "K"),
        _ => (value, ""),
    };
    let places = match v.abs() {
        a if a >= 99.95 || a == 0.0 => 0,
        a if a >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{v:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{suffix}")
}
