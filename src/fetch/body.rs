use std::io::{self, Write};

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use crate::fetch::error::innermost;
use crate::fetch::{FetchError, Limits};

/// A body may grow freely up to here; only beyond does its ratio count.
const FREE_GROWTH: u64 = 1 << 20;

/// A body, decoded.
#[derive(Debug)]
pub struct Body {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether the connection or the compressed stream ended before it did.
    pub truncated: bool,
}

/// Reads a body as it comes, decodes it, and stops where it grows too large.
///
/// # Errors
/// Too large, grown too much, or in no encoding that we asked for.
pub async fn read(mut response: Response, limits: &Limits) -> Result<Body, FetchError> {
    let encodings = encodings(&response);
    let mut decoder = None;
    let mut received: u64 = 0;
    let mut truncated = false;
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) if error.is_timeout() => {
                return Err(FetchError::Timeout { what: "the whole poll", limit: limits.timeout });
            }
            Err(error) if received == 0 => return Err(FetchError::Broken { why: innermost(&error) }),
            Err(_) => {
                truncated = true;
                break;
            }
        };
        received += chunk.len() as u64;
        let decoder = match &mut decoder {
            Some(decoder) => decoder,
            none => none.insert(Decoder::new(&encodings, &chunk, limits.max_body)?),
        };
        let written = decoder.write(&chunk);
        let grown = decoder.sink().written;
        if decoder.sink().full {
            return Err(FetchError::TooLarge { limit: limits.max_body });
        }
        if grown > FREE_GROWTH && grown / received.max(1) > limits.max_ratio {
            return Err(FetchError::Ratio { limit: limits.max_ratio });
        }
        if let Err(error) = written {
            if grown == 0 {
                return Err(FetchError::BadEncoding { encoding: encodings.join(", "), why: error.to_string() });
            }
            // What was decoded before the fault may hold whole items.
            truncated = true;
            break;
        }
    }
    let Some(decoder) = decoder else { return Ok(Body { bytes: Vec::new(), truncated }) };
    let (bytes, complete) = decoder.finish();
    if bytes.len() as u64 > limits.max_body {
        return Err(FetchError::TooLarge { limit: limits.max_body });
    }
    Ok(Body { bytes, truncated: truncated || !complete })
}

fn encodings(response: &Response) -> Vec<String> {
    let values = response.headers().get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let names = values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !name.is_empty() && name != "identity").collect()
}

/// Collects up to a limit and refuses more.
#[derive(Debug)]
struct Sink {
    bytes: Vec<u8>,
    limit: u64,
    written: u64,
    full: bool,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written + bytes.len() as u64 > self.limit {
            self.full = true;
            return Err(io::Error::other("too large"));
        }
        self.written += bytes.len() as u64;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Decoder {
    Plain(Sink),
    Gzip(Box<MultiGzDecoder<Sink>>),
    Zlib(Box<ZlibDecoder<Sink>>),
    Deflate(Box<DeflateDecoder<Sink>>),
    Brotli(Box<brotli::DecompressorWriter<Sink>>),
    Zstd(Box<zstd::stream::write::Decoder<'static, Sink>>),
}

impl Decoder {
    /// Chooses by the header and by the first bytes: servers send gzip without saying so, and say so without sending it.
    fn new(encodings: &[String], first: &[u8], limit: u64) -> Result<Decoder, FetchError> {
        let sink = Sink { bytes: Vec::new(), limit, written: 0, full: false };
        let refused = |why: &str| FetchError::BadEncoding { encoding: encodings.join(", "), why: why.to_owned() };
        let is_gzip = first.starts_with(&[0x1f, 0x8b]);
        Ok(match encodings {
            [] if is_gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(sink))),
            [] => Decoder::Plain(sink),
            [one] => match one.as_str() {
                "gzip" | "x-gzip" if is_gzip || first.len() < 2 => Decoder::Gzip(Box::new(MultiGzDecoder::new(sink))),
                "gzip" | "x-gzip" => Decoder::Plain(sink),
                // Meant is zlib (RFC 9110 section 8.4.1.2); some send the bare stream.
                "deflate" if first.first().is_some_and(|byte| byte & 0x0f == 8) => {
                    Decoder::Zlib(Box::new(ZlibDecoder::new(sink)))
                }
                "deflate" => Decoder::Deflate(Box::new(DeflateDecoder::new(sink))),
                "br" => Decoder::Brotli(Box::new(brotli::DecompressorWriter::new(sink, 4096))),
                "zstd" => {
                    let decoder = zstd::stream::write::Decoder::new(sink);
                    Decoder::Zstd(Box::new(decoder.map_err(|error| refused(&error.to_string()))?))
                }
                _ => return Err(refused("we did not ask for it")),
            },
            _ => return Err(refused("more than one encoding")),
        })
    }

    fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self {
            Decoder::Plain(decoder) => decoder.write_all(chunk),
            Decoder::Gzip(decoder) => decoder.write_all(chunk).and_then(|()| decoder.flush()),
            Decoder::Zlib(decoder) => decoder.write_all(chunk).and_then(|()| decoder.flush()),
            Decoder::Deflate(decoder) => decoder.write_all(chunk).and_then(|()| decoder.flush()),
            Decoder::Brotli(decoder) => decoder.write_all(chunk),
            Decoder::Zstd(decoder) => decoder.write_all(chunk),
        }
    }

    fn sink(&self) -> &Sink {
        match self {
            Decoder::Plain(sink) => sink,
            Decoder::Gzip(decoder) => decoder.get_ref(),
            Decoder::Zlib(decoder) => decoder.get_ref(),
            Decoder::Deflate(decoder) => decoder.get_ref(),
            Decoder::Brotli(decoder) => decoder.get_ref(),
            Decoder::Zstd(decoder) => decoder.get_ref(),
        }
    }

    /// The bytes, and whether the compressed stream came to its end.
    fn finish(self) -> (Vec<u8>, bool) {
        match self {
            Decoder::Plain(sink) => (sink.bytes, true),
            Decoder::Gzip(mut decoder) => {
                let complete = decoder.try_finish().is_ok();
                (std::mem::take(&mut decoder.get_mut().bytes), complete)
            }
            Decoder::Zlib(mut decoder) => {
                let complete = decoder.try_finish().is_ok();
                (std::mem::take(&mut decoder.get_mut().bytes), complete)
            }
            Decoder::Deflate(mut decoder) => {
                let complete = decoder.try_finish().is_ok();
                (std::mem::take(&mut decoder.get_mut().bytes), complete)
            }
            Decoder::Brotli(mut decoder) => {
                let complete = decoder.close().is_ok();
                (std::mem::take(&mut decoder.get_mut().bytes), complete)
            }
            Decoder::Zstd(mut decoder) => {
                let complete = decoder.flush().is_ok();
                (std::mem::take(&mut decoder.get_mut().bytes), complete)
            }
        }
    }
}
