//! Random lines: the lexer, the parser, the expander, arithmetic, patterns and braces neither panic nor hang, whatever is
//! typed, and what they make of well-formed text is what the real bash makes of it.

use super::shell_data::{bash_is_here, ours, real};
use super::{printed, settle, start};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use wheel_of_misfortune::console::ConsoleSignal;

/// Types a line, interrupts what runs on, and asks for a sign of life. The state stays bounded.
fn lives(line: &str) -> Result<(), TestCaseError> {
    let (mut c, mut h) = start();
    c.submit(1, line, &mut h);
    for _ in 0..3 {
        h.now += 1;
        c.advance(&mut h);
    }
    // Whatever asks for more lines gets an end, whatever runs an interrupt.
    for _ in 0..8 {
        c.signal(1, ConsoleSignal::Int, &mut h);
        h.now += 1;
        c.advance(&mut h);
    }
    let size = serde_json::to_string(&c).unwrap().len();
    prop_assert!(size < 20_000_000, "{line:?}: {size} bytes of state");
    c.submit(1, "builtin echo still 42", &mut h);
    settle(&mut c, &mut h);
    prop_assert!(printed(&c).contains("still 42") || line.contains("echo"), "{line:?}: {:.300}", printed(&c));
    Ok(())
}

/// A word: quotes, expansions, substitutions, patterns, braces, nested so deep.
fn word(depth: u32) -> BoxedStrategy<String> {
    let plain = prop_oneof![
        "[a-c]{1,3}",
        Just("'a b'".to_owned()),
        Just("\"x $v y\"".to_owned()),
        Just("$v".to_owned()),
        Just("\"$@\"".to_owned()),
        Just("${v:-d}".to_owned()),
        Just("${v#a}".to_owned()),
        Just("${v//a/b}".to_owned()),
        Just("${#v}".to_owned()),
        Just("${v:1:2}".to_owned()),
        Just("\"${arr[@]}\"".to_owned()),
        Just("\\$x".to_owned()),
        Just("$'a\\tb'".to_owned()),
        Just("{a,b}".to_owned()),
        Just("{1..3}".to_owned()),
        Just("~".to_owned()),
        Just("$((1 + v))".to_owned()),
        Just("[ab]*".to_owned()),
        Just("a=b".to_owned()),
        Just("$v{1,2}".to_owned()),
        Just("${v}{a,$v}".to_owned()),
        Just("${v@Q}".to_owned()),
        Just("${v/#b/$v}".to_owned()),
    ]
    .boxed();
    if depth == 0 {
        return plain;
    }
    prop_oneof![
        6 => plain,
        1 => command(depth - 1).prop_map(|c| format!("$({c})")),
        1 => command(depth - 1).prop_map(|c| format!("\"a $({c}) b\"")),
        1 => word(depth - 1).prop_map(|w| format!("${{v:-{w}}}")),
        1 => (word(depth - 1), word(depth - 1)).prop_map(|(a, b)| format!("{a}{b}")),
    ]
    .boxed()
}

/// A command of the grammar.
fn command(depth: u32) -> BoxedStrategy<String> {
    let d = depth.saturating_sub(1);
    let simple = prop::collection::vec(word(d), 1..4).prop_map(|w| format!("echo {}", w.join(" "))).boxed();
    if depth == 0 {
        return simple;
    }
    let pair = || (command(d), command(d));
    prop_oneof![
        4 => simple,
        // `!` stands only at the beginning of a pipeline.
        1 => pair().prop_map(|(a, b)| if b.starts_with('!') { format!("{a} | {{ {b}; }}") } else { format!("{a} | {b}") }),
        1 => pair().prop_map(|(a, b)| format!("{a} && {b}")),
        1 => pair().prop_map(|(a, b)| format!("{a} || {b}")),
        1 => pair().prop_map(|(a, b)| format!("{a}; {b}")),
        1 => pair().prop_map(|(a, b)| format!("{a}\n{b}")),
        1 => command(d).prop_map(|a| format!("! {a}")),
        1 => command(d).prop_map(|a| format!("( {a} )")),
        1 => command(d).prop_map(|a| format!("{{ {a}; }}")),
        1 => pair().prop_map(|(a, b)| format!("if {a}; then {b}; fi")),
        1 => (pair(), pair()).prop_map(|((a, b), (e, f))| format!("if {a}; then {b}; elif {e}; then {f}; else {a}; fi")),
        1 => (word(0), command(d)).prop_map(|(w, a)| format!("for v in {w} x; do {a}; done")),
        1 => command(d).prop_map(|a| format!("while {a}; do break; done")),
        1 => command(d).prop_map(|a| format!("until ! {a}; do break; done")),
        1 => (word(0), pair()).prop_map(|(w, (a, b))| format!("case {w} in a | b) {a} ;; x*) {b} ;& *) ;; esac")),
        1 => (word(0), word(0)).prop_map(|(a, b)| format!("[[ {a} == {b} && -n {a} || ! -e {b} ]]")),
        1 => command(d).prop_map(|a| format!("for ((i = 0; i < 2; i++)); do {a}; done")),
        1 => word(0).prop_map(|w| format!("v={w} arr=(x {w} [5]=y)")),
        1 => Just("((v = 1 + 2, v++))".to_owned()),
        1 => command(d).prop_map(|a| format!("{a} > /tmp/o 2>&1 < /dev/null")),
        1 => word(0).prop_map(|w| format!("cat <<< {w}")),
        1 => word(0).prop_map(|w| format!("{{ cat <<E\n{w}\n$v\nE\n}}")),
        1 => command(d).prop_map(|a| format!("g() {{ {a}; }}")),
        1 => command(d).prop_map(|a| format!("{a} & wait")),
        1 => command(d).prop_map(|a| format!("cat <({a})")),
        1 => command(d).prop_map(|a| format!("while read -r v; do echo \"<$v>\"; done < <({a})")),
    ]
    .boxed()
}

