"""One adapter for each library that says whether a whole task is valid, all of the same form.

An adapter has a `LABEL`, a `VERSION`, and the function `conforms`, from a document to whether its
types, enums and lengths are those of the small task.  What the library can prepare it has prepared.
"""
