from __future__ import annotations

import io
import tarfile
import unittest
from pathlib import Path

from ${{ values.package }} import (
    bundle,
    errors,
    files,
)

from ..support import ROOT, settings, temporary_folder

PACKAGE = settings().model.package


class Bundle(unittest.TestCase):
    def setUp(self) -> None:
        self._temporary = temporary_folder()
        self.folder = Path(self._temporary.name)
        self.selected = self.folder / "selected"
        (self.selected / "model").mkdir(parents=True)
        (self.selected / "model" / "model.json").write_text("{}")
        manifest = bundle.make_manifest(
            ROOT, PACKAGE, self.selected / "model", {"model": settings().model.name}
        )
        (self.selected / "manifest.json").write_bytes(manifest)

    def tearDown(self) -> None:
        self._temporary.cleanup()

    def packed(self, epoch: int = 0) -> Path:
        path = self.folder / "model.tar.gz"
        path.write_bytes(bundle.pack(ROOT, self.selected, {"version": "1"}, epoch))
        return path

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        self.assertEqual(self.packed().read_bytes(), self.packed().read_bytes())
        self.assertNotEqual(self.packed(1).read_bytes(), self.packed(2).read_bytes())

    def test_it_unpacks_to_what_was_packed(self) -> None:
        model = bundle.unpack(self.packed(), self.folder / "out")
        self.assertEqual((model / "model.json").read_text(), "{}")
        self.assertEqual(
            bundle.artifact_digest(model.parent), bundle.artifact_digest(self.selected)
        )
        self.assertTrue((model.parent / "src" / PACKAGE / "server.py").exists())
        self.assertEqual(bundle.release_of(model), {"version": "1"})

    def test_changed_missing_and_unnamed_files_are_refused(self) -> None:
        model = bundle.unpack(self.packed(), self.folder / "out")
        bundle.verify(model)
        code = model.parent / "src" / PACKAGE / "features.py"
        original = code.read_bytes()
        code.write_bytes(original + b"\n")
        with self.assertRaisesRegex(errors.DataError, "features.py isn't what"):
            bundle.verify(model)
        code.unlink()
        with self.assertRaisesRegex(errors.DataError, "features.py is missing"):
            bundle.verify(model)
        code.write_bytes(original)
        (model / "extra.bin").write_bytes(b"")
        with self.assertRaisesRegex(errors.DataError, "doesn't name extra.bin"):
            bundle.verify(model)

    def test_names_that_leave_the_folder_are_refused(self) -> None:
        for name in ("../evil", "/evil", "model/../../evil"):
            with self.subTest(name):
                path = self.folder / "evil.tar.gz"
                with tarfile.open(path, "w:gz") as archive:
                    member = tarfile.TarInfo(name)
                    archive.addfile(member, io.BytesIO(b""))
                with self.assertRaises(errors.DataError):
                    bundle.unpack(path, self.folder / "out")
                self.assertFalse((self.folder / "evil").exists())

    def test_what_is_no_bundle_is_refused(self) -> None:
        path = self.folder / "not.tar.gz"
        path.write_bytes(b"not a bundle")
        with self.assertRaises(errors.DataError):
            bundle.unpack(path, self.folder / "out")


class Files(unittest.TestCase):
    def test_nan_is_not_json(self) -> None:
        with self.assertRaises(ValueError):
            files.canonical({"x": float("nan")})

    def test_a_failed_write_leaves_what_was_there(self) -> None:
        with temporary_folder() as name:
            folder = Path(name) / "made"
            with files.new_folder(folder) as made:
                (made / "a").write_text("1")
            with self.assertRaises(RuntimeError), files.new_folder(folder) as made:
                raise RuntimeError
            self.assertEqual([path.name for path in folder.iterdir()], ["a"])
            self.assertEqual([path.name for path in Path(name).iterdir()], ["made"])
