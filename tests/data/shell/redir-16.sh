> empty; [ -s empty ]; echo $?
