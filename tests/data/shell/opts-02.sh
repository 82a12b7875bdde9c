set -e; if false; then :; fi; false || true; echo here
