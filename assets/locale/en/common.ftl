### common

status-ok = normal
status-warning = warning
status-critical = critical
status-unknown = unknown

span-seconds = { $n }s
span-minutes = { $n }m
span-hours = { $n }h
span-hours-minutes = { $h }h { $m }m
span-days = { $n }d
ago = { $span }
ago-now = now

seat-primary = primary
seat-secondary = secondary
seat-commander = commander
seat-comms = comms
seat-scribe = scribe
seat-observer = observer
