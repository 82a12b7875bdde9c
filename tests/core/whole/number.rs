//! Every number of a serialisable state, with the way to it: none is negative or not finite but for those that mean it.

use serde::ser::{self, Serialize};
use std::fmt;

/// Fields that may be below zero, by the name of the innermost one.
const SIGNED: [&str; 1] = ["queued"];

/// Fields that say "without a limit" by an infinity.
const UNLIMITED: [&str; 1] = ["capacity"];

/// The first numbers in a state that no graph could draw, each with the way to it.
pub fn wrong<T: Serialize>(state: &T) -> Vec<String> {
    let mut walk = Walk { way: Vec::new(), wrong: Vec::new() };
    state.serialize(&mut walk).expect("nothing refuses");
    walk.wrong
}

struct Walk {
    way: Vec<String>,
    wrong: Vec<String>,
}

impl Walk {
    fn float(&mut self, v: f64) {
        let unlimited = v == f64::INFINITY && self.is_one_of(&UNLIMITED);
        if !(v.is_finite() || unlimited) || (v < 0.0 && !self.is_one_of(&SIGNED)) {
            self.wrong.push(format!("{} is {v}", self.way.join(".")));
        }
    }

    fn is_one_of(&self, names: &[&str]) -> bool {
        self.way.iter().rev().find(|w| !w.starts_with('#')).is_some_and(|w| names.contains(&w.as_str()))
    }

    fn inside<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Never> {
        self.way.push(name.to_owned());
        let done = value.serialize(&mut *self);
        self.way.pop();
        done
    }
}

/// Walking fails nowhere.
#[derive(Debug)]
struct Never;

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("never")
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Never {
        Never
    }
}

/// A list, map or struct under way: the number of the next element, and the key of the next value.
struct Part<'a> {
    walk: &'a mut Walk,
    at: usize,
    key: String,
}

impl Part<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.at += 1;
        let name = format!("#{}", self.at - 1);
        self.walk.inside(&name, value)
    }
}

/// The text of a map's key.
fn key_text<T: Serialize + ?Sized>(key: &T) -> String {
    serde_json::to_string(key).unwrap_or_default()
}

macro_rules! parts {
    ($($of:ident $method:ident),*) => {
        $(impl ser::$of for Part<'_> {
            type Ok = ();
            type Error = Never;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                self.element(value)
            }
            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        })*
    };
}

parts!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

impl ser::SerializeMap for Part<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.key = format!("#{}", key_text(key));
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        let key = std::mem::take(&mut self.key);
        self.walk.inside(&key, value)
    }
    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

impl ser::SerializeStruct for Part<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.walk.inside(name, value)
    }
    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

impl ser::SerializeStructVariant for Part<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.walk.inside(name, value)
    }
    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

macro_rules! whole {
    ($($method:ident $ty:ty),*) => {
        $(fn $method(self, v: $ty) -> Result<(), Never> {
            if v < 0 && !self.is_one_of(&SIGNED) {
                self.wrong.push(format!("{} is {v}", self.way.join(".")));
            }
            Ok(())
        })*
    };
}

macro_rules! silent {
    ($($method:ident $ty:ty),*) => {
        $(fn $method(self, _: $ty) -> Result<(), Never> {
            Ok(())
        })*
    };
}

impl<'a> ser::Serializer for &'a mut Walk {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Part<'a>;
    type SerializeTuple = Part<'a>;
    type SerializeTupleStruct = Part<'a>;
    type SerializeTupleVariant = Part<'a>;
    type SerializeMap = Part<'a>;
    type SerializeStruct = Part<'a>;
    type SerializeStructVariant = Part<'a>;

    whole!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128);
    silent!(serialize_bool bool, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128, serialize_char char, serialize_str &str, serialize_bytes &[u8], serialize_unit_struct &'static str);

    fn serialize_f32(self, v: f32) -> Result<(), Never> {
        self.float(f64::from(v));
        Ok(())
    }
    fn serialize_f64(self, v: f64) -> Result<(), Never> {
        self.float(v);
        Ok(())
    }
    fn serialize_none(self) -> Result<(), Never> {
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Never> {
        Ok(())
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Never> {
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.inside(name, value)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Part<'a>, Never> {
        Ok(Part { walk: self, at: 0, key: String::new() })
    }
    fn serialize_tuple(self, n: usize) -> Result<Part<'a>, Never> {
        self.serialize_seq(Some(n))
    }
    fn serialize_tuple_struct(self, _: &'static str, n: usize) -> Result<Part<'a>, Never> {
        self.serialize_seq(Some(n))
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, n: usize) -> Result<Part<'a>, Never> {
        self.serialize_seq(Some(n))
    }
    fn serialize_map(self, n: Option<usize>) -> Result<Part<'a>, Never> {
        self.serialize_seq(n)
    }
    fn serialize_struct(self, _: &'static str, n: usize) -> Result<Part<'a>, Never> {
        self.serialize_seq(Some(n))
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, n: usize) -> Result<Part<'a>, Never> {
        self.serialize_seq(Some(n))
    }
}
