touch a bb ccc dddd eeeee ffffff ggggggg hhhhhhhh iiiiiiiii jj k l m n o p q; ls -C; ls -x; ls -m; ls -C -w 40; ls -x -w 30; ls -m -w 20; ls -w 1 -C; COLUMNS=30 ls -C
