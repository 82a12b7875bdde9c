### app: the desktop program around the screens

app-no-display = There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. Nothing was changed. Start it from a desktop session, or play on the terminal: wheel play SCENARIO --text
app-no-vulkan = No Vulkan driver was found, and the window needs one. Nothing was changed. Install your graphics card's driver, or { $package } for software rendering, or play on the terminal: wheel play SCENARIO --text
app-settings-broken = The settings file could not be read ({ $why }). It was set aside, and the usual settings are in force.
app-settings-unsaved = The settings could not be saved: { $why }
app-paused-gap = Paused: this computer was away for a while. Nothing was missed.
app-log-unwritten = The session cannot be written to disk: { $why }. The clock stands until it can.
app-time-past = That moment is already past.
app-no-scenarios = There is no scenario on the wheel.
app-exported = Written to { $path }
app-not-exported = It could not be written: { $why }
app-nothing-to-export = there is no finished session
app-not-kept = this session is not kept on disk
app-no-par = This scenario has no par yet, so there is no debrief. The log is kept.
app-branch-opened = Branch { $branch } plays the new version. { $refused ->
    [0] Everything so far was accepted again.
    [one] One input so far was not accepted again.
   *[other] { $refused } inputs so far were not accepted again.
}
app-rewound = Branch { $branch } begins at { $at }. The session so far is kept as it was.
app-leave-title = The session is running
app-leave-text = It is on disk up to this moment. You can resume it from the title screen.
app-leave-quit = Close and keep it
app-leave-title-screen = Leave and keep it
app-leave-stay = Stay
app-problems = { $n ->
    [one] One scenario file has problems; its last good version is in use.
   *[other] { $n } scenario files have problems; their last good versions are in use.
}
app-problems-of = Problems in { $scenario }
app-newer = This scenario was edited.
app-newer-branch = Open a branch with the new version
app-newer-keep = Go on as it is
app-scenario-updated = { $scenario } was read again.
app-scenario-broken = { $scenario } has problems; the last good version is in use. { $first }
app-branch-at-end = The session is over at this moment: choose an earlier one to start a branch.
