//! Attempts to get out of the simulated machine or to exhaust the real one: each ends within a budget of ticks, in the
//! real tool's words, shows nothing of the machine that this test runs on, and leaves the terminal usable.

use super::{printed, start};
use wheel_of_misfortune::console::ConsoleSignal;

/// Simulated seconds after which a line that is to end by itself must have ended.
const TICKS: u64 = 120;
/// Most bytes of the console's whole state at any moment.
const STATE: usize = 40_000_000;

/// What a line prints, and whether it ended by itself.
fn attempt(line: &str, ticks: u64) -> (String, bool) {
    let (mut c, mut h) = start();
    c.submit(1, line, &mut h);
    let mut ended = false;
    for _ in 0..ticks {
        if c.terminal(1).unwrap().running.is_none() {
            ended = true;
            break;
        }
        h.now += 1;
        c.advance(&mut h);
    }
    let size = serde_json::to_string(&c).unwrap().len();
    assert!(size < STATE, "{line}: {size} bytes of state");
    let text = printed(&c);
    // The terminal is usable: what still runs is interrupted, and the shell answers.
    for _ in 0..10 {
        if c.terminal(1).unwrap().running.is_none() {
            break;
        }
        c.signal(1, ConsoleSignal::Int, &mut h);
        h.now += 1;
        c.advance(&mut h);
    }
    c.submit(1, "echo still $((6 * 7))", &mut h);
    for _ in 0..20 {
        h.now += 1;
        c.advance(&mut h);
    }
    assert!(printed(&c).contains("still 42"), "{line}: {:.400}", printed(&c));
    (text, ended)
}

fn ends(line: &str) -> String {
    let (text, ended) = attempt(line, TICKS);
    assert!(ended, "{line}: still running after {TICKS} s, printed {} bytes: {:.300}", text.len(), text);
    text
}

#[test]
fn nothing_of_the_real_machine_shows() {
    let secret = ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "/rustc/", env!("CARGO_MANIFEST_DIR")];
    for line in [
        "jq -n env",
        "jq -n '$ENV'",
        "jq -n '$ENV.PATH'",
        "env",
        "export -p",
        "set",
        "cat /proc/self/environ",
        "cat ../../../../../../proc/self/environ",
        "awk 'BEGIN{for (k in ENVIRON) print k, ENVIRON[k]}'",
        "awk 'BEGIN{print ENVIRON[\"CARGO_MANIFEST_DIR\"]}'",
        "cat /proc/self/cmdline /proc/1/cmdline",
        "ls -la / /root /home /tmp ../.. ../../..",
        "cd ../../../../../..; pwd; ls",
        "source ../../../../etc/hostname; . /etc/passwd",
        "find / -name Cargo.toml",
        "echo ${CARGO_MANIFEST_DIR-none} ${!CARGO*}",
        "echo /*/* ~root/* ../../../*",
        "bash -c 'echo $CARGO_MANIFEST_DIR'; sh -c env",
        "exec 3</etc/shadow; cat <&3",
        "cat < /dev/tcp/127.0.0.1/22; exec 3<>/dev/tcp/localhost/80",
        "printf '%s\\n' \"$BASH_SOURCE\" \"$0\" \"$BASH\"",
    ] {
        let text = ends(line);
        for s in secret {
            // `echo $NAME` shows the name in its own message at most.
            assert!(!text.contains(s) || (line.contains(s) && s == "CARGO_MANIFEST_DIR"), "{line}: {s} in {text}");
        }
    }
}

#[test]
fn clocks_are_those_of_the_simulation() {
    // The fixture opens in another year than the one this test runs in.
    let first: String = ends("date +%Y-%m-%d");
    assert_eq!(ends("date +%Y-%m-%d"), first);
    let epoch = ends("date +%s").trim().parse::<i64>().unwrap();
    for line in
        ["jq -n 'now|floor'", "echo $EPOCHSECONDS", "awk 'BEGIN{srand(); print srand()}'", "printf '%(%s)T\\n' -1"]
    {
        let said = ends(line).trim().parse::<i64>().unwrap_or(-1);
        assert!((epoch - 2..=epoch + 5).contains(&said), "{line}: {said} is not near {epoch}");
    }
}

