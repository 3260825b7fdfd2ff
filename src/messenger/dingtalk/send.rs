//! Says things.
