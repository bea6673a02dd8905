use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use crate::web::answer::Rendered;
use crate::web::words::Language;

/// Bytes that rendered pages and feeds may take.
const ROOM: usize = 128 << 20;
/// One that takes more is not kept: it would push out all others.
const MOST_OF_ONE: usize = ROOM / 2;
/// Request targets that are remembered for each language, and the longest of them in bytes.
const MOST_TARGETS: usize = 4096;
const LONGEST_TARGET: usize = 256;

/// Rendered pages and feeds, each kept until something in its channel changes; and what each request's target led to, so that
/// while nothing changes at all a request is answered without being understood anew.
#[derive(Debug, Default)]
pub struct Cache {
    kept: Mutex<Kept>,
    /// By language. Only what `kept` keeps is reached through them.
    targets: [RwLock<HashMap<Box<str>, Target, foldhash::fast::RandomState>>; 2],
    puts: AtomicU64,
}

#[derive(Debug, Default)]
struct Kept {
    entries: HashMap<String, Entry>,
    weight: usize,
}

#[derive(Debug)]
struct Entry {
    stamp: u64,
    rendered: Arc<Rendered>,
}

#[derive(Debug)]
struct Target {
    version: (u64, u64),
    rendered: Weak<Rendered>,
}

impl Cache {
    /// What was rendered under that key at that stamp.
    pub fn get(&self, key: &str, stamp: u64) -> Option<Arc<Rendered>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = kept.entries.get(key).filter(|entry| entry.stamp == stamp)?;
        self.touch(&entry.rendered);
        Some(Arc::clone(&entry.rendered))
    }

    /// What was last rendered under that key, at whatever stamp.
    pub fn last(&self, key: &str) -> Option<Arc<Rendered>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entries.get(key).map(|entry| Arc::clone(&entry.rendered))
    }

    /// Keeps it; what was not asked for the longest makes room.
    pub fn put(&self, key: String, stamp: u64, rendered: Arc<Rendered>) {
        if rendered.weight() > MOST_OF_ONE {
            return;
        }
        self.puts.fetch_add(1, Ordering::Relaxed);
        self.touch(&rendered);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.weight += key.len() + rendered.weight();
        let length = key.len();
        if let Some(before) = kept.entries.insert(key, Entry { stamp, rendered }) {
            kept.weight -= length + before.rendered.weight();
        }
        while kept.weight > ROOM {
            let oldest = kept.entries.iter().min_by_key(|(_, entry)| entry.rendered.used()).map(|(key, _)| key.clone());
            let Some((key, entry)) = oldest.and_then(|key| kept.entries.remove_entry(&key)) else { break };
            kept.weight -= key.len() + entry.rendered.weight();
        }
    }

    /// What a target led to while everything was as it is: `version` tells that.
    pub fn at(&self, target: &str, language: Language, version: (u64, u64)) -> Option<Arc<Rendered>> {
        let targets = self.targets[language as usize].read().unwrap_or_else(PoisonError::into_inner);
        let rendered = targets.get(target).filter(|known| known.version == version)?.rendered.upgrade()?;
        self.touch(&rendered);
        Some(rendered)
    }

    /// Remembers what a target led to. Anybody can make up targets: when there are too many, all are forgotten.
    pub fn remember(&self, target: &str, language: Language, version: (u64, u64), rendered: &Arc<Rendered>) {
        if target.len() > LONGEST_TARGET {
            return;
        }
        let mut targets = self.targets[language as usize].write().unwrap_or_else(PoisonError::into_inner);
        if targets.len() >= MOST_TARGETS {
            targets.clear();
        }
        targets.insert(target.into(), Target { version, rendered: Arc::downgrade(rendered) });
    }

    fn touch(&self, rendered: &Rendered) {
        rendered.touch(self.puts.load(Ordering::Relaxed));
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
        cache.put("a".into(), 1, rendered(ROOM / 4));
        assert!(cache.get("a", 1).is_some());
        assert!(cache.get("a", 2).is_none());
        cache.put("b".into(), 1, rendered(ROOM / 9 * 2));
        cache.put("d".into(), 1, rendered(1));
        assert!(cache.get("a", 1).is_some(), "used after b was put");
        cache.put("c".into(), 1, rendered(ROOM / 9 * 2));
        assert!(cache.get("b", 1).is_none() && cache.get("a", 1).is_some() && cache.get("c", 1).is_some());
        cache.put("huge".into(), 1, rendered(ROOM / 2));
        assert!(
            cache.get("huge", 1).is_none() && cache.get("c", 1).is_some(),
            "one that is too large pushes out no other"
        );
        cache.put("a".into(), 2, rendered(1));
        assert!(cache.kept.lock().unwrap().weight < ROOM / 2, "what is replaced weighs nothing");
    }

    #[test]
    fn a_target_leads_to_what_is_kept_until_something_changes() {
        let cache = Cache::default();
        let page = rendered(10);
        cache.remember("/all", Language::English, (1, 0), &page);
        assert!(cache.at("/all", Language::English, (1, 0)).is_some());
        assert!(cache.at("/all", Language::Indonesian, (1, 0)).is_none());
        assert!(cache.at("/all", Language::English, (2, 0)).is_none());
        drop(page);
        assert!(cache.at("/all", Language::English, (1, 0)).is_none(), "it is kept nowhere else");
        let page = rendered(10);
        for number in 0..3 * MOST_TARGETS {
            cache.remember(&format!("/all?x={number}"), Language::English, (1, 0), &page);
        }
        assert!(cache.targets[Language::English as usize].read().unwrap().len() <= MOST_TARGETS);
    }
}
