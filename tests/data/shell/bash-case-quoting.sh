p='a*'; case abc in $p) echo glob;; esac
case abc in "$p") echo lit;; *) echo nolit;; esac
case 'a*' in "$p") echo lit;; esac
case "$(echo x)" in x) echo sub;; esac
case a in [!b]) echo notb;; esac
case x in (x) echo paren;; esac
case 5 in [0-9]) echo dig;; esac; case é in ?) echo one;; esac
