//! Who may sign in, from the settings: the providers and how long a session lives; and whether the demonstration's sign-in,
//! which asks nobody for a proof, may be on. It may not over anything that a demonstration did not make.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, bail};
use jiff::SignedDuration;
use sign_in::{Provider, Providers, RoleMap, Web};
use store::Location;

use crate::borough::Kept;
use crate::house::House;
use crate::settings::Settings;

/// How many minutes a session lives unused where real people work.
const IDLE: u8 = 15;
/// The same in the demonstration, where somebody reads what they see for the first time.
const DEMO_IDLE: u8 = 30;

/// How many minutes old a sign-in may be when somebody breaks the glass. The demonstration asks nobody for a proof, so it asks
/// for no new one.
const GLASS: u16 = 30;

/// How people sign in.
pub(crate) fn of(house: &House, settings: &Settings, demo: bool) -> anyhow::Result<web::Door> {
    let minutes = settings.idle_minutes.unwrap_or(if demo { DEMO_IDLE } else { IDLE });
    if !(1..=30).contains(&minutes) {
        bail!("idle_minutes is from 1 to 30: a session that nobody uses is somebody's open door");
    }
    let idle = SignedDuration::from_mins(minutes.into());
    if settings.glass_minutes.is_some_and(|minutes| !(1..=720).contains(&minutes)) {
        bail!("glass_minutes is from 1 to 720, which is as long as a session lives");
    }
    let glass = settings.glass_minutes.or((!demo).then_some(GLASS));
    let glass = glass.map(|minutes| SignedDuration::from_mins(minutes.into()));
    let tls = settings.tls.is_some();
    if settings.sign_in.is_empty() {
        let secure = tls || settings.address.as_ref().is_some_and(|address| address.starts_with("https://"));
        return Ok(web::Door { providers: None, idle, glass, secure });
    }
    let test = settings.sign_in.iter().all(|written| written.test);
    let Some(address) = &settings.address else {
        bail!("[[sign-in]] needs address: where browsers find this service, such as https://record.example");
    };
    let secure = address.starts_with("https://");
    let here = ["http://127.0.0.1", "http://localhost"].iter().any(|local| {
        address
            .strip_prefix(local)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':') || rest.starts_with('/'))
    });
    if !secure && (tls || !(test && here)) {
        bail!("address begins with https:// (http:// only on this machine, where every [[sign-in]] has test = true)");
    }
    let of = |written| Provider::of(written, &|name| std::env::var(name).ok());
    let providers = settings.sign_in.iter().cloned().map(of).collect::<Result<Vec<_>, _>>()?;
    let map = RoleMap::of(&house.place).context("the place's role map cannot be used")?;
    let web = Box::new(Web::default());
    let providers = Providers::new(providers, map, house.place.clone(), web, address)?;
    Ok(web::Door { providers: Some(Arc::new(providers)), idle, glass, secure })
}

/// Refuses the demonstration's sign-in where it might let anybody at somebody's data.
pub(crate) fn demonstration(
    house: &House,
    settings: &Settings,
    listen: SocketAddr,
    beyond: bool,
) -> anyhow::Result<()> {
    if !settings.sign_in.is_empty() {
        bail!(
            "the demonstration's sign-in and [[sign-in]] in the configuration cannot be on together: one lets anybody in, the other asks who they are. Take one away"
        );
    }
    if !is_demonstration(house, settings)? {
        bail!(
            "the data in {} were not made by the demonstration, so its sign-in, which lets anybody in, stays off. Use `weft demo` with an empty folder (--data DIR), or take invented data in with `weft import --invented`",
            settings.data.display()
        );
    }
    if !listen.ip().is_loopback() && !beyond {
        bail!(
            "{listen} can be reached from other machines, and the demonstration's sign-in lets anybody in. If that is what you want, add --demo-beyond-this-machine"
        );
    }
    Ok(())
}

/// True where the log itself says so, from its first entry on. A borough made before the log said it is known by its file, as
/// long as its database lies in the same folder.
fn is_demonstration(house: &House, settings: &Settings) -> anyhow::Result<bool> {
    if house.store.read(|tx| access::demonstration::is_one(tx))? {
        return Ok(true);
    }
    let beside = matches!(&settings.location, Location::File(path) if path.starts_with(&settings.data));
    Ok(beside && Kept::read(&settings.data)?.is_some())
}

#[cfg(test)]
mod tests;
