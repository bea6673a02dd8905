use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use super::*;
use crate::domain::Validators;

/// An outlet that answers each request with what its script says, byte for byte, and remembers what it was asked.
struct Outlet {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Outlet {
    async fn start(script: impl Fn(&str, usize) -> Vec<u8> + Send + Sync + 'static) -> Outlet {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, script) = (Arc::clone(&asked), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (seen, script) = (Arc::clone(&seen), Arc::clone(&script));
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    let mut buffer = [0; 4096];
                    while !request.ends_with(b"\r\n\r\n") {
                        match stream.read(&mut buffer).await {
                            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
                            _ => return,
                        }
                    }
                    let request = String::from_utf8(request).unwrap();
                    let path = request.split(' ').nth(1).unwrap().to_owned();
                    let answer = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(request);
                        script(&path, seen.len())
                    };
                    // A client that has seen enough hangs up.
                    let _ = stream.write_all(&answer).await;
                });
            }
        });
        Outlet { address, asked }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn limits() -> Limits {
    Limits { host_gap: Duration::ZERO, ..Limits::default() }
}

fn fetcher(limits: Limits) -> Fetcher {
    Fetcher::new(limits, "kliping/test (+https://site.example/)").unwrap()
}

fn request(url: Url) -> Request {
    Request { allow_private: true, ..Request::plain(url) }
}

async fn document(outlet: &Outlet, path: &str, limits: Limits) -> Result<Document, FetchError> {
    match fetcher(limits).ask(&request(outlet.url(path))).await? {
        Answer::Document(document) => Ok(document),
        Answer::NotModified { .. } => panic!("nothing was asked for"),
    }
}

#[tokio::test]
async fn a_request_is_honest_and_carries_the_validators_as_they_came() {
    let outlet = Outlet::start(|_, turn| match turn {
        1 => answer("200 OK", "etag: W/\"a, b\"\r\nlast-modified: Kamis\r\ncache-control: max-age=60\r\n", b"<rss/>"),
        _ => answer("304 Not Modified", "etag: \"c\"\r\n", b""),
    })
    .await;
    let fetcher = fetcher(limits());
    let mut request = request(outlet.url("/feed?a=1#bagian"));
    let Ok(Answer::Document(document)) = fetcher.ask(&request).await else { panic!() };
    assert_eq!((document.bytes.as_slice(), document.truncated), (&b"<rss/>"[..], false));
    assert_eq!(document.headers.max_age, Some(Duration::from_secs(60)));
    request.validators = document.headers.validators.clone();
    drop(document);
    let Ok(Answer::NotModified { headers, .. }) = fetcher.ask(&request).await else { panic!() };
    assert_eq!(headers.validators.unwrap().etag.as_deref(), Some(&b"\"c\""[..]));
    let asked = outlet.asked();
    let (first, second) = (asked[0].to_lowercase(), &asked[1]);
    assert!(first.starts_with("get /feed?a=1 http/1.1\r\n"), "{first}");
    assert!(first.contains("user-agent: kliping/test (+https://site.example/)\r\n"));
    assert!(first.contains("accept-encoding: gzip, br, zstd, deflate\r\n"));
    assert!(first.contains("*/*;q=0.1"));
    for absent in ["cookie", "referer", "if-none-match", "if-modified-since"] {
        assert!(!first.contains(&format!("\n{absent}:")), "{absent}");
    }
    assert!(
        second.contains("if-none-match: W/\"a, b\"\r\n") && second.contains("if-modified-since: Kamis\r\n"),
        "{second}"
    );
}

#[tokio::test]
async fn validators_go_to_the_url_that_gave_them_and_to_no_other() {
    let outlet = Outlet::start(|_, _| answer("200 OK", "", b"x")).await;
    let validators =
        Validators { url: "http://elsewhere.example/feed".into(), etag: Some(b"\"a\"".to_vec()), last_modified: None };
    let request = Request { validators: Some(validators), ..request(outlet.url("/feed")) };
    fetcher(limits()).ask(&request).await.unwrap();
    assert!(!outlet.asked()[0].contains("if-none-match"));
}

