//! Text helpers: the nearest name for "did you mean", and padding by display width.

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
