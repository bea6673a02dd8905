use std::ops::Range;

use crate::dedupe::Alias;
use crate::domain::{Facet, ItemId, Slug};
use crate::websub::Key;

// The first byte of a key tells its space. The layout is the store's format: a change of it needs a new format number.
const ITEM: u8 = b'i';
const ALIAS: u8 = b'a';
const PLACE: u8 = b'f';
const FACET: u8 = b'n';
const WATCH: u8 = b'w';
const DICTIONARY: u8 = b'd';
const SKETCH: u8 = b's';
const CHANGE: u8 = b'c';
const SUBSCRIPTION: u8 = b'h';
const SUBSCRIBED: u8 = b'p';

/// The format of the whole store.
pub const FORMAT: &[u8] = b"m:format";
/// The next arrival to give.
pub const NEXT_ARRIVAL: &[u8] = b"m:next";
/// By which rules what is kept was labelled: eight bytes of a fingerprint, eight of a number.
pub const LABELLING: &[u8] = b"m:rules";
/// How many items are kept.
pub const COUNT: &[u8] = b"m:count";

/// Items and arrivals are numbered with 40 bits: enough for a million a day during three thousand years, in few bytes.
pub fn number(value: u64) -> [u8; 5] {
    let [_, _, _, rest @ ..] = value.min((1 << 40) - 1).to_be_bytes();
    rest
}

/// The number at the end of a key or value.
pub fn read_number(bytes: &[u8]) -> u64 {
    let from = bytes.len().saturating_sub(5);
    bytes[from..].iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// An item's record.
pub fn item(id: ItemId) -> [u8; 6] {
    let mut key = [ITEM; 6];
    key[1..].copy_from_slice(&number(id.0));
    key
}

/// All items below a number.
pub fn items_below(below: u64) -> Range<Vec<u8>> {
    vec![ITEM]..item(ItemId(below)).to_vec()
}

/// Leads to an item's number.
pub fn alias(alias: Alias) -> [u8; 17] {
    let mut key = [ALIAS; 17];
    key[1..].copy_from_slice(&alias.0);
    key
}

/// An item's place in a channel. Its value is empty where the item has the arrival's own number, else the item's number.
pub fn place(facet: u32, arrival: u64) -> [u8; 10] {
    let mut key = [PLACE; 10];
    key[1..5].copy_from_slice(&facet.to_be_bytes());
    key[5..].copy_from_slice(&number(arrival));
    key
}

/// A channel's places below an arrival.
pub fn places_below(facet: u32, below: u64) -> Range<Vec<u8>> {
    place(facet, 0).to_vec()..place(facet, below).to_vec()
}

/// The number that stands for a facet in the places' keys.
pub fn facet(facet: &Facet) -> Vec<u8> {
    let (kind, id) = match facet {
        Facet::Topic(id) => (b't', id),
        Facet::Region(id) => (b'r', id),
        Facet::Source(id) => (b's', id),
    };
    [&[FACET, kind], id.as_str().as_bytes()].concat()
}

/// All facets.
pub const FACETS: &[u8] = &[FACET];

/// The facet of such a key.
pub fn read_facet(key: &[u8]) -> Option<Facet> {
    let id = Slug::from(std::str::from_utf8(key.get(2..)?).ok()?);
    match key[1] {
        b't' => Some(Facet::Topic(id)),
        b'r' => Some(Facet::Region(id)),
        b's' => Some(Facet::Source(id)),
        _ => None,
    }
}

/// What is remembered of a source.
pub fn watch(source: &Slug) -> Vec<u8> {
    [&[WATCH], source.as_str().as_bytes()].concat()
}

/// An item's sketch.
pub fn sketch(id: ItemId) -> [u8; 6] {
    let mut key = [SKETCH; 6];
    key[1..].copy_from_slice(&number(id.0));
    key
}

/// All sketches, in order of arrival.
pub const SKETCHES: &[u8] = &[SKETCH];

/// Which item a change concerned.
pub fn change(number_of_it: u64) -> [u8; 6] {
    let mut key = [CHANGE; 6];
    key[1..].copy_from_slice(&number(number_of_it));
    key
}

/// All changes, in order.
pub const CHANGES: &[u8] = &[CHANGE];
/// A subscription at our hub.
pub fn subscription(key: &Key) -> Vec<u8> {
    [&[SUBSCRIPTION], &key[..]].concat()
}

/// All subscriptions at our hub.
pub const SUBSCRIPTIONS: &[u8] = &[SUBSCRIPTION];

/// Our subscription at a source's hub.
pub fn subscribed(source: &Slug) -> Vec<u8> {
    [&[SUBSCRIBED], source.as_str().as_bytes()].concat()
}

/// All of our subscriptions.
pub const ALL_SUBSCRIBED: &[u8] = &[SUBSCRIBED];

/// The source of such a key.
pub fn read_subscribed(key: &[u8]) -> Option<Slug> {
    std::str::from_utf8(key.get(1..)?).ok().map(Slug::from)
}

/// A compression dictionary.
pub fn dictionary(number: u8) -> [u8; 2] {
    [DICTIONARY, number]
}

/// All compression dictionaries.
pub const DICTIONARIES: &[u8] = &[DICTIONARY];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_numbers_do_and_give_them_back() {
        for pair in [0, 1, 255, 256, 65_536, 1 << 33, (1 << 40) - 1].windows(2) {
            assert!(item(ItemId(pair[0])) < item(ItemId(pair[1])));
            assert!(place(7, pair[0]) < place(7, pair[1]));
            assert!(place(7, pair[1]) < place(8, pair[0]));
            assert_eq!(read_number(&place(7, pair[1])), pair[1]);
        }
        assert!(items_below(u64::MAX).contains(&item(ItemId(1 << 39)).to_vec()));
        for one in [Facet::Topic("tppo".into()), Facet::Region("a".into()), Facet::Source("b-c".into())] {
            assert_eq!(read_facet(&facet(&one)), Some(one));
        }
    }
}
