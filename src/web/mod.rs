//! HTTP: webhooks, pages, the API and the sandbox, behind one server that bounds every wait and every size.
//!
//! Invariant: a handler parses, makes one call and renders; it decides nothing and holds no SQL.

pub mod server;
