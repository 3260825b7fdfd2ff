//! Who is called when heads do not act.

use super::{Directory, Holder, Role};
use crate::domain::{Date, DepartmentId};

impl Directory {
    /// The vice president (分管副总) above a department: the nearest on the way up, else any, else the general manager.
    pub fn vice_president(&self, department: &DepartmentId, today: Date) -> Option<Holder> {
        let above = self.chain_of(department).into_iter().filter(|p| self.has_role(p, Role::VicePresident));
        let others = self.with_role(Role::VicePresident).map(|p| p.id.clone());
        let found = above.chain(others).find_map(|p| self.present(&p, today));
        found.or_else(|| self.general_manager(today))
    }
}
