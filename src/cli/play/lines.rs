//! Lines of an input whatever it holds: bytes that are no UTF-8 show as replacement characters, and a line that never ends
//! takes up no more memory than its limit.

use std::io::BufRead;

/// Most bytes kept of one line: longer than the line grammar reads, so that such a line is refused and not run in part.
const MOST_BYTES: usize = 64 << 10;

/// The lines until the input ends or fails, without their ends.
pub(super) fn read_lines(mut input: impl BufRead) -> impl Iterator<Item = String> {
    std::iter::from_fn(move || {
        let mut line = Vec::new();
        let mut begun = false;
        loop {
            let chunk = match input.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => return None,
            };
            if chunk.is_empty() {
                if begun {
                    break;
                }
                return None;
            }
            begun = true;
            let end = chunk.iter().position(|b| *b == b'\n');
            let part = end.map_or(chunk, |at| chunk.get(..at).unwrap_or_default());
            line.extend(part.iter().take(MOST_BYTES.saturating_sub(line.len())));
            let used = part.len() + usize::from(end.is_some());
            input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Some(String::from_utf8_lossy(&line).into_owned())
    })
}
