# Facts in words, feedback of the checks, debrief and export. Blameless: facts, comparison, question, experiment.

## Facts

fact-observed = looked at { $target }
fact-observed-user = looked at { $target } the way a user does
fact-observed-graph = looked at { $target }: { $query } over { $minutes } min
fact-observed-output = looked at { $target } with “{ $line }”: { $text }
fact-observed-user-output = looked at { $target } the way a user does, with “{ $line }”: { $text }
fact-view-closed = closed { $target }
fact-page = page { $page } about { $service } ({ $source })
fact-page-to = page { $page } to { $to } about { $service } ({ $source })
fact-page-resolved = page { $page } resolved ({ $service })
fact-acked = page { $page } acknowledged ({ $service })
fact-declared = incident declared, SEV{ $severity }
fact-severity = severity set to SEV{ $severity }
fact-role = role { $role }: { $to }
fact-said = said: { $text }
fact-update-internal = note in the incident channel: { $text }
fact-update-status = status page: { $text }
fact-hypothesis = hypothesis: { $component }
fact-cause = cause stated: { $components } ({ $mechanisms })
fact-help = help asked for: { $topic }
fact-called = { $person } called ({ $topic })
fact-joined = { $person } joined
fact-resolved = incident closed
fact-followup = follow-up: { $text } (owner { $owner })
fact-acted = { $verb } { $target }
fact-refused = { $verb } { $target } was refused: { $why }
fact-job-started = started: { $what } ({ $seconds } s)
fact-job-done = finished: { $what }
fact-relief = first relief for users, from #{ $action }
fact-impact = { $n } of { $of } users affected
fact-durable-loss = { $what }: { $amount } lost for good
fact-alert-fired = alert { $alert } fires ({ $service })
fact-alert-resolved = alert { $alert } is back to normal ({ $service })
fact-state = { $component }: { $to }
fact-deployed = { $service } runs { $release } ({ $stage })
fact-ticket = ticket from { $who } about { $about }
fact-injected = surprise: { $text } (clock held { $seconds } s)
fact-speed = the clock runs { $n } times as fast
fact-nudged = nudge, rung { $rung }: { $text }
fact-handed-over = handed over to { $to }
fact-announced = announced: { $target }
fact-guard-target = target checked: { $target }
fact-guard-restore-point = way back known: { $target }
fact-guard-second-person = second person answered: { $target }
fact-worsened = more users affected after #{ $action }
fact-inject-closed = card closed: { $card }
fact-triaged = card triaged: { $card }
fact-learned-prediction = prediction: { $text }
fact-learned-revision = change of mind: { $text }
fact-learned-note = note: { $text }
fact-learned-reflection = reflection: { $text }
fact-confirmed = confirmed by the game master: { $of } ({ $reason })
fact-voided = taken out by the game master: { $of } ({ $reason })
fact-bookmarked = bookmark: { $text }
fact-unknown-tool = unknown command { $name }
fact-improvised = improvised answer to { $seat }, `{ $command }`: { $text }
fact-ended = session ended
fact-curve-base = impact of this session
fact-curve-hands-off = impact if nobody responds

## The whole run

score-word-well-ahead = Well ahead of the original
score-word-ahead = Ahead of the original
score-word-level = Level with the original
score-word-on-the-way = On the way
score-word-run-again = Good one to run again

## Dimensions and their words

dimension-detect = Detect
dimension-diagnose = Diagnose
dimension-mitigate = Mitigate
dimension-communicate = Communicate
dimension-coordinate = Coordinate
dimension-safety = Safety
dimension-impact = User impact
dimension-alignment = Order of steps
dimension-word-solid = Solid
dimension-word-good_with_notes = Good, with notes
dimension-word-taking_shape = Taking shape
dimension-word-not_exercised = Not exercised
dimension-word-not_seen = Not seen this time

## Checks

check-D1 = Recognised
check-D3 = Severity
check-G1 = Components
check-M1 = Relief that lasts
check-M2 = First relief
check-M3 = Verified
check-C1 = First internal note
check-C2 = First status update
check-O1 = Declared
check-H1 = User impact
check-A1 = Order of steps
check-D2 = Impact in words
check-G2 = Mechanism
check-G3 = Grounded
check-G4 = Time to the cause
check-G5 = Hypothesis tested
check-M4 = Closed
check-M5 = Follow-up
check-C3 = Rhythm of updates
check-C4 = Content of updates
check-C5 = Closing message
check-O2 = Roles
check-O3 = Help
check-O4 = Handover
check-O5 = Announced actions
check-S1 = Safeguards

