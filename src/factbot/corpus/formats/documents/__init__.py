"""PDF, DOCX, EPUB and e-mail: their readers, and the process apart in which they run."""
