printf 'hello\n' > a; printf '' > e; md5sum a e; sha1sum a; sha224sum a; sha256sum a e; sha384sum a; sha512sum a; cksum a e; cksum < a; sum a; sum -s a e; echo hello | md5sum; md5sum - < a; sha256sum --tag a; md5sum -b a; sha256sum nosuch; echo $?; cksum -a md5 a; cksum -a sha256 --untagged a; sum < a; sha1sum -z a | tr '\0' '|'; echo; md5sum *
# compare: stderr
