//! The whole place in memory, checked, with the look-ups that the rest of the program asks of it. Never changes after
//! it was read: a new version of a place is a new `Place`.

use crate::check::{Draft, check};
use crate::postcodes::Postcodes;
use crate::{
    About, Area, BuiltIn, Calendar, CareHome, Clock, Condition, Feed, Files, Folder, Neighbourhood, OdsCode,
    Organisation, OrganisationKind, Postcode, Practice, Problems, RecordSystem, Residence, Service,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// A place: a borough as data.
#[derive(Debug, Clone)]
pub struct Place {
    about: About,
    neighbourhoods: Vec<Neighbourhood>,
    practices: Vec<Practice>,
    care_homes: Vec<CareHome>,
    organisations: Vec<Organisation>,
    services: Vec<Service>,
    areas: Vec<Area>,
    feeds: Vec<Feed>,
    calendar: Calendar,
    clocks: Vec<Clock>,
    conditions: Vec<Condition>,
    residences: Vec<Residence>,
    systems: Vec<RecordSystem>,
    postcodes: Postcodes,
    texts: BTreeMap<String, String>,
}

impl Place {
    /// Reads and checks a place.
    ///
    /// # Errors
    /// [`Problems`]: every mistake with its file, its line and what to do. A row that cannot be read at all is told by
    /// its first mistake.
    pub fn read(source: &dyn Files) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let draft = Draft::read(source, &mut problems);
        check(&draft, source, &mut problems);
        let names = source.names();
        let texts =
            names.into_iter().filter_map(|name| source.text(&name).map(|text| (name.clone(), text.into_owned())));
        let place = draft.about.and_then(|about| {
            Some(Self {
                about: about.value,
                neighbourhoods: draft.neighbourhoods.into_values(),
                practices: draft.practices.into_values(),
                care_homes: draft.care_homes.into_values(),
                organisations: draft.organisations.into_values(),
                services: draft.services.into_values(),
                areas: draft.areas.into_values(),
                feeds: draft.feeds.into_values(),
                calendar: Calendar::new(draft.years?.value.range(), draft.holidays.into_values()),
                clocks: draft.clocks,
                conditions: draft.conditions.into_values(),
                residences: draft.residences.into_values(),
                systems: draft.systems.into_values(),
                postcodes: draft.postcodes,
                texts: texts.collect(),
            })
        });
        problems.or(place)
    }

    /// The place that the binary carries: Stockport.
    ///
    /// # Errors
    /// As [`Place::read`]; a test holds that there are none.
    pub fn built_in() -> Result<Self, Problems> {
        // The files are part of the binary and never say anything else: they are read once.
        static READ: LazyLock<Result<Place, Problems>> = LazyLock::new(|| Place::read(&BuiltIn));
        READ.clone()
    }

    /// A place in a folder on disk.
    ///
    /// # Errors
    /// As [`Place::read`], and where the folder or a file in it cannot be read.
    pub fn from_folder(path: &Path) -> Result<Self, Problems> {
        Self::read(&Folder::open(path)?)
    }

    /// What the place says about itself.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The neighbourhoods, in the order of their file.
    #[must_use]
    pub fn neighbourhoods(&self) -> &[Neighbourhood] {
        &self.neighbourhoods
    }

    /// The practices, in the order of their file; also those that have closed.
    #[must_use]
    pub fn practices(&self) -> &[Practice] {
        &self.practices
    }

    /// The care homes, in the order of their file.
    #[must_use]
    pub fn care_homes(&self) -> &[CareHome] {
        &self.care_homes
    }

    /// The partner organisations, in the order of their file.
    #[must_use]
    pub fn organisations(&self) -> &[Organisation] {
        &self.organisations
    }

    /// The services of now and of before, in the order of their file.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The small areas, in the order of their file.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The feeds, in the order of their file.
    #[must_use]
    pub fn feeds(&self) -> &[Feed] {
        &self.feeds
    }

    /// The working days.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The clocks, by their short names.
    #[must_use]
    pub fn clocks(&self) -> &[Clock] {
        &self.clocks
    }

    /// Which council answers for social care where, in the order of their file.
    #[must_use]
    pub fn residences(&self) -> &[Residence] {
        &self.residences
    }

    /// The conditions for which a crisis team comes, in the order of their file.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The names of the place's files, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The text of any file of the place, by its name in the folder: `mappings/social-care.toml`.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// The text of the mapping that a CSV feed names.
    #[must_use]
    pub fn mapping(&self, feed: &Feed) -> Option<&str> {
        self.file(feed.mapping.as_deref()?)
    }

    /// The neighbourhood with this short name.
    #[must_use]
    pub fn neighbourhood(&self, id: &str) -> Option<&Neighbourhood> {
        self.neighbourhoods.iter().find(|neighbourhood| neighbourhood.id == *id)
    }

    /// The practice with this code, open or closed.
    #[must_use]
    pub fn practice(&self, code: &OdsCode) -> Option<&Practice> {
        self.practices.iter().find(|practice| practice.code == *code)
    }

    /// The neighbourhood to which the people of a practice belong; `None` for a practice of another place.
    #[must_use]
    pub fn neighbourhood_of_practice(&self, code: &OdsCode) -> Option<&Neighbourhood> {
        self.neighbourhood(&self.practice(code)?.neighbourhood)
    }

    /// The practices of a neighbourhood; also those that have closed.
    pub fn practices_of(&self, neighbourhood: &str) -> impl Iterator<Item = &Practice> {
        self.practices.iter().filter(move |practice| practice.neighbourhood == *neighbourhood)
    }

    /// The care homes that stand in a neighbourhood.
    pub fn care_homes_of(&self, neighbourhood: &str) -> impl Iterator<Item = &CareHome> {
        self.care_homes.iter().filter(move |home| home.neighbourhood == *neighbourhood)
    }

    /// The care homes whose weekly round a practice makes.
    pub fn care_homes_of_practice(&self, code: &OdsCode) -> impl Iterator<Item = &CareHome> {
        self.care_homes.iter().filter(move |home| home.practice == *code)
    }

    /// The organisation with this short name.
    #[must_use]
    pub fn organisation(&self, id: &str) -> Option<&Organisation> {
        self.organisations.iter().find(|organisation| organisation.id == *id)
    }

    /// The organisation with this code in the NHS register, or one of whose sites has it.
    #[must_use]
    pub fn organisation_by_code(&self, code: &OdsCode) -> Option<&Organisation> {
        self.organisations.iter().find(|organisation| {
            let mut codes = organisation.sites.iter().map(|site| &site.ods).chain([&organisation.ods]);
            codes.any(|known| known.as_ref() == Some(code))
        })
    }

    /// The service with this short name, of now or of before.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    /// What a service is today: itself if it is of now, else the one that it became.
    #[must_use]
    pub fn present_service(&self, id: &str) -> Option<&Service> {
        let service = self.service(id)?;
        service.became.as_deref().map_or(Some(service), |became| self.service(became))
    }

    /// The former services that became this one.
    pub fn former_services_of(&self, present: &str) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(move |service| service.became.as_deref() == Some(present))
    }

    /// The small area with this ONS code.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.areas.iter().find(|area| area.code == code)
    }

    /// The small area in which a postcode lies; `None` where no list of the place has it: it lies elsewhere, is none that stands for a
    /// place (`ZZ99 3VZ` is no fixed abode), or the place has no list.
    #[must_use]
    pub fn area_of(&self, postcode: &Postcode) -> Option<&Area> {
        self.areas.get(self.postcodes.find(postcode)?)
    }

    /// How many postcodes the place knows the area of; none where it has no list.
    #[must_use]
    pub fn postcodes(&self) -> usize {
        self.postcodes.len()
    }

    /// Whether some of these postcodes are a demonstration's, invented with their areas.
    #[must_use]
    pub fn has_invented_postcodes(&self) -> bool {
        self.postcodes.is_invented
    }

    /// The record systems of general practices, in the order of their file.
    #[must_use]
    pub fn systems(&self) -> &[RecordSystem] {
        &self.systems
    }

    /// The system in which a practice records, else the one that a feed brings; `None` where nobody said.
    #[must_use]
    pub fn system_of(&self, practice: &OdsCode, feed: &str) -> Option<&RecordSystem> {
        let feed = self.feed(feed).map(|feed| &feed.id);
        let of_practice = self.systems.iter().find(|system| system.practices.contains(practice));
        of_practice.or_else(|| self.systems.iter().find(|system| feed.is_some_and(|feed| system.feeds.contains(feed))))
    }

    /// Whether a feed is one by which general practices speak of those who are registered with them.
    #[must_use]
    pub fn is_of_practices(&self, feed: &str) -> bool {
        let organisation = self.feed(feed).and_then(|feed| self.organisation(&feed.organisation));
        organisation.is_some_and(|organisation| organisation.kind == OrganisationKind::GeneralPractice)
    }

    /// The feed with this short name. What stands behind a colon (`api:ods:P88002`) says for whom the feed spoke.
    #[must_use]
    pub fn feed(&self, id: &str) -> Option<&Feed> {
        let id = id.split(':').next().unwrap_or_default();
        self.feeds.iter().find(|feed| feed.id == *id)
    }
}

#[cfg(test)]
mod tests;
