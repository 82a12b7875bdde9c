//! The message catalogue: keys with arguments to words, from `assets/locale/{en,ko}`.
