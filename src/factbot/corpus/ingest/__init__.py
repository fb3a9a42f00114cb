"""How articles come into the corpus: from files, archives, tables, feeds and addresses."""
