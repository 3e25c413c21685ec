"""``model.toml``, the environment, and the data files as they are read."""

from __future__ import annotations

import re
import unittest
from pathlib import Path

from ${{ values.package }} import (
    config,
    context,
    data_validation,
    dataset,
    errors,
    folds,
    schema,
)

from ..support import ROOT, arguments, copied_project, project_context, settings, temporary_folder


class ModelToml(unittest.TestCase):
    def test_a_mistake_names_key_value_and_remedy(self) -> None:
        good = (ROOT / "model.toml").read_text()

        def changed(line: str, replacement: str) -> str:
            return re.sub(rf"^{line}.*$", replacement, good, count=1, flags=re.MULTILINE)

        wrong = [
            (changed("folds = ", 'folds = "five"'), "folds is 'five'; it has to be a number"),
            (changed("folds = ", "fold = 5"), "unknown keys: fold"),
            (changed("contract = ", 'contract = "7"'), 'contract has to be "1"'),
            (changed(r"\[params\.", "[params.nobody]"), "belongs to no variant"),
            (good + "\n[extra]\n", "unknown tables: extra"),
            (changed("seeds = ", "seeds = []"), "at least one entry"),
            (good + "]", "isn't TOML"),
        ]
        for text, sentence in wrong:
            with self.subTest(sentence), temporary_folder() as folder:
                path = Path(folder) / "model.toml"
                path.write_text(text)
                with self.assertRaises(errors.UsageError) as raised:
                    config.load(path)
                self.assertIn(sentence, str(raised.exception))

    def test_a_feature_has_to_be_one_in_the_schema(self) -> None:
        target = settings().data.target
        with temporary_folder() as folder:
            root = copied_project(Path(folder))
            text = (root / "data" / "schema.json").read_text()
            (root / "data" / "schema.json").write_text(text.replace('"feature"', '"extra"'))
            surroundings = project_context(root)
            surroundings.root = root
            with self.assertRaises((errors.UsageError, errors.DataError)):
                data_validation.run(surroundings, arguments())
                self.fail(f"a model of {target} without features was accepted")


class Surroundings(unittest.TestCase):
    def test_github_and_gitlab_are_mapped(self) -> None:
        github = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_SHA": "a" * 40,
            "GITHUB_SERVER_URL": "https://git.example",
            "GITHUB_REPOSITORY": "team/model",
            "GITHUB_RUN_ID": "7",
            "GITHUB_RUN_ATTEMPT": "2",
        }
        found = context.Context(ROOT, github)
        self.assertEqual(found.source.commit, "a" * 40)
        self.assertEqual(found.run.url, "https://git.example/team/model/actions/runs/7")
        self.assertEqual((found.run.ci, found.run.attempt), ("github", 2))
        gitlab = {"GITLAB_CI": "true", "CI_COMMIT_SHA": "b" * 40, "CI_PIPELINE_ID": "9"}
        found = context.Context(ROOT, gitlab | {"RUN_ID": "ours"})
        self.assertEqual((found.source.commit, found.run.id), ("b" * 40, "ours"))

    def test_the_champion_is_a_file(self) -> None:
        for uri in ("/some/model.tar.gz", "file:///some/model.tar.gz"):
            found = context.Context(ROOT, {"CHAMPION_URI": uri}).champion
            self.assertEqual(found, Path("/some/model.tar.gz"))
        self.assertIsNone(context.Context(ROOT, {"CHAMPION_URI": ""}).champion)
        with self.assertRaises(errors.UsageError):
            _ = context.Context(ROOT, {"CHAMPION_URI": "https://example.com/m"}).champion


class Data(unittest.TestCase):
    def check(self, change: str) -> tuple[int, str]:
        """Run data-validate on a copy with one thing broken; return its code and its report."""
        with temporary_folder() as folder:
            root = copied_project(Path(folder))
            train, holdout = root / "data" / "train.csv", root / "data" / "holdout.csv"
            lines = train.read_text().splitlines()
            if change == "leak":
                held = holdout.read_text().splitlines()
                train.write_text("\n".join([*lines, *held[1:6]]) + "\n")
            elif change == "short":
                train.write_text("\n".join(lines[:20]) + "\n")
            elif change == "ragged":
                train.write_text("\n".join([*lines, lines[1] + ",1"]) + "\n")
            surroundings = project_context(root)
            surroundings.root = root
            code = data_validation.run(surroundings, arguments())
            return code, (root / "reports" / "data-validation.json").read_text()

    def test_the_data_of_this_repository_is_valid(self) -> None:
        self.assertEqual(self.check("nothing")[0], errors.PASS)

    def test_a_leaking_holdout_is_refused(self) -> None:
        code, report = self.check("leak")
        self.assertEqual(code, errors.DATA_INVALID)
        self.assertIn("5 rows of the holdout are in train too", report)

    def test_too_few_rows_and_broken_rows_are_refused(self) -> None:
        for change in ("short", "ragged"):
            with self.subTest(change):
                self.assertEqual(self.check(change)[0], errors.DATA_INVALID)

    def test_folds_use_every_row_once_and_do_not_depend_on_anything(self) -> None:
        surroundings = project_context(ROOT)
        known, data, target = dataset.load_train(surroundings)
        first = folds.assign(data.rows, known, target, 5)
        self.assertEqual(first, folds.assign(data.rows, known, target, 5))
        sizes = [first.count(fold) for fold in range(5)]
        self.assertEqual(sum(sizes), len(data.rows))
        self.assertGreater(min(sizes), len(data.rows) / 10)

    def test_missing_and_impossible_values(self) -> None:
        column = schema.Column(
            "x", "feature", "numeric", "INT64", (), None, None, None, None, None, 0.0, None
        )
        missing = frozenset({"", "NA"})
        self.assertIsNone(dataset.parse(" NA ", column, missing))
        self.assertEqual(dataset.parse("7", column, missing), 7.0)
        for text in ("seven", "nan", "inf", "7.5"):
            with self.subTest(text), self.assertRaises(ValueError):
                dataset.parse(text, column, missing)
