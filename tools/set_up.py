"""Make or mend the virtual environment: python3 tools/set_up.py run|dev

Written for any Python 3, so that a Python that is too old gets a sentence instead of a
SyntaxError. Safe to run twice at once: the second waits for the first. An install that was
stopped half-way is thrown away and begun again.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

NEEDED = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
UNFINISHED = os.path.join(VENV, ".unfinished")
PLACE = os.path.join(VENV, ".place")
# What development needs contains what running needs, so its stamp serves for both.
SERVED_BY = {"run": ("run", "dev"), "dev": ("dev",)}


class SetUpError(Exception):
    """What stands in the way, in one sentence."""


def lock_file(what):
    return os.path.join(ROOT, "requirements", what + ".txt")


def stamp(what):
    return os.path.join(VENV, ".installed-" + what)


def digest(what):
    """Of all that decides what is installed: the lock and the package's own metadata."""
    made_of = hashlib.sha256()
    for path in (lock_file(what), os.path.join(ROOT, "pyproject.toml")):
        with open(path, "rb") as file:
            made_of.update(file.read())
    return made_of.hexdigest()


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def can_be_kept():
    """False for an environment that is half-made, was moved here (its commands name the old
    place), or whose Python has been removed since."""
    if os.path.exists(UNFINISHED) or read(PLACE) != VENV:
        return False
    try:
        return subprocess.call([PYTHON, "-c", ""]) == 0
    except OSError:
        return False


def is_installed(what):
    return any(read(stamp(one)) == digest(one) for one in SERVED_BY[what])


def step(words, command):
    print("set-up: " + words, flush=True)
    if subprocess.call(command, cwd=ROOT, stdin=subprocess.DEVNULL) != 0:
        raise SetUpError("%s failed; the reason is in the lines above." % words)


def make_environment():
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401  (Debian and Ubuntu ship it as a package of its own)
        import venv  # noqa: F401
    except ImportError:
        raise SetUpError(
            "%s has no venv module; install it (Debian and Ubuntu: python3-venv)." % sys.executable
        )
    step(
        "making .venv with Python %d.%d" % sys.version_info[:2],
        [sys.executable, "-m", "venv", VENV],
    )
    with open(PLACE, "w") as file:
        file.write(VENV)


def install(what):
    for one in SERVED_BY["run"]:
        if os.path.exists(stamp(one)):
            os.unlink(stamp(one))
    with open(UNFINISHED, "w"):
        pass
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    step(
        "installing what requirements/%s.txt locks (a minute or two, once)" % what,
        pip + ["--require-hashes", "-r", lock_file(what)],
    )
    step("installing ringback itself", pip + ["--no-deps", "--no-build-isolation", "-e", ROOT])
    with open(stamp(what), "w") as file:
        file.write(digest(what))
    os.unlink(UNFINISHED)


def set_up(what):
    with open(os.path.join(ROOT, ".venv.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        keep = can_be_kept()
        if keep and is_installed(what):
            return
        # Growing from "run" to "dev" must not take from under the feet what is in use.
        wanted = "dev" if keep and os.path.exists(stamp("dev")) else what
        if not keep:
            make_environment()
        install(wanted)


def main():
    if sys.version_info < NEEDED:
        raise SetUpError(
            "Ringback needs Python %d.%d or newer, but %s is %d.%d; name another with PYTHON=..."
            % (NEEDED + (sys.executable,) + sys.version_info[:2])
        )
    if len(sys.argv) != 2 or sys.argv[1] not in SERVED_BY:
        raise SetUpError("usage: python3 tools/set_up.py run|dev")
    set_up(sys.argv[1])


if __name__ == "__main__":
    try:
        main()
    except SetUpError as error:
        sys.exit("set-up: %s" % error)
    except KeyboardInterrupt:
        sys.exit(130)
