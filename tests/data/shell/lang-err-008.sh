echo hi # comment; echo no
#comment
echo a#b; echo "#q" ; # c
: '
multi line comment
'; echo end \
; echo "line\
joined"
