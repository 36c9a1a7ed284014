"""Installs a Python tool into an environment of its own: its pins must not hold Jade's packages back."""

import os
import sys
from pathlib import Path

from jade_common.tools.locate import ToolNotFoundError, find
from jade_common.tools.routes import Command, RouteError, Say
from jade_common.tools.specs import ToolSpec

CREATE_SECONDS = 120.0
INSTALL_SECONDS = 900.0  # Checkov: 99 packages, 194 MB; 9 s with a good network


class PythonEnvironmentRoute:
    """A virtual environment with the locked packages of `requirements`."""

    step = "pypi"

    def serves(self, spec: ToolSpec) -> bool:
        """Python programs."""
        return spec.requirements is not None

    def bring(self, spec: ToolSpec, into: Path, say: Say) -> None:
        """Creates the environment; it may be moved afterwards.

        Raises:
            RouteError: uv is missing or could not install.
        """
        try:
            uv = str(find("uv").path)
        except ToolNotFoundError as error:
            raise RouteError(str(error)) from error
        say(self.step, f"{spec.name}=={spec.version} with its locked packages, in an environment of its own")
        # The base interpreter: the environment of one clone must not be what all clones' Checkov hangs on.
        python = str(Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}"))
        environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        create = (uv, "venv", "--quiet", "--relocatable", "--python", python, "--allow-existing", str(into))
        Command(create, CREATE_SECONDS, environment).run(into)
        install = (
            uv,
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--python",
            str(into / "bin" / "python"),
        )
        Command((*install, "-r", str(spec.requirements)), INSTALL_SECONDS, environment).run(into)
