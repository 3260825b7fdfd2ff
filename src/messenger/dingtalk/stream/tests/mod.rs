//! The stream against the fake platform.
