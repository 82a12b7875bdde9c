x='hello world'
echo "${x/o/0}" "${x//o/0}" "${x/l*o/L}" "${x//[aeiou]}" "${x/#hello/bye}" "${x/%world/all}"
echo "${x//o/&}" "${x/w/\&}" "${x// /_}" "${x//\//x}" "${x/}" "${x//}"
y=a/b/c; echo ${y//\//:} ${y////-} ${y/\//\\}
s='&'; echo "${x/o/[$s]}" ; r='a&b'; echo "${x/o/$r}" "${x/o/"$r"}"
shopt -u patsub_replacement; echo "${x/o/[&]}"
