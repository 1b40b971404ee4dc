//! The large bodies.

/// 64 KB that begin like a PNG image.
pub fn png() -> Vec<u8> {
    let signature = *b"\x89PNG\r\n\x1a\n";
    let rest = (signature.len() as u32..65_536).map(|i| (i * i + (i >> 3)) as u8);
    signature.into_iter().chain(rest).collect()
}

/// The line "0123456789abcdef" again and again, cut at the size.
pub fn text(size: usize) -> String {
    const LINE: &str = "0123456789abcdef\n";
    let mut text = LINE.repeat(size / LINE.len() + 1);
    text.truncate(size);
    text
}
