//! Tests of rehearsal.

use wheel_of_misfortune::{host::Options, rehearsal, storage::package};

#[test]
fn temp() {
    for slug in ["rust-registry-2023-07-20-bad-deploy", "docsrs-2019-10-21-disk-full"] {
        let p = package::find(slug).unwrap();
        let w = p.files["reference.wom"].clone();
        let t = std::time::Instant::now();
        let done = rehearsal::run(p, &w, Options::default(), None).unwrap();
        eprintln!("{slug} {:?} facts {}", t.elapsed(), done.host.session().facts().len());
        for p in &done.problems { eprintln!("{p:?}"); }
        for f in done.host.session().facts().iter().filter(|f| !matches!(f.what, wheel_of_misfortune::fact::FactKind::Impact{..}|wheel_of_misfortune::fact::FactKind::ImpactCurve{..})) { eprintln!("{} {:?} {:?}", f.id, f.by, f.what); }
        let imp: Vec<_> = done.host.session().facts().iter().filter_map(|f| if let wheel_of_misfortune::fact::FactKind::Impact{n,..} = f.what { Some((f.id.tick.0, n)) } else {None}).collect();
        eprintln!("{:?}", imp.iter().step_by(imp.len()/40+1).collect::<Vec<_>>());
    }
}
