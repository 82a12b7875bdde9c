echo \\ \a "\a"
