x=foobar; p=foo; echo ${x#$p} ${x#"$p"} ${x/$p/baz}; p='f*'; echo ${x#$p} ${x##$p} ${x#"$p"} ${x/"$p"/no}; r='$p'; echo ${x/foo/$r} "${x/foo/"$r"}"
