x='a b'; cat <<<$x; cat <<<"$x"; cat <<<'$x'; tr a-z A-Z <<<up; read -r a <<<"  lead"; echo "[$a]"; cat <<<"$(printf 'l1\nl2')" <<<last; wc -l <<<$'1\n2'; cat <<<{a,b}; cat <<<~ | grep -c /; cat <<<*
