f() { echo "$FUNCNAME"; }; f
