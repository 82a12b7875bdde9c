set -e; (set +e; false; echo inner); f() { false; echo unreached; }; trap 'echo exit $?' EXIT; echo a | false | true; echo piped; set -o pipefail; true | false; echo never
