//! Starting: from running the program over a full data folder to its first good answer.

use std::time::Duration;

use crate::borough::Borough;
use crate::figure::Figure;
use crate::http::Connection;
use crate::latency::Latencies;
use crate::say::tell;
use crate::setting::Setting;

/// How often it is started; the middle one counts.
const TIMES: usize = 5;

/// The median of five starts.
pub(crate) fn measure(setting: &Setting, borough: &Borough) -> anyhow::Result<Vec<Figure>> {
    tell("starting five times");
    let mut times = Latencies::default();
    for _ in 0..TIMES {
        let server = setting.program.serve(&borough.data())?;
        let mut connection = Connection::open(&server.address)?;
        let answer = connection.get("/status")?;
        anyhow::ensure!(answer.status == 200, "/status was answered with {}", answer.status);
        let taken: Duration = server.started.elapsed();
        times.add(taken);
    }
    let times = times.sorted();
    let name = format!("start with {} people, median of {TIMES}", setting.people);
    let figure = Figure::new(name, times.within(0.5), "ms", "weft serve, until GET /status is 200").under(1_000.0);
    Ok(vec![figure.with("longest_ms", times.longest())])
}
