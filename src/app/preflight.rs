//! Before the window: is there a display and a Vulkan driver? If not, a message that says what to install, instead of a panic.

use crate::locale::{Arg, Locale};

/// Why the window cannot open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No display server.
    Display,
    /// No graphics adapter.
    Vulkan,
}

impl Missing {
    /// What happened, what is safe, what to do.
    pub fn words(self, locale: &Locale) -> String {
        let package = [("package", Arg::Word("mesa-vulkan-drivers".to_owned()))];
        match self {
            Missing::Display => locale.say("app-no-display"),
            Missing::Vulkan => locale.text("app-no-vulkan", &package),
        }
    }
}

/// Looks for what the window needs.
///
/// # Errors
/// What is missing.
pub fn check() -> Result<(), Missing> {
    if cfg!(all(unix, not(target_os = "macos")))
        && !has_display(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
    {
        return Err(Missing::Display);
    }
    let backends = wgpu::Backends::PRIMARY;
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle_from_env()
    });
    if bevy::tasks::block_on(instance.enumerate_adapters(backends)).is_empty() { Err(Missing::Vulkan) } else { Ok(()) }
}

/// Whether the environment names a display server.
fn has_display(set: impl Fn(&str) -> bool) -> bool {
    set("DISPLAY") || set("WAYLAND_DISPLAY") || set("WAYLAND_SOCKET")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_kind_of_display_will_do() {
        assert!(has_display(|n| n == "DISPLAY"));
        assert!(has_display(|n| n == "WAYLAND_DISPLAY"));
        assert!(!has_display(|_| false));
    }
}
