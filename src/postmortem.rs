//! Export of a finished session: Markdown.
