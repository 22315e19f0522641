//! Links moved many at once: an ENT changed, and every pupil asks with a new account.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use askama::Template;
use axum::response::{IntoResponse, Response};
use pix_orga_domain::ids::{LinkId, LinkingRequestId};
use pix_orga_domain::reconciliation::linking::LinkingRefusal;
use pix_orga_domain::reconciliation::moving::{
    Caution, ChosenMove, MOVES_AT_ONCE_MAX, MoveOutcome, MoveResult, MovesMade, ProposedMove,
};
use pix_orga_domain::reconciliation::requests::SeenIdentity;
use pix_orga_domain::refusal::{Denied, Refusal};
use serde::Deserialize;

use super::one::divisions;
use super::requests::account_name;
use crate::extract::Query;
use crate::forms::Boxes;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::{FormErrors, long_day_of};
use crate::visitor::Space;

#[cfg(test)]
pub mod samples;

/// The boxes of the page, and what comes back of them.
const BOX: &str = "choisi";
/// What asks that the boxes come ticked.
const ALL: &str = "tout";

#[derive(Template)]
#[template(path = "pages/students/moves.html")]
struct MovesPage {
    page: Page,
    errors: FormErrors,
    moves: Vec<ProposedLine>,
    others: usize,
    ticked: usize,
    certain: usize,
    url: String,
    tick_url: String,
}

/// A link that may be moved, with both accounts.
struct ProposedLine {
    value: String,
    number: usize,
    ticked: bool,
    last_name: String,
    first_name: String,
    division: String,
    new: AccountSeen,
    asked_on: String,
    former: AccountSeen,
    cautions: Vec<String>,
    request_url: String,
}

/// An account as the GAR signed it last.
struct AccountSeen {
    name: String,
    division: String,
    signed_in_on: String,
}

#[derive(Template)]
#[template(path = "pages/students/moves_confirm.html")]
struct ConfirmPage {
    page: Page,
    values: Vec<String>,
    classes: Vec<ClassFigure>,
    left_out: usize,
    action: String,
    back: String,
}

struct ClassFigure {
    division: String,
    moves: usize,
}

#[derive(Template)]
#[template(path = "pages/students/moves_done.html")]
struct DonePage {
    page: Page,
    moved: usize,
    refused: Vec<RefusedLine>,
    not_tried: usize,
    url: String,
}

struct RefusedLine {
    name: String,
    division: String,
    why: String,
}

/// Whether the boxes come ticked.
#[derive(Deserialize)]
pub struct TickAsked {
    #[serde(default)]
    cocher: String,
}

/// The moves that nothing makes doubtful, to choose among. No box comes ticked unless it is asked for; those that are
/// to be looked at by themselves never do.
pub async fn moves(space: Space, Query(asked): Query<TickAsked>) -> Result<Response, Problem> {
    let all = asked.cocher == ALL;
    let ticked = |one: &ProposedMove| all && one.cautions().is_empty();
    Ok(render(&show(&space, ticked, FormErrors::default()).await?))
}

/// What was ticked, in figures.
pub async fn confirm(space: Space, boxes: Boxes) -> Result<Response, Problem> {
    let chosen = chosen(&boxes);
    if let Err(refusal) = check(&space, &chosen) {
        return refused(&space, &chosen, refusal).await;
    }
    let proposed = space
        .visitor
        .app
        .linking
        .proposed_moves(&space.member)
        .await?;
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    let mut values = Vec::new();
    for one in proposed.moves {
        if chosen.contains(&one.chosen()) {
            values.push(Value(one.chosen()).to_string());
            *classes.entry(one.student.division).or_default() += 1;
        }
    }
    let url = url(&space);
    if values.is_empty() {
        let uncertain = LinkingRefusal::MoveUncertain.code();
        return Ok(space.visitor.refused(&url, uncertain));
    }
    let classes = classes.into_iter();
    Ok(render(&ConfirmPage {
        page: space.page(&text("moves-confirm-title"), "students"),
        left_out: chosen.len() - values.len(),
        values,
        classes: classes
            .map(|(division, moves)| ClassFigure { division, moves })
            .collect(),
        action: format!("{url}/confirmer"),
        back: url,
    }))
}

/// Makes the moves, and says of each that was not made why.
pub async fn make(space: Space, boxes: Boxes) -> Result<Response, Problem> {
    let chosen = chosen(&boxes);
    let linking = &space.visitor.app.linking;
    let made = match linking.move_links(&space.member, &chosen).await {
        Ok(made) => made,
        Err(Denied::Refused(refusal)) if refusal != LinkingRefusal::RoleInsufficient => {
            return refused(&space, &chosen, refusal).await;
        }
        Err(other) => return Err(other.into()),
    };
    if let Some(failure) = &made.failure {
        tracing::error!(%failure, "links could not all be moved");
    }
    let done = DonePage::of(&space, &made);
    if done.refused.is_empty() && done.not_tried == 0 {
        let to = space.at("/eleves/demandes");
        let visitor = &space.visitor;
        return Ok(visitor.done_count(&to, "success", "links-moved", done.moved));
    }
    Ok(render(&done))
}

