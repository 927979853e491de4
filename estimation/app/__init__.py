"""The page that needs no code: ``mse app [FOLDER]``, from a file to a report in a browser, on the user's machine.

The server (`serving`, `web`) answers one browser window behind its locks (`guard`) and never loads the package that
does the statistics; two worker processes (`warm`, `worker`, `jobs/`) have loaded it beforehand, one for what is read
while somebody looks, one for runs, which is killed to stop it.  What the page shows is the study file (`study_toml`),
which ``mse run`` turns into the same bytes; what else there is to remember stands in `desk`.

A page is added so:

1. A file in ``steps/`` (or in a folder beside it, such as ``tools/``) with functions ``async def name(desk, visit)``
   that answer with `estimation.app.pages.View` (a template and its values), `Go` or `Sent`, and a tuple ``PAGES`` of
   `estimation.app.pages.Page`: its address, its title, what it shows, what its buttons do (``changes``, by the value
   of the button; those in ``writes`` come with the checksum of the study file), and ``group="steps"`` or ``"tools"``.
   It is named in ``steps/__init__.py`` or ``tools/__init__.py``.  It imports nothing that loads numpy.
2. What needs the statistics is a job: a function ``job(given, body, tell)`` in ``jobs/``, named in
   `estimation.app.worker.JOBS`, that gives back what JSON has.  A page asks ``await desk.reader.ask("job", {...})``, or
   ``await desk.about_table("job")``, which gives the job ``path`` and ``study`` and remembers the answer until one of
   the two files changes.  An error of the package becomes words on the page by itself.  What takes long belongs to
   ``desk.runner``, which a run also uses.
3. A template in ``templates/`` extends ``page.html.jinja`` and sets ``title``.  Every sentence goes through
   ``say("...", {"name": value})`` (translated, and what is put in is isolated), ``plain("...")`` in an attribute,
   ``spoken(text, given)`` for a sentence that the package made, ``text | name`` for a name.  Forms have
   ``method="post"``, an ``action``, buttons ``name="do" value="..."``, and where they write the study a hidden
   ``checksum``; fields come from ``parts.html.jinja``, which ties help and errors to them.  No style and no script
   within the page: both are refused.
4. Its translations stand in ``estimation/text/catalogs/app/fa.toml`` and ``es.toml`` under ``[sentences]``, by the
   English sentence; what has none is shown in English.
"""
