### Why the session refuses a command.

refuse-gm-only = Only the game master can do that.
refuse-ended = The session is over.
refuse-paused = The clock is held. The game master lets it go on.
refuse-no-page = There is no page { $page }.
refuse-already-acked = Page { $page } is acknowledged already.
refuse-severity = A severity is sev1 (worst) to sev4.
refuse-role = `{ $role }` is not a role. Roles: ic, comms, scribe, ops.
refuse-not-here = { $who } is not in the channel.
refuse-empty-update = The update is empty. Fill a field or write a sentence.
refuse-no-component = Name at least one component.
refuse-no-component-named = There is no component `{ $name }` on the map. Nearest: { $near }.
refuse-no-fact = There is no fact { $id } on the timeline.
refuse-no-person = There is nobody called `{ $who }`. Nearest: { $near }.
refuse-no-card = There is no card `{ $card }` in the deck.
refuse-card-fired = The card `{ $card }` has been fired already.
refuse-fault = The world refuses it: { $why }.
refuse-rung = A nudge is 1 (silence) to 5 (answer).
refuse-no-rule = The script has no rule `{ $rule }`.
refuse-speed = A speed is 1 to { $max }.
refuse-terminal = Terminal { $terminal } is not yours.
refuse-too-long = That is longer than { $max } characters.
refuse-too-many = Too many inputs within one second.
refuse-no-last = Nothing about { $service } was on your screen yet.
refuse-no-open-page = There is no open page.
