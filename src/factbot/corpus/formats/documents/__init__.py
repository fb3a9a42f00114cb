"""PDF, DOCX, ODT, RTF, EPUB and e-mail: their readers, and the separate process in which these run."""
