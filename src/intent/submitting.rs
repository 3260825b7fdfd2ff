//! Links to the forms of issues, decisions, risk plans and improvement items: what they open, and what is submitted there.
//!
//! Invariant: as in `form`: what a link's form submits is the act that the link was made for; what is only read is not
//! submitted.

use super::{DecisionWant, FormValues, ImproveWant, IssueWant, RiskWant, Want};

/// A submit button under a form opens that form.
pub(super) fn opening(want: &Want, values: &FormValues) -> Option<Want> {
    match want {
        Want::Issue(IssueWant::File { request }) => {
            let (task, severity, topic, department, words) = (None, None, None, None, None);
            let request = request.clone();
            Some(Want::Issue(IssueWant::Report { request, task, severity, topic, department, words }))
        }
        Want::Risk(RiskWant::Save { request, risk }) => {
            let request = request.clone();
            Some(Want::Risk(match *risk {
                Some(risk) => RiskWant::Edit { request, risk },
                None => RiskWant::Plan { request, said: values.clone() },
            }))
        }
        _ => None,
    }
}

/// What the form of such a link does; `None` where there is nothing but to read.
pub(super) fn submitted(want: &Want) -> Option<Want> {
    match want {
        Want::Issue(issue) => of_issue(issue).map(Want::Issue),
        Want::Decision(decision) => of_decision(decision).map(Want::Decision),
        Want::Risk(risk) => of_risk(risk).map(Want::Risk),
        Want::Improve(lesson) => of_lesson(lesson).map(Want::Improve),
        _ => None,
    }
}

fn of_issue(want: &IssueWant) -> Option<IssueWant> {
    match want {
        IssueWant::Report { request, .. } => Some(IssueWant::File { request: request.clone() }),
        IssueWant::List { .. } | IssueWant::Show { .. } => None,
        other => Some(other.clone()),
    }
}

fn of_decision(want: &DecisionWant) -> Option<DecisionWant> {
    match want {
        DecisionWant::Ask { request, .. } => {
            let (request, decider, days, subject, options) = (request.clone(), None, None, None, None);
            Some(DecisionWant::Ask { request, decider, days, subject, options })
        }
        DecisionWant::Mine | DecisionWant::Look { .. } => None,
        other => Some(other.clone()),
    }
}

fn of_risk(want: &RiskWant) -> Option<RiskWant> {
    match want {
        RiskWant::Plan { request, .. } => Some(RiskWant::Save { request: request.clone(), risk: None }),
        RiskWant::Edit { request, risk } => {
            Some(RiskWant::Save { request: request.clone(), risk: Some(*risk) })
        }
        RiskWant::List { .. } => None,
        other => Some(other.clone()),
    }
}

fn of_lesson(want: &ImproveWant) -> Option<ImproveWant> {
    match want {
        ImproveWant::Set { request, issue, .. } => {
            let (request, issue) = (request.clone(), *issue);
            Some(ImproveWant::Set { request, issue, subject: None, owner: None, due: None })
        }
        ImproveWant::Look { .. } => None,
        ImproveWant::Finish { .. } | ImproveWant::TakeBack { .. } => Some(want.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_link_opens_is_what_its_form_submits_and_lists_are_only_read() {
        let request = || Some("2026-Q4-SCB-001".to_owned());
        let file = Want::Issue(IssueWant::File { request: request() });
        let save = Want::Risk(RiskWant::Save { request: request(), risk: None });
        let change = Want::Risk(RiskWant::Save { request: request(), risk: Some(2) });
        for submit in [file, save, change] {
            let opened = opening(&submit, &FormValues::new()).unwrap();
            assert_eq!(submitted(&opened), Some(submit));
        }
        let respond = Want::Issue(IssueWant::Respond { request: request(), issue: Some(1) });
        let decide = DecisionWant::Decide { request: request(), decision: 1, choice: Some(2), words: None };
        let done = ImproveWant::Finish { request: request(), item: Some(1), effect: None };
        for act in [respond, Want::Decision(decide), Want::Improve(done)] {
            assert_eq!((opening(&act, &FormValues::new()), submitted(&act)), (None, Some(act)));
        }
        let typed = ImproveWant::Set {
            request: request(),
            issue: Some(1),
            subject: Some("演练".to_owned()),
            owner: None,
            due: None,
        };
        let fresh =
            ImproveWant::Set { request: request(), issue: Some(1), subject: None, owner: None, due: None };
        assert_eq!(submitted(&Want::Improve(typed)), Some(Want::Improve(fresh)), "the form says what");
        for read in [
            Want::Issue(IssueWant::Show { request: request(), issue: Some(1) }),
            Want::Decision(DecisionWant::Look { request: request(), decision: 1 }),
            Want::Risk(RiskWant::List { request: request() }),
            Want::Improve(ImproveWant::Look { request: request(), item: 1 }),
        ] {
            assert_eq!(submitted(&read), None, "{read:?}");
        }
    }
}
