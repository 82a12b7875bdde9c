v=abc; echo "${v/b/"x y"}" ${v/b/'x y'} "${v/b/'x'}" "${v/"b"/y}"; echo "${v#"a"}" "${v%'c'}" ${v%"c"}
