//! Case files under lock, and a memory of those that were committed last.
//!
//! Invariant: what was decided on a remembered file is committed only if its version is still the one in the database:
//! compared under the lock, or by the tripwire of the save.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::calendar::Calendar;
use crate::domain::change::Change;
use crate::domain::request::Request;
use crate::domain::{RequestId, Timestamp};
use crate::store::batch::Batch;
use crate::store::request::{self, Basis, Saving};
use crate::store::{Db, DbError, Tx};

/// Files kept; when there are more, all are forgotten and loaded again as they are needed.
const MOST: usize = 20_000;

/// The memory.
#[derive(Default)]
pub(super) struct Files {
    known: Mutex<HashMap<RequestId, Known>>,
}

/// A file, and what a decision on it rests on.
pub(super) type Known = (Basis, Arc<Request>);

impl Files {
    /// Locks a case file and loads it, or takes the remembered one if nobody has written since.
    pub async fn locked(&self, tx: &mut Tx, id: &RequestId) -> Result<Option<Known>, DbError> {
        let Some(locked) = request::lock(tx, id).await? else { return Ok(None) };
        if let Some((_, file)) = self.known(id).filter(|(basis, _)| basis.version == locked.version) {
            return Ok(Some((locked, file)));
        }
        let loaded = request::load(tx, id).await?;
        Ok(loaded.map(|(basis, file)| (basis, Arc::new(file))))
    }

    /// The file as it was when this process saw it last; loaded if it never did. It may be behind.
    pub async fn remembered(&self, db: &Db, id: &RequestId) -> Result<Option<Known>, DbError> {
        match self.known(id) {
            Some(known) => Ok(Some(known)),
            None => self.load(db, id).await,
        }
    }

    /// The file as last committed, for reading.
    pub async fn read(&self, db: &Db, id: &RequestId) -> Result<Option<Arc<Request>>, DbError> {
        let Some(version) = request::version_of(db, id).await? else { return Ok(None) };
        if let Some((_, file)) = self.known(id).filter(|(basis, _)| basis.version == version) {
            return Ok(Some(file));
        }
        Ok(self.load(db, id).await?.map(|(_, file)| file))
    }

    /// What this process has seen of a file since it was committed: itself, or what came after it.
    pub fn newest(&self, file: &Arc<Request>) -> Arc<Request> {
        self.known(&file.id).map_or_else(|| file.clone(), |(_, newest)| newest)
    }

    async fn load(&self, db: &Db, id: &RequestId) -> Result<Option<Known>, DbError> {
        let loaded = request::load(&mut &*db, id).await?.map(|(basis, file)| (basis, Arc::new(file)));
        if let Some(known) = &loaded {
            self.keep(known.clone());
        }
        Ok(loaded)
    }

    /// Remembers a file that was just committed.
    pub fn remember(&self, (basis, mut request): (Basis, Request)) -> Arc<Request> {
        request.obligations.retain(|o| o.is_open());
        let file = Arc::new(request);
        self.keep((basis, file.clone()));
        file
    }

    /// Forgets a file that turned out to be behind.
    pub fn forget(&self, id: &RequestId) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    fn keep(&self, (basis, file): Known) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        let newer = known.get(&file.id).is_none_or(|(had, _)| had.version < basis.version);
        if newer {
            known.insert(file.id.clone(), (basis, file));
        }
    }

    fn known(&self, id: &RequestId) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

/// Writes a change of an existing file.
pub(super) fn save(
    out: &mut Batch,
    (basis, old): (&Basis, &Request),
    change: &Change,
    (now, calendar): (Timestamp, &Calendar),
) -> Result<Basis, DbError> {
    let saving = Saving { basis: Some(basis), old: Some(old), audit: &change.audit, now, calendar };
    request::save(out, &change.request, &saving)
}
