//! Writes the bundle: each file under its hashed name, plain and compressed, and `assets.rs` with the table of them.
//! Must not bundle anything that no page asks for.

use crate::stylesheet;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// A file of the bundle before it is written.
struct File {
    name: String,
    bytes: Vec<u8>,
}

/// Images that the design system's style sheet points at; the page's other icons are drawn in line.
const IMAGES: [&str; 4] =
    ["nhsuk-icon-arrow-down.svg", "nhsuk-icon-arrow-up-down.svg", "nhsuk-icon-arrow-up.svg", "nhsuk-icon-cross.svg"];
/// Icons drawn in line by our components; their outlines come from the package, none is kept in the repository.
const ICONS: [&str; 6] = ["arrow-left", "arrow-right", "arrow-right-circle", "cross", "tick", "user"];
/// Our own files, apart from `start.js`, which names another file and so comes after it.
const OWN: [&str; 6] = ["weft.css", "enabled.js", "live.js", "draft.js", "keys.js", "favicon.svg"];

/// Bundles the package in `package` and our files in `own` into `out_dir`.
pub(crate) fn write(package: &Path, own: &Path, out_dir: &Path) -> Result<(), String> {
    let dist = package.join("dist/nhsuk");
    let folder = out_dir.join("bundle");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let mut table = String::new();
    let mut addresses = String::new();
    let mut add = |file: File| -> Result<String, String> { place(&folder, &file, &mut table, &mut addresses) };

    let mut moved = Vec::new();
    for image in IMAGES {
        let address = add(File { name: image.to_owned(), bytes: read(&dist.join("assets/images").join(image))? })?;
        moved.push((format!("/assets/images/{image}"), address));
    }
    let css = text(&dist.join("nhsuk-frontend.min.css"))?;
    let css = stylesheet::readdressed(&stylesheet::without_fonts(&css)?, &moved);
    add(File { name: "nhsuk-frontend.css".to_owned(), bytes: css.into_bytes() })?;

    let script = text(&dist.join("nhsuk-frontend.min.js"))?;
    let script = script.rsplit_once("//# sourceMappingURL=").map_or(script.as_str(), |(code, _)| code).to_owned();
    let address = add(File { name: "nhsuk-frontend.js".to_owned(), bytes: script.into_bytes() })?;
    let start = stylesheet::readdressed(&text(&own.join("start.js"))?, &[("./nhsuk-frontend.js".to_owned(), address)]);
    add(File { name: "start.js".to_owned(), bytes: start.into_bytes() })?;
    for name in OWN {
        add(File { name: name.to_owned(), bytes: read(&own.join(name))? })?;
    }

    let mut icons = String::new();
    for icon in ICONS {
        let drawing = text(&dist.join(format!("assets/images/nhsuk-icon-{icon}.svg")))?;
        let outline = drawing.split_once(" d=\"").and_then(|(_, after)| after.split_once('"'));
        let (outline, _) = outline.ok_or_else(|| format!("nhsuk-icon-{icon}.svg has no outline"))?;
        let constant = icon.replace('-', "_").to_uppercase();
        writeln!(icons, "    pub(crate) const {constant}: &str = {outline:?};").map_err(|error| error.to_string())?;
    }
    let code = format!(
        "pub(crate) static TABLE: &[Asset] = &[\n{table}];\n/// Hashed addresses, one constant a file, so that a page cannot name a file that is not there.\npub mod address {{\n{addresses}}}\n/// Outlines of the icons that components draw.\npub(crate) mod outline {{\n{icons}}}\n"
    );
    save(&out_dir.join("assets.rs"), code.as_bytes())
}

/// Writes one file and its compressed twin; returns its address.
fn place(folder: &Path, file: &File, table: &mut String, addresses: &mut String) -> Result<String, String> {
    let (stem, extension) = file.name.rsplit_once('.').ok_or_else(|| format!("{} has no extension", file.name))?;
    let mut hash = String::new();
    for byte in Sha256::digest(&file.bytes).iter().take(6) {
        write!(hash, "{byte:02x}").map_err(|error| error.to_string())?;
    }
    let name = format!("{stem}.{hash}.{extension}");
    let kind = match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        other => return Err(format!("{}: what is the media type of .{other}? add it in build/bundle.rs", file.name)),
    };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let gzip = encoder.write_all(&file.bytes).and_then(|()| encoder.finish()).map_err(|error| error.to_string())?;
    let (plain, packed) = (folder.join(&name), folder.join(format!("{name}.gz")));
    save(&plain, &file.bytes)?;
    save(&packed, &gzip)?;
    writeln!(
        table,
        "    Asset {{ address: \"/assets/{name}\", content_type: \"{kind}\", plain: include_bytes!({plain:?}), gzip: include_bytes!({packed:?}) }},"
    )
    .map_err(|error| error.to_string())?;
    let constant = file.name.replace(['-', '.'], "_").to_uppercase();
    writeln!(addresses, "    /// `{}`\n    pub const {constant}: &str = \"/assets/{name}\";", file.name)
        .map_err(|error| error.to_string())?;
    Ok(format!("/assets/{name}"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn text(path: &Path) -> Result<String, String> {
    String::from_utf8(read(path)?).map_err(|error| format!("{} is not UTF-8: {error}", path.display()))
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), String> {
    // An unchanged file keeps its date, so that rustc does not embed it again.
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
