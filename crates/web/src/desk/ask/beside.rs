//! What belongs to an ask and has a page of its own, with deeds: the response of the crisis team, a fall. Each deed is a question on a page,
//! and its answer. Must not decide: whether something may be done now, and what comes of it, the thing itself says.

use axum::extract::Path;
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use place::Place;
use uuid::Uuid;

use super::Opened;
use super::form::Form;
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::pages::ask::Way;
use crate::pages::ask::decision::{self, Field};
use crate::session::{Sent, Who};

/// What a deed is called: its word in addresses, the link to it, its page's heading, what follows from it, its button.
pub(in crate::desk) type Said = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Something that can be done.
pub(in crate::desk) trait Deed: Copy + Send + Sync + 'static {
    /// Every one, in the order in which a page offers them.
    const ALL: &'static [Self];

    fn said(self) -> Said;

    /// The deed of a word in an address.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.said().0 == word)
    }
}

/// What became of an answer: where to go on; or why nothing did, and the field that is about.
pub(in crate::desk) type Came = Result<String, (String, Option<&'static str>)>;

/// A thing that was opened with the ask it belongs to.
pub(in crate::desk) trait Beside: Sized + Send + Sync {
    type Deed: Deed;
    type Act: Send;
    /// The folder of its pages.
    const FOLDER: &'static str;
    /// The way back to its own page, in words.
    const BACK: &'static str;

    /// Finds the thing an address names and opens its ask.
    fn open(state: &State, who: &Who, id: Uuid, title: &str) -> impl Future<Output = Result<Self, Trouble>> + Send;

    fn id(&self) -> Uuid;

    fn opened(&self) -> &Opened;

    /// Whether a reader could do it now, whatever they type.
    fn offers(&self, deed: Self::Deed, who: &Who) -> bool;

    /// What comes next, for a page that has grown old.
    fn next(&self, place: &Place) -> String;

    /// What whoever answers should have before their eyes: facts, and a line of warning.
    fn before(&self, deed: Self::Deed, place: &Place, now: Timestamp) -> (Vec<(String, String)>, Option<String>);

    fn fields(&self, deed: Self::Deed, place: &Place, now: Timestamp) -> Vec<Field>;

    /// What was typed; `None` where something is wrong, which the form then says.
    fn read(&self, deed: Self::Deed, form: &mut Form<'_>, now: Timestamp) -> Option<Self::Act>;

    /// Does it, with leave to work the ask.
    fn act(&self, state: &State, who: &Who, act: Self::Act) -> impl Future<Output = Result<Came, Trouble>> + Send;
}

fn href<T: Beside>(thing: &T) -> String {
    format!("{}/{}", T::FOLDER, thing.id())
}

/// The ways from a thing's page to what can be done now.
pub(in crate::desk) fn ways<T: Beside>(thing: &T, who: &Who) -> Vec<Way> {
    let open = T::Deed::ALL.iter().filter(|deed| thing.offers(**deed, who));
    open.map(|deed| Way { text: deed.said().1.to_owned(), href: format!("{}/{}", href(thing), deed.said().0) })
        .collect()
}

async fn named<T: Beside>(state: &State, who: &Who, id: &str, word: &str) -> Result<(T::Deed, T), Trouble> {
    let deed = T::Deed::from_word(word).ok_or(Trouble::NotFound)?;
    let id: Uuid = id.parse().map_err(|_| Trouble::NotFound)?;
    Ok((deed, T::open(state, who, id, deed.said().2).await?))
}

fn view<T: Beside>(thing: &T, deed: T::Deed, place: &Place, fields: Vec<Field>, now: Timestamp) -> decision::View {
    let (word, _, heading, lead, button) = deed.said();
    let (facts, note) = thing.before(deed, place, now);
    decision::View {
        shell: thing.opened().shell.clone(),
        back_text: Some(T::BACK.to_owned()),
        back_href: href(thing),
        heading: heading.to_owned(),
        lead: lead.to_owned(),
        facts,
        note,
        action: format!("{}/{word}", href(thing)),
        fields,
        button: button.to_owned(),
        ..decision::View::default()
    }
}

/// What a request for a deed's page says: the thing and the deed.
pub(in crate::desk) type Address = Path<(String, String)>;

/// The question of a deed.
pub(in crate::desk) async fn question<T: Beside>(state: State, who: Who, Path((id, word)): Address) -> Page {
    let (deed, thing) = named::<T>(&state, &who, &id, &word).await?;
    let place = &state.parts().place;
    let mut view = view(&thing, deed, place, thing.fields(deed, place, who.at), who.at);
    if !thing.offers(deed, &who) {
        view.error = Some(format!("This cannot be done now. {}", thing.next(place)));
    }
    Ok(Html(decision::render(&view)))
}

/// The answer to it.
pub(in crate::desk) async fn answer<T: Beside>(
    state: State,
    Path((id, word)): Address,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (deed, thing) = named::<T>(&state, &who, &id, &word).await?;
    let place = &state.parts().place;
    let mut form = Form::of(thing.fields(deed, place, who.at), &fields);
    let act = thing.read(deed, &mut form, who.at).filter(|_| !form.is_wrong());
    let error = match act {
        None => None,
        Some(act) => match thing.act(&state, &who, act).await? {
            Ok(on) => return Ok(Redirect::to(&on).into_response()),
            Err((sentence, field)) => form.wrong_at(field, sentence),
        },
    };
    let view = decision::View { error, ..view(&thing, deed, place, form.into_fields(), who.at) };
    Ok(Html(decision::render(&view)).into_response())
}