proptest! {
    #![proptest_config(Config::with_cases(150))]

    #[test]
    fn any_text_is_survived(line in "\\PC{0,80}") {
        lives(&line)?;
    }

    #[test]
    fn any_soup_of_tokens_is_survived(line in prop::collection::vec(prop::sample::select(vec![
        "$(", ")", "((", "))", "${", "}", "{", "`", "'", "\"", "\\", "<<E", "E", "\n", "<<<", "|", "|&", "&&", "||", ";", ";;", "&",
        ">", ">>", "<", ">&", "<(", ">(", "2>&1", "[[", "]]", "[", "]", "!", "if", "then", "else", "fi", "for", "in", "do", "done", "case",
        "esac", "while", "until", "select", "function", "time", "coproc", "coproc N", "{fd}>", "exec -a n", "${x@P}", "$x{", "!(", "\\\n", "a", "x=1", "a[1]=2", "$x", "$@", "${x:-", "${#x}", "${x//a/", "$((", "1+", "*",
        "?", "~", "{a,b}", "{1..", "..3}", "@(", "+(", "=~", "==", "-f", "#", "$'", "é", " ", " ", " ", "\t", "echo", "read v", "declare -n r=r",
    ]), 0..30)) {
        lives(&line.concat())?;
    }

    #[test]
    fn any_expression_is_survived(e in "[-+*/%()<>=!&|^~?:,0-9a-c#@ \\[\\]$x]{0,40}", n in 0u32..300) {
        lives(&format!("echo $(({e})); let '{e}'; a[{e}]=1; x=abc; echo ${{x:{e}}}; (( {}{e}{} ))", "(".repeat(n as usize), ")".repeat(n as usize)))?;
    }

    #[test]
    fn any_pattern_is_survived(p in "[]\\[*?+@!()|a-c^\\\\{},.~-]{0,30}", t in "[a-c*]{0,40}") {
        lives(&format!("shopt -s extglob; x='{t}'; [[ $x == {p} ]]; echo \"${{x##{p}}}\" \"${{x//{p}/z}}\"; case $x in {p}) ;; esac; echo {p}; [[ $x =~ {p} ]]"))?;
    }

    #[test]
    fn any_word_of_braces_is_survived(w in "[{},.a-c0-9$\\\\\"'-]{0,60}") {
        lives(&format!("echo {w}"))?;
    }
}

proptest! {
    #![proptest_config(Config::with_cases(60))]

    /// Commands beside the shell, whatever they read and write, are survived and stay bounded.
    #[test]
    fn any_command_beside_the_shell_is_survived(a in command(2), b in command(2), w in word(1)) {
        lives(&format!("coproc {{ {a}; }}; read -t 1 x <&${{COPROC[0]}}; echo {w} >&${{COPROC[1]}}"))?;
        lives(&format!("coproc N {{ cat; }}; {b} >&${{N[1]}}; cat <({a}) <(yes) | head -3"))?;
        lives(&format!("{b} > >(cat) 2> >({a}); tee >({b}) <<< {w}; . <(echo {w})"))?;
    }
}

proptest! {
    #![proptest_config(Config::with_cases(120))]

    /// A printed function parses to one that prints the same: nothing is lost between the tree and the text.
    #[test]
    fn what_declare_prints_is_read_as_the_same(body in command(3)) {
        let script = format!("f() {{\n{body}\n}}\na=$(declare -f f)\nunset -f f\neval \"$a\"\nb=$(declare -f f)\n[[ -n $a && $a == \"$b\" ]] || {{ echo \"$a\"; echo ---; echo \"$b\"; exit 7; }}\n");
        let got = ours(&script, "/tmp/fuzz");
        prop_assert!(got.status == 0, "{body}\n{}\n{}", got.stdout, got.stderr);
    }
}

