//! Documents as a store of nodes: what an expression finds is a place in it, and what it assigns is changed where it stands, so
//! that styles, comments and anchors stay as they were written.

use std::fmt::Display;

/// A place in the store.
pub(super) type Id = usize;

/// Nodes that a run may have at most.
const NODES_MAX: usize = 400_000;
/// Deepest nesting that is copied or written.
pub(super) const DEPTH_MAX: u32 = 300;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Map,
    Seq,
    Scalar,
    Alias(Id),
}

/// How it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Style {
    #[default]
    Plain,
    Single,
    Double,
    Literal,
    Folded,
    Flow,
}

/// Where a node stands in its parent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Key {
    #[default]
    None,
    /// Behind this key.
    Name(Id),
    /// At this place of a sequence.
    Index(usize),
}

/// A node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub kind: Kind,
    /// `!!str`, `!!int`, `!mine`.
    pub tag: String,
    /// Whether the tag was written.
    pub tagged: bool,
    pub style: Style,
    /// The text of a scalar, the name of an alias.
    pub text: String,
    pub anchor: Option<String>,
    /// Items of a sequence; key and value by turns of a mapping.
    pub items: Vec<Id>,
    pub parent: Option<Id>,
    pub key: Key,
    pub is_key: bool,
    /// Comments before it, behind it on its line, and after it.
    pub head: String,
    pub line: String,
    pub foot: String,
    /// What stood before a document: comments, blank lines and separators.
    pub lead: String,
    /// Which document it came from, if it is not in another node.
    pub document: usize,
}

impl Node {
    /// A scalar with a tag.
    pub fn scalar(tag: &str, text: impl Into<String>) -> Node {
        Node::new(Kind::Scalar, tag, text)
    }

    /// Nothing but what it is.
    pub fn new(kind: Kind, tag: &str, text: impl Into<String>) -> Node {
        Node {
            kind,
            tag: tag.to_owned(),
            tagged: false,
            style: Style::Plain,
            text: text.into(),
            anchor: None,
            items: Vec::new(),
            parent: None,
            key: Key::None,
            is_key: false,
            head: String::new(),
            line: String::new(),
            foot: String::new(),
            lead: String::new(),
            document: 0,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.tag == "!!null"
    }

    /// Whether it counts as true.
    pub fn truth(&self) -> bool {
        let yes = ["y", "yes", "on", "true"].iter().any(|t| self.text.eq_ignore_ascii_case(t));
        !self.is_null() && (self.kind != Kind::Scalar || self.tag != "!!bool" || yes)
    }

    /// Whether it has values in it.
    pub fn holds(&self) -> bool {
        matches!(self.kind, Kind::Map | Kind::Seq)
    }
}

/// What an evaluation stops with: the text after `Error: `.
pub(super) type Res<T> = Result<T, String>;

pub(super) fn fail<T>(why: impl Display) -> Res<T> {
    Err(why.to_string())
}

/// More than there is room for.
pub(super) fn memory() -> String {
    "cannot allocate memory".to_owned()
}

/// The store.
#[derive(Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// Documents with a comment that cannot be written again where it stood, and its line.
    pub odd: Vec<(usize, usize)>,
}

impl Tree {
    pub fn add(&mut self, node: Node) -> Res<Id> {
        if self.nodes.len() >= NODES_MAX {
            return Err(memory());
        }
        self.nodes.push(node);
        Ok(self.nodes.len() - 1)
    }

    /// A node; one that does not exist is `null`, which no place leads to.
    pub fn at(&self, id: Id) -> &Node {
        static NONE: std::sync::LazyLock<Node> = std::sync::LazyLock::new(|| Node::scalar("!!null", "null"));
        self.nodes.get(id).unwrap_or(&NONE)
    }

    /// Changes a node.
    pub fn change(&mut self, id: Id, f: impl FnOnce(&mut Node)) {
        if let Some(n) = self.nodes.get_mut(id) {
            f(n);
        }
    }

    /// What an alias stands for.
    pub fn real(&self, mut id: Id) -> Res<Id> {
        for _ in 0..100 {
            match self.at(id).kind {
                Kind::Alias(to) => id = to,
                _ => return Ok(id),
            }
        }
        fail("alias cycle detected")
    }

    /// A copy with everything in it.
    pub fn copy(&mut self, id: Id) -> Res<Id> {
        self.deep(id, 0)
    }