score-D1-seen = First recognition of the affected service at +{ $x } min (#{ $ev }); original { $r ->
    [never] not seen
   *[other] +{ $r } min
}.
score-D1-unseen = No recognition of the affected service is in the log. Where would you look first to see who is affected?
score-D3-seen = Severity { $sev } was set (#{ $ev }); the simulation says { $truth }.
score-D3-unseen = No severity is in the log.
score-G1-seen = The last stated cause names { $n } of { $m } contributing components (#{ $ev }).
score-G1-unseen = No statement of contributing components is in the log.
score-M1-seen = User impact stayed below { $tau } from +{ $x } min (#{ $ev }); original { $r ->
    [never] not seen
   *[other] +{ $r } min
}.
score-M1-unseen = User impact was above { $tau } when the session ended.
score-suspended = An inject (#{ $ev }) took away what it needs for the whole of its window; it counts for nobody.
score-not-exercised = This scenario does not exercise it.
score-M1-alone = User impact fell below { $tau } by itself; no action that lowered it is in the log.
score-M2-seen = First relief for users at +{ $x } min (#{ $ev }), { $order ->
    [after] after
   *[before] before
} the cause was stated; original { $r ->
    [never] not seen
   *[other] +{ $r } min
}.
score-M2-unseen = No action that lowered user impact is in the log. Which way back was open, and from when on?
score-M3-seen = After the relief a user-facing signal was checked and the result was posted (#{ $chk }, #{ $post }).
score-M3-half = After the relief a user-facing signal was checked (#{ $chk }); no posted result is in the log.
score-M3-unseen = No user-facing check is in the log after the relief ({ $at }).
score-M3-open = There was no lasting relief to check in this run.
score-C1-seen = First note in the incident channel at +{ $x } min (#{ $ev }).
score-C1-unseen = The incident channel has no status note.
score-C2-seen = First status-page update at +{ $x } min (#{ $ev }), window { $w } min; original { $r ->
    [never] not seen
   *[other] +{ $r } min
}.
score-C2-unseen = No status-page update that gave impact and status, and fitted the state of that moment, is in the log.
score-O1-seen = Incident declared at +{ $x } min (#{ $ev }), window { $w } min.
score-O1-unseen = No declaration is in the log between { $from } and { $to }.
score-H1-seen = Users carried { $h } user-minutes of impact; original { $r }; doing nothing { $n }.
score-H1-unseen = Users carried { $h } user-minutes of impact; original { $r }; with no response { $n }. No step that changed it is in the log.
score-A1-seen = { $n } of { $m } steps lined up with the reference order; { $k } steps were not needed in this run.
score-A1-unseen = None of the { $m } steps of the reference is in the log.
score-D2-seen = Impact was put into words at +{ $x } min (#{ $ev }), window { $w } min.
score-D2-unseen = A statement of who is affected is not in the log. A one-line impact note helps everyone who joins later.
score-G2-seen = The last stated cause names { $n } of { $m } mechanisms (#{ $ev }).
score-G2-unseen = No statement of a mechanism is in the log.
score-G3-seen = The cause statement (#{ $ev }) cites an observation (#{ $obs }).
score-G3-unseen = The cause statement (#{ $ev }) stands without a cited observation. Which panel or log line would support it?
score-G3-open = No cause statement is in the log, so there was nothing to ground.
score-G4-seen = A contributing component was first named at +{ $x } min (#{ $ev }); original { $r ->
    [never] not seen
   *[other] +{ $r } min
}.
score-G4-unseen = No short statement that names a contributing component is in the log.
score-G5-seen = A hypothesis was written down and then tested (#{ $h }, #{ $o }). That is strong practice.
score-G5-unseen = No hypothesis-then-test pair is in the log. Experiment: write the guess first, then the look.
score-M4-seen = Closed at #{ $ev }, after the relief.
score-M4-unseen = No closing step after the relief is in the log.
score-M5-seen = { $n ->
    [1] 1 follow-up item with an owner was recorded
   *[other] { $n } follow-up items with an owner were recorded
} (#{ $ev }).
score-M5-unseen = No follow-up item is in the log. What would make the next occurrence milder?
score-C3-seen = Longest silence while users were affected: { $gap } min; total beyond the agreed rhythm { $sil } min; original { $rsil } min.
score-C3-unseen = No external update is in the log while users were affected.
score-C4-seen = Key updates carry { $n } of 4 elements: impact, status, action, next update.
score-C4-unseen = Updates carry few of the four elements: impact, status, action, next update.
score-C5-seen = A closing message went out after the relief (#{ $ev }).
score-C5-unseen = No closing message after the relief is in the log.
score-O2-seen = Roles named: { $roles } (#{ $ev }).
score-O2-unseen = No role assignment is in the log. Naming one coordinator is a good first step, alone too.
score-O3-seen = Help was asked for at +{ $x } min (#{ $ev }). Asking is always welcome here.
score-O3-over = Users were fine again before help on { $topic } was needed, around +{ $x } min.
score-O3-unseen = Around +{ $x } min another pair of eyes was available ({ $topic }). What would make asking easier?
score-O4-seen = A handover note was written (#{ $ev }).
score-O4-over = It was over before the end of the shift ({ $shift } min).
score-O4-unseen = After { $shift } min: no handover or rest note is in the log.
score-O5-seen = { $n } of { $m } actions were announced in the channel before they ran.
score-O5-unseen = No action that changes something is in the log.
score-S1-seen = { $g } of { $m } guards were in place before the high-impact actions (#{ $ev }).
score-S1-none = No high-impact action is in the log.
score-S1-unseen = High-impact action #{ $ev } ran with { $g } of 3 guards: target confirmed, restore point known, second person. Which guard could the tool itself offer?

## Debrief

debrief-no-alert = no alert fires
debrief-turn-relief = First relief
debrief-turn-relief-body = After #{ $ev } users were better off from { $at } on.
debrief-turn-look = The look before it
debrief-turn-look-body = { $target } was on screen (#{ $ev }), { $lead } min before #{ $next }.
debrief-turn-first = The first step
debrief-turn-join-body = { $name } at { $x } (#{ $ev }); original { $r }; difference { $diff } min.
debrief-ask-options = Which options were on the table, and what spoke for each?
debrief-ask-notice = How did you notice that something had changed?
debrief-ask-helped = What helped to get there before the original?
debrief-ask-seeing = What were you seeing when { $ev } happened?
debrief-ask-expect = What were you expecting to happen after { $ev }?
debrief-ask-sensible = What made this the sensible next step at the time?
debrief-ask-signal = Which signal helped most, and which one cost you time?
debrief-ask-safe = What would make the safe way the natural way here?
debrief-turn-stated = The first statement of a cause
debrief-turn-declared = The incident was declared
debrief-turn-change = The first change to the system
debrief-turn-told = Users were told
debrief-turn-checked = A look from the user's side after the relief
debrief-turn-help = Help was asked for
debrief-turn-hurt = Users begin to be affected
debrief-turn-signal = A signal arrives
debrief-turn-worse = More users are affected
debrief-turn-loss = Data is lost for good
debrief-turn-peak = Most users affected at once
debrief-turn-half = Half of the peak
debrief-turn-world = The system changes
debrief-turn-back = Users are no longer affected
debrief-turn-said = Somebody speaks up
debrief-turn-ended = The session ends
debrief-ask-knew = At { $ev }, what did you know, and what was still a guess?
debrief-ask-tell = What did users need to hear at { $ev }?
debrief-ask-enough = What told you that it was over?
debrief-ask-help = What made { $ev } the moment to ask for help?
debrief-ask-shown = Which view shows this at the moment of { $ev }?
debrief-ask-signal-at = What does a signal like { $ev } tell, and what does it leave open?
debrief-ask-way-back = Which ways back were open at { $ev }?
debrief-ask-open = What was still open at { $ev }?
export-decisions = Decision points
export-col-decision = To be decided
export-none-known = not recorded
export-none-taken = none of the ways named
outcome-works = it brings relief
outcome-prevents = early, it prevents everything
outcome-debt = it brings relief and leaves work for later
outcome-no-effect = nothing comes of it
outcome-costs-time = it takes time only
outcome-worse = things get worse
outcome-catastrophic = it cannot be undone
signal-true = { $what } · true
signal-stale = { $what } · stale: it was so once
signal-decoy = { $what } · decoy: it leads elsewhere
signal-coincidence = { $what } · coincidence: so, but for another reason
export-published = published at { $at }
debrief-money = Money lost while users were affected: this session { $h }, original { $r }, no response { $n }.
debrief-money-assumed = Money lost while users were affected, at an assumed price: this session { $h }, original { $r }, no response { $n }.
debrief-budget = Error budget of { $service } ({ $objective } % over { $days } days): this session { $h }, original { $r }, no response { $n }.
debrief-budget-assumed = Error budget of { $service }, with an assumed objective of { $objective } % over { $days } days: this session { $h }, original { $r }, no response { $n }.
debrief-budget-usual = Error budget, if the objective were { $objective } % over { $days } days (the scenario states none): this session { $h }, original { $r }, no response { $n }.
export-grounds = On what grounds
export-grounds-note = What was on that person's screen before each step. How it turned out is told apart from that. Words only, never points.
export-contributed = contributed
export-not-seen-in-it = no part seen in it
export-chain = How it reached users: { $chain }
export-branches = Other branches of this session
export-branch = Branch { $n } leaves at { $at }: { $b } user-minutes up to { $to }, against { $h } here.
export-col-sure = How sure
export-col-scope = Affected services named by then

grounds-seen-better = #{ $ev } on { $target } followed what was on the screen ({ $seen }); users were better off after it (#{ $proof }).
grounds-seen-worse = #{ $ev } on { $target } followed what was on the screen ({ $seen }); users or data were worse off after it all the same (#{ $proof }). With what was known then it was a sound step.
grounds-seen-same = #{ $ev } on { $target } followed what was on the screen ({ $seen }).
grounds-other-better = #{ $ev } on { $target } was made on other grounds than the screen, and users were better off after it (#{ $proof }). What told you that it would work?
grounds-other-worse = #{ $ev } on { $target } came on other grounds than the screen; users or data were worse off after it (#{ $proof }). Which view helps at such a moment?
grounds-other-same = #{ $ev } on { $target } was made on other grounds than the screen.

debrief-ask-next = What is one thing you would like to try in the next run?

experiment-D1 = Next run: open one view of what users experience before anything else.
experiment-D3 = Next run: write down a severity in the first fifteen minutes, then adjust it as you learn.
experiment-G1 = Next run: write the suspected component down, then look for one fact that speaks against it.
experiment-M1 = Next run: ask which step brings users back soonest, before asking why.
experiment-M2 = Next run: list the ways back (rollback, restart, more room) in the first five minutes.
experiment-M3 = Next run: after a fix, do what a user does once and post what you saw.
experiment-C1 = Next run: one line in the incident channel within ten minutes: what is affected, what is next.
experiment-C2 = Next run: a first status-page update with impact and status, even while the cause is open.
experiment-O1 = Next run: declare at the first sign that users are affected; closing it again costs nothing.
experiment-D2 = Next run: write one line about who is affected before the second look.
experiment-G2 = Next run: name how it happened, not only where.
experiment-G3 = Next run: cite the look that a cause rests on.
experiment-G4 = Next run: write the first suspicion down when it comes up.
experiment-G5 = Next run: write the guess first, then look.
experiment-M4 = Next run: close the incident once a look as a user has confirmed it.
experiment-M5 = Next run: leave one follow-up with an owner.
experiment-C3 = Next run: promise the time of the next update, and keep it.
experiment-C4 = Next run: fill all four fields of an update once.
experiment-C5 = Next run: write the closing message before the fix ships.
experiment-O2 = Next run: name one coordinator at the declaration.
experiment-O3 = Next run: call somebody while you go on looking.
experiment-O4 = Next run: write a handover note at the end of the shift.
experiment-O5 = Next run: say the target in the channel before a change.
experiment-S1 = Next run: say the host name in the channel before a change with a large effect, and look at what it hits.
experiment-steady = Next run: swap seats, or play it with one surprise more.

## Export

export-opening = We are here to learn how the work looked from inside. Everyone did what made sense with what was visible. Numbers and event ids start the conversation and leave it open.
export-summary = Impact
export-impact = Users carried { $h } user-minutes of impact; the original { $r }; with no response { $n }.
export-lost = { $n } of them count for data that was lost for good.
export-peak = At the peak { $n } of { $of } users were affected.
export-timeline = Timeline
export-helped = What helped, and where it turned
export-conditions = Contributing factors
export-components = Components: { $components }; mechanisms: { $mechanisms }.
export-questions = Questions
export-follow-ups = Follow-ups
export-score = Numbers
export-total = { $word }: { $points } of { $max } points, original { $par }, difference { $delta }.
export-apart = Side paths, and what the original never did
export-side = a side path of the original
export-side-at = a side path of the original at { $at }
export-side-here = taken here at { $at }
export-side-not-here = not in the log of this session
export-never = no part of the original, as the source says
export-never-here = here at { $at }
export-never-not-here = nor of this session
export-signals = What graphs and log lines were worth
export-signal-seen = first on a screen at { $at }
export-signal-unseen = on no screen
export-sources = Sources
export-read-full = read in full
export-read-part = read in part
export-read-quoted = read as others quote it
export-read-digest = read as a digest
export-contradiction = Accounts differ on { $about }. Followed here: { $followed }. Also told: { $others }.
export-t0 = All times count from { $utc }: { $means }{ $source }.
export-t0-also = Counted from another moment, { $name }{ $source }, every time shifts by { $diff }.
export-assumed = Times of the original without a source row are derived or assumed.
export-col-utc = UTC
export-col-t = T+
export-col-original = Original
export-col-yours = This session
export-col-diff = Difference (min)
export-col-check = Check
export-col-points = Points (original)
export-col-formula = Formula
export-col-evidence = Evidence
export-col-words = In words

## Afterwords, after-action report, list of events

fact-reflected-reaction = after the session: { $text }
fact-reflected-surprise = surprising: { $text }
fact-reflected-plus = helped: { $text }
fact-reflected-delta = to change: { $text }
fact-reflected-luck = luck: { $text }
fact-reflected-action = action item: { $text } (owner { $owner })
fact-workload = workload, { $scale }: { $value } of 100
fact-witnessed = witness at { $row }: { $text }
reflect-reaction = In one sentence: what stays with you?
reflect-surprise = What surprised you?
reflect-plus = What helped, and is worth keeping?
reflect-delta = What would you like to change?
reflect-luck = Where did luck play a part?
reflect-action = Which action item follows, and who owns it? (--owner)
reflect-workload = How heavy did it feel? Asked, never scored.
workload-mental = Mental demand
workload-physical = Physical demand
workload-temporal = Time pressure
workload-performance = Own satisfaction (0 is high)
workload-effort = Effort
workload-frustration = Frustration
export-user-minutes = user-minutes
export-witness = witness
export-stated-cause = cause
export-stated-hypothesis = hypothesis
export-none-stated = No statement of cause is in the log.
export-as-stated = As the team stated them, in the order in which it did:
export-as-simulated = As the simulation holds them:
export-resolution = Resolution
export-no-step = No step that changed the system is in the log.
export-no-action = No action item is in the log yet. What would make the next occurrence milder?
export-luck = Where luck played a part
export-luck-itself = Impact came down without a step in the log that had lowered it.
export-luck-open = Nothing was noted here yet. What went well that nobody had planned?
export-triggers = Reasons for a postmortem
export-trigger-impact = Users saw downtime or degradation beyond the threshold
export-trigger-loss = Data was lost for good
export-trigger-intervention = On-call intervened: rollback, restart or rerouting
export-trigger-duration = Mitigation took more than an hour
export-trigger-monitoring = A person noticed before any alert
export-applies = applies
export-applies-not = does not apply
export-reflections = Reflections
export-workload = How heavy it felt, 0 to 100; asked, never scored.
export-no-thought = No reflection was written down.
export-support = Support level: { $n } of 5.
export-col-statement = Statement
export-col-components = Components
export-col-mechanisms = Mechanisms
export-col-action = Action item
export-col-owner = Owner
export-col-due = Due
export-col-trigger = Reason
export-col-applies = Applies
export-col-scale = Scale
export-col-who = Who
export-col-value = Value
export-col-capability = Capability
export-col-rating = Rating
export-col-observation = Observation
export-col-event = Event
aar-title = After-action report
aar-scope = From { $from } to { $to }; seats: { $seats }.
aar-ratings = Ratings: P performed without challenges, S with some challenges, M with major challenges, U not seen this time. They describe this run, never a person.
export-aar-overview = Exercise overview
export-aar-capabilities = Capabilities
export-aar-strengths = Strengths
export-aar-areas = Areas to work on
export-aar-plan = Improvement plan
export-aar-events = Events
aar-ahead = { $name }: { $x }; original { $r }.
aar-team = the team
msel-expect-page = acknowledge, find out who is affected
msel-expect-ticket = look at what the user sees
msel-expect-alert = look, decide whether to declare
msel-expect-message = answer, or decide that it can wait
