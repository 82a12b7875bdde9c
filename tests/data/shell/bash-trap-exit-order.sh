trap 'echo one' EXIT
trap 'echo two; false' EXIT
(exit 3); echo $?
x=$(trap 'echo trapped' EXIT; echo body); echo "$x"
trap - EXIT
echo end
