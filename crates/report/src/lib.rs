//! A diagnosis laid out for people and for programs.
