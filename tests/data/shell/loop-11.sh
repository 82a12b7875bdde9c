case foo in f*) echo 1;;& *o) echo 2;; esac
