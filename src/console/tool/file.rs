//! ls, du, df, find, stat, tree: what is on a host's disks.

mod df;
mod du;
pub(crate) mod find;
pub(crate) mod ls;
mod stat;
mod tree;
pub(crate) mod unit;

use crate::console::tool::{Decl, Operand, Words};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ls",
        synopsis: "[OPTION]... [FILE]...",
        about: "list directory contents",
        opts: ls::OPTS,
        operand: Operand::Path,
        missing: &["Colours (--color is accepted), security contexts (-Z), --dired, --hyperlink."],
        examples: &[
            ("ls /home", "primary\n"),
            ("ls -l /etc/hostname", "-rw-r--r-- 1 root root 4 Jul 20 11:18 /etc/hostname\n"),
            ("ls -j", "ls: invalid option -- 'j'\nTry 'ls --help' for more information.\n"),
        ],
        step: ls::ls,
        misuse: 2,
        ..Decl::BLANK
    },
    Decl {
        name: "dir",
        synopsis: "[OPTION]... [FILE]...",
        about: "list directory contents in columns",
        opts: ls::OPTS,
        operand: Operand::Path,
        examples: &[("dir /home", "primary\n")],
        step: ls::ls,
        misuse: 2,
        ..Decl::BLANK
    },
    Decl {
        name: "du",
        synopsis: "[OPTION]... [FILE]...",
        about: "estimate file space usage",
        opts: du::OPTS,
        operand: Operand::Path,
        missing: &["--files0-from, --exclude-from, --time-style; holes of a sparse file take space here."],
        examples: &[("du -sh /etc", "12K\t/etc\n"), ("ssh web-01 du -sh /var/www/build", "4.1G\t/var/www/build\n")],
        step: du::du,
        ..Decl::BLANK
    },
    Decl {
        name: "df",
        synopsis: "[OPTION]... [FILE]...",
        about: "report file system space usage",
        opts: df::OPTS,
        operand: Operand::Path,
        missing: &["File systems of the kernel's own (tmpfs, udev): only disks are listed."],
        examples: &[(
            "df -h /",
            "Filesystem      Size  Used Avail Use% Mounted on\n/dev/nvme0n1p1   40G  8.1G   32G  21% /\n",
        )],
        step: df::df,
        ..Decl::BLANK
    },
    Decl {
        name: "find",
        synopsis: "[-H] [-L] [-P] [PATH]... [EXPRESSION]",
        about: "search for files in a directory hierarchy",
        operand: Operand::Path,
        missing: &["-ok, -okdir, -fprint, -fprintf, -fls, -fstype, -context, -used."],
        examples: &[
            ("find /home -type f", "/home/primary/notes.txt\n"),
            ("find . -name '*.txt' -size -2k -printf '%s %f\\n'", "17 notes.txt\n"),
            ("find . -name '*.txt' -exec wc -l {} +", "3 ./notes.txt\n"),
            ("find / -newer x", "find: ‘x’: No such file or directory\n"),
            ("find / -biggest", "find: unknown predicate `-biggest'\n"),
        ],
        step: find::find,
        words: Words::Raw,
        ..Decl::BLANK
    },
    Decl {
        name: "stat",
        synopsis: "[OPTION]... FILE...",
        about: "display file or file system status",
        opts: stat::OPTS,
        operand: Operand::Path,
        missing: &["Times of birth: they are not kept."],
        examples: &[
            ("stat -c '%n %s %a %U' /etc/hostname", "/etc/hostname 4 644 root\n"),
            (
                "stat /etc/hostname",
                "  File: /etc/hostname\n  Size: 4         \tBlocks: 8          IO Block: 4096   regular file\nDevice: 259,1\tInode: 131081      Links: 1\nAccess: (0644/-rw-r--r--)  Uid: (    0/    root)   Gid: (    0/    root)\nAccess: 2023-07-20 11:18:00.000000000 +0000\nModify: 2023-07-20 11:18:00.000000000 +0000\nChange: 2023-07-20 11:18:00.000000000 +0000\n Birth: -\n",
            ),
        ],
        step: stat::stat,
        ..Decl::BLANK
    },
    Decl {
        name: "tree",
        synopsis: "[-adfishpugFrt] [-L LEVEL] [-P PATTERN] [-I PATTERN] [DIRECTORY]...",
        about: "list contents of directories in a tree-like format",
        opts: tree::OPTS,
        operand: Operand::Path,
        examples: &[("tree /home", "/home\n└── primary\n    └── notes.txt\n\n2 directories, 1 file\n")],
        step: tree::tree,
        ..Decl::BLANK
    },
];
