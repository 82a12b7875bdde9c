### live

# Top bar

clock-live = live
clock-paused = paused
clock-ended = ended
clock-speed = { $n }× speed
move-nothing = Nothing waits for you
move-over = The session is over
move-pages = Your move: { $n ->
    [one] 1 page is waiting
    *[other] { $n } pages are waiting
    }
move-pages-short = Your move: { $n ->
    [one] 1 page
    *[other] { $n } pages
    }
move-escalates = Rings the next person in { $in }
move-update = Your move: the update is due
top-severity = Severity
top-not-declared = Not declared
top-sev = SEV { $n }
top-for = for { $span }
top-commander = Incident commander
top-commander-short = Commander
top-none = None
top-since-update = Since last update
top-none-yet = none yet
top-promised = next in { $in }
update-past-promise = { $span } past promise
top-services = Services
top-here = Here now
top-here-short = Here
here-you = you: { $seat }

# Pager

pager-title = Pager and alerts
page-open = Page open · { $severity }
page-open-short = Page · { $severity }
page-ack = Acknowledge
page-ack-aria = Acknowledge page { $n }: { $text }
page-graph = Graph
page-graph-aria = Graph for page { $n }: { $text }
page-escalates = Then the next person in { $in }
alerts-title = Alerts
figure-ok = ok
figure-failing = failing
figure-items = { $n ->
    [one] 1 item
   *[other] { $n } items
}
rule-above = above { $limit }
rule-below = below { $limit }
rule-above-for = above { $limit } for { $hold }
rule-below-for = below { $limit } for { $hold }
alert-acked = acked
alert-pending = pending
alert-no-data = no data
alert-aria = Alert { $id }: { $text }, { $word }
changes-title = Changes
changes-note = recorded
change-title = Release { $release }
change-count = { $n ->
    [one] 1 change
    *[other] { $n } changes
    }
change-aria = Change { $release }, { $stage }
stage-production = production
stage-staging = staging
tickets-title = Tickets
tickets-note = { $n } in all
ticket-aria = Ticket { $id }: { $text }
jobs-title = Running now
job-running = Job { $n }, still running
people-title = Who can help
people-page = page
person-aria = Person { $name }: { $presence }
presence-here = here
presence-commander = here, commander
presence-joins = joins in about { $span }
presence-called = called, in about { $span }
presence-away = ticket only
fold-aria = Show { $title } in the column

# Centre

tab-graphs = Graphs
tab-map = Service map
tab-logs = Logs
tab-releases = Releases
tab-runbooks = Runbooks
tab-timeline = Timeline
graphs-window = Last 30 min
graphs-none = This system has no graphs.
graph-usual = usual { $value }
graph-last = last { $value }
graph-threshold = alert at { $value }
graph-aria = Graph { $title }: { $value }, { $word }, { $marks ->
    [one] 1 mark
    *[other] { $marks } marks
    }
legend-now = now
legend-usual = usual
legend-deploy = deploy
legend-page = page
legend-team = this team
map-users = Users
map-edge = Edge
map-services = Services
map-data = Data
map-none = Nothing on this map yet.
map-not-measured = not measured
map-node-aria = Map node { $name }: { $word }, { $figure }
map-traffic = traffic
map-errors = errors
map-looking = a seat is looking here
logs-all = All
logs-source-aria = Logs of { $source }
logs-search = Find in lines
logs-search-aria = Find in log lines
logs-none = No lines yet.
timeline-none = Nothing on the timeline yet.
runbook-none = This system has no runbooks.
runbook-choose = Choose a page on the left.
runbook-aria = Runbook { $title }

# Console

console-title = Console · { $host }
console-tab-aria = Terminal { $n } on { $host }
console-input-aria = Command line of terminal { $n } on { $host }
console-split = Put a terminal beside this one
console-join = Close the terminal on this side
console-note = Tab completes · Ctrl R searches history · man shows a page
console-keyboard = keyboard is here

# Channel and composer

status-page = Status page
channel-undeclared = No incident declared in this channel
channel-you = you
said-impact = Impact: { $text }
said-action = Action: { $text }
said-next = Next step: { $text }
said-again = Next update in { $n } min
composer-title = Post an update
composer-to-team = To: team channel
composer-to-status = To: status page
composer-to-aria = Change where the update goes
composer-impact = Impact
composer-impact-hint = Who notices, and what?
composer-impact-aria = Impact of the update
composer-status = Status
composer-status-aria = Status of the update
composer-status-choice = Status { $status }
composer-next = Next step
composer-next-hint = What will you do next, and who does it?
composer-next-hint-short = What next, and who?
composer-next-aria = Next step of the update
composer-again = Next update
composer-minutes = { $n } min
composer-again-aria = Next update in { $n } minutes
composer-post = Post
composer-post-aria = Post the update
composer-empty-both = Impact and next step are empty
composer-empty-impact = Impact is empty
composer-empty-next = Next step is empty
composer-full = Ready to post
update-investigating = Investigating
update-identified = Identified
update-mitigating = Mitigating
update-monitoring = Monitoring
update-resolved = Resolved

