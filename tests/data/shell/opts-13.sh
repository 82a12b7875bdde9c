type -t echo; type -t if; command -v cd
