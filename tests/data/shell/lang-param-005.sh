x='hello world'; echo ${x^} ${x^^} ${x^^[lo]} ${x^[h]} ${x^[x]}; y='HELLO World'; echo ${y,} ${y,,} ${y,,[LO]} ${y~} ${y~~}