fn url(space: &Space) -> String {
    space.at("/eleves/demandes/ensemble")
}

/// What the boxes say, each once, in the order of the page. A value that none of ours has is none.
fn chosen(boxes: &Boxes) -> Vec<ChosenMove> {
    let mut chosen: Vec<ChosenMove> = Vec::new();
    let mut seen = HashSet::new();
    for Value(one) in boxes.of(BOX).filter_map(Value::parse) {
        if seen.insert(one) {
            chosen.push(one);
        }
    }
    chosen
}

/// What is wrong with a choice before anything is looked at.
fn check(space: &Space, chosen: &[ChosenMove]) -> Result<(), LinkingRefusal> {
    space
        .member
        .require_administrator(LinkingRefusal::RoleInsufficient)?;
    match chosen.len() {
        0 => Err(LinkingRefusal::NothingChosen),
        many if many > MOVES_AT_ONCE_MAX => Err(LinkingRefusal::TooManyMoves),
        _ => Ok(()),
    }
}

/// The page again, with the boxes as they were ticked and what is wrong with them.
async fn refused(
    space: &Space,
    chosen: &[ChosenMove],
    refusal: LinkingRefusal,
) -> Result<Response, Problem> {
    if refusal == LinkingRefusal::RoleInsufficient {
        return Err(Problem::Refused(refusal.code()));
    }
    let errors = FormErrors::refused(BOX, refusal.code());
    let page = show(space, |one| chosen.contains(&one.chosen()), errors).await?;
    Ok((refusals::status(refusal.code()), render(&page)).into_response())
}

async fn show(
    space: &Space,
    ticked: impl Fn(&ProposedMove) -> bool,
    errors: FormErrors,
) -> Result<MovesPage, Problem> {
    let app = &space.visitor.app;
    let proposed = app.linking.proposed_moves(&space.member).await?;
    let lines = proposed.moves.into_iter().zip(1..);
    let moves: Vec<ProposedLine> = lines
        .map(|(one, number)| {
            let ticked = ticked(&one);
            let at = space.at(&format!("/eleves/demandes/{}", one.asked.request.id));
            ProposedLine::of(one, number, ticked, at)
        })
        .collect();
    let url = url(space);
    Ok(MovesPage {
        page: space.page(&text("moves-title"), "students"),
        errors,
        others: proposed.others,
        ticked: moves.iter().filter(|one| one.ticked).count(),
        certain: moves.iter().filter(|one| one.cautions.is_empty()).count(),
        moves,
        tick_url: format!("{url}?cocher={ALL}"),
        url,
    })
}

impl ProposedLine {
    fn of(one: ProposedMove, number: usize, ticked: bool, request_url: String) -> Self {
        Self {
            value: Value(one.chosen()).to_string(),
            number,
            ticked,
            cautions: one.cautions().into_iter().map(caution).collect(),
            asked_on: long_day_of(one.asked.request.asked_at),
            new: AccountSeen::of(&one.asked.pupil),
            former: AccountSeen::of(&one.former),
            last_name: one.student.last_name,
            first_name: one.student.first_name,
            division: one.student.division,
            request_url,
        }
    }
}

fn caution(caution: Caution) -> String {
    text(&format!("moves-caution-{}", caution.code()))
}

impl AccountSeen {
    fn of(account: &SeenIdentity) -> Self {
        Self {
            name: account_name(account),
            division: divisions(&account.divisions),
            signed_in_on: long_day_of(account.signed_in_at),
        }
    }
}

impl DonePage {
    fn of(space: &Space, made: &MovesMade) -> Self {
        let count = |outcome| {
            let such = made.results.iter().filter(|one| one.outcome == outcome);
            such.count()
        };
        Self {
            page: space.page(&text("moves-done-title"), "students"),
            moved: count(MoveOutcome::Moved),
            not_tried: count(MoveOutcome::NotTried),
            refused: made.results.iter().filter_map(RefusedLine::of).collect(),
            url: url(space),
        }
    }
}

impl RefusedLine {
    fn of(result: &MoveResult) -> Option<Self> {
        let MoveOutcome::Refused(refusal) = result.outcome else {
            return None;
        };
        let pupil = result.pupil.as_ref();
        Some(Self {
            name: pupil.map_or_else(|| text("moves-done-unknown"), account_name),
            division: pupil.map_or_else(String::new, |pupil| divisions(&pupil.divisions)),
            why: refusals::text(refusal.code()),
        })
    }
}

/// A move as a box sends it.
struct Value(ChosenMove);

impl Value {
    fn parse(text: &str) -> Option<Self> {
        let (request, link) = text.split_once('.')?;
        Some(Self(ChosenMove {
            request: LinkingRequestId::parse(request).ok()?,
            link: LinkId::parse(link).ok()?,
        }))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.request, self.0.link)
    }
}
