echo() { builtin echo "shadow: $*"; }
echo hi; command echo hi; builtin echo hi; \echo hi
unset -f echo; echo back
cd() { builtin cd "$@" && pwd | sed 's,.*/,,' ; }; mkdir q; cd q; cd ..> /dev/null
