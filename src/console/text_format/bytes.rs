//! Bytes that are no UTF-8. Pipes and files carry text; a byte that is none of it travels as a character of its own in the
//! private use area and becomes a byte again for whoever looks at bytes (`xxd`, `sha256sum`, `gzip`).

const FIRST: u32 = 0xF700;

/// The bytes of a text.
pub fn to_bytes(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c).checked_sub(FIRST).filter(|n| (0x80..=0xff).contains(n)) {
            Some(n) => out.push(n.to_le_bytes().first().copied().unwrap_or(0)),
            None => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out
}

/// The text that stands for bytes.
pub fn from_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().filter_map(|b| char::from_u32(FIRST + u32::from(*b))));
    }
    out
}
