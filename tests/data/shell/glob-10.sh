set -f; echo *
