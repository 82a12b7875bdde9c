x='a\tb\x41'; echo "${x@E}"; y=abc; echo "${y@U}" "${y@u}" "${y@L}"; Y=ABC; echo "${Y@L}"
