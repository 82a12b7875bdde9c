### The command line.

cli-error = error: { $what }
cli-about = A flight simulator for on-call: past postmortems as playable incidents
cli-after =
    Without a command the desktop game opens.
    Exit codes: 0 done, 1 the thing checked is wrong, 2 wrong usage. Errors go to stderr.
    Sessions and settings live in the data and configuration folders of your system;
    WOM_DATA_DIR and WOM_CONFIG_DIR name others.

cli-play = Open the desktop game, at the wheel or at a scenario
cli-list = List the scenarios
cli-validate = Check scenario files and show every problem
cli-rehearse = Run a scripted session without a window
cli-replay = Fold a log and compare its digests
cli-score = Show the score report of a log, with evidence
cli-export = Write a finished session to a file
cli-docs = Write the generated reference

cli-arg-scenario = A scenario's id or the path of its folder
cli-arg-seed = Seed of every random stream
cli-arg-log = A log file, or a session folder (its newest branch)
cli-arg-json = Print JSON
cli-arg-text = Play on the terminal
cli-arg-think = Least time that a line from a pipe costs
cli-arg-walkthrough = The script: a path, or a file of the scenario's folder
cli-arg-out = Write the log to this file
cli-arg-fidelity = Compare with the published times; exit 1 on a miss
cli-arg-at = Fold up to this time, such as T+8m
cli-arg-to = File to write: .md, .html, .json, .csv, .msel.csv, .om or .rules.yml
cli-arg-document = which document a .md or .html file holds
cli-arg-path = A scenario's folder, its scenario.ron, an id, or a folder of scenarios; all known ones if absent
cli-arg-format = Text with the line and its label, or JSON
cli-arg-dir = Folder to write into

cli-list-after =
    Columns: id, name on the wheel, level, minutes, skills. With --json an array of objects with
    slug, wedge (en, ko), level, minutes (from, to), classes, skills and weight.
cli-list-broken = { $slug } has errors; `wheel validate { $slug }` shows them
cli-level-easy = easy
cli-level-medium = medium
cli-level-hard = hard
cli-minutes = { $from }–{ $to } min

cli-validate-summary =
    { $scenarios ->
        [one] 1 scenario
       *[other] { $scenarios } scenarios
    }, { $errors ->
        [one] 1 error
       *[other] { $errors } errors
    }, { $warnings ->
        [one] 1 warning
       *[other] { $warnings } warnings
    }
cli-docs-wrote = wrote { $path }
cli-no-desktop =
    this build has no window; build with the feature `desktop` (it is on by default:
    cargo build --release), or use a command from `wheel --help`

cli-arg-resume = Go on with the session that was kept
cli-arg-pin = Pin this run as the scenario's par (writes par.ron into its folder)
cli-no-par = { $slug } pins no par; `wheel rehearse { $slug } --walkthrough reference.wom --pin` makes one
cli-log-foreign = { $path }:1: this log was played with a scenario that is not here: { $why }
cli-score-dropped = warning: { $path }:{ $line }: { $why }; { $bytes } bytes from there on are left out, what comes before is scored
cli-score-unfinished = warning: { $path }: the log ends at { $at } without the end of a session; it is scored as if nothing changed after that
cli-score-other-scenario = warning: { $path }:1: this log was played with another version of { $scenario }; times and par may not fit
cli-score-diverged = warning: { $path }: the entries give another state than was recorded, from tick { $tick } on: the log was edited
cli-score-facts = warning: { $path }: the recorded facts differ from what the entries give, first at #{ $fact }: the log was edited
cli-nothing-kept = no session is kept; `wheel play SCENARIO --text` starts one
cli-no-walkthrough = there is no file { $path }, in this folder or in the scenario's
cli-which-scenario = name a scenario: `wheel list` shows them
cli-wrote = wrote { $path }

line-past = that time is past
line-past-help = write a later T+ time, or +30s

play-how = Type commands as in a shell. `help` lists the tools; `ack 1`, `declare sev2`, `update internal "…"` handle the incident; `:wait 30s` lets time pass; `:end` ends.
play-reflect = The incident is over. Before any number, a few words (an empty line goes on):
play-page = PAGE { $id }: { $text }
play-page-changed = page { $id }: { $n ->
    [one] 1 alert fires
    *[other] { $n } alerts fire
} now: { $text }
play-alert-firing = alert firing: { $text }
play-alert-normal = alert back to normal: { $text }
play-ticket = ticket from { $who }: { $text }
play-status-page = status page
play-field-impact = impact
play-field-action = action
play-field-next = next
play-paused-after-gap = The clock was held: this machine was away for a while. `@gm resume` lets it go on.
play-kept = The session is kept in { $folder }
score-line = { $word }: { $delta } to par ({ $points } of { $max } points, par { $par })
score-no-par = This scenario pins no par yet, so there is no score.
