//! Property 8 and the table of attempts at gaming the score (SCORING §8), in the real simulator on every scenario.

use super::super::sample::*;
use super::{Dice, Outcome, ensure, seat};
use wheel_of_misfortune::fact::{Actor, FactKind, Fold, UpdateFields, UpdateStatus};
use wheel_of_misfortune::host::{Options, SessionHost};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{Channel, LangText};
use wheel_of_misfortune::scoring::Mistake;
use wheel_of_misfortune::session::PRIMARY;
use wheel_of_misfortune::stdx::rational::{ratio, whole};
use wheel_of_misfortune::storage::package;

/// Every command that changes something in a scenario, the hazardous ones too.
fn commands(package: &Package) -> Vec<&'static str> {
    if package.slug.contains("docsrs") {
        vec![
            "sudo rm -r /srv/docs/archive",
            "sudo rm -r /srv/docs/builder/index",
            "sudo rm /var/log/web/access.log",
            "sudo rm /var/log/builder/builder.log",
            "sudo rm /etc/docs/web.toml",
            "sudo systemctl stop web",
            "sudo systemctl stop builder",
            "sudo systemctl restart sshd",
            "volume resize web-01-root 120GB",
            "queue requeue --failed builds",
            "declare sev1",
            "page infra",
            "hypothesis db",
            "cause --component db --component cdn --component builder --component web --mechanism network --mechanism overload --mechanism bad_release",
            "resolve",
        ]
    } else {
        vec![
            "release promote api v1043",
            "sudo systemctl stop api",
            "sudo systemctl restart api",
            "declare sev1",
            "page infra",
            "page developer",
            "hypothesis db",
            "cause --component db --component static --component web-01 --component api --mechanism network --mechanism overload --mechanism disk_full",
            "resolve",
            "followup x --owner y",
        ]
    }
}

/// Everything at once, in some order, played in the real simulator to the horizon. What happens without anybody is the same
/// in every order: its curve is taken over from a session that has it.
fn spam(package: &Package, order: u64, like: &Sample) -> Sample {
    let mut left = commands(package);
    let mut dice = Dice(order * 7 + 1);
    let mut live = SessionHost::start(package.clone(), Options::default()).unwrap();
    // What is refused on the way is refused.
    let _ = live.line(PRIMARY, "T+1m :ack 1");
    while !left.is_empty() {
        let at = dice.roll(left.len() as u64) as usize;
        let _ = live.line(PRIMARY, left.remove(at));
    }
    live.line(PRIMARY, "T+8m :end").unwrap();
    let mut copy = live.session().clone();
    while copy.tick() < copy.horizon() {
        copy.advance();
    }
    let idle =
        like.facts.iter().find(|f| matches!(f.what, FactKind::ImpactCurve { fold: Fold::HandsOff, .. })).unwrap();
    copy.conclude_with(idle.what.clone());
    Sample { name: format!("{} spam {order}", package.slug), facts: copy.facts().to_vec(), ..like.clone() }
}

/// Whether something was done in it that called for safeguards.
fn severe(x: &Sample) -> bool {
    x.facts.iter().any(|f| matches!(&f.what, FactKind::Acted { hazard: Some(h), .. } if h.0 >= ratio(1, 2)))
}

/// Orders in which everything is played, in each scenario.
const ORDERS: u64 = 100;

/// A check of every order, on all cores.
fn each_spam(package: &Package, like: &Sample, check: impl Fn(&Sample) + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64).min(8);
    std::thread::scope(|s| {
        for part in 0..threads {
            let check = &check;
            s.spawn(move || (part..ORDERS).step_by(threads as usize).for_each(|k| check(&spam(package, k, like))));
        }
    });
}

/// Full templates on a schedule, hands off everything.
fn template_bot(package: &Package) -> Sample {
    let service = if package.slug.contains("docsrs") { "web:page" } else { "api:download" };
    let mut text = "T+1m declare sev1\nrole ic me\nrole comms me\n".to_owned();
    for t in (2..56).step_by(20) {
        for channel in ["internal", "status"] {
            text += &format!(
                "T+{t}m update {channel} --impact {service} --status investigating --action looking --next news --again 20m\n"
            );
        }
    }
    text += "T+56m update status --impact all --status resolved --action done --next none\nresolve\n:end\n";
    sample(package, "templates", &text)
}

fn templates_earn_little(package: &Package, mistake: Option<Mistake>) -> Outcome {
    let bot = template_bot(package);
    let r = bot.score_as(&bot.facts, mistake);
    ensure(r.delta <= whole(-15), || format!("{}: {} ({} points)", bot.name, r.delta, r.points))
}

