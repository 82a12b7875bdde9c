set -e
echo "$(false)" ok
x=$(false; echo hi); echo "x=$x"
local_test() { local y=$(false); echo "local ok"; }
local_test
y=$(exit 3)
echo never
