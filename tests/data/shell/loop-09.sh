case abc in a*) echo 1;; *) echo 2;; esac
