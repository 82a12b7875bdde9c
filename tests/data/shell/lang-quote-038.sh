echo ~ | sed "s,$HOME,H,"; echo "~" '~' \~ ~nosuchuser x~; echo ~/a | sed "s,$HOME,H,"; echo ~+ | grep -c /; cd /; echo ~-| grep -c /
