//! Bevy: window, screens, the wheel scene, assets, sound.
