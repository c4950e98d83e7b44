"""What was released, as it is read: a folder of files in a real browser, with its table builder;
and the way from a plan to it at the desk. All synthetic.
"""

from __future__ import annotations
