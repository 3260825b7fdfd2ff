//! Case files under lock, and a memory of those that were committed last.
//!
//! Invariant: a remembered file is used only when its version is the one in the database under the lock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::calendar::Calendar;
use crate::domain::change::Change;
use crate::domain::request::Request;
use crate::domain::{RequestId, Timestamp};
use crate::store::batch::Batch;
use crate::store::request::{self, Locked, Saving};
use crate::store::{Db, DbError, Tx};

/// Files kept; when there are more, all are forgotten and loaded again as they are needed.
const MOST: usize = 20_000;

/// The memory.
#[derive(Default)]
pub(super) struct Files {
    known: Mutex<HashMap<RequestId, Arc<Request>>>,
}

impl Files {
    /// Locks a case file and loads it, or takes the remembered one if nobody has written since.
    pub async fn locked(
        &self,
        tx: &mut Tx,
        id: &RequestId,
    ) -> Result<Option<(Locked, Arc<Request>)>, DbError> {
        let Some(locked) = request::lock(tx, id).await? else { return Ok(None) };
        if let Some(known) = self.known(id, locked.version) {
            return Ok(Some((locked, known)));
        }
        let loaded = request::load(tx, id).await?;
        Ok(loaded.map(|file| (locked, Arc::new(file))))
    }

    /// The file as last committed, for reading.
    pub async fn read(&self, db: &Db, id: &RequestId) -> Result<Option<Arc<Request>>, DbError> {
        let Some(version) = request::version_of(db, id).await? else { return Ok(None) };
        if let Some(known) = self.known(id, version) {
            return Ok(Some(known));
        }
        let loaded = request::load(&mut &*db, id).await?.map(Arc::new);
        if let Some(file) = &loaded {
            self.keep(file.clone());
        }
        Ok(loaded)
    }

    /// Remembers a file that was just committed.
    pub fn remember(&self, mut request: Request) {
        request.obligations.retain(|o| o.is_open());
        self.keep(Arc::new(request));
    }

    fn keep(&self, file: Arc<Request>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        let newer = known.get(&file.id).is_none_or(|had| had.version < file.version);
        if newer {
            known.insert(file.id.clone(), file);
        }
    }

    fn known(&self, id: &RequestId, version: i64) -> Option<Arc<Request>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(id).filter(|file| file.version == version).cloned()
    }
}

/// Writes a change of an existing file.
pub(super) fn save(
    out: &mut Batch,
    (locked, old): (&Locked, &Request),
    change: &Change,
    (now, calendar): (Timestamp, &Calendar),
) -> Result<(), DbError> {
    let saving = Saving { locked: Some(locked), old: Some(old), audit: &change.audit, now, calendar };
    request::save(out, &change.request, &saving)
}
