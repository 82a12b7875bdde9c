//! What a server says instead of an answer.

/// An error of a server, or of the client about one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MyError {
    /// Its number.
    pub code: u16,
    /// Its SQLSTATE.
    pub state: &'static str,
    /// Its text.
    pub text: String,
}

impl MyError {
    pub fn new(code: u16, state: &'static str, text: impl Into<String>) -> MyError {
        MyError { code, state, text: text.into() }
    }

    /// `ERROR 1064 (42000)`, then where in a script it was, then the text.
    pub fn shown(&self, line: Option<usize>) -> String {
        let place = line.map(|n| format!(" at line {n}")).unwrap_or_default();
        format!("ERROR {} ({}){place}: {}\n", self.code, self.state, self.text)
    }

    /// A statement that the grammar does not know from a place on.
    pub fn syntax(statement: &str, at: usize) -> MyError {
        let rest: String = statement.get(at..).unwrap_or_default().chars().take(80).collect();
        let line = statement.get(..at).map_or(0, |s| s.matches('\n').count()) + 1;
        MyError::new(
            1064,
            "42000",
            format!(
                "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '{rest}' at line {line}"
            ),
        )
    }

    /// A thing that the real server does and this one does not.
    pub fn missing(what: impl std::fmt::Display) -> MyError {
        MyError::new(1235, "42000", format!("This version of MySQL doesn't yet support '{what}'"))
    }

    pub fn denied(privilege: &str) -> MyError {
        MyError::new(
            1227,
            "42000",
            format!("Access denied; you need (at least one of) the {privilege} privilege(s) for this operation"),
        )
    }
}
