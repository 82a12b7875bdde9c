//! Tools.
use crate::console::tool::Decl;
pub(crate) const TOOLS: &[Decl] = &[];
