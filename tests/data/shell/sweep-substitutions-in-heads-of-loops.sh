# compare: stderr
for ((i = $(echo 1); i < $(echo 4); i += $(echo 1))); do echo $i; done
for ((i = 0, n = $(seq 3 | wc -l); i < n; i++)); do for ((j = i; j < `echo 2`; j++)); do echo "$i$j"; done; done
case x in a) ;; $(echo x)) echo 1 ;;& y) echo no ;; $(echo '[w-z]')) echo 2 ;& q) echo 3 ;;& $(echo z)) echo no ;; *) echo 4 ;; esac
case $(echo k) in "$(echo '?')") echo quoted ;; $(echo '?')) echo pattern ;; esac
select x in $(echo a b); do echo "$x $REPLY"; [ "$REPLY" = 2 ] && break; done <<< $'1\n9\n\n2'
select x in {a..l}; do echo $x; break; done <<< 11
COLUMNS=20
select x in aaaa bbbb cccc dddd; do echo $x; break; done <<< 4
