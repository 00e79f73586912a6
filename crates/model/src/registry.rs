//! The one way to list the entries of a folder: a new entry is one new file and one line here.

/// Declares the modules of a folder and lists the value that each of them holds, so that a `mod.rs` is its table of contents.
///
/// `cargo fmt` does not follow modules declared in a macro; `cargo xtask fmt` does.
#[macro_export]
macro_rules! registry {
    ($(#[$meta:meta])* pub $list:ident : $kind:ty = $entry:ident in { $($module:ident),* $(,)? }) => {
        $(mod $module;)*
        $(#[$meta])*
        pub static $list: &[&$kind] = &[$(&$module::$entry),*];
    };
}
