//! The output formats: a new one is a file here and a line in the list.

use kloupe_model::registry;

use crate::Output;

registry! {
    /// Every output, the default first.
    pub ALL: Output = OUTPUT in {
        text,
        json,
        markdown,
    }
}

pub use markdown::fenced;

/// The output of that name.
pub fn output(name: &str) -> Option<&'static Output> {
    ALL.iter().copied().find(|output| output.name == name || output.alias == Some(name))
}

#[cfg(test)]
mod tests;
