//! Texts to words: the one place where a screen, an export or text mode turns keys into a language.

use crate::fact::{LoadScale, Reflection};
use crate::locale::{Lang, Locale};
use crate::scenario::LangText;
use crate::session::projection::Text;

/// The words of a text in the locale's language.
pub fn say(locale: &Locale, text: &Text) -> String {
    match text {
        Text::Key(key, args) => {
            let args: Vec<_> = args.iter().map(|(n, a)| (n.as_str(), a.clone())).collect();
            locale.text(key, &args)
        }
        Text::Author(author) => author_text(locale, author).to_owned(),
        Text::Raw(raw) => raw.clone(),
    }
}

/// An author's text in the locale's language, in English where there is no other.
pub fn author_text<'a>(locale: &Locale, text: &'a LangText) -> &'a str {
    match locale.lang() {
        Lang::Ko if !text.ko.is_empty() => &text.ko,
        _ => &text.en,
    }
}

/// The message key of the question that a thought answers.
pub fn reflection_key(on: Reflection) -> &'static str {
    match on {
        Reflection::Reaction => "reflect-reaction",
        Reflection::Surprise => "reflect-surprise",
        Reflection::Plus => "reflect-plus",
        Reflection::Delta => "reflect-delta",
        Reflection::Luck => "reflect-luck",
        Reflection::Action => "reflect-action",
    }
}

/// The message key of a scale's name.
pub fn workload_key(scale: LoadScale) -> &'static str {
    match scale {
        LoadScale::Mental => "workload-mental",
        LoadScale::Physical => "workload-physical",
        LoadScale::Temporal => "workload-temporal",
        LoadScale::Performance => "workload-performance",
        LoadScale::Effort => "workload-effort",
        LoadScale::Frustration => "workload-frustration",
    }
}
