//! Stories of the door.
