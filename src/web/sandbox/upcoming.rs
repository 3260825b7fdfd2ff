//! What fires next and why, for the page.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::{Web, Wrong, local};
use crate::app::Company;
use crate::domain::Lang;
use crate::domain::policy::{Audience, Rung};
use crate::text::{say, word};

/// Steps shown.
const MOST: i64 = 50;

/// `GET /sandbox/api/upcoming`
pub async fn upcoming(State(web): State<Web>) -> Result<Json<Value>, Wrong> {
    let app = web.engine.app();
    let company = app.company();
    let lang = company.language(None);
    let zone = company.calendar.time_zone();
    let mut rows = Vec::new();
    for owed in app.upcoming(MOST).await? {
        let o = &owed.obligation;
        let Some(next) = o.next else { continue };
        let Some(step) = o.ladder.get(next.index) else { continue };
        let rung = match step.rung {
            Rung::Remind => "remind",
            Rung::Overdue => "overdue",
            Rung::Alert => "alert",
        };
        let to: Vec<String> = step.to.iter().map(|a| hearer(*a, &company, o, lang)).collect();
        let since = local(o.counted_from(), zone).get(..16).unwrap_or_default().replace('T', " ");
        let due = local(o.due_at, zone).get(..16).unwrap_or_default().replace('T', " ");
        let why = say(lang, "page.upcoming.because", &[("since", &since), ("due", &due)]);
        rows.push(json!({
            "at": local(next.fires_at, zone),
            "kind": o.kind.name(), "kind_text": word(lang, &format!("kind.{}", o.kind.name())),
            "subject": owed.request, "title": owed.title,
            "step": rung, "step_text": word(lang, &format!("rung.{rung}")),
            "to": to.join(&word(lang, "say.and")),
            "debtor": o.debtor.person,
            "why": why,
        }));
    }
    Ok(Json(Value::Array(rows)))
}

fn hearer(to: Audience, company: &Company, o: &crate::domain::obligation::Obligation, lang: Lang) -> String {
    match to {
        Audience::Debtor => company.directory.name_of(&o.debtor.person),
        office => word(lang, &format!("page.upcoming.to.{}", office.name())),
    }
}
