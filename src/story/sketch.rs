/// Hashes of a whole text's sketch. Of two texts that share a fifth of their shingles, two sketches share two or more in nine cases of
/// ten, with those of the beginning.
const WHOLE: usize = 20;
/// Hashes of its beginning, and how many shingles that is: many feeds bring no more than that.
const BEGINNING: usize = 8;
pub const FIRST: usize = 50;

/// The smallest hashes of a text's shingles, and of its beginning's (bottom-k sketch, Cohen and Kaplan 2007): two texts share about the part of their sketches
/// that they share of their shingles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch(Vec<u32>);

impl Sketch {
    /// Of a text's shingles in order of size, each once, and of those that it begins with, in its own order.
    pub fn of(sorted: &[u32], beginning: &[u32]) -> Sketch {
        let mut first = beginning[..beginning.len().min(FIRST)].to_vec();
        first.sort_unstable();
        first.dedup();
        first.truncate(BEGINNING);
        let mut hashes = [&sorted[..sorted.len().min(WHOLE)], &first].concat();
        hashes.sort_unstable();
        hashes.dedup();
        Sketch(hashes)
    }

    /// Its hashes, in order of size.
    pub fn hashes(&self) -> &[u32] {
        &self.0
    }

    /// For the store: four bytes a hash.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.to_be_bytes()).collect()
    }

    /// From what [`Sketch::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Sketch {
        let hashes = bytes.chunks_exact(4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]));
        Sketch(hashes.collect())
    }
}
