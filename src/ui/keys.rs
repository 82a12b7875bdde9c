//! Everything that a trainee can do from the keyboard: one list that feeds keys, the palette, the footer and the help.

use egui::{Event, Key, Modifiers, Ui};

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Acknowledge the oldest open page.
    Acknowledge,
    /// Look at the graph of the oldest open page.
    PageGraph,
    /// Declare, or change severity.
    Declare,
    /// Take or give the command and other roles.
    Command,
    /// Write an update.
    Update,
    /// Page somebody.
    PagePerson,
    /// Ask for help on a topic.
    Help,
    /// State what may be wrong.
    Hypothesis,
    /// State the cause with evidence.
    Cause,
    /// Close the incident.
    Resolve,
    /// Record work for later.
    FollowUp,
    /// Go to the channel.
    Channel,
    /// Give the keyboard to the console.
    Console,
    /// A tab of the centre, from 1.
    Tab(u8),
    /// Show running jobs.
    Jobs,
    /// A terminal, from 1.
    Terminal(u8),
    /// Put a terminal beside this one, or close it.
    Split,
    /// Post the update.
    Post,
    /// Every action.
    Palette,
    /// The keys.
    Keys,
    /// End the session.
    End,
    /// Back out.
    Escape,
}

/// An action with its key and the catalogue's key of its words.
pub struct Binding {
    /// Action.
    pub act: Act,
    /// Key as its cap shows it; empty if it has none.
    pub cap: &'static str,
    /// Catalogue key.
    pub words: &'static str,
}

const fn bind(act: Act, cap: &'static str, words: &'static str) -> Binding {
    Binding { act, cap, words }
}

/// Every action, in the order of the help.
pub const ALL: [Binding; 27] = [
    bind(Act::Acknowledge, "A", "act-acknowledge"),
    bind(Act::PageGraph, "G", "act-page-graph"),
    bind(Act::Declare, "D", "act-declare"),
    bind(Act::Command, "I", "act-command"),
    bind(Act::Update, "U", "act-update"),
    bind(Act::Post, "Ctrl ↵", "act-post"),
    bind(Act::PagePerson, "P", "act-page-person"),
    bind(Act::Help, "H", "act-help"),
    bind(Act::Hypothesis, "Y", "act-hypothesis"),
    bind(Act::Cause, "X", "act-cause"),
    bind(Act::Resolve, "R", "act-resolve"),
    bind(Act::FollowUp, "F", "act-follow-up"),
    bind(Act::Channel, "C", "act-channel"),
    bind(Act::Console, "`", "act-console"),
    bind(Act::Terminal(1), "Alt 1", "act-terminal-1"),
    bind(Act::Terminal(2), "Alt 2", "act-terminal-2"),
    bind(Act::Split, "", "act-split"),
    bind(Act::Jobs, "J", "act-jobs"),
    bind(Act::Tab(1), "1", "tab-graphs"),
    bind(Act::Tab(2), "2", "tab-map"),
    bind(Act::Tab(3), "3", "tab-logs"),
    bind(Act::Tab(4), "4", "tab-releases"),
    bind(Act::Tab(5), "5", "tab-runbooks"),
    bind(Act::Tab(6), "6", "tab-timeline"),
    bind(Act::Tab(7), "7", "tab-explore"),
    bind(Act::Keys, "?", "act-keys"),
    bind(Act::End, "", "act-end"),
];

/// Actions of the footer.
pub const FOOTER: [(Act, &str, &str); 7] = [
    (Act::Acknowledge, "A", "foot-acknowledge"),
    (Act::Declare, "D", "foot-declare"),
    (Act::Command, "I", "foot-command"),
    (Act::Update, "U", "foot-update"),
    (Act::Console, "`", "foot-console"),
    (Act::Palette, "Ctrl K", "foot-palette"),
    (Act::Keys, "?", "foot-keys"),
];

fn letter(key: Key) -> Option<Act> {
    Some(match key {
        Key::A => Act::Acknowledge,
        Key::G => Act::PageGraph,
        Key::D => Act::Declare,
        Key::I => Act::Command,
        Key::U => Act::Update,
        Key::P => Act::PagePerson,
        Key::H => Act::Help,
        Key::Y => Act::Hypothesis,
        Key::X => Act::Cause,
        Key::R => Act::Resolve,
        Key::F => Act::FollowUp,
        Key::C => Act::Channel,
        Key::J => Act::Jobs,
        Key::Backtick => Act::Console,
        Key::Num1 => Act::Tab(1),
        Key::Num2 => Act::Tab(2),
        Key::Num3 => Act::Tab(3),
        Key::Num4 => Act::Tab(4),
        Key::Num5 => Act::Tab(5),
        Key::Num6 => Act::Tab(6),
        Key::Num7 => Act::Tab(7),
        Key::Questionmark => Act::Keys,
        _ => return None,
    })
}

/// What a key means, with `typing` while a text field or a terminal has the keyboard.
pub fn meaning(key: Key, m: Modifiers, typing: bool) -> Option<Act> {
    match (key, m.ctrl || m.command, m.alt) {
        (Key::K, true, false) => Some(Act::Palette),
        (Key::Enter, true, false) => Some(Act::Post),
        (Key::Escape, false, false) => Some(Act::Escape),
        (Key::Num1, false, true) => Some(Act::Terminal(1)),
        (Key::Num2, false, true) => Some(Act::Terminal(2)),
        (Key::Slash, false, _) if m.shift && !typing => Some(Act::Keys),
        // Backtick is shell syntax: inside a terminal it is typed.
        (Key::Backtick, false, false) if typing => None,
        (_, false, true) if typing => letter(key),
        (_, false, false) if !typing => letter(key),
        _ => None,
    }
}

/// Takes the actions out of this pass's input, with the text that their keys would have typed. Behind a dialog (`modal`) only
/// leaving and the palette act.
pub fn take(ui: &Ui, typing: bool, modal: bool) -> Vec<Act> {
    let meaning = |key, modifiers| {
        meaning(key, modifiers, typing).filter(|act| !modal || matches!(act, Act::Escape | Act::Palette))
    };
    let acts: Vec<Act> = ui.input(|i| {
        let of = |e: &Event| match e {
            Event::Key { key, pressed: true, modifiers, repeat: false, .. } => meaning(*key, *modifiers),
            _ => None,
        };
        i.events.iter().filter_map(of).collect()
    });
    if !acts.is_empty() {
        ui.input_mut(|i| {
            i.events.retain(|e| match e {
                Event::Key { key, pressed: true, modifiers, .. } => {
                    // Escape also means something to fields and menus.
                    *key == Key::Escape || meaning(*key, *modifiers).is_none()
                }
                Event::Text(_) => false,
                _ => true,
            });
        });
    }
    acts
}
