"""The model of this repository: how it is trained, judged, packaged and served.

``python -m <this package> <verb>`` is the only way in; ``__main__`` lists the verbs.
"""
