exec 5>&1; exec > f; echo in f; exec 1>&5 5>&-; echo back; cat f; exec 2>err; echo problem >&2; nosuchcmd; exec 2>&1; cat err | sed 's/.*line/line/'
