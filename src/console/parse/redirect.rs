//! Redirections.

use super::{Parser, Res, is_name};
use crate::console::syntax::{Redir, RedirFd, RedirKind};

impl Parser<'_> {
    pub(super) fn redir(&mut self) -> Res<Option<Redir>> {
        self.blank();
        let begin = self.at;
        let mut fd = None;
        let digits = self.chars.iter().skip(self.at).take_while(|c| c.is_ascii_digit()).take(5).count();
        if digits > 0 && matches!(self.ahead(digits), Some('<' | '>')) {
            let text: String = self.chars.iter().skip(self.at).take(digits).collect();
            fd = text.parse().ok().map(RedirFd::Number);
            self.at += digits;
        } else if self.peek() == Some('{') {
            let name: String = self.chars.iter().skip(self.at + 1).take_while(|c| **c != '}').take(64).collect();
            let after = name.chars().count() + 2;
            let plain = name.split_once('[').filter(|_| name.ends_with(']')).map_or(name.as_str(), |(array, _)| array);
            if is_name(plain) && matches!(self.ahead(after), Some('<' | '>')) {
                fd = Some(RedirFd::Named(name));
                self.at += after;
            }
        }
        let process = matches!(self.peek(), Some('<' | '>')) && self.ahead(1) == Some('(');
        let op = if process { None } else { self.op() };
        let Some(op) = op else {
            self.at = begin;
            return Ok(None);
        };
        let (default, kind) = match op {
            "<" => (RedirFd::Number(0), RedirKind::In),
            ">" => (RedirFd::Number(1), RedirKind::Out),
            ">|" => (RedirFd::Number(1), RedirKind::Clobber),
            ">>" => (RedirFd::Number(1), RedirKind::Append),
            "<>" => (RedirFd::Number(0), RedirKind::Both),
            "&>" => (RedirFd::Both, RedirKind::Out),
            "&>>" => (RedirFd::Both, RedirKind::Append),
            ">&" => (RedirFd::Number(1), RedirKind::Dup(true)),
            "<&" => (RedirFd::Number(0), RedirKind::Dup(false)),
            "<<<" => (RedirFd::Number(0), RedirKind::Text),
            "<<" | "<<-" => (RedirFd::Number(0), RedirKind::Here(false)),
            _ if fd.is_some() => return Err(self.near(op)),
            _ => {
                self.at = begin;
                return Ok(None);
            }
        };
        self.at += op.chars().count();
        self.blank();
        if self.at >= self.chars.len() {
            return Err(self.near("newline"));
        }
        let process = matches!(self.peek(), Some('<' | '>')) && self.ahead(1) == Some('(');
        if !process && let Some(op) = self.op() {
            return Err(self.near(op));
        }
        let given = fd.is_some();
        let mut fd = fd.unwrap_or(default);
        if let RedirKind::Here(_) = kind {
            let (word, quoted) = self.here_document(op == "<<-")?;
            return Ok(Some(Redir { fd, kind: RedirKind::Here(quoted), word }));
        }
        let word = self.word()?;
        // `>& file` is `&> file`.
        let mut kind = kind;
        if kind == RedirKind::Dup(true)
            && !given
            && let Some(text) = word.literal()
            && text != "-"
            && !text.trim_end_matches('-').chars().all(|c| c.is_ascii_digit())
        {
            fd = RedirFd::Both;
            kind = RedirKind::Out;
        }
        Ok(Some(Redir { fd, kind, word }))
    }
}
