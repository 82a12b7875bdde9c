trap 'echo exit $?' EXIT; echo a; (trap 'echo sub' EXIT; echo in); f() { echo f; }; f; exit 3
