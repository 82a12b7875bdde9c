echo "${b:-$(echo hi)}" "${b:-`echo ho`}" "${b:-${c:-deep}}" ${b:-a{1,2}}
