//! What an author sees when a file is wrong: code, label on the span, help.
