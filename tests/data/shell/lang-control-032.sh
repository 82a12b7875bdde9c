set -E; trap 'echo "err in ${FUNCNAME[0]:-main}"' ERR; f() { false; echo after; }; f; (false; echo sub); x=$(false); echo end
