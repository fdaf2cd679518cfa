//! How many places each of many holds of something that there is not enough of:
//! connections, requests at work, lines that stay open.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The places that are taken, by holder.
#[derive(Debug)]
pub struct Shares<K>(Mutex<HashMap<K, usize>>);

impl<K> Default for Shares<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// One place. Dropping it gives it back.
#[derive(Debug)]
pub struct Share<K: Eq + Hash> {
    of: Arc<Shares<K>>,
    holder: K,
}

impl<K: Eq + Hash + Clone> Shares<K> {
    /// A place, unless this holder has `most` already.
    pub fn take(self: &Arc<Self>, holder: K, most: usize) -> Option<Share<K>> {
        let mut taken = self.taken();
        let count = taken.get(&holder).copied().unwrap_or(0);
        if count >= most {
            return None;
        }
        taken.insert(holder.clone(), count + 1);
        drop(taken);
        Some(Share { of: self.clone(), holder })
    }
}

impl<K> Shares<K> {
    fn taken(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut taken = self.of.taken();
        if let Some(count) = taken.get_mut(&self.holder) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(&self.holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_holder_has_its_own_and_nobody_more_than_the_most() {
        let shares = Arc::new(Shares::default());
        let held: Vec<_> = (0..3).filter_map(|_| shares.take("loud", 2)).collect();
        assert_eq!(held.len(), 2);
        assert!(shares.take("quiet", 2).is_some());
        drop(held);
        assert!(shares.take("loud", 2).is_some());
        assert!(shares.taken().is_empty(), "who holds nothing is forgotten");
        assert!(shares.take("none", 0).is_none());
    }
}
