//! The modifiers of a fault, each played for a family.

use super::desk::{Desk, Places};
use super::table::Row;
use super::{ALL, SETTLES, badness, begin, expect, lines};

pub type Play = fn(&Row) -> Places;

/// Modifiers and how each is played. That overload outlives its trigger is no option of a fault: it emerges, in a place that leaves
/// no room for it.
pub const COURSES: [(&str, Play); 9] = [
    ("latent until restart", latent),
    ("intermittent", intermittent),
    ("recurring", recurring),
    ("masked second fault", masked),
    ("self-healing", healing),
    ("rising", rising),
    ("falling", falling),
    ("metastable", metastable),
    ("caused by a mitigation", caused),
];

/// The cells of a row: where it showed, or why it cannot be.
pub fn cells(row: &Row) -> Vec<(String, String)> {
    for name in row.never.keys() {
        assert!(COURSES.iter().any(|(n, _)| n == name), "{}: no modifier `{name}`", row.name);
    }
    let cell = |(name, play): &(&str, Play)| {
        let seen = match row.never.get(*name) {
            Some(why) => format!("none: {why}"),
            None => play(row).to_string(),
        };
        ((*name).to_owned(), seen)
    };
    COURSES.iter().map(cell).collect()
}

/// Nothing is seen of it, but for its scar.
fn quiet(row: &Row) -> impl Fn(Places) -> bool {
    let scar = row.scar;
    move |p: Places| !p.metric && !p.alert && (scar || !p.tool)
}

/// The cause has ended by itself. What it did lasts in a few families until somebody cleans it up, which helps from now on.
fn over(d: &mut Desk, row: &Row, when: &str) {
    assert!(!d.there(row), "{}: {when}: it is still there", row.name);
    if row.leaves.is_some() {
        let seen = d.places(row);
        assert!(seen.metric && seen.alert, "{}: {when}: nothing is left of it, in {seen}", row.name);
        let said = lines(d, &row.by_hand());
        d.wait(SETTLES);
        expect(d, row, &format!("{when}, cleaned up\n{said}"), quiet(row));
    } else {
        expect(d, row, when, quiet(row));
    }
}

/// It sleeps until a replica starts.
fn latent(row: &Row) -> Places {
    let mut d = begin(row, &format!("--wakes start:{}", row.restart.0));
    d.wait(30);
    expect(&mut d, row, "latent: before the restart", quiet(row));
    let said = lines(&mut d, std::slice::from_ref(&row.restart.1));
    d.mark();
    d.wait(row.wait);
    expect(&mut d, row, &format!("latent: after the restart\n{said}"), |p| p == ALL)
}

/// A mitigation wakes it.
fn caused(row: &Row) -> Places {
    let mut d = begin(row, &format!("--wakes touch:{}", row.touch.0));
    d.wait(30);
    expect(&mut d, row, "caused: before the mitigation", quiet(row));
    let said = lines(&mut d, std::slice::from_ref(&row.touch.1));
    d.mark();
    d.wait(row.wait);
    expect(&mut d, row, &format!("caused: after the mitigation\n{said}"), |p| p == ALL)
}

/// It comes and goes.
fn intermittent(row: &Row) -> Places {
    let (on, off) = (row.wait + 5, row.fades);
    // Whoever cleans up needs time for it.
    let off = off + if row.leaves.is_some() { SETTLES + 30 } else { 0 };
    let mut d = begin(row, &format!("--pulse {on}s/{off}s"));
    let began = d.session.tick().0;
    d.wait(row.wait);
    let seen = expect(&mut d, row, "intermittent: present", |p| p == ALL);
    d.wait(row.fades);
    over(&mut d, row, "intermittent: gone");
    d.wait((began + on + off + row.wait).saturating_sub(d.session.tick().0));
    expect(&mut d, row, "intermittent: present again", |p| p.metric && p.alert && p.tool);
    seen
}

