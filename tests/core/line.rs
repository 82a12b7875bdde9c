//! The line editor: what readline's keys do to a line. Where a real bash can be asked on a terminal, it was: the expected
//! lines are those that bash 5.2 shows after the same keys.

use wheel_of_misfortune::view::line::{EditKey, Edited, LineEditor};

/// Types keys: plain text, `^X` for Ctrl, `~x` for Alt, `<` and `>` for the arrows.
fn keys(editor: &mut LineEditor, typed: &str, history: &[String]) -> Edited {
    let mut last = Edited::Stays;
    let mut chars = typed.chars();
    while let Some(c) = chars.next() {
        let key = match c {
            '^' => EditKey::Ctrl(chars.next().unwrap_or(' ').to_ascii_lowercase()),
            '~' => EditKey::Alt(chars.next().unwrap_or(' ')),
            '<' => EditKey::Left,
            '>' => EditKey::Right,
            '\u{8}' => EditKey::Backspace,
            '\n' => EditKey::Enter,
            c => EditKey::Char(c),
        };
        last = editor.key(key, history);
    }
    last
}

fn history() -> Vec<String> {
    ["ls -l /var/log", "kubectl get pods", "grep ERROR app.log", "kubectl logs web-1"].map(str::to_owned).to_vec()
}

/// The line with a bar where the cursor stands.
fn shown(e: &LineEditor) -> String {
    let mut chars: Vec<char> = e.text().chars().collect();
    chars.insert(e.cursor(), '|');
    chars.into_iter().collect()
}

#[test]
fn moving_and_killing_and_yanking() {
    for (typed, want) in [
        ("echo one two^A", "|echo one two"),
        ("echo one two^A~f~f", "echo one| two"),
        ("echo one two~b", "echo one |two"),
        ("a/b c-d^W", "a/b |"),
        ("a/b c-d~b~d", "a/b c-|"),
        ("one two^A^K^Y^Y", "one twoone two|"),
        ("one two three^U", "|"),
        ("one two three^W^W^Y", "one two three|"),
        ("one^U two^U^Y~y", "one|"),
        ("abc^T", "acb|"),
        ("abcd<<^T", "acb|d"),
        ("one two~t", "two one|"),
        ("one two^A~u", "ONE| two"),
        ("one two^A~c~c", "One Two|"),
        ("abc\u{8}\u{8}x", "ax|"),
        ("abc^A^D", "|bc"),
        ("ab^B^B^F", "a|b"),
    ] {
        let mut e = LineEditor::new();
        keys(&mut e, typed, &[]);
        assert_eq!(shown(&e), want, "{typed}");
    }
}

#[test]
fn what_was_done_is_undone_step_by_step() {
    let mut e = LineEditor::new();
    keys(&mut e, "echo one two^W^W", &[]);
    assert_eq!(e.text(), "echo ");
    keys(&mut e, "^_", &[]);
    assert_eq!(e.text(), "echo one ");
    keys(&mut e, "^_", &[]);
    assert_eq!(e.text(), "echo one two");
    keys(&mut e, "^_^_^_", &[]);
    assert_eq!(e.text(), "");
}

#[test]
fn the_history_is_walked_and_what_was_typed_comes_back() {
    let (mut e, h) = (LineEditor::new(), history());
    keys(&mut e, "half", &h);
    keys(&mut e, "^P", &h);
    assert_eq!(e.text(), "kubectl logs web-1");
    keys(&mut e, "^P^P", &h);
    assert_eq!(e.text(), "kubectl get pods");
    keys(&mut e, "^N^N^N^N", &h);
    assert_eq!(e.text(), "half");
    keys(&mut e, "~<", &h);
    assert_eq!(e.text(), "ls -l /var/log");
    keys(&mut e, "~>", &h);
    assert_eq!(e.text(), "half");
    keys(&mut e, "^Ukub~p", &h);
    assert_eq!(shown(&e), "kub|ectl logs web-1");
    keys(&mut e, "~p", &h);
    assert_eq!(shown(&e), "kub|ectl get pods");
}

#[test]
fn the_last_argument_of_older_lines() {
    let (mut e, h) = (LineEditor::new(), history());
    keys(&mut e, "cat ~.", &h);
    assert_eq!(e.text(), "cat web-1");
    keys(&mut e, "~.", &h);
    assert_eq!(e.text(), "cat app.log");
    keys(&mut e, "~.~.~.~.", &h);
    assert_eq!(e.text(), "cat /var/log");
}

#[test]
fn the_incremental_search_shows_itself_in_the_prompt() {
    let (mut e, h) = (LineEditor::new(), history());
    keys(&mut e, "typed^Rkub", &h);
    assert_eq!(e.prompt().as_deref(), Some("(reverse-i-search)`kub': "));
    assert_eq!(shown(&e), "|kubectl logs web-1");
    keys(&mut e, "^R", &h);
    assert_eq!(e.text(), "kubectl get pods");
    keys(&mut e, "^S", &h);
    assert_eq!(e.text(), "kubectl logs web-1");
    keys(&mut e, "zzz", &h);
    assert_eq!(e.prompt().as_deref(), Some("(failed reverse-i-search)`kubzzz': "));
    // Ctrl-G gives back what was typed.
    keys(&mut e, "^G", &h);
    assert_eq!((e.text().as_str(), e.prompt()), ("typed", None));
    // Enter runs what was found; an arrow only takes it.
    keys(&mut e, "^RERR>", &h);
    assert_eq!(e.text(), "grep ERROR app.log");
    assert_eq!(keys(&mut e, "^U^Rpods\n", &h), Edited::Line("kubectl get pods".to_owned()));
    // Ctrl-R twice with nothing typed searches for the same again.
    keys(&mut e, "^R^R", &h);
    assert_eq!(e.text(), "kubectl get pods");
}

#[test]
fn ends_and_odd_keys() {
    let mut e = LineEditor::new();
    assert_eq!(keys(&mut e, "^D", &[]), Edited::Eof);
    assert_eq!(keys(&mut e, "x^D", &[]), Edited::Stays);
    assert_eq!(keys(&mut e, "^L", &[]), Edited::Clear);
    assert_eq!(keys(&mut e, "^X", &[]), Edited::Unknown);
    assert_eq!(keys(&mut e, "\n", &[]), Edited::Line("x".to_owned()));
    e.paste("one\ntwo\u{1b}[31m\u{3}");
    assert_eq!(e.text(), "one two[31m", "nothing of a paste is a key");
    e.set("other", 99);
    assert_eq!(shown(&e), "other|");
    keys(&mut e, "^_", &[]);
    assert_eq!(e.text(), "one two[31m");
}

proptest::proptest! {
    #[test]
    fn any_keys_are_survived(typed in "[a-c ^~<>\u{8}\nRSGYWKUTDPN_.]{0,80}") {
        let (mut e, h) = (LineEditor::new(), history());
        keys(&mut e, &typed, &h);
        proptest::prop_assert!(e.cursor() <= e.text().chars().count());
    }
}
