//! Sample outlets on loopback.
