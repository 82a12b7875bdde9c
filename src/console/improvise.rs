//! A game master who answers in place of a tool that is not there.

use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::process::Proc;
use crate::console::tool;

impl Console {
    /// From now on a game master is there who may answer in place of a tool that is not.
    pub fn lead(&mut self) {
        self.led = true;
    }

    /// Goes on within this tick.
    pub fn go_on(&mut self, host: &mut dyn ConsoleHost) {
        self.begin(host);
        self.run(host);
    }

    /// The game master's words in place of an unknown command: as the output of the one that waits for them, else as they
    /// come. Returns the command that they answer.
    pub fn answer(&mut self, terminal: u32, text: &str) -> Option<String> {
        let waits = |p: &&mut Proc| p.terminal == terminal && p.tool.as_ref().is_some_and(|t| t.name == tool::UNKNOWN);
        if let Some(p) = self.procs.values_mut().find(waits) {
            p.out.push_str(text);
            p.out.push('\n');
            p.exit = Some(0);
            return Some(p.command.clone());
        }
        if let Some(t) = self.terminal_mut(terminal) {
            t.print(text);
            t.finish_line();
        }
        None
    }
}
