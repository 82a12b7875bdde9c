case x in a|x) echo hit;& b) echo fall;; esac
