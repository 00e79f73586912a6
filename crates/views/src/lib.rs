//! Kubernetes objects as people read them. Pure: objects come as JSON values, texts go out; nothing here talks to a cluster.

pub mod age;
pub mod auth;
pub mod columns;
pub mod describe;
pub mod layout;
pub mod output;
pub mod quantity;
pub mod selector;
pub mod state;
pub mod table;
pub mod tree;

pub use age::Clock;
