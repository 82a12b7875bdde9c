//! What tools can learn of a machine's sockets, open files, devices and of what its programs do. Each answer is empty
//! where there is none.

/// Bytes of a request with its headers.
pub const REQUEST_BYTES: u64 = 700;

/// Bytes of an answer with its headers.
pub const ANSWER_BYTES: u64 = 9_300;

/// Bytes that a packet carries.
pub const PACKET_BYTES: u64 = 1_400;

/// A socket that waits for clients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listener {
    /// `tcp` or `udp`.
    pub proto: &'static str,
    /// Address it is bound to, such as `0.0.0.0`.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Its process.
    pub pid: u32,
    /// Its program.
    pub program: String,
    /// The program's user.
    pub user: String,
    /// Connections that wait to be accepted.
    pub waiting: u64,
    /// The most that may wait.
    pub backlog: u64,
}

/// Connections of one process in one state to the same kind of peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// As `ss` names it: `ESTAB`, `TIME-WAIT`, `SYN-SENT`.
    pub state: &'static str,
    /// Its process; 0 where the kernel alone holds it.
    pub pid: u32,
    /// Its program.
    pub program: String,
    /// Port at which clients came in; 0 for connections that it opened.
    pub local_port: u16,
    /// Address of the peer; empty for clients on the internet.
    pub peer: String,
    /// The peer's port; 0 for clients.
    pub peer_port: u16,
    /// How many there are.
    pub count: u64,
}

/// A file that a process has open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenFile {
    /// Process.
    pub pid: u32,
    /// Descriptor.
    pub fd: u32,
    /// Path as it was opened.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// Whether its last name was removed.
    pub deleted: bool,
}

/// A call of a service to another one, or to a store, by the replica on one host, in the last second.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallRow {
    /// What is called.
    pub to: String,
    /// Name that is resolved.
    pub name: String,
    /// Address; empty if the name does not resolve.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Attempts.
    pub sent: u64,
    /// Answered well.
    pub ok: u64,
    /// Answered with an error.
    pub errors: u64,
    /// Refused at once.
    pub refused: u64,
    /// Not answered in time.
    pub timeouts: u64,
    /// Under way at the end of the second.
    pub under_way: u64,
}

/// What the replica of a service on one host did in the last second.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traffic {
    /// Service.
    pub service: String,
    /// Unit that runs it.
    pub unit: String,
    /// Process, while it runs.
    pub pid: Option<u32>,
    /// Port that it listens on; 0 for a worker.
    pub port: u16,
    /// Requests that came in.
    pub requests: u64,
    /// Of those, answered with an error.
    pub errors: u64,
    /// Mean time to answer, milliseconds.
    pub latency_ms: f64,
    /// Its calls.
    pub calls: Vec<CallRow>,
    /// A mount that it has to write to and that is full.
    pub full: Option<String>,
}

/// A block device that file systems lie on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Disk {
    /// Name without `/dev/`: the whole disk, such as `nvme0n1`.
    pub name: String,
    /// Its partitions: name, bytes, mount point.
    pub parts: Vec<(String, u64, String)>,
    /// Bytes written since boot, as file systems and logs grew.
    pub written: u64,
    /// Bytes a second that are written now.
    pub write_bytes_s: f64,
    /// Milliseconds that a request takes.
    pub await_ms: f64,
    /// Share of time in which it is busy, 0 to 1.
    pub util: f64,
}

/// Counters of a network interface since boot, and what they grow by in a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interface {
    /// Bytes and packets received.
    pub rx: (u64, u64),
    /// Bytes and packets sent.
    pub tx: (u64, u64),
    /// Bytes and packets received in the last second.
    pub rx_s: (f64, f64),
    /// Bytes and packets sent in the last second.
    pub tx_s: (f64, f64),
}

/// How a unit is set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitFile {
    /// Whether it is not started with the machine.
    pub disabled: bool,
    /// Whether nobody may start it.
    pub masked: bool,
    /// Whether it comes back by itself.
    pub restart: bool,
    /// How often it came back by itself since somebody last started or stopped it.
    pub restarts: u32,
    /// Seconds that it waits before it does; without them the wait doubles each time.
    pub restart_after_s: Option<u64>,
    /// Starts, and the seconds within which so many are too many; systemd's own where nothing is set.
    pub start_limit: Option<(u32, u64)>,
}

/// The capabilities of tools that look at a machine's sockets, files and devices.
pub trait SystemHost {
    /// Address of a host; empty if it is not known.
    fn address(&self, _host: &str) -> String {
        String::new()
    }

    /// Sockets that wait for clients, by port.
    fn listeners(&self, _host: &str) -> Vec<Listener> {
        Vec::new()
    }

    /// Connections in groups.
    fn connections(&self, _host: &str) -> Vec<Connections> {
        Vec::new()
    }

    /// Regular files that programs have open.
    fn open_files(&self, _host: &str) -> Vec<OpenFile> {
        Vec::new()
    }

    /// What the replicas on a host did in the last second.
    fn traffic(&self, _host: &str) -> Vec<Traffic> {
        Vec::new()
    }

    /// Its disks.
    fn disks(&self, _host: &str) -> Vec<Disk> {
        Vec::new()
    }

    /// Its network interface.
    fn interface(&self, _host: &str) -> Interface {
        Interface::default()
    }

    /// The port that a service listens on; `None` if it listens on none.
    fn service_port(&self, _service: &str) -> Option<u16> {
        None
    }

    /// How a unit is set up.
    fn unit_file(&self, _host: &str, _unit: &str) -> UnitFile {
        UnitFile::default()
    }
}
