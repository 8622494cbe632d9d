//! How far, roughly: a straight line at one speed from the base of a provider to the middle of a postcode or a neighbourhood. It
//! knows no road and no traffic, so it is shown as an estimate. Must not be asked where an address is withheld: two travel times
//! give a home away.

use place::{Place, Postcode, Service};

/// The speed at which a straight line is travelled, in kilometres an hour (our judgement: a car in a town, detours included).
pub const SPEED_KM_AN_HOUR: f64 = 24.0;

/// A spot on the globe, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// East of Greenwich.
    pub lon: f64,
    /// North of the equator.
    pub lat: f64,
}

impl Spot {
    /// Kilometres to another spot in a straight line; within a borough the earth is flat enough.
    #[must_use]
    pub fn kilometres_to(self, other: Self) -> f64 {
        let north = (self.lat - other.lat) * 111.2;
        let east = (self.lon - other.lon) * 111.2 * ((self.lat + other.lat) / 2.0).to_radians().cos();
        north.hypot(east)
    }

    /// Minutes to another spot, rounded up.
    #[must_use]
    pub fn minutes_to(self, other: Self) -> u32 {
        let minutes = self.kilometres_to(other) / SPEED_KM_AN_HOUR * 60.0;
        // Nobody drives for ten thousand minutes; a nonsense coordinate must not become a small number.
        (0..=10_000).find(|whole| f64::from(*whole) >= minutes).unwrap_or(10_000)
    }
}

/// The middle of some spots; `None` of none.
fn middle(spots: impl IntoIterator<Item = Spot>) -> Option<Spot> {
    let (mut lon, mut lat, mut count) = (0.0, 0.0, 0.0_f64);
    for spot in spots {
        lon += spot.lon;
        lat += spot.lat;
        count += 1.0;
    }
    (count > 0.0).then(|| Spot { lon: lon / count, lat: lat / count })
}

/// Every spot that the place knows with its postcode and neighbourhood.
fn known(place: &Place) -> impl Iterator<Item = (&Postcode, Option<&str>, Spot)> {
    let practices = place.practices().iter().map(|practice| {
        (&practice.postcode, Some(practice.neighbourhood.as_str()), Spot { lon: practice.lon, lat: practice.lat })
    });
    let homes = place
        .care_homes()
        .iter()
        .map(|home| (&home.postcode, Some(home.neighbourhood.as_str()), Spot { lon: home.lon, lat: home.lat }));
    let sites = place.organisations().iter().flat_map(|organisation| &organisation.sites);
    let sites = sites.filter_map(|site| {
        let spot = site.lon.zip(site.lat).map(|(lon, lat)| Spot { lon, lat })?;
        Some((&site.postcode, None, spot))
    });
    practices.chain(homes).chain(sites)
}

/// About where somebody is: by the places we know at their postcode, else in its sector, else in their neighbourhood.
#[must_use]
pub fn whereabouts(place: &Place, postcode: Option<&Postcode>, neighbourhood: Option<&str>) -> Option<Spot> {
    let those = |wanted: &dyn Fn(&Postcode, Option<&str>) -> bool| {
        middle(known(place).filter(|(at, within, _)| wanted(at, *within)).map(|(.., spot)| spot))
    };
    let by_postcode = postcode.and_then(|postcode| {
        those(&|at, _| at == postcode).or_else(|| those(&|at, _| at.sector() == postcode.sector()))
    });
    by_postcode.or_else(|| neighbourhood.and_then(|mine| those(&|_, within| within == Some(mine))))
}

/// From where a service comes: the first site of its provider that stands somewhere.
pub(super) fn base(place: &Place, service: &Service) -> Option<Spot> {
    let provider = place.organisation(&service.provider)?;
    provider.sites.iter().find_map(|site| site.lon.zip(site.lat)).map(|(lon, lat)| Spot { lon, lat })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postcode_is_found_by_itself_by_its_sector_or_by_the_neighbourhood() {
        let place = Place::built_in().unwrap();
        let postcode = |text: &str| Postcode::parse(text).unwrap();
        let exact = whereabouts(&place, Some(&postcode("SK6 5AA")), None).unwrap();
        assert!(exact.kilometres_to(Spot { lon: -2.053_323, lat: 53.400_594 }) < 0.1, "the practice that stands there");
        let sector = whereabouts(&place, Some(&postcode("SK6 5ZZ")), None).unwrap();
        assert!(sector.kilometres_to(exact) < 3.0);
        let marple = whereabouts(&place, Some(&postcode("AB1 1AB")), Some("marple")).unwrap();
        assert!(marple.kilometres_to(exact) < 6.0);
        assert_eq!(whereabouts(&place, Some(&postcode("AB1 1AB")), None), None);
        assert_eq!(whereabouts(&place, None, Some("nowhere")), None);
    }

    #[test]
    fn minutes_are_rounded_up_and_nonsense_is_far_away() {
        let here = Spot { lon: -2.15, lat: 53.40 };
        assert_eq!(here.minutes_to(here), 0);
        assert_eq!(here.minutes_to(Spot { lon: -2.15, lat: 53.436 }), 11, "four kilometres and a little");
        assert_eq!(here.minutes_to(Spot { lon: f64::NAN, lat: 53.4 }), 10_000);
    }
}
