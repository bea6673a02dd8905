use ring::hmac;

/// The header's value for a body (section 7.1): HMAC-SHA256 with the subscription's secret.
pub fn sign(secret: &str, body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body);
    format!("sha256={}", hex(tag.as_ref()))
}

/// Whether a body is signed with that secret, by any method that the recommendation knows. The comparison takes the same time
/// whatever is wrong.
pub fn is_signed(header: &str, secret: &str, body: &[u8]) -> bool {
    let Some((method, signature)) = header.trim().split_once('=') else { return false };
    let algorithm = match method.to_ascii_lowercase().as_str() {
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => hmac::HMAC_SHA256,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => return false,
    };
    let Some(signature) = unhex(signature) else { return false };
    hmac::verify(&hmac::Key::new(algorithm, secret.as_bytes()), body, &signature).is_ok()
}

/// Whether two tokens are the same, found out in a time that does not tell where they differ.
pub fn equal(own: &str, other: &str) -> bool {
    let different = own.bytes().zip(other.bytes()).fold(0, |different, (own, other)| different | (own ^ other));
    own.len() == other.len() && different == 0
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// At most the 64 bytes of the longest method.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    if text.len() > 128 || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_signature_holds() {
        // The vectors of RFC 2202 and RFC 4231 with the key "Jefe".
        let body = b"what do ya want for nothing?";
        let sha1 = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
        let sha256 = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign("Jefe", body), sha256);
        for good in [sha1, sha256, &sha256.to_uppercase().replace("SHA", "sha")] {
            assert!(is_signed(good, "Jefe", body), "{good}");
        }
        for bad in [
            "",
            "sha256",
            "sha256=",
            "sha256=5b",
            "sha256=zz",
            "md5=00",
            &sha256[..70],
            &sha1.replace("sha1", "sha256"),
        ] {
            assert!(!is_signed(bad, "Jefe", body), "{bad}");
        }
        assert!(!is_signed(sha256, "jefe", body) && !is_signed(sha256, "Jefe", b"what"));
    }

    #[test]
    fn tokens_are_equal_or_not() {
        assert!(equal("abc", "abc") && equal("", ""));
        assert!(!equal("abc", "abd") && !equal("abc", "ab") && !equal("", "a"));
    }
}