#[tokio::test]
async fn a_redirect_never_leads_to_a_private_address() {
    let inner = Outlet::start(|_, _| answer("200 OK", "", b"secret")).await;
    let to = inner.url("/admin").to_string();
    let outlet = Outlet::start(move |path, _| match path {
        "/literal" => answer("302 Found", &format!("location: {to}\r\n"), b""),
        "/name" => answer("301 Moved", "location: http://localhost:1/\r\n", b""),
        "/metadata" => answer("302 Found", "location: http://169.254.169.254/latest\r\n", b""),
        "/mapped" => answer("302 Found", "location: http://[::ffff:127.0.0.1]/\r\n", b""),
        "/decimal" => answer("302 Found", "location: http://2130706433/\r\n", b""),
        "/scheme" => answer("302 Found", "location: file:///etc/passwd\r\n", b""),
        "/password" => answer("302 Found", "location: http://a:b@outlet.example/\r\n", b""),
        _ => answer("302 Found", "", b""),
    })
    .await;
    for (path, kind) in [
        ("/literal", "private-address"),
        ("/name", "private-address"),
        ("/metadata", "private-address"),
        ("/mapped", "private-address"),
        ("/decimal", "private-address"),
        ("/scheme", "bad-redirect"),
        ("/password", "bad-redirect"),
        ("/nowhere", "bad-redirect"),
    ] {
        let error = document(&outlet, path, limits()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{path}: {error}");
    }
    assert!(inner.asked().is_empty());
}

#[tokio::test]
async fn a_private_source_needs_the_operators_word() {
    let outlet = Outlet::start(|_, _| answer("200 OK", "", b"x")).await;
    for url in [outlet.url("/"), Url::parse(&format!("http://localhost:{}/", outlet.address.port())).unwrap()] {
        let error = fetcher(limits()).ask(&Request { allow_private: false, ..request(url) }).await.unwrap_err();
        assert_eq!(error.kind(), "private-address");
        assert!(error.hint().contains("allow_private = true"));
    }
    assert!(outlet.asked().is_empty());
}

#[tokio::test]
async fn every_encoding_that_is_asked_for_is_decoded() {
    let text = "<rss>berita</rss>".repeat(50);
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let deflated = |zlib: bool| {
        let level = flate2::Compression::default();
        if zlib {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(text.as_bytes()).unwrap();
            return encoder.finish().unwrap();
        }
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut text.as_bytes(), &mut brotli, &brotli::enc::BrotliEncoderParams::default()).unwrap();
    let packed = gzip(text.as_bytes());
    let bodies = [
        ("/gzip", "content-encoding: gzip\r\n", packed.clone()),
        ("/untold", "", packed.clone()),
        ("/lie", "content-encoding: gzip\r\n", text.clone().into_bytes()),
        ("/br", "content-encoding: br\r\n", brotli),
        ("/zstd", "content-encoding: zstd\r\n", zstd::encode_all(text.as_bytes(), 3).unwrap()),
        ("/zlib", "content-encoding: deflate\r\n", deflated(true)),
        ("/deflate", "content-encoding: deflate\r\n", deflated(false)),
    ];
    let cut = packed[..packed.len() - 12].to_vec();
    let script = bodies.clone();
    let outlet = Outlet::start(move |path, _| match script.iter().find(|(name, ..)| *name == path) {
        Some((_, headers, body)) => answer("200 OK", headers, body),
        None if path == "/cut" => answer("200 OK", "content-encoding: gzip\r\n", &cut),
        None if path == "/short" => b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\netag: \"a\"\r\n\r\n<rss>".to_vec(),
        None => answer("200 OK", "content-encoding: compress\r\n", b"x"),
    })
    .await;
    for (path, ..) in bodies {
        let document = document(&outlet, path, limits()).await.unwrap();
        assert_eq!((document.bytes, document.truncated), (text.clone().into_bytes(), false), "{path}");
    }
    assert!(document(&outlet, "/cut", limits()).await.unwrap().truncated);
    assert!(document(&outlet, "/short", limits()).await.unwrap().truncated);
    assert_eq!(document(&outlet, "/unknown", limits()).await.unwrap_err().kind(), "bad-encoding");
}

#[tokio::test]
async fn a_body_costs_no_more_than_its_limit() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; 50_000_000]).unwrap();
    let bomb = encoder.finish().unwrap();
    let outlet = Outlet::start(move |path, _| match path {
        "/bomb" => answer("200 OK", "content-encoding: gzip\r\n", &bomb),
        "/large" => answer("200 OK", "", &vec![b'x'; 3_000_000]),
        _ => b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_vec(),
    })
    .await;
    let kind = async |path, limits| document(&outlet, path, limits).await.unwrap_err().kind();
    assert_eq!(kind("/bomb", Limits { max_body: 100_000_000, ..limits() }).await, "ratio");
    assert_eq!(kind("/bomb", limits()).await, "ratio");
    assert_eq!(kind("/large", Limits { max_body: 2_000_000, ..limits() }).await, "too-large");
}

