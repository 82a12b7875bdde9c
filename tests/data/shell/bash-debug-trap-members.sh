# The trap runs before each expression of the loop and each member of a pipeline.
trap 'echo "at $LINENO"' DEBUG
for ((i = 0; i < 2; i++)); do
  echo "body $i"
done
false | true | cat
echo one | cat
trap - DEBUG
echo end
