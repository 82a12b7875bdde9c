set -e
false | true
echo a
set -o pipefail
false | true || echo caught
(set +e; false; echo inner)
false | true
echo never
