trap 'echo err $?' ERR; false; true; (exit 4); if false; then :; fi; false || true; ! true; f() { false; }; f; false | true; true | false; trap - ERR; false; trap -p; echo end