# Actions

act-acknowledge = Acknowledge the page
act-page-graph = Graph of the page
act-declare = Declare or change severity
act-command = Roles and command
act-update = Write an update
act-post = Post the update
act-page-person = Page someone
act-help = Ask for help on a topic
act-hypothesis = State a hypothesis
act-cause = State the cause
act-resolve = Close the incident
act-follow-up = Record a follow-up
act-channel = Go to the channel
act-console = Go to the console
act-terminal-1 = Terminal 1
act-terminal-2 = Terminal 2
act-split = Terminals side by side
act-jobs = List running jobs
act-keys = Show the keys
act-end = End the session
foot-acknowledge = acknowledge
foot-declare = declare
foot-command = take command
foot-update = write update
foot-console = console
foot-palette = all actions
foot-keys = keys
foot-aria = Footer: { $action }
foot-note = Practice session. Nothing here touches a real system.
palette-hint = What do you want to do?
palette-aria = Find an action
palette-none = No action has these letters.
palette-row-aria = Do: { $action }

# Dialogs

dialog-declare = Declare an incident
dialog-declare-note = The severity says who is told and how fast. It can change later.
dialog-declare-aria = Declare severity { $n }
severity-1 = Everyone is affected, or data is at risk
severity-2 = Many are affected, no good way around
severity-3 = Some are affected, or there is a way around
severity-4 = Hardly anyone notices
dialog-role = Roles
dialog-role-note = One person leads, others do. Say who.
dialog-role-aria = Role { $role } for { $name }
role-ic = Incident commander
role-comms = Communications
role-scribe = Scribe
role-ops = Operations
dialog-page = Page someone
dialog-page-text = What is it about?
dialog-page-aria = Choose { $name } to page
dialog-page-do = Page
dialog-help = Ask for help
dialog-help-note = Whoever knows the topic hears of it.
dialog-help-text = Topic
dialog-help-do = Ask for help
dialog-hypothesis = State a hypothesis
dialog-hypothesis-note = A component that may be behind it. It is a thought, not a verdict.
dialog-hypothesis-text = Another component
dialog-hypothesis-do = State it
dialog-cause = State the cause
dialog-cause-note = Name the components and what happened in them, and pick what shows it.
dialog-cause-do = State the cause
cause-components = Components
cause-mechanisms = What happened
cause-evidence = Evidence from the timeline
cause-evidence-aria = Evidence { $id }: { $text }
component-aria = Component { $name }
mechanism-aria = Mechanism { $name }
mechanism-bad_release = bad release
mechanism-config_change = configuration change
mechanism-overload = overload
mechanism-retry_storm = retry storm
mechanism-capacity = out of capacity
mechanism-disk_full = full disk
mechanism-data_loss = data loss
mechanism-replication = replication
mechanism-dependency = dependency
mechanism-expired = something expired
mechanism-wrong_host = wrong host
mechanism-bug = defect in code
dialog-resolve = Close the incident
dialog-resolve-note = Users are served again and stay so. Follow-ups can still be recorded.
dialog-resolve-do = Close it
dialog-follow-up = Record a follow-up
dialog-follow-up-text = What is to be done?
dialog-follow-up-owner = Owner
dialog-follow-up-do = Record it
dialog-end = End the session
dialog-end-note = The debrief follows. The session is kept.
dialog-end-do = End the session
dialog-keys = Keys
dialog-keys-note = Letters act when no field has the keyboard. Inside one, hold Alt.

# Game master

gm-title = Game master
gm-hidden = Trainees see none of this
gm-their-move = Their move
gm-pages = { $n ->
    [one] 1 page open
    *[other] { $n } pages open
    }
