a=(one two); echo ${a[@]/o/0} ${a[@]^}
