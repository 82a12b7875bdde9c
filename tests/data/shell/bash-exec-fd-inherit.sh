exec 7> log; bash -c 'echo child >&7'; exec 7>&-; cat log
exec 8< <(echo piped; echo two); read -u 8 l; echo $l; cat <&8; exec 8<&-
