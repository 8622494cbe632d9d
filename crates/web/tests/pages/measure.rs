//! An indicator by its page and its files: age allowed for and said how, every chart's numbers to take away, nothing small for
//! everybody, and a way there for whoever does not sign in.

use axum::http::{StatusCode, header};

use crate::house::House;

const OLDER: &str = "/measures/emergency-admissions-65-and-over";

#[test]
fn a_standardised_indicator_shows_standardised_months_and_says_when_it_cannot() {
    let house = House::with_measures();
    let analyst = house.sign_in("analyst");
    let page = analyst.get(OLDER).body;
    assert!(page.contains("age allowed for") && page.contains("Directly standardised, with Dobson"), "{page}");
    assert!(page.contains("65 and over, in the bands 65 to 74, 75 to 84, 85 and over"));
    let table = analyst.get(&format!("{OLDER}/months.csv")).body;
    let header = table.lines().next().unwrap();
    assert!(header.contains("\"lower 95%\",\"upper 95%\",\"crude\",\"count\",\"of\""), "{header}");
    // One band says otherwise than the whole: no standardised month stands beside a crude one.
    let band = "month,by,group,numerator,denominator\n2026-10,age,75 to 84,99,1600\n";
    let sent = analyst.send(OLDER, &[("do", "report"), ("figures", band), ("reason", "Counted again")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = analyst.get(OLDER).body;
    assert!(page.contains("the figures here are crude, because the bands of 2026-10 add up to another count"));
    assert!(!page.contains("age allowed for"));
    // As it was known the day before, it still allows for age; today is not over.
    assert!(analyst.get(&format!("{OLDER}?known=2026-11-21")).body.contains("age allowed for"));
}

#[test]
fn every_charts_numbers_are_a_file_with_what_the_page_withholds_withheld() {
    let house = House::with_measures();
    let analyst = house.sign_in("analyst");
    let page = analyst.get(OLDER).body;
    let public = house.anybody().get(&format!("/public{OLDER}")).body;
    for (page, base) in [(&page, OLDER.to_owned()), (&public, format!("/public{OLDER}"))] {
        for file in ["months", "age", "sex", "deprivation", "deprivation-chart", "neighbourhood", "neighbourhood-chart"]
        {
            let address = format!("{base}/{file}.csv");
            assert!(page.contains(&format!("href=\"{address}\"")), "{address}");
            let who = if base.starts_with("/public") { house.anybody() } else { house.sign_in("analyst") };
            let answer = who.get(&address);
            assert_eq!(answer.status, StatusCode::OK, "{address}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
            assert!(answer.body.lines().count() > 2, "{address}: {}", answer.body);
        }
    }
    let open = house.anybody().get(&format!("/public{OLDER}/months.csv"));
    assert!(open.headers.get(header::SET_COOKIE).is_none() && !open.body.contains("count"), "{}", open.body);
    let homes = "/measures/admissions-from-care-homes/neighbourhood.csv";
    let open = house.anybody().get(&format!("/public{homes}")).body;
    assert!(open.contains("\"Fewer than 7\"") && open.contains("\"Not shown\""), "{open}");
    assert!(house.sign_in("commissioner").get(homes).body.contains("\"Fewer than 7\""));
    assert!(!analyst.get(homes).body.contains("Fewer than 7"));
    for address in [
        format!("{OLDER}/nothing.csv"),
        format!("{OLDER}/months"),
        format!("{OLDER}/ethnicity.csv"),
        format!("{OLDER}/sex-chart.csv"),
        "/measures/nothing/months.csv".to_owned(),
        "/measures/life-expectancy-gap/months.csv".to_owned(),
    ] {
        assert_eq!(analyst.get(&address).status, StatusCode::NOT_FOUND, "{address}");
    }
    let then = analyst.get("/measures/emergency-admissions-65-and-over/months.csv?known=2026-09-01").body;
    assert!(then.lines().count() < analyst.get(&format!("{OLDER}/months.csv")).body.lines().count(), "as known then");
}

#[test]
fn whoever_does_not_sign_in_finds_what_everybody_may_see() {
    let house = House::with_measures();
    let door = house.anybody().get("/");
    assert!(door.body.contains("<a href=\"/public\">What the borough shows to everybody</a>"));
    assert!(door.body.split("<footer").nth(1).unwrap().contains("href=\"/public\""));
    let open = house.anybody().get("/public").body;
    for address in ["/public/measures", "/public/clocks", "/public/gate", "/public/challenges"] {
        assert!(open.contains(&format!("href=\"{address}\"")), "{address}");
        assert_eq!(house.anybody().get(address).status, StatusCode::OK, "{address}");
    }
}

#[test]
fn every_method_is_worked_out_of_a_table_that_is_pasted_and_nothing_is_kept() {
    let house = House::with_measures();
    let gp = house.sign_in("gp");
    crate::assurance::holds("methods", &gp.get("/methods"));
    let ages: String =
        assurance::measure::life_table::FIRST_AGES.iter().map(|age| format!("{age},10000,100,0.8,500\n")).collect();
    let lives = format!("startage,population,deaths,healthy,respondents\n{ages}");
    let groups = "quantile,population,value,se\n1,10,9,.1\n2,10,8,.1\n3,10,7,.1\n4,10,6,.1\n5,10,5,.1\n";
    let months: String =
        (1..=13).map(|at| format!("{}-{:02}-01,{}\n", 2016 + (at - 1) / 12, (at - 1) % 12 + 1, 100 + at % 5)).collect();
    let months = format!("x,y\n{months}");
    let bands = "age,x,n,stdpop,refcount,refpop\n0,50,100,1,10,100\n5,50,100,1,20,100\n";
    let before = house.happened();
    for (method, table, said) in [
        ("rate", "x,n\n100,1000\n", "10000"),
        ("proportion", "x,n\n1,4\n", "0.25"),
        ("mean", "x\n1\n2\n", "1.5"),
        ("dsr", "age,x,n,stdpop\n0,50,100,1\n5,50,100,1\n", "50000"),
        ("isr", bands, "expected"),
        ("smr", bands, "333.3"),
        ("years-lost", "age,deaths,n,stdpop\n0,50,100,1\n5,50,100,1\n", "years_lost"),
        ("life-expectancy", lives.as_str(), "healthy"),
        ("sii", groups, "sii_lower95_0cl"),
        ("funnel", "area,x,n\na,5,100\nb,50,100\n", "a"),
        ("spc", months.as_str(), "<svg"),
    ] {
        let answer = gp.send("/methods", &[("method", method), ("table", table), ("better", "decrease")]);
        assert!(answer.body.contains("What came out") && answer.body.contains(said), "{method}: {}", answer.body);
        crate::assurance::holds(&format!("methods_{method}"), &answer);
    }
    for (method, table, multiplier, why) in [
        ("nothing", "x,n\n1,4\n", "", "Choose what"),
        ("rate", "", "", "no rows"),
        ("rate", "x,n\n-1,4\n", "", "line 2, column x"),
        ("proportion", "x,n\n5,4\n", "", "is no proportion"),
        ("rate", "x,n\n1,4\n", "many", "as a number"),
        ("spc", "x,y\n2016-01-01,1\n2016-02-01,1\n2016-04-01,1\n2016-05-01,1\n", "", "nothing between"),
    ] {
        let answer = gp.send("/methods", &[("method", method), ("table", table), ("multiplier", multiplier)]);
        assert!(answer.body.contains(why), "{method}: {why}: {}", answer.body.split("<main").nth(1).unwrap());
    }
    assert_eq!(house.happened(), before, "nothing is written down");
}
