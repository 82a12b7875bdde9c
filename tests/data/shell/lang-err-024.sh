exec nosuch_x; echo unreached
