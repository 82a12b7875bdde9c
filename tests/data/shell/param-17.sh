(: ${x:?gone}) 2>/dev/null; echo $?
