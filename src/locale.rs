//! The message catalogue: keys with arguments to words, from `assets/locale/{en,ko}` (Fluent).
//!
//! A key that is in no file shows as `⟦key⟧`, and `tests/core/locale.rs` fails for it.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Lang {
    /// Every language.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Ko];

    /// `en`, `ko`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ko => "ko",
        }
    }

    /// Reads `en`, `ko`, or a POSIX locale name such as `ko_KR.UTF-8`.
    pub fn parse(text: &str) -> Option<Lang> {
        match text.get(..2) {
            Some("en") => Some(Lang::En),
            Some("ko") => Some(Lang::Ko),
            _ => None,
        }
    }
}

/// An argument of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arg {
    /// A whole number (plural forms depend on it).
    Number(i64),
    /// Words or a name.
    Word(String),
    /// An author's words by language; an empty one means "as in English".
    ByLang {
        /// English.
        en: String,
        /// Korean.
        ko: String,
    },
    /// Another message of the catalogue.
    Message(Message),
}

/// A message: its key and its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Key.
    pub key: String,
    /// Arguments by name.
    pub args: Vec<(String, Arg)>,
}

/// The catalogue's files in each language: name, text.
pub const FILES: [(Lang, &str, &str); 16] = [
    (Lang::En, "common", include_str!("../assets/locale/en/common.ftl")),
    (Lang::Ko, "common", include_str!("../assets/locale/ko/common.ftl")),
    (Lang::En, "session", include_str!("../assets/locale/en/session.ftl")),
    (Lang::Ko, "session", include_str!("../assets/locale/ko/session.ftl")),
    (Lang::En, "front", include_str!("../assets/locale/en/front.ftl")),
    (Lang::Ko, "front", include_str!("../assets/locale/ko/front.ftl")),
    (Lang::En, "live", include_str!("../assets/locale/en/live.ftl")),
    (Lang::Ko, "live", include_str!("../assets/locale/ko/live.ftl")),
    (Lang::En, "debrief", include_str!("../assets/locale/en/debrief.ftl")),
    (Lang::Ko, "debrief", include_str!("../assets/locale/ko/debrief.ftl")),
    (Lang::En, "debrief-ui", include_str!("../assets/locale/en/debrief-ui.ftl")),
    (Lang::Ko, "debrief-ui", include_str!("../assets/locale/ko/debrief-ui.ftl")),
    (Lang::En, "cli", include_str!("../assets/locale/en/cli.ftl")),
    (Lang::Ko, "cli", include_str!("../assets/locale/ko/cli.ftl")),
    (Lang::En, "app", include_str!("../assets/locale/en/app.ftl")),
    (Lang::Ko, "app", include_str!("../assets/locale/ko/app.ftl")),
];

/// The catalogue in one language.
pub struct Locale {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl Locale {
    /// Builds the catalogue. A file with a syntax error contributes what could be read; the tests refuse such a file.
    pub fn new(lang: Lang) -> Locale {
        let id = match lang {
            Lang::En => unic_langid::langid!("en"),
            Lang::Ko => unic_langid::langid!("ko"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks would show as boxes in the window's text.
        bundle.set_use_isolating(false);
        // A name is free in a new bundle, so this cannot fail.
        let _ = bundle.add_function("JOSA", josa_function);
        for (_, _, text) in FILES.iter().filter(|(l, _, _)| *l == lang) {
            let resource = match FluentResource::try_new((*text).to_owned()) {
                Ok(r) | Err((r, _)) => r,
            };
            bundle.add_resource_overriding(resource);
        }
        Locale { lang, bundle }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether the key is in the catalogue.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|m| m.value().is_some())
    }

    /// An argument in this language.
    fn value(&self, arg: &Arg) -> FluentValue<'static> {
        match arg {
            Arg::Number(n) => FluentValue::from(*n),
            Arg::Word(w) => FluentValue::from(w.clone()),
            Arg::ByLang { ko, .. } if self.lang == Lang::Ko && !ko.is_empty() => FluentValue::from(ko.clone()),
            Arg::ByLang { en, .. } => FluentValue::from(en.clone()),
            Arg::Message(m) => {
                let args: Vec<_> = m.args.iter().map(|(n, a)| (n.as_str(), a.clone())).collect();
                FluentValue::from(self.text(&m.key, &args))
            }
        }
    }

    /// The words of `key` without arguments.
    pub fn say(&self, key: &str) -> String {
        self.text(key, &[])
    }

    /// The words of `key`; numbers are passed as numbers, so that plural forms work.
    pub fn text(&self, key: &str, args: &[(&str, Arg)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return format!("⟦{key}⟧");
        };
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set(*name, self.value(value));
        }
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&fluent), &mut errors).into_owned()
    }
}

impl std::fmt::Debug for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Locale({})", self.lang.tag())
    }
}

/// `JOSA($name, "은/는")`: the word with the particle that its last syllable asks for.
fn josa_function<'a>(positional: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    let word = match positional.first() {
        Some(FluentValue::String(s)) => s.to_string(),
        Some(FluentValue::Number(n)) => n.as_string().into_owned(),
        _ => return FluentValue::Error,
    };
    match positional.get(1) {
        Some(FluentValue::String(pair)) => FluentValue::from(josa(&word, pair)),
        _ => FluentValue::from(word),
    }
}

/// The word with one of the pair `은/는`, `이/가`, `을/를`, `과/와`, `으로/로`: the first after a final consonant.
///
/// Hangul syllables carry their final consonant in `(code − 0xAC00) mod 28`; digits are read as in Korean; after other letters the second form is taken.
pub fn josa(word: &str, pair: &str) -> String {
    let (with, without) = pair.split_once('/').unwrap_or((pair, pair));
    let last = word.chars().rev().find(|c| c.is_alphanumeric());
    // Final consonant: 0 none, 8 is ㄹ, which takes 로 instead of 으로.
    let last_consonant = match last {
        Some(c @ '가'..='힣') => (c as u32 - 0xAC00) % 28,
        Some('0' | '3' | '6') => 1,
        Some('1' | '7' | '8') => 8,
        _ => 0,
    };
    let particle = if last_consonant == 0 || (last_consonant == 8 && with == "으로") { without } else { with };
    format!("{word}{particle}")
}
