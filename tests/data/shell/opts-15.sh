pushd /tmp >/dev/null; pwd; popd >/dev/null
