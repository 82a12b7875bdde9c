cleanup() { echo clean $1; }; trap 'cleanup now' EXIT; work() { local t=tmp; trap "echo rm $t" EXIT; }; work; trap -p EXIT; (trap -p EXIT); echo end
