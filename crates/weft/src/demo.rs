//! The demonstration: the sample feeds through the same door as any feed, then the pages. A second start finds everything
//! there already and only counts duplicates it does not show.

use std::net::{Ipv4Addr, SocketAddr};

use crate::arguments;
use crate::house::House;
use crate::import::{Report, samples};
use crate::serve::{Serving, serve};
use crate::settings::Settings;
use crate::terminal::say;

pub(crate) fn run(settings: &Settings, task: &arguments::Demo) -> anyhow::Result<()> {
    let house = House::open(settings)?;
    let empty = house.store.read(|tx| store::log::head(tx))?.seq == 0;
    if empty {
        say(
            "Weft demonstration: taking the sample feeds in. The people in them are invented; this is not for live care.",
        );
        let report = samples(&house)?;
        say(told(&report));
    } else {
        say(format!("Weft demonstration: using the data in {}.", settings.data.display()));
    }
    if task.no_serve {
        return Ok(());
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, task.port));
    serve(
        house,
        &Serving { listen: address, mllp: settings.mllp, mllp_feed: "hospital".to_owned(), demo_sign_in: true },
        |address| {
            say(format!("\nOpen  http://{address}  and try three things:"));
            say("  1. Sign in as the GP, find \"Ashworth\", and open Margaret's record: seven sources on one page.");
            say(
                "  2. Look at \"Sources say different things\" there: the hospital knows of an allergy that the practice does not.",
            );
            say("  3. Sign in as the records officer, open Quarantine, mend a message and replay it.");
            say("\nCtrl-C stops it. The data stays for the next start.");
        },
    )
}

fn told(report: &Report) -> String {
    format!(
        "Received {} messages = {} applied + {} duplicates + {} quarantined; {} people, {} resources, in {} s.",
        report.received,
        report.applied,
        report.duplicates,
        report.quarantined,
        report.people,
        report.resources,
        report.seconds
    )
}
