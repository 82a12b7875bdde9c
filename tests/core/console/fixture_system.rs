//! What the fixture's sockets, files and devices look like.

use super::fixture::Fixture;
use wheel_of_misfortune::console::host::*;

impl SystemHost for Fixture {
    fn address(&self, host: &str) -> String {
        match host {
            "web-01" => "10.0.0.11",
            "ops" => "10.0.0.5",
            _ => "",
        }
        .to_owned()
    }

    fn listeners(&self, host: &str) -> Vec<Listener> {
        let listener = |port, pid, program: &str, user: &str, waiting, backlog| Listener {
            proto: "tcp",
            address: "0.0.0.0".to_owned(),
            port,
            pid,
            program: program.to_owned(),
            user: user.to_owned(),
            waiting,
            backlog,
        };
        let mut all = vec![listener(22, 300, "sshd", "root", 0, 128)];
        if host == "web-01" {
            all.push(listener(80, 812, "builder", "primary", 3, 511));
            all.push(listener(6379, 655, "redis-server", "redis", 0, 511));
        }
        all
    }

    fn connections(&self, host: &str) -> Vec<Connections> {
        if host != "web-01" {
            return Vec::new();
        }
        let group = |state, pid, local_port, peer: &str, peer_port, count| Connections {
            state,
            pid,
            program: if pid == 0 { String::new() } else { "builder".to_owned() },
            local_port,
            peer: peer.to_owned(),
            peer_port,
            count,
        };
        vec![
            group("ESTAB", 812, 80, "", 0, 2),
            group("ESTAB", 812, 0, "10.0.0.20", 5432, 1),
            group("TIME-WAIT", 0, 0, "10.0.0.20", 5432, 40),
        ]
    }

    fn open_files(&self, host: &str) -> Vec<OpenFile> {
        let file = |path: &str, fd, bytes, deleted| OpenFile { pid: 812, fd, path: path.to_owned(), bytes, deleted };
        match host {
            "web-01" => vec![
                file("/var/log/builder/builder.log", 3, 880_000_000, true),
                file("/var/log/nginx.log", 4, 33, false),
            ],
            _ => Vec::new(),
        }
    }

    fn traffic(&self, host: &str) -> Vec<Traffic> {
        if host != "web-01" {
            return Vec::new();
        }
        let call = CallRow {
            to: "db".to_owned(),
            name: "db.example".to_owned(),
            address: "10.0.0.20".to_owned(),
            port: 5432,
            sent: 2,
            timeouts: 2,
            ..CallRow::default()
        };
        vec![Traffic {
            service: "docs".to_owned(),
            unit: "builder".to_owned(),
            pid: Some(812),
            port: 80,
            requests: 2,
            errors: 2,
            latency_ms: 40.0,
            calls: vec![call],
            full: None,
        }]
    }

    fn disks(&self, _host: &str) -> Vec<Disk> {
        vec![Disk {
            name: "nvme0n1".to_owned(),
            parts: vec![("nvme0n1p1".to_owned(), 40 << 30, "/".to_owned())],
            written: 8 << 30,
            write_bytes_s: 4_096.0,
            await_ms: 0.6,
            util: 0.0,
        }]
    }

    fn interface(&self, _host: &str) -> Interface {
        Interface { rx: (123_456, 1_234), tx: (654_321, 4_321), rx_s: (700.0, 5.0), tx_s: (9_300.0, 11.0) }
    }

    fn unit_file(&self, _host: &str, unit: &str) -> UnitFile {
        UnitFile { restart: unit == "builder", ..UnitFile::default() }
    }
}
