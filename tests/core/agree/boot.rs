//! What a machine says of itself since it was started.

use super::{Seat, load, package};
use std::sync::Arc;
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::scenario::{CapacityFault, Fault};
use wheel_of_misfortune::session::Command;

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

#[test]
fn a_machine_that_is_restarted_begins_anew_everywhere() {
    let mut seat = seat();
    seat.wait(5);
    assert!(seat.types("reboot").contains("Interactive authentication required."));
    seat.types("sudo rm -r /srv/docs/builder/output");
    seat.types("sudo reboot");
    seat.wait(1);
    for terminal in [1, 2] {
        let lines = seat.session.console().terminal(terminal).unwrap().lines();
        let closed = lines.iter().filter(|l| l.text.contains("closed by remote host")).count();
        assert_eq!(closed, 1, "terminal {terminal}");
    }
    assert_eq!(seat.types("uptime").trim(), "ssh: connect to host web-01 port 22: No route to host");
    assert_eq!(seat.session.console().terminal(2).unwrap().prompt, "$ ", "every terminal of it");
    seat.wait(90);
    assert_eq!(seat.session.console().terminal(2).unwrap().prompt, "oncall@web-01:~$ ");
    let up: f64 = seat.types("cut -d' ' -f1 /proc/uptime").trim().parse().unwrap();
    assert!((15.0..60.0).contains(&up), "{up}");
    let since = seat.types("uptime -s");
    let btime = seat.types("date -ud @$(awk '/btime/ {print $2}' /proc/stat) '+%F %T'");
    assert_eq!(since, btime);
    let metric = seat.types("promql 'time() - node_boot_time_seconds'");
    let age: f64 = metric.split("=> ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((0.0..120.0).contains(&age), "{metric}");
    assert!(seat.types("dmesg").trim_end().ends_with("systemd[1]: Startup finished."));
    assert_eq!(seat.types("ps -o time= -p 1").trim(), "00:00:00");
    assert!(busy(&seat.types("vmstat"))[0].0 < 60);
    assert_eq!(seat.types("systemctl is-active web builder"), "active\nactive\n");
    // Off is off, until somebody turns it on.
    seat.types("sudo poweroff");
    seat.wait(300);
    assert_eq!(seat.types("ls").trim(), "ssh: connect to host web-01 port 22: No route to host");
    let fault = Fault::Capacity(CapacityFault::HostDown { host: "web-01".to_owned() });
    seat.does(Actor::Gm, Command::ClearFault { fault });
    seat.wait(100);
    assert_eq!(seat.types("systemctl is-active web"), "active\n");
}
