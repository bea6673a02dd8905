use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::web::answer::Rendered;

/// Bytes that rendered pages and feeds may take.
const ROOM: usize = 64 << 20;

/// Rendered pages and feeds, each kept until something in its channel changes.
#[derive(Debug, Default)]
pub struct Cache {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: HashMap<String, Entry>,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    stamp: u64,
    rendered: Arc<Rendered>,
    used: u64,
}

impl Cache {
    /// What was rendered under that key at that stamp.
    pub fn get(&self, key: &str, stamp: u64) -> Option<Arc<Rendered>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let uses = kept.uses;
        let entry = kept.entries.get_mut(key).filter(|entry| entry.stamp == stamp)?;
        entry.used = uses;
        Some(Arc::clone(&entry.rendered))
    }

    /// Keeps it; what was not asked for the longest makes room.
    pub fn put(&self, key: String, stamp: u64, rendered: Arc<Rendered>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let used = kept.uses;
        kept.entries.insert(key, Entry { stamp, rendered, used });
        let mut weight: usize = kept.entries.iter().map(|(key, entry)| key.len() + entry.rendered.weight()).sum();
        while weight > ROOM {
            let oldest = kept.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone());
            let Some((key, entry)) = oldest.and_then(|key| kept.entries.remove_entry(&key)) else { break };
            weight -= key.len() + entry.rendered.weight();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(bytes: usize) -> Arc<Rendered> {
        Arc::new(Rendered::new(vec![b'x'; bytes], "text/plain", None))
    }

    #[test]
    fn what_changed_is_not_served_and_the_oldest_makes_room() {
        let cache = Cache::default();
        cache.put("a".into(), 1, rendered(ROOM / 2));
        assert!(cache.get("a", 1).is_some());
        assert!(cache.get("a", 2).is_none());
        cache.put("b".into(), 1, rendered(ROOM / 3));
        assert!(cache.get("a", 1).is_some(), "used after b was put");
        cache.put("c".into(), 1, rendered(ROOM / 3));
        assert!(cache.get("b", 1).is_none() && cache.get("a", 1).is_some() && cache.get("c", 1).is_some());
    }
}
