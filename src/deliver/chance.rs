use ring::rand::{SecureRandom, SystemRandom};

/// 32 hexadecimal digits that nobody can guess: a challenge, a callback, a secret.
pub fn token() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system has chance to give, without which TLS does not work either");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
