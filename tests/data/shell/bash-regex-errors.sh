[[ a =~ [ ]] 2>/dev/null; echo $?
re='('; [[ a =~ $re ]]; echo $?
[[ "" =~ ^$ ]]; echo $?
[[ aXb =~ [[:upper:]] ]]; echo ${BASH_REMATCH[0]}
shopt -s nocasematch; [[ ABC =~ abc ]]; echo $?; [[ ABC == abc ]]; echo $?
