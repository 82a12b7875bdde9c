x=aXbXc; echo ${x/X/-} ${x//X/-} ${x/#a/-} ${x/%c/-} ${x//X} ${x/X} ${x/#X/-} ${x/%X/-}
