//! The language of the command line: the environment says which, the catalogue has the words.

use crate::locale::{Lang, Locale};

/// The catalogue in the language of the environment: `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set.
pub fn locale() -> Locale {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
    Locale::new(named.and_then(|n| Lang::parse(&n)).unwrap_or_default())
}
