"""How articles come into the corpus: from files, archives, tables, mailboxes, feeds and addresses."""
