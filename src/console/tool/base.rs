//! Small tools of coreutils: names of paths, checksums, encodings, copying of blocks, who and where one is.

mod blake2;
mod block;
mod checksum;
mod encode;
mod guess;
mod identity;
mod name;

use crate::console::tool::Decl;

pub(crate) const NAMES: &[Decl] = name::TOOLS;
pub(crate) const CHECKSUMS: &[Decl] = checksum::TOOLS;
pub(crate) const ENCODINGS: &[Decl] = encode::TOOLS;
pub(crate) const IDENTITY: &[Decl] = identity::TOOLS;
pub(crate) const REST: &[Decl] = &[block::DD, guess::FILE];
