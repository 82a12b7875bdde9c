if true; then cat <<E
x
E
fi
(cat <<E
sub
E
)
echo $(cat <<E
in subst
E
)
