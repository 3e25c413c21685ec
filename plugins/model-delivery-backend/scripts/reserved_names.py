"""Prints the names that a project's Python package must not have, as JSON.

Renew them with the oldest Python that projects support, whose standard library is the largest:

    python3.11 plugins/model-delivery-backend/scripts/reserved_names.py \
        > plugins/model-delivery-backend/src/routes/reservedNames.json
"""

import json
import keyword
import re
import sys

# What projects import, and what lies beside their package.
PACKAGES = [
    "joblib",
    "mypy",
    "numpy",
    "pandas",
    "pip",
    "prometheus_client",
    "pytest",
    "ruff",
    "scipy",
    "setuptools",
    "site_packages",
    "sklearn",
    "skops",
    "tests",
    "threadpoolctl",
]

# Lower case, since a file system may not tell `cProfile` from `cprofile`.
names = {
    name.lower()
    for name in [*keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names, *PACKAGES]
}
# Other names do not fit the rule for project names in the first place.
print(json.dumps(sorted(filter(re.compile("[a-z][a-z0-9_]*").fullmatch, names)), indent=2))
