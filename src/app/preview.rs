//! The route of a form before it is filed: 预览路线.
//!
//! Invariant: nothing is saved but the draft, and what is shown is what `domain` would do with the form at that moment.

use super::filing::{f1, read_form, rows_of};
use super::resolve::{AtHand, Meant};
use super::{Act, App, Trouble};
use crate::domain::change::{FormKind, FormReply, Reply, Value};
use crate::domain::request::{self, Filer, Route};
use crate::domain::{PersonId, RequestId};
use crate::intent::RequestRef;
use crate::store::draft::{self, AT_HAND, Kept};

impl App {
    /// The form as it is, with every fault, and the route on top of it.
    pub(super) async fn preview(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        (typed, rows): (&RequestRef, u8),
    ) -> Result<Reply, Trouble> {
        let request = match typed {
            None => None,
            Some(_) => match self.meant(act, typed, ("revise", AtHand::Filed)).await? {
                Meant::Answer(reply) => return Ok(reply),
                Meant::One(id) => Some(id),
            },
        };
        let values = act.typed();
        let about = request.as_ref().map_or(AT_HAND, RequestId::as_str).to_owned();
        draft::keep(&mut act.out, person, &Kept { about, saved_at: act.now, values: values.clone() })?;
        let (_, faults) = read_form(&act.company, act.now, &values);
        let rows = rows_of(&values).max(rows);
        Ok(Reply::Form(FormReply { form: FormKind::Route, ..f1(request.as_ref(), rows, values, faults) }))
    }

    /// Where the values of a form would lead: for its card. `None` where the person may not file at all.
    pub async fn route_of(&self, person: &PersonId, form: &FormReply) -> Result<Option<Route>, Trouble> {
        let (company, now) = (self.company(), self.clock.now());
        let own = company.directory.person(person).map(|p| p.department.clone());
        let (filing, _) = read_form(&company, now, &form.values);
        let rules = company.rules(now);
        let Some(id) = &form.request else {
            let filer =
                |department| Filer { number: RequestId::new(""), initiator: person.clone(), department };
            return Ok(own.map(|department| request::route(filer(department), &filing, rules)));
        };
        let file = self.file(id).await?.filter(|file| file.may_submit(person, rules).is_ok());
        Ok(file.map(|file| file.route_of(person, &filing, rules)))
    }
}

/// Most steps that the answer to a filed form names.
const MOST_TOLD: usize = 12;

/// Tells the filer the route as a part of the answer.
pub(super) fn tell(reply: &mut Reply, route: &Route) {
    let Reply::Done { with, .. } = reply else { return };
    for (n, stop) in (1..).zip(route.stops.iter().take(MOST_TOLD)) {
        with.insert(format!("stop{n}"), Value::Department(stop.department.clone()));
        with.insert(format!("stop{n}_who"), Value::Person(stop.holder.person.clone()));
        with.insert(format!("stop{n}_due"), Value::Moment(stop.due_at));
    }
}
