f() { echo "$# $*"; }; f ${x+"$x"}; x='a b'; f ${x+"$x"}; f ${x:+$x}; f "${x:+$x}"; f ${y-"a b" c}; f ${y-a "b c"}
