use identity::{link::*, schema::*, table::Table};
use std::collections::{BTreeMap, HashMap};
use std::time::Instant;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let nhs = !args.iter().any(|a| a == "--no-nhs");
    let path = &args[1];
    let cols = args.iter().position(|a| a == "--columns").map(|i| std::fs::read_to_string(&args[i + 1]).unwrap());
    let schema = cols.map(|c| Schema::read(&c).unwrap()).unwrap_or_default();
    let t = Instant::now();
    let mut table = Table::new(schema, nhs);
    for p in path.split(',') {
        table.read(std::fs::File::open(p).unwrap()).unwrap();
    }
    eprintln!("read {:?}", t.elapsed());
    let mut last = ("", Instant::now());
    let o = Options {
        threads: 2,
        threshold: args.iter().position(|a| a == "--threshold").map(|i| args[i + 1].parse().unwrap()),
        ..Default::default()
    };
    let l = link(&mut table.roll, &o, &mut |s| {
        eprintln!("   {} {:?}", last.0, last.1.elapsed());
        last = (s, Instant::now());
    });
    eprintln!("   {} {:?}", last.0, last.1.elapsed());
    eprintln!("total {:?}", t.elapsed());
    let st = std::fs::read_to_string("/proc/self/status").unwrap();
    eprintln!("{}", st.lines().find(|l| l.starts_with("VmHWM")).unwrap());
    let st = std::fs::read_to_string("/proc/self/stat").unwrap();
    let v: Vec<&str> = st.split(' ').collect();
    eprintln!("cpu {} + {}", v[13], v[14]);
    let mut hh: Vec<(String, String, String, String)> = vec![];
    for p in path.split(',') {
        let mut r = csv::Reader::from_path(p).unwrap();
        let h = r.headers().unwrap().clone();
        let ti = h.iter().position(|c| c == "true_person" || c == "cluster").unwrap();
        let hi = h.iter().position(|c| c == "true_household");
        let tw = h.iter().position(|c| c == "twin_group");
        let gi = h.iter().position(|c| c == "given_name").unwrap();
        for rec in r.records() {
            let rec = rec.unwrap();
            hh.push((
                rec[ti].to_owned(),
                hi.map(|i| rec[i].to_owned()).unwrap_or_default(),
                tw.map(|i| rec[i].to_owned()).unwrap_or_default(),
                rec[gi].to_owned(),
            ));
        }
    }
    let mut sizes: HashMap<&str, u64> = HashMap::new();
    for x in &hh {
        *sizes.entry(&x.0).or_default() += 1;
    }
    let total: u64 = sizes.values().map(|n| n * (n - 1) / 2).sum();
    let mut groups: HashMap<u32, Vec<usize>> = HashMap::new();
    for (r, p) in l.people.iter().enumerate() {
        groups.entry(*p).or_default().push(r);
    }
    let (mut tp, mut fp) = (0u64, 0u64);
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let mut big = 0;
    for g in groups.values() {
        big = big.max(g.len());
        for (i, a) in g.iter().enumerate() {
            for b in &g[i + 1..] {
                let (x, y) = (&hh[*a], &hh[*b]);
                if x.0 == y.0 {
                    tp += 1
                } else {
                    fp += 1;
                    *kinds
                        .entry(if x.2 == y.2 && !x.2.is_empty() && x.2 != "0" {
                            "twin"
                        } else if !x.1.is_empty() && x.1 == y.1 {
                            if x.3 == y.3 { "hh same name" } else { "hh" }
                        } else {
                            "stranger"
                        })
                        .or_default() += 1;
                }
            }
        }
    }
    let (p, r) = (tp as f64 / (tp + fp) as f64, tp as f64 / total as f64);
    println!(
        "thr {:.2} pairs {} compared {} people {} P {p:.5} R {r:.5} F1 {:.5} fp {fp} {kinds:?} biggest {big} unsure {}",
        l.model.threshold,
        l.pairs.len(),
        l.compared,
        groups.len(),
        2.0 * p * r / (p + r),
        l.unsure.len()
    );
    if args.iter().any(|a| a == "--show") {
        use identity::{cluster::Judge, pattern::*};
        let rates = &l.rates;
        let mut c = Comparer::default();
        let mut b = Bench::new(&table.roll, &l.model, rates, &mut c);
        let mut show = |x: u32, y: u32, why: &str| {
            let j = b.judge(x, y);
            print!("{why} {x} {y} {} {:.1} ", hh[x as usize].0 == hh[y as usize].0, j.odds);
            for f in 0..l.model.fields {
                print!(
                    "{}={};",
                    wording(&table.roll, f, j.pattern.level(f)).0,
                    wording(&table.roll, f, j.pattern.level(f)).1
                );
            }
            println!();
        };
        for (x, y) in l.unsure.iter().take(60) {
            show(*x, *y, "unsure");
        }
        let mut n = 0;
        for g in groups.values() {
            for (i, a) in g.iter().enumerate() {
                for b in &g[i + 1..] {
                    if hh[*a].0 != hh[*b].0 && n < 80 {
                        n += 1;
                        show(*a as u32, *b as u32, "false");
                    }
                }
            }
        }
        let mut n = 0;
        let mut by: HashMap<&str, Vec<u32>> = HashMap::new();
        for (i, x) in hh.iter().enumerate() {
            by.entry(&x.0).or_default().push(i as u32);
        }
        for g in by.values() {
            for (i, a) in g.iter().enumerate() {
                for b in &g[i + 1..] {
                    if l.people[*a as usize] != l.people[*b as usize] && n < 100 {
                        n += 1;
                        show(*a, *b, "missed");
                    }
                }
            }
        }
    }
 if let Some(i)=args.iter().position(|a|a=="--latency"){
  use identity::{index::Index,roll::Claim,constraint::Constraints};
  let n:usize=args[i+1].parse().unwrap();
  let t=Instant::now();
  let total_rows=table.roll.len();
  let mut ix=Index::of(table.roll,l,Constraints::default());
  println!("index made {:?}",t.elapsed());
  let st=std::fs::read_to_string("/proc/self/status").unwrap(); println!("{}",st.lines().find(|l|l.starts_with("VmRSS")).unwrap());
  let mut r=csv::Reader::from_path(path).unwrap(); let h=r.headers().unwrap().clone(); let c=|n:&str|h.iter().position(|x|x==n).unwrap();
  let (g,s,x,d,a,p,nn)=(c("given_name"),c("surname"),c("sex"),c("dob"),c("address_1"),c("postcode"),c("nhs_number"));
  let step=total_rows/n; let mut lat=vec![]; let mut cpu=vec![]; let mut looked=0; let mut joins=0;
  let on=||{let t=std::fs::read_to_string("/proc/thread-self/schedstat").unwrap(); t.split(' ').next().unwrap().parse::<u64>().unwrap()};
  let mut insert=vec![];
  for (k,rec) in r.records().enumerate(){ if k%step!=0{continue} let rec=rec.unwrap(); let claim=Claim{given_name:&rec[g],surname:&rec[s],sex:&rec[x],dob:&rec[d],address:&rec[a],postcode:&rec[p],nhs_number:&rec[nn],..Default::default()};
   let c0=on(); let t=Instant::now(); let ans=ix.find(&claim,5); lat.push(t.elapsed().as_nanos() as u64); cpu.push(on()-c0); looked+=ans.looked_at; if matches!(ans.verdict,identity::index::Verdict::Join(_)){joins+=1}
   if k%(step*10)==0 {let c0=on(); ix.insert(&claim,k as u64); insert.push(on()-c0);} }
  lat.sort(); cpu.sort(); insert.sort(); let q=|v:&Vec<u64>,f:f64|v[((v.len() as f64*f) as usize).min(v.len()-1)] as f64/1e6;
  println!("find n {} wall p50 {:.3} p99 {:.3} max {:.3} ms; on cpu p50 {:.3} p99 {:.3} max {:.3} ms; looked at {:.1}; joins {}",lat.len(),q(&lat,0.5),q(&lat,0.99),q(&lat,1.0),q(&cpu,0.5),q(&cpu,0.99),q(&cpu,1.0),looked as f64/lat.len() as f64,joins);
  println!("insert n {} on cpu p50 {:.3} p99 {:.3} max {:.3}",insert.len(),q(&insert,0.5),q(&insert,0.99),q(&insert,1.0));
 }
}