    fn deep(&mut self, id: Id, depth: u32) -> Res<Id> {
        if depth > DEPTH_MAX {
            return Err(memory());
        }
        let mut node = self.at(id).clone();
        let items = std::mem::take(&mut node.items);
        let map = node.kind == Kind::Map;
        let new = self.add(node)?;
        let mut made = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            let copy = self.deep(item, depth + 1)?;
            let key = match (map, i % 2) {
                (true, 0) => Key::None,
                (true, _) => made.last().map_or(Key::None, |k| Key::Name(*k)),
                (false, _) => Key::Index(i),
            };
            self.change(copy, |n| {
                n.parent = Some(new);
                n.key = key;
                n.is_key = map && i % 2 == 0;
            });
            made.push(copy);
        }
        self.change(new, |n| n.items = made);
        Ok(new)
    }

    /// A copy with nothing in it.
    pub fn bare(&mut self, id: Id) -> Res<Id> {
        let node = self.at(id).clone();
        self.add(Node { items: Vec::new(), ..node })
    }

    /// A node that stands where another one does.
    pub fn replacing(&mut self, id: Id, mut new: Node) -> Res<Id> {
        let old = self.at(id);
        new.parent = old.parent;
        new.key = if old.is_key { Key::Name(id) } else { old.key };
        self.add(new)
    }

    /// Appends a copy of a key and a value to a mapping; gives the value.
    pub fn pair(&mut self, map: Id, key: Id, value: Id) -> Res<Id> {
        let (key, value) = (self.copy(key)?, self.copy(value)?);
        self.change(key, |n| {
            n.parent = Some(map);
            n.is_key = true;
            n.key = Key::None;
        });
        self.change(value, |n| {
            n.parent = Some(map);
            n.is_key = false;
            n.key = Key::Name(key);
        });
        self.change(map, |n| n.items.extend([key, value]));
        Ok(value)
    }

    /// Appends a copy of a value to a sequence.
    pub fn item(&mut self, seq: Id, value: Id) -> Res<Id> {
        let value = self.copy(value)?;
        let at = self.at(seq).items.len();
        self.change(value, |n| {
            n.parent = Some(seq);
            n.is_key = false;
            n.key = Key::Index(at);
        });
        self.change(seq, |n| n.items.push(value));
        Ok(value)
    }

    /// Appends copies of what another node holds.
    pub fn fill(&mut self, to: Id, items: &[Id]) -> Res<()> {
        if self.at(to).kind == Kind::Map {
            for pair in items.chunks_exact(2) {
                if let [k, v] = pair {
                    self.pair(to, *k, *v)?;
                }
            }
        } else {
            for item in items {
                self.item(to, *item)?;
            }
        }
        Ok(())
    }

    /// The values in a node.
    pub fn values(&self, id: Id) -> Vec<Id> {
        let n = self.at(id);
        match n.kind {
            Kind::Map => n.items.iter().skip(1).step_by(2).copied().collect(),
            Kind::Seq => n.items.clone(),
            _ => Vec::new(),
        }
    }

    /// The document of a node.
    pub fn document(&self, mut id: Id) -> usize {
        let mut left = 10_000;
        while let Some(up) = self.at(id).parent.filter(|_| left > 0) {
            id = up;
            left -= 1;
        }
        self.at(id).document
    }

    /// The way to a node from its document: keys and places.
    pub fn path(&self, id: Id) -> Vec<Result<usize, String>> {
        let (mut id, mut path) = (id, Vec::new());
        for _ in 0..10_000 {
            let n = self.at(id);
            match n.key {
                _ if n.is_key => path.push(Err(n.text.clone())),
                Key::Name(k) => path.push(Err(self.at(k).text.clone())),
                Key::Index(i) => path.push(Ok(i)),
                Key::None => {}
            }
            match n.parent {
                Some(up) => id = up,
                None => break,
            }
        }
        path.reverse();
        path
    }

    /// The way as it is written in errors.
    pub fn nice_path(&self, id: Id) -> String {
        let mut out = String::new();
        for (i, step) in self.path(id).into_iter().enumerate() {
            match step {
                Ok(n) => out.push_str(&format!("[{n}]")),
                Err(name) if i == 0 => out.push_str(&name),
                Err(name) if name.contains('.') => out.push_str(&format!("[{name}]")),
                Err(name) => out.push_str(&format!(".{name}")),
            }
        }
        out
    }

    /// Whether two nodes say the same, whatever their styles.
    pub fn same(&self, a: Id, b: Id) -> bool {
        self.alike(a, b, 0)
    }

    fn alike(&self, a: Id, b: Id, depth: u32) -> bool {
        let (x, y) = (self.at(a), self.at(b));
        if depth > DEPTH_MAX || x.kind != y.kind || x.items.len() != y.items.len() {
            return false;
        }
        match x.kind {
            Kind::Scalar => x.tag == y.tag && x.text == y.text,
            Kind::Seq => x.items.iter().zip(&y.items).all(|(p, q)| self.alike(*p, *q, depth + 1)),
            Kind::Map => x.items.chunks_exact(2).all(|pair| match pair {
                [k, v] => {
                    let found =
                        y.items.chunks_exact(2).find(|p| p.first().is_some_and(|q| self.alike(*k, *q, depth + 1)));
                    found.and_then(|p| p.get(1)).is_some_and(|w| self.alike(*v, *w, depth + 1))
                }
                _ => false,
            }),
            Kind::Alias(_) => x.text == y.text,
        }
    }
}
