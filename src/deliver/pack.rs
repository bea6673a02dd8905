use std::io::Write;

/// brotli's quality: 5 is as quick as gzip and a tenth smaller.
const BROTLI_QUALITY: i32 = 5;

/// Compressed as `Content-Encoding: gzip` means it, without a time in it: the same bytes give the same.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 4), flate2::Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing into memory does not fail")
}

/// Compressed as `Content-Encoding: br` means it (RFC 7932).
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
    let mut packed = Vec::with_capacity(bytes.len() / 4);
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters).expect("writing into memory does not fail");
    packed
}
