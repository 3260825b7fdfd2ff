//! The long connection.

mod frame;
mod parts;
mod policy;
