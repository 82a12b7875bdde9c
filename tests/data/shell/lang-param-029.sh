x=abcabc; echo ${x#*b} ${x##*b} ${x%b*} ${x%%b*} ${x#[ab]} ${x##[abc]} ${x%[!c]*} ${x#?} ${x%??}
