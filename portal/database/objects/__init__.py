"""What the database holds beside tables: policies, grants, functions and triggers, as declared.

Policies, grants and the function that erases follow from the models; the other functions and the
triggers are declared here. ``portal migrate --draft`` writes a step from where they differ.
"""
