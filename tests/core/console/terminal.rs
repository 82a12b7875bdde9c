//! A terminal: control sequences, wide characters, what is kept of 100,000 lines and more.

use super::{screen, start};
use std::sync::Arc;
use wheel_of_misfortune::console::{Color, Console, Ink, KEPT_LINES, TermLine};
use wheel_of_misfortune::stdx::digest;

fn shown(line: &str) -> Vec<TermLine> {
    let (mut c, mut h) = start();
    c.submit(1, line, &mut h);
    let mut lines: Vec<TermLine> =
        c.terminal(1).unwrap().lines().iter().filter(|l| l.prompt.is_none()).cloned().collect();
    let partial = c.terminal(1).unwrap().partial();
    lines.extend((!partial.text.is_empty()).then_some(partial));
    lines
}

fn texts(line: &str) -> Vec<String> {
    shown(line).into_iter().map(|l| l.text).collect()
}

fn spans(line: &str) -> Vec<(u32, Ink)> {
    shown(line)[0].spans.iter().map(|s| (s.chars, s.ink)).collect()
}

#[test]
fn the_cursor_goes_back_within_its_line() {
    assert_eq!(texts(r"printf '10%%\r 45%%\r100%%\n'"), ["100%"]);
    assert_eq!(texts(r"printf 'a long line\rshort\033[K\n'"), ["short"]);
    assert_eq!(texts(r"printf 'abc\b\bX\n'"), ["aXc"]);
    assert_eq!(texts(r"printf 'ab\033[5Cz\033[2D*\n'"), ["ab    *z"], "the cursor moves over what it does not write");
    assert_eq!(texts(r"printf 'x\ty\n'"), ["x       y"]);
    assert_eq!(texts(r"printf 'one\ntwo\033[2Jthree\n'"), ["three"], "an erased screen is empty");
}

#[test]
fn colours_are_obeyed_and_never_shown_as_text() {
    let red = Ink { fore: Some(Color::Indexed(1)), ..Ink::default() };
    let bold = Ink { bold: true, ..Ink::default() };
    assert_eq!(texts(r"printf 'a\033[31mbc\033[0md\n'"), ["abcd"]);
    assert_eq!(spans(r"printf 'a\033[31mbc\033[0md\n'"), [(1, Ink::default()), (2, red), (1, Ink::default())]);
    assert_eq!(spans(r"printf '\033[01;31m\033[Kred\033[m\033[K\n'"), [(3, Ink { bold: true, ..red })]);
    assert_eq!(spans(r"printf '\033[1mx\033[22my\n'"), [(1, bold), (1, Ink::default())]);
    let orange = Ink { fore: Some(Color::Indexed(208)), back: Some(Color::Rgb(1, 2, 3)), ..Ink::default() };
    assert_eq!(spans(r"printf '\033[38;5;208;48;2;1;2;3mx\n'"), [(1, orange)]);
    assert_eq!(
        spans(r"printf '\033[97;7mx\n'"),
        [(1, Ink { fore: Some(Color::Indexed(15)), inverse: true, ..Ink::default() })]
    );
    assert_eq!(
        texts(r"printf '\033]0;a title\007shown\033(B\033[?25h\n'"),
        ["shown"],
        "titles and modes leave nothing"
    );
    assert!(spans("echo plain").is_empty());
    // A sequence may come in pieces; one that never ends is given up.
    assert_eq!(texts(r"printf '\033[3'; printf '1mx\n'"), ["x"]);
    assert_eq!(texts(r"printf '\033['; printf '1%.0s' {1..300}; printf 'mend\n'"), ["1".repeat(45) + "mend"]);
}

#[test]
fn wide_characters_take_two_columns() {
    assert_eq!(texts(r"printf '한글\rX\n'"), ["X 글"], "half of a wide character leaves a blank");
    assert_eq!(texts(r"printf '한\t.\n'"), ["한      ."]);
    assert_eq!(texts(r"printf 'e\xcc\x81t\xcc\x81\n'"), ["e\u{301}t\u{301}"], "marks stay with their letter");
}

fn print(c: &mut Console, lines: usize) {
    let (_, mut h) = start();
    let mut left = lines;
    while left > 0 {
        let n = left.min(5_000);
        c.submit(1, &format!("seq {n}"), &mut h);
        for _ in 0..200 {
            if c.terminal(1).unwrap().running.is_none() {
                break;
            }
            c.advance(&mut h);
        }
        left -= n;
    }
}

#[test]
fn a_hundred_thousand_lines_are_kept_and_no_more() {
    let (mut c, _) = start();
    print(&mut c, KEPT_LINES + 20_000);
    let t = c.terminal(1).unwrap();
    let lines = t.lines();
    assert!((KEPT_LINES..KEPT_LINES + 256).contains(&lines.len()), "{}", lines.len());
    assert_eq!(lines.first() + lines.len() as u64, t.printed);
    assert_eq!(lines.iter().next_back().unwrap().text, "5000");
    assert_eq!(lines.iter().nth(5000), lines.get(5000));
    assert_eq!(lines.iter().rev().count(), lines.len());
    // A picture of them shares what it shows, and what is printed next touches only the last block.
    let picture = lines.clone();
    print(&mut c, 1);
    let now = c.terminal(1).unwrap().lines();
    let same = picture.blocks().zip(now.blocks()).filter(|(a, b)| Arc::ptr_eq(a, b)).count();
    assert!(same + 2 >= picture.blocks().len(), "{same} of {}", picture.blocks().len());
    assert_eq!(picture.iter().next_back().unwrap().text, "5000");
}

#[test]
fn the_digest_knows_what_was_printed() {
    let after = |line: &str| {
        let (mut c, mut h) = start();
        c.submit(1, line, &mut h);
        c
    };
    let of = |c: &Console| digest::of(c.terminal(1).unwrap());
    assert_eq!(of(&after("echo a; clear")), of(&after("echo a; clear")));
    let red = (after(r"printf '\033[31mx\n'"), after(r"printf '\033[32mx\n'"));
    assert_eq!(screen(&red.0).lines().last(), screen(&red.1).lines().last());
    assert_ne!(of(&red.0), of(&red.1), "a colour is part of what was shown");
}
