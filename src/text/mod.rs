//! Words: tokens, folding, Indonesian stemming.