#[test]
fn tools_that_could_start_others_start_ours() {
    // What these start are tools of the simulated host, by its name and its files.
    let own = ends("hostname");
    for line in [
        "awk 'BEGIN{system(\"hostname\")}'",
        "awk 'BEGIN{\"hostname\" | getline x; print x}'",
        "find notes.txt -exec hostname ';'",
        "echo -s | xargs hostname",
        "echo x | xargs -I{} hostname",
        "bash -c hostname",
        "eval hostname",
        "env hostname",
        "command hostname",
        "exec hostname",
    ] {
        let text = ends(line);
        let refused = [
            "not supported",
            "not available",
            "not simulated",
            "cannot",
            "extra operand",
            "unknown predicate",
            "command not found",
        ];
        assert!(text.contains(own.trim()) || refused.iter().any(|r| text.contains(r)), "{line}: {text}");
    }
    // sed's `e` is refused, or runs ours.
    for line in ["echo x | sed '1e hostname'", "echo hostname | sed e", "echo x | sed 's/x/hostname/e'"] {
        let text = ends(line);
        assert!(text.contains(own.trim()) || text.contains("sed: "), "{line}: {text}");
    }
}

#[test]
fn endless_programs_are_bounded() {
    // Each of these never ends on a real machine; here they run on or are refused, in bounded memory, and Ctrl-C ends them.
    for line in [
        "jq -n '[repeat(1)]'",
        "jq -n 'def f: f; f'",
        "jq -n '[range(1e9)] | length'",
        "jq -n '\"x\" * 1e9 | length'",
        "yes > /dev/null",
        "cat /dev/zero",
        "cat /dev/zero | wc -c",
        "cat /dev/urandom | head -c 100",
        "while :; do :; done",
        "until false; do :; done",
        "for ((;;)); do :; done",
        "while :; do echo x >> /tmp/out; done",
        "tail -f /dev/null",
        "awk 'BEGIN{while(1) x = x \"y\"}'",
        "awk 'BEGIN{while(1) a[n++] = n}'",
        "sed ':a;ba' notes.txt",
        "seq 1e12 > /dev/null",
        "while :; do sleep 1000 & done",
        "x=a; while :; do x=$x$x; done",
        "a=(x); while :; do a+=(\"${a[@]}\"); done",
        "i=0; while :; do a[i++]=$i; done",
        "declare -A m; i=0; while :; do m[$((i++))]=xxxxxxxxxxxxxxxx; done",
        "while :; do eval \"v$((i++))=x\"; done",
        "while :; do eval \"f$((i++))() { :; }\"; done",
        "while :; do alias a$((i++))=b; done",
        "while :; do exec {fd}>/tmp/f; done",
        "while :; do trap \"echo $((i++))\" USR1; kill -USR1 $$; done",
        "while :; do pushd / ; done > /dev/null",
        "trap 'kill -USR1 $$' USR1; kill -USR1 $$; while :; do :; done",
        "trap ':' DEBUG; while :; do :; done",
        "PROMPT=$(while :; do echo x; done)",
    ] {
        attempt(line, 1);
    }
}

