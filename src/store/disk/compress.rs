use std::sync::{Arc, Mutex, PoisonError, RwLock};

use sled::Db;
use zstd::bulk::Compressor;
use zstd::dict::DecoderDictionary;
use zstd::zstd_safe::DCtx;

use crate::domain::{Item, ItemId};
use crate::store::disk::{keys, record};

/// Records begin with the version of their layout, then the number of the dictionary, 0 for none.
const VERSION: u8 = 3;
/// zstd's level: 3 costs some 10 µs an item and higher ones gain little on texts of this size.
const LEVEL: i32 = 3;
/// No item is larger than this when decompressed, whatever a damaged record says.
const LARGEST: usize = 32 << 20;
/// A dictionary is learned from the store's own latest items when it holds so many, of so many bytes. The first comes early,
/// because without one a short text does not compress; the second knows more outlets.
const LESSONS: [(u64, usize); 2] = [(400, 32 << 10), (20_000, 110 << 10)];
/// Unpackers that are kept ready, of some 160 KB each.
const MOST_UNPACKERS: usize = 8;
/// Items that a lesson reads.
const SAMPLES: usize = 800;

/// Items to records and back: postcard, then zstd with a dictionary learned from this very archive, whose items share
/// outlets' boilerplate and the vocabulary of the region's press.
pub struct Codec {
    writing: Mutex<Writing>,
    /// By number, beginning with 1. They are never changed or removed: old records need theirs.
    dictionaries: RwLock<Vec<Arc<DecoderDictionary<'static>>>>,
    /// Ready to be used again: making one takes longer than unpacking an item.
    unpackers: Mutex<Vec<DCtx<'static>>>,
}

struct Writing {
    dictionary: u8,
    compressor: Compressor<'static>,
}

impl Codec {
    /// With the dictionaries that the store has.
    ///
    /// # Errors
    /// A dictionary cannot be read, in words.
    pub fn load(tree: &Db) -> Result<Codec, String> {
        let mut dictionaries = Vec::new();
        let mut compressor = Compressor::new(LEVEL).map_err(|error| error.to_string())?;
        for entry in tree.scan_prefix(keys::DICTIONARIES) {
            let (_, bytes) = entry.map_err(|error| error.to_string())?;
            compressor = Compressor::with_dictionary(LEVEL, &bytes).map_err(|error| error.to_string())?;
            dictionaries.push(Arc::new(DecoderDictionary::copy(&bytes)));
        }
        let dictionary = u8::try_from(dictionaries.len()).map_err(|_| "more dictionaries than there can be")?;
        let writing = Mutex::new(Writing { dictionary, compressor });
        Ok(Codec { writing, dictionaries: RwLock::new(dictionaries), unpackers: Mutex::default() })
    }

    /// An item's record.
    pub fn encode(&self, item: &Item) -> Vec<u8> {
        let plain = record::encode_item(item);
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let packed =
            writing.compressor.compress(&plain).expect("zstd compresses any bytes into a buffer of its own bound");
        let mut record = Vec::with_capacity(packed.len() + 2);
        record.extend([VERSION, writing.dictionary]);
        record.extend(packed);
        record
    }

    /// The item of a record; `None` where it cannot be read.
    pub fn decode(&self, id: ItemId, record: &[u8]) -> Option<Item> {
        let [version @ 1..=VERSION, dictionary, packed @ ..] = record else { return None };
        record::decode_item(id, *version, &self.unpack(*dictionary, packed)?)
    }

    fn unpack(&self, dictionary: u8, packed: &[u8]) -> Option<Vec<u8>> {
        let dictionary = match dictionary.checked_sub(1) {
            None => None,
            Some(number) => {
                let dictionaries = self.dictionaries.read().unwrap_or_else(PoisonError::into_inner);
                Some(Arc::clone(dictionaries.get(usize::from(number))?))
            }
        };
        let spare = self.unpackers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut unpacker = spare.unwrap_or_else(DCtx::create);
        let mut plain = Vec::with_capacity(bound(packed));
        let unpacked = match &dictionary {
            None => unpacker.decompress(&mut plain, packed),
            Some(dictionary) => unpacker.decompress_using_ddict(&mut plain, packed, dictionary.as_ddict()),
        };
        let mut spare = self.unpackers.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < MOST_UNPACKERS {
            spare.push(unpacker);
        }
        unpacked.is_ok().then_some(plain)
    }

    /// Learns a dictionary from the latest items where the store has just become large enough for one.
    pub fn learn(&self, tree: &Db, count: u64) -> sled::Result<()> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((enough, size)) = LESSONS.get(usize::from(writing.dictionary)) else { return Ok(()) };
        if count < *enough {
            return Ok(());
        }
        let latest = tree.range(keys::items_below(u64::MAX)).rev().take(SAMPLES);
        let texts: Vec<Vec<u8>> = latest.filter_map(|entry| self.plain(&entry.ok()?.1)).collect();
        // Too few or too uniform texts teach nothing; the next commit tries again.
        let Ok(bytes) = zstd::dict::from_samples(&texts, *size) else { return Ok(()) };
        let Ok(compressor) = Compressor::with_dictionary(LEVEL, &bytes) else {
            return Ok(());
        };
        let number = writing.dictionary + 1;
        tree.insert(keys::dictionary(number), bytes.as_slice())?;
        tree.flush()?;
        self.dictionaries
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::new(DecoderDictionary::copy(&bytes)));
        *writing = Writing { dictionary: number, compressor };
        Ok(())
    }

    fn plain(&self, record: &[u8]) -> Option<Vec<u8>> {
        let [1..=VERSION, dictionary, packed @ ..] = record else { return None };
        self.unpack(*dictionary, packed)
    }
}

/// How large the plain record is, as the frame says.
fn bound(packed: &[u8]) -> usize {
    let told = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    told.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(LARGEST).min(LARGEST)
}
