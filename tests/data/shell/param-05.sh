s="hello world"; echo ${s/o/0} ${s//o/0} ${s/#hello/X} ${s/%world/Y} ${s//o}