/// 8, for a variant of the model: templates on a schedule, and everything at once in one order.
pub fn spam_is_bounded(mistake: Option<Mistake>) -> Outcome {
    for package in &package::bundled() {
        let slow = session("slow").into_iter().find(|x| x.name.contains(&package.slug)).unwrap();
        for x in [0, 1].map(|order| spam(package, order, slow)) {
            let delta = x.score_as(&x.facts, mistake).delta;
            ensure(!severe(&x) || delta <= whole(-20), || format!("{}: {delta} to par", x.name))?;
        }
        templates_earn_little(package, mistake)?;
    }
    let e = golden().iter().find(|g| g.name == "E_spam_bot").unwrap();
    let delta = e.score_as(&e.facts, mistake).delta;
    ensure(delta <= whole(-20), || format!("{}: {delta} to par", e.name))
}

#[test]
fn property_08_spam_is_bounded() {
    for package in &package::bundled() {
        let find = |name: &str| session(name).into_iter().find(|x| x.name.contains(&package.slug)).unwrap();
        let slow = find("slow");
        let least = slow.score(&slow.facts).points;
        let better = find("better");
        let most = better.score(&better.facts).points;
        each_spam(package, slow, |x| {
            let r = x.score(&x.facts);
            // Something that called for safeguards was done without them, or else nothing of care is earned.
            if severe(x) {
                assert!(r.delta <= whole(-20), "{}: {} to par", x.name, r.delta);
                assert!(r.points < least, "{}: {} against {least}", x.name, r.points);
            } else {
                assert!(r.points < most, "{}: {} against {most}", x.name, r.points);
                for id in ["D2", "M3", "C2"] {
                    assert_eq!(points(&r, id), whole(0), "{} {id}", x.name);
                }
            }
        });
        let bot = template_bot(package);
        let r = bot.score(&bot.facts);
        for id in ["M1", "M2", "M3", "S1", "H1", "A1"] {
            assert_eq!(points(&r, id), whole(0), "{} {id}", bot.name);
        }
        assert!(r.points < better.score(&better.facts).points);
    }
    spam_is_bounded(None).unwrap();
}

#[test]
fn gaming_table() {
    for package in package::bundled() {
        let docs = package.slug.contains("docsrs");
        let par = session("reference").into_iter().find(|x| x.name.contains(&package.slug)).unwrap();
        let reference = par.score(&par.facts);
        // Claim every component: the set counts against itself.
        let claim = sample(
            &package,
            "claims",
            if docs {
                "T+1m cause --component web-01:/ --component builder --component web --component db --component cdn --component web-01 --mechanism disk_full --mechanism network --mechanism overload\n:end\n"
            } else {
                "T+1m cause --component api --component static --component db --component web-01 --component bucket --mechanism bad_release --mechanism network --mechanism overload\n:end\n"
            },
        );
        let r = claim.score(&claim.facts);
        assert!(r.check("G1").unwrap().credit <= ratio(1, 2), "{}", claim.name);
        assert!(r.check("G2").unwrap().credit <= ratio(1, 2));
        assert_eq!(points(&r, "G3"), whole(0), "claims without a look are not grounded");
        // Stop the broken service: users without service are affected users.
        let stop = sample(
            &package,
            "stop",
            if docs {
                "T+2m sudo systemctl stop web\nT+4m sudo systemctl stop builder\nT+55m :end\n"
            } else {
                "T+2m sudo systemctl stop api\nT+55m :end\n"
            },
        );
        let r = stop.score(&stop.facts);
        assert_eq!((points(&r, "M1"), points(&r, "M2")), (whole(0), whole(0)), "{}: no relief", stop.name);
        // Leave at once: the harm goes on to the horizon.
        assert_eq!(points(&claim.score(&claim.facts), "H1"), whole(0), "{}", claim.name);
        assert!(claim.score(&claim.facts).impact.area[0] >= reference.impact.area[1]);
        // Many tiny updates earn no more than the same thing once.
        let tiny = |n: u64| {
            let mut facts = claim.facts.clone();
            for k in 0..n {
                let fields = UpdateFields { status: Some(UpdateStatus::Investigating), ..UpdateFields::default() };
                let (text, about) = (LangText::default(), vec![]);
                let said = FactKind::Said { channel: Channel::Status, text, fields, about, truthful: None };
                add(&mut facts, claim.anchor() + 60 + k * 10, seat(), said);
            }
            claim.score(&facts).points
        };
        assert_eq!(tiny(30), tiny(1), "{}", package.slug);
        // A walked-through run says so.
        let mut hinted = claim.facts.clone();
        add(&mut hinted, claim.anchor(), Actor::Gm, FactKind::Nudged { rung: 5, text: LangText::default() });
        assert_eq!(claim.score(&hinted).support_word(), "walked_through");
    }
    // An inject left open gains nothing by its freeze.
    let find = |name: &str| golden().iter().find(|g| g.name == name).unwrap();
    let (b, open) = (find("B_guarded"), find("B_inject_open"));
    assert!(open.score(&open.facts).points < b.score(&b.facts).points);
}
