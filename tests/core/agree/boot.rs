//! What a machine says of itself since it was started.

use super::{Seat, load, package};
use std::sync::Arc;

fn seat() -> Seat {
    let package = package::find("docsrs-2019-10-21-disk-full").expect("the scenario is bundled");
    Seat::new(Arc::unwrap_or_clone(load(&package).expect("it loads")))
}

/// Columns `us` and `sy` of the lines of vmstat.
fn busy(text: &str) -> Vec<(u64, u64)> {
    let lines = text.lines().filter(|l| l.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    lines
        .map(|l| {
            let w: Vec<u64> = l.split_whitespace().map(|x| x.parse().unwrap()).collect();
            (w[12], w[13])
        })
        .collect()
}

#[test]
fn the_first_report_is_of_the_time_since_boot() {
    let mut seat = seat();
    seat.wait(5);
    let stat = seat.types("cat /proc/stat");
    let cpu: Vec<f64> = stat.lines().next().unwrap().split_whitespace().skip(1).map(|n| n.parse().unwrap()).collect();
    let all: f64 = cpu.iter().sum();
    let units: f64 = seat
        .types("systemctl show -p CPUUsageNSec --value web builder")
        .split_whitespace()
        .map(|n| n.parse::<f64>().unwrap() / 1e9)
        .sum();
    assert!(units > 1e6, "they have run for two months: {units}");
    let spent = (cpu[0] + cpu[2]) / 100.0;
    assert!((spent - units).abs() < units / 100.0, "{spent} core seconds of /proc/stat, {units} of the units");
    let seen = busy(&seat.types("vmstat 1 2"));
    let since = ((100.0 * cpu[0] / all).round() as u64, (100.0 * cpu[2] / all).round() as u64);
    assert_eq!(seen[0], since, "the first line is the mean since boot");
    let now = busy(&seat.types("vmstat -y 1 1"));
    assert_eq!(now.len(), 1);
    let iostat = seat.types("iostat -c");
    let first = iostat.lines().nth(3).unwrap().split_whitespace().next().unwrap().parse::<f64>().unwrap();
    assert!((first - 100.0 * cpu[0] / all).abs() < 0.1, "{first}");
    // A process that is replaced takes nothing back.
    seat.types("sudo rm -r /srv/docs/builder/output; sudo systemctl restart web");
    seat.wait(400);
    let stat = seat.types("cat /proc/stat");
    let later: Vec<f64> = stat.lines().next().unwrap().split_whitespace().skip(1).map(|n| n.parse().unwrap()).collect();
    assert!(later[0] >= cpu[0] && later[3] > cpu[3], "{cpu:?} {later:?}");
}

#[test]
fn a_kernel_names_what_the_other_tools_name() {
    let mut seat = seat();
    let boot = seat.types("dmesg");
    for (what, line) in [
        (seat.types("uname -r"), "Linux version "),
        (seat.types("uname -v"), "Linux version "),
        (seat.types("findmnt -n / | awk '{print $2}'"), "Command line: "),
        (seat.types("nproc"), "smp: Brought up "),
        (seat.types("hostname"), "Set hostname to "),
    ] {
        let said = boot.lines().find(|l| l.contains(line)).unwrap_or_else(|| panic!("{line}: {boot}"));
        assert!(said.contains(what.trim()), "{said}: {what}");
    }
    // It said so when the machine was started.
    let since = seat.types("uptime -s");
    let first = seat.types("dmesg -T | head -n 1");
    assert!(first.contains(since.trim().split(' ').nth(1).unwrap()), "{since} {first}");
    assert!(seat.types("uname -v").contains("2019"), "a kernel of before the incident");
}
