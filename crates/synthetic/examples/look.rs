use jiff::civil::date;
fn main() {
    let b = synthetic::Borough::of(&place::Place::built_in().unwrap(), synthetic::Settings::new(20000, 1, date(2026, 11, 2))).unwrap();
    for h in 0..6 { for n in b.household(h).take(5) { println!("{:?}", b.person(n)); } }
    for p in b.people().filter(|p| p.frailty > 0.35).take(3) {
        println!("{} {} {:?} {:?}", p.given[0], p.family, p.born, p.died);
        for e in b.events(&p, b.settings().history_start()..b.settings().today) { println!("  {} {} {:?}", e.number, e.at, e.what); }
    }
    let mut los=vec![]; for p in b.people() { for e in b.events(&p, b.settings().history_start()..b.settings().today) { if let synthetic::event::What::Stay{how,until,..}=e.what { if how==synthetic::event::Admission::Emergency {los.push((until.date()-e.at.date()).get_days() as f64);} } } }
    los.sort_by(f64::total_cmp); println!("los mean {} median {} p90 {}", los.iter().sum::<f64>()/los.len() as f64, los[los.len()/2], los[los.len()*9/10]);
    let mut s=std::collections::BTreeMap::<usize,u32>::new(); for h in 0..b.households() { *s.entry(b.household(h).len()).or_default()+=1; } println!("{s:?}");
}
