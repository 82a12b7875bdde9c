trap "echo err" ERR; false; true; echo end