/// Mended, it comes back.
fn recurring(row: &Row) -> Places {
    let again = row.fades + 30;
    // What nobody here can end has to end by itself.
    let (ends, past) =
        if row.stays || row.mends.iter().any(|l| l.starts_with("@gm")) { (true, row.wait + 5) } else { (false, 0) };
    let options = if ends { format!("--again {again}s --lasts {past}s") } else { format!("--again {again}s") };
    let mut d = begin(row, &options);
    d.wait(row.wait);
    let seen = expect(&mut d, row, "recurring: the first time", |p| p == ALL);
    let said = if ends { String::new() } else { lines(&mut d, &row.mends) };
    // Until the cure, and as long as it stays away.
    for _ in 0..120 {
        if !d.there(row) {
            break;
        }
        d.wait(1);
    }
    if ends && !row.stays {
        // The cause is gone; what it left is cleaned up by hand.
        lines(&mut d, &row.by_hand());
    }
    d.wait(row.fades);
    expect(&mut d, row, &format!("recurring: mended\n{said}"), quiet(row));
    lines(&mut d, &row.revives);
    for _ in 0..again {
        if d.there(row) {
            break;
        }
        d.wait(1);
    }
    d.wait(row.wait);
    expect(&mut d, row, "recurring: the second time", |p| p.metric && p.alert && p.tool);
    seen
}

/// It shows when another fault ends.
fn masked(row: &Row) -> Places {
    let mut d = super::MORNING.clone();
    d.gm("fault slow resolver 2");
    d.mark();
    d.gm(&format!("fault {} --behind", row.fault));
    d.wait(30);
    expect(&mut d, row, "masked: behind another", quiet(row));
    d.gm("clear slow resolver 2");
    d.wait(2);
    d.mark();
    d.wait(row.wait);
    expect(&mut d, row, "masked: after the other", |p| p == ALL)
}

/// It sets off an overload that goes on without it, until load is shed.
fn metastable(row: &Row) -> Places {
    let m = row.metastable.as_ref().unwrap_or_else(|| panic!("{}: neither metastable nor why not", row.name));
    let mut d = super::MORNING.clone();
    lines(&mut d, &m.tight);
    d.wait(60);
    assert_eq!(d.failing(30), 0, "{}: metastable: there is enough room as long as nothing happens", row.name);
    let before: Vec<String> = d.faults();
    d.mark();
    d.gm(&format!("fault {} --lasts {}s", m.fault, m.lasts));
    d.wait(m.lasts + 5);
    assert_eq!(d.faults(), before, "{}: metastable: the trigger is over", row.name);
    d.wait(180);
    let failed = d.failing(30);
    assert!(failed > 1_000, "{}: metastable: three minutes after its trigger only {failed} of 3000 fail", row.name);
    let seen = d.places(row);
    let said = lines(&mut d, &m.shed);
    d.wait(120);
    assert_eq!(d.failing(30), 0, "{}: metastable: load was shed\n{said}", row.name);
    seen
}

/// It goes by itself.
fn healing(row: &Row) -> Places {
    let mut d = begin(row, &format!("--lasts {}s", row.wait + 5));
    d.wait(row.wait);
    let seen = expect(&mut d, row, "healing: present", |p| p == ALL);
    d.wait(5 + row.fades.max(SETTLES));
    over(&mut d, row, "healing: gone");
    assert_eq!(d.failing(30), 0, "{}: healing: requests still fail", row.name);
    seen
}

/// It grows: halfway there is less of it than there would be at once, in the end there is all of it.
fn rising(row: &Row) -> Places {
    let half = row.dial_wait.unwrap_or(row.wait);
    let rise = 2 * half;
    let (part, whole) = (badness(row, &format!("--rise {rise}s")), badness(row, ""));
    assert!(part < whole, "{}: rising: {part} halfway, {whole} at once", row.name);
    let mut d = begin(row, &format!("--rise {rise}s"));
    d.wait(rise - row.wait);
    assert!(d.there(row), "{}: rising: it is over before all of it was there", row.name);
    d.wait(row.wait);
    d.mark();
    d.wait(row.wait);
    expect(&mut d, row, "rising: there is all of it", |p| p == ALL)
}

/// It shrinks before it goes.
fn falling(row: &Row) -> Places {
    let mut d = begin(row, &format!("--lasts {}s --fall 60s", row.wait + 65));
    d.wait(row.wait);
    let seen = expect(&mut d, row, "falling: present", |p| p == ALL);
    d.wait(65 + row.fades.max(SETTLES));
    over(&mut d, row, "falling: gone");
    assert_eq!(d.failing(30), 0, "{}: falling: requests still fail", row.name);
    seen
}