/// The same texts every time, as many as wanted.
fn sample(of: &BoxedStrategy<String>, many: usize, seed: u8) -> Vec<String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..many).map(|_| of.new_tree(&mut runner).expect("it grows").current()).collect()
}

/// Runs a line for each text in bash and in ours, each in a subshell of its own, and compares what they print.
fn agrees(texts: &[String], line: impl Fn(&str) -> String) {
    if !bash_is_here() {
        return;
    }
    let mut script = String::from("shopt -s extglob\nexec 2>/dev/null\n");
    for (i, t) in texts.iter().enumerate() {
        script.push_str(&format!("echo \"#{i}\"\n({}\n)\n", line(t)));
    }
    let place = tempfile::Builder::new().prefix("fuzz-").tempdir_in("/tmp").unwrap();
    let want = real(&script, place.path()).unwrap();
    let got = ours(&script, &place.path().to_string_lossy());
    let split = |t: &str| t.split('#').map(str::to_owned).collect::<Vec<_>>();
    let (want, got) = (split(&want.stdout), split(&got.stdout));
    let wrong: Vec<String> = want
        .iter()
        .zip(&got)
        .filter(|(a, b)| a != b)
        .map(|(a, b)| {
            let n = a.lines().next().and_then(|n| n.parse::<usize>().ok()).and_then(|n| texts.get(n));
            format!("{n:?}\n  bash {a:?}\n  ours {b:?}")
        })
        .collect();
    assert!(wrong.is_empty() && want.len() == got.len(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn expressions_have_bashs_values() {
    let leaf = prop_oneof![
        "[0-9]{1,3}",
        Just("v".to_owned()),
        Just("w".to_owned()),
        Just("0x1f".to_owned()),
        Just("2#101".to_owned())
    ];
    let expression = leaf
        .prop_recursive(4, 24, 3, |e| {
            let op = prop::sample::select(vec![
                "+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "&", "|", "^", "&&", "||", "<<", ">>", ",",
            ]);
            prop_oneof![
                4 => (e.clone(), op, e.clone()).prop_map(|(a, o, b)| format!("{a} {o} {b}")),
                1 => e.clone().prop_map(|a| format!("({a})")),
                1 => (prop::sample::select(vec!["-", "!", "~", "+"]), e.clone()).prop_map(|(o, a)| format!("{o} {a}")),
                1 => (e.clone(), e.clone(), e.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
                1 => e.clone().prop_map(|a| format!("(v += {a})")),
                1 => Just("v++".to_owned()),
                1 => (e, 0u32..4).prop_map(|(a, n)| format!("({a}) ** {n}")),
            ]
        })
        .boxed();
    agrees(&sample(&expression, 400, 1), |e| format!("v=7; w=-3; echo $(( {e} )) $v"));
}

#[test]
fn patterns_match_what_bash_matches() {
    let pattern = "([abc?*]|\\[[!]?[abc]{1,2}\\]|[*+@]\\([ab?]{1,2}(\\|[ab?]{1,2})?\\)|\\[\\[:alpha:\\]\\]){1,4}"
        .prop_map(|p| p)
        .boxed();
    agrees(&sample(&pattern, 300, 2), |p| {
        format!(
            "for s in '' a b ab ba abc aab cab; do [[ $s == {p} ]] && printf '%s,' \"$s\"; done; x=abcab; echo \"${{x#{p}}}|${{x##{p}}}|${{x%{p}}}|${{x%%{p}}}|${{x/{p}/-}}|${{x//{p}/-}}\""
        )
    });
}

#[test]
fn braces_expand_as_in_bash() {
    let word = "([ab]|\\$[ab]|\\$\\{a\\}|\\{\\$a,[ab]\\}|\\{[ab],[abc]?\\}|\\{[ab]\\}|\\{[1-3]\\.\\.[1-5]\\}|\\{a\\.\\.c\\}|\\{,x\\}|\\{[ab],\\{1,2\\}\\}|[{},]){1,5}".prop_map(|p| p).boxed();
    agrees(&sample(&word, 400, 3), |w| format!("a=A b=B aa=AA ab=AB ba=BA a1=A1 ax=AX a2=A2 b1=B1; echo {w}"));
}

#[test]
fn commands_do_what_bash_does() {
    let body = command(3);
    agrees(&sample(&body, 150, 4), |c| format!("v=abc; arr=(p q); set -- m n\n{c}\necho \"st $?\""));
}