#[test]
fn exhausting_lines_end_in_bashs_words() {
    let mut wrong = Vec::new();
    for (line, words) in [
        ("f() { f; }; f", "maximum function nesting level exceeded"),
        ("eval_() { eval eval_; }; eval_", "maximum"),
        ("x='eval $x'; eval $x", "maximum nesting level exceeded"),
        ("echo 'source /tmp/me' > /tmp/me; source /tmp/me", "maximum"),
        ("echo 'bash /tmp/me' > /tmp/me; bash /tmp/me", ""),
        ("x=ab; while x=$x$x; do :; done; echo ended", "xrealloc: cannot allocate"),
        ("a[1000000000]=x; echo ${#a[@]} ${!a[@]}", "1 1000000000"),
        ("a=({1..1000000000}); echo ${#a[@]}", "brace expansion: failed to allocate memory"),
        ("echo {1..1000000000} | wc -c", "brace expansion: failed to allocate memory"),
        (
            "echo {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b} | wc -c",
            "brace expansion",
        ),
        ("printf '%1000000000d' 1 | wc -c", "Cannot allocate memory"),
        ("printf -v x '%.1000000000d' 1; echo ${#x}", "0"),
        ("x=abc; echo ${x:0:1000000000}", "abc"),
        ("x=abc; echo ${x:0:1e9}", "value too great for base"),
        ("echo $((2**1000000000))", "0"),
        ("echo $((1<<1000000000))", "1"),
        ("ls /*/*/*/*/*/*/*/*/*/*/*/* | wc -l", "cannot access"),
        ("shopt -s globstar; echo /**/**/**/**/** | wc -w", ""),
        ("x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; [[ $x == *a*a*a*a*a*a*a*a*a*a*b ]]; echo $?", "1"),
        ("shopt -s extglob; x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; [[ $x == +(+(+(a)))b ]]; echo $?", "1"),
        ("x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; [[ $x =~ ^(a+)+b$ ]]; echo $?", "1"),
        ("x=aaaaaaaaaaaaaaaaaaaaaaaaaaaa; [[ $x =~ (a{1,1000}){1,1000} ]]; echo $?", ""),
        ("echo aaaaaaaaaaaaaaaaaaaaaaaaaaaa | grep -E '(a*)*b'; echo $?", "1"),
        ("echo aaaaaaaaaaaaaaaaaaaaaaaaaaaa | grep '\\(a*\\)*\\1b'; echo $?", "1"),
        ("echo $(( ((((((((((((((((((((((((((((((1)))))))))))))))))))))))))))))) ))", "1"),
        ("i=0; x=1; while ((i++ < 100)); do x=\"($x)\"; done; echo $(($x))", ""),
        ("yes | head -c 20M | wc -c", "20971520"),
        ("seq 1e12 | head -1", "1"),
        ("seq 1000000 | tail -1", "1000000"),
        ("yes | head -100000 | sort | uniq -c", "100000 y"),
        ("find / -exec echo {} + | wc -c", ""),
        ("yes a b c d e f | head -2000 | xargs -n1 echo | wc -l", "12000"),
        ("exec 2000>/tmp/x", "Bad file descriptor"),
        ("set -- $(seq 200000); echo $#", ""),
        ("sleep 1e12 & kill %1; wait %1; echo $?", "143"),
        ("read -t 1000000000 x < /dev/null; echo $?", "1"),
        ("ulimit -n 1000000", "cannot modify limit"),
        ("kill -9 1; echo $?", "1"),
        ("kill -9 -1; echo $?", "1"),
        ("rm -rf /; echo $?", ""),
        ("echo x > /dev/sda; echo $?", "1"),
        ("cat /dev/mem /dev/sda", "cat: "),
        ("chroot / ls; unshare; nsenter; insmod x", "command not found"),
        ("LD_PRELOAD=/tmp/x.so ls > /dev/null; echo $?", "0"),
        ("PATH=/tmp; ls", "command not found"),
        ("enable -f /tmp/x.so x; echo $?", "1"),
        ("exec -a x /bin/sh -c 'echo $0'", ""),
    ] {
        let (text, ended) = attempt(line, TICKS);
        if !(ended || line.starts_with(':')) {
            wrong.push(format!("{line}: still running, {text:.300}"));
        }
        if ended && !text.contains(words) {
            wrong.push(format!("{line}: wanted {words:?}, got {text:.300}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
