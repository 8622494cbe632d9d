use identity::{blocking::*, model::*, pattern::*, schema::*, table::*, training};
use std::time::Instant;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let nhs = !args.iter().any(|a| a == "--no-nhs");
    let path = &args[1];
    let cols = args.iter().position(|a| a == "--columns").map(|i| std::fs::read_to_string(&args[i + 1]).unwrap());
    let schema = cols.map(|c| Schema::read(&c).unwrap()).unwrap_or_default();
    let t = Instant::now();
    let mut table = identity::table::Table::new(schema, nhs);
    for p in path.split(',') {
        table.read(std::fs::File::open(p).unwrap()).unwrap();
    }
    eprintln!("read {:?} rows {} aside {} unused {:?}", t.elapsed(), table.roll.len(), table.aside.len(), table.unused);
    // truth
    let mut truth = std::collections::HashMap::new();
    let mut sizes = std::collections::HashMap::new();
    let mut hh = Vec::new();
    for p in path.split(',') {
        let mut r = csv::Reader::from_path(p).unwrap();
        let h = r.headers().unwrap().clone();
        let ti = h.iter().position(|c| c == "true_person" || c == "cluster").unwrap();
        let ii = h.iter().position(|c| c == "unique_id" || c == "rec_id").unwrap();
        let hi = h.iter().position(|c| c == "true_household");
        let tw = h.iter().position(|c| c == "twin_group");
        for rec in r.records() {
            let rec = rec.unwrap();
            let tp = rec[ti].to_owned();
            *sizes.entry(tp.clone()).or_insert(0u64) += 1;
            truth.insert(rec[ii].to_owned(), truth.len());
            hh.push((tp, hi.map(|i| rec[i].to_owned()), tw.map(|i| rec[i].to_owned())));
        }
    }
    let total: u64 = sizes.values().map(|n| n * (n - 1) / 2).sum();
    let t = Instant::now();
    let mut roll = table.roll.clone();
    roll.count();
    eprintln!("count {:?}", t.elapsed());
    let t = Instant::now();
    let mut model = training::learn(&roll);
    let rates = training::rates(&roll);
    eprintln!("learn {:?}", t.elapsed());
    let n = ["given", "surname", "birth", "sex", "home", "nhs", "o1", "o2", "o3", "o4", "o5"];
    for f in 0..model.fields {
        for c in 0..4 {
            print!("{:8} {} ", n[f], ["P", "S", "H", "T"][c]);
            for l in 1..=levels(f) {
                print!("{:8.5} ", model.tables[c][f][l].exp2());
            }
            println!();
        }
    }
    println!(
        "shares {:?} namesakes {}",
        model.shares.map(|s| s.exp2() * (roll.len() as f32).powi(2) / 2.0),
        model.namesakes
    );
    let t = Instant::now();
    let mut b = Blocking::choose(&roll);
    eprintln!("choose {:?}", t.elapsed());
    struct St {
        c: Comparer,
        out: Vec<(u32, u32, f32, Pattern)>,
    }
    let mut st: Vec<St> = (0..2).map(|_| St { c: Comparer::default(), out: vec![] }).collect();
    b.visit(&roll, &mut st, |s, a, bb| {
        let (x, y) = (&roll.rows()[a as usize], &roll.rows()[bb as usize]);
        let p = s.c.compare(&roll, x, y);
        let o = model.weigh(&roll, &rates, p, x, y);
        s.out.push((a, bb, o, p));
    });
    eprintln!("visit {:?}", t.elapsed());
    for (r, c) in b.rules().iter().zip(&b.capped) {
        if c.keys > 0 {
            eprintln!("{:?} {:?}", r, c);
        }
    }
    let mut all: Vec<_> = st.into_iter().flat_map(|s| s.out).collect();
    all.sort_by(|a, b| b.2.total_cmp(&a.2));
    let same = |a: u32, b: u32| hh[a as usize].0 == hh[b as usize].0;
    let cov = all.iter().filter(|e| same(e.0, e.1)).count();
    println!("pairs {} covered {} of {} = {:.5}", all.len(), cov, total, cov as f64 / total as f64);
    let (mut tp, mut fp) = (0u64, 0u64);
    let mut best = (0.0, 0.0, 0.0, 0.0);
    let mut exp = 0.0f64;
    let mut next = 40.0f32;
    let mut kinds = std::collections::BTreeMap::new();
    for e in &all {
        while e.2 < next && next > -8.0 {
            let (p, r) = (tp as f64 / (tp + fp).max(1) as f64, tp as f64 / total as f64);
            println!(
                ">{next:5.1} P {p:.5} R {r:.5} F1 {:.5} tp {tp} fp {fp} expected fp {exp:.0} {kinds:?}",
                2.0 * p * r / (p + r)
            );
            next -= if next > 16.0 { 4.0 } else { 1.0 };
        }
        exp += 1.0 - probability(e.2) as f64;
        if same(e.0, e.1) {
            tp += 1
        } else {
            fp += 1;
            let (x, y) = (&hh[e.0 as usize], &hh[e.1 as usize]);
            let k = if x.2.is_some() && x.2 == y.2 && x.2.as_deref() != Some("0") {
                "twin"
            } else if x.1.is_some() && x.1 == y.1 {
                if e.3.is(0, 1) { "hh-same-name" } else { "hh-other" }
            } else {
                "stranger"
            };
            *kinds.entry(k).or_insert(0) += 1;
        }
        let (p, r) = (tp as f64 / (tp + fp) as f64, tp as f64 / total as f64);
        let f = 2.0 * p * r / (p + r);
        if f > best.0 {
            best = (f, e.2 as f64, p, r);
        }
    }
    println!("best {best:?}");
    // worst errors
    let mut pat: std::collections::HashMap<(Pattern, bool), (u64, f32)> = Default::default();
    for e in &all {
        let t = same(e.0, e.1);
        if (t && e.2 < 4.0) || (!t && e.2 >= 4.0) {
            let v = pat.entry((e.3, t)).or_insert((0, 0.0));
            v.0 += 1;
            v.1 += e.2;
        }
    }
    let mut v: Vec<_> = pat.into_iter().collect();
    v.sort_by_key(|x| std::cmp::Reverse(x.1.0));
    for want in [true, false] {
        println!("{}", if want { "missed" } else { "false" });
        for ((p, _t), (c, s)) in v.iter().filter(|x| x.0.1 == want).take(25) {
            print!("{c:6} avg {:6.1} ", s / *c as f32);
            for f in 0..model.fields {
                print!("{}={} ", n[f], wording(&roll, f, p.level(f)).1);
            }
            println!();
        }
    }
    model.threshold = 0.0;
}
