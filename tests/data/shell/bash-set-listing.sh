unset -f $(compgen -A function) 2> /dev/null
word=one; text='two words'; empty=; list=(1 '2 3' "4'5"); declare -A keys=([a]=b [k y]='v w')
declare -i num=5
set | grep -E '^(word|text|empty|list|keys|num)='
declare | grep -E '^(word|text|empty|list|keys|num)='
show() {
  local mine=inner
  local second
  local | grep -E 'mine|second'
  declare | grep -E '^(mine|second|word)'
  { declare -p mine; declare -pg word; } | cat
}
show
greet() { echo hello; }
set | grep -A3 '^greet'
declare | grep -c '^greet'
set -o posix
set | grep -c '^greet'
