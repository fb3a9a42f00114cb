"""One module for each kind of file, all with the same shape: what the file holds in, `Content` out.

`text`, `markdown` and `page` read decoded text and run in the caller's process. `pdf`, `docx`, `epub` and `mail`
read files that strangers made with large parsers, so they run in a process apart (`process`, `worker`).
"""