#[tokio::test]
async fn who_is_slow_is_left_after_the_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let kept_open = tokio::spawn(async move {
        let mut streams = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            streams.push(stream);
        }
    });
    let short = Limits { first_byte_timeout: Duration::from_millis(50), ..limits() };
    let error = fetcher(short).ask(&request(url)).await.unwrap_err();
    assert_eq!(error.to_string(), "the first byte took longer than 0.05 s");
    kept_open.abort();
}

#[tokio::test]
async fn what_is_no_document_is_named() {
    let outlet = Outlet::start(|path, _| match path {
        "/410" => answer("410 Gone", "", b""),
        "/429" => answer("429 Slow Down", "retry-after: 120\r\n", b""),
        "/503" => answer("503 Later", "", b""),
        "/wall" => answer("403 Forbidden", "cf-mitigated: challenge\r\n", b""),
        "/403" => answer("403 Forbidden", "", b""),
        "/loop" => answer("302 Found", "location: /loop\r\n", b""),
        "/304" => answer("304 Not Modified", "", b""),
        _ => answer("500 Oops", "", b""),
    })
    .await;
    for (path, kind, patience) in [
        ("/410", "gone", None),
        ("/429", "rate-limited", Some(120)),
        ("/503", "rate-limited", None),
        ("/wall", "challenge", None),
        ("/403", "http-status", None),
        ("/304", "http-status", None),
        ("/loop", "redirect-loop", None),
        ("/500", "http-status", None),
    ] {
        let error = document(&outlet, path, limits()).await.unwrap_err();
        assert_eq!((error.kind(), error.retry_after()), (kind, patience.map(Duration::from_secs)), "{path}");
        assert!(!error.hint().is_empty());
    }
    let nobody = Url::parse("http://127.0.0.1:1/").unwrap();
    assert_eq!(fetcher(limits()).ask(&request(nobody)).await.unwrap_err().kind(), "connect");
}

#[tokio::test]
async fn a_call_sends_what_it_is_told_and_is_bounded() {
    let outlet = Outlet::start(|path, _| match path {
        "/moved" => answer("307 Temporary Redirect", "location: /there\r\n", b""),
        "/long" => answer("200 OK", "", &vec![b'x'; 100_000]),
        "/silent" => {
            std::thread::sleep(Duration::from_millis(300));
            Vec::new()
        }
        _ => answer("202 Accepted", "", b"ya"),
    })
    .await;
    let fetcher = fetcher(limits());
    let call = |path: &str| Call {
        url: outlet.url(path),
        body: None,
        headers: vec![("x-hub-signature", "sha256=00".into())],
        allow_private: true,
        limit: Duration::from_millis(200),
    };
    let reply = fetcher.call(&call("/")).await.unwrap();
    assert_eq!((reply.status, reply.body.as_slice(), reply.is_success()), (202, &b"ya"[..], true));
    let asked = outlet.asked()[0].to_ascii_lowercase();
    assert!(asked.starts_with("get / ") && asked.contains("x-hub-signature: sha256=00"), "{asked}");
    assert!(asked.contains("user-agent: kliping/test") && !asked.contains("referer"), "{asked}");
    let moved = fetcher.call(&call("/moved")).await.unwrap();
    assert_eq!((moved.status, moved.location), (307, Some(outlet.url("/there"))), "told, and not followed");
    assert_eq!(fetcher.call(&call("/long")).await.unwrap().body, b"", "nobody has to say so much");
    let silent = fetcher.call(&call("/silent")).await;
    assert!(matches!(silent, Err(FetchError::Timeout { .. } | FetchError::Broken { .. })), "{silent:?}");
    let guarded = Call { allow_private: false, ..call("/") };
    assert!(matches!(fetcher.call(&guarded).await, Err(FetchError::PrivateAddress { .. })));
    assert!(!fetcher.is_public(&outlet.url("/")) && fetcher.is_public(&Url::parse("https://a.example/").unwrap()));
}
