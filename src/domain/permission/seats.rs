//! Who decides from which seat of the chain of approvers.

use super::{Authority, Case};
use crate::domain::PersonId;
use crate::domain::directory::Holder;
use crate::domain::request::{Approval, Office, Seat};

impl Case<'_> {
    /// Who has to approve now: the holders of the seats whose turn it is.
    pub fn approvers(&self) -> Vec<Holder> {
        self.request.sitting().filter_map(|seat| self.holder_of(seat)).collect()
    }

    /// Who decides from a seat today. Whoever was called in and is gone leaves it to the one who called.
    pub fn holder_of(&self, approval: &Approval) -> Option<Holder> {
        let (directory, today) = (self.directory, self.today);
        let head = || directory.head(&self.request.department, today);
        match &approval.seat {
            Seat::Office(Office::Head) => head(),
            Seat::Office(Office::Supervisor) => directory.supervisor(&self.request.department, today),
            Seat::Office(Office::GeneralManager) => directory.general_manager(today),
            Seat::Invited { person, by, .. } => {
                directory.present(person, today).or_else(|| directory.present(by, today)).or_else(head)
            }
        }
    }

    /// The seat that somebody decides from, his own before one that he stands in for.
    pub fn seat_of(&self, person: &PersonId) -> Option<(i64, Authority)> {
        let debtor = |a: &Approval| {
            let owed = self.request.owed().find(|o| Some(&o.id) == a.asked.as_ref())?;
            Some(owed.debtor.clone())
        };
        let holders = |a: &Approval| [debtor(a), self.holder_of(a)].into_iter().flatten().collect::<Vec<_>>();
        let seats: Vec<(i64, Vec<Holder>)> = self.request.sitting().map(|a| (a.step, holders(a))).collect();
        let found = |fits: &dyn Fn(&Holder) -> bool| {
            let one = |(step, holders): &(i64, Vec<Holder>)| {
                Some((*step, holders.iter().find(|holder| fits(holder))?.clone()))
            };
            seats.iter().find_map(one)
        };
        let (step, holder) =
            found(&|holder| person == &holder.person).or_else(|| found(&|holder| self.is(person, holder)))?;
        Some((step, self.authority(person, holder)))
    }
}