gm-no-pages = No page open
gm-affected = Users affected
gm-affected-of = of { $all }
gm-since-update = Since their last update
gm-milestones = Milestones
gm-milestones-of = { $met } of { $all }
gm-support = Support level
gm-seats = Seats
gm-tab-truth = Truth
gm-failed = Failed so far
gm-works = What works
gm-faults = Faults now
gm-fault-clear = Clear
gm-fault-clear-aria = Clear fault: { $text }
cond-always = always
cond-and = { $left } and { $right }
cond-or = { $left } or { $right }
cond-not = not ({ $what })
cond-from = from { $at }
cond-since = { $what }, since { $milestone }
cond-delay = { $by } after ({ $what })
cond-acknowledged = page acknowledged
cond-declared = incident declared
cond-team = the team
cond-said = somebody posts
cond-said-about = somebody posts about { $about }
cond-said-by = { $who } posts
cond-said-by-about = { $who } posts about { $about }
cond-cause = cause names { $component }
cond-seen = seen: { $target }
cond-seen-any = something seen
cond-acted = { $verb }
cond-acted-on = { $verb } { $target }
cond-running = { $service } runs { $release }
cond-paged = { $person } called
cond-joined = { $person } joined
cond-alert = alert { $alert } fired
cond-ticket = ticket about { $about }
cond-relief = first relief
cond-users-at-most = share of users affected at most { $share }
cond-users-above = share of users affected above { $share }
cond-resolved = incident closed
cond-followed-up = follow-up recorded
script-promote = { $service }: { $release } to production
script-stage = { $service }: { $release } to staging
script-clear = ends: { $fault }
gm-script = Script: what comes next
gm-script-none = Nothing ahead.
gm-hold = Hold
gm-release = Release
gm-held = held
gm-in = in { $in }
gm-hold-aria = Hold or release { $id }
gm-script-aria = Script row { $id }
gm-original = The original at this minute
gm-active = active { $span } ago
gm-idle = no entry yet
gm-on-screen = On screen
gm-evidence = Milestones and clues
gm-evidence-note = Milestones × first match
gm-column-milestone = Milestone
gm-column-met = First met
gm-not-yet = not yet
gm-unknown-title = Unknown commands
gm-answer = Answer
gm-answer-aria = Answer { $seat } for { $name }
gm-answer-text = Output to show
gm-deck = Inject deck
gm-adhoc = Ad hoc
gm-people = People
gm-find = Find a card
gm-card-aria = Card { $title }
gm-fired = fired { $at }
gm-allowance = clock held { $span }
gm-fire = Fire now
gm-fire-aria = Fire the chosen card
gm-fault-kind-aria = Fault kind { $kind }
gm-fault-target-aria = Fault target { $name }
gm-fault-amount = Amount
gm-fault-do = Begin fault
gm-kind-errors = errors
gm-kind-slow = slow
gm-kind-crash = crash
gm-kind-surge = surge
gm-kind-fill = fill
gm-speak-text = What they say
gm-speak-aria = Speak as { $name }
gm-speak-do = Speak as
gm-nudges = Nudge ladder
gm-nudges-note = smallest first · recorded, never fined
gm-rung-0 = Silence
gm-rung-1 = Question
gm-rung-2 = Pointer
gm-rung-3 = Manual
gm-rung-4 = Hint
gm-rung-5 = Answer
gm-rung-aria = Nudge rung { $n }
gm-nudge-due = Suggested next
gm-nudge-from = Next, from { $at }
gm-nudge-none = No nudge is prepared.
gm-ask = Ask now
gm-time = Time · running at { $n }×
gm-time-paused = Time · paused
gm-pause = Pause
gm-resume = Resume
gm-slower = Slower
gm-faster = Faster
gm-speed = Speed { $n }×
gm-skip = Skip
gm-skip-aria = Skip to the next event
gm-rewind = Rewind
gm-rewind-to = To { $at }
gm-rewind-aria = Rewind, opens a branch
gm-rewind-choose = Choose the moment to rewind to
gm-branch = branch { $n }
gm-bookmark = Bookmark
gm-bookmark-text = Bookmark at { $at }
gm-stop = Stop
gm-stop-aria = Stop the session
gm-lane-script = Script
gm-lane-world = World
gm-lane-team = This team
gm-lane-original = Original
gm-they-were-here = they were here

# Titles of panels that every component has.
panel-requests = Requests by status
panel-requests-endpoint = Requests by endpoint
panel-errors = Errors
panel-latency-p50 = Latency, median
panel-latency-p99 = Latency, 99th percentile
panel-in-flight = Requests in flight
panel-queued = Requests waiting
panel-saturation = Saturation
panel-replicas = Replicas ready
panel-calls = Calls by outcome
panel-retries = Retries
panel-breakers = Open breakers
panel-cpu = Processor
panel-load = Load, 1 minute
panel-memory = Memory
panel-disk = Disk in use
panel-disk-free = Disk free
panel-queue-depth = Items waiting
panel-queue-arrived = Items that arrived
panel-queue-processed = Items processed
panel-queue-failed = Items that failed
panel-probe-success = Check
panel-probe-duration = Check, duration
